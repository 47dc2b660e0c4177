"""People with keys of their own, and what they say about releases."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.actions.judge_statement import bound_to
from jupyter_mlcd.actions.review_release import find_release
from jupyter_mlcd.model.approval import Approval, statement_path
from jupyter_mlcd.model.event import make_event
from jupyter_mlcd.model.review import ReviewApproved
from jupyter_mlcd.world.clock import uuid7
from jupyter_mlcd.world.ssh_signatures import SigningKey, sign

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.testing import FakeDesk


@dataclass(frozen=True)
class Somebody:
    """A person with a key."""

    name: str
    key: SigningKey

    @property
    def by(self) -> str:
        return f"{self.name} <{self.name.lower()}@example.org>"

    def line(self, options: str = "", more: str = "") -> bytes:
        """Return her line of the allowed signers."""
        assert self.key.path is not None
        public = self.key.path.with_suffix(".pub").read_text().strip()
        return f"{self.name.lower()}@example.org{more} {options} {public}\n".encode()

    def sits(self, made: FakeDesk) -> None:
        """Be who asks from now on."""
        made.by, made.key = self.by, self.key


def somebody(folder: Path, name: str) -> Somebody:
    """Make a person and her key."""
    path = folder / f"key of {name}"
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)]
    subprocess.run(words, check=True, capture_output=True)
    return Somebody(name, SigningKey(path))


def approve_by_hand(
    desk: Desk, person: Somebody, where: str = "production", **changes: Any
) -> None:
    """Write an approval as another program might: with whatever it says, signed or not.

    ``signature`` and ``data`` replace what is written.
    """
    release = find_release(desk, desk.history, "")
    replaced = {name: changes.pop(name) for name in ("signature", "data") if name in changes}
    fields = {
        "project": release.project,
        "version": release.version,
        "digest": release.digest,
        "environment": where,
        "policy": bound_to(desk, where, desk.history, release, ()).policy,
        "by": person.by,
        "at": desk.now(),
    }
    approval = Approval(**{**fields, **changes})
    data = approval.to_bytes()
    signature = replaced.get("signature", sign(data, person.key, Approval.namespace))
    name = uuid7()
    path = statement_path(Approval, release.project, release.version, name)
    files = {path: replaced.get("data", data), f"{path}.sig": signature}
    body = ReviewApproved(release.version, release.digest, name, approval.environment)
    event = make_event(id=uuid7(), project=release.project, at=desk.now(), by=person.by, body=body)
    written = {where: content for where, content in files.items() if content is not None}
    desk.ledger.append([event], written, "By hand", person.by)
