"""The one table of routes. Handlers, authorisation and the OpenAPI document are made from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.acceptance import Accepted, AcceptRequest
from jupyter_mlcd.model.audit import Audit, StatusThen
from jupyter_mlcd.model.ci import CiPreview, CiRun
from jupyter_mlcd.model.comparison import CaseChanges, EvidenceChanges, ScoreHistory
from jupyter_mlcd.model.delivery import Delivery, DeliveryAct, Given
from jupyter_mlcd.model.erasure import ErasurePlan
from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.figures import Figures
from jupyter_mlcd.model.flow import Hold, Watch
from jupyter_mlcd.model.kept import Kept
from jupyter_mlcd.model.parameter_form import ParameterForm
from jupyter_mlcd.model.plain_commands import Commands
from jupyter_mlcd.model.pruning import Pruned
from jupyter_mlcd.model.release_changes import ReleaseChanges
from jupyter_mlcd.model.review import Remark, Seen, Shared
from jupyter_mlcd.model.review_page import ReviewPage, ReviewPreview
from jupyter_mlcd.model.run import Run, RunBody
from jupyter_mlcd.model.run_log import RunLog
from jupyter_mlcd.model.scored_live import LiveScoring, ScoreBody
from jupyter_mlcd.model.secret import SecretsFound
from jupyter_mlcd.model.set_up import (
    SetUpDone,
    SetUpPreview,
    SetUpProposal,
)
from jupyter_mlcd.model.shown_evidence import ShownEvidence
from jupyter_mlcd.model.status import (
    Changes,
    Committed,
    Deliveries,
    Preview,
    Status,
    Verification,
)
from jupyter_mlcd.model.target import FolderTable
from jupyter_mlcd.server.bodies import (
    AcceptBody,
    AllowSecretBody,
    ApproveBody,
    AskReviewBody,
    CheckBody,
    CollectBody,
    CommitBody,
    DeliverBody,
    DeliveryBody,
    EraseBody,
    EvidenceAnswer,
    HoldBody,
    KeepBody,
    LiftBody,
    Nothing,
    PruneBody,
    RehearsalAnswer,
    RejectBody,
    RollBackBody,
    SetUpBody,
    ShareBody,
    StartCiBody,
    TakeBackBody,
    TellBody,
    ToldAnswer,
    WaiveBody,
    WatchBody,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.model.status import ProjectReference
    from jupyter_mlcd.server.late import Late
    from jupyter_mlcd.server.nonces import Nonces
    from jupyter_mlcd.workbench import Workbench

PROJECT = "/mlcd/projects/{project}"
RUN = PROJECT + "/runs/{run}"
EVIDENCE = PROJECT + "/evidence/{run}"
DELIVERY = PROJECT + "/deliveries/{key}"
ENVIRONMENT = PROJECT + "/environments/{environment}"
REVIEW = PROJECT + "/reviews/{version}"
_LONGEST_NUMBER = 8
"""Digits of the number of a case, a cell, an output."""


@dataclass(frozen=True)
class Call:
    """One request, as a route's function gets it."""

    bench: Workbench
    reference: ProjectReference
    parts: dict[str, str]
    """The named parts of the path and of the query."""
    body: Any
    """The decoded body."""
    nonces: Nonces
    late: Late


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
    body: type[msgspec.Struct] | None = None
    status: int = 200
    resource: str = "mlcd"
    """What an Authorizer sees."""
    media: str = field(default="text/html", kw_only=True)
    """Media type of an answer in bytes."""
    says: str = field(default="", kw_only=True)
    query: tuple[str, ...] = field(default=(), kw_only=True)
    """Names of the query that go into ``Call.parts``; empty where they are not given."""
    so_far: Callable[[Call], Any] | None = field(default=None, kw_only=True)
    """How far it is, of what waits for another system; its answer is None before it began."""

    @property
    def action(self) -> str:
        """What an Authorizer is asked: GET reads, POST executes."""
        return "read" if self.method == "GET" else "execute"


def _preview(call: Call) -> Preview:
    return _confirmable(call, call.bench.preview(call.parts["environment"]), "deliver")


