from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.actions.compare_evidence import compare_case, compare_evidence
from jupyter_mlcd.actions.erase_evidence import erase_evidence
from jupyter_mlcd.actions.export_evidence import export_evidence
from jupyter_mlcd.actions.find_run import bundle_file, executed_notebook, find_manifest
from jupyter_mlcd.actions.keep_evidence import keep_evidence
from jupyter_mlcd.actions.look_for_personal import find_personal, show_found
from jupyter_mlcd.actions.preview_delivery import preview_delivery
from jupyter_mlcd.actions.prune import prune
from jupyter_mlcd.actions.tell_commands import keep_in_commands
from jupyter_mlcd.actions.verify_evidence import verify_evidence, verify_files
from jupyter_mlcd.bundle.difference import NotebookDifference
from jupyter_mlcd.bundle.report import report_page
from jupyter_mlcd.model.config import parse
from jupyter_mlcd.model.errors import ConfigError, NotFoundError, RefusedError
from jupyter_mlcd.model.evidence import SUMS, digest_of, sums
from jupyter_mlcd.model.kept import KEPT, KeptChanges
from tests.actions.days import change_committed, delivered, quality_ran, shown

if TYPE_CHECKING:
    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.model.status import Check
    from jupyter_mlcd.testing import FakeDesk

OUT = '\n[personal-data]\nfound = "out-of-git"\n'
ROWS = "email,total\nada@example.org,3\ngrace@example.org,4\n"
FILE = "notebooks/0.ipynb"


def printed(made: FakeDesk, text: str = ROWS) -> Run:
    """Run the suite so that its notebook prints a table of people."""
    return shown(made, {"output_type": "stream", "name": "stdout", "text": text})


def elsewhere(made: FakeDesk, run: str) -> None:
    """Make it another machine, which has the history alone."""
    made.runner.discard(run)
    for one in made.store.stored():
        made.store.remove(one.sha256)


def in_git(made: FakeDesk) -> bytes:
    return b"\n".join(made.ledger.content.values())


def step(made: FakeDesk, subject: str, name: str, environment: str = "") -> Check:
    checks = verify_evidence(made.desk, subject, environment).checks
    return next(check for check in checks if check.name == name)


def test_it_is_kept_and_told_where_it_stands_without_a_value(made: FakeDesk) -> None:
    kept = keep_evidence(made.desk, printed(made).id)
    (found,) = kept.personal
    assert (found.file, found.cell, found.output, found.rows) == (FILE, 0, 0, 2)
    assert found.kinds == ("e-mail address",)
    assert "looks like personal data: notebooks/0.ipynb, cell 0" in made.ledger.commits[-1]
    assert "ada" not in str(found) + made.ledger.commits[-1]
    assert f"{kept.path}/{KEPT}" not in made.ledger.content


def test_keeping_twice_tells_the_same(made: FakeDesk) -> None:
    run = printed(made).id
    assert keep_evidence(made.desk, run) == keep_evidence(made.desk, run)


def test_a_draft_is_looked_at_before_anything_is_in_git(made: FakeDesk) -> None:
    (found,) = find_personal(made.desk, printed(made).id)
    assert str(found) == "notebooks/0.ipynb, cell 0, output 0: e-mail address in 2 rows"
    assert made.ledger.commits == []


def test_where_a_person_can_be_asked_nothing_is_kept_before_her_word(made: FakeDesk) -> None:
    run = printed(made).id
    with pytest.raises(RefusedError, match="looks like personal data: notebooks/0") as caught:
        keep_evidence(made.desk, run, although_personal=False)
    assert (caught.value.code, caught.value.details["run"]) == ("personal-found", run)
    assert "ada" not in str(caught.value.problem)
    assert made.ledger.commits == []
    (found,) = show_found(made.desk, run).personal
    assert (found.case, found.name, found.source) == (0, "train.ipynb", 0)


@pytest.mark.parametrize("found", ["out-of-git", "ignore"])
def test_nobody_is_asked_where_mlcd_toml_has_decided_it(made: FakeDesk, found: str) -> None:
    made.config += f'\n[personal-data]\nfound = "{found}"\n'
    run = printed(made).id
    assert show_found(made.desk, run).personal == ()
    assert keep_evidence(made.desk, run, although_personal=False).id == run


