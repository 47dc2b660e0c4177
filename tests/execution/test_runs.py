"""Runs of real notebooks on real kernels."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from jupyter_mlcd.model.result import State, Verdict
from jupyter_mlcd.model.suite import Compare, Limits, NotebookEntry
from jupyter_mlcd.world.process import marked_processes
from tests.execution.projects import Project, cell, markdown, notebook

if TYPE_CHECKING:
    from jupyter_mlcd.model.run import Run

RECORD = "from jupyter_mlcd import record\n"


def only(run: Run) -> tuple[Verdict | None, str]:
    (case,) = run.cases
    return case.verdict, case.reason


# ------------------------------------------------------------------------------- the good path


def test_a_good_notebook_passes_and_its_bundle_is_there(project: Project) -> None:
    run = project.run_cells("x = 1", "print(x + 1)")
    assert run.verdict is Verdict.PASSED
    assert only(run) == (Verdict.PASSED, "2 of 2 cells ran, nothing compared")
    assert sorted(path.name for path in project.runner.bundle(run.id).iterdir()) == [
        "SHA256SUMS",
        "junit.xml",
        "manifest.json",
        "metrics.json",
        "notebooks",
    ]


def test_the_executed_notebook_holds_the_outputs(project: Project) -> None:
    run = project.run_cells(markdown("# Title"), "print(2)")
    cells = project.executed(run)["cells"]
    assert cells[1]["outputs"][0]["text"] == ["2\n"]


def test_the_executed_notebook_tells_nothing_of_this_machine(project: Project) -> None:
    run = project.run_cells("1")
    assert str(project.folder) not in str(project.executed(run))


def test_a_marked_cell_is_compared(project: Project) -> None:
    run = project.run_cells(cell("# NBVAL_CHECK_OUTPUT\nprint(2)", shown="2\n"), "3")
    assert only(run) == (Verdict.PASSED, "2 of 2 cells ran, 1 compared")


def test_scores_are_recorded_and_judged_by_rules_not_by_text(project: Project) -> None:
    recording = cell(RECORD + 'record("accuracy", 0.9)', shown="accuracy = 0.8\n")
    run = project.run_cells(recording, compare=Compare.EVERY_CELL)
    assert run.cases[0].metrics == {"accuracy": 0.9}
    assert only(run) == (Verdict.PASSED, "1 of 1 cells ran, 1 score recorded")


def test_progress_is_seen_while_the_run_goes_on(project: Project) -> None:
    project.commit({"one.ipynb": notebook("1", "import time; time.sleep(1.5)")})
    run = project.start(NotebookEntry(path="one.ipynb"))
    seen = project.until(run, lambda one: one.cases[0].position == 2)
    assert (seen.state, seen.cases[0].state, seen.cases[0].total) == (
        State.RUNNING,
        State.RUNNING,
        2,
    )
    assert project.ended(seen).verdict is Verdict.PASSED


def test_what_she_edits_meanwhile_is_not_seen(project: Project) -> None:
    project.commit(
        {
            "one.ipynb": notebook(
                "import time; time.sleep(1)", "from part import VALUE; print(VALUE)"
            ),
            "part.py": "VALUE = 'tested'",
        }
    )
    run = project.start(NotebookEntry(path="one.ipynb"))
    run = project.until(run, lambda one: one.cases[0].position == 1)
    project.write({"part.py": "VALUE = 'edited'", "one.ipynb": "broken"})
    run = project.ended(run)
    assert project.executed(run)["cells"][1]["outputs"][0]["text"] == ["tested\n"]


def test_a_notebook_in_a_folder_works_there(project: Project) -> None:
    project.commit(
        {"deep/one.ipynb": notebook("open('beside.txt').read()"), "deep/beside.txt": "here"}
    )
    run = project.run(NotebookEntry(path="deep/one.ipynb"))
    assert run.verdict is Verdict.PASSED


def test_nothing_that_a_notebook_writes_reaches_her_files(project: Project) -> None:
    run = project.run_cells("open('made.txt', 'w').write('x')")
    assert run.verdict is Verdict.PASSED
    assert not (project.folder / "made.txt").exists()


def test_declared_inputs_are_there_and_cannot_be_written(project: Project) -> None:
    project.commit({"one.ipynb": notebook("assert open('data/x.csv').read() == 'a,b'")})
    project.write({"data/x.csv": "a,b"})
    run = project.run(NotebookEntry(path="one.ipynb"), inputs=("data/",))
    assert run.verdict is Verdict.PASSED
    digest = hashlib.sha256(b"a,b").hexdigest()
    assert project.runner.manifest(run.id).inputs == {"data/x.csv": digest}


def test_a_missing_input_stops_the_run_with_a_word(project: Project) -> None:
    project.commit({"one.ipynb": notebook("1")})
    run = project.run(NotebookEntry(path="one.ipynb"), inputs=("data/",))
    assert run.verdict is Verdict.NOT_RUN
    assert "the declared input `data/` is not there" in run.reason


# ---------------------------------------------------------------------------------- parameters


def test_parameters_replace_defaults(project: Project) -> None:
    project.commit({"one.ipynb": notebook(cell("C = 1.0", tag="parameters"), "assert C == 10.0")})
    run = project.run(NotebookEntry(path="one.ipynb", parameters={"C": 10.0}))
    assert only(run) == (Verdict.PASSED, "2 of 2 cells ran, nothing compared")


def test_an_unknown_parameter_is_an_error_before_anything_runs(project: Project) -> None:
    project.commit({"one.ipynb": notebook(cell("C = 1.0", tag="parameters"), "1 / 0")})
    run = project.run(NotebookEntry(path="one.ipynb", parameters={"c": 10.0}))
    verdict, reason = only(run)
    assert verdict is Verdict.ERROR
    assert "does not assign `c`" in reason
    assert run.cases[0].cells == ()


def test_positions_are_those_of_the_source_notebook(project: Project) -> None:
    cells: tuple[Any, ...] = (markdown("# T"), cell("a = 1", tag="parameters"), "a / 0")
    project.commit({"one.ipynb": notebook(*cells)})
    run = project.run(NotebookEntry(path="one.ipynb", parameters={"a": 2}))
    assert [(one.index, one.id) for one in run.cases[0].cells] == [(1, "cell-1"), (2, "cell-2")]
    assert run.cases[0].reason == "cell 2: ZeroDivisionError: division by zero"


# ------------------------------------------------------------------ products and what comes after


TRAIN = notebook(
    cell("seed = 0", tag="parameters"),
    RECORD + "open('model.txt', 'w').write(f'model {seed}')\nrecord('accuracy', seed / 10)",
)


def test_three_seeds_make_three_products_of_one_name(project: Project) -> None:
    project.commit({"train.ipynb": TRAIN})
    run = project.run(
        NotebookEntry(
            path="train.ipynb",
            matrix={"seed": (1, 2, 3)},
            produces=("model.txt",),
            candidate={"seed": 2},
        )
    )
    made = [case.products["model.txt"].sha256 for case in run.cases]
    assert made == [hashlib.sha256(f"model {seed}".encode()).hexdigest() for seed in (1, 2, 3)]
    assert [case.candidate for case in run.cases] == [False, True, False]
    assert project.runner.manifest(run.id).delivers == {
        "model.txt": run.cases[1].products["model.txt"]
    }


def test_the_next_notebook_gets_the_best_candidate(project: Project) -> None:
    project.commit(
        {
            "train.ipynb": TRAIN,
            "evaluate.ipynb": notebook("assert open('model.txt').read() == 'model 3'"),
        }
    )
    run = project.run(
        NotebookEntry(
            path="train.ipynb",
            matrix={"seed": (1, 3, 2)},
            produces=("model.txt",),
            candidate={"best": "accuracy"},
        ),
        NotebookEntry(path="evaluate.ipynb", after=("train.ipynb",)),
    )
    assert run.verdict is Verdict.PASSED, run.reason


def test_a_case_gets_what_was_made_for_the_same_parameters(project: Project) -> None:
    check = notebook(
        cell("seed = 0", tag="parameters"), "assert open('model.txt').read() == f'model {seed}'"
    )
    project.commit({"train.ipynb": TRAIN, "check.ipynb": check})
    seeds = {"seed": (1, 2)}
    run = project.run(
        NotebookEntry(path="train.ipynb", matrix=seeds, produces=("model.txt",)),
        NotebookEntry(path="check.ipynb", matrix=seeds, after=("train.ipynb",)),
    )
    assert run.verdict is Verdict.PASSED, run.reason


def test_without_a_candidate_the_next_notebook_is_refused(project: Project) -> None:
    project.commit({"train.ipynb": TRAIN, "evaluate.ipynb": notebook("1")})
    run = project.run(
        NotebookEntry(path="train.ipynb", matrix={"seed": (1, 2)}, produces=("model.txt",)),
        NotebookEntry(path="evaluate.ipynb", after=("train.ipynb",)),
    )
    assert run.cases[-1].verdict is Verdict.ERROR
    assert "none of them is the candidate" in run.cases[-1].reason


def test_a_product_that_was_not_written_fails_the_case(project: Project) -> None:
    project.commit({"one.ipynb": notebook("1")})
    run = project.run(NotebookEntry(path="one.ipynb", produces=("model.txt",)))
    assert only(run) == (Verdict.FAILED, "the declared product model.txt was not written")


def test_a_case_after_a_red_one_does_not_run(project: Project) -> None:
    project.commit({"one.ipynb": notebook("1 / 0"), "two.ipynb": notebook("1")})
    run = project.run(
        NotebookEntry(path="one.ipynb"), NotebookEntry(path="two.ipynb", after=("one.ipynb",))
    )
    assert (run.cases[1].verdict, run.cases[1].reason) == (
        Verdict.NOT_RUN,
        "waits for one.ipynb, which raised an error",
    )
    assert run.verdict is Verdict.ERROR


# ------------------------------------------------------------------------------------ verdicts


def test_an_exception_is_an_error_and_later_cells_run_on(project: Project) -> None:
    run = project.run_cells("1 / 0", "print('still here')")
    assert only(run) == (Verdict.ERROR, "cell 1: ZeroDivisionError: division by zero")
    assert [one.verdict for one in run.cases[0].cells] == [Verdict.ERROR, Verdict.PASSED]


def test_an_expected_exception_is_none(project: Project) -> None:
    run = project.run_cells(cell("1 / 0", tag="raises-exception"))
    assert run.verdict is Verdict.PASSED


def test_an_unknown_magic_is_an_error_although_it_shows_none(project: Project) -> None:
    verdict, reason = only(project.run_cells("%no_such_magic"))
    assert verdict is Verdict.ERROR
    assert reason.startswith("cell 1: UsageError")


def test_another_output_than_the_saved_one_fails(project: Project) -> None:
    run = project.run_cells(cell("# NBVAL_CHECK_OUTPUT\nprint(3)", shown="2\n"))
    assert only(run) == (Verdict.FAILED, "cell 1: stdout differs")
    (difference,) = run.cases[0].cells[0].differences
    assert (difference.expected, difference.got) == ("2\n", "3\n")


def test_replacements_make_outputs_comparable(project: Project) -> None:
    project.commit(
        {
            "one.ipynb": notebook(cell("print('took 3 s')", shown="took 2 s\n")),
            "clean.cfg": "regex: took \\d+ s\nreplace: took N s\n",
        }
    )
    entry = NotebookEntry(path="one.ipynb")
    run = project.run(entry, compare=Compare.EVERY_CELL, sanitize=("clean.cfg",))
    assert run.verdict is Verdict.PASSED, run.reason


def test_a_cell_over_its_limit_is_a_timeout_and_ends_the_notebook(project: Project) -> None:
    run = project.run_cells("import time; time.sleep(60)", "1", limits=Limits(cell=1.0))
    verdict, reason = only(run)
    assert verdict is Verdict.TIMEOUT
    assert reason.startswith("cell 1: took longer than")
    assert [one.verdict for one in run.cases[0].cells] == [Verdict.TIMEOUT, Verdict.NOT_RUN]


def test_a_cell_that_ignores_the_interrupt_is_a_timeout_too(project: Project) -> None:
    stubborn = """