def _describe_release(call: Call) -> ReleaseChanges:
    version, since, where = (call.parts[name] for name in ("version", "since", "environment"))
    return call.bench.describe_release(version, since=since, environment=where)


def _preview_roll_back(call: Call) -> Preview:
    environment, version = call.parts["environment"], call.parts["version"]
    preview = call.bench.preview_roll_back(environment, version=version)
    return _confirmable(call, preview, "roll_back")


def _confirmable(call: Call, preview: Preview, verb: str) -> Preview:
    if not preview.digest:
        return preview
    nonce = call.nonces.issue(call.reference.id, preview.environment, preview.digest, verb)
    return msgspec.structs.replace(preview, nonce=nonce)


def _deliver(call: Call) -> Delivery:
    body: DeliverBody = call.body
    call.nonces.use(body.nonce, call.reference.id, body.environment, body.digest)
    return _with_check(
        call,
        call.bench.deliver(
            body.environment,
            version=body.version,
            digest=body.digest,
            given=Given(body.why, body.issues),
        ),
    )


def _roll_back(call: Call) -> Delivery:
    body: RollBackBody = call.body
    call.nonces.use(body.nonce, call.reference.id, body.environment, body.digest, "roll_back")
    return _with_check(
        call,
        call.bench.roll_back(
            body.environment,
            version=body.version,
            digest=body.digest,
            replaces=body.replaces,
            given=Given(body.why),
        ),
    )


def _with_check(call: Call, delivery: Delivery) -> Delivery:
    """Let what was brought be checked, where its environment asks for that."""
    if delivery.state.succeeded:
        call.bench.check_if_due(delivery.environment)
    return delivery


def _begun(call: Call) -> Delivery | None:
    """Return the delivery that was asked for as it stands, once the history has it."""
    for one in call.bench.deliveries(call.body.environment).deliveries:
        if one.delivery.digest == call.body.digest and not one.delivery.state.over:
            return _at_work(call, one.delivery)
    return None


def _asked_about(call: Call) -> Delivery | None:
    """Return the delivery as the history tells it while its target is asked."""
    return _at_work(call, call.bench.read_delivery(call.parts["key"]))


def _at_work(call: Call, delivery: Delivery) -> Delivery | None:
    """Return it where another system is waited for: what is done in a folder is soon done."""
    policy = call.bench.desk().policy  # The rules know environments that this checkout may not.
    if delivery.environment in policy.environments:
        target = policy.target(delivery.environment)
        if isinstance(target, FolderTable) and not target.in_store:
            return None
    return msgspec.structs.replace(delivery, at_work=True)


_CONFIRMED = {DeliveryAct.GO_ON, DeliveryAct.CANCEL, DeliveryAct.CLOSE, DeliveryAct.STOP}


def _show_delivery(call: Call) -> Delivery:
    was_over = call.bench.read_delivery(call.parts["key"]).state.over
    found = call.bench.show_delivery(call.parts["key"])
    if not was_over:  # What has been live for long is not checked because somebody looks at it.
        _with_check(call, found)
    refused = call.late.told((call.reference.id, found.key))
    found = msgspec.structs.replace(found, refused=refused)
    if _CONFIRMED.isdisjoint(found.acts):
        return found
    nonce = call.nonces.issue(call.reference.id, "", found.key, "follow")
    return msgspec.structs.replace(found, nonce=nonce)


def _followed(call: Call) -> str:
    """Take the confirmation back, and return the key of the delivery that it is for."""
    key = call.parts["key"]
    call.nonces.use(call.body.nonce, call.reference.id, "", key, "follow")
    return key


def _confirmed(call: Call) -> Workbench:
    """Take the confirmation of the page on delivering by itself back, and return who does it."""
    call.nonces.use(call.body.nonce, call.reference.id, "", "", "watch")
    return call.bench


def _show_watch(call: Call) -> Watch:
    return _with_nonce(call, call.bench.show_watch())


def _start_watching(call: Call) -> Watch:
    return _with_nonce(call, _confirmed(call).start_watching())


def _stop_watching(call: Call) -> Watch:
    return _with_nonce(call, _confirmed(call).stop_watching())


