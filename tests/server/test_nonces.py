from __future__ import annotations

import pytest

from jupyter_mlcd.model.errors import RefusedError
from jupyter_mlcd.server.nonces import Nonces

MEANT = ("project", "production", "sha256:1")


def test_a_confirmation_is_good_for_what_was_shown() -> None:
    nonces = Nonces()
    nonces.use(nonces.issue(*MEANT), *MEANT)


def test_a_confirmation_is_good_once() -> None:
    nonces = Nonces()
    nonce = nonces.issue(*MEANT)
    nonces.use(nonce, *MEANT)
    with pytest.raises(RefusedError, match="used already"):
        nonces.use(nonce, *MEANT)


@pytest.mark.parametrize(
    "other",
    [
        ("another", "production", "sha256:1"),
        ("project", "staging", "sha256:1"),
        ("project", "production", "sha256:2"),
    ],
    ids=["another project", "another environment", "another release"],
)
def test_a_confirmation_is_good_for_nothing_else(other: tuple[str, str, str]) -> None:
    nonces = Nonces()
    with pytest.raises(RefusedError):
        nonces.use(nonces.issue(*MEANT), *other)


def test_an_invented_confirmation_is_refused() -> None:
    with pytest.raises(RefusedError):
        Nonces().use("invented", *MEANT)


def test_a_confirmation_of_a_delivery_is_none_of_a_roll_back() -> None:
    nonces = Nonces()
    with pytest.raises(RefusedError):
        nonces.use(nonces.issue(*MEANT), *MEANT, "roll_back")
    with pytest.raises(RefusedError):
        nonces.use(nonces.issue(*MEANT, "roll_back"), *MEANT)
