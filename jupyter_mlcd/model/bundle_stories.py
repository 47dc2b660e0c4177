"""The files of one bundle held against its manifest: whether all tell of the same run."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.gate import scores
from jupyter_mlcd.model.result import GREEN, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_mlcd.model.evidence import Manifest
    from jupyter_mlcd.model.result import CaseResult

JUNIT = "junit.xml"
METRICS = "metrics.json"


def other_stories(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield in words what contradicts the manifest; a file that is not there tells nothing."""
    yield from _of_manifest(manifest)
    if JUNIT in files:
        yield from _of_junit(manifest, files[JUNIT])
    if METRICS in files:
        yield from _of_metrics(manifest, files[METRICS])


def _of_manifest(manifest: Manifest) -> Iterator[str]:
    """Hold the manifest's scores and delivered files against its cases."""
    basis = {score.notebook: score.basis for score in manifest.scores.values()}
    if scores(manifest.run.cases, basis) != manifest.scores:
        yield "the scores of manifest.json are not those of its cases"
    made = {(path, file) for case in manifest.run.cases for path, file in case.products.items()}
    for path, file in manifest.delivers.items():
        if (path, file) not in made:
            yield f"manifest.json delivers a {path} that no case made"


def _of_junit(manifest: Manifest, text: bytes) -> Iterator[str]:
    try:
        # Expat bounds what entities expand to since 2.4.1; Python 3.11 brings a newer one.
        root = ET.fromstring(text)  # noqa: S314
    except ET.ParseError:
        yield f"{JUNIT} cannot be read"
        return
    run = manifest.run
    if len(root) != len(run.cases):
        yield f"{JUNIT} tells of {len(root)} cases, manifest.json of {len(run.cases)}"
        return
    for suite, case in zip(root, run.cases, strict=True):
        told = {one.get("name"): one.get("value") for one in suite.iterfind("properties/property")}
        expected = {
            "run": run.id,
            "tree": run.tree,
            "commit": run.commit,
            "verdict": (case.verdict or Verdict.NOT_RUN).value,
            "attempts": str(len(case.attempts) + 1),
        }
        for name, value in expected.items():
            if told.get(name) != value:
                yield f"{JUNIT}: {name} of {case.id} is {told.get(name)}, not {value}"
        for name, score in case.metrics.items():
            if _number(told.get(f"metric.{name}")) != score:
                yield f"{JUNIT}: `{name}` of {case.id} is not {score} there"
        yield from _of_suite(case, suite)


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _of_suite(case: CaseResult, suite: ET.Element) -> Iterator[str]:
    """Hold the counts of a test suite against its elements, and its colours against the cells."""
    tests = suite.findall("testcase")
    if suite.get("tests") != str(len(tests)):
        yield f"{JUNIT}: the count of {case.id} is not that of its cells"
    red = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    for count, element in red.items():
        found = sum(one.find(element) is not None for one in tests)
        if suite.get(count) != str(found):
            yield f"{JUNIT}: {count} of {case.id} are not those of its cells"
    if len(tests) not in {len(case.cells), len(case.cells) + 1}:
        yield f"{JUNIT}: {case.id} has {len(tests)} cells, manifest.json says {len(case.cells)}"
    for number, (test, cell) in enumerate(zip(tests, case.cells, strict=False), 1):
        is_red = test.find("failure") is not None or test.find("error") is not None
        said_red = cell.verdict not in {*GREEN, Verdict.SKIPPED, Verdict.NOT_RUN}
        if is_red != said_red:
            yield f"{JUNIT}: cell {number} of {case.id} is not {cell.verdict} there"


def _of_metrics(manifest: Manifest, text: bytes) -> Iterator[str]:
    run = manifest.run
    try:
        told: dict[str, Any] = msgspec.json.decode(text, type=dict[str, Any])
        if (told["run"], told["tree"]) != (run.id, run.tree):
            yield f"{METRICS} is of run {told['run']} on tree {told['tree']}"
        found = [
            (one["case"], one["key"], one["value"], json.dumps(one["parameters"], sort_keys=True))
            for one in told["metrics"]
        ]
        shown = [(one["case"], one["name"], one["cell"], one["output"]) for one in told["exhibits"]]
    except (msgspec.MsgspecError, UnicodeDecodeError, LookupError, TypeError):
        yield f"{METRICS} cannot be read"
        return
    expected = [
        (case.id, key, value, json.dumps(msgspec.to_builtins(case.parameters), sort_keys=True))
        for case in run.cases
        for key, value in case.metrics.items()
    ]
    for one in expected:
        if one not in found:
            yield f"{METRICS} does not say that `{one[1]}` of {one[0]} is {one[2]}"
    if len(found) != len(expected):
        yield f"{METRICS} has {len(found)} scores, manifest.json has {len(expected)}"
    figures = [(c.id, one.name, one.cell, one.output) for c in run.cases for one in c.exhibits]
    if shown != figures:
        yield f"{METRICS} has other tables and figures than manifest.json"
