"""Plant secrets everywhere in notebooks and bundles, and count how many are found.

    python -m tests.faults.planted_secrets [SEED]

60 kinds x 12 places x 5 encodings, each in a file of its own, and the false alarms in the notebooks
of other projects (about 700, fetched once into a cache), where the index has them. Values are made
when the command runs; none is real.
"""

from __future__ import annotations

import base64
import html
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jupyter_mlcd.bundle.secret_rules import KnownSecret
from jupyter_mlcd.bundle.secrets import scan
from jupyter_mlcd.model.errors import RefusedError
from tests.bundle.secret_kinds import KNOWN, STRUCTURED
from tests.faults.elsewhere import print_alarms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

ENCODINGS: Mapping[str, Callable[[str], str]] = {
    "plain": str,
    "for a URL": lambda value: quote(value, safe=""),
    "in JSON": lambda value: json.dumps({"field": value}),
    "base64": lambda value: base64.b64encode(f"user:{value}".encode()).decode(),
    "hexadecimal": lambda value: value.encode().hex(),
}


def _notebook(*cells: dict[str, Any], **metadata: Any) -> bytes:
    return json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4}).encode()


def _code(source: str | list[str] = "", *outputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = {"cell_type": "code", "source": source, "outputs": list(outputs)}
    return {**found, "metadata": more, "execution_count": 1}


def _stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text.splitlines(keepends=True)}


def _shown(kind: str, value: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {kind: value}, "metadata": {}}


def _raised(text: str) -> dict[str, Any]:
    lines = ["\x1b[0;31mValueError\x1b[0m", f"\x1b[1;32m---> 3\x1b[0m connect({text!s})"]
    return {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": lines}


def _halves(text: str) -> list[dict[str, Any]]:
    middle = len(text) // 2
    return [_stream(f"it is {text[:middle]}"), _shown("text/plain", "1"), _stream(text[middle:])]


PLACES: Mapping[str, Callable[[str], tuple[str, bytes]]] = {
    "source": lambda text: ("a.ipynb", _notebook(_code(f"x = 1\nvalue = {text}"))),
    "text cell": lambda text: (
        "a.ipynb",
        _notebook({"cell_type": "markdown", "source": f"See {text} here", "metadata": {}}),
    ),
    "printed": lambda text: ("a.ipynb", _notebook(_code("", _stream(f"got {text}\nend\n")))),
    "stderr": lambda text: ("a.ipynb", _notebook(_code("", _stream(f"W: {text}\n", "stderr")))),
    "split stream": lambda text: ("a.ipynb", _notebook(_code("", *_halves(text)))),
    "result": lambda text: ("a.ipynb", _notebook(_code("", _shown("text/plain", f"'{text}'")))),
    "HTML": lambda text: (
        "a.ipynb",
        _notebook(_code("", _shown("text/html", f"<td>{html.escape(text)}</td>"))),
    ),
    "JSON output": lambda text: (
        "a.ipynb",
        _notebook(_code("", _shown("application/json", {"deep": [{"a": text}]}))),
    ),
    "traceback": lambda text: ("a.ipynb", _notebook(_code("", _raised(text)))),
    "cell metadata": lambda text: ("a.ipynb", _notebook(_code("", note={"a": text}))),
    "notebook metadata": lambda text: ("a.ipynb", _notebook(widgets={"state": {"k": text}})),
    "document": lambda text: ("metrics.json", json.dumps({"note": text}).encode()),
}


@dataclass
class Tally:
    """What was planted and found."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def plant(seed: int) -> Tally:
    """Plant every kind in every place in every encoding."""
    luck = random.Random(seed)  # noqa: S311 - of the shape of secrets, and none
    tally = Tally()
    for kind, make in {**STRUCTURED, **KNOWN}.items():
        group = "known values" if kind in KNOWN else "structured kinds"
        for place, put in PLACES.items():
            for encoding, encode in ENCODINGS.items():
                value = make(luck)
                known = [KnownSecret("a value", value)] if kind in KNOWN else []
                tally.planted[group] += 1
                if scan(*put(encode(value)), known):
                    tally.found[group] += 1
                else:
                    tally.missed.append(f"{kind}, {place}, {encoding}")
    return tally


def _alarms(file: Path) -> list[str]:
    """Return what is said of a notebook of another project."""
    try:
        return [str(one) for one in scan(file.name, file.read_bytes(), [])]
    except RefusedError as error:  # Not read through in time: nobody could keep it.
        return [error.message]


def main() -> None:
    """Print the figures."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else int(time.time())
    tally = plant(seed)
    print(f"{sum(tally.planted.values())} planted (seed {seed})")
    for group, count in tally.planted.items():
        share = tally.found[group] / count
        print(f"  {group}: {tally.found[group]} of {count} found, {share:.2%}")
    for words, count in Counter(", ".join(one.split(", ")[::2]) for one in tally.missed).items():
        print(f"  missed {count}: {words}")
    print_alarms(_alarms, "false alarm")


if __name__ == "__main__":
    main()
