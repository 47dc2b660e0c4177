"""Secrets taken out of what is kept: outputs, tracebacks, metadata and the other texts of a bundle.

Sources are left as they are: they are what was tested, and git has them already. Where a secret
cannot be cut out, because it goes over several outputs or is encoded twice, the whole text goes.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.bundle.secret_encodings import inside_replaced, unescaped
from jupyter_mlcd.bundle.secret_rules import RULES, KnownSecret, known_secrets
from jupyter_mlcd.bundle.secrets import fingerprint, scan
from jupyter_mlcd.model.kept import Redaction, mark_of
from jupyter_mlcd.model.secret import SecretFinding

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    Allows = Callable[[SecretFinding], bool]

_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.DOTALL,
)
_Place = tuple[int | None, int | None]


class RepositoryScanner:
    """Looks in what is about to be kept for all secrets that this computer is known to have."""

    def __init__(
        self, remote_urls: Iterable[str], environ: Mapping[str, str] | None = None
    ) -> None:
        self.known = known_secrets(os.environ if environ is None else environ, remote_urls)

    def scan(self, files: Mapping[str, bytes]) -> Iterator[SecretFinding]:
        """Yield what is found, naming file, cell and output; never the secret."""
        for name, content in files.items():
            yield from scan(name, content, self.known)

    def redact(
        self, files: Mapping[str, bytes], names: Collection[str], allows: Allows
    ) -> tuple[dict[str, bytes], list[Redaction]]:
        """Return the named files without secrets but in sources, and what was taken out."""
        return redacted(files, names, self.known, allows)


def redacted(
    files: Mapping[str, bytes],
    names: Collection[str],
    known: Sequence[KnownSecret],
    allows: Allows,
) -> tuple[dict[str, bytes], list[Redaction]]:
    """Return the named files without their secrets, and what was taken out of them.

    ``allows`` tells which findings may stay.
    """
    found: dict[str, bytes] = {}
    told: list[Redaction] = []
    for name in names:
        redactor = _Redactor(name, known, allows)
        content = redactor.file(files[name])
        if name.endswith(".ipynb"):
            left = [
                one
                for one in scan(name, content, known)
                if one.output is not None and not allows(one)
            ]
            content = _dropped(content, left) if left else content
            redactor.counts.update({(one.cell, one.output, one.rule): 1 for one in left})
        found[name] = content
        told += [Redaction(name, *place, count) for place, count in redactor.counts.items()]
    return found, told


class _Redactor:
    """Takes the secrets out of one file."""

    def __init__(self, name: str, known: Sequence[KnownSecret], allows: Allows) -> None:
        self._name = name
        self._allows = allows
        self._known = [(form, secret) for secret in known for form in secret.forms()]
        self._known.sort(key=lambda one: len(one[0]), reverse=True)
        self.counts: Counter[tuple[int | None, int | None, str]] = Counter()

    def file(self, content: bytes) -> bytes:
        """Return the file without its secrets; sources of notebooks are as they were."""
        if not self._name.endswith((".ipynb", ".json")):
            text = content.decode("utf-8", "surrogateescape")
            return self._text(text, (None, None)).encode("utf-8", "surrogateescape")
        document = json.loads(content)
        if not self._name.endswith(".ipynb"):
            return _encoded(self._any(document, (None, None)), 2)
        for index, cell in enumerate(document.get("cells", ())):
            about = {key: part for key, part in cell.items() if key not in {"source", "outputs"}}
            cell.update(self._any(about, (index, None)))
            for number, output in enumerate(cell.get("outputs", ())):
                cell["outputs"][number] = self._any(output, (index, number))
        rest = {key: part for key, part in document.items() if key != "cells"}
        return _encoded(document | self._any(rest, (None, None)), 1)

    def _any(self, value: Any, place: _Place) -> Any:  # noqa: ANN401 - any JSON
        match value:
            case str():
                return self._text(value, place)
            case [str(), *_] if all(isinstance(one, str) for one in value):
                whole = "".join(value)
                clean = self._text(whole, place)
                return value if clean == whole else clean.splitlines(keepends=True)
            case list():
                return [self._any(one, place) for one in value]
            case dict():
                return {key: self._named(key, one, place) for key, one in value.items()}
        return value

    def _named(self, key: str, value: Any, place: _Place) -> Any:  # noqa: ANN401 - any JSON
        """Return a value; one that only its name makes a secret goes as a whole."""
        if key.startswith("image/") and key != "image/svg+xml":
            return value  # No text, and the search passes it over too.
        clean = self._any(value, place)
        if isinstance(clean, str) and clean == value:
            rule = self._holds(f"{key}={value}", place)
            return self._marked(rule, place) if rule else value
        return clean

    def _text(self, text: str, place: _Place) -> str:
        for form, secret in self._known:
            rule = f"value of {secret.name}"
            if form in text and self._forbids(rule, secret.value, place):
                text = text.replace(form, self._marked(rule, place))
        text = self._by_rules(text, place)

        def inside(encoded: str) -> str:
            rule = self._holds(encoded, place)
            return self._marked(rule, place) if rule else ""

        text = inside_replaced(text, inside)
        plain = unescaped(text)
        return self._by_rules(plain, place) if self._holds(plain, place) else text

    def _by_rules(self, text: str, place: _Place) -> str:
        for rule in RULES:
            pieces: list[str] = []
            last = 0
            for match in rule.matches(text):
                if match.start() < last or not self._forbids(rule.name, match[0], place):
                    continue
                whole = _PRIVATE_KEY.match(text, match.start())
                pieces += [text[last : match.start()], self._marked(rule.name, place)]
                last = whole.end() if whole else match.end()
            text = "".join([*pieces, text[last:]])
        return text

    def _holds(self, text: str, place: _Place) -> str:
        """Return the kind of a secret that a text holds; empty where it holds none."""
        return next(
            (
                rule.name
                for rule in RULES
                for match in rule.matches(text)
                if self._forbids(rule.name, match[0], place)
            ),
            "",
        )

    def _forbids(self, rule: str, value: str, place: _Place) -> bool:
        return not self._allows(
            SecretFinding(self._name, *place, rule, "", fingerprint(rule, value))
        )

    def _marked(self, rule: str, place: _Place) -> str:
        self.counts[*place, rule] += 1
        return mark_of(rule)


def _dropped(content: bytes, findings: Collection[SecretFinding]) -> bytes:
    """Return a notebook in which outputs that still hold a secret say only that they did."""
    document = json.loads(content)
    for finding in findings:
        if finding.cell is None or finding.output is None:
            continue
        outputs = document["cells"][finding.cell]["outputs"]
        kind = outputs[finding.output].get("output_type")
        # What was split over the pieces of a stream stands in all of them.
        pieces = [one for one in outputs if kind == "stream" and one["output_type"] == kind]
        for output in pieces or [outputs[finding.output]]:
            _empty(output, mark_of(finding.rule))
    return _encoded(document, 1)


def _empty(output: dict[str, Any], mark: str) -> None:
    match output.get("output_type"):
        case "stream":
            output["text"] = f"{mark}\n"
        case "error":
            output.update(ename=mark, evalue=mark, traceback=[mark])
        case _:
            output["data"] = {"text/plain": mark}
            output["metadata"] = {}


def _encoded(document: object, indent: int) -> bytes:
    text = json.dumps(document, indent=indent, ensure_ascii=False, sort_keys=True)
    return f"{text}\n".encode("utf-8", "surrogatepass")