def test_the_deliver_page_says_that_it_goes_to_git(made: FakeDesk) -> None:
    printed(made)
    steps = preview_delivery(made.desk, "staging").steps
    assert any("looks like personal data" in one and "cell 0" in one for one in steps), steps
    delivered(made)
    assert not any("personal" in one for one in preview_delivery(made.desk, "production").steps)


@pytest.mark.parametrize(
    ("table", "finds"),
    [
        ('found = "ignore"', 0),
        ('columns = ["shoe size"]', 2),
        (f'[[personal-data.allow]]\nplace = "{FILE}, cell 0"\nreason = "made up"', 0),
        (f'[[personal-data.allow]]\nplace = "{FILE}, cell 1"\nreason = "made up"', 1),
    ],
)
def test_mlcd_toml_says_what_is_looked_for(made: FakeDesk, table: str, finds: int) -> None:
    made.config += f"\n[personal-data]\n{table}\n"
    run = printed(made, "shoe size,mail\n41,ada@example.org\n42,grace@example.org\n")
    found = find_personal(made.desk, run.id)
    assert sum(len(one.kinds) for one in found) == finds


def test_an_exception_without_a_reason_is_an_error_with_its_line(made: FakeDesk) -> None:
    with pytest.raises(ConfigError, match="says where and why"):
        parse(made.config + '[[personal-data.allow]]\nplace = "x"\nreason = " "\n')


def test_out_of_git_leaves_no_row_in_git_and_verifies(made: FakeDesk) -> None:
    made.config += OUT
    run = printed(made)
    kept = keep_evidence(made.desk, run.id)
    assert b"ada@example.org" not in in_git(made)
    assert (kept.personal, [one.file for one in kept.out_of_git]) == ((), [FILE])
    text = made.ledger.content[f"{kept.path}/{KEPT}"]
    changes = msgspec.json.decode(text, type=KeptChanges)
    assert (changes.draft, changes.out_of_git) == (run.digest, kept.out_of_git)
    assert "e-mail address" in changes.out_of_git[0].why
    assert verify_evidence(made.desk, run.id).ok
    assert "is here" in step(made, run.id, "what is out of git is named").words
    assert b"ada@example.org" in executed_notebook(made.desk, run.id, 0)


def test_quotes_of_its_outputs_are_cut_and_verdicts_stay(made: FakeDesk) -> None:
    made.config += OUT
    run = printed(made)
    folder = made.runner.bundle(run.id)
    manifest = folder / "manifest.json"
    quoting = msgspec.json.decode(manifest.read_bytes())
    cell = quoting["run"]["cases"][0]["cells"][0]
    said = {"field": "stdout", "expected": "a", "got": "ada@example.org", "by": "", "picture": ""}
    cell["differences"] = [{**said, "expected_span": None, "got_span": [0, 3]}]
    rewritten(made, run, {"manifest.json": msgspec.json.encode(quoting)})
    keep_evidence(made.desk, run.id)
    assert b"ada@example.org" not in in_git(made)
    assert b"out of git" in in_git(made)
    assert verify_evidence(made.desk, run.id).ok


def rewritten(made: FakeDesk, run: Run, files: dict[str, bytes]) -> None:
    """Write other files into the bundle of a run, as if the run had made them."""
    folder = made.runner.bundle(run.id)
    for path, content in files.items():
        (folder / path).write_bytes(content)
    there = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != SUMS
    }
    (folder / SUMS).write_bytes(sums(there))
    made.runner.ended[run.id] = msgspec.structs.replace(run, digest=digest_of(sums(there)))


def test_where_it_is_not_every_door_says_so(made: FakeDesk) -> None:
    made.config += OUT
    run = printed(made).id
    keep_evidence(made.desk, run)
    elsewhere(made, run)
    found = verify_evidence(made.desk, run)
    assert found.ok
    told = step(made, run, "what is out of git is named").words
    assert "is not here" in told
    assert "in the Store of the machine that ran it" in told
    with pytest.raises(NotFoundError, match="is not here: it is out of git"):
        executed_notebook(made.desk, run, 0)
    assert bundle_file(made.desk, run, FILE) is None
    page = report_page(
        find_manifest(made.desk, run), lambda path: bundle_file(made.desk, run, path)
    )
    assert b"is out of git, because" in page


