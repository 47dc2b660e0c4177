"""Forgeries of signed exports: of the sums, of the envelopes, and of what people signed."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.actions.export_evidence import export_evidence
from jupyter_mlcd.actions.judge_signer import Trust
from jupyter_mlcd.actions.verify_evidence import verify_files
from jupyter_mlcd.bundle.papers import ExportPapers
from jupyter_mlcd.model.dsse import NAMESPACE, envelope, open_envelope
from jupyter_mlcd.model.evidence import SUMS, sums
from jupyter_mlcd.world.ssh_signatures import sign
from tests.actions.people import approve_by_hand, somebody
from tests.faults.kept import as_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from jupyter_mlcd.model.status import Verification
    from tests.actions.people import Somebody
    from tests.faults.kept import Stage


@dataclass
class Exports:
    """Exports of a stage, signed by Mara, with Ken's approval; Eve has a key and is not trusted."""

    stage: Stage
    whole: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """``{version: files}``."""

    def __post_init__(self) -> None:
        place = self.stage.folder.parent
        self.mara, self.ken, self.eve = (somebody(place, one) for one in ("Mara", "Ken", "Eve"))
        self.trust = Trust(self.mara.line() + self.ken.line(), required=True)
        desk = self.stage.bench.desk()
        signed = desk.__class__(**{**vars(desk), "signers": lambda: self.trust.signers})
        if not any(desk.history.reviews.values()):
            approve_by_hand(signed, self.ken)
        papers = ExportPapers(self.signer(self.mara))
        for version in self.stage.versions[-2:]:
            self.whole[version] = export_evidence(signed, version, papers, products=False).files

    @staticmethod
    def signer(person: Somebody) -> Callable[[bytes], bytes]:
        return partial(sign, key=person.key, namespace=NAMESPACE)


@dataclass
class ForgedExport:
    """A forged export, and what must be said of it."""

    exports: Exports
    luck: Random
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.subject = self.exports.stage.versions[-1]
        self.files = dict(self.exports.whole[self.subject])

    def verify(self) -> Verification:
        return verify_files(self.files, self.subject, trust=self.exports.trust)

    def envelope(self) -> str:
        every = [path for path in self.files if path.endswith(".dsse.json")]
        return self.luck.choice(sorted(every))

    def change(self, path: str, **changes: Any) -> None:
        wire = json.loads(self.files[path])
        self.files[path] = as_json({**wire, **changes})

    def change_signature(self, path: str, **changes: str) -> None:
        wire = json.loads(self.files[path])
        self.change(path, signatures=[{**wire["signatures"][0], **changes}])

    def sum_up(self, person: Somebody | None = None) -> None:
        """Make the sums agree again, and sign them if somebody does."""
        beside = (SUMS, "attestations/")
        listed = {path: text for path, text in self.files.items() if not path.startswith(beside)}
        self.files[SUMS] = sums(listed)
        if person:
            self.files[f"{SUMS}.sig"] = self.exports.signer(person)(self.files[SUMS])

    def approval(self) -> str:
        return next(path for path in self.files if path.startswith("approvals/")
                    and path.endswith(".json"))  # fmt: skip


def _swap(forged: ForgedExport) -> None:
    """Put the envelope of another version in, or two of one export in each other's place."""
    path = forged.envelope()
    older = forged.exports.whole[forged.exports.stage.versions[-2]]
    kind = path.split("-", 1)[1] if "decision" not in path else "decision"
    other = next((one for one in sorted(older) if one.endswith(kind) or kind in one), "")
    own = [one for one in sorted(forged.files) if one.endswith(".dsse.json") and one != path]
    if other and forged.luck.random() < 0.7:
        forged.files[path] = older[other]
    else:
        there = forged.luck.choice(own)
        forged.files[path], forged.files[there] = forged.files[there], forged.files[path]
    forged.names = ("swapped", "is not the one that the decision stands on", "was taken away",
                    "was put in")  # fmt: skip


def _other_keyid(forged: ForgedExport) -> None:
    key = open_envelope(forged.files[forged.envelope()]).key
    forged.change_signature(forged.envelope(), keyid=key[:-4] + "AAAA")
    forged.names = ("names the key",)


def _other_key(forged: ForgedExport) -> None:
    """Sign one envelope, or all there is, with a key that nobody trusts."""
    every = [path for path in forged.files if path.endswith(".dsse.json")]
    if forged.luck.random() < 0.5:
        every = [forged.luck.choice(every)]
    else:
        forged.sum_up(forged.exports.eve)
    for path in every:
        payload = open_envelope(forged.files[path]).payload
        forged.files[path] = envelope(payload, forged.exports.signer(forged.exports.eve))
    forged.names = ("not among the allowed signers",)