def _start_scoring(call: Call) -> LiveScoring:
    body: ScoreBody = call.body
    where = call.parts["environment"]
    return call.bench.start_scoring(where, again=body.again, version=body.version)


def _start_check(call: Call) -> Watch:
    environment, again = call.parts["environment"], call.body.again
    return _with_nonce(call, _confirmed(call).start_check(environment, again=again))


def _with_nonce(call: Call, watch: Watch) -> Watch:
    nonce = call.nonces.issue(call.reference.id, "", "", "watch")
    return msgspec.structs.replace(watch, nonce=nonce)


def _preview_ci(call: Call) -> CiPreview:
    preview = call.bench.preview_ci()
    nonce = call.nonces.issue(call.reference.id, "", preview.digest, "ci")
    return msgspec.structs.replace(preview, nonce=nonce)


def _start_ci(call: Call) -> CiRun:
    body: StartCiBody = call.body
    call.nonces.use(body.nonce, call.reference.id, "", body.digest, "ci")
    return call.bench.start_ci(body.digest)


def _ci_begun(call: Call) -> CiRun | None:
    """Return the run once it is written down that it is asked for."""
    run = call.bench.read_ci()
    return run if run is not None and run.state.is_busy else None


def _keep(call: Call) -> Kept:
    body: KeepBody = call.body
    return call.bench.keep(call.parts["run"], although_personal=body.although_personal)


def _show_secrets(call: Call) -> SecretsFound:
    found = call.bench.show_secrets(call.parts["run"])
    nonce = call.nonces.issue(call.reference.id, "", found.run, "allow")
    return msgspec.structs.replace(found, nonce=nonce)


def _allow_secret(call: Call) -> SecretsFound:
    """Answer how it stands then, with a confirmation for the next one."""
    body: AllowSecretBody = call.body
    run = call.parts["run"]
    call.nonces.use(body.nonce, call.reference.id, "", run, "allow")
    call.bench.allow_secret(run, body.number, body.why, body.until, seen=body.fingerprint)
    return _show_secrets(call)


def _preview_erasure(call: Call) -> ErasurePlan:
    plan = call.bench.preview_erasure(call.parts["run"])
    nonce = call.nonces.issue(call.reference.id, "", plan.digest, "erase")
    return msgspec.structs.replace(plan, nonce=nonce)


def _erase(call: Call) -> ErasurePlan:
    """Erase what was shown: where something else would go now, it is looked at again."""
    body: EraseBody = call.body
    plan = call.bench.preview_erasure(call.parts["run"])
    call.nonces.use(body.nonce, call.reference.id, "", plan.digest, "erase")
    return call.bench.erase(plan.run, body.why, only=body.only, although_live=body.although_live)


def _preview_pruning(call: Call) -> Pruned:
    plan = call.bench.preview_pruning()
    nonce = call.nonces.issue(call.reference.id, "", plan.digest, "prune")
    return msgspec.structs.replace(plan, nonce=nonce)


def _prune(call: Call) -> Pruned:
    plan = call.bench.preview_pruning()
    call.nonces.use(call.body.nonce, call.reference.id, "", plan.digest, "prune")
    return call.bench.prune()


def _show_review(call: Call) -> ReviewPage:
    page = call.bench.show_review(call.parts["version"])
    nonce = call.nonces.issue(call.reference.id, "", page.digest, "review")
    return msgspec.structs.replace(page, nonce=nonce)


def _ask_review(call: Call) -> ReviewPage:
    body: AskReviewBody = call.body
    return call.bench.ask_review(body.environment, body.people, why=body.why, version=body.version)


def _confirm_review(call: Call) -> None:
    """Take the confirmation back that the page of a review gave."""
    call.nonces.use(call.body.nonce, call.reference.id, "", call.body.digest, "review")


def _seen(call: Call) -> Seen:
    """Take the confirmation back, and return what was seen."""
    _confirm_review(call)
    body: ApproveBody | WaiveBody = call.body
    return Seen(call.parts["version"], body.environment, body.digest, body.policy)


