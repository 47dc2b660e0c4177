"""What needs a person: allowing a secret, erasing, cleaning up; each once, of what was shown."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import commit_all, mlcd, notebook, small_project
from tests.server.lived_in import live_in
from tests.server.test_handlers import JSON, ROOT, answer, post, problem

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.test_handlers import Fetch

MADE = "'gh' + 'p_' + 'A1b2' * 9"
"""What makes a token when it runs: as a whole it stands nowhere."""
WHY = "Customer 12 asked for it"


@pytest.fixture(scope="module")
def printing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose run prints a token, given parameters, so that cells are shifted."""
    made = small_project(tmp_path_factory.mktemp("printing") / "small")
    text = notebook("parameters|depth = 3", f"print({MADE}, depth)")
    (made / "one.ipynb").write_text(text)
    commit_all(made, "Print a token")
    assert mlcd(made, "run", "--notebook", "one.ipynb", "-p", "depth", "4").code == 0
    return made


@pytest.fixture
def folder(printing: Path, jp_root_dir: Path) -> Path:
    shutil.copytree(printing, jp_root_dir, symlinks=True, dirs_exist_ok=True)
    return jp_root_dir


def run_of(folder: Path) -> str:
    (run,) = (folder / ".git" / "mlcd" / "runs").iterdir()
    return run.name


async def refused(fetch: Fetch, *parts: str, body: object) -> tuple[int, dict[str, Any]]:
    options = {"method": "POST", "body": json.dumps(body), "headers": dict(JSON)}
    return await problem(fetch, *parts, **options)


async def test_what_was_found_is_shown_with_its_cell_and_allowed_once(
    jp_fetch: Fetch, folder: Path
) -> None:
    run = run_of(folder)
    place = ("projects", ROOT, "runs", run)
    _, said = await refused(jp_fetch, *place, "keep", body={})
    assert (said["code"], said["details"]["run"]) == ("secret-found", run)
    page = await answer(jp_fetch, *place, "secrets")
    (found,) = page["findings"]
    assert (found["finding"]["cell"], found["source"], found["case"]) == (2, 1, 0)
    assert "A1b2" not in json.dumps(page)
    finding = found["finding"]
    body = {"number": 1, "why": "of the manual", "until": "14d", "nonce": page["nonce"]}
    body["fingerprint"] = finding["fingerprint"]
    then = await post(jp_fetch, *place, "secrets", "allowed", body=body)
    assert then["findings"][0]["allowance"]["reason"] == "of the manual"
    _, again = await refused(jp_fetch, *place, "secrets", "allowed", body=body)
    assert again["code"] == "stale-confirmation"
    kept = await post(jp_fetch, *place, "keep")
    assert [one["reason"] for one in kept["allowed"]] == ["of the manual"]
    shown = await answer(jp_fetch, "projects", ROOT, "evidence", run)
    assert shown["kept"]["allowed"] == kept["allowed"]
    assert shown["erased"] == []


async def test_another_value_than_the_shown_one_is_not_allowed(
    jp_fetch: Fetch, folder: Path
) -> None:
    place = ("projects", ROOT, "runs", run_of(folder), "secrets")
    page = await answer(jp_fetch, *place)
    body = {"number": 1, "why": "w", "until": "14d", "nonce": page["nonce"], "fingerprint": "f"}
    _, said = await refused(jp_fetch, *place, "allowed", body=body)
    assert said["code"] == "stale"
    (found,) = (await answer(jp_fetch, *place))["findings"]
    assert found["allowance"] is None


async def test_evidence_is_erased_as_it_was_shown_and_says_so(
    jp_fetch: Fetch, jp_root_dir: Path
) -> None:
    lived = live_in(jp_root_dir)
    evidence = ("projects", ROOT, "evidence", lived.kept)
    plan = await answer(jp_fetch, *evidence, "erasure")
    assert plan["needed"][0]["environments"] == ["production"]
    body = {"why": WHY, "nonce": plan["nonce"]}
    _, said = await refused(jp_fetch, *evidence, "erasure", body=body)
    assert said["code"] == "live"
    plan = await answer(jp_fetch, *evidence, "erasure")
    body = {"why": WHY, "nonce": plan["nonce"], "although_live": ["production"]}
    done = await post(jp_fetch, *evidence, "erasure", body=body)
    assert done["signed"] is False
    _, again = await refused(jp_fetch, *evidence, "erasure", body=body)
    assert again["code"] == "stale-confirmation"
    (erased,) = (await answer(jp_fetch, *evidence))["erased"]
    assert (erased["why"], erased["signed"], erased["problem"]) == (WHY, "unsigned", "")


async def test_a_plan_that_is_another_one_now_is_looked_at_again(
    jp_fetch: Fetch, jp_root_dir: Path
) -> None:
    lived = live_in(jp_root_dir)
    evidence = ("projects", ROOT, "evidence", lived.kept, "erasure")
    plan = await answer(jp_fetch, *evidence)
    shutil.rmtree(jp_root_dir / ".git" / "mlcd" / "runs" / lived.kept)
    body = {"why": WHY, "nonce": plan["nonce"], "although_live": ["production"]}
    _, said = await refused(jp_fetch, *evidence, body=body)
    assert said["code"] == "stale-confirmation"


async def test_cleaning_up_is_told_first_and_done_once(
    jp_fetch: Fetch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_mlcd.actions.prune.GRACE_SECONDS", 0.0)
    bench = Workbench(folder)
    stray = folder / "stray"
    stray.write_bytes(b"nobody names it")
    bench.store.put(stray)
    place = ("projects", ROOT, "pruning")
    plan = await answer(jp_fetch, *place)
    assert (plan["dry_run"], len(plan["files"]), plan["stay_drafts"]) == (True, 1, 1)
    assert bench.store.stored() != []
    done = await post(jp_fetch, *place, body={"nonce": plan["nonce"]})
    assert (done["dry_run"], len(done["files"]), bench.store.stored()) == (False, 1, [])
    _, again = await refused(jp_fetch, *place, body={"nonce": plan["nonce"]})
    assert again["code"] == "stale-confirmation"
