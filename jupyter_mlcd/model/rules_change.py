"""How the rules of an environment differ from those that held for what is live there, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.gate import Gate, show
from jupyter_mlcd.model.hub import HubTable
from jupyter_mlcd.model.signers import read_signers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_mlcd.model.project import Project


class RulesCommit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A commit that touched the rules, or who may sign."""

    id: str
    by: str
    """Who wrote it, as ``Name <e-mail>``."""
    at: str
    """UTC, ISO 8601."""
    subject: str


class RulesChanged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of the rules of an environment since a version went live there."""

    version: str
    """The version that is live."""
    branch: str
    """Where the rules are read from, as ``origin/main``."""
    is_known: bool
    """Whether it is known which rules held for that version; nothing is told where it is not."""
    changes: tuple[str, ...] = ()
    """One plain sentence each, without a full stop."""
    commits: tuple[RulesCommit, ...] = ()
    """Newest first."""


def rules_difference(before: Project, after: Project, environment: str) -> tuple[str, ...]:
    """Return how the rules of an environment differ between two policies; empty where they do not.

    Of the environment, its gates, its suites, the hub that is believed, and where rules are from.
    """
    if environment not in before.environments:
        return (f"{environment} is new",)
    return (
        *_gates(before.gates_for(environment), after.gates_for(environment)),
        *_environment(before, after, environment),
        *_suites(before, after, environment),
        *_hub(before, after, environment),
        *_moved(before.project.policy, after.project.policy, "the branch that rules are read from"),
        *_moved(before.project.signers, after.project.signers, "the file of who may sign"),
    )


def signers_difference(before: bytes, after: bytes) -> tuple[str, ...]:
    """Return how two ``allowed_signers`` files differ in who may sign."""
    then, now = read_signers(before), read_signers(after)
    came = [one for one in now if not any(one.principals & other.principals for other in then)]
    left = [one for one in then if not any(one.principals & other.principals for other in now)]
    moved = frozenset().union(*(one.principals for one in (*came, *left)))
    edited = _lines(before) ^ _lines(after)
    named = {name for line in edited for one in read_signers(line) for name in one.principals}
    words = [f"{_named(one.principals)} may sign now" for one in came]
    words += [f"{_named(one.principals)} may not sign any more" for one in left]
    if stayed := named - moved:
        words.append(f"the keys of {_named(stayed)} changed, or what they count for")
    return tuple(words)


def _lines(signers: bytes) -> set[bytes]:
    return {line.strip() for line in signers.splitlines() if line.strip()}


def _named(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


# ----------------------------------------------------------------------------------------- gates


def _gates(before: Sequence[Gate], after: Sequence[Gate]) -> Iterator[str]:
    """Yield how rules changed: those on the same score and slices are one that became another."""
    gone = [gate for gate in before if gate not in after]
    new = [gate for gate in after if gate not in before]
    for gate in gone:
        now = next((one for one in new if _about(one) == _about(gate)), None)
        if now is not None:
            new.remove(now)
        yield from _gate(gate, now)
    for gate in new:
        yield from _gate(None, gate)


def _gate(before: Gate | None, after: Gate | None) -> Iterator[str]:
    then = _demands(before) if before else {}
    now = _demands(after) if after else {}
    about = _about(before or after) if before or after else ""
    for kind in dict.fromkeys((*then, *now)):
        if kind not in now:
            yield f"the rule {about} {then[kind]} was dropped"
        elif kind not in then:
            yield f"the rule {about} {now[kind]} is new"
        elif then[kind] != now[kind]:
            yield f"the rule {about} {then[kind]} became {now[kind]}"
    if before and after:
        for name in ("goal", "over"):
            was, became = getattr(before, name), getattr(after, name)
            yield from _moved(was, became, f"`{name}` of the rule on {about}")


def _about(gate: Gate | None) -> str:
    if gate is None:
        return ""
    if not gate.slices:
        return gate.metric
    return f"{gate.metric} of {_shown(gate.slices)}{' slice' * (gate.slices == 'every')}"


def _demands(gate: Gate) -> dict[str, str]:
    """Return what a gate asks for, by kind."""
    found = {}
    if gate.at_least is not None:
        found["least"] = f"at least {show(gate.at_least)}"
    if gate.at_most is not None:
        found["most"] = f"at most {show(gate.at_most)}"
    if gate.better_than:
        margin = f" by {show(gate.by)}" if gate.by else ""
        noise = f" beyond the noise of {gate.noise}" if gate.noise else ""
        found["better"] = f"better than {gate.better_than}{margin}{noise}"
    return found


# --------------------------------------------------------------------- environments, suites, hubs


def _environment(before: Project, after: Project, environment: str) -> Iterator[str]:
    then, now = _flat_environment(before, environment), _flat_environment(after, environment)
    for key in dict.fromkeys((*then, *now)):
        name = key.replace("-", " ")
        yield from _moved(then.get(key), now.get(key), f"{name} for {environment}")


def _flat_environment(policy: Project, environment: str) -> dict[str, object]:
    """Return all keys of an environment; a target and suites that are not written are there too."""
    table = policy.environments[environment]
    whole = msgspec.structs.replace(
        table, target=policy.target(environment), suites=policy.suites_for(environment)
    )
    return _flat(msgspec.to_builtins(whole))


def _suites(before: Project, after: Project, environment: str) -> Iterator[str]:
    """Yield which keys of a suite changed; which suites are asked for stands with the rest."""
    wanted = [one for one in after.suites_for(environment) if one in before.suites]
    for name in wanted:
        then = msgspec.to_builtins(before.suites[name])
        now = msgspec.to_builtins(after.suites[name])
        keys = [f"`{key}`" for key in dict.fromkeys((*then, *now)) if then.get(key) != now.get(key)]
        if keys:
            yield f"{', '.join(keys)} of the test suite {name} changed"


def _hub(before: Project, after: Project, environment: str) -> Iterator[str]:
    kind = after.environments[environment].approvals_from
    if kind is None:
        return
    then = _flat(msgspec.to_builtins(before.hubs.get(kind, HubTable())))
    now = _flat(msgspec.to_builtins(after.hubs.get(kind, HubTable())))
    for key in dict.fromkeys((*then, *now)):
        yield from _moved(then.get(key), now.get(key), f"{key.replace('-', ' ')} of {kind.value}")


def _flat(table: Mapping[str, Any], before: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found.update(_flat(value, f"{before}{key} "))
        else:
            found[f"{before}{key}"] = value
    return found


def _moved(then: object, now: object, what: str) -> Iterator[str]:
    if then != now and (_is_there(then) or _is_there(now)):
        yield f"{what} went from {_shown(then)} to {_shown(now)}"


def _is_there(value: object) -> bool:
    return value is not None and value not in ("", [], ())


def _shown(value: object) -> str:
    if not _is_there(value):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_shown, value))
    return str(value)
