"""Forgeries of the files of a ledger, with every sum recomputed as far as the forger reaches."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.model.evidence import SUMS, digest_of, sums
from tests.faults.kept import as_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.faults.kept import Memory, MemoryLedger

REACHES = ("the file alone", "the sums", "the events", "the release")
"""How far a forger recomputes; the tag is beyond all of them."""
ANCHORS = ("was changed", "fingerprint", "Release-Digest", "edited")
"""What says that bytes are not those that were kept."""


@dataclass
class Forged:
    """A forged ledger, and what must be said of it."""

    memory: Memory
    luck: Random
    ledger: MemoryLedger = field(init=False)
    version: str = field(init=False)
    run: str = field(init=False)
    folder: str = field(init=False)
    level: int = field(init=False)
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.ledger = self.memory.ledger()
        self.version = self.luck.choice(list(self.memory.history.releases))
        self.run = self.release["runs"][0]["id"]
        self.folder = self.memory.history.evidence[self.run].path
        self.level = self.luck.randrange(len(REACHES))

    @property
    def subject(self) -> str:
        return self.version

    @property
    def reach(self) -> str:
        return REACHES[self.level]

    @property
    def release(self) -> dict[str, Any]:
        return self.load(self.release_path)

    @property
    def release_path(self) -> str:
        return f"releases/small/{self.version}/release.json"

    @property
    def manifest(self) -> dict[str, Any]:
        return self.load(f"{self.folder}/manifest.json")

    def load(self, path: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.ledger.content[path])
        return found

    def notebooks(self) -> list[str]:
        start = f"{self.folder}/notebooks/"
        return sorted(path for path in self.ledger.content if path.startswith(start))

    def other_run(self) -> str:
        runs = [one.id for one in self.memory.history.evidence.values()
                if one.suite == "quality" and one.id != self.run]  # fmt: skip
        return self.memory.history.evidence[self.luck.choice(runs)].path

    def put(self, path: str, content: bytes | dict[str, Any]) -> None:
        self.ledger.content[path] = content if isinstance(content, bytes) else as_json(content)

    def recompute(self, level: int | None = None) -> None:
        """Make all sums agree again, up to the forger's reach."""
        reach = self.level if level is None else level
        if reach >= 1:
            start = f"{self.folder}/"
            files = {path.removeprefix(start): text for path, text in self.ledger.content.items()
                     if path.startswith(start) and not path.endswith(SUMS)}  # fmt: skip
            self.put(f"{start}{SUMS}", sums(files))
        digest = digest_of(self.ledger.content[f"{self.folder}/{SUMS}"])
        if reach >= 2:
            self.change_event("evidence-kept", self.run, {"digest": digest})
        if reach >= 3:
            release = self.release
            release["runs"][0]["digest"] = digest
            self.put_release(release)

    def put_release(self, release: dict[str, Any]) -> None:
        """Write another release.json, and the event that goes with it."""
        text = as_json(release)
        self.put(self.release_path, text)
        digest = f"sha256:{hashlib.sha256(text).hexdigest()}"
        self.change_event("release-prepared", self.version, {"digest": digest})

    def event(self, kind: str, name: str) -> str:
        """Return the path of the event that kept a run or prepared a version."""
        for path, text in self.ledger.content.items():
            if path.startswith("events/") and f'"{kind}"'.encode() in text:
                body = json.loads(text)["body"]
                if name in {body.get("version"), body.get("evidence", {}).get("id")}:
                    return path
        raise LookupError(name)

    def change_event(self, kind: str, name: str, changes: dict[str, Any]) -> None:
        path = self.event(kind, name)
        event = self.load(path)
        event["body"].get("evidence", event["body"]).update(changes)
        self.put(path, event)


def _flip(forged: Forged) -> None:
    start = (f"{forged.folder}/", f"releases/small/{forged.version}/release.json")
    path = forged.luck.choice([one for one in forged.ledger.content if one.startswith(start)])
    content = bytearray(forged.ledger.content[path])
    content[forged.luck.randrange(len(content))] ^= 1 << forged.luck.randrange(7)
    forged.level = 0
    forged.put(path, bytes(content))
    forged.names = (path.removeprefix(f"{forged.folder}/"), *ANCHORS, "not a line of")


def _swap_cases(forged: Forged) -> None:
    one, other = forged.luck.sample(forged.notebooks(), 2)
    content = forged.ledger.content
    content[one], content[other] = content[other], content[one]
    forged.recompute()
    forged.names = ("swapped",)


def _swap_runs(forged: Forged) -> None:
    path = forged.luck.choice(forged.notebooks())
    there = f"{forged.other_run()}/notebooks/{path.rsplit('/', 1)[1]}"
    forged.put(path, forged.ledger.content[there])
    forged.recompute()
    forged.names = ("stale",)