def _reject(call: Call) -> ReviewPage:
    _confirm_review(call)
    return call.bench.reject(call.parts["version"], call.body.why, call.body.digest)


def _take_back(call: Call) -> ReviewPage:
    _confirm_review(call)
    return call.bench.take_back(call.parts["entry"], call.body.why)


def _approve(call: Call) -> ReviewPage:
    return call.bench.approve(_seen(call), call.body.comment)


def _waive(call: Call) -> ReviewPage:
    body: WaiveBody = call.body
    return call.bench.waive(_seen(call), body.rule, body.why, body.until)


def _deliveries(call: Call) -> Deliveries:
    page = _number(call, "page") if call.parts["page"] else 0
    return call.bench.deliveries(call.parts["environment"], page)


def _show_notebook(call: Call) -> bytes:
    return call.bench.show_notebook(call.parts["run"], _number(call, "case"))


def _evidence(call: Call) -> EvidenceAnswer:
    first, most = (_number(call, name) if call.parts[name] else None for name in ("from", "most"))
    return EvidenceAnswer(call.bench.evidence(first or 0, most))


def _number(call: Call, part: str) -> int:
    text = call.parts[part]
    if not (text.isascii() and text.isdecimal() and len(text) < _LONGEST_NUMBER):
        raise UsageError(f"{text!r} is not the number of the {part}")
    return int(text)


def _audited(call: Call) -> tuple[str, str]:
    return call.parts["from"], call.parts["to"]


def _show_output(call: Call) -> bytes:
    place = (_number(call, "case"), _number(call, "cell"), _number(call, "output"))
    return call.bench.show_output(call.parts["run"], place, call.parts["form"])


def _compare_case(call: Call) -> CaseChanges:
    against = call.parts["against"]
    return call.bench.compare_case(call.parts["run"], _number(call, "case"), against)


