from __future__ import annotations

import pytest

from jupyter_mlcd.actions.preview_delivery import preview_delivery
from jupyter_mlcd.actions.rehearse import rehearse
from jupyter_mlcd.model.errors import NotFoundError, RefusedError
from jupyter_mlcd.testing import FakeDesk, FakePipeline
from tests.actions.days import quality_ran


def test_the_system_is_asked_about_the_release_that_would_go(made: FakeDesk) -> None:
    made.targets["staging"] = pipeline = FakePipeline()
    quality_ran(made, 0.85)  # A rule that is not met is no matter.
    before = len(made.ledger.written)
    assert rehearse(made.desk, "staging") == ["Would deliver 0.1.0."]
    assert preview_delivery(made.desk, "staging").can_rehearse
    assert (pipeline.dispatches, made.remote.pushed) == (0, [])
    assert len(made.ledger.written) == before


def test_a_folder_has_nothing_to_say_beside_the_preview(made: FakeDesk) -> None:
    quality_ran(made)
    assert rehearse(made.desk, "staging") == ()
    assert not preview_delivery(made.desk, "staging").can_rehearse


def test_without_a_release_there_is_nothing_to_rehearse(made: FakeDesk) -> None:
    made.targets["staging"] = FakePipeline()
    with pytest.raises(RefusedError, match="nothing to rehearse"):
        rehearse(made.desk, "staging")
    with pytest.raises(NotFoundError):
        rehearse(made.desk, "elsewhere")
