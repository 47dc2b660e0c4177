"""Make tables of people that nobody is, print them as notebooks do, and count which are found.

    python -m tests.faults.personal_tables [SEED]

Each kind of column in each form, beside columns that mean nothing; then tables of the usual
examples and the notebooks of other projects (about 700), none of which is about people.
"""

from __future__ import annotations

import csv
import io
import json
import random
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd  # type: ignore[import-untyped]

from jupyter_mlcd.bundle.first_names import FIRST_NAMES
from jupyter_mlcd.bundle.personal_columns import is_card, is_iban, is_tax_id
from jupyter_mlcd.bundle.personal_tables import PersonalTables
from tests.faults.elsewhere import print_alarms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jupyter_mlcd.model.personal import PersonalFinding

    Rows = list[dict[str, Any]]
    Output = dict[str, Any]

_FIRST = sorted(FIRST_NAMES)
_LAST = ("Abel", "Brandt", "Castro", "Dietz", "Eaton", "Farkas", "Graf", "Hill", "Iverson", "Moss")
_STREETS = ("Lindenstraße", "Am Markt", "Oak Avenue", "High Street", "Rue de Lyon")


def _digits(luck: random.Random, many: int) -> str:
    return "".join(luck.choices("0123456789", k=many))


def _until(makes: Callable[[], str], fits: Callable[[str], bool]) -> str:
    return next(one for one in iter(makes, None) if fits(one))


def _first(luck: random.Random) -> str:
    return luck.choice(_FIRST).title()


def _email(luck: random.Random) -> str:
    return f"{luck.choice(_FIRST)}.{luck.choice(_LAST).lower()}{luck.randint(1, 99)}@example.org"


def _phone(luck: random.Random) -> str:
    return f"+49 {luck.randint(30, 9999)} {luck.randint(100000, 9999999)}"


def _iban(luck: random.Random) -> str:
    account = _digits(luck, 18)
    return _until(lambda: f"DE{luck.randint(0, 99):02}{account}", is_iban)


def _card(luck: random.Random) -> str:
    return _until(lambda: f"4{_digits(luck, 15)}", is_card)


def _tax(luck: random.Random) -> str:
    return _until(lambda: f"{luck.randint(1, 9)}{_digits(luck, 10)}", is_tax_id)


def _born(luck: random.Random) -> str:
    return f"{luck.randint(1930, 2010)}-{luck.randint(1, 12):02}-{luck.randint(1, 28):02}"


def _born_german(luck: random.Random) -> str:
    return f"{luck.randint(1, 28):02}.{luck.randint(1, 12):02}.{luck.randint(1930, 2010)}"


KINDS: Mapping[str, tuple[str, Callable[[random.Random], str]]] = {
    "name": ("name", lambda luck: f"{_first(luck)} {luck.choice(_LAST)}"),
    "family name first": ("Name", lambda luck: f"{luck.choice(_LAST)}, Mr. {_first(luck)}"),
    "first name": ("first_name", _first),
    "Nachname": ("Nachname", lambda luck: luck.choice(_LAST)),
    "e-mail": ("email", _email),
    "e-mail without its header": ("contact", _email),
    "phone": ("phone", lambda luck: f"0{_digits(luck, 9)}"),
    "phone without its header": ("c7", _phone),
    "birth date": ("date_of_birth", _born),
    "Geburtsdatum": ("Geburtsdatum", _born_german),
    "address": ("address", lambda luck: f"{luck.choice(_STREETS)} {luck.randint(1, 99)}"),
    "IBAN": ("konto", _iban),
    "card": ("card_number", _card),
    "card without its header": ("paid_with", _card),
    "SSN": ("ssn", lambda luck: f"{luck.randint(100, 665)}-{luck.randint(10, 99)}-"
                                f"{luck.randint(1000, 9999)}"),
    "tax id": ("Steuer-ID", _tax),
    "patient": ("PatientID", lambda luck: f"P{_digits(luck, 6)}"),
}  # fmt: skip
"""``{kind: (header, what makes a value)}``; whoever looks like somebody was made just now."""


