"""Bringing versions to environments and back: prepared in Python, sent by a person's word only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.model.delivery import Given
from jupyter_mlcd.project_api.prepared_delivery import PreparedDelivery, refuse_in_a_kernel
from jupyter_mlcd.world.this_kernel import kernel_shell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.delivery import Delivery
    from jupyter_mlcd.model.figures import Figures
    from jupyter_mlcd.model.flow import FlowPass, Hold, LiveCheck
    from jupyter_mlcd.model.release_changes import ReleaseChanges
    from jupyter_mlcd.model.scored_live import LiveScoring
    from jupyter_mlcd.model.status import Deliveries, Preview
    from jupyter_mlcd.workbench import Workbench

_NO_PERSON = "a notebook's kernel does not speak for a person; nothing was changed"
_TERMINAL = "Do it in the Delivery panel, or in a terminal"


class Delivering:
    """The half of a project that deliveries go through."""

    workbench: Workbench

    def preview(self, environment: str = "", *, version: str = "") -> Preview:
        """Return what delivering would do and what stands in the way; nothing happens.

        ``environment`` empty: the next one that can be reached. Raises ConfigError,
        NotFoundError.
        """
        where = environment or self.workbench.next_environment()
        return self.workbench.preview(where, version=version)

    def rehearse(self, environment: str = "", *, version: str = "") -> Sequence[str]:
        """Return what the CD system would make of a delivery; nothing is pushed or started.

        ``environment`` empty: the next one that can be reached. Empty where only the preview can
        tell, as for a folder. Raises ConfigError, NotFoundError, RefusedError, WorldError.
        """
        where = environment or self.workbench.next_environment()
        return self.workbench.rehearse(where, version=version)

    def deliver(
        self,
        environment: str = "",
        *,
        version: str = "",
        why: str = "",
        work_items: Sequence[str] = (),
    ) -> PreparedDelivery:
        """Prepare a delivery; nothing is sent before its ``confirm`` is called.

        ``why`` and ``work_items``, as ``#12`` or ``AB#34``, are kept with it. Raises ConfigError,
        NotFoundError.
        """
        preview = self.preview(environment, version=version)
        return PreparedDelivery(self.workbench, preview, version, Given(why, tuple(work_items)))

    def roll_back(self, environment: str, why: str, *, version: str = "") -> PreparedDelivery:
        """Prepare bringing back what was live in ``environment`` before, or ``version``.

        Nothing is sent before its ``confirm`` is called; ``why`` is kept with it. Raises
        ConfigError, NotFoundError.
        """
        preview = self.workbench.preview_roll_back(environment, version=version)
        return PreparedDelivery(self.workbench, preview, version, Given(why))

    def deliveries(self, environment: str, page: int = 0) -> Deliveries:
        """Return a page of an environment's history, newest first. Raises NotFoundError."""
        return self.workbench.deliveries(environment, page)

    def figures(self, environment: str, since: str = "", until: str = "") -> Figures:
        """Return how often, how fast and how well an environment is delivered to.

        ``since`` and ``until`` are days of UTC, as 2026-03-03, or times with their zone; empty:
        the last twelve weeks. Raises NotFoundError, UsageError.
        """
        return self.workbench.figures(environment, since, until)

    def show_delivery(self, key: str) -> Delivery:
        """Return a delivery, the target asked what became of it; nothing is sent by looking.

        A kernel does not ask: it gets what the history tells. Raises NotFoundError.
        """
        if kernel_shell() is not None:
            return self.workbench.read_delivery(key)
        return self.workbench.show_delivery(key)

    def hold(self, environment: str, why: str) -> Hold:
        """Let nothing be delivered to ``environment`` until it is lifted; ``why`` is kept.

        Raises NotFoundError, UsageError; RefusedError in a kernel and where it is held already.
        """
        refuse_in_a_kernel(f"jupyter mlcd hold {environment} --why WHY", _NO_PERSON, _TERMINAL)
        return self.workbench.hold(environment, why)

    def lift(self, environment: str, why: str = "") -> Hold:
        """Lift the hold of ``environment`` and return what it was. Raises as ``hold``."""
        refuse_in_a_kernel(f"jupyter mlcd lift {environment}", _NO_PERSON, _TERMINAL)
        return self.workbench.lift(environment, why)

    def verify_live(self, environment: str, *, again: bool = False) -> LiveCheck:
        """Begin the check of what is live, look at it, or act on it: a red one is rolled back.

        Call it until its ``state`` is no longer ``going``. ``again`` begins another one. Raises
        NotFoundError; RefusedError in a kernel and where there is nothing to check.
        """
        refuse_in_a_kernel(f"jupyter mlcd verify-live {environment}", _NO_PERSON, _TERMINAL)
        return self.workbench.verify_live(environment, again=again)

    def score_live(
        self, environment: str, *, again: bool = False, version: str = ""
    ) -> LiveScoring:
        """Score the live model on today's data, where a rule of ``environment`` cannot compare.

        Call it until its ``state`` is no longer ``going``; its ``run`` can be followed meanwhile.
        ``again`` tries once more where it failed, ``version`` is what would be delivered. Raises
        NotFoundError; RefusedError where every rule can compare, and where it cannot be done.
        """
        return self.workbench.score_live(environment, again=again, version=version)

    def show_scoring(self, environment: str, *, version: str = "") -> LiveScoring | None:
        """Return how it stands with that, or None where every rule can compare. Changes nothing.

        Raises ConfigError, NotFoundError.
        """
        return self.workbench.show_scoring(environment, version=version)

    def flow(self, branch: str = "") -> FlowPass:
        """Make one pass over the environments that deliver by themselves: run, deliver, check.

        It waits for nothing: call it again while ``is_busy``. ``branch`` empty: the one that is
        checked out; always as it is committed. Raises ConfigError, NotFoundError; RefusedError in
        a kernel.
        """
        refuse_in_a_kernel("jupyter mlcd watch", _NO_PERSON, "Do it in a terminal")
        return self.workbench.flow(branch)

    def describe_release(
        self, version: str = "", *, since: str = "", environment: str = ""
    ) -> ReleaseChanges:
        """Return what ``version`` changes: scores, parameters, data, cells, software, rules.

        Empty: the newest, or what would go to ``environment`` now. It is held against ``since``,
        or against what is live there or was before it. Raises NotFoundError, UsageError,
        RefusedError where what would go is not tested.
        """
        return self.workbench.describe_release(version, since=since, environment=environment)

    def release_notes(
        self,
        version: str = "",
        *,
        since: str = "",
        environment: str = "",
        template: str | Path = "",
    ) -> str:
        """Return the same as release notes in Markdown, by a template of yours or the project's.

        Raises as ``describe_release``, OSError, and ConfigError with the line of a template that
        cannot be used.
        """
        file = Path(template) if template else None
        return self.workbench.release_notes(
            version, since=since, environment=environment, template=file
        )

    def next_environment(self) -> str:
        """Return the environment that the next delivery would go to. Raises NotFoundError."""
        return self.workbench.next_environment()

    def preview_roll_back(self, environment: str, *, version: str = "") -> Preview:
        """Return what rolling back would do and what stands in the way; nothing happens.

        Raises ConfigError, NotFoundError.
        """
        return self.workbench.preview_roll_back(environment, version=version)

    def go_on(self, key: str) -> Delivery:
        """Send a delivery that was confirmed and never sent.

        Raises NotFoundError, TargetError; RefusedError in a kernel and in another state.
        """
        refuse_in_a_kernel("jupyter mlcd deliver")
        return self.workbench.go_on(key)

    def cancel_delivery(self, key: str) -> Delivery:
        """Give up a delivery that was never sent. Raises as ``go_on``."""
        refuse_in_a_kernel("jupyter mlcd deliver")
        return self.workbench.cancel_delivery(key)

    def close_delivery(self, key: str, why: str) -> Delivery:
        """Close a delivery of unknown outcome, on your word that it did not happen.

        ``why`` is kept with it. Raises as ``go_on``.
        """
        refuse_in_a_kernel("jupyter mlcd deliver")
        return self.workbench.close_delivery(key, why)
