"""What the bundle of a run holds, and what its scores depend on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.bundle.manifest import delivered_products, write_bundle
from jupyter_mlcd.model.evidence import MANIFEST, SUMS, Manifest, digest_of, parse_sums, sums
from jupyter_mlcd.model.result import CaseResult, FileDigest, State, Verdict
from jupyter_mlcd.model.run import Run, RunPlan
from jupyter_mlcd.model.scored_live import ScoredLive
from jupyter_mlcd.model.suite import Case, Compare, Limits, NotebookEntry, expand

if TYPE_CHECKING:
    from pathlib import Path

import msgspec

PREPARE = NotebookEntry(path="prepare.ipynb", produces=("data.npz",))
TRAIN = NotebookEntry(
    path="train.ipynb",
    after=("prepare.ipynb",),
    matrix={"seed": (1, 2)},
    produces=("model.bin",),
    candidate={"best": "accuracy"},
)
EVALUATE = NotebookEntry(path="evaluate.ipynb", after=("prepare.ipynb", "train.ipynb"))
SUITE = (PREPARE, TRAIN, EVALUATE)


def digest(text: str) -> FileDigest:
    return FileDigest((text * 64)[:64], len(text))


def source(code: str, saved: str = "") -> str:
    outputs = [{"output_type": "stream", "name": "stdout", "text": saved}] if saved else []
    cell = {"cell_type": "code", "source": code, "outputs": outputs, "metadata": {}}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def result(case: Case, products: dict[str, FileDigest], metrics: dict[str, float]) -> CaseResult:
    return CaseResult(
        id=case.id,
        notebook=case.notebook,
        parameters=case.parameters,
        varied=case.varied,
        after=case.after,
        state=State.ENDED,
        verdict=Verdict.PASSED,
        products=products,
        metrics=metrics,
    )


class Setting:
    """A tested project, its run, and the bundle made of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sources = folder / "sources"
        self.sources.mkdir(parents=True)
        self.inputs = {"raw.csv": "1" * 64}
        self.attached: dict[str, Path] = {}
        self.data = digest("d")
        self.models = [digest("a"), digest("b")]
        for name in ("prepare", "train", "evaluate"):
            self.write(f"{name}.ipynb", source(name))
        self.cases = expand(SUITE, {"accuracy": "max"})

    def write(self, path: str, text: str) -> None:
        (self.sources / path).write_text(text)

    def results(self) -> tuple[CaseResult, ...]:
        prepare, one, two, evaluate = self.cases
        return (
            result(prepare, {"data.npz": self.data}, {}),
            result(one, {"model.bin": self.models[0]}, {"accuracy": 0.8}),
            msgspec.structs.replace(
                result(two, {"model.bin": self.models[1]}, {"accuracy": 0.9}), candidate=True
            ),
            result(evaluate, {}, {"test_accuracy": 0.7}),
        )

    def plan(self) -> RunPlan:
        facts: dict[str, Any] = {"dirty": {}, "inputs": tuple(self.inputs), "jobs": 1}
        return RunPlan(
            id="01a20b4c-8a28-7620-b44d-bb05af3914f6",
            project="digits",
            prefix="",
            repository=str(self.folder),
            suite="quality",
            tree="t" * 40,
            commit="c" * 40,
            by="Mara <m@example.org>",
            started="2026-11-24T01:00:00.000000Z",
            cases=self.cases,
            compare=Compare.MARKED_CELLS,
            limits=Limits(),
            **facts,
        )

    def run(self) -> Run:
        plan = self.plan()
        return Run(
            id=plan.id,
            project=plan.project,
            suite=plan.suite,
            tree=plan.tree,
            commit=plan.commit,
            dirty={},
            by=plan.by,
            started=plan.started,
            cases=self.results(),
            state=State.ENDED,
            verdict=Verdict.PASSED,
        )

    def bundle(self, name: str = "bundle") -> Path:
        executed = self.folder / "1-train.ipynb"
        executed.write_text(source("train", "done"))
        folder = self.folder / name
        self.digest = write_bundle(
            self.plan(),
            self.run(),
            executed={self.cases[1].id: executed},
            attached=self.attached,
            sources=self.sources,
            inputs=self.inputs,
            attempt=2,
            folder=folder,
        )
        return folder

    def manifest(self, name: str = "bundle") -> Manifest:
        return msgspec.json.decode((self.bundle(name) / MANIFEST).read_bytes(), type=Manifest)

    def basis(self, metric: str, name: str) -> str:
        return self.manifest(name).scores[metric].basis


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path / "work")


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_sums_cover_every_file_and_give_the_digest(setting: Setting) -> None:
    found = files(setting.bundle())
    listing = found.pop(SUMS)
    assert listing == sums(found)
    assert set(parse_sums(listing)) == {
        "manifest.json",
        "junit.xml",
        "metrics.json",
        "notebooks/1-train.ipynb",
    }
    assert setting.digest == digest_of(listing)


