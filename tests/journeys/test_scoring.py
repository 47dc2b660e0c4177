"""The live model, scored on today's data, by real kernels in a real repository."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from jupyter_mlcd.model.event import EvidenceKept
from jupyter_mlcd.model.evidence import MANIFEST, SUMS, Manifest, digest_of, evidence_path, sums
from jupyter_mlcd.model.release import canonical
from jupyter_mlcd.model.result import FileDigest
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import commit_all, git, mlcd, notebook
from tests.journeys.scoring import STRICT, scoring_project, write_evaluation, write_training

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.scored_live import LiveScored


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose first model is live and whose second is measured otherwise."""
    folder = scoring_project(tmp_path_factory.mktemp("scoring") / "project")
    assert mlcd(folder, "run").code == 0
    assert mlcd(folder, "deliver", "--to", "production", "--yes").code == 0
    write_training(folder, 8)
    write_evaluation(folder, STRICT)
    commit_all(folder, "Measure strictly")
    assert mlcd(folder, "run").code == 0
    return folder


@pytest.fixture
def folder(delivered: Path, tmp_path: Path) -> Path:
    """Return a project of one's own."""
    made = tmp_path / "project"
    shutil.copytree(delivered, made, symlinks=True)
    return made


def finding(folder: Path) -> str:
    bench = Workbench(folder)
    found = bench.preview("production").findings
    return next(one.reason for one in found if "better than" in one.rule)


def scored_run(folder: Path) -> dict[str, Any]:
    bench = Workbench(folder)
    (run,) = bench.desk().history.scored
    shown: dict[str, Any] = json.loads(mlcd(folder, "evidence", "show", run, "--json").out)
    return shown


def test_a_live_model_is_scored_by_todays_evaluation_and_compared(folder: Path) -> None:
    refused = mlcd(folder, "deliver", "--to", "production", "--yes")
    assert refused.code == 1
    assert "jupyter mlcd score-live production" in refused.err
    done = mlcd(folder, "score-live", "production")
    assert done.code == 0
    assert "0.1.0 scored again on today's data: accuracy 0.5" in done.out
    assert finding(folder).startswith(
        "0.7 against 0.5 live (0.1.0 scored again on today's data): 0.2 better"
    )
    assert mlcd(folder, "deliver", "--to", "production", "--yes").code == 0


def test_its_evidence_says_whose_model_it_was_and_holds(folder: Path) -> None:
    mlcd(folder, "score-live", "production")
    shown = scored_run(folder)
    scored = shown["run"]["scored"]
    release = json.loads(git(folder, "show", "mlcd/evidence:releases/digits/0.1.0/release.json"))
    assert (scored["version"], scored["environment"]) == ("0.1.0", "production")
    assert scored["placed"]["train.ipynb[seed=1]"] == release["products"]
    cases = {case["id"]: case["verdict"] for case in shown["run"]["cases"]}
    assert cases == {
        "train.ipynb[seed=1]": "skipped",
        "train.ipynb[seed=2]": "skipped",
        "prepare.ipynb": "passed",
        "evaluate.ipynb": "passed",
    }
    assert mlcd(folder, "evidence", "verify", shown["run"]["id"]).code == 0


def test_an_evaluation_that_the_old_model_does_not_survive_says_its_error(folder: Path) -> None:
    write_evaluation(folder, 'model["wrong"]')
    (folder / "train.ipynb").write_text(
        notebook(
            "parameters|seed = 0",
            'import json\njson.dump({"wrong": 0.2, "seed": seed}, open("model.json", "w"))',
        )
    )
    commit_all(folder, "Count what is wrong")
    assert mlcd(folder, "run").code == 0
    done = mlcd(folder, "score-live", "production")
    assert done.code == 1
    assert "0.1.0 could not be scored by these notebooks" in done.out
    assert "KeyError: 'wrong'" in done.out
    assert "jupyter mlcd review waive" in done.out
    assert mlcd(folder, "score-live", "--if-needed").code == 0  # Told, and not tried again.
    assert len(Workbench(folder).desk().history.scored) == 1


def test_a_clone_comes_to_the_same_finding_offline(folder: Path, tmp_path: Path) -> None:
    mlcd(folder, "score-live", "production")
    assert mlcd(folder, "release").code == 0
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--mirror", str(folder), "hub.git")
    git(tmp_path, "clone", "--quiet", str(tmp_path / "hub.git"), str(clone))
    shutil.rmtree(tmp_path / "hub.git")
    git(clone, "checkout", "--quiet", "--detach", "refs/tags/v0.2.0")
    words = ("evidence", "verify", "0.2.0", "--for", "production", "--json")
    found = mlcd(clone, *words, "--products", str(products(folder, tmp_path)))
    checks = {one["name"]: one for one in json.loads(found.out)["checks"]}
    rules = checks["the rules of production are met"]
    assert finding(folder) in rules["words"]
    assert checks["it scored the files of 0.1.0"]["ok"]
    assert checks["0.1.0 was scored by the evaluation of 0.2.0"]["ok"]
    assert (found.code, [one for one in checks.values() if not one["ok"]]) == (0, [])


