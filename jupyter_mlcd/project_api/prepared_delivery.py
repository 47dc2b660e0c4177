"""A delivery that was prepared and not sent: what will happen, and the confirmation by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.delivery import Given
from jupyter_mlcd.model.errors import RefusedError, UsageError
from jupyter_mlcd.world.this_kernel import kernel_shell

if TYPE_CHECKING:
    from jupyter_mlcd.model.delivery import Delivery
    from jupyter_mlcd.model.status import Preview, Reason
    from jupyter_mlcd.workbench import Workbench


def refuse_in_a_kernel(
    command: str,
    what: str = "a delivery is never sent from a notebook's kernel; nothing was delivered",
    where: str = "Confirm it in the Delivery panel, or in a terminal",
) -> None:
    """Raise RefusedError where this process is a kernel: what runs there may not be a person."""
    if kernel_shell() is not None:
        raise RefusedError(
            what,
            code="not-from-a-kernel",
            hint=f"{where}: {command}",
        )


class PreparedDelivery:
    """What ``deliver`` gives: read it, then ``confirm(version)`` in a script or at a prompt."""

    def __init__(
        self, workbench: Workbench, preview: Preview, version: str, given: Given | None = None
    ) -> None:
        self._workbench = workbench
        self._version = version
        self._given = given or Given()
        self.preview = preview
        """The whole Deliver page."""

    @property
    def version(self) -> str:
        """The version that was prepared: what ``confirm`` wants to hear."""
        return self.preview.version

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.preview.reasons

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why not; empty when it can be confirmed."""
        return self.preview.reasons

    @property
    def steps(self) -> tuple[str, ...]:
        """What will happen, in plain sentences."""
        return tuple(step.replace("**", "") for step in self.preview.steps)

    @property
    def text(self) -> str:
        """What people will read there, with the release notes, in Markdown; empty: nothing."""
        return self.preview.text

    def confirm(self, version: str) -> Delivery:
        """Deliver exactly what was previewed, once; ``version`` is typed to show that it was read.

        Raises UsageError for another version, GateError when a rule is not met, RefusedError when
        the preview is out of date and always inside a notebook's kernel, TargetError.
        """
        preview = self.preview
        refuse_in_a_kernel(self._command)
        if version != preview.version:
            raise UsageError(
                f"{version!r} is not the version that was prepared, {preview.version!r}",
                code="other-version",
                hint="Nothing was delivered. Read the preview and confirm its version.",
            )
        if preview.roll_back is not None:
            return self._workbench.roll_back(
                preview.environment,
                version=self._version,
                digest=preview.digest,
                replaces=preview.replaces.version if preview.replaces else "",
                given=self._given,
            )
        return self._workbench.deliver(
            preview.environment, version=self._version, digest=preview.digest, given=self._given
        )

    @property
    def _command(self) -> str:
        where = self.preview.environment
        back = f"jupyter mlcd roll-back --from {where} --why WHY"
        return back if self.preview.roll_back else f"jupyter mlcd deliver --to {where}"

    def __repr__(self) -> str:
        """Say what is prepared, and what is in the way or what to do next."""
        preview = self.preview
        words = f"{preview.version} to {preview.environment}"
        if preview.roll_back is not None and preview.replaces is not None:
            words = f"{words}, back from {preview.replaces.version}"
        if not self.ready:
            reasons = "; ".join(reason.text for reason in self.reasons)
            return f"<delivery of {words}, not possible now: {reasons}>"
        return f"<delivery of {words}, not sent: confirm({preview.version!r}) sends it>"
