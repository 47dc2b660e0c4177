"""``papermill --engine mlcd in.ipynb out.ipynb``: our execution under papermill's own command.

It keeps papermill's promise (parameters, progress bar, saving after each cell, exit codes) and says
more than papermill's own engine: a cell over ``--execution-timeout``, a kernel that dies, a magic
that fails and ``sys.exit()`` with cells still to come are errors, written into the notebook at the
cell where they happened; cells that never ran stay ``pending``. A cell tagged ``raises-exception``
may raise; cells tagged ``nbval-skip`` or ``skip-execution`` do not run. The first other error ends
the notebook. Of a cell that shows more than 5 MiB only head and tail are kept.

It promises less than ``jupyter mlcd run``: the notebook runs in the folder where papermill runs it,
on whatever files lie there, with all environment variables, in a kernel of its own. There is no
tested tree, no private room, no limit of memory or of the whole notebook, no comparison with
expected outputs, no score rule, no retry, no journal and no evidence. What it writes cannot be
delivered. ``record`` must be installed in the kernel's own Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbclient.exceptions import DeadKernelError
from nbclient.util import run_sync
from nbformat import NotebookNode
from papermill.engines import NBClientEngine
from papermill.log import logger

from jupyter_mlcd.execution.cell_log import CellOutcome, Fate
from jupyter_mlcd.execution.kernels import end_in_words
from jupyter_mlcd.execution.papermill_engine import CellTimeout, MlcdClient, is_skipped

if TYPE_CHECKING:
    from papermill.engines import NotebookExecutionManager

_MAY_RAISE = "raises-exception"


class AdapterEngine(NBClientEngine):  # type: ignore[misc] # papermill ships no types
    """The engine that papermill's users know as ``mlcd``."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        **options: Any,  # noqa: ANN401 - papermill's
    ) -> NotebookNode:
        """Execute ``nb_man.nb``; papermill calls this and raises what it finds in the outputs.

        Raises nbclient's DeadKernelError when the kernel dies: papermill's exit code 138.
        """
        limit = options.pop("execution_timeout", None) or options.pop("timeout", None)
        start = options.pop("start_timeout", 60)
        for unused in ("input_path", "startup_timeout", "timeout"):
            options.pop(unused, None)
        client = AdapterClient(
            nb_man,
            kernel_name=kernel_name,
            startup_timeout=start,
            cell_limit=limit,
            ends_after=_is_unexpected_error,
            log=logger,
            **options,
        )
        try:
            return client.execute()
        except CellTimeout:
            executed: NotebookNode = client.nb
            return executed  # papermill raises it: it stands in the cell


class AdapterClient(MlcdClient):
    """Our client, which writes into the cells what papermill looks for when all is over."""

    def papermill_execute_cells(self) -> None:
        """Execute the cells; the progress bar counts those that can run."""
        if self.nb_man.pbar:
            self.nb_man.pbar.total = len(self.cells.outcomes)
        super().papermill_execute_cells()

    def _execute_one(self, cell: NotebookNode, index: int, outcome: CellOutcome) -> None:
        try:
            super()._execute_one(cell, index, outcome)
        except DeadKernelError as error:
            words = f"the kernel died: {end_in_words(self._exit_code())}"
            self._fail(cell, index, "DeadKernelError", words)
            raise DeadKernelError(f"{words}, in cell {outcome.number or index + 1}") from error
        except CellTimeout:
            words = f"the cell took longer than {self.cell_limit:g} s"
            self._fail(cell, index, "CellTimeoutError", words)
            raise
        if _MAY_RAISE in _tags(cell):
            cell.outputs = [_expected(output) for output in cell.outputs]
        elif outcome.fate is Fate.ERROR:
            name, _, value = outcome.error.partition(": ")
            self._fail(cell, index, name, value, only_if_silent=True)
        elif outcome.fate is Fate.EXIT and (left := self._cells_after(index)):
            words = f"the notebook was ended here, before {left} more of its cells"
            self._fail(cell, index, "NotebookIncomplete", words)

    def _fail(
        self, cell: NotebookNode, index: int, name: str, value: str, *, only_if_silent: bool = False
    ) -> None:
        """Write an error into a cell, as papermill's users find it there."""
        self.nb_man.cell_exception(cell, cell_index=index)
        errors = [at for at, one in enumerate(cell.outputs) if one["output_type"] == "error"]
        if only_if_silent and errors:
            return
        error = {"output_type": "error", "ename": name, "evalue": value}
        # papermill tells the first error of a cell; the interrupt's own would hide the reason.
        place = errors[0] if errors else len(cell.outputs)
        cell.outputs.insert(place, type(cell)({**error, "traceback": [f"{name}: {value}"]}))

    def _exit_code(self) -> int | None:
        provisioner = self.km.provisioner if self.km is not None else None
        return run_sync(provisioner.poll)() if provisioner is not None else None

    def _cells_after(self, index: int) -> int:
        """Return how many cells that would have run come after this one."""
        return sum(
            cell.cell_type == "code" and bool(cell.source.strip()) and not is_skipped(cell)
            for cell in self.nb.cells[index + 1 :]
        )


class _ExpectedError(NotebookNode):
    """An error that its cell announces: papermill, which knows no such tag, does not see it.

    papermill looks at the attribute; what is written is the item, which says ``error``.
    """

    output_type = "expected-error"


def _expected(output: NotebookNode) -> NotebookNode:
    is_error = output["output_type"] == "error"
    return _ExpectedError(output) if is_error else output  # type: ignore[no-untyped-call]


def _is_unexpected_error(outcome: CellOutcome, cell: NotebookNode) -> bool:
    return outcome.fate is Fate.ERROR and _MAY_RAISE not in _tags(cell)


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags") or []
