"""Files that another machine made: in the shared Store, not needed, or a reason with a way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.erase_evidence import erase_evidence
from jupyter_mlcd.actions.prepare_release import prepare_release
from jupyter_mlcd.actions.preview_delivery import preview_delivery
from jupyter_mlcd.actions.share_history import share_history
from jupyter_mlcd.actions.tell_commands import delivery_in_commands
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.status import WayOut
from jupyter_mlcd.testing import FakeDesk, FakeTarget
from tests.actions.days import quality_ran

if TYPE_CHECKING:
    from jupyter_mlcd.ports import Parcel, TargetAnswer


@dataclass
class Looking(FakeTarget):
    """A target that looks at the files it gets."""

    needs_files: bool = True
    got: dict[str, bytes] | None = None

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        self.got = {path: file.read_bytes() for path, file in parcel.files.items()}
        return super().dispatch(parcel)


def made_elsewhere(made: FakeDesk, *, needs_files: bool = True) -> Looking:
    """Let the tests have run where the model is, and this machine have only the history."""
    target = made.targets["staging"] = Looking(needs_files=needs_files)
    quality_ran(made)
    prepare_release(made.desk)
    for file in made.store.folder.iterdir():
        made.store.elsewhere[file.name] = file.read_bytes()
        file.unlink()
    return target


def codes(made: FakeDesk) -> list[str]:
    return [one.code for one in preview_delivery(made.desk, "staging").reasons]


def test_what_the_shared_store_has_is_no_reason_and_is_brought_when_it_is_sent(
    made: FakeDesk,
) -> None:
    target = made_elsewhere(made)
    made.store.shared = "s3://models/digits"
    page = preview_delivery(made.desk, "staging")
    assert page.reasons == ()
    words = "Brings **model.joblib** here from the shared Store **s3://models/digits** first."
    assert words in page.steps
    assert not made.store.stored()
    assert deliver(made.desk, "staging").state is DeliveryState.DELIVERED
    assert target.got
    assert target.got["model.joblib"].startswith(b"model of ")


def test_what_it_has_not_is_refused_before_anything_is_sent(made: FakeDesk) -> None:
    target = made_elsewhere(made)
    made.store.shared = "s3://models/digits"
    made.store.elsewhere.clear()
    delivery = deliver(made.desk, "staging")
    assert delivery.state is DeliveryState.REFUSED
    assert "Nothing was sent." in delivery.reason
    assert target.got is None


def test_without_a_shared_store_the_reason_says_which_line_to_write(made: FakeDesk) -> None:
    made_elsewhere(made)
    (reason,) = preview_delivery(made.desk, "staging").reasons
    assert reason.code == "product-gone"
    assert 'Write store = "s3://BUCKET/FOLDER" below [project]' in reason.text
    assert "docs/delivering.md" in reason.text


def test_running_again_is_the_way_out_only_where_a_run_here_counts(made: FakeDesk) -> None:
    quality_ran(made, builder="github")
    for file in made.store.folder.iterdir():
        file.unlink()
    (reason,) = preview_delivery(made.desk, "staging").reasons
    assert (reason.code, reason.way_out) == ("product-gone", WayOut.RUN)
    made.config = made.config.replace(
        "[environments.staging]", '[environments.staging]\nbuilt-by = "ci"'
    )
    (reason,) = preview_delivery(made.desk, "staging").reasons
    assert (reason.code, reason.way_out) == ("product-gone", WayOut.NONE)


def test_a_target_that_needs_none_gets_none_and_the_page_says_so(made: FakeDesk) -> None:
    target = made_elsewhere(made, needs_files=False)
    page = preview_delivery(made.desk, "staging")
    assert page.reasons == ()
    assert any("Sends nothing of **model.joblib**" in step for step in page.steps)
    delivery = deliver(made.desk, "staging")
    assert delivery.state is DeliveryState.DELIVERED
    assert target.got == {}
    assert delivery_in_commands(made.desk, delivery.key).commands


@pytest.mark.parametrize("needs_files", [True, False])
def test_what_was_erased_is_a_reason_wherever_it_goes(made: FakeDesk, needs_files: bool) -> None:
    made_elsewhere(made, needs_files=needs_files)
    made.store.shared = "s3://models/digits"
    (run,) = made.desk.history.evidence
    erase_evidence(made.desk, run, "she asked for it")
    assert codes(made) == ["product-gone"]
    assert "was erased" in preview_delivery(made.desk, "staging").reasons[0].text


def test_sharing_brings_what_kept_runs_deliver_and_only_when_that_is_asked(made: FakeDesk) -> None:
    quality_ran(made)
    prepare_release(made.desk)
    made.store.put_bytes(b"a draft's model")
    assert share_history(made.desk, "origin").files == 0
    assert made.store.elsewhere == {}
    assert share_history(made.desk, "origin", files=True).files == 1
    assert [one[:8] for one in made.store.elsewhere.values()] == [b"model of"]
