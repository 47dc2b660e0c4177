from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.target import WebhookTable
from jupyter_mlcd.ports import Parcel, PipelineTarget, Site
from jupyter_mlcd.targets.webhook import EVENT_TYPE, WebhookTarget
from jupyter_mlcd.world.credentials import Credential
from tests.hubs.answering import Answering, answering
from tests.targets.parcels import no_remote, parcel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the specification's example
ACCEPTED: tuple[int, str, dict[str, str]] = (202, "", {})


@pytest.fixture
def server() -> Iterator[Answering]:
    with answering() as here:
        here.says("POST /hook", ACCEPTED)
        yield here


@pytest.fixture
def first(tmp_path: Path) -> Parcel:
    return parcel(tmp_path / "store", "0.1.0")


@pytest.fixture
def target(server: Answering, tmp_path: Path) -> WebhookTarget:
    return target_of(f"{server.url}/hook", tmp_path)


def target_of(url: str, folder: Path, secret: str = SECRET) -> WebhookTarget:
    kept = Credential("", secret, "env:HOOK") if secret else None
    return WebhookTarget(WebhookTable(url), Site(folder, no_remote, lambda _address: kept))


def test_it_is_a_target_of_a_pipeline_that_needs_no_remote(target: WebhookTarget) -> None:
    assert isinstance(target, PipelineTarget)
    assert target.remote_name == ""


def test_what_is_sent_is_verified_by_an_independent_receiver(
    target: WebhookTarget, server: Answering, first: Parcel
) -> None:
    target.dispatch(first)
    (asked,) = server.asked
    event: Any = Webhook(SECRET).verify(asked.body.decode(), asked.headers)
    assert event["context"]["type"] == EVENT_TYPE
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(asked.body.decode().replace("0.1.0", "0.2.0"), asked.headers)


def test_the_key_of_the_delivery_is_the_name_of_the_message(
    target: WebhookTarget, server: Answering, first: Parcel
) -> None:
    for _ in range(2):
        target.dispatch(first)
    assert {asked.headers["webhook-id"] for asked in server.asked} == {first.key}
    assert {asked.headers["ce-id"] for asked in server.asked} == {first.key}


def test_the_message_says_what_is_to_be_delivered_where_and_by_which_digests(
    target: WebhookTarget, server: Answering, first: Parcel
) -> None:
    target.dispatch(first)
    content = server.asked[0].json["subject"]["content"]
    release = first.release
    assert content["environment"] == {"id": "production"}
    assert (content["version"], content["releaseDigest"]) == ("0.1.0", release.digest)
    assert [one["path"] for one in content["files"]] == ["model.joblib", "report/plot.png"]
    assert "evidence" not in content


def test_of_many_files_the_first_hundred_are_named_and_the_message_stays_small(
    target: WebhookTarget, server: Answering, tmp_path: Path
) -> None:
    many = {f"part-{number:04}": b"x" for number in range(250)}
    target.dispatch(parcel(tmp_path / "store", files=many))
    assert server.asked[0].json["subject"]["content"]["moreFiles"] == 150
    assert len(server.asked[0].body) < 20_000


def test_the_answer_says_that_it_was_handed_over_and_no_more(
    target: WebhookTarget, first: Parcel
) -> None:
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.DELIVERED
    assert answer.reason.startswith("handed over: ")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (400, "refused"),
        (401, "refused"),
        (404, "refused"),
        (410, "refused"),
        (429, "refused"),
        (302, "refused"),
        (500, "unknown"),
        (503, "unknown"),
    ],
)
def test_what_is_not_taken_is_refused_or_unknown_and_never_sent_again(
    target: WebhookTarget, server: Answering, first: Parcel, status: int, state: str
) -> None:
    server.says("POST /hook", (status, "", {}))
    answer = target.dispatch(first)
    assert (answer.state, answer.ticket) == (state, {"key": first.key})
    assert len(server.asked) == 1


def test_a_receiver_that_is_not_there_gets_nothing(first: Parcel, tmp_path: Path) -> None:
    answer = target_of("http://127.0.0.1:9/hook", tmp_path).dispatch(first)
    assert answer.state is DeliveryState.REFUSED


def test_it_cannot_be_asked_and_says_so_without_asking(
    target: WebhookTarget, server: Answering, first: Parcel
) -> None:
    found = target.look_up(first)
    assert found is not None
    assert found.state is DeliveryState.UNKNOWN
    assert first.key in found.reason
    assert server.asked == []


def test_preview_check_and_diagnosis_send_nothing(
    target: WebhookTarget, server: Answering, first: Parcel
) -> None:
    sentences, commands = target.preview(first)
    assert target.check() == []
    assert [one.ok for one in target.diagnose()] == [True]
    assert "deliver 0.1.0 to production" in sentences[0]
    assert SECRET not in " ".join([*sentences, *commands])
    assert server.asked == []


def test_a_secret_that_is_none_is_told_before_and_not_shown(first: Parcel, tmp_path: Path) -> None:
    target = target_of("https://cd.example.org/hook", tmp_path, "hunter2!")
    (problem,) = target.check()
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.REFUSED
    assert "hunter2" not in problem + answer.reason