def products(folder: Path, place: Path) -> Path:
    """Return a folder with the files of 0.2.0, as a pipeline has them."""
    exported = place / "export"
    assert mlcd(folder, "evidence", "export", "0.2.0", "--output", str(exported)).code == 0
    return exported / "products"


def test_another_model_in_the_place_of_the_live_one_is_found(folder: Path) -> None:
    """Somebody scores a bad model of her own and calls it the live one."""
    mlcd(folder, "score-live", "production")
    bench = Workbench(folder)
    (told,) = bench.desk().history.scored.values()
    draft = folder / ".git/mlcd/runs" / told.run
    forged = "01a225f8-0000-7000-8000-000000000000"
    other = FileDigest(hashlib.sha256(b"{}").hexdigest(), 2)
    bundle = shutil.copytree(draft / "bundle", folder / "forged")
    manifest = msgspec.json.decode((bundle / MANIFEST).read_bytes(), type=Manifest)
    assert manifest.run.scored
    placed = {name: {"model.json": other} for name in manifest.run.scored.placed}
    scored = msgspec.structs.replace(manifest.run.scored, placed=placed)
    cases = tuple(
        msgspec.structs.replace(one, products=placed[one.id]) if one.id in placed else one
        for one in manifest.run.cases
    )
    run = msgspec.structs.replace(manifest.run, id=forged, scored=scored, cases=cases)
    (bundle / MANIFEST).write_bytes(canonical(msgspec.structs.replace(manifest, run=run)))
    keep_forged(bench, bundle, forged, msgspec.structs.replace(told, run=forged))
    found = mlcd(folder, "evidence", "verify", forged, "--json")
    checks = {one["name"]: one for one in json.loads(found.out)["checks"]}
    words = checks["it scored the files of 0.1.0"]["words"]
    assert words.startswith("swapped: model.json in place of train.ipynb[seed=1] is none of 0.1.0")
    # Nor does a rule compare with it: the honest run is the one that counts.
    assert "0.1.0 scored again" in finding(folder)


def keep_forged(bench: Workbench, bundle: Path, run: str, told: LiveScored) -> None:
    """Write a bundle to the evidence branch by hand, newest of all."""
    desk = bench.desk()
    files = {
        path.relative_to(bundle).as_posix(): path.read_bytes()
        for path in bundle.rglob("*")
        if path.is_file() and path.name != SUMS
    }
    files[SUMS] = sums(files)
    honest = next(iter(reversed(desk.history.evidence.values())))
    folder = evidence_path(run, honest.at)
    kept = msgspec.structs.replace(honest, id=run, path=folder, digest=digest_of(files[SUMS]))
    written = {f"{folder}/{path}": text for path, text in files.items()}
    events = [desk.event(EvidenceKept(kept)), desk.event(told)]
    desk.ledger.append(events, written, "Forged", desk.by)


def test_if_needed_does_nothing_where_every_rule_can_compare(folder: Path) -> None:
    first = mlcd(folder, "score-live", "--if-needed", "--json")
    assert [one["state"] for one in json.loads(first.out)] == ["done"]
    second = mlcd(folder, "score-live", "--if-needed")
    assert (second.code, second.out) == (0, "Every rule can compare: nothing was scored.\n")


def test_a_watcher_scores_what_is_live_by_itself_and_delivers(folder: Path) -> None:
    config = (folder / "mlcd.toml").read_text()
    (folder / "mlcd.toml").write_text(config + 'deliver = "automatic"\n')
    commit_all(folder, "Deliver by itself")
    watched = mlcd(folder, "watch", "--once")
    assert watched.code == 0, watched.said
    assert "0.1.0 scored again on today's data: accuracy 0.5" in watched.out
    assert Workbench(folder).desk().history.live["production"].version == "0.2.0"


def test_it_does_not_count_as_a_test_of_the_files(folder: Path) -> None:
    mlcd(folder, "score-live", "production")
    bench = Workbench(folder)
    runs = [one.run for one in bench.status().suites]
    assert runs[0] is not None
    assert not runs[0].scored
    started = mlcd(folder, "run", "--json")
    manifest = bench.runner.manifest(json.loads(started.out)["id"])
    assert manifest.attempt == 2
