"""From notebooks to a delivered release, with real kernels and real git."""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import GateError, RefusedError
from jupyter_mlcd.model.result import State, Verdict
from jupyter_mlcd.model.run import Run, RunRequest
from jupyter_mlcd.workbench import Workbench
from jupyter_mlcd.world.git_reading import fsck
from tests.journeys.projects import commit_all, git, mlcd, notebook, repository

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[project]
name = "seeds"

[suites.quality]
[[suites.quality.notebooks]]
path = "train.ipynb"
parameters = { quality = 0.9 }
matrix = { seed = [1, 2, 3] }
produces = ["model.txt"]
candidate = { best = "accuracy" }

[[suites.quality.notebooks]]
path = "evaluate.ipynb"
after = ["train.ipynb"]

[[gates]]
metric = "accuracy"
over = "mean"
at-least = 0.5
better-than = "production"
by = 0.002

[environments.production]
"""

TRAIN = notebook(
    "parameters|quality = 0.0\nseed = 0",
    "import time\ntime.sleep(0.5)",
    "open('model.txt', 'w').write(f'model of seed {seed}, {quality}')",
    "from jupyter_mlcd import record\nrecord('accuracy', quality + seed / 1000)",
)
EVALUATE = notebook("print(open('model.txt').read())")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "seeds")
    (folder / "mlcd.toml").write_text(CONFIG)
    (folder / "train.ipynb").write_text(TRAIN)
    (folder / "evaluate.ipynb").write_text(EVALUATE)
    (folder / ".gitignore").write_text("releases/\nmodel.txt\n")
    commit_all(folder)
    return folder


def ended(bench: Workbench, run: Run) -> Run:
    deadline = time.monotonic() + 60
    while run.state is not State.ENDED:
        assert time.monotonic() < deadline, run
        time.sleep(0.05)
        run = bench.show_run(run.id)
    return run


def ran(folder: Path) -> Run:
    bench = Workbench(folder)
    return ended(bench, bench.run(RunRequest("quality")))


def untouched(folder: Path) -> str:
    """Return what no run and no keeping may change, byte for byte and to the nanosecond."""
    found = hashlib.sha256()
    names = ("index", "HEAD", "refs/heads/main", "config")
    files = sorted(path for path in folder.iterdir() if path.is_file())
    for path in [*files, *(folder / ".git" / name for name in names)]:
        found.update(f"{path} {path.stat().st_mtime_ns}".encode() + path.read_bytes())
    return found.hexdigest()


def set_quality(folder: Path, old: str, new: str) -> None:
    config = folder / "mlcd.toml"
    config.write_text(config.read_text().replace(f"quality = {old}", f"quality = {new}"))
    commit_all(folder, f"Quality {new}")


def test_the_delivered_file_is_the_candidates_though_three_seeds_wrote_the_same_name(
    project: Path,
) -> None:
    assert ran(project).verdict is Verdict.PASSED
    Workbench(project).deliver("production")
    delivered = project / "releases/production/current/model.txt"
    assert delivered.read_text() == "model of seed 3, 0.9"


def test_the_delivered_file_has_the_bytes_that_the_evidence_names(project: Path) -> None:
    run = ran(project)
    bench = Workbench(project)
    bench.deliver("production")
    named = bench.show_evidence(run.id).delivers["model.txt"]
    delivered = (project / "releases/production/current/model.txt").read_bytes()
    assert (hashlib.sha256(delivered).hexdigest(), len(delivered)) == (named.sha256, named.size)


def test_edits_during_the_run_change_neither_the_run_nor_what_is_delivered(project: Path) -> None:
    bench = Workbench(project)
    run = bench.run(RunRequest("quality"))
    before = (project / "train.ipynb").read_text()
    (project / "train.ipynb").write_text(notebook("raise SystemError('edited')"))
    (project / "model.txt").write_text("not tested")
    assert ended(bench, run).verdict is Verdict.PASSED
    with pytest.raises(RefusedError, match=r"train\.ipynb is not committed"):
        bench.deliver("production")
    (project / "train.ipynb").write_text(before)
    bench.deliver("production")
    assert "seed 3" in (project / "releases/production/current/model.txt").read_text()
    assert (project / "model.txt").read_text() == "not tested"


def test_a_later_notebook_gets_the_candidates_file(project: Path) -> None:
    run = ran(project)
    page = json.loads(Workbench(project).executed_notebook(run.id, 3))
    assert page["cells"][0]["outputs"][0]["text"] == ["model of seed 3, 0.9\n"]


def test_running_and_keeping_touch_neither_files_nor_index_nor_head(project: Path) -> None:
    (project / "train.ipynb").write_text(TRAIN + "\n")
    git(project, "add", "train.ipynb")
    (project / "evaluate.ipynb").write_text(EVALUATE + "\n")
    before = untouched(project)
    run = ran(project)
    Workbench(project).keep(run.id)
    assert untouched(project) == before


def test_committing_the_tested_bytes_needs_no_second_run(project: Path) -> None:
    (project / "evaluate.ipynb").write_text(notebook("print('changed')"))
    assert ran(project).dirty
    commit_all(project, "Changed")
    assert Workbench(project).deliver("production").state is DeliveryState.DELIVERED


def test_changing_one_byte_needs_a_second_run(project: Path) -> None:
    ran(project)
    (project / "evaluate.ipynb").write_text(EVALUATE + "\n")
    commit_all(project, "One byte")
    with pytest.raises(RefusedError, match=r"evaluate\.ipynb changed since the last run"):
        Workbench(project).deliver("production")


def test_a_squashed_history_with_the_same_files_needs_no_second_run(project: Path) -> None:
    ran(project)
    git(project, "commit", "--quiet", "--amend", "--message=Said better")
    assert Workbench(project).deliver("production").state is DeliveryState.DELIVERED


def test_a_better_model_replaces_the_live_one_and_a_worse_one_is_refused(project: Path) -> None:
    ran(project)
    assert Workbench(project).deliver("production").version == "0.1.0"
    set_quality(project, "0.9", "0.95")
    ran(project)
    assert Workbench(project).deliver("production").version == "0.2.0"
    set_quality(project, "0.95", "0.92")
    ran(project)
    with pytest.raises(GateError, match=r"0\.922 against 0\.952 live: 0\.03 worse"):
        Workbench(project).deliver("production")
    current = project / "releases/production/current/model.txt"
    assert current.read_text() == "model of seed 3, 0.95"


def test_a_change_of_the_evaluation_makes_scores_not_comparable(project: Path) -> None:
    config = project / "mlcd.toml"
    text = config.read_text().replace('metric = "accuracy"', 'metric = "checked"')
    config.write_text(text.replace('goal = "max"', ""))
    score = "from jupyter_mlcd import record\nrecord('checked', 0.9)"
    (project / "evaluate.ipynb").write_text(notebook(score))
    commit_all(project, "Another score")
    ran(project)
    Workbench(project).deliver("production")
    (project / "evaluate.ipynb").write_text(notebook(score.replace("0.9", "0.99")))
    commit_all(project, "An easier test")
    ran(project)
    with pytest.raises(GateError, match="were not measured in the same way"):
        Workbench(project).deliver("production")


def test_a_filter_that_strips_outputs_cannot_strip_the_evidence(project: Path) -> None:
    (project / ".gitattributes").write_text("*.ipynb filter=strip\n")
    git(project, "config", "filter.strip.clean", "sed s/model/stripped/")
    git(project, "config", "filter.strip.required", "true")
    run = ran(project)
    Workbench(project).keep(run.id)
    kept = git(project, "grep", "model of seed 3", "mlcd/evidence", "--", "*.ipynb")
    assert "model of seed 3" in kept


def test_a_password_in_an_output_is_found_before_it_reaches_git(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "correct-horse-battery")
    (project / "evaluate.ipynb").write_text(notebook("print('correct-' + 'horse-battery')"))
    run = ran(project)
    with pytest.raises(RefusedError) as caught:
        Workbench(project).keep(run.id)
    assert "cell 0, output 0" in caught.value.message
    assert "horse" not in caught.value.message
    assert "mlcd/evidence" not in git(project, "branch", "--list")


def test_exported_evidence_checks_with_sha256sum(project: Path, tmp_path: Path) -> None:
    run = ran(project)
    Workbench(project).keep(run.id)
    assert mlcd(project, "evidence", "export", run.id, "--output", str(tmp_path / "out")).code == 0
    assert mlcd(project, "evidence", "verify", str(tmp_path / "out")).code == 0
    (tmp_path / "out" / "metrics.json").write_text("{}")
    spoilt = mlcd(project, "evidence", "verify", str(tmp_path / "out"))
    assert spoilt.code == 1
    assert "metrics.json was changed" in spoilt.out


def test_after_a_whole_day_the_repository_is_sound(project: Path) -> None:
    ran(project)
    Workbench(project).deliver("production")
    bench = Workbench(project)
    assert fsck(bench.git) == ()
    assert bench.verify("0.1.0").ok


def test_rules_are_those_of_the_policy_branch_not_of_the_edited_file(project: Path) -> None:
    config = project / "mlcd.toml"
    config.write_text(config.read_text().replace("[project]", '[project]\npolicy = "main"'))
    commit_all(project, "Rules come from main")
    git(project, "checkout", "--quiet", "-b", "weaker")
    config.write_text(config.read_text().replace("at-least = 0.5", "at-least = 0.1"))
    commit_all(project, "Lower the bar")
    desk = Workbench(project).desk()
    assert [gate.at_least for gate in desk.policy.gates] == [0.5]
    assert [gate.at_least for gate in desk.project.gates] == [0.1]


def test_where_the_policy_branch_has_no_rules_yet_the_file_counts(project: Path) -> None:
    config = project / "mlcd.toml"
    config.write_text(config.read_text().replace("[project]", '[project]\npolicy = "origin/main"'))
    desk = Workbench(project).desk()
    assert desk.policy == desk.project