def test_further_files_are_covered_as_well(setting: Setting) -> None:
    drawn = setting.folder / "drawn.png"
    drawn.write_bytes(b"PNG")
    setting.attached = {"differences/001-1.png": drawn}
    found = files(setting.bundle())
    assert found["differences/001-1.png"] == b"PNG"
    assert "differences/001-1.png" in parse_sums(found[SUMS])


def test_the_same_run_gives_the_same_bytes(setting: Setting) -> None:
    assert files(setting.bundle("one")) == files(setting.bundle("two"))


def test_nothing_half_is_left_beside_it(setting: Setting) -> None:
    setting.bundle()
    assert [path.name for path in setting.folder.iterdir() if "bundle" in path.name] == ["bundle"]


def test_the_manifest_names_what_was_tested(setting: Setting) -> None:
    manifest = setting.manifest()
    assert set(manifest.sources) == {"prepare.ipynb", "train.ipynb", "evaluate.ipynb"}
    assert manifest.inputs == {"raw.csv": "1" * 64}
    assert manifest.attempt == 2
    assert manifest.run.digest == ""
    assert manifest.software is not None
    assert "msgspec" in manifest.software.packages


def test_only_the_notebook_with_a_candidate_delivers(setting: Setting) -> None:
    manifest = setting.manifest()
    assert manifest.delivers == {"model.bin": setting.models[1]}
    assert manifest.undelivered == ""


def test_a_matrix_without_a_candidate_delivers_nothing_and_says_why() -> None:
    cases = expand([NotebookEntry(path="t.ipynb", matrix={"s": (1, 2)}, produces=("m",))])
    found, why = delivered_products(cases, [result(one, {"m": digest("a")}, {}) for one in cases])
    assert found == {}
    assert "t.ipynb" in why


def test_a_plain_producing_notebook_delivers() -> None:
    (case,) = expand([NotebookEntry(path="t.ipynb", produces=("m",))])
    made = msgspec.structs.replace(result(case, {"m": digest("a")}, {}), candidate=True)
    assert delivered_products([case], [made]) == ({"m": digest("a")}, "")


# ------------------------------------------------------------------------ what scores depend on


def test_saved_outputs_change_no_basis(setting: Setting) -> None:
    before = setting.basis("test_accuracy", "before")
    setting.write("evaluate.ipynb", source("evaluate", "saved"))
    assert setting.basis("test_accuracy", "after") == before


def test_the_evaluating_code_changes_the_basis(setting: Setting) -> None:
    before = setting.basis("test_accuracy", "before")
    setting.write("evaluate.ipynb", source("evaluate differently"))
    assert setting.basis("test_accuracy", "after") != before


def test_the_training_code_is_what_is_under_change(setting: Setting) -> None:
    before = setting.basis("accuracy", "before")
    setting.write("train.ipynb", source("train better"))
    assert setting.basis("accuracy", "after") == before