def _show_picture(call: Call) -> bytes:
    return call.bench.show_picture(call.parts["run"], call.parts["folder"], call.parts["name"])


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
    Route("propose_set_up", "GET", PROJECT + "/set-up", SetUpProposal,
          lambda c: c.bench.propose_set_up(), says="What set-up finds and would choose."),
    Route("preview_set_up", "POST", PROJECT + "/set-up/preview", SetUpPreview,
          lambda c: c.bench.preview_set_up(c.body.choices), SetUpBody,
          says="The mlcd.toml that choices make. Changes nothing."),
    Route("set_up", "POST", PROJECT + "/set-up", SetUpDone,
          lambda c: c.bench.set_up(c.body.choices), SetUpBody, 201, "mlcd:runs",
          says="Write a first mlcd.toml and commit it."),
    Route("describe_parameters", "GET", PROJECT + "/parameters", ParameterForm,
          lambda c: c.bench.describe_parameters(c.parts["notebook"]), query=("notebook",),
          says="What a notebook can be given, as the saved file declares it."),
    Route("run", "POST", PROJECT + "/runs", Run, lambda c: c.bench.run(c.body.request),
          RunBody, 201, "mlcd:runs",
          says="Start a run of a suite or of one notebook."),
    Route("show_run", "GET", RUN, Run, lambda c: c.bench.show_run(c.parts["run"]),
          says="A run as it stands."),
    Route("cancel", "POST", RUN + "/cancel", Run, lambda c: c.bench.cancel(c.parts["run"]),
          Nothing, 200, "mlcd:runs", says="Cancel a run."),
    Route("run_in_commands", "GET", RUN + "/commands", Commands,
          lambda c: c.bench.run_in_commands(c.parts["run"]), says="A run as plain commands."),
    Route("keep_in_commands", "GET", PROJECT + "/evidence/{run}/commands", Commands,
          lambda c: c.bench.keep_in_commands(c.parts["run"]),
          says="How a run was kept, as plain commands."),
    Route("delivery_in_commands", "GET", PROJECT + "/deliveries/{key}/commands", Commands,
          lambda c: c.bench.delivery_in_commands(c.parts["key"]),
          says="A delivery as plain commands."),
    Route("accept", "POST", RUN + "/accept", Accepted, _accept, AcceptBody, 201, "mlcd:runs",
          says="Make results of a run the expected ones, and commit that."),
    Route("keep", "POST", RUN + "/keep", Kept, _keep, KeepBody, 200, "mlcd:evidence",
          says="Keep a run as evidence; what looks like personal data is asked about before."),
    Route("show_secrets", "GET", RUN + "/secrets", SecretsFound, _show_secrets,
          says="What in a draft looks like a secret or personal data, where, and who allows it."),
    Route("allow_secret", "POST", RUN + "/secrets/allowed", SecretsFound, _allow_secret,
          AllowSecretBody, 201, "mlcd:secrets",
          says="Let one of these be kept, with a reason and for a time, once."),
    Route("show_notebook", "GET", RUN + "/notebooks/{case}", bytes, _show_notebook,
          says="The executed notebook of a case as a static page."),
    Route("show_picture", "GET", RUN + "/files/differences/{folder}/{name}", bytes, _show_picture,
          media="image/png", says="A picture that shows where two pictures differ."),
    Route("show_output", "GET", RUN + "/files/outputs/{case}/{cell}/{output}/{form}", bytes,
          _show_output, media="application/octet-stream",
          says="One output of an executed notebook: its picture, or its text."),
    Route("show_log", "GET", RUN + "/log", RunLog, lambda c: c.bench.show_log(c.parts["run"]),
          says="The end of what a run printed."),
    Route("report", "GET", RUN + "/report", bytes, lambda c: c.bench.report(c.parts["run"]),
          says="A run as one static page, for people without Jupyter."),
    Route("changes", "GET", PROJECT + "/changes", Changes, lambda c: c.bench.changes(),
          says="What a commit could take."),
    Route("commit", "POST", PROJECT + "/commits", Committed, _commit, CommitBody, 201,
          "mlcd:runs", says="Commit files on the user's branch."),
    Route("evidence", "GET", PROJECT + "/evidence", EvidenceAnswer, _evidence,
          query=("from", "most"),
          says="All evidence, newest first; or `most` lines of it, `from` one counted from 0."),
    Route("show_evidence", "GET", PROJECT + "/evidence/{run}", ShownEvidence,
          lambda c: c.bench.show_evidence(c.parts["run"]), says="What a kept run proved."),
    Route("verify", "GET", PROJECT + "/evidence/{run}/verification", Verification,
          lambda c: c.bench.verify(c.parts["run"]), says="Check evidence step by step."),
    Route("compare", "GET", EVIDENCE + "/changes", EvidenceChanges,
          lambda c: c.bench.compare(c.parts["run"], c.parts["against"]), query=("against",),
          says="What changed in a run against what is live, or against another run."),
    Route("compare_case", "GET", EVIDENCE + "/changes/{case}", CaseChanges, _compare_case,
          query=("against",), says="One case of it, cell by cell."),
    Route("preview_erasure", "GET", EVIDENCE + "/erasure", ErasurePlan, _preview_erasure,
          says="What erasing evidence would remove from the Store here, and what it would not."),
    Route("erase", "POST", EVIDENCE + "/erasure", ErasurePlan, _erase, EraseBody, 201,
          "mlcd:erase", says="Erase what was shown, and leave a tombstone. Cannot be undone."),
    Route("preview_pruning", "GET", PROJECT + "/pruning", Pruned, _preview_pruning,
          says="Old drafts, and stored files that nothing names."),
    Route("prune", "POST", PROJECT + "/pruning", Pruned, _prune, PruneBody, 200, "mlcd:erase",
          says="Remove those that were shown."),
    Route("show_scores", "GET", EVIDENCE + "/scores", ScoreHistory,
          lambda c: c.bench.show_scores(c.parts["run"]),
          says="What the kept runs of the suite scored."),
    Route("preview", "GET", PROJECT + "/previews/{environment}", Preview, _preview,
          says="The Deliver page: what was checked and what will happen."),
    Route("describe_release", "GET", PROJECT + "/release-changes", ReleaseChanges,
          _describe_release, query=("version", "since", "environment"),
          says="What a version changes, or what would go to an environment now."),
    Route("rehearse", "POST", PROJECT + "/previews/{environment}/rehearsal", RehearsalAnswer,
          lambda c: RehearsalAnswer(tuple(c.bench.rehearse(c.parts["environment"]))), Nothing, 200,
          "mlcd:deliver", says="Ask the CD system what it would make of it. Nothing is started."),
    Route("deliver", "POST", PROJECT + "/deliveries", Delivery, _deliver, DeliverBody, 202,
          "mlcd:deliver", says="Deliver what a preview showed, once.", so_far=_begun),
    Route("show_delivery", "GET", DELIVERY, Delivery, _show_delivery,
          says="A delivery as it stands; nothing is sent by looking at it.",
          so_far=_asked_about),
    Route("go_on", "POST", DELIVERY + "/go-on", Delivery,
          lambda c: _with_check(c, c.bench.go_on(_followed(c))), DeliveryBody, 202, "mlcd:deliver",
          says="Send a delivery that was confirmed and never sent.",
          so_far=_asked_about),
    Route("cancel_delivery", "POST", DELIVERY + "/cancel", Delivery,
          lambda c: c.bench.cancel_delivery(_followed(c)), DeliveryBody, 200, "mlcd:deliver",
          says="Give up a delivery that was never sent, or ask the CD system to stop it.",
          so_far=_asked_about),
    Route("close_delivery", "POST", DELIVERY + "/close", Delivery,
          lambda c: c.bench.close_delivery(_followed(c), c.body.why), DeliveryBody, 200,
          "mlcd:deliver", says="Close a delivery on a person's word that it did not happen.",
          so_far=_asked_about),
    Route("preview_roll_back", "GET", PROJECT + "/previews/{environment}/roll-back", Preview,
          _preview_roll_back, query=("version",),
          says="What a roll back would bring, and what will happen."),
    Route("roll_back", "POST", PROJECT + "/roll-backs", Delivery, _roll_back, RollBackBody, 202,
          "mlcd:deliver", says="Bring back a version that was live before, once.",
          so_far=_begun),
    Route("deliveries", "GET", PROJECT + "/environments/{environment}/deliveries", Deliveries,
          _deliveries, query=("page",), says="Every delivery to an environment, newest first."),
    Route("hold", "POST", ENVIRONMENT + "/hold", Hold,
          lambda c: _confirmed(c).hold(c.parts["environment"], c.body.why), HoldBody, 201,
          "mlcd:deliver", says="Let nothing be delivered there until it is lifted."),
    Route("lift", "POST", ENVIRONMENT + "/lift", Hold,
          lambda c: _confirmed(c).lift(c.parts["environment"], c.body.why), LiftBody, 200,
          "mlcd:deliver", says="Lift the hold of an environment."),
    Route("start_check", "POST", ENVIRONMENT + "/check", Watch, _start_check, CheckBody, 202,
          "mlcd:deliver", says="Let what is live be checked; where it is red it is rolled back."),
    Route("start_scoring", "POST", ENVIRONMENT + "/scoring", LiveScoring, _start_scoring,
          ScoreBody, 202,
          says="Score what is live by the evaluation of today, where a rule cannot compare."),
    Route("show_watch", "GET", PROJECT + "/watch", Watch, _show_watch,
          says="Who watches the project, and what watching it would do."),
    Route("start_watching", "POST", PROJECT + "/watch", Watch, _start_watching, WatchBody, 201,
          "mlcd:deliver", says="Let the project be watched on this machine from now on."),
    Route("stop_watching", "POST", PROJECT + "/watch/stop", Watch, _stop_watching, WatchBody, 200,
          "mlcd:deliver", says="End whoever watches it on this machine."),
    Route("figures", "GET", PROJECT + "/environments/{environment}/figures", Figures,
          lambda c: c.bench.figures(c.parts["environment"], *_audited(c)), query=("from", "to"),
          says="How often, how fast and how well an environment is delivered to."),
    Route("preview_ci", "GET", PROJECT + "/ci/preview", CiPreview, _preview_ci,
          says="What starting the CI run of the commit would push and start. Asks nobody."),
    Route("start_ci", "POST", PROJECT + "/ci", CiRun, _start_ci, StartCiBody, 202,
          "mlcd:deliver", says="Push the commit where need be, and start its CI run, once.",
          so_far=_ci_begun),
    Route("show_ci", "GET", PROJECT + "/ci", CiRun, lambda c: c.bench.show_ci(),
          says="How the CI run of the commit stands; its evidence is fetched at its end.",
          so_far=lambda c: c.bench.read_ci()),
    Route("ci_in_commands", "GET", PROJECT + "/ci/{commit}/commands", Commands,
          lambda c: c.bench.ci_in_commands(c.parts["commit"]),
          says="The plain commands that push and start as this did."),
    Route("status_at", "GET", PROJECT + "/status-at/{moment}", StatusThen,
          lambda c: c.bench.status_at(c.parts["moment"]),
          says="What was live everywhere at the end of a day of UTC, or at a time with its zone."),
    Route("audit", "GET", PROJECT + "/audit", Audit, lambda c: c.bench.audit(*_audited(c)),
          query=("from", "to"), says="Who released what on what evidence, from day to day."),
    Route("audit_page", "GET", PROJECT + "/audit/page", bytes,
          lambda c: c.bench.audit_page(*_audited(c)), query=("from", "to"),
          says="The same as one static page."),
    Route("audit_table", "GET", PROJECT + "/audit/table", bytes,
          lambda c: c.bench.audit_table(*_audited(c)), query=("from", "to"), media="text/csv",
          says="The same for a spreadsheet."),
    Route("preview_review", "GET", PROJECT + "/previews/{environment}/review", ReviewPreview,
          lambda c: c.bench.preview_review(c.parts["environment"], c.parts["version"]),
          query=("version",), says="Who could be asked to review what is ready; what that does."),
    Route("ask_review", "POST", PROJECT + "/reviews", ReviewPage, _ask_review, AskReviewBody, 201,
          "mlcd:review", says="Ask people to review what is ready. Nothing leaves the machine."),
    Route("show_review", "GET", REVIEW, ReviewPage, _show_review,
          says="A release with what people said about it."),
    Route("comment", "POST", REVIEW + "/comments", ReviewPage,
          lambda c: c.bench.comment(c.parts["version"], c.body), Remark, 201, "mlcd:review",
          says="Remark on a release, or on a case or a cell of its evidence."),
    Route("reject", "POST", REVIEW + "/rejections", ReviewPage,
          _reject, RejectBody, 201, "mlcd:review", says="Ask for changes."),
    Route("approve", "POST", REVIEW + "/approvals", ReviewPage, _approve, ApproveBody, 201,
          "mlcd:review", says="Approve a release for an environment, signed."),
    Route("waive", "POST", REVIEW + "/waivers", ReviewPage, _waive, WaiveBody, 201,
          "mlcd:review", says="Except a release from one rule, signed, for a time."),
    Route("take_back", "POST", PROJECT + "/review-entries/{entry}/take-back", ReviewPage,
          _take_back, TakeBackBody, 200, "mlcd:review", says="Take back something one said."),
    Route("review_report", "GET", REVIEW + "/report", bytes,
          lambda c: c.bench.review_report(c.parts["version"]),
          says="A release and its review as one static page, for people without Jupyter."),
    Route("tell_review", "POST", REVIEW + "/told", ToldAnswer,
          lambda c: ToldAnswer(c.bench.tell_review(c.parts["version"], c.body.places)), TellBody,
          200, "mlcd:review", says="Tell people where they work that a review is asked for."),
    Route("collect_approvals", "POST", PROJECT + "/environments/{environment}/approvals",
          ReviewPage,
          lambda c: c.bench.collect_approvals(c.parts["environment"], c.body.version), CollectBody,
          200, "mlcd:review", says="Ask the hub who approved, and keep what it says."),
    Route("share", "POST", PROJECT + "/history/share", Shared,
          lambda c: c.bench.share(c.body.remote), ShareBody, 200, "mlcd:review",
          says="Exchange the history with a git remote: what is here is pushed."),
)  # fmt: skip