import time
while True:
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        print("no", flush=True)
"""
    run = project.run_cells(stubborn, limits=Limits(cell=1.0))
    assert only(run)[0] is Verdict.TIMEOUT


def test_a_notebook_over_its_limit_is_a_timeout(project: Project) -> None:
    run = project.run_cells("print('begun')", "import time; time.sleep(60)", limits=Limits(60, 2.0))
    assert only(run) == (Verdict.TIMEOUT, "the notebook took longer than 2 s")
    assert project.executed(run)["cells"][0]["outputs"][0]["text"] == ["begun\n"]


def test_a_kernel_that_is_killed_gives_killed_with_the_signal(project: Project) -> None:
    run = project.run_cells("print('a')", "import os; os.kill(os.getpid(), 9)", "1")
    verdict, reason = only(run)
    assert verdict is Verdict.KILLED
    assert "SIGKILL" in reason
    verdicts = [one.verdict for one in run.cases[0].cells]
    assert verdicts == [Verdict.PASSED, Verdict.KILLED, Verdict.NOT_RUN]


def test_a_case_process_that_is_killed_gives_killed_with_the_signal(project: Project) -> None:
    kill_the_parent = "import os, time; os.kill(os.getppid(), 9); time.sleep(60)"
    run = project.run_cells("1", kill_the_parent, "1")
    assert only(run) == (Verdict.KILLED, "the case's process was ended by SIGKILL")
    verdicts = [one.verdict for one in run.cases[0].cells]
    assert verdicts[-2:] == [Verdict.KILLED, Verdict.NOT_RUN]


@pytest.mark.parametrize("way_out", ["import sys; sys.exit(0)", "exit()", "import os; os._exit(0)"])
def test_ending_early_without_an_error_is_incomplete(project: Project, way_out: str) -> None:
    run = project.run_cells("1", way_out, "2")
    assert only(run)[0] is Verdict.INCOMPLETE, run.reason
    assert run.cases[0].cells[-1].verdict is Verdict.NOT_RUN


def test_cells_marked_to_be_skipped_do_not_run(project: Project) -> None:
    run = project.run_cells("# NBVAL_SKIP\n1 / 0", cell("1 / 0", tag="skip-execution"), "1")
    assert only(run) == (Verdict.PASSED, "1 of 3 cells ran, nothing compared")


def test_a_notebook_without_code_proves_nothing(project: Project) -> None:
    run = project.run_cells(markdown("# Nothing"))
    assert run.verdict is Verdict.NOT_RUN
    assert only(run) == (Verdict.SKIPPED, "it has no code cells")


def test_a_broken_notebook_is_an_error_in_words(project: Project) -> None:
    project.commit({"one.ipynb": "{ not json"})
    verdict, reason = only(project.run(NotebookEntry(path="one.ipynb")))
    assert verdict is Verdict.ERROR
    assert "cannot be read as a notebook" in reason


def test_a_missing_kernel_is_an_error_that_names_those_there(project: Project) -> None:
    project.commit({"one.ipynb": notebook("1", kernel="fortran")})
    verdict, reason = only(project.run(NotebookEntry(path="one.ipynb")))
    assert verdict is Verdict.ERROR
    assert "no kernel named `fortran`" in reason
    assert "Installed: " in reason


def test_cancel_ends_everything_at_once(project: Project) -> None:
    project.commit({"one.ipynb": notebook("import time; time.sleep(60)"), "two.ipynb": notebook()})
    run = project.start(
        NotebookEntry(path="one.ipynb"), NotebookEntry(path="two.ipynb", after=("one.ipynb",))
    )
    run = project.until(run, lambda one: one.cases[0].position == 1)
    began = time.monotonic()
    project.runner.cancel(run.id)
    run = project.ended(run)
    assert time.monotonic() - began < 4
    assert [case.verdict for case in run.cases] == [Verdict.CANCELLED, Verdict.CANCELLED]
    assert run.verdict is Verdict.CANCELLED
    assert marked_processes(run.id) == []


# ------------------------------------------------------------------------- what must not happen


def test_a_flood_of_output_neither_hangs_nor_is_kept_whole(project: Project) -> None:
    run = project.run_cells("for _ in range(300_000): print('x' * 99)", "1")
    assert run.verdict is Verdict.PASSED, run.reason
    outputs = project.executed(run)["cells"][0]["outputs"]
    assert sum(len(str(one["text"])) for one in outputs) < 7 << 20
    assert "left out" in outputs[-1]["text"][0]


def test_daemons_of_a_notebook_do_not_outlive_its_run(project: Project) -> None:
    daemon = """