def _edit_payload(forged: ForgedExport) -> None:
    path = forged.envelope()
    payload = open_envelope(forged.files[path]).payload
    said = json.loads(payload)
    said["predicate"]["forged"] = forged.luck.random()
    forged.change(path, payload=base64.b64encode(as_json(said)).decode())
    forged.names = ("forged",)


def _flip_signature(forged: ForgedExport) -> None:
    path = forged.envelope()
    signature = bytearray(open_envelope(forged.files[path]).signature)
    lines = bytes(signature).split(b"\n")
    place = forged.luck.randrange(2, len(lines) - 3)
    lines[place] = lines[place][::-1]
    text = base64.b64encode(b"\n".join(lines)).decode()
    forged.change_signature(path, sig=text, keyid="")
    forged.names = ("forged", "is none", "a signature that is none", "swapped")


def _other_type(forged: ForgedExport) -> None:
    kind = forged.luck.choice(["application/json", "application/vnd.in-toto+json;v=1", ""])
    forged.change(forged.envelope(), payloadType=kind)
    forged.names = ("payload type",)


def _take_signature(forged: ForgedExport) -> None:
    choice = forged.luck.randrange(3)
    if choice == 0:
        forged.change(forged.envelope(), signatures=[])
    elif choice == 1:
        del forged.files[f"{SUMS}.sig"]
    else:
        path = forged.approval()
        del forged.files[f"{path}.sig"]
        forged.sum_up()
    forged.names = ("lost its signature", "taken away")


def _take_all_signatures(forged: ForgedExport) -> None:
    """Make of a signed export one that nobody signed."""
    del forged.files[f"{SUMS}.sig"]
    for path in [one for one in forged.files if one.endswith(".dsse.json")]:
        text = open_envelope(forged.files.pop(path)).payload
        forged.files[path.replace(".dsse.json", ".UNSIGNED.json")] = text
    text = forged.files["VERIFY.md"].replace(f"{SUMS}.sig".encode(), b"")
    forged.files["VERIFY.md"] = text
    forged.sum_up()
    forged.names = ("nobody signed it",)


def _take_attestation(forged: ForgedExport) -> None:
    if forged.luck.random() < 0.5:
        del forged.files[forged.envelope()]
    else:
        older = forged.exports.whole[forged.exports.stage.versions[-2]]
        path = forged.luck.choice([one for one in older if one.endswith("result.dsse.json")])
        forged.files[path] = older[path]
    forged.names = ("was taken away", "was put in", "decisions where one was made")


def _edit_sums(forged: ForgedExport) -> None:
    """Change a file and make the sums anew: the signature is out of reach."""
    forged.files["MODEL_CARD.md"] += b"Perfect.\n"
    forged.sum_up()
    forged.names = (f"forged: the signature of {SUMS}",)


def _edit_approval(forged: ForgedExport) -> None:
    """Who exported it makes more of an approval than was said: the sums are signed again."""
    path = forged.approval()
    choice = forged.luck.randrange(3)
    said = json.loads(forged.files[path])
    if choice == 0:
        said["comment"] = "Wonderful"
        forged.names = ("forged",)
    elif choice == 1:
        said["digest"] = f"sha256:{forged.luck.getrandbits(256):064x}"
        forged.names = ("replayed",)
    else:  # Mara signs in Ken's name.
        namespace = "mlcd-approval@v1"
        forged.files[f"{path}.sig"] = sign(forged.files[path], forged.exports.mara.key, namespace)
        forged.names = ("forged",)
    if choice < 2:
        forged.files[path] = as_json(said)
    forged.sum_up(forged.exports.mara)


def _made(change: Callable[[ForgedExport], None]) -> Callable[[Exports, Random], ForgedExport]:
    def make(exports: Exports, luck: Random) -> ForgedExport:
        forged = ForgedExport(exports, luck)
        change(forged)
        return forged

    return make


EXPORT_KINDS = tuple(
    (f"export: {name}", _made(change))
    for name, change in {
        "envelopes swapped": _swap,
        "another key id": _other_keyid,
        "another key": _other_key,
        "a payload edited": _edit_payload,
        "a signature garbled": _flip_signature,
        "another payload type": _other_type,
        "a signature removed": _take_signature,
        "all signatures removed": _take_all_signatures,
        "an attestation removed or added": _take_attestation,
        "a file changed, the sums made anew": _edit_sums,
        "an approval changed": _edit_approval,
    }.items()
)
