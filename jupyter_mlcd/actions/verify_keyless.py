"""Verify what was signed by Sigstore: who that was, when it was logged, and whether it counts.

Only identities that the rules name count, by their exact spelling and issuer: anybody can sign
anything by Sigstore, and all that proves is who it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_mlcd.model.evidence import SUMS
from jupyter_mlcd.model.keyless import (
    ATTESTATIONS,
    BUNDLE,
    SUMS_BUNDLE,
    bundled_statement,
    is_bundle,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_mlcd.model.keyless import KeylessTrust, Seal
    from jupyter_mlcd.model.proof import Steps

_STEP: Final = "who signed it by Sigstore"
_ENVELOPE: Final = ".dsse.json"
_ELSEWHERE: Final = (
    "it was signed with another Sigstore than the public one, and by which keys that is looked at "
    "nobody said: --sigstore-trust FILE"
)


def check_bundles(files: Mapping[str, bytes], steps: Steps, trust: KeylessTrust) -> None:
    """Add the step on Sigstore bundles of an exported run or release; none where none is there."""
    bundles = [path for path in sorted(files) if is_bundle(path)]
    if not bundles and SUMS_BUNDLE.encode() in files.get("VERIFY.md", b""):
        steps.add(_STEP, f"it was signed, and {SUMS_BUNDLE} is not here: taken away", "")
    elif not bundles and trust.required:
        steps.add(_STEP, "nobody signed it by Sigstore", "")
    elif bundles:
        lost = "; ".join(_lost(files, bundles))
        problem, words, proves = _looked(files, bundles, trust)
        steps.add(_STEP, "; ".join(filter(None, (lost, problem))), words, proves=proves)


def bundled_statements(attested: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[str]]:
    """Return the statements in bundles by path, and what is wrong with the others."""
    found: dict[str, bytes] = {}
    odd: list[str] = []
    for path, text in attested.items():
        if not path.endswith(BUNDLE):
            continue
        try:
            found[path] = bundled_statement(text)
        except ValueError as error:
            odd.append(f"{path} {error}")
    return found, odd


def other_twins(bundled: Mapping[str, bytes], opened: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the bundles whose statement is not, byte by byte, that of the envelope beside them."""
    for path, statement in bundled.items():
        twin = path.removesuffix(BUNDLE) + _ENVELOPE
        if twin in opened and opened[twin] != statement:
            yield f"swapped: {path} says something else than {twin}"


def _lost(files: Mapping[str, bytes], bundles: list[str]) -> Iterator[str]:
    """Yield what has no bundle although something has: all of an export is signed or nothing."""
    stems = {path.removesuffix(_ENVELOPE) for path in files if path.startswith(ATTESTATIONS)
             and path.endswith(_ENVELOPE)}  # fmt: skip
    wanted = {SUMS_BUNDLE, *(f"{stem}{BUNDLE}" for stem in stems)}
    yield from (f"{path} was taken away" for path in sorted(wanted - set(bundles)))


def _looked(
    files: Mapping[str, bytes], bundles: list[str], trust: KeylessTrust
) -> tuple[str, str, bool]:
    """Return what is wrong, what was seen, and whether that proves anything."""
    if trust.look is None:
        words = f"not checked: {trust.why_not}"
        return (words if trust.required else "", words, False)
    seals = {
        path: trust.look(files[path], files.get(SUMS) if path == SUMS_BUNDLE else None)
        for path in bundles
    }
    if not trust.is_chosen and all(one.problem and one.is_elsewhere for one in seals.values()):
        words = f"not checked: {_ELSEWHERE}"
        return (words if trust.required else "", words, False)
    odd = [f"{path}: {seal.problem}" for path, seal in seals.items() if seal.problem]
    good = [seal for seal in seals.values() if not seal.problem]
    people = {seal.who: trust.counts(seal) for seal in good}
    named = ", ".join(sorted(_whose(who, trust, counts=people[who]) for who in people))
    words = f"{len(good)} bundles by {named or 'nobody'}; {_when(good)}"
    if trust.required and not all(people.values()):
        odd.append(words)
    return "; ".join(odd), words, all(people.values())


def _whose(who: str, trust: KeylessTrust, *, counts: bool) -> str:
    if counts:
        return who
    why = "who is not among those that count" if trust.named else "whom nobody named"
    return f"{who}, {why}, so it does not count"


def _when(seals: list[Seal]) -> str:
    times = sorted(seal.logged for seal in seals)
    lines = sorted(seal.index for seal in seals)
    if not times:
        return "of which none holds"
    first, last = times[0], times[-1]
    until = "" if first == last else f" to {last}"
    return f"logged {first}{until} as {', '.join(map(str, lines))}"
