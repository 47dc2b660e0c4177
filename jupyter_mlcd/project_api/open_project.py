"""A project as an object: the workbench's verbs with the arguments that people type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlcd.model.acceptance import AcceptRequest
from jupyter_mlcd.model.pipelines import CiSystem
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.model.suite import Compare
from jupyter_mlcd.project_api.delivering import Delivering
from jupyter_mlcd.project_api.live_run import LiveRun
from jupyter_mlcd.project_api.prepared_delivery import refuse_in_a_kernel
from jupyter_mlcd.project_api.results import Results
from jupyter_mlcd.project_api.reviewing import Reviewing
from jupyter_mlcd.project_api.starting_ci import StartingCi
from jupyter_mlcd.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jupyter_mlcd.model.acceptance import Accepted
    from jupyter_mlcd.model.kept import Kept
    from jupyter_mlcd.model.parameter_form import ParameterForm
    from jupyter_mlcd.model.personal import PersonalFinding
    from jupyter_mlcd.model.pipelines import Pipelines
    from jupyter_mlcd.model.pruning import Pruned
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.model.secret import SecretAllowed, SecretFinding, SecretsFound
    from jupyter_mlcd.model.set_up import SetUpChoices, SetUpDone, SetUpPreview, SetUpProposal
    from jupyter_mlcd.model.status import Changes, Committed, Diagnosis, Status


def open_project(path: Path | str = ".", *, by: str = "") -> OpenProject:
    """Open the project that holds ``path``.

    ``by`` says who asks, as ``Name <e-mail>``; empty takes git's identity. Raises GitError outside
    of a git repository.
    """
    return OpenProject(Workbench(path, by=by))


class OpenProject(Delivering, StartingCi, Reviewing, Results):
    """A project. It keeps nothing: every answer is read from the files and the repository."""

    @property
    def name(self) -> str:
        """What mlcd.toml calls it. Raises ConfigError."""
        return self.workbench.project.name

    @property
    def folder(self) -> Path:
        """The folder that holds mlcd.toml, or will hold it."""
        return self.workbench.folder

    def __repr__(self) -> str:
        """Say which project in which folder."""
        return f"<project in {self.folder}>"

    # ----------------------------------------------------------------------------- every day

    def run(  # noqa: PLR0913 - the same options as `jupyter mlcd run`, all but one by name
        self,
        suite: str = "",
        *,
        notebook: str | Sequence[str] = (),
        parameters: Mapping[str, Any] | None = None,
        compare: Compare | str | None = None,
        failed_only: bool = False,
        jobs: int = 0,
        coverage: bool = False,
    ) -> LiveRun:
        """Start a run and return it at once; it goes on in a process of its own.

        ``suite`` may be empty where there is only one; ``notebook`` runs notebooks instead, by
        their paths in the project. ``compare`` is ``every-cell``, ``marked-cells`` or
        ``nothing``; ``jobs`` is how many cases run side by side, 0 for one per processor. Raises
        UsageError, ConfigError, ParameterError, NotFoundError, ExecutionError.
        """
        request = RunRequest(
            suite,
            (notebook,) if isinstance(notebook, str) else tuple(notebook),
            parameters=dict(parameters or {}),
            compare=None if compare is None else Compare(compare),
            failed_only=failed_only,
            jobs=jobs,
            coverage=coverage,
        )
        return LiveRun(self.workbench, self.workbench.run(request))

    def describe_parameters(self, notebook: str) -> ParameterForm:
        """Return what a saved notebook can be given, by its path in the project.

        Raises NotFoundError, UsageError.
        """
        return self.workbench.describe_parameters(notebook)

    def cancel(self, run: str) -> Run:
        """Cancel a run and return it; what it started ends too. Raises NotFoundError."""
        return self.workbench.cancel(self.workbench.find(run))

    def show_run(self, run: str) -> LiveRun:
        """Return a run by the beginning or the end of its id. Raises NotFoundError."""
        found = self.workbench.show_run(self.workbench.find(run))
        return LiveRun(self.workbench, found)

    def status(self) -> Status:
        """Return where the project stands; what is wrong with it stands in ``problem``."""
        return self.workbench.status()

    def changes(self) -> Changes:
        """Return what a commit could take, with a proposed message."""
        return self.workbench.changes()

    def commit(self, message: str, paths: Sequence[str] = ()) -> Committed:
        """Commit files on the branch that is checked out, with its hooks.

        ``paths`` count from the repository's top; empty takes every changed file that git knows.
        Raises RefusedError, GitError.
        """
        return self.workbench.commit(paths, message)

    def accept(
        self,
        run: str,
        why: str,
        *,
        case: str = "",
        cell: int | None = None,
        everything: bool = False,
    ) -> Accepted:
        """Make results of a run the expected ones, and commit that.

        ``why`` is kept for the reviewer. ``case`` and ``cell`` (a code cell, counted from 1)
        narrow it; ``everything`` takes also what was as expected. Raises RefusedError.
        """
        request = AcceptRequest(why, case=case, cell=cell, everything=everything)
        return self.workbench.accept(self.workbench.find(run), request)

    def find_secrets(self, run: str) -> tuple[SecretFinding, ...]:
        """Return what in a draft looks like a secret, also what is allowed.

        Raises NotFoundError.
        """
        return self.workbench.find_secrets(self.workbench.find(run))

    def find_personal(self, run: str) -> tuple[PersonalFinding, ...]:
        """Return which tables of a draft look like personal data: where, which columns, how many.

        Never a value of them; none where mlcd.toml says not to look. Raises NotFoundError.
        """
        return self.workbench.find_personal(self.workbench.find(run))

    def show_secrets(self, run: str) -> SecretsFound:
        """Return both as a person looks at it: with the cell of the tested notebook.

        Of each secret who allows it; of tables only those that would be in git.

        Raises NotFoundError.
        """
        return self.workbench.show_secrets(self.workbench.find(run))

    def allow_secret(self, run: str, number: int, why: str, until: str) -> SecretAllowed:
        """Allow one of these, counted from 1, until a day, as 2026-12-01, or for a time, as 14d.

        Raises RefusedError in a kernel, UsageError, NotFoundError.
        """
        what = "a notebook's kernel does not speak for a person; nothing was written"
        refuse_in_a_kernel("jupyter mlcd evidence allow", what, "Do it in a terminal")
        return self.workbench.allow_secret(self.workbench.find(run), number, why, until)

    def keep(self, run: str) -> Kept:
        """Keep a run as evidence: one commit on ``mlcd/evidence``, nothing else is touched.

        Tells what was taken out of it, what was allowed, what looks like personal data and is in
        git now, and what is out of git for that. Nobody is asked: see ``find_personal``.

        Raises NotFoundError, RefusedError.
        """
        return self.workbench.keep(self.workbench.find(run))

    # --------------------------------------------------------------------- set up, look after

    def release(self, version: str = "") -> Release:
        """Prepare the release of the commit that is checked out. Raises GateError."""
        return self.workbench.release(version)

    def show_tag(self, version: str) -> str:
        """Return the tag of a version and who signed it, in words. Raises NotFoundError."""
        return self.workbench.show_tag(version)

    def prune(self, *, dry_run: bool = False) -> Pruned:
        """Remove old drafts and files of the Store that nothing names, or only tell which.

        Raises WorldError, GitError.
        """
        return self.workbench.prune(dry_run=dry_run)

    def doctor(self, environment: str = "") -> Diagnosis:
        """Return what is here, what is missing, and what to do about it."""
        return self.workbench.doctor(environment)

    def propose_set_up(self) -> SetUpProposal:
        """Return what set-up finds here and would choose; nothing runs and nothing is written."""
        return self.workbench.propose_set_up()

    def preview_set_up(self, choices: SetUpChoices) -> SetUpPreview:
        """Return the mlcd.toml that these choices make, and the commit; nothing is written."""
        return self.workbench.preview_set_up(choices)

    def set_up(self, choices: SetUpChoices | None = None, *, commit: bool = True) -> SetUpDone:
        """Write a first mlcd.toml and commit it; without ``choices`` as it is proposed.

        Raises RefusedError if there is one.
        """
        return self.workbench.set_up(choices, commit=commit)

    def propose_pipelines(self, system: CiSystem | str) -> Pipelines:
        """Return the pipeline files for a CI system, and how they differ from what is there."""
        return self.workbench.propose_pipelines(CiSystem(system))

    def write_pipelines(self, system: CiSystem | str) -> Pipelines:
        """Write the pipeline files that are not there; nothing is ever overwritten."""
        return self.workbench.write_pipelines(CiSystem(system))