def _frame(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(rows)


def _shown(**data: Any) -> Output:
    kinds = {kind.replace("_", "/"): value for kind, value in data.items()}
    return {"output_type": "execute_result", "data": kinds, "metadata": {}}


def _printed(text: str) -> Output:
    return {"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}


def _boxed(rows: Rows, inner: str, *, polars: bool) -> str:
    names = list(rows[0])
    cells = [names, *([["---"] * len(names), ["str"] * len(names)] if polars else [])]
    cells += [[str(row[name]) for name in names] for row in rows]
    wide = [max(len(row[at]) for row in cells) for at in range(len(names))]
    lines = [f" {inner} ".join(f"{one:<{size}}" for one, size in zip(row, wide, strict=True))
             for row in cells]  # fmt: skip
    rule = "═" if polars else "-"
    lines.insert(3 if polars else 1, inner.join(rule * (size + 2) for size in wide))
    return "\n".join(f"{'│' if polars else '|'} {line} {'│' if polars else '|'}" for line in lines)


def _csv(rows: Rows, delimiter: str) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _left(rows: Rows) -> str:
    wide = {name: max(len(name), *(len(str(row[name])) for row in rows)) for name in rows[0]}
    lines = ["  ".join(f"{name:<{size}}" for name, size in wide.items())]
    lines += ["  ".join("-" * size for size in wide.values())]
    lines += ["  ".join(f"{row[name]!s:<{size}}" for name, size in wide.items()) for row in rows]
    return "\n".join(lines)


FORMS: Mapping[str, Callable[[Rows], Output]] = {
    "pandas HTML": lambda rows: _shown(text_html=_frame(rows).to_html(border=1)),
    "pandas text": lambda rows: _shown(text_plain=repr(_frame(rows))),
    "pandas printed": lambda rows: _printed(f"read in 3 s\n{_frame(rows).to_string()}\ndone\n"),
    "polars": lambda rows: _shown(text_plain=_boxed(rows, "┆", polars=True)),
    "Markdown": lambda rows: _shown(text_markdown=_boxed(rows, "|", polars=False)),
    "aligned to the left": lambda rows: _printed(_left(rows)),
    "CSV": lambda rows: _printed(_csv(rows, ",")),
    "CSV with semicolons": lambda rows: _printed(_csv(rows, ";")),
    "TSV": lambda rows: _printed(_csv(rows, "\t")),
    "records in a list": lambda rows: _shown(text_plain=repr(rows)),
    "a record a line": lambda rows: _printed("\n".join(map(repr, rows))),
    "records below each other": lambda rows: _printed(
        "\n\n".join("\n".join(f"{key}: {value}" for key, value in row.items()) for row in rows)
    ),
    "objects": lambda rows: _printed(
        "\n".join(f"Row({', '.join(f'{k}={v!r}' for k, v in row.items())})" for row in rows)
    ),
    "JSON printed": lambda rows: _printed(json.dumps(rows, indent=2)),
    "columns in a dictionary": lambda rows: _shown(text_plain=repr(_frame(rows).to_dict("list"))),
    "JSON output": lambda rows: _shown(application_json={"answer": rows}),
    "table with a schema": lambda rows: _shown(
        **{"application_vnd.dataresource+json": {"schema": {}, "data": rows}}
    ),
    "recorded table": lambda rows: _shown(
        **{"application_scrapbook.scrap.json+json": {
            "name": "worst",
            "data": {"columns": list(rows[0]), "data": [list(row.values()) for row in rows]},
        }}
    ),
}  # fmt: skip


def looked_at(output: Output) -> list[PersonalFinding]:
    """Return what is found in a notebook that has this output."""
    cell = {"cell_type": "code", "source": "show()", "outputs": [output], "metadata": {}}
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}).encode()
    return list(PersonalTables().personal({"notebooks/000-a.ipynb": text}, ()))


def plant(seed: int) -> tuple[int, list[str]]:
    """Return how many tables were made, and those that were not found."""
    luck = random.Random(seed)  # noqa: S311 - made-up people
    missed: list[str] = []
    for kind, (header, make) in KINDS.items():
        for form, show in FORMS.items():
            rows: Rows = [
                {"order": at, header: make(luck), "total": round(luck.uniform(1, 90), 2)}
                for at in range(luck.randint(5, 12))
            ]
            found = looked_at(show(rows))
            if not found or any(str(row[header]) in str(one) for row in rows for one in found):
                missed.append(f"{kind}, {form}")
    return len(KINDS) * len(FORMS), missed


HARMLESS: Mapping[str, Rows] = {
    "iris": [{"sepal length (cm)": 5.1 + at, "target": 0, "name": "setosa"} for at in range(9)],
    "wine": [{"alcohol": 14.2 + at, "proline": 1065.0, "target_names": "class_0"}
             for at in range(9)],
    "adult": [{"age": 39 + at, "workclass": "State-gov", "occupation": "Adm-clerical",
               "native-country": "United-States", "fnlwgt": 77516 + at} for at in range(9)],
    "houses": [{"latitude": 37.8 + at, "longitude": -122.2, "median_income": 8.3}
               for at in range(9)],
    "cars": [{"name": name, "mpg": 18.0}
             for name in ("chevrolet chevelle malibu", "buick skylark 320", "ford torino")],
    "countries": [{"name": name, "population": 1e6} for name in
                  ("Georgia", "Germany", "Ghana", "Greece", "Grenada", "Jordan", "Chad", "Peru")],
    "firms": [{"name": name, "symbol": name[:3].upper()} for name in
              ("Apple Inc", "Johnson Controls", "Ford Motor Company", "3M", "Adobe")],
    "packages": [{"name": name, "version": "1.0.1"} for name in ("numpy", "pandas", "scipy")],
    "scores": [{"name": name, "value": 0.9} for name in ("accuracy", "recall", "precision")],
    "addresses of machines": [{"ip_address": f"10.0.0.{at}", "address": f"0x7f{at}a0"}
                              for at in range(9)],
    "numbers": [{"id": 4_000_000_000_000_000 + at * 7919, "count": 86095742719 + at}
                for at in range(9)],
}  # fmt: skip
"""Tables of the usual examples, and some that are called alike."""


def alarms() -> list[str]:
    """Return which harmless tables are taken for personal ones, in any form."""
    return [
        f"{name}, {form}: {found[0]}"
        for name, rows in HARMLESS.items()
        for form, show in FORMS.items()
        if (found := looked_at(show(rows)))
    ]


def _warnings(file: Path) -> list[str]:
    """Return what is said of a notebook of another project."""
    found = PersonalTables().personal({file.name: file.read_bytes()}, ())
    return [str(one) for one in found]


def main() -> None:
    """Print the figures."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else int(time.time())
    made, missed = plant(seed)
    print(f"{made} tables of people (seed {seed}), {made - len(missed)} found")
    for words, count in Counter(missed).items():
        print(f"  missed {count}: {words}")
    wrong = alarms()
    print(f"{len(HARMLESS) * len(FORMS)} other tables: {len(wrong)} taken for such")
    for words in wrong:
        print(f"  {words}")
    print_alarms(_warnings, "warning")


if __name__ == "__main__":
    main()
