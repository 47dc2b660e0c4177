from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.export_evidence import export_evidence
from jupyter_mlcd.actions.preview_delivery import preview_delivery
from jupyter_mlcd.actions.write_notes import release_notes
from jupyter_mlcd.bundle.papers import ExportPapers
from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.testing import FakeDesk, FakeTarget
from tests.actions.days import change_committed, delivered, quality_ran

if TYPE_CHECKING:
    from jupyter_mlcd.model.delivery import Delivery
    from jupyter_mlcd.ports import Parcel, TargetAnswer

TEMPLATE = '[release-notes]\ntemplate = "notes.md"\n'


@dataclass
class Publishing(FakeTarget):
    """A target that publishes notes, and keeps them."""

    publishes_notes: bool = True
    notes: list[str] = field(default_factory=list)

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        """Keep the notes."""
        self.notes.append(parcel.notes)
        return super().dispatch(parcel)

    def published_text(self, parcel: Parcel) -> str:
        """Return them as they are."""
        return parcel.notes


def with_template(made: FakeDesk, text: bytes | None) -> None:
    """Let mlcd.toml name a template, and commit it with the first version."""
    made.config += TEMPLATE
    if text is not None:
        made.worktree.held["1" * 40, "notes.md"] = text


def published(made: FakeDesk, *, wants: bool = True) -> tuple[Delivery, str]:
    """Deliver a version, and return the delivery with the notes that the target got."""
    target = Publishing(publishes_notes=wants)
    made.targets["staging"] = target
    change_committed(made, 1)
    quality_ran(made, 0.91)
    delivery = delivered(made, "staging")
    (notes,) = target.notes
    return delivery, notes


def test_a_target_that_publishes_notes_gets_them(made: FakeDesk) -> None:
    _, notes = published(made)
    assert notes.startswith("# digits 0.1.0\n")
    assert "accuracy: nothing → 0.91" in notes


def test_the_page_shows_the_text_before_and_it_is_the_one_that_is_sent(made: FakeDesk) -> None:
    target = made.targets["staging"] = Publishing()
    change_committed(made, 1)
    quality_ran(made, 0.91)
    page = preview_delivery(made.desk, "staging")
    assert page.text.startswith("# digits 0.1.0\n")
    deliver(made.desk, "staging")
    assert target.notes == [page.text]


def test_the_page_says_that_the_text_is_by_the_plain_template(made: FakeDesk) -> None:
    with_template(made, None)
    made.targets["staging"] = Publishing()
    change_committed(made, 1)
    quality_ran(made, 0.91)
    assert (
        "The release notes are the plain ones" in preview_delivery(made.desk, "staging").steps[-1]
    )


def test_another_one_gets_none(made: FakeDesk) -> None:
    assert published(made, wants=False)[1] == ""


def test_the_template_of_the_project_is_used_as_it_was_committed(made: FakeDesk) -> None:
    with_template(made, b"Version {{ version }}")
    assert published(made)[1] == "Version 0.1.0\n"
    assert release_notes(made.desk) == "Version 0.1.0\n"


@pytest.mark.parametrize(
    ("template", "words"), [(b"{{ nothing }}", "notes.md, line 1"), (None, "not in commit")]
)
def test_a_template_that_cannot_be_used_holds_up_no_delivery_and_is_told(
    made: FakeDesk, template: bytes | None, words: str
) -> None:
    with_template(made, template)
    delivery, notes = published(made)
    assert delivery.state == "delivered"
    assert notes.startswith("# digits 0.1.0\n")
    assert "The release notes are the plain ones" in delivery.reason
    assert words in delivery.reason
    with pytest.raises(ConfigError, match=words):
        release_notes(made.desk)


def test_what_is_wrong_with_a_template_stands_at_the_end_of_exported_notes(made: FakeDesk) -> None:
    with_template(made, b"{{ nothing }}")
    published(made)
    notes = export_evidence(made.desk, "0.1.0", ExportPapers(None)).files["NOTES.md"].decode()
    assert notes.startswith("# digits 0.1.0\n")
    assert "plain ones: notes.md, line 1" in notes.splitlines()[-1]


def test_a_template_can_be_given(made: FakeDesk) -> None:
    published(made)
    text = release_notes(made.desk, template=("other.md", b"{{ project }}!"))
    assert text == "digits!\n"


def test_notes_that_cannot_be_written_hold_up_no_delivery(made: FakeDesk) -> None:
    published(made)
    target = made.targets["staging"]
    assert isinstance(target, Publishing)
    (kept,) = made.desk.history.evidence.values()
    del made.ledger.content[f"{kept.path}/SHA256SUMS"]
    change_committed(made, 2)
    quality_ran(made, 0.95)
    delivery = deliver(made.desk, "staging")
    assert delivery.state == "delivered"
    assert "It has no release notes" in delivery.reason
    assert not target.notes[-1]
