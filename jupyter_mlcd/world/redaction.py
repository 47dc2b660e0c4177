"""Secrets taken out of outputs before anything is written.

Each known value is found as it is and in the ways in which programs print it: quoted for URLs, for
JSON, for HTML, as Python's repr, in base64 also inside of a longer text. What a notebook does to a
value beyond that, such as printing it backwards, nobody can find.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHORTEST = 4
"""Letters; a shorter value would be found in everything."""
_SHORTEST_ENCODED = 8
_SHORTEST_LINE = 16


class Redactor:
    """Replaces the values of secrets by ``[secret NAME]`` and counts the outputs that had them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        """Take ``{name: value}``."""
        self.too_short = sorted(name for name, value in values.items() if len(value) < SHORTEST)
        self.counts: Counter[str] = Counter()
        self._names: dict[str, str] = {}
        for name, value in values.items():
            for form in _forms(value) if len(value) >= SHORTEST else ():
                self._names.setdefault(form, name)
        longest_first = sorted(self._names, key=len, reverse=True)
        marks = [f"[secret {name}]" for name in values]  # first, so that none is redacted again
        self._pattern = re.compile("|".join(map(re.escape, [*marks, *longest_first])) or r"(?!)")

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was done, in words."""
        found = (
            f"the value of `{name}` was taken out of {count} output{'s' if count > 1 else ''}"
            for name, count in sorted(self.counts.items())
        )
        short = (
            f"the value of `{name}` is too short to be found in outputs" for name in self.too_short
        )
        return (*found, *short)

    def redact_text(self, text: str) -> str:
        """Return a text without the values; it is not counted."""
        return self._pattern.sub(self._mark, text)

    def _mark(self, found: re.Match[str]) -> str:
        name = self._names.get(found[0])
        return f"[secret {name}]" if name else found[0]

    def redact_output(self, output: dict[str, Any]) -> bool:
        """Take the values out of one output of a cell; return whether there was one."""
        found: set[str] = set()
        for key in ("text", "data", "metadata", "ename", "evalue", "traceback"):
            if key in output:
                output[key] = self._redacted(output[key], found)
        self.counts.update(found)
        return bool(found)

    def redact_notebook(self, notebook: Any) -> bool:  # noqa: ANN401 - parsed JSON or nodes
        """Take the values out of all outputs, and out of the state of the notebook's widgets."""
        outputs = [one for cell in notebook["cells"] for one in cell.get("outputs", ())]
        had = [self.redact_output(one) for one in outputs]
        metadata = notebook["metadata"]
        if "widgets" in metadata:
            found: set[str] = set()
            metadata["widgets"] = self._redacted(metadata["widgets"], found)
            self.counts.update(found)
            had.append(bool(found))
        return any(had)

    def _redacted(self, value: Any, found: set[str]) -> Any:  # noqa: ANN401 - any JSON
        match value:
            case str():
                there = (one[0] for one in self._pattern.finditer(value))
                found.update(self._names[one] for one in there if one in self._names)
                return self.redact_text(value)
            case [str(), *_] if all(isinstance(one, str) for one in value):
                return self._redacted_lines(value, found)
            case list():
                return [self._redacted(one, found) for one in value]
            case dict():
                pairs = {
                    self._redacted(key, found): self._redacted(one, found)
                    for key, one in value.items()
                }
                return type(value)(pairs)
        return value

    def _redacted_lines(self, lines: list[str], found: set[str]) -> list[str]:
        """Return a list of texts, as files keep a long text; a value may go over several."""
        alone = [self._redacted(line, found) for line in lines]
        whole = "".join(alone)
        together = self._redacted(whole, found)
        return alone if together == whole else together.splitlines(keepends=True)


def _forms(value: str) -> Iterator[str]:
    """Yield the ways in which a value may be printed."""
    plain = [value, *(line for line in value.splitlines() if len(line) >= _SHORTEST_LINE)]
    for text in plain:
        yield text
        yield from _quoted(text)
    data = value.encode(errors="surrogateescape")
    yield from (data.hex(), data.hex().upper())
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield from _encoded(data, encode)


def _quoted(text: str) -> Iterator[str]:
    for quoted in (quote(text, errors="replace"), quote(text, safe="", errors="replace")):
        yield quoted
        yield re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), quoted)
    yield quote_plus(text, errors="replace")
    yield json.dumps(text)[1:-1]
    yield json.dumps(json.dumps(text))[3:-3]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield repr(text)[1:-1]
    yield repr(text.encode(errors="replace"))[2:-1]
    yield html.escape(text)
    yield html.escape(text, quote=False)


def _encoded(data: bytes, encode: Any) -> Iterator[str]:  # noqa: ANN401 - one of base64's
    """Yield the letters of base64 that come from the value alone, wherever in a text it stands."""
    whole = encode(data).decode()
    yield whole
    if len(whole.rstrip("=")) >= _SHORTEST_ENCODED:
        yield whole.rstrip("=")
    for before in range(3):
        text = encode(b"\0" * before + data).decode()
        first = (before * 8 + 5) // 6
        last = (before + len(data)) * 8 // 6
        if last - first >= _SHORTEST_ENCODED:
            yield text[first:last]
