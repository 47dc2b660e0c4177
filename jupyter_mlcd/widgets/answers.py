"""What a widget may ask of the workbench: some of the server's routes, by the same paths.

There is no route that delivers, commits or accepts: a kernel is not trusted with that, and what a
notebook's output asks for may not come from a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import msgspec

from jupyter_mlcd.model.errors import RefusedError, UsageError
from jupyter_mlcd.model.run import RunBody
from jupyter_mlcd.model.scored_live import ScoreBody
from jupyter_mlcd.model.status import ProjectReference

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.workbench import Workbench

HERE = "here"
"""Id of the one project that a widget knows."""
PROJECT = "projects/{project}"
RUN = PROJECT + "/runs/{run}"
EVIDENCE = PROJECT + "/evidence/{run}"
_LONGEST_NUMBER = 8
"""Digits of the number of a case, a cell, an output."""


@dataclass(frozen=True)
class Asked:
    """One question."""

    bench: Workbench
    parts: dict[str, str]
    """The named parts of the path."""
    body: Any
    queries: dict[str, str] = field(default_factory=dict)
    """What stands behind the path's question mark."""

    @property
    def run(self) -> str:
        """Id of the run that is asked about."""
        return self.parts["run"]

    def query(self, name: str) -> str:
        """Return what was asked with, empty where it was not given."""
        return self.queries.get(name, "")


@dataclass(frozen=True)
class Answer:
    """A question that is answered."""

    verb: str
    """The workbench's method."""
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
    return asked.bench.run(body.request)


def _start_scoring(asked: Asked) -> Any:
    try:
        body = msgspec.convert(asked.body, ScoreBody)
    except msgspec.ValidationError as error:
        raise UsageError(f"this cannot be scored: {error}") from None
    where = asked.parts["environment"]
    return asked.bench.start_scoring(where, again=body.again, version=body.version)


def _number(asked: Asked, part: str) -> int:
    text = asked.parts.get(part) or asked.query(part)
    if not (text.isascii() and text.isdecimal() and len(text) < _LONGEST_NUMBER):
        raise UsageError(f"{text!r} is not the number of the {part}")
    return int(text)


def _page(asked: Asked) -> int:
    return _number(asked, "page") if asked.query("page") else 0


def _show_output(asked: Asked) -> bytes:
    case, cell, output = (_number(asked, part) for part in ("case", "cell", "output"))
    return asked.bench.show_output(asked.run, (case, cell, output), asked.parts["form"])


