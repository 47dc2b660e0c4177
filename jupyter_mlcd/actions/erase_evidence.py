"""Erase: remove what the Store holds of a run, and say so in the history for ever.

First the tombstone, then the bytes: killed in between, the same again finishes it, and meanwhile
`verify` says that the bytes are still here. What git holds is not erased, and that is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.find_run import kept_run
from jupyter_mlcd.actions.read_out_of_git import out_of_git
from jupyter_mlcd.model.delivery import fold_history
from jupyter_mlcd.model.erasure import (
    ErasedFile,
    ErasurePlan,
    EvidenceErased,
    Needed,
    Tombstone,
    stored_files,
    tombstone_path,
)
from jupyter_mlcd.model.errors import NotFoundError, RefusedError, SigningError, UsageError
from jupyter_mlcd.model.issue import checked_why
from jupyter_mlcd.model.release import Release, release_folder
from jupyter_mlcd.model.result import State
from jupyter_mlcd.world.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.evidence import Manifest

_SHORTEST = 6
"""Letters of a sha256 that name a file."""


def preview_erasure(desk: Desk, run: str, only: Sequence[str] = ()) -> ErasurePlan:
    """Return what erasing a run would remove: all of it, or ``only`` files by path or sha256.

    Changes nothing. Raises NotFoundError, and RefusedError while the run goes on.
    """
    manifest, is_draft = _manifest(desk, run)
    kept = desk.history.evidence.get(run)
    files = _chosen(stored_files(manifest, out_of_git(desk, kept).values()), only)
    digests = {one.sha256 for one in files}
    return ErasurePlan(
        run=run,
        suite=manifest.run.suite,
        files=files,
        here=tuple(one.sha256 for one in desk.store.stored() if one.sha256 in digests),
        draft=is_draft,
        needed=tuple(_needed(desk, digests)),
        shared=tuple(_shared(desk, run, digests)),
        in_git=len(desk.ledger.files(kept.path)) if kept else 0,
    )


def erase_evidence(
    desk: Desk, run: str, why: str, *, only: Sequence[str] = (), although_live: Sequence[str] = ()
) -> ErasurePlan:
    """Erase it, and return what was erased.

    ``although_live`` names every environment that loses what is live there or on its way. The same
    again removes what is left and leaves no second tombstone. Raises UsageError without a reason,
    NotFoundError, RefusedError, SigningError where a key is named and cannot sign, WorldError.
    """
    reason = checked_why(why)
    if not reason:
        raise UsageError("say why it is erased", hint="Nothing was erased.")
    with desk.alone(), desk.keeping():
        plan = preview_erasure(desk, run, only)
        live = [name for name in plan.live if name not in although_live]
        if live:
            names = "; ".join(
                f"{one.version} of {one.project} in {', '.join(one.environments)}"
                for one in plan.needed
                if one.environments
            )
            raise RefusedError(
                f"this would take what is live or on its way: {names}",
                code="live",
                hint="Nothing was erased. Deliver another version first, or name it: "
                + " ".join(f"--although-live {name}" for name in live),
            )
        if not (plan.draft or plan.here) and _all_erased(desk, plan):
            return plan
        signed = _leave_tombstone(desk, plan, reason)
        failpoint("erase-after-tombstone")
        for file in plan.files:
            desk.store.remove(file.sha256)
        if plan.draft:
            desk.runner.discard(run)
        return msgspec.structs.replace(plan, signed=signed)


def _manifest(desk: Desk, run: str) -> tuple[Manifest, bool]:
    """Return the manifest of a run, and whether it lies on this machine."""
    try:
        draft = desk.runner.load(run)
    except NotFoundError:
        draft = None
    if draft is not None and draft.state is not State.ENDED:
        hint = "Wait for its end, or cancel it."
        raise RefusedError(f"the run {run} is still going on", code="not-ended", hint=hint)
    kept = desk.history.evidence.get(run)
    if kept is not None:
        return kept_run(desk, kept).manifest, draft is not None
    if draft is None:
        hint = "See `jupyter mlcd evidence list`."
        raise NotFoundError(f"there is no run {run!r}", hint=hint)
    return desk.runner.manifest(run), True


def _chosen(files: tuple[ErasedFile, ...], only: Sequence[str]) -> tuple[ErasedFile, ...]:
    """Return the files that are named by path or by the beginning of their sha256."""
    found: dict[str, ErasedFile] = {}
    for name in only:
        digest = name.removeprefix("sha256:")
        same = [
            one
            for one in files
            if one.name == name or (len(digest) >= _SHORTEST and one.sha256.startswith(digest))
        ]
        if not same:
            listed = ", ".join(f"{one.name} sha256:{one.sha256[:12]}" for one in files) or "nothing"
            raise NotFoundError(f"the run made no {name!r}", hint=f"The Store has: {listed}.")
        found.update({one.sha256: one for one in same})
    return tuple(found.values()) if only else files


def _needed(desk: Desk, digests: set[str]) -> Iterator[Needed]:
    """Yield the versions of all projects of the repository that have one of these files."""
    events = desk.ledger.events()
    for project in dict.fromkeys(event.project for event in events):
        history = fold_history(events, project)
        folders = {version: release_folder(project, version) for version in history.releases}
        texts = desk.ledger.read_all(f"{folder}/release.json" for folder in folders.values())
        for version, folder in folders.items():
            text = texts.get(f"{folder}/release.json")
            release = msgspec.json.decode(text, type=Release) if text else None
            if release and digests & {one.sha256 for one in release.products.values()}:
                yield Needed(project, version, tuple(_where(history, version)))


def _where(history: History, version: str) -> Iterator[str]:
    names = [*history.live, *(one.environment for one in history.deliveries.values())]
    for name in dict.fromkeys(names):
        live, going = history.live.get(name), history.under_way(name)
        if version in {live.version if live else "", going.version if going else ""}:
            yield name


def _shared(desk: Desk, run: str, digests: set[str]) -> Iterator[str]:
    """Yield the other kept runs that name one of these files."""
    history = desk.history
    others = [one for one in history.evidence.values() if one.id != run]
    paths = {
        f"{one.path}/{name}": one.id for one in others for name in ("manifest.json", "kept.json")
    }
    texts = desk.ledger.read_all(paths).items()
    yield from dict.fromkeys(
        paths[path] for path, text in texts if any(digest.encode() in text for digest in digests)
    )


def _all_erased(desk: Desk, plan: ErasurePlan) -> bool:
    """Whether the history tells of the erasure of all of it, as of this run."""
    told = {
        file.sha256
        for event in desk.ledger.events()
        if isinstance(event.body, EvidenceErased) and event.body.run == plan.run
        for file in event.body.files
    }
    return all(one.sha256 in told for one in plan.files)


def _leave_tombstone(desk: Desk, plan: ErasurePlan, why: str) -> bool | None:
    """Write the tombstone, unless there is one of all of it; return whether it is signed."""
    if plan.files and _all_erased(desk, plan):
        return None
    name = desk.new_id()
    body = EvidenceErased(plan.run, name, plan.files, why, plan.draft)
    event = desk.event(body)
    stone = Tombstone(
        project=event.project,
        run=plan.run,
        files=plan.files,
        draft=plan.draft,
        why=why,
        by=event.by,
        at=event.at,
    )
    data = stone.to_bytes()
    path = tombstone_path(event.project, name)
    files = {path: data}
    try:
        files[f"{path}.sig"] = desk.sign(data, Tombstone.namespace)
    except SigningError as error:
        if error.code != "no-signing-key":
            raise
    words = f"Erase what the Store held of {plan.suite} {plan.run[-8:]}: {why}"
    desk.ledger.append([event], files, words, desk.by)
    return f"{path}.sig" in files