import subprocess, sys
process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"],
                           start_new_session=True)
print(process.pid)
"""
    run = project.run_cells(daemon)
    pid = int(project.executed(run)["cells"][0]["outputs"][0]["text"][0])
    assert run.verdict is Verdict.PASSED
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert marked_processes(run.id) == []


def test_rooms_are_gone_afterwards_even_when_made_read_only(project: Project) -> None:
    locked = "import os; os.mkdir('d'); open('d/f', 'w'); os.chmod('d', 0o500)"
    run = project.run_cells(locked)
    assert run.verdict is Verdict.PASSED
    assert not (project.common / "mlcd" / "runs" / run.id / "rooms").exists()


def test_kernels_do_not_see_keys_that_deliver(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        *("JUPYTER_TOKEN", "JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN", "GITHUB_TOKEN"),
        *("SIGSTORE_ID_TOKEN", "SIGSTORE_IDENTITY_TOKEN"),
        *("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"),
    ):
        monkeypatch.setenv(name, "hidden")
    monkeypatch.setenv("MODEL_HOME", "seen")
    run = project.run_cells(
        "import os\nassert 'hidden' not in os.environ.values()",
        "assert os.environ['MODEL_HOME'] == 'seen'",
        "assert not open('/proc/self/environ').read().count('hidden')",
    )
    assert run.verdict is Verdict.PASSED, run.reason


def test_a_forked_kernel_looks_as_fresh_as_any(project: Project) -> None:
    run = project.run_cells(
        "import sys, os, threading\n"
        "assert not {'papermill', 'nbval', 'pytest', 'nbclient', 'numpy'} & set(sys.modules)",
        "assert '' in sys.path and '/' not in sys.path and os.getcwd() not in sys.path",
        "assert os.environ['MPLBACKEND'].startswith('module://matplotlib_inline')",
        "assert os.getsid(0) == os.getpid()",
        "assert sys.argv[0].endswith('ipykernel_launcher.py'), sys.argv",
        "assert __name__ == '__main__'",
        "import random; print(random.random())",
    )
    assert run.verdict is Verdict.PASSED, run.reason


def test_two_kernels_do_not_share_their_random_numbers(project: Project) -> None:
    numbers = notebook("import random, numpy; print(random.random(), numpy.random.rand())")
    project.commit({"one.ipynb": numbers, "two.ipynb": numbers})
    run = project.run(NotebookEntry(path="one.ipynb"), NotebookEntry(path="two.ipynb"))
    texts = [project.executed(run, number)["cells"][0]["outputs"][0]["text"] for number in (0, 1)]
    one, other = (text[0].split() for text in texts)
    assert not set(one) & set(other)


def test_the_output_of_c_libraries_and_programs_is_caught(project: Project) -> None:
    run = project.run_cells("import os; os.system('echo from a program')")
    texts = str(project.executed(run)["cells"][0]["outputs"])
    assert "from a program" in texts


def test_a_module_beside_the_notebook_wins_over_what_the_nursery_holds(project: Project) -> None:
    project.commit({"one.ipynb": notebook("import yaml; yaml.HERE"), "yaml.py": "HERE = 1"})
    assert project.run(NotebookEntry(path="one.ipynb")).verdict is Verdict.PASSED


def test_the_users_exit_hooks_run(project: Project, tmp_path: Path) -> None:
    place = tmp_path / "farewell"
    run = project.run_cells(f"import atexit; atexit.register(open, {str(place)!r}, 'w')")
    assert run.verdict is Verdict.PASSED
    assert place.exists()


def test_the_journal_of_an_ended_run_says_what_it_says(project: Project) -> None:
    run = project.run_cells("1")
    assert project.runner.load(run.id) == run
    assert project.runner.recent()[0] == run
    assert project.runner.seconds_taken("quality") == {"one.ipynb": run.cases[0].duration}


def test_the_environment_of_the_tests_is_left_alone() -> None:
    assert "MLCD_RUN_ID" not in os.environ


# ------------------------------------------------------------------------------- other kernels


@pytest.fixture
def other_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Install a kernel whose Python is another program than ours."""
    program = tmp_path / "other-python"
    program.write_text(f'#!/bin/sh\nOTHER=yes exec {sys.executable} "$@"\n')
    program.chmod(0o755)
    place = tmp_path / "share" / "kernels" / "other"
    place.mkdir(parents=True)
    argv = [str(program), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (place / "kernel.json").write_text(
        json.dumps({"argv": argv, "display_name": "Other", "language": "python"})
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    return "other"


def test_a_kernel_of_another_python_is_started_as_it_says(
    project: Project, other_python: str
) -> None:
    source = RECORD + "import os\nassert os.environ['OTHER'] == 'yes'\nrecord('accuracy', 1)"
    project.commit({"one.ipynb": notebook(source, kernel=other_python)})
    run = project.run(NotebookEntry(path="one.ipynb"))
    assert run.verdict is Verdict.PASSED, run.reason
    assert run.cases[0].metrics == {"accuracy": 1}
    assert marked_processes(run.id) == []


def test_the_death_of_another_pythons_kernel_is_noticed_too(
    project: Project, other_python: str
) -> None:
    die = "import os; os.kill(os.getpid(), 11)"
    project.commit({"one.ipynb": notebook(die, kernel=other_python)})
    verdict, reason = only(project.run(NotebookEntry(path="one.ipynb")))
    assert verdict is Verdict.KILLED
    assert "SIGSEGV" in reason


def test_papermill_finds_our_engine(project: Project) -> None:
    project.commit({"one.ipynb": notebook("print(1)", "1 / 0", "print(3)")})
    words = [sys.executable, "-c", "from papermill.__main__ import papermill; papermill()"]
    ended = subprocess.run(
        [*words, "--engine", "mlcd", "one.ipynb", "out.ipynb"],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert "ZeroDivisionError" in ended.stderr
    assert "3" in str(json.loads((project.folder / "out.ipynb").read_text())["cells"][-1])
