"""``watch``: one pass after another, with one line for each thing that happens."""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager, suppress
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

import click
import msgspec

from jupyter_mlcd.cli.grouping import sentence
from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.model.flow import FlowKind, FlowPass, FlowStep, nothing_automatic
from jupyter_mlcd.model.project import seconds
from jupyter_mlcd.project_api.terminal import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from jupyter_mlcd.workbench import Workbench

_BUSY_SECONDS = 0.5
"""Between two passes while something goes on."""
_CD_SECONDS = 5.0
"""Between two questions what became of a delivery."""
_LOOK_SECONDS = 0.5
"""Between two looks whether something was committed."""
_STANDS = {FlowKind.WAITS, FlowKind.UP_TO_DATE}
"""What says how it stands, and not what was done."""
_URGENCY = (1, 4, 3, 2)
"""Exit codes, the one that says most first."""


class Wanted(NamedTuple):
    """What was typed."""

    once: bool
    every: str
    fetch: bool
    share: str
    branch: str


def watch(bench: Workbench, wanted: Wanted, *, as_json: bool) -> int:
    """Watch until Ctrl+C, or with ``once`` until nothing is left to do; return the exit code."""
    seconds(wanted.every)  # A slip of the pen is told before anything begins.
    # Named once: another branch may be checked out meanwhile.
    branch = bench.revision(bench.fetch(wanted.branch) if wanted.fetch else wanted.branch)
    teller = _Teller(as_json=as_json)
    with bench.watching(branch):
        if wanted.share:
            bench.share(wanted.share)
        done = bench.flow(branch)
        _refuse_nothing(done)
        if wanted.once:
            code = _until_done(bench, branch, done, teller)
            if wanted.share:
                bench.share(wanted.share)
            return code
        teller.say(f"Watching for {', '.join(done.environments)}. Ctrl+C ends it.")
        teller.tell(done)
        with suppress(KeyboardInterrupt), _asked_to_end() as ended:
            _until_ended(bench, branch, wanted, teller, ended)
    teller.say("Nobody is watching any more. What goes on is followed by the next one.")
    return 0


def _refuse_nothing(done: FlowPass) -> None:
    if not done.environments:
        raise nothing_automatic()


def _until_done(bench: Workbench, branch: str, done: FlowPass, teller: _Teller) -> int:
    """Make passes until nothing goes on any more, and return the exit code of what came of it."""
    codes: set[int] = set()
    while True:
        teller.tell(done)
        codes.update(one.code for one in done.steps if one.kind not in _STANDS)
        if not done.is_busy:
            codes.update(one.code for one in done.steps)
            return next((code for code in _URGENCY if code in codes), 0)
        time.sleep(_pause(done))
        done = bench.flow(branch)


def _pause(done: FlowPass) -> float:
    """Return how long to wait until what goes on is looked at: a CD system is not asked often."""
    is_here = any(one.is_busy and one.kind is not FlowKind.DELIVERY for one in done.steps)
    return _BUSY_SECONDS if is_here else _CD_SECONDS


@contextmanager
def _asked_to_end() -> Iterator[Event]:
    """Give what is set by Ctrl+C and by the panel: what goes on is brought to an end first.

    An interrupt at any moment could be lost, or break off what is half done; a second one does.
    """
    ended = Event()

    def ask(number: int, frame: FrameType | None) -> None:
        del number, frame
        if ended.is_set():
            raise KeyboardInterrupt
        ended.set()

    before = {one: signal.signal(one, ask) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield ended
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _until_ended(
    bench: Workbench, branch: str, wanted: Wanted, teller: _Teller, ended: Event
) -> None:
    """Make a pass whenever there may be something to do."""
    every = seconds(wanted.every)
    fetched = time.monotonic()
    while not ended.is_set():
        marks = bench.commit_marks(branch)
        pause = 0.0
        try:
            if wanted.fetch and time.monotonic() - fetched >= every:
                fetched = time.monotonic()
                bench.fetch(wanted.branch)
            done = bench.flow(branch)
            pause = _pause(done) if done.is_busy else 0.0
            if teller.tell(done) and wanted.share:
                bench.share(wanted.share)
        except MlcdError as error:  # A wrong mlcd.toml, a remote that is away: it may end.
            hint = f" {sentence(error.hint)}" if error.hint else ""
            teller.tell_once("", "trouble", f"{sentence(error.message)}{hint}")
        if pause:
            ended.wait(pause)
            continue
        end = time.monotonic() + every
        while time.monotonic() < end and bench.commit_marks(branch) == marks:
            if ended.wait(_LOOK_SECONDS):
                break


class _Teller:
    """Prints each thing once; how it stands, when that changes."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._said: dict[tuple[str, str], str] = {}

    def tell(self, done: FlowPass) -> bool:
        """Print what is new in a pass, and tell whether anything is."""
        self._said.pop(("", "trouble"), None)
        told = [
            self.tell_once(
                step.environment,
                "stands" if step.kind in _STANDS else f"{step.kind} {step.subject}",
                step.words,
                step,
            )
            for step in done.steps
        ]
        return any(told)

    def tell_once(
        self, environment: str, what: str, words: str, step: FlowStep | None = None
    ) -> bool:
        """Print words unless they were the last ones on this; tell whether they are new."""
        if self._said.get((environment, what)) == words:
            return False
        self._said[environment, what] = words
        if self._as_json and step is not None:
            click.echo(msgspec.json.encode(step).decode())
        else:
            self.say(f"{environment}: {plain(words)}" if environment else plain(words))
        return True

    def say(self, words: str) -> None:
        """Print one line with the time of day."""
        if not self._as_json:
            click.echo(f"{time.strftime('%H:%M:%S')} {words}")
