"""A run with everything that a report can show, as its bundle holds it."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import msgspec
from PIL import Image, ImageDraw

from jupyter_mlcd.model.evidence import SUMS, Manifest, Software
from jupyter_mlcd.model.result import (
    Attempt,
    CaseResult,
    CellResult,
    Difference,
    Exhibit,
    ExhibitKind,
    FileDigest,
    State,
    Verdict,
)
from jupyter_mlcd.model.run import Change, Coverage, Run
from jupyter_mlcd.record import MEDIA_TYPE

START = "2026-11-24T01:00:05.000000Z"
RUN = "01a20b4c-8a28-7620-b44d-bb05af3914f6"


def picture(*, with_spot: bool = False) -> bytes:
    image = Image.new("RGB", (320, 180), "white")
    draw = ImageDraw.Draw(image)
    draw.line([(10, 160), (90, 90), (180, 70), (310, 20)], fill="#1565c0", width=4)
    if with_spot:
        draw.ellipse((150, 50, 190, 90), fill="#c62828")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def cells(*verdicts: Verdict, compared: int = 0) -> tuple[CellResult, ...]:
    """Return code cells at every second position, as between markdown."""
    return tuple(
        CellResult(2 * at + 1, f"id-{at}", verdict, compared=at < compared, duration=0.2 * at)
        for at, verdict in enumerate(verdicts)
    )


def notebook(*code: dict[str, Any]) -> bytes:
    """Return an executed notebook of these cells, each after one of markdown."""
    whole: list[dict[str, Any]] = []
    for at, one in enumerate(code):
        whole.append({"cell_type": "markdown", "source": "text", "metadata": {}})
        about = {"cell_type": "code", "id": f"id-{at}", "metadata": {}, "source": f"step({at})"}
        whole.append({**about, "outputs": [], **one})
    return json.dumps({"cells": whole, "nbformat": 4, "nbformat_minor": 5}).encode()


def figure(name: str, content: bytes) -> dict[str, Any]:
    data = {"image/png": base64.b64encode(content).decode(), "text/plain": "figure"}
    about = {"scrapbook": {"name": name, "data": False, "display": True}}
    return {"output_type": "display_data", "data": data, "metadata": about}


def table(name: str, columns: list[str], rows: list[list[Any]], height: int) -> dict[str, Any]:
    content = {"columns": columns, "data": rows}
    scrap = {"name": name, "data": content, "shape": [height, len(columns)]}
    return {"output_type": "display_data", "data": {MEDIA_TYPE: scrap}, "metadata": {}}


def error() -> dict[str, Any]:
    lines = [
        "\x1b[31m---------------------------------------------------\x1b[39m",
        "\x1b[31mValueError\x1b[39m                Traceback (most recent call last)",
        "Cell \x1b[32mIn[2]\x1b[39m, line 3",
        "      2 model = load(path)",
        "----> 3 model.predict(X)",
        "\x1b[31mValueError\x1b[39m: X has 63 features, but SVC is expecting 64 features as input",
    ]
    reason = "X has 63 features, but SVC is expecting 64 features as input"
    return {"output_type": "error", "ename": "ValueError", "evalue": reason, "traceback": lines}


def cases() -> tuple[CaseResult, ...]:
    passed, failed = Verdict.PASSED, Verdict.FAILED
    facts: dict[str, Any] = {"state": State.ENDED, "started": START}
    text = Difference("stdout", "samples used: 1797\n", "samples used: 1796\n", (17, 18), (17, 18))
    numbers = Difference(
        "text/plain",
        "array([0.966, 0.971])",
        "array([0.912, 0.971])",
        (7, 12),
        (7, 12),
        by="numbers within 1e-06 (relative)",
    )
    drawn = Difference(
        "image/png",
        "",
        "",
        by="pictures, 1.00% of the area may look different",
        picture="differences/2-1.png",
    )
    red = CellResult(
        5,
        "id-2",
        failed,
        "stdout differs, and 2 more",
        compared=True,
        duration=0.31,
        differences=(text, numbers, drawn),
    )
    raised = CellResult(3, "id-1", Verdict.ERROR, error()["evalue"], duration=0.04)
    prepare = CaseResult(
        id="prepare.ipynb",
        notebook="prepare.ipynb",
        parameters={},
        verdict=passed,
        reason="4 of 4 cells ran, 2 compared",
        duration=1.2,
        cells=cells(*[passed] * 4, compared=2),
        products={"digits.npz": FileDigest("3f" * 32, 482_113)},
        peak_memory=148 << 20,
        **facts,
    )
    trained = [
        CaseResult(
            id=f"train.ipynb[gamma=0.01,seed={seed}]",
            notebook="train.ipynb",
            parameters={"gamma": 0.01, "seed": seed},
            varied=("seed",),
            after=("prepare.ipynb",),
            verdict=verdict,
            reason=reason,
            duration=3.1,
            cells=own,
            metrics={
                "accuracy": value,
                "accuracy[digit=8]": value - 0.031,
                "accuracy[digit=3]": value + 0.012,
            },
            intervals={
                "accuracy": (value - 0.011, value + 0.012),
                "accuracy[digit=8]": (value - 0.072, value + 0.004),
            },
            candidate=seed == 1,
            products={"model.joblib": FileDigest(f"{seed}a" * 32, 3 << 20)},
            peak_memory=312 << 20,
            **facts,
        )
        for seed, value, verdict, reason, own in (
            (1, 0.9661, passed, "5 of 5 cells ran, 1 compared, 3 scores recorded",
             cells(*[passed] * 5, compared=1)),
            (2, 0.9672, failed, "cell 3: stdout differs, and 2 more",
             (*cells(passed, passed), red, *cells(*[passed] * 5)[3:])),
            (3, 0.9590, Verdict.FLAKY, "passed on attempt 2; 5 of 5 cells ran",
             cells(*[passed] * 5, compared=1)),
        )
    ]  # fmt: skip
    retried: dict[str, Any] = {
        "attempts": (
            Attempt(
                Verdict.KILLED,
                "the kernel died: signal 9, probably out of memory",
                START,
                2.4,
                peak_memory=4 << 30,
            ),
        ),
        "exhibits": (
            Exhibit("confusion", ExhibitKind.TABLE, 3, 0),
            Exhibit("learning-curve", ExhibitKind.FIGURE, 3, 1),
        ),
        "remarks": ("the parameter `gamma` is set and never read",),
    }
    trained[2] = msgspec.structs.replace(trained[2], **retried)
    evaluate = CaseResult(
        id="evaluate.ipynb",
        notebook="evaluate.ipynb",
        parameters={},
        after=tuple(one.id for one in trained),
        verdict=Verdict.ERROR,
        reason=f"cell 2: ValueError: {raised.reason}",
        duration=0.9,
        cells=(*cells(passed), raised, *cells(*[Verdict.NOT_RUN] * 4)[2:]),
        peak_memory=201 << 20,
        **facts,
    )
    later = CaseResult(
        id="summary.ipynb",
        notebook="summary.ipynb",
        parameters={},
        after=("evaluate.ipynb",),
        state=State.ENDED,
        verdict=Verdict.NOT_RUN,
        reason="waits for evaluate.ipynb, which did not pass",
    )
    return (prepare, *trained, evaluate, later)


def run(*results: CaseResult) -> Run:
    return Run(
        id=RUN,
        project="digits",
        suite="quality",
        tree="8d01b7a4c2" * 4,
        commit="4f2c9e10ab" * 4,
        dirty={"train.ipynb": Change.MODIFIED, "features.py": Change.ADDED},
        by="Mara Example <mara@example.org>",
        started=START,
        ended="2026-11-24T01:00:14.400000Z",
        cases=results,
        state=State.ENDED,
        verdict=Verdict.ERROR,
        reason="3 of 6 cases passed; evaluate.ipynb: cell 2: ValueError",
        coverage=Coverage({"features.py": (31, 40), "digits/model.py": (87, 88)}, 92.2),
        jobs=2,
    )


def manifest(tested: Run) -> Manifest:
    packages = {
        "matplotlib": "3.11.2",
        "numpy": "2.4.6",
        "pandas": "3.1.1",
        "scikit-learn": "1.9.0",
    }
    return Manifest(
        run=tested,
        prefix="",
        notebooks={case.id: f"notebooks/{at}.ipynb" for at, case in enumerate(tested.cases)},
        sources={"train.ipynb": "ab" * 32},
        inputs={"data/digits.csv": "cd" * 32},
        scores={},
        delivers={},
        undelivered="",
        config="ef" * 32,
        software=Software("python3", "python", "3.11.7", "Linux-6.1-x86_64", packages),
        attempt=2,
        builder="local",
        made_by="jupyter_mlcd 0.1.0",
    )


def files() -> dict[str, bytes]:
    """Return the files of the bundle that the report reads."""
    digits = [str(digit) for digit in range(10)]
    rows = [[at, *(91 if at == to else (at * to) % 4 for to in range(10))] for at in range(10)]
    shown = [table("confusion", ["digit", *digits], rows, 12), figure("curve", picture())]
    return {
        SUMS: b"sums",
        "notebooks/2.ipynb": notebook(
            {},
            {},
            {
                "source": 'print("samples used:", len(X))\nscores\nplot(scores)',
                "outputs": [figure("plot", picture(with_spot=True))],
            },
        ),
        "notebooks/3.ipynb": notebook({}, {"outputs": shown}),
        "notebooks/4.ipynb": notebook({}, {"outputs": [error()]}),
        "differences/2-1.png": picture(with_spot=True),
        "differences/2-1-expected.png": picture(),
    }
