"""A git remote: the tag and the ledger are pushed together or not at all.

Any CD system that listens to tags starts from that push. The push itself is the lock between
people: a remote that has moved on rejects it, and nothing is forced.

A version that was delivered before has its tag there already, and pushing it again starts nothing.
Then only the evidence goes out, which says what is to be live, and the words say what is left to a
person. A second tag of the same version would be a second identity of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.ports import TargetAnswer
from jupyter_mlcd.world.git_errors import GitFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.target import GitTable
    from jupyter_mlcd.ports import Parcel, Site

_NOT_SENT: Final = frozenset(
    {
        *(GitFault.MISSING, GitFault.PROTOCOL, GitFault.HOST_KEY, GitFault.CERTIFICATE),
        *(GitFault.AUTHENTICATION, GitFault.DECLINED),
    }
)
"""Where git ends so, the remote took nothing: whoever may not read there need not look there."""


class GitTarget:
    """``target = { kind = "git", remote = "origin" }``."""

    needs_files = False

    def __init__(self, table: GitTable, site: Site) -> None:
        """Deliver to the remote of this name in the repository's own configuration."""
        self.remote_name = table.remote
        self.remote = site.remote(table.remote)

    def describe(self) -> str:
        """Return "git" and the remote's name."""
        return f"git {self.remote_name}"

    def check(self) -> Sequence[str]:
        """Return what is in the way: no such remote."""
        if not self.remote.url():
            name = self.remote_name
            return [f"there is no git remote {name}: add it with git remote add {name}"]
        return []

    def preview(self, parcel: Parcel) -> tuple[Sequence[str], Sequence[str]]:
        """Return the sentences and the command."""
        if parcel.again:
            pushes = f"Pushes the evidence to **{self.remote_name}**: it says what is to be live."
            left = (
                f"Tag **{parcel.tag}** is there already, and nothing starts from it: "
                "**start its pipeline there by hand**."
            )
            return [pushes, left], [f"git push {self.remote_name} {parcel.ledger_ref}"]
        sentence = f"Pushes tag **{parcel.tag}** and the evidence to **{self.remote_name}**."
        refs = " ".join(self._refs(parcel))
        return [sentence], [f"git push --atomic {self.remote_name} {refs}"]

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        """Push. A rejected push changed nothing; a lost answer is looked up, never sent again."""
        try:
            self.remote.push(self._refs(parcel))
        except MlcdError as error:
            found = self.look_up(parcel)
            if found is None or (found.state is DeliveryState.UNKNOWN and error.code in _NOT_SENT):
                return TargetAnswer(DeliveryState.REFUSED, f"{error.message} {error.hint}".strip())
            return found
        return TargetAnswer(DeliveryState.DELIVERED, self._words(parcel), self._ticket(parcel))

    def look_up(self, parcel: Parcel) -> TargetAnswer | None:
        """Return DELIVERED if the remote has this very tag; if it had it before, the evidence."""
        try:
            return self._known(parcel)
        except MlcdError as error:
            return TargetAnswer(DeliveryState.UNKNOWN, error.message)

    def _known(self, parcel: Parcel) -> TargetAnswer | None:
        # What is new there proves it: the tag, or the evidence where the tag was there before.
        ref = parcel.ledger_ref if parcel.again else f"refs/tags/{parcel.tag}"
        there = self.remote.refs([ref]).get(ref)
        if there and there == self.remote.local(ref):
            words = self._words(parcel)
            return TargetAnswer(DeliveryState.DELIVERED, words, self._ticket(parcel))
        return None

    def _refs(self, parcel: Parcel) -> list[str]:
        tag = f"refs/tags/{parcel.tag}"
        return [parcel.ledger_ref] if parcel.again else [tag, parcel.ledger_ref]

    def _words(self, parcel: Parcel) -> str:
        if parcel.again:
            by_hand = f"start the pipeline of {parcel.tag} by hand"
            return f"the evidence on {self.remote_name} says so; {by_hand}"
        return f"{parcel.tag} is on {self.remote_name}"

    def _ticket(self, parcel: Parcel) -> dict[str, str]:
        return {"remote": self.remote_name, "tag": parcel.tag, "key": parcel.key}
