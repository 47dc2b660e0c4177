"""Forge real kept evidence in every way we know, and look whether it is found and named.

    python -m tests.faults.forgeries [N] [CLEAN] [SEED] [DISTINCT]

prints for each kind how many forgeries were made, found, and named: the step that fails says what
was done, and where. Then how many of CLEAN untouched bundles raise a false alarm, DISTINCT of them
from runs of notebooks made up for each. A forger changes what he can and recomputes every sum up to
an anchor that he cannot reach: the fingerprint in the history, the digest in the tag, the branch as
the remote has it. Whoever can also rewrite the tag, the branch, its reflog and what is known of
every remote leaves nothing to hold him against but signatures: exports that are signed are forged
too, by people with and without a key.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import MlcdError
from tests.faults.clean import clean_bundles
from tests.faults.forged_exports import EXPORT_KINDS, Exports
from tests.faults.forged_files import FILE_KINDS
from tests.faults.forged_history import HISTORY_KINDS, Forge
from tests.faults.kept import Memory, Stage

if TYPE_CHECKING:
    from jupyter_mlcd.model.status import Verification

SHARE = 8
"""One forgery in so many is of the history itself, and one of an export; these take longer."""


@dataclass
class Count:
    """What became of the forgeries."""

    made: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    clean: int = 0
    alarms: list[str] = field(default_factory=list)

    def note(self, kind: str, told: tuple[bool, str], names: tuple[str, ...], what: str) -> None:
        """Note one forgery: whether it was found, and whether the words name it."""
        found, words = told
        self.made[kind] += 1
        self.found[kind] += found
        is_named = found and any(name in words for name in names)
        self.named[kind] += is_named
        if not is_named:
            self.missed.append(f"{kind}: {what}: {words or 'every step holds'}")


def told(found: Verification) -> tuple[bool, str]:
    """Return whether something is wrong, and all that is said of it."""
    bad = [f"{check.name}: {check.words}" for check in found.checks if not check.ok]
    return not found.ok, "; ".join(bad)


def forge(stage: Stage, number: int, seed: int) -> Count:
    """Make so many forgeries, one after the other, each of untouched evidence."""
    luck = random.Random(seed)  # noqa: S311 - chosen, not secret
    count = Count()
    memory = Memory(stage)
    history = Forge(stage)
    exports = Exports(stage)
    for turn in range(number):
        if turn % SHARE == 0:
            name, make_export = EXPORT_KINDS[turn // SHARE % len(EXPORT_KINDS)]
            export = make_export(exports, luck)
            count.note(name, told(export.verify()), export.names, export.subject)
            continue
        if turn % SHARE == SHARE - 1:
            name, make = HISTORY_KINDS[turn // SHARE % len(HISTORY_KINDS)]
            with history.afresh():
                subject, names = make(history, luck)
                try:
                    said = told(stage.bench.verify(subject))
                except MlcdError as error:
                    said = (True, error.message)
            count.note(name, said, names, subject)
            continue
        place = turn // SHARE * (SHARE - 2) + turn % SHARE - 1
        name, make_files = FILE_KINDS[place % len(FILE_KINDS)]
        forged = make_files(memory, luck)
        try:
            said = told(memory.verify(forged.ledger, forged.subject))
        except MlcdError as error:
            said = (True, error.message)
        count.note(name, said, forged.names, f"{forged.subject}, up to {forged.reach}")
    return count


def main() -> None:
    """Print the figures."""
    asked = [int(word) for word in sys.argv[1:]]
    number, clean, seed, distinct = (*asked, *(2000, 500, int(time.time()), 60)[len(asked) :])
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder) / "small").play()
        stage.keep("odd")
        count = forge(stage, number, seed)
        for words in clean_bundles(stage, clean, seed, distinct):
            count.clean += 1
            if words:
                count.alarms.append(words)
    made, found, named = (sum(one.values()) for one in (count.made, count.found, count.named))
    print(f"{made} forgeries (seed {seed}): {found} found, {named} found and named")
    for kind in sorted(count.made):
        print(f"  {kind:44} {count.made[kind]:5} {count.found[kind]:5} {count.named[kind]:5}")
    alarms = len(count.alarms)
    print(f"{count.clean} clean bundles, {distinct} of runs of their own: {alarms} false alarms")
    print(f"{time.monotonic() - began:.0f} s")
    for words in [*count.missed[:20], *count.alarms[:20]]:
        print(f"  {words}")
    sys.exit(1 if count.missed or count.alarms else 0)


if __name__ == "__main__":
    main()
