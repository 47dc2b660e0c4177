"""The one table of routes. Handlers, authorisation and the OpenAPI document are made from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.acceptance import Accepted, AcceptRequest
from jupyter_mlcd.model.delivery import Delivery
from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.evidence import Evidence, Manifest
from jupyter_mlcd.model.run import Run, RunRequest
from jupyter_mlcd.model.status import (
    Changes,
    Committed,
    EvidenceStatus,
    Preview,
    Status,
    Verification,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.model.status import ProjectReference
    from jupyter_mlcd.server.nonces import Nonces
    from jupyter_mlcd.workbench import Workbench

PROJECT = "/mlcd/projects/{project}"
RUN = PROJECT + "/runs/{run}"


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request's body: unknown fields are errors."""


class Nothing(_Body, frozen=True):
    """An empty object."""


class RunBody(_Body, frozen=True):
    """Run ``suite``, or the single ``notebook`` with ``parameters``."""

    suite: str = ""
    notebook: str = ""
    parameters: dict[str, Any] = {}
    failed_only: bool = False


class CommitBody(_Body, frozen=True):
    """Commit ``paths``, from the repository's top, with ``message``."""

    paths: tuple[str, ...]
    message: str


class AcceptBody(_Body, frozen=True):
    """Expect what the run put out: where it differs, or only ``case``, or only its ``cell``.

    A cell is told as in the run: by its position in the notebook, counted from 0.
    """

    why: str
    case: str = ""
    cell: int | None = None
    everything: bool = False


class DeliverBody(_Body, frozen=True):
    """Confirm a preview."""

    environment: str
    version: str
    digest: str
    nonce: str


class EvidenceAnswer(msgspec.Struct, frozen=True):
    """All evidence, newest first."""

    evidence: list[EvidenceStatus]


class SetUpAnswer(msgspec.Struct, frozen=True):
    """The file that was written."""

    file: str


@dataclass(frozen=True)
class Call:
    """One request, as a route's function gets it."""

    bench: Workbench
    reference: ProjectReference
    parts: dict[str, str]
    """The named parts of the path."""
    body: Any
    """The decoded body."""
    nonces: Nonces


@dataclass(frozen=True)
class Route:
    """One method of one path."""

    verb: str
    """Name of the workbench's method."""
    method: str
    path: str
    """With ``{names}``; every one but the list of projects carries ``{project}``."""
    answer: Any
    """Type of the answer; ``bytes`` for a page or a picture."""
    call: Callable[[Call], Any]
    body: type[_Body] | None = None
    status: int = 200
    resource: str = "mlcd"
    """What an Authorizer sees."""
    media: str = field(default="text/html", kw_only=True)
    """Media type of an answer in bytes."""
    says: str = field(default="", kw_only=True)

    @property
    def action(self) -> str:
        """What an Authorizer is asked: GET reads, POST executes."""
        return "read" if self.method == "GET" else "execute"


def _run(call: Call) -> Run:
    body: RunBody = call.body
    if bool(body.suite) == bool(body.notebook):
        raise UsageError("name a suite or a notebook", hint='Send {"suite": NAME}.')
    notebooks = (body.notebook,) if body.notebook else ()
    request = RunRequest(
        body.suite, notebooks, parameters=body.parameters, failed_only=body.failed_only
    )
    return call.bench.run(request)


def _preview(call: Call) -> Preview:
    preview = call.bench.preview(call.parts["environment"])
    if not preview.digest:
        return preview
    nonce = call.nonces.issue(call.reference.id, preview.environment, preview.digest)
    return msgspec.structs.replace(preview, nonce=nonce)


def _deliver(call: Call) -> Delivery:
    body: DeliverBody = call.body
    call.nonces.use(body.nonce, call.reference.id, body.environment, body.digest)
    return call.bench.deliver(body.environment, version=body.version, digest=body.digest)


