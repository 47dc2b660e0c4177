from __future__ import annotations

import pytest

from jupyter_mlcd.actions.diagnose import ask_system, diagnose, environment_probes
from jupyter_mlcd.model.errors import NotFoundError
from jupyter_mlcd.testing import FakeDesk, FakePipeline


def test_what_is_in_the_way_of_a_target_is_a_point(made: FakeDesk) -> None:
    made.desk.target("staging")
    made.targets["staging"].problems = ("there is no key for it",)
    found = diagnose(environment_probes(made.desk, "staging"))
    assert [(one.ok, one.words) for one in found.checks] == [(False, "there is no key for it")]


def test_a_cd_system_is_asked_about_key_rights_and_pipeline_and_delivers_nothing(
    made: FakeDesk,
) -> None:
    made.targets["staging"] = FakePipeline()
    told = ask_system(made.desk, "staging")
    found = diagnose(environment_probes(made.desk, "staging"), told)
    assert [(one.number, one.name) for one in found.checks] == [
        (1, "environment staging"),
        (2, "key"),
    ]
    assert made.targets["staging"].dispatches == 0


def test_a_folder_has_nobody_to_ask_nor_has_what_is_not_ready(made: FakeDesk) -> None:
    assert ask_system(made.desk, "staging") == ()
    made.targets["staging"] = FakePipeline(problems=("there is no key for it",))
    assert ask_system(made.desk, "staging") == ()


def test_an_environment_that_is_not_there_is_told(made: FakeDesk) -> None:
    with pytest.raises(NotFoundError, match="elsewhere"):
        ask_system(made.desk, "elsewhere")
