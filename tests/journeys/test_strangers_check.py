"""A stranger checks a release, years later: git, coreutils, ssh-keygen and VERIFY.md, no more."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.verify_evidence import verify_files
from jupyter_mlcd.workbench import Workbench
from tests.faults.forged_history import BRANCH
from tests.faults.kept import Stage
from tests.journeys.projects import git

if TYPE_CHECKING:
    from pathlib import Path

TOOLS = ("sh", "git", "sha256sum", "mktemp", "cut", "test", "tail", "cat", "ssh-keygen")
MARA = "mara@example.org"


@dataclass(frozen=True)
class Stranger:
    """Somebody with an empty home and few programs."""

    home: Path

    def follow(self, text: str, folder: Path, **environment: str) -> bool:
        """Extract the commands of VERIFY.md, run them literally, and return whether all held."""
        lines = [line[7:] for line in text.split("\n") if line.startswith(" " * 7)]
        assert lines
        done = subprocess.run(
            [shutil.which("sh") or "sh", "-e", "-c", "\n".join(lines)],
            cwd=folder,
            env={"PATH": str(self.home / "bin"), "HOME": str(self.home), **environment},
            check=False,
            capture_output=True,
        )
        assert b"not found" not in done.stderr, done.stderr
        return done.returncode == 0


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    place = tmp_path_factory.mktemp("stage")
    made = Stage(place / "small").play(releases=2)
    key = place / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    (place / "signers").write_text(f"{MARA} {key.with_suffix('.pub').read_text()}")
    return made


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    tools = tmp_path / "home" / "bin"
    tools.mkdir(parents=True)
    for name in TOOLS:
        found = shutil.which(name)
        if found is None:
            pytest.skip(f"no {name}")
        (tools / name).symlink_to(found)
    return Stranger(tmp_path / "home")


@pytest.fixture
def clone(stage: Stage, tmp_path: Path) -> Path:
    git(tmp_path, "clone", "--quiet", str(stage.folder.parent / "remote.git"), "clone")
    return tmp_path / "clone"


def verify_text(clone: Path) -> str:
    return git(clone, "show", "origin/mlcd/evidence:releases/small/0.2.0/VERIFY.md")


def exported(stage: Stage, place: Path, *, signed: bool) -> Path:
    settings = {"gpg.format": "ssh", "user.signingkey": str(stage.folder.parent / "key")}
    for name, value in settings.items() if signed else ():
        git(stage.folder, "config", name, value)
    try:
        files = stage.bench.export("0.2.0")
    finally:
        for name in settings if signed else ():
            git(stage.folder, "config", "--unset", name)
    for path, content in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    return place


def test_a_stranger_finds_a_clone_good(clone: Path, stranger: Stranger) -> None:
    assert stranger.follow(verify_text(clone), clone)


def test_our_own_check_reads_a_fresh_clone_and_misses_the_files_it_does_not_hold(
    clone: Path,
) -> None:
    found = Workbench(clone).verify("0.2.0")
    assert [one.name for one in found.checks if not one.ok] == ["model.txt has the tested bytes"]


def test_a_stranger_sees_a_moved_tag(clone: Path, stranger: Stranger) -> None:
    text = verify_text(clone)
    words = git(clone, "for-each-ref", "--format=%(contents)", "refs/tags/v0.2.0")
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    git(clone, *who, "tag", "--annotate", "--force", "--message", words, "v0.2.0", "main~1")
    assert not stranger.follow(text, clone)


def test_a_stranger_sees_a_changed_history(clone: Path, stranger: Stranger) -> None:
    text = verify_text(clone)
    path = git(clone, "ls-tree", "-r", "--name-only", "origin/mlcd/evidence").split("\n")[-3]
    head = f"commit {BRANCH}\ncommitter A <a@example.org> 1800000000 +0000\ndata 1\nx\n"
    head += f"from refs/remotes/origin/mlcd/evidence\nM 644 inline {path}\ndata 1\nx\n"
    subprocess.run(["git", "fast-import", "--quiet"], cwd=clone, input=head.encode(), check=True)
    assert not stranger.follow(text, clone)


def test_a_stranger_sees_another_release(clone: Path, stranger: Stranger) -> None:
    """The text of the older release goes with its own files only."""
    text = verify_text(clone).replace("0.2.0/release.json", "0.1.0/release.json")
    assert not stranger.follow(text, clone)


def test_a_stranger_sees_that_commits_were_dropped(clone: Path, stranger: Stranger) -> None:
    text = verify_text(clone)
    git(clone, "branch", "mlcd/evidence", "origin/mlcd/evidence~1")
    assert not stranger.follow(text, clone)


@pytest.mark.parametrize("signed", [True, False])
def test_a_stranger_finds_an_export_good(
    stage: Stage, stranger: Stranger, tmp_path: Path, signed: bool
) -> None:
    place = exported(stage, tmp_path / "out", signed=signed)
    text = (place / "VERIFY.md").read_text()
    signers = {"ALLOWED_SIGNERS": str(stage.folder.parent / "signers"), "SIGNER": MARA}
    assert stranger.follow(text, place, **signers)
    files = {
        path.relative_to(place).as_posix(): path.read_bytes()
        for path in place.rglob("*") if path.is_file()
    }  # fmt: skip
    assert verify_files(files, "out").ok


def test_a_stranger_sees_an_edited_export(stage: Stage, stranger: Stranger, tmp_path: Path) -> None:
    place = exported(stage, tmp_path / "out", signed=False)
    text = (place / "VERIFY.md").read_text()
    (notebook, *_) = place.glob("evidence/*/notebooks/*train*.ipynb")
    notebook.write_text(notebook.read_text().replace("0.9", "0.8"))
    assert not stranger.follow(text, place)


def test_a_stranger_sees_by_the_signature_that_all_sums_were_made_anew(
    stage: Stage, stranger: Stranger, tmp_path: Path
) -> None:
    place = exported(stage, tmp_path / "out", signed=True)
    text = (place / "VERIFY.md").read_text()
    sums = place / "SHA256SUMS"
    (place / "MODEL_CARD.md").write_text("# Perfect\n")
    digest = (
        git(place, "-c", "core.autocrlf=false", "--version")
        and subprocess.run(
            ["sha256sum", "MODEL_CARD.md"], cwd=place, check=True, capture_output=True, text=True
        ).stdout
    )
    lines = [line for line in sums.read_text().splitlines() if "MODEL_CARD" not in line]
    sums.write_text("\n".join([*lines, digest.strip()]) + "\n")
    signers = {"ALLOWED_SIGNERS": str(stage.folder.parent / "signers"), "SIGNER": MARA}
    assert not stranger.follow(text, place, **signers)


def test_the_stranger_does_not_have_our_software(stranger: Stranger) -> None:
    assert sorted(one.name for one in (stranger.home / "bin").iterdir()) == sorted(TOOLS)
