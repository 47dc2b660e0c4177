"""What the pipelines that run the suites have in common, on top of a target's client."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, Final

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import HubError
from jupyter_mlcd.ports import TargetAnswer
from jupyter_mlcd.targets.answers import NOTHING_DONE, in_words
from jupyter_mlcd.targets.pipeline import Pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.targets.pipeline import Call

_ASK_AGAIN: Final = "Nothing was started by asking."


class CiRunsOf(Pipeline):
    """Implements ``ports.CiPipeline`` over what one system says in its own words."""

    at_tip: ClassVar[bool] = True
    """Whether it can start the last commit of a branch only."""
    lost: ClassVar[str]
    """What to do where it knows no such pipeline."""

    @abstractmethod
    def _run_of(self, commit: str, branch: str) -> TargetAnswer | None:
        """Return the newest run; None only where there surely is none. Raises HubError."""

    @abstractmethod
    def _start(self, commit: str, branch: str) -> Call:
        """Return the one request that starts one. May ask before; raises HubError."""

    @abstractmethod
    def _started(self, call: Call, commit: str, branch: str) -> TargetAnswer:
        """Send it. Raises HubError."""

    @property
    def name(self) -> str:
        """What people call the system."""
        return self.system

    def find_run(self, commit: str, branch: str) -> TargetAnswer | None:
        """Return the newest run of a commit on a branch. Raises WorldError."""
        self._settings()
        try:
            return self._run_of(commit, branch)
        except HubError as error:
            hint = self.lost if error.code == "hub-not-found" else error.hint or _ASK_AGAIN
            raise HubError(error.message, code=error.code, hint=hint) from None

    def start_run(self, commit: str, branch: str) -> TargetAnswer:
        """Start one, once."""
        try:
            call = self._start(commit, branch)
        except HubError as error:
            return _not_started(error)
        try:
            return self._started(call, commit, branch)
        except HubError as error:
            if error.code in NOTHING_DONE:
                return _not_started(error)
            words = f"{in_words(error)} It may have been started all the same: look again."
            return TargetAnswer(DeliveryState.UNKNOWN, words)

    def _stands(
        self, word: str, ticket: Mapping[str, str], url: str = "", since: str = ""
    ) -> TargetAnswer:
        """Return what its word means for a run of the suites."""
        more = {"since": since} if since else {}
        return self._says(word, {**ticket, **more}, url=url)

    def commands(self, commit: str, branch: str) -> Sequence[str]:
        """Return the plain commands that would start one."""
        return [self._shown(self._start(commit, branch))]


def _not_started(error: HubError) -> TargetAnswer:
    words = f"{in_words(error)} Nothing was started: mend it, and start it again."
    return TargetAnswer(DeliveryState.REFUSED, words)
