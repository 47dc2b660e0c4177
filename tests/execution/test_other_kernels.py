"""Kernels that are not ours: another Python without our package, another language."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.suite import Compare, Limits, NotebookEntry
from jupyter_mlcd.world.process import marked_processes
from tests.execution.kernelspecs import Kernelspecs, bare_python
from tests.execution.projects import Project, cell, notebook

if TYPE_CHECKING:
    from jupyter_mlcd.model.run import Run

DENO = Path(sys.executable).parent / ("deno.exe" if sys.platform == "win32" else "deno")
needs_deno = pytest.mark.skipif(
    not DENO.exists(), reason="no Deno beside this Python: `pip install deno` has no file for it"
)
SCORE = """
await Deno.jupyter.display({
  "application/scrapbook.scrap.json+json": {name: "accuracy", data: 0.75},
  "text/plain": "accuracy = 0.75",
}, {raw: true});
"""


def only(run: Run) -> tuple[Verdict | None, str]:
    (case,) = run.cases
    return case.verdict, case.reason


@pytest.fixture
def kernelspecs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kernelspecs:
    return Kernelspecs(tmp_path / "share", monkeypatch)


# ------------------------------------------------------------------------------ another language


@pytest.fixture
def deno(kernelspecs: Kernelspecs) -> str:
    argv = [str(DENO), "jupyter", "--kernel", "--conn"]
    return kernelspecs.add("deno", argv, language="typescript")


def run_deno(project: Project, deno: str, *cells: dict[str, Any] | str, **given: Any) -> Run:
    project.commit({"one.ipynb": notebook(*cells, kernel=deno)})
    return project.run(NotebookEntry(path="one.ipynb"), **given)


@needs_deno
def test_another_language_passes_and_its_notebook_says_which(project: Project, deno: str) -> None:
    run = run_deno(project, deno, "const x: number = 1", "console.log(x + 1)")
    assert only(run) == (Verdict.PASSED, "2 of 2 cells ran, nothing compared")
    executed = project.executed(run)
    assert executed["metadata"]["language_info"]["name"] == "typescript"
    assert executed["cells"][1]["outputs"][0]["text"] == ["2\n"]
    assert marked_processes(run.id) == []


@needs_deno
def test_an_error_of_another_language_is_told_in_its_words(project: Project, deno: str) -> None:
    run = run_deno(project, deno, "throw new RangeError('too far')", "console.log('still here')")
    assert only(run) == (Verdict.ERROR, "cell 1: RangeError: too far")
    assert [one.verdict for one in run.cases[0].cells] == [Verdict.ERROR, Verdict.PASSED]


@needs_deno
def test_a_cell_that_does_not_compile_is_an_error(project: Project, deno: str) -> None:
    verdict, reason = only(run_deno(project, deno, "const x: number = ;"))
    assert verdict is Verdict.ERROR
    assert reason.startswith("cell 1: ")


@needs_deno
@pytest.mark.parametrize(("shown", "verdict"), [("2\n", Verdict.PASSED), ("3\n", Verdict.FAILED)])
def test_every_cell_is_compared_with_what_is_stored(
    project: Project, deno: str, shown: str, verdict: Verdict
) -> None:
    stored = cell("console.log(2)", shown=shown)
    run = run_deno(project, deno, stored, compare=Compare.EVERY_CELL)
    assert run.verdict is verdict, run.reason


@needs_deno
@pytest.mark.parametrize(
    ("tag", "verdict"), [("", Verdict.PASSED), ("nbval-check-output", Verdict.FAILED)]
)
def test_marked_cells_are_compared_by_their_tags(
    project: Project, deno: str, tag: str, verdict: Verdict
) -> None:
    run = run_deno(project, deno, cell("console.log(2)", tag=tag, shown="3\n"))
    assert run.verdict is verdict, run.reason


@needs_deno
def test_another_language_records_a_score_by_its_media_type(project: Project, deno: str) -> None:
    run = run_deno(project, deno, SCORE)
    assert run.cases[0].metrics == {"accuracy": 0.75}
    assert only(run) == (Verdict.PASSED, "1 of 1 cells ran, 1 score recorded")


@needs_deno
@pytest.mark.parametrize("wait", ["await new Promise(r => setTimeout(r, 60000))", "while (1) {}"])
def test_a_cell_of_another_language_is_ended_at_its_limit(
    project: Project, deno: str, wait: str
) -> None:
    run = run_deno(project, deno, "console.log('begun')", wait, "3", limits=Limits(cell=1.0))
    verdict, reason = only(run)
    assert verdict is Verdict.TIMEOUT, reason
    assert reason.startswith("cell 2: took longer than")
    verdicts = [one.verdict for one in run.cases[0].cells]
    assert verdicts == [Verdict.PASSED, Verdict.TIMEOUT, Verdict.NOT_RUN]
    assert project.executed(run)["cells"][0]["outputs"][0]["text"] == ["begun\n"]
    assert marked_processes(run.id) == []


@needs_deno
def test_a_run_of_another_language_is_cancelled(project: Project, deno: str) -> None:
    endless = "await new Promise(r => setTimeout(r, 60000))"
    project.commit({"one.ipynb": notebook(endless, kernel=deno)})
    run = project.start(NotebookEntry(path="one.ipynb"))
    run = project.until(run, lambda one: one.cases[0].position == 1)
    project.runner.cancel(run.id)
    assert only(project.ended(run))[0] is Verdict.CANCELLED
    assert marked_processes(run.id) == []


@needs_deno
@pytest.mark.parametrize(
    ("way_out", "verdict", "words"),
    [
        ("Deno.kill(Deno.pid, 'SIGKILL')", Verdict.KILLED, "SIGKILL"),
        ("Deno.exit(3)", Verdict.KILLED, "exit code 3"),
        ("Deno.exit(0)", Verdict.INCOMPLETE, "ended the kernel"),
    ],
)
def test_the_death_of_another_languages_kernel_is_told(
    project: Project, deno: str, way_out: str, verdict: Verdict, words: str
) -> None:
    run = run_deno(project, deno, "console.log('begun')", way_out, "3")
    assert only(run)[0] is verdict, run.reason
    assert words in run.cases[0].reason
    assert run.cases[0].cells[-1].verdict is Verdict.NOT_RUN


@needs_deno
def test_parameters_reach_a_notebook_of_another_language(project: Project, deno: str) -> None:
    cells = cell('let words = "one"', tag="parameters"), "console.log(words)"
    project.commit({"one.ipynb": notebook(*cells, kernel=deno)})
    given = 'two"; throw "three'
    run = project.run(NotebookEntry(path="one.ipynb", parameters={"words": given}))
    assert run.verdict is Verdict.PASSED
    shown = project.executed(run)["cells"][2]["outputs"][0]["text"]
    assert "".join(shown) == f"{given}\n"


@needs_deno
def test_the_evidence_says_which_language_it_was(project: Project, deno: str) -> None:
    run = run_deno(project, deno, "throw new Error('no')")
    software = project.runner.manifest(run.id).software
    assert software is not None
    assert (software.kernel, software.language) == ("deno", "typescript")
    assert software.version.split(".")[0].isdigit()
    assert software.packages == {}
    assert "Error: no" in (project.runner.bundle(run.id) / "junit.xml").read_text()


# -------------------------------------------------------------------------------- another Python


@pytest.fixture
def bare(kernelspecs: Kernelspecs, tmp_path_factory: pytest.TempPathFactory) -> str:
    return kernelspecs.add_python("bare", bare_python(tmp_path_factory))


def run_bare(project: Project, bare: str, *cells: dict[str, Any] | str, **given: Any) -> Run:
    project.commit({"one.ipynb": notebook(*cells, kernel=bare)})
    return project.run(NotebookEntry(path="one.ipynb"), **given)


def test_scores_come_from_a_python_without_our_package(project: Project, bare: str) -> None:
    run = run_bare(
        project,
        bare,
        "from importlib.util import find_spec\n"
        "assert not (find_spec('numpy') or find_spec('msgspec'))",
        "from jupyter_mlcd import record\nrecord('accuracy', 0.9)",
    )
    assert only(run) == (Verdict.PASSED, "2 of 2 cells ran, 1 score recorded"), run.reason
    assert run.cases[0].metrics == {"accuracy": 0.9}


def test_tables_and_figures_come_from_there_too(project: Project, bare: str) -> None:
    run = run_bare(
        project,
        bare,
        "from jupyter_mlcd import record_figure, record_table\n"
        "record_table('errors', {'digit': [1, 2], 'errors': [3, 4]})",
        "record_figure('curve', b'\\x89PNG\\r\\n\\x1a\\n')",
    )
    assert run.verdict is Verdict.PASSED, run.reason
    assert [one.name for one in run.cases[0].exhibits] == ["errors", "curve"]


def test_parameters_are_injected_there(project: Project, bare: str) -> None:
    cells = (cell("C = 1.0", tag="parameters"), "assert C == 10.0")
    project.commit({"one.ipynb": notebook(*cells, kernel=bare)})
    run = project.run(NotebookEntry(path="one.ipynb", parameters={"C": 10.0}))
    assert run.verdict is Verdict.PASSED, run.reason


def test_the_evidence_tells_that_pythons_software(
    project: Project, bare: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = run_bare(project, bare, "1")
    software = project.runner.manifest(run.id).software
    assert software is not None
    assert software.kernel == "bare"
    assert "ipykernel" in software.packages
    assert "msgspec" not in software.packages
    home = Path(bare_python(tmp_path_factory)).parents[1] / "pyvenv.cfg"
    assert f"version = {software.version}" in home.read_text()


def test_a_cell_there_is_ended_at_its_limit(project: Project, bare: str) -> None:
    run = run_bare(project, bare, "import time; time.sleep(60)", limits=Limits(cell=1.0))
    assert only(run)[0] is Verdict.TIMEOUT
    assert marked_processes(run.id) == []


# ----------------------------------------------------------------------------- odd kernelspecs


def test_what_a_kernelspec_puts_into_the_environment_is_there(
    project: Project, kernelspecs: Kernelspecs, tmp_path: Path
) -> None:
    (tmp_path / "hers").mkdir()
    (tmp_path / "hers" / "mine.py").write_text("VALUE = 7")
    name = kernelspecs.add_python(
        "with-env",
        env={"MODEL_HOME": "there", "PYTHONPATH": f"{tmp_path / 'hers'}"},
    )
    source = (
        "import os, mine\nfrom jupyter_mlcd import record\n"
        "assert os.environ['MODEL_HOME'] == 'there'\nrecord('value', mine.VALUE)"
    )
    project.commit({"one.ipynb": notebook(source, kernel=name)})
    run = project.run(NotebookEntry(path="one.ipynb"))
    assert run.verdict is Verdict.PASSED, run.reason
    assert run.cases[0].metrics == {"value": 7}


def test_a_kernel_that_is_interrupted_by_message_is_ended_at_its_limit(
    project: Project, kernelspecs: Kernelspecs
) -> None:
    name = kernelspecs.add_python("by-message", interrupt_mode="message")
    source = "import time\ntime.sleep(60)"
    project.commit({"one.ipynb": notebook(source, "2", kernel=name)})
    run = project.run(NotebookEntry(path="one.ipynb"), limits=Limits(cell=1.0))
    assert only(run)[0] is Verdict.TIMEOUT
    assert "KeyboardInterrupt" in str(project.executed(run)["cells"][0]["outputs"])


def test_the_provisioner_that_a_kernelspec_names_starts_the_kernel(
    project: Project, kernelspecs: Kernelspecs
) -> None:
    name = kernelspecs.add_python(
        "provisioned",
        metadata={"kernel_provisioner": {"provisioner_name": "local-provisioner"}},
    )
    project.commit({"one.ipynb": notebook("print(1)", kernel=name)})
    assert project.run(NotebookEntry(path="one.ipynb")).verdict is Verdict.PASSED


def test_a_provisioner_that_is_not_installed_is_told_in_one_sentence(
    project: Project, kernelspecs: Kernelspecs
) -> None:
    name = kernelspecs.add_python(
        "provisioned",
        metadata={"kernel_provisioner": {"provisioner_name": "on-the-moon"}},
    )
    project.commit({"one.ipynb": notebook("1", kernel=name)})
    verdict, reason = only(project.run(NotebookEntry(path="one.ipynb")))
    assert verdict is Verdict.ERROR
    assert "the kernel `provisioned` is started by a provisioner that is not installed" in reason


def test_a_broken_kernelspec_is_told_in_one_sentence(
    project: Project, kernelspecs: Kernelspecs
) -> None:
    name = kernelspecs.add("broken", ["python"])
    (kernelspecs.folder / "broken" / "kernel.json").write_text("{")
    project.commit({"one.ipynb": notebook("1", kernel=name)})
    verdict, reason = only(project.run(NotebookEntry(path="one.ipynb")))
    assert verdict is Verdict.ERROR
    assert "the description of the kernel `broken` cannot be read" in reason


def test_a_kernel_whose_program_is_gone_is_told_in_one_sentence(
    project: Project, kernelspecs: Kernelspecs
) -> None:
    name = kernelspecs.add("gone", ["/no/such/program", "-f"], language="python")
    project.commit({"one.ipynb": notebook("1", kernel=name)})
    verdict, reason = only(project.run(NotebookEntry(path="one.ipynb")))
    assert verdict is Verdict.ERROR
    assert "/no/such/program" in reason


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such sockets")
def test_only_kernels_that_are_known_to_speak_it_get_sockets_of_files(
    project: Project, kernelspecs: Kernelspecs, tmp_path: Path
) -> None:
    program, seen = tmp_path / "silent.py", tmp_path / "connection.json"
    program.write_text(f"import shutil, sys\nshutil.copy(sys.argv[-1], {str(seen)!r})\n{SILENT}")
    silent = kernelspecs.add("silent", [sys.executable, str(program), "-f"])
    ours = kernelspecs.add_python("ours", interrupt_mode="message")
    ask = "from ipykernel.connect import get_connection_info as ask\nask(unpack=True)['transport']"
    project.commit({"1.ipynb": notebook("1", kernel=silent), "2.ipynb": notebook(ask, kernel=ours)})
    run = project.run(NotebookEntry(path="1.ipynb"), NotebookEntry(path="2.ipynb"))
    connection = json.loads(seen.read_text())
    assert (connection["transport"], connection["ip"]) == ("tcp", "127.0.0.1")
    assert len(connection["key"]) > 30
    assert "'ipc'" in str(project.executed(run, 1)["cells"][0]["outputs"])


def test_a_kernel_that_says_nothing_about_itself_runs_too(
    project: Project, kernelspecs: Kernelspecs, tmp_path: Path
) -> None:
    """Its kernelspec has no language and its answer no ``language_info``."""
    program = tmp_path / "silent.py"
    program.write_text(SILENT)
    name = kernelspecs.add("silent", [sys.executable, str(program), "-f"])
    project.commit({"one.ipynb": notebook("anything", kernel=name)})
    run = project.run(NotebookEntry(path="one.ipynb"))
    assert run.verdict is Verdict.PASSED, run.reason
    assert "said: anything" in str(project.executed(run)["cells"][0]["outputs"])


def test_a_kernel_that_dies_while_it_starts_is_started_again_on_other_ports(
    project: Project, kernelspecs: Kernelspecs, tmp_path: Path
) -> None:
    """As when another program took its port a moment before."""
    program, ports = tmp_path / "silent.py", tmp_path / "ports"
    program.write_text(
        "import json, sys\n"
        "port = json.load(open(sys.argv[-1]))['shell_port']\n"
        f"before = open({str(ports)!r}, 'a+')\n"
        "before.seek(0)\n"
        "earlier = before.read().split()\n"
        "before.write(f'{port}\\n')\n"
        "before.close()\n"
        f"if not earlier: sys.exit(1)\n{SILENT}"
    )
    name = kernelspecs.add("unlucky", [sys.executable, str(program), "-f"])
    project.commit({"one.ipynb": notebook("1", kernel=name)})
    run = project.run(NotebookEntry(path="one.ipynb"))
    assert run.verdict is Verdict.PASSED, run.reason
    first, second = ports.read_text().split()
    assert first != second


def test_a_kernel_that_always_dies_while_it_starts_is_told(
    project: Project, kernelspecs: Kernelspecs
) -> None:
    name = kernelspecs.add("dead", [sys.executable, "-c", "1 / 0"])
    project.commit({"one.ipynb": notebook("1", kernel=name)})
    run = project.run(NotebookEntry(path="one.ipynb"))
    assert only(run) == (Verdict.ERROR, "the kernel died while it started")
    assert "ZeroDivisionError" in project.log(run)


def test_what_a_kernel_shows_after_it_said_that_it_is_idle_is_kept(
    project: Project, kernelspecs: Kernelspecs, tmp_path: Path
) -> None:
    """Deno's kernel does so once in a hundred cells."""
    program = tmp_path / "late.py"
    program.write_text(LATE)
    name = kernelspecs.add("late", [sys.executable, str(program), "-f"], language="late")
    project.commit({"one.ipynb": notebook("one", "two", kernel=name)})
    cells = project.executed(project.run(NotebookEntry(path="one.ipynb")))["cells"]
    assert [one["outputs"][0]["text"] for one in cells] == [["said: one"], ["said: two"]]


SILENT = """
from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel


class Silent(Kernel):
    implementation = "silent"
    implementation_version = "1"
    banner = "printed at the start"

    @property
    def kernel_info(self):
        return {"protocol_version": "5.3", "implementation": "silent"}

    async def do_execute(self, code, silent, *rest, **more):
        self.send_response(
            self.iopub_socket, "stream", {"name": "stdout", "text": "said: " + code}
        )
        return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}


print("some text before it is ready", flush=True)
IPKernelApp.launch_instance(kernel_class=Silent)
"""

LATE = """
from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel


class Late(Kernel):
    implementation = "late"
    implementation_version = "1"
    language_info = {"name": "late"}
    banner = "late"
    said = None

    async def do_execute(self, code, silent, *rest, **more):
        self.said = self.get_parent("shell"), {"name": "stdout", "text": "said: " + code}
        return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}

    async def dispatch_shell(self, *arguments, **more):
        await super().dispatch_shell(*arguments, **more)
        if self.said:
            (parent, content), self.said = self.said, None
            topic = self._topic("stream")
            self.session.send(self.iopub_socket, "stream", content, parent=parent, ident=topic)


IPKernelApp.launch_instance(kernel_class=Late)
"""