ANSWERS: tuple[Answer, ...] = (
    Answer("status", "GET", PROJECT, lambda a: a.bench.status(reference(a.bench))),
    Answer("describe_parameters", "GET", PROJECT + "/parameters",
           lambda a: a.bench.describe_parameters(a.query("notebook"))),
    Answer("run", "POST", PROJECT + "/runs", _run),
    Answer("start_scoring", "POST", PROJECT + "/environments/{environment}/scoring",
           _start_scoring),
    Answer("show_run", "GET", RUN, lambda a: a.bench.show_run(a.run)),
    Answer("cancel", "POST", RUN + "/cancel", lambda a: a.bench.cancel(a.run)),
    # Where a person is to be asked first, the panel asks her: a kernel does not answer for her.
    Answer("keep", "POST", RUN + "/keep", lambda a: a.bench.keep(a.run, although_personal=False)),
    Answer("run_in_commands", "GET", RUN + "/commands",
           lambda a: a.bench.run_in_commands(a.run)),
    Answer("keep_in_commands", "GET", EVIDENCE + "/commands",
           lambda a: a.bench.keep_in_commands(a.run)),
    Answer("delivery_in_commands", "GET", PROJECT + "/deliveries/{key}/commands",
           lambda a: a.bench.delivery_in_commands(a.parts["key"])),
    Answer("ci_in_commands", "GET", PROJECT + "/ci/{commit}/commands",
           lambda a: a.bench.ci_in_commands(a.parts["commit"])),
    Answer("show_notebook", "GET", RUN + "/notebooks/{case}",
           lambda a: a.bench.show_notebook(a.run, _number(a, "case")), "text/html"),
    Answer("show_picture", "GET", RUN + "/files/differences/{folder}/{name}",
           lambda a: a.bench.show_picture(a.run, a.parts["folder"], a.parts["name"]), "image/png"),
    Answer("show_output", "GET", RUN + "/files/outputs/{case}/{cell}/{output}/{form}",
           _show_output, "application/octet-stream"),
    Answer("show_log", "GET", RUN + "/log", lambda a: a.bench.show_log(a.run)),
    Answer("report", "GET", RUN + "/report", lambda a: a.bench.report(a.run), "text/html"),
    Answer("changes", "GET", PROJECT + "/changes", lambda a: a.bench.changes()),
    Answer("evidence", "GET", PROJECT + "/evidence", lambda a: {"evidence": a.bench.evidence()}),
    Answer("show_evidence", "GET", EVIDENCE, lambda a: a.bench.show_evidence(a.run)),
    Answer("verify", "GET", EVIDENCE + "/verification", lambda a: a.bench.verify(a.run)),
    Answer("compare", "GET", EVIDENCE + "/changes",
           lambda a: a.bench.compare(a.run, a.query("against"))),
    Answer("compare_case", "GET", EVIDENCE + "/changes/{case}",
           lambda a: a.bench.compare_case(a.run, _number(a, "case"), a.query("against"))),
    Answer("show_scores", "GET", EVIDENCE + "/scores", lambda a: a.bench.show_scores(a.run)),
    Answer("preview", "GET", PROJECT + "/previews/{environment}",
           lambda a: a.bench.preview(a.parts["environment"])),
    Answer("describe_release", "GET", PROJECT + "/release-changes",
           lambda a: a.bench.describe_release(
               a.query("version"), since=a.query("since"), environment=a.query("environment"))),
    # As the history tells it: `show_delivery` would ask the target, and write down what it says.
    Answer("read_delivery", "GET", PROJECT + "/deliveries/{key}",
           lambda a: a.bench.read_delivery(a.parts["key"])),
    Answer("deliveries", "GET", PROJECT + "/environments/{environment}/deliveries",
           lambda a: a.bench.deliveries(a.parts["environment"], _page(a))),
    Answer("figures", "GET", PROJECT + "/environments/{environment}/figures",
           lambda a: a.bench.figures(a.parts["environment"], a.query("from"), a.query("to"))),
    Answer("status_at", "GET", PROJECT + "/status-at/{moment}",
           lambda a: a.bench.status_at(a.parts["moment"])),
    Answer("audit", "GET", PROJECT + "/audit",
           lambda a: a.bench.audit(a.query("from"), a.query("to"))),
    Answer("audit_page", "GET", PROJECT + "/audit/page",
           lambda a: a.bench.audit_page(a.query("from"), a.query("to")), "text/html"),
    Answer("audit_table", "GET", PROJECT + "/audit/table",
           lambda a: a.bench.audit_table(a.query("from"), a.query("to")), "text/csv"),
    Answer("show_review", "GET", PROJECT + "/reviews/{version}",
           lambda a: a.bench.show_review(a.parts["version"])),
    Answer("review_report", "GET", PROJECT + "/reviews/{version}/report",
           lambda a: a.bench.review_report(a.parts["version"]), "text/html"),
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What is sent back: a value, or bytes with their media type."""

    value: object
    content: bytes | None = None


def answer(bench: Workbench, path: str, body: object) -> Said:
    """Answer one question. Raises MlcdError, also for what is not answered here."""
    method = "GET" if body is None else "POST"
    where, _, queries = path.partition("?")
    for one in ANSWERS:
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", one.path), where)
        if found is not None and one.method == method:
            parts = {name: unquote(part) for name, part in found.groupdict().items()}
            value = one.call(Asked(bench, parts, body, dict(parse_qsl(queries))))
            if isinstance(value, bytes):
                return Said(one.media, value)
            return Said(msgspec.to_builtins(value))
    raise RefusedError(
        "a widget cannot do this",
        code="not-from-a-kernel",
        hint="Nothing was changed. Use the Delivery panel, or jupyter mlcd in a terminal.",
    )