def _edit(forged: Forged, change: Callable[[dict[str, Any], Random], None]) -> str:
    path = forged.luck.choice(forged.notebooks())
    notebook = forged.load(path)
    change(notebook, forged.luck)
    forged.put(path, notebook)
    forged.recompute()
    return path.removeprefix(f"{forged.folder}/")


def _codes(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _edit_source(forged: Forged) -> None:
    def change(notebook: dict[str, Any], luck: Random) -> None:
        cell = luck.choice(_codes(notebook))
        cell["source"] = "".join(cell["source"]) + "\ncheat = True"

    _edit(forged, change)
    forged.names = ("stale", "it gives other parameters")


def _edit_output(forged: Forged) -> None:
    def change(notebook: dict[str, Any], luck: Random) -> None:
        cell = luck.choice(_codes(notebook))
        cell["outputs"].append(
            {"output_type": "stream", "name": "stdout", "text": f"fine {luck.random()}\n"}
        )

    path = _edit(forged, change)
    forged.names = (path, *ANCHORS)


def _edit_score(forged: Forged) -> None:
    path = forged.luck.choice([one for one in forged.notebooks() if "train" in one])
    text = forged.ledger.content[path]
    forged.put(path, text.replace(b"0.91", b"0.99").replace(b"0.92", b"0.98"))
    forged.recompute()
    forged.names = ("edited after the run",)


def _edit_told_score(forged: Forged) -> None:
    for name in ("manifest.json", "metrics.json", "junit.xml"):
        path = f"{forged.folder}/{name}"
        forged.put(path, forged.ledger.content[path].replace(b"0.91", b"0.99"))
    forged.recompute()
    forged.names = ("edited after the run",)


def _empty(forged: Forged) -> None:
    path = forged.luck.choice([one for one in forged.notebooks() if "train" in one])
    notebook = forged.load(path)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
    forged.put(path, notebook)
    forged.recompute()
    forged.names = ("hollow",)


def _take_counts(forged: Forged) -> None:
    def change(notebook: dict[str, Any], luck: Random) -> None:
        cells = _codes(notebook)
        for cell in cells if luck.random() < 0.5 else [luck.choice(cells)]:
            cell["execution_count"] = None

    def reach(notebook: dict[str, Any], luck: Random) -> None:
        change(notebook, luck)
        for cell in _codes(notebook):  # The injected cell is no cell of the source.
            if "injected-parameters" not in cell["metadata"].get("tags", ()):
                cell["execution_count"] = None
                break

    _edit(forged, reach)
    forged.names = ("hollow",)


def _shuffle_counts(forged: Forged) -> None:
    def change(notebook: dict[str, Any], luck: Random) -> None:
        cells = _codes(notebook)
        one, other = luck.sample(range(len(cells)), 2)
        count = cells[one]["execution_count"]
        if luck.random() < 0.5:
            cells[one]["execution_count"] = cells[other]["execution_count"]
        cells[other]["execution_count"] = count

    _edit(forged, change)
    forged.names = ("out of order",)


def _edit_verdict(forged: Forged) -> None:
    manifest = forged.manifest
    case = forged.luck.choice(manifest["run"]["cases"])
    if forged.luck.random() < 0.5:
        case["verdict"] = manifest["run"]["verdict"] = "flaky"
    else:
        forged.luck.choice(case["cells"])["verdict"] = "failed"
    forged.put(f"{forged.folder}/manifest.json", manifest)
    if manifest["run"]["verdict"] == "flaky" and forged.level >= 2:
        forged.change_event("evidence-kept", forged.run, {"verdict": "flaky"})
    forged.recompute()
    forged.names = ("mixed", "edited after the run")


def _edit_parameters(forged: Forged) -> None:
    if forged.luck.random() < 0.5:
        manifest = forged.manifest
        trained = [one for one in manifest["run"]["cases"] if one["parameters"]]
        forged.luck.choice(trained)["parameters"] = {"seed": 7}
        forged.put(f"{forged.folder}/manifest.json", manifest)
    else:
        path = forged.luck.choice([one for one in forged.notebooks() if "train" in one])
        notebook = forged.load(path)
        for cell in notebook["cells"]:
            if "injected-parameters" in cell["metadata"].get("tags", ()):
                cell["source"] = "# Parameters\nseed = 7\n"
        if forged.luck.random() < 0.5:
            notebook["metadata"]["papermill"]["parameters"] = {"seed": 7}
        forged.put(path, notebook)
    forged.recompute()
    forged.names = ("swapped", "it gives other parameters")


def _mix(forged: Forged) -> None:
    name = forged.luck.choice(["junit.xml", "metrics.json", "manifest.json"])
    there = f"{forged.other_run()}/{name}"
    forged.put(f"{forged.folder}/{name}", forged.ledger.content[there])
    forged.recompute()
    forged.names = ("mixed",)


def _replay(forged: Forged) -> None:
    """Show the evidence of another version for this one."""
    there = forged.other_run()
    other = there.rsplit("/", 1)[1]
    release = forged.release
    digest = digest_of(forged.ledger.content[f"{there}/{SUMS}"])
    release["runs"][0].update({"id": other, "digest": digest})
    if forged.level == 0:
        forged.put(forged.release_path, release)
    else:
        forged.put_release(release)
    if forged.level == 2:
        forged.change_event("evidence-kept", other, {"tree": release["tree"]})
    forged.names = ("replayed", "tells of another run")


def _claim_tree(forged: Forged) -> None:
    """Say that another commit was released."""
    others = [
        one for one in forged.memory.history.releases.values() if one.version != forged.version
    ]
    release = forged.release
    release["commit"] = forged.luck.choice(others).commit
    forged.change_event("release-prepared", forged.version, {"commit": release["commit"]})
    forged.put_release(release)
    forged.names = ("moved",)
    if forged.luck.random() < 0.5:
        name = f"v{forged.version}"
        forged.ledger.tagged[name] = (release["commit"], forged.ledger.tagged[name][1])
        forged.names = ("replayed",)


def _change_policy(forged: Forged) -> None:
    release = forged.release
    if forged.luck.random() < 0.5:
        release["policy"], release["findings"] = [], []
    else:
        release["policy"][0]["at-least"] = round(forged.luck.uniform(0, 0.4), 3)
    if forged.level == 0:
        forged.put(forged.release_path, release)
    else:
        forged.put_release(release)
    forged.names = ("policy",)


def _change_release(forged: Forged) -> None:
    release = forged.release
    what = forged.luck.choice(["scores", "products", "findings", "version", "tree"])
    if what == "scores":
        release["scores"]["accuracy"]["values"] = {"train.ipynb": 0.999}
    elif what == "products":
        release["products"]["model.txt"]["sha256"] = f"{forged.luck.getrandbits(256):064x}"
    elif what == "findings":
        release["findings"] = copy.deepcopy(release["findings"])
        release["findings"][0]["value"] = 0.999
    elif what == "version":
        release["version"] = "9.9.9"
    else:
        release["tree"] = f"{forged.luck.getrandbits(160):040x}"
    if forged.level == 0:
        forged.put(forged.release_path, release)
    else:
        forged.put_release(release)
    forged.names = ("edited", "mixed", "replayed")


def _move_tag(forged: Forged) -> None:
    name = f"v{forged.version}"
    commit, message = forged.ledger.tagged[name]
    choice = forged.luck.randrange(3)
    if choice == 0:
        forged.ledger.tagged[name] = (f"{forged.luck.getrandbits(160):040x}", message)
    elif choice == 1:
        forged.ledger.tagged[name] = (commit, message.replace("sha256:", "sha256:0"))
    else:
        del forged.ledger.tagged[name]
    forged.names = ("moved",)


def _drop_event(forged: Forged) -> None:
    kind, name = forged.luck.choice(
        [("evidence-kept", forged.run), ("release-prepared", forged.version)]
    )
    del forged.ledger.content[forged.event(kind, name)]
    forged.names = ("not on the evidence branch", "there is no evidence and no version")


def _drop_files(forged: Forged) -> None:
    start = f"{forged.folder}/"
    there = [one for one in forged.ledger.content if one.startswith(start)]
    gone = there if forged.luck.random() < 0.2 else [forged.luck.choice(there)]
    for path in gone:
        del forged.ledger.content[path]
    forged.level = 0
    forged.names = ("missing", "there is no SHA256SUMS", "there is no manifest.json")


def _made(change: Callable[[Forged], None]) -> Callable[[Memory, Random], Forged]:
    def make(memory: Memory, luck: Random) -> Forged:
        forged = Forged(memory, luck)
        change(forged)
        return forged

    return make


FILE_KINDS = tuple(
    (name, _made(change))
    for name, change in {
        "a bit flipped": _flip,
        "notebooks of two cases swapped": _swap_cases,
        "a notebook of another run put in": _swap_runs,
        "a source edited": _edit_source,
        "an output edited": _edit_output,
        "a score edited in its notebook": _edit_score,
        "a score edited in the documents": _edit_told_score,
        "outputs taken out": _empty,
        "execution counts taken out": _take_counts,
        "execution counts shuffled or repeated": _shuffle_counts,
        "a verdict edited": _edit_verdict,
        "parameters edited": _edit_parameters,
        "a document of another run put in": _mix,
        "older evidence replayed": _replay,
        "another commit claimed": _claim_tree,
        "the rules changed": _change_policy,
        "release.json changed": _change_release,
        "the tag moved": _move_tag,
        "an event dropped": _drop_event,
        "files dropped": _drop_files,
    }.items()
)