def test_the_delivered_model_is_what_is_under_change(setting: Setting) -> None:
    before = setting.basis("test_accuracy", "before")
    setting.models = [digest("e"), digest("f")]
    assert setting.basis("test_accuracy", "after") == before


@pytest.mark.parametrize("metric", ["accuracy", "test_accuracy"])
def test_other_prepared_data_changes_the_basis(setting: Setting, metric: str) -> None:
    before = setting.basis(metric, "before")
    setting.data = digest("e")
    assert setting.basis(metric, "after") != before


@pytest.mark.parametrize("metric", ["accuracy", "test_accuracy"])
def test_other_inputs_change_the_basis(setting: Setting, metric: str) -> None:
    before = setting.basis(metric, "before")
    setting.inputs = {"raw.csv": "2" * 64}
    assert setting.basis(metric, "after") != before


def scored(setting: Setting, live: FileDigest) -> Manifest:
    """Return the manifest of a run that scored a live model instead of the setting's own."""
    prepare, one, two, evaluate = setting.results()
    stands = {case.id: {"model.bin": live} for case in (one, two)}
    model = ScoredLive(
        environment="production",
        version="0.1.0",
        digest="sha256:" + "0" * 64,
        bases={},
        placed=stands,
        candidates=(two.id,),
        delivering=("train.ipynb",),
    )
    cases = (
        prepare,
        *(msgspec.structs.replace(case, products=stands[case.id], metrics={}, candidate=False)
          for case in (one, two)),
        msgspec.structs.replace(evaluate, metrics={"test_accuracy": 0.6}),
    )  # fmt: skip
    folder = setting.folder / "scored"
    write_bundle(
        msgspec.structs.replace(setting.plan(), scored=model),
        msgspec.structs.replace(setting.run(), scored=model, cases=cases),
        executed={},
        attached={},
        sources=setting.sources,
        inputs=setting.inputs,
        attempt=1,
        folder=folder,
    )
    return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)


def test_another_model_is_measured_by_the_same_basis(setting: Setting) -> None:
    told = scored(setting, digest("l")).scores["test_accuracy"]
    assert told.basis == setting.basis("test_accuracy", "tests")


def test_what_scored_a_live_model_delivers_nothing(setting: Setting) -> None:
    found = scored(setting, digest("l"))
    assert found.delivers == {}
    assert "0.1.0 scored again on today's data" in found.undelivered


def test_an_ordinary_manifest_says_nothing_of_it(setting: Setting) -> None:
    assert b'"scored"' not in (setting.bundle() / MANIFEST).read_bytes()


def test_files_made_of_the_model_are_no_part_of_the_basis(setting: Setting) -> None:
    predict = NotebookEntry(path="predict.ipynb", after=("train.ipynb",), produces=("p.csv",))
    judge = NotebookEntry(path="judge.ipynb", after=("predict.ipynb",))
    setting.write("predict.ipynb", source("predict"))
    setting.write("judge.ipynb", source("judge"))
    run = setting.run()
    setting.cases = expand((PREPARE, TRAIN, predict, judge), {"accuracy": "max"})
    prepare, one, two, *rest = setting.cases

    def basis(predictions: str) -> str:
        results = (
            result(prepare, {"data.npz": setting.data}, {}),
            *(result(case, {"model.bin": digest(predictions)}, {}) for case in (one, two)),
            result(rest[0], {"p.csv": digest(predictions)}, {}),
            result(rest[1], {}, {"f1": 0.5}),
        )
        folder = setting.folder / predictions
        write_bundle(
            setting.plan(),
            msgspec.structs.replace(run, cases=results),
            executed={},
            attached={},
            sources=setting.sources,
            inputs=setting.inputs,
            attempt=1,
            folder=folder,
        )
        read = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        return read.scores["f1"].basis

    assert basis("e") == basis("f")
    before = basis("g")
    setting.write("predict.ipynb", source("predict otherwise"))
    assert basis("h") != before
