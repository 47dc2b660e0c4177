"""A server that lies or breaks, in every way we know, against every target that speaks to one.

Each way is tried with a program that lives on, one that dies before it sends and one that dies
after it sent. What is delivered is then taken up as ``actions/deliver`` does: the target is asked
first, and told again only where it surely knows nothing. Afterwards the server is well again and
the delivery is followed to its end.

Promised: at most one trigger per key, and a final state that is true or ``unknown``.
``python -m tests.faults.lying_world`` tries all of it and prints the count.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.world import git_hardening, http
from tests.targets.stand_in.applications import APPLICATIONS
from tests.targets.stand_in.kinds import KINDS as SYSTEMS
from tests.targets.stand_in.kinds import Kind, Opened
from tests.targets.stand_in.server import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.ports import Parcel, TargetAnswer

KINDS: Final = {**SYSTEMS, **APPLICATIONS}
HTML: Final = "<html>Please sign in</html>"
_LOOKS: Final = 40
_TAKES_PART: Final = {DeliveryState.DISPATCHED, DeliveryState.DELIVERED}
FAULTS: Final = (
    *(Fault(str(status), status) for status in (401, 403, 404, 409, 422)),
    Fault("429", 429),
    Fault("429, wait", 429, {"Retry-After": "0.01"}),
    Fault("429, wait a day", 429, {"Retry-After": "86400"}),
    Fault("500", 500),
    *(Fault(f"{status}, done", status, does=True) for status in (500, 502, 503, 504)),
    Fault("reset"),
    Fault("reset", does=True),
    Fault("hang"),
    Fault("hang", does=True),
    Fault("trickle", does=True),
    Fault("headers letter by letter", does=True),
    Fault("page for logging in", 200, {"Content-Type": "text/html"}, content=HTML),
    Fault("page for logging in, done", 200, {"Content-Type": "text/html"}, True, HTML),  # noqa: FBT003
    Fault("203 page", 203, {"Content-Type": "text/html"}, content=HTML),
    Fault("other JSON, done", 200, does=True, content='{"hello": ["world"]}'),
    Fault("a list, done", 200, does=True, content="[1, 2]"),
    Fault("nothing, done", 200, does=True, content=""),
    Fault("another run", does=True),
    Fault("packed, done", 200, {"Content-Encoding": "gzip"}, True, "\x1f\x8b"),  # noqa: FBT003
    Fault("redirect", 302, {"Location": "http://127.0.0.1:9/elsewhere"}),
    Fault("redirect inside", 307, {"Location": "http://169.254.169.254/latest/meta-data"}),
)
CRASHES: Final = ("no crash", "dies before it sends", "dies after it sent")
SPOILT: Final = ("the trigger", "everything")
AFTERWARDS: Final = ("ends", "goes backwards", "never ends")


class Way(NamedTuple):
    """One line of the matrix."""

    kind: Kind
    fault: Fault
    spoilt: str
    crash: str
    afterwards: str = "ends"

    def __str__(self) -> str:
        done = ", done" if self.fault.does and "done" not in self.fault.name else ""
        words = (self.kind.name, self.fault.name + done, *self[2:])
        return " | ".join(words)


class Outcome(NamedTuple):
    """What came of it."""

    state: DeliveryState
    triggers: int
    seconds: float
    """The longest that one call took."""

    @property
    def is_true(self) -> bool:
        """Whether the state is what happened, or says that it is not known."""
        if self.state in _TAKES_PART:
            return self.triggers == 1
        # Nothing that failed goes on here, so what is told as failed must not be live.
        nothing = {DeliveryState.REFUSED, DeliveryState.REQUESTED, DeliveryState.FAILED}
        return self.triggers == 0 if self.state in nothing else self.state is DeliveryState.UNKNOWN


def ways(kinds: dict[str, Kind] = KINDS) -> list[Way]:
    """Return the whole matrix."""
    every = [
        Way(kind, fault, spoilt, crash)
        for kind in kinds.values()
        for fault in FAULTS
        for spoilt in SPOILT
        for crash in CRASHES
    ]
    well = Fault("none", does=True)
    return every + [
        Way(kind, well, "nothing", crash, afterwards)
        for kind in kinds.values()
        for crash in CRASHES
        for afterwards in AFTERWARDS
    ]


@contextmanager
def impatient() -> Iterator[None]:
    """Wait a quarter of a second where fifteen are usual, and git one: nobody sleeps here."""
    before = http._SECONDS, http._LONGEST_WAIT  # noqa: SLF001
    usual = git_hardening._ALWAYS  # noqa: SLF001
    http._SECONDS, http._LONGEST_WAIT = 0.25, 0.0  # type: ignore[misc] # noqa: SLF001
    git_hardening._ALWAYS = (*usual, ("http.lowSpeedTime", "1"))  # type: ignore[misc] # noqa: SLF001
    try:
        yield
    finally:
        http._SECONDS, http._LONGEST_WAIT = before  # type: ignore[misc] # noqa: SLF001
        git_hardening._ALWAYS = usual  # type: ignore[misc] # noqa: SLF001


class _Delivery:
    """A delivery as the history has it; the target is asked as ``actions.deliver`` asks it."""

    def __init__(self, here: Opened) -> None:
        self.here = here
        self.state = DeliveryState.REQUESTED
        self.ticket: dict[str, str] = {}
        self.longest = 0.0

    def dispatch(self, *, noted: bool = True) -> None:
        begun = time.monotonic()
        answer = self.here.target.dispatch(self._parcel)
        self._took(begun)
        if noted:
            self._note(answer)

    def resume(self) -> None:
        """Take it up: asked first, sent only where it surely is not known."""
        if not self.look_up() and self.state is DeliveryState.REQUESTED:
            self.dispatch()

    def look_up(self) -> bool:
        """Return whether the target had something to say."""
        if self.state.over:
            return True
        begun = time.monotonic()
        answer = self.here.target.look_up(self._parcel)
        self._took(begun)
        if answer is not None:
            self._note(answer)
        return answer is not None

    def _took(self, begun: float) -> None:
        self.longest = max(self.longest, time.monotonic() - begun)

    def _note(self, answer: TargetAnswer) -> None:
        self.state, self.ticket = answer.state, answer.ticket

    @property
    def _parcel(self) -> Parcel:
        return msgspec.structs.replace(self.here.parcel, ticket=self.ticket)


def go(way: Way, here: Opened) -> Outcome:
    """Deliver that way, and follow it when the world is well again."""
    server, vendor = here.server, here.vendor
    server.fault = way.fault if way.spoilt != "nothing" else None
    server.faulty = lambda route: route.triggers or way.spoilt == "everything"
    delivery = _Delivery(here)
    if way.crash != "dies before it sends":
        delivery.dispatch(noted=way.crash == "no crash")
    for _ in range(2):
        delivery.resume()
    server.fault = None
    delivery.look_up()
    if vendor.begun:
        vendor.last.stage = 1
        delivery.look_up()
        if way.afterwards == "never ends":
            for _ in range(_LOOKS):
                delivery.look_up()
        else:
            vendor.end()
        delivery.look_up()
        if way.afterwards == "goes backwards":
            vendor.last.stage = 0
            delivery.state = DeliveryState.DISPATCHED  # another machine that has not heard of it
            delivery.look_up()
    # A server that broke down told no lie at all.
    assert server.violations == [], f"{way}: {server.violations}"
    return Outcome(delivery.state, vendor.count(here.parcel.key), delivery.longest)


def main() -> int:
    """Try all, and print what came of it."""
    outcomes: Counter[str] = Counter()
    doubled = untrue = 0
    longest = 0.0
    every = ways()
    with tempfile.TemporaryDirectory() as folder, impatient():
        for way in every:
            with way.kind.opened(Path(folder, "store")) as here:
                outcome = go(way, here)
            outcomes[outcome.state] += 1
            longest = max(longest, outcome.seconds)
            doubled += outcome.triggers > 1
            untrue += not outcome.is_true
            if outcome.triggers > 1 or not outcome.is_true:
                print(f"{way}: {outcome}")
    states = ", ".join(f"{count} {state}" for state, count in sorted(outcomes.items()))
    print(
        f"{len(KINDS)} ways to reach a CD system or an application, {len(every)} lies and crashes:"
        f" {doubled} sent twice, {untrue} told wrong. In the end {states}; no call took over"
        f" {longest:.1f} s where an answer is waited for 0.25 s."
    )
    return int(doubled + untrue > 0)


if __name__ == "__main__":
    sys.exit(main())
