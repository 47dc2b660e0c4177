"""Outputs as a Reference keeps them: what a comparison looks at, in a shape that diffs well."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LARGEST_VALUE = 1 << 20
"""Bytes of one value. A larger one stands as its sha256 and size: then only "equal" can be said."""

_UP_TO_RETURN = re.compile(r"^.*\r(?=[^\n])", re.MULTILINE)
_SCRAPS = "application/scrapbook.scrap."
"""How the media types of recorded scores start: rules judge them."""
_WIDGET = "application/vnd.jupyter.widget-view+json"
"""Has another id in every run."""


def kept_outputs(outputs: Iterable[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Return the outputs of an executed cell as a Reference keeps them.

    In nbformat's shape, without metadata, counts and tracebacks, text as lists of lines. As nbval
    compares them: all pieces of one stream are one, and what a carriage return wrote over is gone.
    Applying it twice changes nothing.
    """
    found: list[dict[str, Any]] = []
    streams: dict[str, str] = {}
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            name = str(output["name"])
            if name not in streams:
                found.append({"output_type": kind, "name": name})
            streams[name] = streams.get(name, "") + _joined(output["text"])
        elif kind == "error":
            found.append({name: output[name] for name in ("output_type", "ename", "evalue")})
        else:
            data = _kept_data(output.get("data", {}))
            if data:
                found.append({"output_type": kind, "data": data})
    for one in found:
        if one["output_type"] == "stream":
            one["text"] = _kept_text(_UP_TO_RETURN.sub("", streams[one["name"]]))
    return tuple(found)


def _kept_data(data: Mapping[str, Any]) -> dict[str, Any]:
    left_out = {kind for kind in data if kind.startswith(_SCRAPS)}
    if left_out:
        left_out.add("text/plain")  # It shows the score.
    return {
        kind: _kept_json(value) if _is_json(kind) else _kept_text(_joined(value))
        for kind, value in data.items()
        if kind not in left_out | {_WIDGET}
    }


def _kept_text(text: str) -> list[str] | str:
    if len(_bytes_of(text)) > LARGEST_VALUE:
        return digest_of_value(text)
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _kept_json(value: object) -> object:
    return digest_of_value(value) if len(_bytes_of(value)) > LARGEST_VALUE else value


def saved_outputs(
    kept: Iterable[Mapping[str, Any]], got: Iterable[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Return kept outputs in the shape in which a notebook in memory has them.

    A digest becomes the value among ``got`` that it stands for, where that is there.
    """
    large = {digest_of_value(value): value for value in _values(got)}
    return [_saved(output, large) for output in kept]


def _saved(output: Mapping[str, Any], large: Mapping[str, object]) -> dict[str, Any]:
    match output["output_type"]:
        case "stream":
            text = _joined(output["text"])
            return {**output, "text": large.get(text, text)}
        case "error":
            return {**output, "traceback": []}
        case kind:
            count = {"execution_count": 1} if kind == "execute_result" else {}
            data = {
                name: value if _is_json(name) else _joined(value)
                for name, value in output["data"].items()
            }
            found = {name: _resolved(value, large) for name, value in data.items()}
            return {**output, **count, "metadata": {}, "data": found}


def _resolved(value: object, large: Mapping[str, object]) -> object:
    return large.get(value, value) if isinstance(value, str) else value


def _values(outputs: Iterable[Mapping[str, Any]]) -> list[object]:
    """Return the values of outputs that are too large to be kept."""
    texts: dict[str, str] = {}
    found: list[object] = []
    for output in outputs:
        if output["output_type"] == "stream":
            name = str(output["name"])
            texts[name] = texts.get(name, "") + _joined(output["text"])
        for kind, value in output.get("data", {}).items():
            found.append(value if _is_json(kind) else _joined(value))
    found += [_UP_TO_RETURN.sub("", text) for text in texts.values()]
    return [value for value in found if len(_bytes_of(value)) > LARGEST_VALUE]


def digest_of_value(value: object) -> str:
    """Return what stands for a large value: ``sha256:..., 2345678 bytes``."""
    content = _bytes_of(value)
    return f"sha256:{hashlib.sha256(content).hexdigest()}, {len(content)} bytes"


def _bytes_of(value: object) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return text.encode("utf-8", "surrogatepass")


def _is_json(media_type: str) -> bool:
    """Whether nbformat keeps values of this media type as JSON, not as text."""
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )


def _joined(text: object) -> str:
    return "".join(map(str, text)) if isinstance(text, list | tuple) else str(text)
