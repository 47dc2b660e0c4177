"""What happens on an ordinary day, in short: the steps that tests of verbs begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.run_suite import run_suite
from jupyter_mlcd.model.evidence import SUMS, digest_of, sums
from jupyter_mlcd.model.metric import metric_key
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.run import Run, RunRequest

if TYPE_CHECKING:
    from jupyter_mlcd.model.delivery import Delivery
    from jupyter_mlcd.testing import FakeDesk


def quality_ran(
    made: FakeDesk,
    accuracy: float = 0.95,
    verdict: Verdict = Verdict.PASSED,
    outputs: str = "",
    builder: str = "local",
    **more: float,
) -> Run:
    """Run the suite on the files as they are, to this score, and ``more`` of them by slice."""
    run = run_suite(made.desk, RunRequest("quality"))
    model = made.store.put_bytes(f"model of {made.worktree.state.tree}".encode())
    return made.runner.end(
        run.id,
        verdict=verdict,
        metrics={
            "accuracy": accuracy,
            **{metric_key("accuracy", {"segment": one}): value for one, value in more.items()},
        },
        delivers={"model.joblib": model},
        outputs=outputs,
        builder=builder,
    )


def shown(made: FakeDesk, output: dict[str, Any]) -> Run:
    """Run the suite so that its notebook shows something before what it records."""
    run = quality_ran(made)
    folder = made.runner.bundle(run.id)
    notebook = folder / "notebooks" / "0.ipynb"
    document = msgspec.json.decode(notebook.read_bytes())
    document["cells"][0]["outputs"].insert(0, output)
    notebook.write_bytes(msgspec.json.encode(document))
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != SUMS
    }
    (folder / SUMS).write_bytes(sums(files))
    ended = msgspec.structs.replace(run, digest=digest_of(sums(files)))
    made.runner.ended[run.id] = ended
    return ended


def change_committed(made: FakeDesk, number: int) -> None:
    """Commit another change: new commit, new tree."""
    made.worktree.state = msgspec.structs.replace(
        made.worktree.state, tree=f"tree-{number}", commit=f"{number:x}" * 40
    )


def delivered(made: FakeDesk, environment: str = "staging") -> Delivery:
    """Deliver what is ready."""
    return deliver(made.desk, environment)