def test_a_comparison_with_it_says_why_there_is_none(made: FakeDesk) -> None:
    made.config += OUT
    old = printed(made).id
    keep_evidence(made.desk, old)
    elsewhere(made, old)
    change_committed(made, 2)
    new = quality_ran(made).id
    (case,) = compare_evidence(made.desk, new, old, NotebookDifference()).cases
    assert "is not here: it is out of git" in case.problem
    with pytest.raises(NotFoundError, match="out of git"):
        compare_case(made.desk, new, 0, old, NotebookDifference())


def test_an_export_leaves_it_out_and_can_be_checked(made: FakeDesk) -> None:
    made.config += OUT
    run = printed(made).id
    kept = keep_evidence(made.desk, run)
    exported = export_evidence(made.desk, run)
    assert (FILE in exported.files, list(exported.left_out)) == (False, [FILE])
    assert verify_files(exported.files, run, kept.digest).ok


def test_a_stored_notebook_that_was_exchanged_is_found(made: FakeDesk) -> None:
    made.config += OUT
    run = printed(made).id
    (away,) = keep_evidence(made.desk, run).out_of_git
    (made.store.folder / away.sha256).write_bytes(b'{"cells": [], "metadata": {}}')
    failed = [one.words for one in verify_evidence(made.desk, run).checks if not one.ok]
    assert any("another file than kept.json says" in words for words in failed), failed


def test_a_notebook_that_came_into_git_all_the_same_is_found(made: FakeDesk) -> None:
    made.config += OUT
    run = printed(made).id
    kept = keep_evidence(made.desk, run)
    content = executed_notebook(made.desk, run, 0)
    made.ledger.content[f"{kept.path}/{FILE}"] = content
    assert not step(made, run, "what is out of git is named").ok


def test_prune_leaves_it_and_erase_takes_it_with_a_tombstone(made: FakeDesk) -> None:
    made.config += OUT
    run = printed(made).id
    (away,) = keep_evidence(made.desk, run).out_of_git
    made.runner.old.add(run)
    prune(made.desk)
    assert away.sha256 in {one.sha256 for one in made.store.stored()}
    plan = erase_evidence(made.desk, run, "Customer 12 asked for it", only=[FILE])
    assert [one.name for one in plan.files] == [FILE]
    assert away.sha256 not in {one.sha256 for one in made.store.stored()}
    assert "notebooks/0.ipynb: erased on" in step(made, run, "what was erased is told").words
    assert verify_evidence(made.desk, run).ok


def test_a_delivery_asks_to_keep_it_first_and_then_goes(made: FakeDesk) -> None:
    made.config += OUT
    run = printed(made).id
    assert any("keep it first" in one for one in preview_delivery(made.desk, "staging").steps)
    with pytest.raises(RefusedError) as raised:
        delivered(made)
    assert raised.value.code == "keep-first"
    assert all(one.sha256 for one in made.store.stored())
    keep_evidence(made.desk, run)
    delivered(made)
    assert verify_evidence(made.desk, "0.1.0", "staging").ok


def test_for_an_environment_what_cannot_be_looked_at_is_refused_unless_accepted(
    made: FakeDesk,
) -> None:
    made.config += OUT
    keep_evidence(made.desk, printed(made).id)
    delivered(made)
    (away,) = [one for one in made.store.stored() if one.size > 100]
    made.store.remove(away.sha256)
    name = "every executed notebook was looked at"
    assert "--although-unseen" in step(made, "0.1.0", name, "staging").words
    assert not verify_evidence(made.desk, "0.1.0", "staging").ok
    assert verify_evidence(made.desk, "0.1.0").ok
    assert verify_evidence(made.desk, "0.1.0", "staging", although_unseen=True).ok


def test_the_plain_commands_do_not_put_it_into_git(made: FakeDesk) -> None:
    made.config += OUT
    run = printed(made).id
    kept = keep_evidence(made.desk, run)
    commands = keep_in_commands(made.desk, run).commands
    # The draft still has the rows, so nobody is told to copy that.
    assert not any(one.startswith("cp ") for one in commands)
    assert any(one.startswith(f"git archive mlcd/evidence:{kept.path} ") for one in commands)


def test_secrets_are_taken_out_of_what_goes_to_the_store_too(made: FakeDesk) -> None:
    made.config += OUT + '\n[secrets]\nfound = "redact"\n'
    run = printed(made, f"{ROWS}hunter2\n").id
    keep_evidence(made.desk, run)
    assert b"hunter2" not in executed_notebook(made.desk, run, 0)
    assert verify_evidence(made.desk, run).ok
    elsewhere(made, run)
    assert verify_evidence(made.desk, run).ok
