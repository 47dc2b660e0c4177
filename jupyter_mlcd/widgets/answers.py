"""What a widget may ask of the workbench: some of the server's routes, by the same paths.

There is no route that delivers, commits or accepts: a kernel is not trusted with that, and what a
notebook's output asks for may not come from a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import msgspec

from jupyter_mlcd.model.errors import RefusedError, UsageError
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.model.status import ProjectReference

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.workbench import Workbench

HERE = "here"
"""Id of the one project that a widget knows."""
PROJECT = "projects/{project}"
RUN = PROJECT + "/runs/{run}"


class RunBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Run ``suite``, or the single ``notebook`` with ``parameters``."""

    suite: str = ""
    notebook: str = ""
    parameters: dict[str, Any] = {}
    failed_only: bool = False


@dataclass(frozen=True)
class Asked:
    """One question."""

    bench: Workbench
    parts: dict[str, str]
    """The named parts of the path."""
    body: Any


@dataclass(frozen=True)
class Answer:
    """A question that is answered."""

    verb: str
    """The workbench's method, and the verb of the server's route."""
    method: str
    path: str
    call: Callable[[Asked], Any]
    media: str = ""
    """Of an answer in bytes."""


def reference(bench: Workbench) -> ProjectReference:
    """Return how the project is called in this kernel's widgets."""
    return ProjectReference(HERE, bench.folder.name, bench.prefix.rstrip("/"))


def _run(asked: Asked) -> Any:
    try:
        body = msgspec.convert(asked.body, RunBody)
    except msgspec.ValidationError as error:
        raise UsageError(f"this cannot be run: {error}") from None
    notebooks = (body.notebook,) if body.notebook else ()
    return asked.bench.run(
        RunRequest(body.suite, notebooks, parameters=body.parameters, failed_only=body.failed_only)
    )


def _case(asked: Asked) -> int:
    case = asked.parts["case"]
    if not case.isdecimal():
        raise UsageError(f"{case!r} is not the number of a case")
    return int(case)


ANSWERS: tuple[Answer, ...] = (
    Answer("status", "GET", PROJECT, lambda a: a.bench.status(reference(a.bench))),
    Answer("run", "POST", PROJECT + "/runs", _run),
    Answer("show_run", "GET", RUN, lambda a: a.bench.show_run(a.parts["run"])),
    Answer("cancel", "POST", RUN + "/cancel", lambda a: a.bench.cancel(a.parts["run"])),
    Answer("keep", "POST", RUN + "/keep", lambda a: a.bench.keep(a.parts["run"])),
    Answer(
        "show_notebook",
        "GET",
        RUN + "/notebooks/{case}",
        lambda a: a.bench.show_notebook(a.parts["run"], _case(a)),
        "text/html",
    ),
    Answer(
        "show_picture",
        "GET",
        RUN + "/files/differences/{case}/{name}",
        lambda a: a.bench.show_picture(a.parts["run"], a.parts["case"], a.parts["name"]),
        "image/png",
    ),
    Answer("report", "GET", RUN + "/report", lambda a: a.bench.report(a.parts["run"]), "text/html"),
    Answer("evidence", "GET", PROJECT + "/evidence", lambda a: {"evidence": a.bench.evidence()}),
    Answer(
        "show_evidence",
        "GET",
        PROJECT + "/evidence/{run}",
        lambda a: a.bench.show_evidence(a.parts["run"]),
    ),
    Answer(
        "verify",
        "GET",
        PROJECT + "/evidence/{run}/verification",
        lambda a: a.bench.verify(a.parts["run"]),
    ),
    Answer(
        "preview",
        "GET",
        PROJECT + "/previews/{environment}",
        lambda a: a.bench.preview(a.parts["environment"]),
    ),
    Answer(
        "show_delivery",
        "GET",
        PROJECT + "/deliveries/{key}",
        lambda a: a.bench.show_delivery(a.parts["key"]),
    ),
    Answer(
        "deliveries",
        "GET",
        PROJECT + "/environments/{environment}/deliveries",
        lambda a: a.bench.deliveries(a.parts["environment"]),
    ),
)


@dataclass(frozen=True)
class Said:
    """What is sent back: a value, or bytes with their media type."""

    value: object
    content: bytes | None = None


def answer(bench: Workbench, path: str, body: object) -> Said:
    """Answer one question. Raises MlcdError, also for what is not answered here."""
    method = "GET" if body is None else "POST"
    for one in ANSWERS:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", one.path)
        found = re.fullmatch(pattern, path.partition("?")[0])
        if found is not None and one.method == method:
            parts = {name: unquote(part) for name, part in found.groupdict().items()}
            value = one.call(Asked(bench, parts, body))
            if isinstance(value, bytes):
                return Said(one.media, value)
            return Said(msgspec.to_builtins(value))
    raise RefusedError(
        "a widget cannot do this",
        code="not-from-a-kernel",
        hint="Nothing was changed. Use the Delivery panel, or jupyter mlcd in a terminal.",
    )
