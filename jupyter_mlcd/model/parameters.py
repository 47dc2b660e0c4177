"""Parameters: names and values that are safe to write into a notebook as literals."""

from __future__ import annotations

import datetime as dt
import keyword
import math
import re
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.model.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\Z")
_SECRET = re.compile(
    r"(?i)(?:password|passwd|passphrase|secret|api_?key|access_?key|private_?key|credential"
    r"|(?P<before>[a-z0-9]*?)_?tokens?\Z)"
)
# What language models call tokens: `max_tokens`, `pad_token`.
_NO_SECRET_TOKENS = frozenset(
    {"max", "min", "num", "n", "per", "total", "new", "pad", "eos", "bos", "unk", "sep", "cls",
     "mask", "special", "stop", "start", "end", "input", "output", "prompt"}
)  # fmt: skip
_MAXIMAL_TEXT = 64 * 1024
_MAXIMAL_DEPTH = 8
_SAFE_INTEGER = 2**53


def check_parameters(parameters: Mapping[str, Any]) -> None:
    """Raise ParameterError unless every name and value can be injected safely.

    Values are those of JSON with finite numbers: text, booleans, integers up to 2**53, floats,
    None, lists and tables of them, eight levels deep; and the dates and times of TOML.
    """
    for name, value in parameters.items():
        if not _NAME.match(name) or keyword.iskeyword(name) or name.startswith("__"):
            message = f"{name!r} is not a name for a parameter"
            raise ParameterError(message, hint="Use letters, digits and underscores.")
        if looks_secret(name):
            message = f"the parameter `{name}` looks like a secret"
            hint = (
                "Parameters are kept as evidence. Name it in `secrets` of the suite, such as "
                f'secrets = {{ {name.upper()} = "env:{name.upper()}" }}, and let the notebook read '
                "it from the environment."
            )
            raise ParameterError(message, code="secret-parameter", hint=hint)
        reason = _unsafe(value, 0)
        if reason:
            message = f"the value of the parameter `{name}` {reason}"
            raise ParameterError(
                message, hint="Parameters are text, numbers, dates, true or false, lists."
            )


def looks_secret(name: str) -> bool:
    """Whether a name is one that people give to passwords, keys and tokens."""
    found = _SECRET.search(name)
    return found is not None and (found["before"] or "").lower() not in _NO_SECRET_TOKENS


def _unsafe(value: object, depth: int) -> str:
    """Return why the value cannot be injected, as the end of a sentence, or nothing."""
    if depth > _MAXIMAL_DEPTH:
        return f"is nested more than {_MAXIMAL_DEPTH} levels deep"
    parts: list[object] = []
    reason = ""
    match value:
        case str():
            reason = _unsafe_text(value)
        case None | bool() | dt.date() | dt.time():
            pass
        case int() if abs(value) > _SAFE_INTEGER:
            reason = "is larger than 2**53"
        case float() if not math.isfinite(value):
            reason = "is not a finite number"
        case int() | float():
            pass
        case list() | tuple():
            parts = [*value]
        case dict():
            parts = [*value.keys(), *value.values()]
        case _:
            reason = f"is of the type {type(value).__name__}"
    return reason or next(filter(None, (_unsafe(part, depth + 1) for part in parts)), "")


def _unsafe_text(value: str) -> str:
    if len(value) > _MAXIMAL_TEXT:
        return f"is longer than {_MAXIMAL_TEXT // 1024} KiB"
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        return "has a character that cannot be stored"
    return ""
