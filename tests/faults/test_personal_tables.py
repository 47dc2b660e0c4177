from __future__ import annotations

from tests.faults.personal_tables import alarms, plant


def test_made_up_people_are_found_in_each_form_and_no_finding_has_a_value() -> None:
    made, missed = plant(seed=20261128)
    assert made >= 300
    assert len(missed) <= made / 100, missed


def test_tables_of_the_usual_examples_raise_no_alarm() -> None:
    assert alarms() == []
