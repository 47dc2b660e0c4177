"""The zoo's quick animals, each in a process of its own; ``python -m tests.faults.zoo`` shows all.

How long it takes is asserted there, on a machine that does nothing else.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.animals import ANIMALS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux")

QUICK = [animal.name for animal in ANIMALS if animal.is_quick]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("animal", QUICK)
def test_an_animal_gets_its_verdict_and_leaves_nothing(animal: str) -> None:
    visit = subprocess.run(
        [sys.executable, "-m", "tests.faults.zoo", "--patience", "120", animal],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert visit.returncode == 0, visit.stdout + visit.stderr


def test_names_of_animals_are_unique() -> None:
    assert len({animal.name for animal in ANIMALS}) == len(ANIMALS)
