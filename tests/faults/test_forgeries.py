from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.clean import clean_bundles
from tests.faults.forged_exports import EXPORT_KINDS
from tests.faults.forged_files import FILE_KINDS
from tests.faults.forged_history import HISTORY_KINDS
from tests.faults.forgeries import SHARE, forge
from tests.faults.kept import Stage

if TYPE_CHECKING:
    from pathlib import Path

EACH = SHARE * max(len(HISTORY_KINDS), len(EXPORT_KINDS))


@pytest.mark.timeout(600)
def test_every_kind_of_forgery_is_found_and_named_and_what_is_clean_is_not(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "small").play()
    stage.keep("odd")
    count = forge(stage, EACH, seed=20261128)
    assert not count.missed
    assert len(count.made) == len(FILE_KINDS) + len(HISTORY_KINDS) + len(EXPORT_KINDS)
    assert not [words for words in clean_bundles(stage, 40, seed=20261128, distinct=2) if words]
