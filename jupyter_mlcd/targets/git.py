"""A git remote: the tag and the ledger are pushed together or not at all.

Any CD system that listens to tags starts from that push. The push itself is the lock between
people: a remote that has moved on rejects it, and nothing is forced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.ports import TargetAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.project import GitTable
    from jupyter_mlcd.ports import Parcel, Site


class GitTarget:
    """``target = { kind = "git", remote = "origin" }``."""

    def __init__(self, table: GitTable, site: Site) -> None:
        """Deliver to the remote of this name in the repository's own configuration."""
        self.name = table.remote
        self.remote = site.remote(table.remote)

    def describe(self) -> str:
        """Return "git" and the remote's name."""
        return f"git {self.name}"

    def check(self) -> Sequence[str]:
        """Return what is in the way: no such remote."""
        if not self.remote.url():
            return [f"there is no git remote {self.name}: add it with git remote add {self.name}"]
        return []

    def preview(self, parcel: Parcel) -> tuple[Sequence[str], Sequence[str]]:
        """Return the sentence and the command."""
        sentence = f"Pushes tag **{parcel.tag}** and the evidence to **{self.name}**."
        refs = " ".join(self._refs(parcel))
        return [sentence], [f"git push --atomic {self.name} {refs}"]

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        """Push. A rejected push changed nothing; a lost answer is looked up, never sent again."""
        try:
            self.remote.push(self._refs(parcel))
        except MlcdError as error:
            refused = TargetAnswer(DeliveryState.REFUSED, f"{error.message} {error.hint}".strip())
            return self.look_up(parcel) or refused
        return TargetAnswer(DeliveryState.DELIVERED, self._words(parcel), self._ticket(parcel))

    def look_up(self, parcel: Parcel) -> TargetAnswer | None:
        """Return DELIVERED if the remote has this very tag."""
        try:
            return self._known(parcel)
        except MlcdError as error:
            return TargetAnswer(DeliveryState.UNKNOWN, error.message)

    def _known(self, parcel: Parcel) -> TargetAnswer | None:
        tag = f"refs/tags/{parcel.tag}"
        there = self.remote.refs([tag]).get(tag)
        if there and there == self.remote.local(tag):
            words = self._words(parcel)
            return TargetAnswer(DeliveryState.DELIVERED, words, self._ticket(parcel))
        return None

    def _refs(self, parcel: Parcel) -> list[str]:
        return [f"refs/tags/{parcel.tag}", parcel.ledger_ref]

    def _words(self, parcel: Parcel) -> str:
        return f"{parcel.tag} is on {self.name}"

    def _ticket(self, parcel: Parcel) -> dict[str, str]:
        return {"remote": self.name, "tag": parcel.tag, "key": parcel.key}
