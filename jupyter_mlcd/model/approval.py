"""Approvals and waivers: what a person signs with her name, and what it is bound to.

Both lie beside the release they speak of, as ``ID.json`` with a detached signature ``ID.json.sig``
that ``ssh-keygen -Y verify`` checks without any of our software. A statement holds for exactly one
release, environment and set of rules: when one of the three changes, it is void.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from jupyter_mlcd.model.hub import HubKind, HubTable
from jupyter_mlcd.model.release import canonical, release_folder

if TYPE_CHECKING:
    from jupyter_mlcd.model.project import Project


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What approvals and waivers have in common."""

    project: str
    version: str
    digest: str
    """The Release Digest that was seen."""
    environment: str
    policy: str
    """Digest of the rules that held for the environment: see ``policy_digest``."""
    by: str
    """Who, as ``Name <e-mail>``; what proves it is the signature."""
    at: str
    """UTC, ISO 8601."""
    expires: str = ""
    """UTC, ISO 8601; empty: never."""
    v: int = 1

    def to_bytes(self) -> bytes:
        """Return the text that is signed: the same bytes for the same statement, for ever."""
        return canonical(self)


class Approval(Statement, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A named person's yes to a release in an environment."""

    namespace: ClassVar[str] = "mlcd-approval@v1"
    folder: ClassVar[str] = "approvals"

    comment: str = ""


class Waiver(Statement, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A reasoned, expiring exception from one rule."""

    namespace: ClassVar[str] = "mlcd-waiver@v1"
    folder: ClassVar[str] = "waivers"

    rule: str
    """The rule in the words of its finding."""
    reason: str


class HubApproval(Statement, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A person's yes on a hub, as the hub told it when it was asked.

    It has no signature: it counts while the hub says so, which is asked before each delivery.
    """

    folder: ClassVar[str] = "hub-approvals"

    hub: HubKind
    server: str
    """Where it was asked."""
    repository: str
    account: str
    email: str = ""
    """Empty where the hub does not tell it."""
    key: str
    """The hub's name of it."""
    url: str
    commit: str
    """The commit that was looked at there."""
    is_same_tree: bool
    """Whether its files are those of the release, by the hub's word."""
    accounts: dict[str, str] = {}
    """``{e-mail of who ran or wrote what is released: account}``, as far as the hub knows."""


class StatementFault(StrEnum):
    """Why a statement does not count, and why there are too few that do: codes of reasons."""

    MISSING = "approvals-missing"
    """There are fewer approvals than the environment asks for."""
    CHANGES_REQUESTED = "changes-requested"
    """Somebody asked for changes and has not approved since."""
    UNREADABLE = "unreadable"
    """The file is not there, or is no statement."""
    UNSIGNED = "unsigned"
    UNTRUSTED = "untrusted-key"
    """Nobody who may sign has that key."""
    KEY_NOT_VALID = "key-not-valid"
    """The key was not yet or no longer valid."""
    FORGED = "forged"
    """The signature does not fit the bytes, or is not that of the person named."""
    OTHER_BYTES = "other-bytes"
    """It is for another release."""
    OTHER_ENVIRONMENT = "other-environment"
    RULES_CHANGED = "rules-changed"
    EXPIRED = "expired"
    FUTURE = "from-the-future"
    """It says that it was given later than now."""
    WITHDRAWN = "withdrawn"
    OWN_RUN = "own-run"
    """By who ran the evidence, where duties are separate."""
    OWN_COMMIT = "own-commit"
    """By who wrote a commit that is not live yet, where duties are separate."""
    DUTIES_UNKNOWN = "duties-unknown"
    """It cannot be told who ran and wrote what is released."""
    SAME_PERSON = "same-person"
    """That person is counted already."""
    OTHER_HUB = "other-hub"
    """Approvals from there do not count in that environment."""
    NOT_CHECKED = "not-checked"
    """Signatures cannot be looked at here."""


@dataclass(frozen=True)
class SignedStatement:
    """An approval or a waiver with its signature, and what it was worth when it was looked at."""

    name: str
    """Of its file."""
    statement: Approval | Waiver
    data: bytes
    """Its very bytes: what was signed."""
    signature: bytes
    principal: str
    """Who signed it, as the allowed signers spell it; empty where nobody could look."""
    fault: str = ""
    """Why it does not count, in words; empty: it counts."""

    @property
    def path(self) -> str:
        """Where it stands in an export; its signature is beside it."""
        return f"{self.statement.folder}/{self.name}.json"


@dataclass(frozen=True)
class Statements:
    """What people signed about a release."""

    looked: str = ""
    """When that was, UTC, ISO 8601."""
    signed: tuple[SignedStatement, ...] = ()
    left_out: tuple[str, ...] = ()
    """What is no signed word on this release, or was taken back: whose, and why, in words."""


def policy_digest(policy: Project, environment: str) -> str:
    """Return the digest of all rules that hold for an environment: its table, gates and suites.

    What is not written into mlcd.toml is left out, so that a later version of this software with
    more keys finds the same digest.
    """
    rules = {
        "name": environment,
        "environment": _written(policy.environments[environment]),
        "gates": [_written(gate) for gate in policy.gates_for(environment)],
        "suites": {name: _written(policy.suites[name]) for name in policy.suites_for(environment)},
    }
    if verify := policy.environments[environment].verify:
        rules["verify"] = _written(policy.suites[verify])
    asked = policy.environments[environment].approvals_from
    if asked is not None:
        # Who is believed is part of the rules.
        rules["hub"] = _written(policy.hubs.get(asked, HubTable()))
    return f"sha256:{hashlib.sha256(canonical(rules)).hexdigest()}"


def _written(value: Any) -> Any:  # noqa: ANN401 - any value of a configuration
    """Return a value of mlcd.toml without the fields that have their defaults."""
    if isinstance(value, msgspec.Struct):
        fields = {
            field.encode_name: getattr(value, field.name)
            for field in msgspec.structs.fields(value)
            if field.required or getattr(value, field.name) != _default(field)
        }
        tag = value.__struct_config__.tag
        kind = {"kind": tag} if tag is not None else {}
        return {**kind, **{name: _written(one) for name, one in fields.items()}}
    if isinstance(value, dict):
        return {name: _written(one) for name, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_written(one) for one in value]
    return value


def _default(field: msgspec.structs.FieldInfo) -> object:
    factory = field.default_factory
    return field.default if factory is msgspec.NODEFAULT else factory()


def statement_path(
    kind: type[Approval | HubApproval | Waiver], project: str, version: str, name: str
) -> str:
    """Return the file of a statement on the evidence branch; its signature is beside it."""
    return f"{release_folder(project, version)}/{kind.folder}/{name}.json"
