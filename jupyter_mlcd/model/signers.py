"""Who may sign: the persons of an ``allowed_signers`` file, the format of ``ssh-keygen -Y``.

A person is who has a principal. The names of one line are one person, with several e-mails; lines
that share a principal, or a key, are one person. So n approvals are n people, however many keys and
addresses each has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

_EMAIL: Final = re.compile(r"<([^<>]*)>\s*\Z")
_FIELD: Final = re.compile(r'"([^"]*)"|(\S+)')
_KEY: Final = re.compile(r"\s(?:ssh|ecdsa|sk)-\S+\s+(\S+)")


@dataclass(frozen=True)
class Signer:
    """One person."""

    principals: frozenset[str]
    """All names, as the lines spell them, in lower case; ``*`` and ``?`` stand for any letters."""

    def is_named(self, name: str) -> bool:
        """Whether an e-mail, or ``Name <e-mail>``, is this person's."""
        return any(_overlap(one, email_of(name)) for one in self.principals)


def email_of(by: str) -> str:
    """Return the e-mail of ``Name <e-mail>``, or the name itself where there is none."""
    found = _EMAIL.search(by)
    return (found[1] if found else by).strip().casefold()


def same_person(one: str, other: str) -> bool:
    """Whether two ``Name <e-mail>`` have the same e-mail."""
    return bool(email_of(one)) and email_of(one) == email_of(other)


def read_signers(text: bytes) -> tuple[Signer, ...]:
    """Return the persons of an ``allowed_signers`` file, in its order."""
    persons: list[tuple[frozenset[str], frozenset[str]]] = []
    for line in text.decode("utf-8", "replace").splitlines():
        names, keys = _principals(line), frozenset(_KEY.findall(line))
        if not names:
            continue
        met = [one for one in persons if _meet(one[0], names) or one[1] & keys]
        persons = [one for one in persons if one not in met]
        all_names = names.union(*(one[0] for one in met))
        persons.append((all_names, keys.union(*(one[1] for one in met))))
    return tuple(Signer(names) for names, _ in persons)


def principals_with(text: bytes, public: str) -> tuple[str, ...]:
    """Return whose a public key is, as the lines spell them; whether it is valid is not asked."""
    wanted = frozenset(_KEY.findall(f" {public}"))
    lines = text.decode("utf-8", "replace").splitlines()
    found = [_principals(line) for line in lines if wanted.intersection(_KEY.findall(line))]
    return tuple(frozenset().union(*found))


def signer_of(signers: tuple[Signer, ...], principals: tuple[str, ...]) -> Signer | None:
    """Return the person who has one of these principals; None where that is not one person."""
    wanted = frozenset(one.casefold() for one in principals)
    found = [signer for signer in signers if signer.principals & wanted]
    return found[0] if len(found) == 1 else None


def _principals(line: str) -> frozenset[str]:
    text = line.strip()
    found = _FIELD.match(text)
    if found is None or text.startswith("#"):
        return frozenset()
    names = (found[1] or found[2] or "").split(",")
    # What a pattern excludes names nobody.
    return frozenset(one.strip().casefold() for one in names if one.strip() and one[:1] != "!")


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    return any(_overlap(a, b) for a in one for b in other)


def _overlap(one: str, other: str) -> bool:
    """Whether two patterns may name the same person; in doubt they do: it only makes stricter."""
    return fnmatchcase(one, other) or fnmatchcase(other, one)
