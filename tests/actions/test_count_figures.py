from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.count_figures import WEEKS, figures
from jupyter_mlcd.actions.roll_back import roll_back
from jupyter_mlcd.model.delivery import Given
from jupyter_mlcd.model.errors import NotFoundError, UsageError
from tests.actions.days import change_committed, delivered, quality_ran

if TYPE_CHECKING:
    from jupyter_mlcd.testing import FakeDesk


def test_the_last_twelve_weeks_count_where_no_day_is_named(made: FakeDesk) -> None:
    for number in (1, 2):
        change_committed(made, number)
        quality_ran(made, 0.9 + number / 100)
        delivered(made, "staging")
    roll_back(made.desk, "staging", given=Given("It was better"))
    made.worktree.written["1" * 40, "2" * 40] = "2000-01-01T00:00:00Z"
    found = figures(made.desk, "staging")
    assert (found.deliveries, found.roll_backs, found.bad) == (2, 1, 1)
    assert (found.lead.count, len(found.weeks)) == (1, WEEKS)
    assert found.weeks[-1].deliveries == 2
    assert figures(made.desk, "staging", "2000-01-03", "2000-01-16").weeks[1].deliveries == 0
    assert figures(made.desk, "production").deliveries == 0


@pytest.mark.parametrize(
    ("since", "until"),
    [("2026-03-02", "2026-03-01"), ("yesterday", ""), ("", "2026-02-30"), ("1900-01-01", "")],
)
def test_a_time_that_is_none_is_wrong_use(made: FakeDesk, since: str, until: str) -> None:
    with pytest.raises(UsageError):
        figures(made.desk, "staging", since, until)


def test_an_environment_that_is_not_there_is_not_found(made: FakeDesk) -> None:
    with pytest.raises(NotFoundError):
        figures(made.desk, "nowhere")
