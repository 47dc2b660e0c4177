"""What targets share: how an error becomes an answer, what is filled in, and what a run is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.ports import TargetAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlcd.model.errors import HubError, MlcdError
    from jupyter_mlcd.ports import Parcel

NOTHING_DONE: Final = {"hub-unreachable", "hub-refused", "hub-not-found", "hub-said-no"}
_MOST_LETTERS: Final = 300
_PLACE: Final = re.compile(r"\{(\w+)\}")


def outcome_of(error: HubError) -> TargetAnswer:
    """Return what a trigger that went wrong means: REFUSED only where surely nothing was done.

    What is not known to have done nothing may have done it: UNKNOWN, to be looked up by our key.
    """
    if error.code in NOTHING_DONE:
        words = f"{in_words(error)} Nothing was delivered: mend it, and deliver again."
        return TargetAnswer(DeliveryState.REFUSED, words)
    words = f"{in_words(error)} It may have been done all the same: look again."
    return TargetAnswer(DeliveryState.UNKNOWN, words)


def refused(error: MlcdError) -> TargetAnswer:
    """Return that nothing was sent, because of something here."""
    return TargetAnswer(DeliveryState.REFUSED, f"{in_words(error)} Nothing was delivered.")


def cannot_be_asked(error: MlcdError, ticket: Mapping[str, str] | None = None) -> TargetAnswer:
    """Return that nobody can tell now what became of a delivery; nothing was sent by asking."""
    words = f"it cannot be asked: {in_words(error)} Nothing was sent. Look again later."
    return TargetAnswer(DeliveryState.UNKNOWN, words, dict(ticket or {}))


def in_words(error: MlcdError) -> str:
    """Return message and hint as sentences."""
    parts = (error.message, error.hint)
    return " ".join(f"{one.rstrip('.')}." for one in parts if one)


def values_of(parcel: Parcel) -> dict[str, str]:
    """Return what ``{name}`` stands for in mlcd.toml's tables."""
    release = parcel.release
    return {
        "version": release.version,
        "digest": release.digest,
        "tag": parcel.tag,
        "commit": release.commit,
        "environment": parcel.environment,
        "project": release.project,
        "key": parcel.key,
    }


def filled(text: str, parcel: Parcel) -> str:
    """Return a text with ``{version}`` and its like filled in; any other brace stays."""
    values = values_of(parcel)
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def inputs_of(parcel: Parcel, more: Mapping[str, str]) -> dict[str, str]:
    """Return what a run is started with: hers filled in, then ours, which nothing replaces."""
    values = values_of(parcel)
    ours = {name: values[name] for name in ("version", "digest", "tag", "environment")}
    hers = {name: filled(value, parcel) for name, value in more.items()}
    return {**hers, "mlcd_delivery_id": parcel.key, **ours}


def variables_of(parcel: Parcel, more: Mapping[str, str]) -> dict[str, str]:
    """Return the same as variables: ``MLCD_DELIVERY_ID``, ``MLCD_VERSION`` and so on."""
    hers = {name: filled(value, parcel) for name, value in more.items()}
    ours = inputs_of(parcel, {})
    return {**hers, **{f"MLCD_{name.removeprefix('mlcd_').upper()}": ours[name] for name in ours}}


def pushed(remote: str, parcel: Parcel) -> tuple[list[str], list[str]]:
    """Return as sentence and as command that tag and evidence go to a remote first, if to any."""
    if not remote:
        return [], []
    sentence = f"Pushes tag **{parcel.tag}** and the evidence to **{remote}**."
    refs = f"refs/tags/{parcel.tag} {parcel.ledger_ref}"
    return [sentence], [f"git push --atomic {remote} {refs}"]


def told(words: object) -> str:
    """Return a system's own word as it can be shown and kept: one line, not endless."""
    text = str(words)[:_MOST_LETTERS]
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def link(address: str) -> str:
    """Return an address that a system gave if it can be clicked without harm; empty otherwise."""
    return told(address) if address.startswith(("https://", "http://")) else ""
