from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.errors import HubError
from jupyter_mlcd.world.http import Http
from jupyter_mlcd.world.webhook import SignedWebhook, signature
from tests.hubs.answering import Answering, answering

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - of no use
"""The example of the Standard Webhooks specification."""


@pytest.fixture
def server() -> Iterator[Answering]:
    with answering() as here:
        yield here


def test_the_example_of_the_standard_is_signed_as_it_says() -> None:
    made = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_is_sent_can_be_checked_by_who_gets_it(server: Answering) -> None:
    server.says("POST /hook", (204, "", {}))
    SignedWebhook(Http(f"{server.url}/hook"), SECRET).send("entry-1", {"type": "asked"})
    (asked,) = server.asked
    assert asked.json == {"type": "asked"}
    assert asked.headers["webhook-id"] == "entry-1"
    expected = signature(SECRET, "entry-1", asked.headers["webhook-timestamp"], asked.body)
    assert asked.headers["webhook-signature"] == expected


def test_without_a_secret_it_says_nothing_of_a_signature(server: Answering) -> None:
    server.says("POST /", (200, "ok", {}))
    SignedWebhook(Http(f"{server.url}/")).send("entry-1", {})
    assert "webhook-signature" not in server.asked[0].headers


def test_what_is_no_secret_is_said_and_not_shown(server: Answering) -> None:
    with pytest.raises(HubError, match="not `whsec_` and base64") as caught:
        SignedWebhook(Http(server.url), "hunter2!").send("entry-1", {})
    assert "hunter2" not in repr(caught.value.problem)
    assert server.asked == []


@pytest.mark.parametrize("page", ["<html>Please sign in</html>", "\n<!DOCTYPE html><title>x"])
def test_a_page_for_people_is_no_word_of_the_receiver(server: Answering, page: str) -> None:
    server.says("POST /", (200, page, {"Content-Type": "text/html"}))
    with pytest.raises(HubError, match="a page for people") as caught:
        SignedWebhook(Http(f"{server.url}/")).send("entry-1", {})
    assert caught.value.code == "hub-answer"


@pytest.mark.parametrize("word", ["", "OK", "<p>OK</p>", "<ok/>"])
def test_any_other_word_will_do(server: Answering, word: str) -> None:
    server.says("POST /", (200, word, {"Content-Type": "text/html"}))
    SignedWebhook(Http(f"{server.url}/")).send("entry-1", {})
    assert len(server.asked) == 1
