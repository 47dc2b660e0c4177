"""What Schemathesis does not know: names that are there, so that requests get further than 404."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import schemathesis
from schemathesis.core.parameters import ParameterLocation

if TYPE_CHECKING:
    from schemathesis import Case, HookContext, Response

_KNOWN: dict[str, Any] = json.loads(Path(os.environ["MLCD_FUZZ_NAMES"]).read_text())
_ANSWERS = Path(os.environ["MLCD_FUZZ_ANSWERS"])
_SEEN: set[str] = set()
_FEW = 40
"""One of so many requests to start a run starts one: each takes a second of this machine."""


def _is_right(case: Case[Any], location: ParameterLocation) -> bool:
    """Whether this part of the request is as the document says: a wrong one stays as it is."""
    part = case.meta.components.get(location) if case.meta else None
    return part is not None and part.mode.is_positive


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Put names that are there into most requests; which ones, the request itself decides."""
    del context, kwargs
    choice = zlib.crc32(repr((case.path_parameters, case.body)).encode("utf-8", "replace"))
    verb = case.operation.definition.raw["operationId"]
    parts = case.meta.components if case.meta else ()
    is_right = all(_is_right(case, location) for location in parts)
    is_first = is_right and case.method.upper() == case.operation.method.upper()
    is_first = is_first and verb not in _SEEN
    if is_first:  # At least once each route is asked for what is there.
        _SEEN.add(verb)
    if is_first and case.operation.query:
        case.query = dict(_KNOWN["query"].get(verb, {}))
    if is_first or (_is_right(case, ParameterLocation.PATH) and choice % 8):
        _name_what_is_there(case, 0 if is_first else choice)
    often = _FEW if verb == "run" else 3
    if is_first or (_is_right(case, ParameterLocation.BODY) and choice % often == 0):
        _say_something(case, verb)


def _name_what_is_there(case: Case[Any], choice: int) -> None:
    for name in case.path_parameters or {}:
        if name == "project":
            known = _KNOWN["projects"][choice // 8 % len(_KNOWN["projects"])]
        elif name == "run" and choice % 3:
            known = _KNOWN["kept"]
        elif name in {"case", "cell", "output", "form"} and choice % 2:
            continue
        else:
            known = _KNOWN["names"][name]
        case.path_parameters[name] = known


def _say_something(case: Case[Any], verb: str) -> None:
    if case.operation.body:
        case.body = json.loads(_KNOWN["bodies"].get(verb, "{}"))


@schemathesis.hook
def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
    """Count the answer."""
    del context
    with _ANSWERS.open("a") as file:
        is_other = case.method.upper() != case.operation.method.upper()
        verb = case.method if is_other else case.operation.definition.raw["operationId"]
        file.write(f"{verb}\t{response.status_code}\n")