def _set_up(call: Call) -> SetUpAnswer:
    call.bench.set_up()
    return SetUpAnswer((call.reference.path + "/" if call.reference.path else "") + "mlcd.toml")


def _show_notebook(call: Call) -> bytes:
    case = call.parts["case"]
    if not case.isdecimal():
        raise UsageError(f"{case!r} is not the number of a case")
    return call.bench.show_notebook(call.parts["run"], int(case))


def _show_picture(call: Call) -> bytes:
    return call.bench.show_picture(call.parts["run"], call.parts["case"], call.parts["name"])


def _commit(call: Call) -> Committed:
    body: CommitBody = call.body
    return call.bench.commit(body.paths, body.message)


def _accept(call: Call) -> Accepted:
    body: AcceptBody = call.body
    request = AcceptRequest(
        body.why, case=body.case, position=body.cell, everything=body.everything
    )
    return call.bench.accept(call.parts["run"], request)


ROUTES: tuple[Route, ...] = (
    Route("status", "GET", PROJECT, Status, lambda c: c.bench.status(c.reference),
          says="The whole side panel in one document."),
    Route("set_up", "POST", PROJECT + "/set-up", SetUpAnswer, _set_up, Nothing, 201,
          says="Write a first mlcd.toml."),
    Route("run", "POST", PROJECT + "/runs", Run, _run, RunBody, 201, "mlcd:runs",
          says="Start a run of a suite or of one notebook."),
    Route("show_run", "GET", RUN, Run, lambda c: c.bench.show_run(c.parts["run"]),
          says="A run as it stands."),
    Route("cancel", "POST", RUN + "/cancel", Run, lambda c: c.bench.cancel(c.parts["run"]),
          Nothing, 200, "mlcd:runs", says="Cancel a run."),
    Route("accept", "POST", RUN + "/accept", Accepted, _accept, AcceptBody, 201, "mlcd:runs",
          says="Make results of a run the expected ones, and commit that."),
    Route("keep", "POST", RUN + "/keep", Evidence, lambda c: c.bench.keep(c.parts["run"]),
          Nothing, 200, "mlcd:evidence", says="Keep a run as evidence."),
    Route("show_notebook", "GET", RUN + "/notebooks/{case}", bytes, _show_notebook,
          says="The executed notebook of a case as a static page."),
    Route("show_picture", "GET", RUN + "/files/differences/{case}/{name}", bytes, _show_picture,
          media="image/png", says="A picture that shows where two pictures differ."),
    Route("report", "GET", RUN + "/report", bytes, lambda c: c.bench.report(c.parts["run"]),
          says="A run as one static page, for people without Jupyter."),
    Route("changes", "GET", PROJECT + "/changes", Changes, lambda c: c.bench.changes(),
          says="What a commit could take."),
    Route("commit", "POST", PROJECT + "/commits", Committed, _commit, CommitBody, 201,
          "mlcd:runs", says="Commit files on the user's branch."),
    Route("evidence", "GET", PROJECT + "/evidence", EvidenceAnswer,
          lambda c: EvidenceAnswer(c.bench.evidence()), says="All evidence, newest first."),
    Route("show_evidence", "GET", PROJECT + "/evidence/{run}", Manifest,
          lambda c: c.bench.show_evidence(c.parts["run"]), says="What a kept run proved."),
    Route("verify", "GET", PROJECT + "/evidence/{run}/verification", Verification,
          lambda c: c.bench.verify(c.parts["run"]), says="Check evidence step by step."),
    Route("preview", "GET", PROJECT + "/previews/{environment}", Preview, _preview,
          says="The Deliver page: what was checked and what will happen."),
    Route("deliver", "POST", PROJECT + "/deliveries", Delivery, _deliver, DeliverBody, 202,
          "mlcd:deliver", says="Deliver what a preview showed, once."),
    Route("show_delivery", "GET", PROJECT + "/deliveries/{key}", Delivery,
          lambda c: c.bench.show_delivery(c.parts["key"]), says="A delivery as it stands."),
)  # fmt: skip
