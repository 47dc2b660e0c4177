"""The CI run of the commit that is checked out: what it would do, start it, follow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.project_api.prepared_delivery import refuse_in_a_kernel
from jupyter_mlcd.world.this_kernel import kernel_shell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.ci import CiPreview, CiRun
    from jupyter_mlcd.workbench import Workbench

_NO_PERSON = "a notebook's kernel does not speak for a person; nothing was pushed or started"
_PLACE = "Do it in the Delivery panel, or in a terminal"


class StartingCi:
    """The part of a project that CI runs go through."""

    workbench: Workbench

    def preview_ci(self) -> CiPreview:
        """Return what starting the CI run of this commit would push and start; nothing happens.

        Raises ConfigError without ``[ci]``, RefusedError where files are not committed.
        """
        return self.workbench.preview_ci()

    def start_ci(self, digest: str = "") -> CiRun:
        """Push this commit where need be and start its CI run, once; it goes on there.

        ``digest`` is that of the preview that was looked at; empty: whatever it would show now.
        Raises as ``preview_ci``, GitError, WorldError; RefusedError in a kernel and where
        something else would be done than was shown.
        """
        refuse_in_a_kernel("jupyter mlcd ci start", _NO_PERSON, _PLACE)
        return self.workbench.start_ci(digest)

    def show_ci(self) -> CiRun | None:
        """Return the CI run of this commit, the system asked; at its end its evidence is fetched.

        A kernel does not ask: it gets what was seen last, None where nothing was. Raises as
        ``preview_ci``, WorldError.
        """
        if kernel_shell() is not None:
            return self.read_ci()
        return self.workbench.show_ci()

    def read_ci(self) -> CiRun | None:
        """Return the CI run of this commit as it was seen last; None where none was seen."""
        return self.workbench.read_ci()

    def ci_in_commands(self) -> Sequence[str]:
        """Return starting the CI run of this commit as plain commands. Raises as ``preview_ci``."""
        return self.workbench.ci_in_commands().commands
