from __future__ import annotations

import re
import secrets
import time
from typing import TYPE_CHECKING, NoReturn

import msgspec
import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.target import BuildbotTable
from jupyter_mlcd.ports import Parcel, PipelineTarget, Site, TargetAnswer
from jupyter_mlcd.targets.buildbot import BuildbotTarget
from jupyter_mlcd.world.credentials import Credential
from tests.targets.parcels import parcel
from tests.targets.servers.buildbot_stand_in import BAD_VERSION, NAME, PASSWORD, BuildbotStandIn
from tests.targets.servers.real import real_buildbot
from tests.targets.servers.relay import BROKEN, NOES, Relay, relayed
from tests.targets.servers.standing import standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

SECONDS = 30.0
FORCES = "forceschedulers/"


class _Origin:
    """A remote that is configured; nothing is pushed by the target."""

    def url(self) -> str:
        return "https://git.example.org/digits.git"

    def push(self, refs: Sequence[str], check: Callable[[], None] = lambda: None) -> NoReturn:
        raise AssertionError(refs, check)

    def push_commit(self, commit: str, branch: str) -> NoReturn:
        raise AssertionError(commit, branch)

    def moved(self, branch: str) -> NoReturn:
        raise AssertionError(branch)

    def fetch_tag(self, name: str) -> NoReturn:
        raise AssertionError(name)

    def refs(self, refs: Sequence[str]) -> Mapping[str, str]:
        raise AssertionError(refs)

    def local(self, ref: str) -> str:
        raise AssertionError(ref)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where builds wait for a file."""
    return tmp_path_factory.mktemp("buildbot")


@pytest.fixture(scope="module", params=["stand-in", pytest.param("real", marks=pytest.mark.real)])
def address(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "real":
        with real_buildbot(folder) as url:
            yield url
    else:
        with standing(BuildbotStandIn(folder)) as url:
            yield url


@pytest.fixture
def server(address: str) -> Iterator[Relay]:
    with relayed(address) as relay:
        yield relay


@pytest.fixture
def target(server: Relay, tmp_path: Path) -> BuildbotTarget:
    return target_of(server, tmp_path)


@pytest.fixture
def first(tmp_path: Path, folder: Path) -> Iterator[Parcel]:
    made = fresh(tmp_path)
    yield made
    (folder / f"go-{made.key}").touch()  # a build that waits for ever keeps a worker busy


@pytest.fixture
def end(folder: Path) -> Callable[[Parcel], None]:
    """Return what lets the build of a delivery come to its end."""
    return lambda one: (folder / f"go-{one.key}").touch()


def target_of(
    server: Relay,
    folder: Path,
    *,
    scheduler: str = "deliver",
    builder: str = "",
    password: str = PASSWORD,
) -> BuildbotTarget:
    kept = Credential(NAME, password, "env:X") if password else None
    site = Site(folder, lambda _name: _Origin(), lambda _address: kept)
    return BuildbotTarget(BuildbotTable(server.url, scheduler, builder), site)


def fresh(folder: Path, version: str = "0.1.0") -> Parcel:
    """Return a release that no other test has."""
    return parcel(folder / "store", version, commit=secrets.token_hex(20))


def look(target: BuildbotTarget, one: Parcel, answer: TargetAnswer) -> TargetAnswer:
    found = target.look_up(msgspec.structs.replace(one, ticket=answer.ticket))
    assert found is not None
    return found


def ended(target: BuildbotTarget, one: Parcel, answer: TargetAnswer) -> TargetAnswer:
    """Look until it is over."""
    limit = time.monotonic() + SECONDS
    while not (found := look(target, one, answer)).state.over and time.monotonic() < limit:
        time.sleep(0.1)
    return found


def running(target: BuildbotTarget, one: Parcel, answer: TargetAnswer) -> TargetAnswer:
    """Look until its own step runs: a real worker takes a moment."""
    limit = time.monotonic() + SECONDS
    while "bring" not in (found := look(target, one, answer)).reason and time.monotonic() < limit:
        time.sleep(0.1)
    return found


def test_it_is_a_pipeline_that_reads_origin(target: BuildbotTarget) -> None:
    assert isinstance(target, PipelineTarget)
    assert target.remote_name == "origin"


def test_looking_at_it_before_asks_nobody(
    target: BuildbotTarget, server: Relay, first: Parcel
) -> None:
    sentences, commands = target.preview(first)
    assert target.check() == []
    assert sentences[0] == "Pushes tag **v0.1.0** and the evidence to **origin**."
    assert f"{server.url}/api/v2/forceschedulers/deliver" in commands[1]
    assert first.key in commands[1]
    assert PASSWORD not in " ".join([*sentences, *commands])
    assert server.asked == []


def test_what_was_never_sent_is_not_known(target: BuildbotTarget, first: Parcel) -> None:
    assert target.look_up(first) is None


def test_it_is_followed_to_its_end(
    target: BuildbotTarget, first: Parcel, end: Callable[[Parcel], None]
) -> None:
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.DISPATCHED, answer.reason
    found = running(target, first, answer)
    assert (found.state, found.reason) == (DeliveryState.DISPATCHED, "it runs: bring")
    # A server numbers its builders as they come up.
    assert re.search(r"/#/builders/\d+/builds/\d+$", found.ticket["url"])
    end(first)
    found = ended(target, first, found)
    assert (found.state, found.ticket["state"]) == (DeliveryState.DELIVERED, "success")


def test_a_build_that_fails_says_in_which_step_and_where_its_log_is(
    target: BuildbotTarget, tmp_path: Path, end: Callable[[Parcel], None]
) -> None:
    bad = fresh(tmp_path, BAD_VERSION)
    answer = target.dispatch(bad)
    end(bad)
    found = ended(target, bad, answer)
    assert found.state is DeliveryState.FAILED
    assert found.reason == "Buildbot says failure in the step bring"
    assert found.ticket["log"].endswith("/logs/stdio")


def test_a_build_can_be_stopped(target: BuildbotTarget, first: Parcel) -> None:
    answer = target.dispatch(first)
    running(target, first, answer)
    target.cancel(msgspec.structs.replace(first, ticket=answer.ticket))
    assert ended(target, first, answer).state is DeliveryState.CANCELLED


def test_the_same_key_twice_is_one_build(
    target: BuildbotTarget, server: Relay, first: Parcel
) -> None:
    number = target.dispatch(first).ticket["request"]
    assert target.dispatch(first).ticket["request"] == number
    assert server.changes(FORCES) == 1


def test_a_lost_answer_is_unknown_and_found_by_our_key(
    target: BuildbotTarget, server: Relay, first: Parcel, end: Callable[[Parcel], None]
) -> None:
    server.loses = FORCES
    answer = target.dispatch(first)
    assert (answer.state, answer.ticket) == (DeliveryState.UNKNOWN, {"key": first.key})
    server.loses = ""
    end(first)
    assert ended(target, first, answer).state is DeliveryState.DELIVERED
    assert server.changes(FORCES) == 1


@pytest.mark.parametrize("status", NOES)
def test_whoever_says_no_is_believed_and_nothing_is_begun(
    target: BuildbotTarget, server: Relay, first: Parcel, status: int
) -> None:
    server.lies = (FORCES, status, b"{}")
    assert target.dispatch(first).state is DeliveryState.REFUSED
    assert target.look_up(first) is None


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_answer_is_unknown_and_found_by_our_key(
    target: BuildbotTarget, server: Relay, first: Parcel, how: str
) -> None:
    server.lies = (FORCES, *BROKEN[how])
    assert target.dispatch(first).state is DeliveryState.UNKNOWN
    found = target.look_up(first)
    assert found is not None
    assert found.state is DeliveryState.DISPATCHED
    assert target.dispatch(first).state is DeliveryState.DISPATCHED
    assert server.changes(FORCES) == 1


def test_the_request_of_another_delivery_is_not_taken_for_ours(
    target: BuildbotTarget, first: Parcel, tmp_path: Path
) -> None:
    ticket = target.dispatch(first).ticket
    other = msgspec.structs.replace(fresh(tmp_path), ticket=ticket)
    assert target.look_up(other) is None


def test_a_name_and_password_go_to_the_log_in_and_nowhere_else(
    target: BuildbotTarget, server: Relay, first: Parcel
) -> None:
    answer = target.dispatch(first)
    assert server.shown["authorization"] == {"/auth/login"}
    assert PASSWORD not in repr(answer)


@pytest.mark.parametrize(
    ("password", "said"), [("", "you need to have role 'deployers'"), ("wrong", "says no (401)")]
)
def test_who_may_not_is_refused_in_words_and_nothing_is_begun(
    server: Relay, tmp_path: Path, first: Parcel, password: str, said: str
) -> None:
    target = target_of(server, tmp_path, password=password)
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.REFUSED
    assert said in answer.reason
    assert target_of(server, tmp_path).look_up(first) is None


def test_a_scheduler_that_would_drop_our_key_gets_nothing_and_the_line_is_told(
    server: Relay, tmp_path: Path, first: Parcel
) -> None:
    target = target_of(server, tmp_path, scheduler="plain")
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.REFUSED
    assert 'Add util.StringParameter(name="mlcd_delivery_id")' in answer.reason
    assert server.changes(FORCES) == 0
    assert [one.ok for one in target.diagnose()] == [False]


def test_a_builder_that_the_scheduler_has_not_is_refused(
    server: Relay, tmp_path: Path, first: Parcel
) -> None:
    answer = target_of(server, tmp_path, builder="other").dispatch(first)
    assert answer.state is DeliveryState.REFUSED
    assert "There is: deliver." in answer.reason


def test_how_it_stands_is_told_without_a_change(
    target: BuildbotTarget, server: Relay, first: Parcel
) -> None:
    assert [one.ok for one in target.diagnose()] == [True]
    assert list(target.rehearse(first)) == ["The builder deliver would run."]
    assert server.changes(FORCES) == 0


def test_a_master_that_is_gone_stays_unknown(first: Parcel, tmp_path: Path) -> None:
    target = target_of(Relay("http://127.0.0.1:9"), tmp_path)
    assert target.dispatch(first).state is DeliveryState.REFUSED
    found = target.look_up(first)
    assert found is not None
    assert found.state is DeliveryState.UNKNOWN
