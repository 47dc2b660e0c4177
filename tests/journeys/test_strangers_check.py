"""A stranger checks a release, years later: git, coreutils, ssh-keygen and VERIFY.md, no more."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions import export_evidence
from jupyter_mlcd.actions.judge_signer import Trust
from jupyter_mlcd.cli.exchange import verify_outside, write_outside
from jupyter_mlcd.model.approval import Waiver, policy_digest, statement_path
from jupyter_mlcd.model.review import ReviewWaived, Seen
from jupyter_mlcd.workbench import Workbench
from jupyter_mlcd.world.clock import now, uuid7
from jupyter_mlcd.world.ssh_signatures import SigningKey, sign
from tests.actions.people import Somebody, somebody
from tests.faults.forged_history import BRANCH, REMOTE
from tests.faults.kept import Stage
from tests.journeys.projects import commit_all, git, mlcd

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOOLS = (
    *("sh", "git", "sha256sum", "mktemp", "cut", "test", "tail", "cat", "ssh-keygen"),
    *("grep", "sed", "tr", "base64", "wc"),
)
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
    mara, ken = somebody(place, "Mara"), somebody(place, "Ken")
    made = Stage(place / "small")
    made.play(releases=1)
    with signing(made, mara):
        made.play_on(1)
    signers = mara.line() + ken.line()
    (place / "signers").write_bytes(signers)
    (made.folder / ".mlcd").mkdir()
    (made.folder / ".mlcd" / "allowed_signers").write_bytes(signers)
    commit_all(made.folder, "Say who may approve")
    with signing(made, ken):
        bench = Workbench(made.folder, by=ken.by)
        bench.approve(Seen("0.2.0", "production"), "Reads well")
        bench.approve(Seen("0.2.0", "staging"))
        (taken,) = [one.id for one in bench.show_review("0.2.0").entries
                    if one.environment == "staging"]  # fmt: skip
        bench.take_back(taken, "Too early")
        except_by_hand(bench, ken)
    git(made.folder, "push", "--quiet", "origin", "main", "mlcd/evidence")
    return made


@contextmanager
def signing(stage: Stage, person: Somebody | None) -> Iterator[None]:
    """Let git know what somebody signs with, for a while."""
    settings = {"gpg.format": "ssh", "user.signingkey": str(person.key.path)} if person else {}
    for name, value in settings.items():
        git(stage.folder, "config", name, value)
    try:
        yield
    finally:
        for name in settings:
            git(stage.folder, "config", "--unset", name)


def except_by_hand(bench: Workbench, person: Somebody) -> None:
    """Write an exception as `waive` does; here every rule is met, so that it would refuse."""
    release = bench.show_review("0.2.0")
    waiver = Waiver(
        project="small",
        version=release.version,
        digest=release.digest,
        environment="production",
        policy=policy_digest(bench.project, "production"),
        by=person.by,
        at=now(),
        expires="2099-01-01T00:00:00Z",
        rule="accuracy at least 0.5",
        reason="It's a try; `rm -rf /`",
    )
    data, name = waiver.to_bytes(), uuid7()
    path = statement_path(Waiver, "small", release.version, name)
    files = {path: data, f"{path}.sig": sign(data, person.key, Waiver.namespace)}
    body = ReviewWaived(release.version, release.digest, name, "production", waiver.rule)
    bench.ledger.append([bench.desk().event(body)], files, "By hand", person.by)


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


def exported(stage: Stage, place: Path, *, signed: bool, products: bool | None = None) -> Path:
    mara = Somebody("Mara", SigningKey(stage.folder.parent / "key of Mara"))
    made = stage.folder.parent / f"export {signed} {products}"
    if not made.exists():
        with signing(stage, mara if signed else None):
            write_outside(stage.bench.export("0.2.0", products=products), made)
    shutil.copytree(made, place)
    return place


def trusting(stage: Stage) -> dict[str, str]:
    """Say whom the stranger trusts."""
    return {"ALLOWED_SIGNERS": str(stage.folder.parent / "signers"), "SIGNER": MARA}


def test_a_stranger_finds_a_clone_good(stage: Stage, clone: Path, stranger: Stranger) -> None:
    assert stranger.follow(verify_text(clone), clone, **trusting(stage))


def test_a_stranger_has_to_say_whom_she_trusts(clone: Path, stranger: Stranger) -> None:
    assert not stranger.follow(verify_text(clone), clone)


def test_a_stranger_who_trusts_others_finds_no_approval(
    stage: Stage, clone: Path, stranger: Stranger
) -> None:
    place = stage.folder.parent / "only Mara"
    place.write_bytes((stage.folder.parent / "signers").read_bytes().splitlines(keepends=True)[0])
    assert not stranger.follow(verify_text(clone), clone, ALLOWED_SIGNERS=str(place))


@pytest.mark.parametrize("part", ["production", "Reads well", "-----BEGIN"])
def test_a_stranger_sees_an_approval_that_was_not_given_like_that(
    stage: Stage, clone: Path, stranger: Stranger, part: str
) -> None:
    """Somebody adds an approval that says or is signed otherwise."""
    tip = "origin/mlcd/evidence"
    listed = git(clone, "ls-tree", "-r", "--name-only", tip, "releases/small/0.2.0/approvals/")
    path = listed.split("\n")[0]
    for end in ("", ".sig"):
        text = git(clone, "show", f"{tip}:{path}{end}") + "\n"
        changed = text.replace(part, "-----begin" if "BEGIN" in part else "elsewhere")
        add(clone, f"{path[:-6]}f.json{end}", changed)
    text = verify_text(clone)
    assert not stranger.follow(text, clone, **trusting(stage))


def add(clone: Path, path: str, content: str) -> None:
    """Append a file to the branch as its remote has it, as somebody could push it."""
    head = f"commit {REMOTE}\ncommitter A <a@example.org> 1800000000 +0000\ndata 1\nx\n"
    head += f"from {REMOTE}^0\nM 644 inline {path}\ndata {len(content.encode())}\n{content}\n"
    subprocess.run(["git", "fast-import", "--quiet"], cwd=clone, input=head.encode(), check=True)


def delivered(stage: Stage, version: str = "0.2.0") -> Path:
    return stage.folder / "releases" / "production" / version


MODEL = "model.txt has the tested bytes"


def received(clone: Path, place: Path | None) -> list[tuple[str, str]]:
    """Return what speaks against a version for a pipeline with a clone and a delivered folder."""
    found = Workbench(clone).verify("0.2.0", "production", products=place)
    return [(one.name, one.words) for one in found.checks if not one.ok]


def test_a_pipeline_verifies_with_a_clone_and_the_delivered_folder(
    stage: Stage, clone: Path
) -> None:
    words = ("verify", "0.2.0", "--for", "production", "--products", str(delivered(stage)))
    ended = mlcd(clone, "evidence", *words)
    assert ended.code == 0, ended.said


def test_a_pipeline_without_the_delivered_files_is_refused(clone: Path) -> None:
    ((name, words),) = received(clone, None)
    assert name == MODEL
    assert "--products" in words


def test_a_clone_alone_says_that_files_were_not_checked(clone: Path) -> None:
    found = Workbench(clone).verify("0.2.0")
    assert found.ok
    (words,) = [one.words for one in found.checks if one.name == MODEL]
    assert words.startswith("not checked: the file is not here")


def test_a_pipeline_sees_another_version_another_file_and_one_more(
    stage: Stage, clone: Path, tmp_path: Path
) -> None:
    place = tmp_path / "delivered"
    shutil.copytree(delivered(stage), place)
    shutil.copy(delivered(stage, "0.1.0") / "release.json", place)
    assert received(clone, place) == [
        ("nothing else was delivered", "release.json is that of another release")
    ]
    (place / "release.json").unlink()
    (place / "model.txt").chmod(0o644)
    (place / "model.txt").write_text("evil")
    (place / "plugin.so").write_text("evil")
    (one, other) = received(clone, place)
    assert one[0] == MODEL
    assert one[1].startswith("it is another file")
    assert other[1] == "plugin.so is no file of 0.2.0"
    (place / "model.txt").unlink()
    (place / "model.txt").symlink_to(delivered(stage) / "model.txt")
    assert (MODEL, "it is a link and no file") in received(clone, place)


def test_a_stranger_sees_a_moved_tag(clone: Path, stranger: Stranger) -> None:
    text = verify_text(clone)
    words = git(clone, "for-each-ref", "--format=%(contents)", "refs/tags/v0.2.0")
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    git(clone, *who, "tag", "--annotate", "--force", "--message", words, "v0.2.0", "main~1")
    assert not stranger.follow(text, clone)


def test_a_stranger_sees_whether_a_tag_is_signed(stage: Stage, clone: Path) -> None:
    file = f"gpg.ssh.allowedSignersFile={stage.folder.parent / 'signers'}"
    git(clone, "-c", file, "verify-tag", "v0.2.0")
    tag = "who tagged it signed the tag"
    for version, words in {"0.1.0": "nobody signed it", "0.2.0": f"signed by {MARA} with"}.items():
        steps = {one.name: one.words for one in Workbench(clone).verify(version).checks}
        assert steps[tag].startswith(words)
        assert words in Workbench(clone).show_tag(version)
    trust = Trust(b"", required=True)
    for version in ("0.1.0", "0.2.0"):
        found = Workbench(clone).verify(version, trust=trust)
        assert tag in [one.name for one in found.checks if not one.ok]


def test_a_stranger_sees_a_tag_that_somebody_else_signed(
    stage: Stage, clone: Path, stranger: Stranger, tmp_path: Path
) -> None:
    text = verify_text(clone)
    words = git(clone, "for-each-ref", "--format=%(contents:subject)%0a%0a%(contents:body)",
                "refs/tags/v0.2.0")  # fmt: skip
    eve = somebody(tmp_path, "Eve")
    who = ("-c", "user.name=Eve", "-c", "user.email=eve@example.org", "-c", "gpg.format=ssh",
           "-c", f"user.signingkey={eve.key.path}")  # fmt: skip
    git(clone, *who, "tag", "--sign", "--force", "--message", words, "v0.2.0", "v0.2.0^{}")
    assert not stranger.follow(text, clone, **trusting(stage))
    found = Workbench(clone).verify("0.2.0")
    (said,) = [one.words for one in found.checks if one.name == "who tagged it signed the tag"]
    assert "not among the allowed signers" in said


def test_a_signature_that_does_not_fit_its_tag_is_named(clone: Path) -> None:
    raw = git(clone, "cat-file", "tag", "v0.2.0")
    forged = raw.replace("tagger Mara", "tagger Sara").encode() + b"\n"
    made = subprocess.run(
        ["git", "mktag"], cwd=clone, input=forged, check=True, capture_output=True, text=False
    )
    git(clone, "update-ref", "refs/tags/v0.2.0", made.stdout.decode().strip())
    found = Workbench(clone).verify("0.2.0")
    (bad,) = [one.words for one in found.checks if not one.ok and "tag" in one.name]
    assert bad.startswith("forged")


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
    assert stranger.follow(text, place, **trusting(stage))
    assert verify_outside(place, None).ok
    archive = tmp_path / "out.zip"
    write_outside(stage.bench.export("0.2.0"), archive)
    assert verify_outside(archive, None).ok


CARRIED = "the delivered files are the tested ones"


def test_the_delivered_files_go_with_an_export(
    stage: Stage, stranger: Stranger, tmp_path: Path
) -> None:
    place = exported(stage, tmp_path / "out", signed=False)
    model = place / "products" / "model.txt"
    assert model.read_bytes() == (delivered(stage) / "model.txt").read_bytes()
    assert verified(place)[1][CARRIED] == "1 files"
    model.chmod(0o644)
    model.write_text("another")
    assert not stranger.follow((place / "VERIFY.md").read_text(), place)
    found = verify_outside(place, None)
    bad = [one.words for one in found.checks if not one.ok]
    assert bad[0] == "products/model.txt was changed"
    assert bad[-1] == "products/model.txt is no file of 0.2.0, or another one"


def test_what_is_left_out_of_an_export_is_said(
    stage: Stage, stranger: Stranger, tmp_path: Path
) -> None:
    place = exported(stage, tmp_path / "out", signed=False, products=False)
    digest = hashlib.sha256((delivered(stage) / "model.txt").read_bytes()).hexdigest()
    text = (place / "VERIFY.md").read_text()
    assert f"`sha256sum` of it prints {digest}" in text
    assert stranger.follow(text, place, **trusting(stage))
    assert f"model.txt is left out, sha256:{digest}" in verified(place)[1][CARRIED]
    words = ("export", "0.2.0", "--without-products", "--output", str(tmp_path / "more"))
    assert (
        f"Left out: model.txt, 800 bytes, sha256:{digest}"
        in mlcd(stage.folder, "evidence", *words).out
    )


def test_a_model_is_signed_by_a_key_of_its_own(stage: Stage, tmp_path: Path) -> None:
    key, public = tmp_path / "model.pem", tmp_path / "model.pub"
    make = ("openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", str(key))
    subprocess.run(make, check=True)
    show = ("openssl", "ec", "-in", str(key), "-pubout", "-out", str(public))
    subprocess.run(show, check=True, capture_output=True)
    place = tmp_path / "out"
    words = ("evidence", "export", "0.2.0", "--model-key", str(key), "--output", str(place))
    assert mlcd(stage.folder, *words).code == 0
    assert "model_signing verify key products" in (place / "VERIFY.md").read_text()
    step = "model.sig is of the delivered files"
    assert verified(place)[1][step].startswith("not looked at")
    assert verified(place, None, public)[1][step] == "made with that key"
    (place / "products" / "model.txt").chmod(0o644)
    (place / "products" / "model.txt").write_text("other")
    good, said = verified(place, None, public)
    assert not good
    assert "model.txt" in said[step]


def test_large_files_stay_out_of_an_export_unless_asked_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_evidence, "MOST_BYTES", 100)
    assert list(stage.bench.export("0.2.0").left_out) == ["model.txt"]
    assert not stage.bench.export("0.2.0", products=True).left_out


def verified(
    place: Path, signers: Path | None = None, model_key: Path | None = None
) -> tuple[bool, dict[str, str]]:
    """Verify an export as `evidence verify` does; return whether it is good and what was said."""
    found = verify_outside(place, signers, model_key)
    return found.ok, {one.name: one.words for one in found.checks}


SIGNED = "who exported it signed its sums"


def test_our_own_check_says_who_signed_an_export(stage: Stage, tmp_path: Path) -> None:
    place = exported(stage, tmp_path / "out", signed=True)
    signers = stage.folder.parent / "signers"
    good, said = verified(place, signers)
    assert good
    assert said[SIGNED].startswith(f"signed by {MARA} with SHA256:")
    people = said["approvals and exceptions are signed by whom they name"]
    assert people.count("signed by ken@example.org") == 2
    good, said = verified(place)
    assert good
    assert "whose that is nobody said" in said[SIGNED]


def test_our_own_check_refuses_who_is_not_trusted(stage: Stage, tmp_path: Path) -> None:
    place = exported(stage, tmp_path / "out", signed=True)
    others = tmp_path / "others"
    others.write_bytes((stage.folder.parent / "signers").read_bytes().splitlines()[1])
    good, said = verified(place, others)
    assert not good
    assert "not among the allowed signers" in said[SIGNED]
    words = ("evidence", "verify", str(place), "--signers", str(others))
    assert mlcd(tmp_path, *words).code == 1


def test_our_own_check_says_that_nobody_signed(stage: Stage, tmp_path: Path) -> None:
    place = exported(stage, tmp_path / "out", signed=False)
    good, said = verified(place)
    assert good
    assert "nobody signed it" in said[SIGNED]
    good, said = verified(place, stage.folder.parent / "signers")
    assert not good


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
    assert not stranger.follow(text, place, **trusting(stage))


def test_what_people_signed_goes_with_an_export(stage: Stage, tmp_path: Path) -> None:
    place = exported(stage, tmp_path / "out", signed=True)
    assert len([*place.glob("approvals/*.json")]) == len([*place.glob("approvals/*.sig")]) == 1
    assert len([*place.glob("waivers/*.json")]) == 1
    told = [one.name.partition(".")[0][:-9] for one in place.glob("attestations/[45]0-*")]
    assert sorted(told) == ["40-approval", "50-exception"]
    text = (place / "VERIFY.md").read_text()
    assert "Left out is the approval of Ken: it was taken back." in text


def test_the_release_notes_go_with_an_export_and_are_no_foreign_file(
    stage: Stage, stranger: Stranger, tmp_path: Path
) -> None:
    place = exported(stage, tmp_path / "out", signed=True)
    assert (place / "NOTES.md").read_text() == stage.bench.release_notes("0.2.0")
    text = (place / "VERIFY.md").read_text()
    made = text.partition("Made at the export")[2].partition("They follow")[0]
    assert {"`MODEL_CARD.md`,", "`NOTES.md`,", "`software.cdx.json`."} < set(made.split())
    assert stranger.follow(text, place, **trusting(stage))
    assert verified(place, stage.folder.parent / "signers")[0]
    (place / "NOTES.md").write_text("# Perfect\n")
    good, said = verified(place, stage.folder.parent / "signers")
    assert not good
    assert "NOTES.md was changed" in said["no file of the export was changed, added or lost"]


@pytest.mark.parametrize("folder", ["approvals", "waivers", "attestations"])
def test_a_stranger_sees_a_signed_word_that_was_edited(
    stage: Stage, stranger: Stranger, tmp_path: Path, folder: str
) -> None:
    """Also by who can make all sums and the exporter's signature anew: this is not his word."""
    place = exported(stage, tmp_path / "out", signed=True)
    text = (place / "VERIFY.md").read_text().replace("sha256sum --check --strict --quiet", "true")
    (file, *_) = sorted(place.glob(f"{folder}/*.json"))
    file.write_text(file.read_text().replace("production", "elsewhere").replace('"ewog', '"ewoJ'))
    assert not stranger.follow(text, place, **trusting(stage))


def test_the_stranger_does_not_have_our_software(stranger: Stranger) -> None:
    assert sorted(one.name for one in (stranger.home / "bin").iterdir()) == sorted(TOOLS)
