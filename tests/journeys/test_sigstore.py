"""An export signed by Sigstore, from the command that asks to the stranger who checks it.

The client is Sigstore's own; authority and log are ours, on the loopback, and sign with real keys.
Nothing here is asked of the public Sigstore.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd import open_project
from tests.bundle.sigstore_authority import ISSUER
from tests.journeys.projects import CHECKOUT, git, mlcd
from tests.journeys.sigstore_exports import (
    BY_THE_WORKFLOW,
    NOBODY,
    STEP,
    THEM,
    WORKFLOW,
    export,
    looked,
)

if TYPE_CHECKING:
    from tests.bundle.sigstore_service import Service
    from tests.faults.kept import Stage


def test_an_export_is_signed_and_whoever_is_named_counts(signed: Path, service: Service) -> None:
    trust = ("--sigstore-trust", str(service.trust()))
    ended = mlcd(signed.parent, "evidence", "verify", str(signed), *trust, *BY_THE_WORKFLOW)
    assert ended.code == 0, ended.said
    line = f"✓ {STEP}: 4 bundles by {WORKFLOW} ({ISSUER}); logged 20"
    assert line in " ".join(ended.out.split())
    assert "Every step holds." in ended.out


def test_a_key_and_sigstore_stand_side_by_side(signed: Path) -> None:
    names = {path.name for path in (signed / "attestations").iterdir()}
    twins = {name.replace(".dsse.", ".sigstore.") for name in names if ".dsse." in name}
    assert len(names) == 6
    assert twins == {name for name in names if ".sigstore." in name}
    assert (signed / "SHA256SUMS.sig").is_file()
    assert (signed / "SHA256SUMS.sigstore.json").is_file()


def test_without_a_key_nothing_says_that_nobody_signed(
    released: Stage, service: Service, tmp_path: Path
) -> None:
    assert export(released, service, tmp_path / "out.zip", "--yes").code == 0
    assert looked(service, tmp_path / "out.zip", THEM).ok
    place = tmp_path / "out"
    shutil.unpack_archive(tmp_path / "out.zip", place)
    assert {path.name.split(".", 1)[1] for path in (place / "attestations").iterdir()} == {
        "sigstore.json"
    }
    assert "Nobody signed it" not in (place / "VERIFY.md").read_text()


def test_nothing_is_published_unless_a_person_says_so(
    released: Stage, service: Service, tmp_path: Path
) -> None:
    service.asked.clear()
    ended = export(released, service, tmp_path / "out")
    assert ended.code == 2
    assert "Nothing was written or published. Add --yes." in ended.said
    assert WORKFLOW in ended.said
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    assert "is there already" in export(released, service, tmp_path / "full", "--yes").said
    assert not service.asked
    assert not (tmp_path / "out").exists()


def test_without_an_identity_and_a_person_there_is_nothing_to_sign_with(
    released: Stage, service: Service, tmp_path: Path
) -> None:
    words = ("export", "0.1.0", "--sigstore", "--yes", "--sigstore-trust", str(service.trust()))
    out = tmp_path / "out"
    ended = mlcd(released.folder, "evidence", *words, "--output", str(out), **NOBODY)
    assert ended.code == 2
    assert "There is no identity to sign with, and nobody to log in" in ended.said
    assert "--sigstore-token FILE" in ended.said
    assert not out.exists()


def typed(released: Stage, output: Path, trust: Path, text: str, *more: str) -> Any:
    """Type `evidence export --sigstore` in a terminal, and these lines after it."""
    if sys.platform == "win32":
        pytest.skip("it has no terminals of this kind")
    import pty  # noqa: PLC0415 - there is none on Windows

    above, below = pty.openpty()
    os.write(above, text.encode())
    words = ("evidence", "export", "0.1.0", "--sigstore", "--output", str(output))
    done = subprocess.run(
        [sys.executable, "-P", "-m", "jupyter_mlcd.cli.main", *words, "--sigstore-trust",
         str(trust), *more],
        cwd=released.folder, stdin=below, capture_output=True, text=True, check=False,
        # A browser that does not come up: the address is printed, and the code is typed.
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), **NOBODY, "BROWSER": "false"}, timeout=120,
    )  # fmt: skip
    for one in (above, below):
        os.close(one)
    return done


@pytest.mark.parametrize("answer", ["n", "y"])
def test_a_person_is_asked(released: Stage, service: Service, tmp_path: Path, answer: str) -> None:
    service.asked.clear()
    out, token = tmp_path / "out", str(service.token())
    done = typed(released, out, service.trust(), f"{answer}\n", "--sigstore-token", token)
    assert "for everybody and for ever" in done.stdout
    assert f"mara@example.org ({ISSUER})" in done.stdout
    assert done.returncode == (answer == "n")
    assert bool(service.asked) == (answer == "y")
    assert out.exists() == (answer == "y")


@pytest.mark.parametrize("code", ["a code", "another"])
def test_a_person_logs_in_after_she_said_yes(
    released: Stage, service: Service, tmp_path: Path, code: str
) -> None:
    done = typed(released, tmp_path / "out", service.trust(), f"y\n{code}\n")
    assert "the name or e-mail that you log in with" in done.stdout
    is_known = code == "a code"
    assert (tmp_path / "out").exists() == is_known
    if is_known:
        assert f"Signed by Sigstore as ken@example.org ({ISSUER}), logged" in done.stdout
        assert looked(service, tmp_path / "out", ("ken@example.org", ISSUER)).ok
    else:
        assert done.returncode == 4
        assert "the token is not taken: Token request failed with 401" in done.stderr


def test_a_run_is_signed_too(released: Stage, service: Service, tmp_path: Path) -> None:
    (run, *_) = [one.id for one in released.bench.evidence()]
    ended = export(released, service, tmp_path / "run.zip", "--yes", subject=run)
    assert ended.code == 0, ended.said
    found = looked(service, tmp_path / "run.zip", THEM)
    assert found.ok
    assert "3 bundles by" in next(one.words for one in found.checks if one.name == STEP)


def test_without_the_extra_it_is_not_checked_and_never_green(
    signed: Path, service: Service, tmp_path: Path
) -> None:
    hide = tmp_path / "hide"
    hide.mkdir()
    (hide / "sitecustomize.py").write_text(
        "import importlib.util as u\n"
        "find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'sigstore' else find(name, *a)\n"
    )
    words = ("-P", "-m", "jupyter_mlcd.cli.main", "evidence", "verify", str(signed), "--json")
    for named, code in (((), 0), (BY_THE_WORKFLOW, 1)):
        done = subprocess.run(
            [sys.executable, *words, *named], cwd=tmp_path, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": f"{hide}:{CHECKOUT}"}, check=False,
        )  # fmt: skip
        (one,) = [one for one in json.loads(done.stdout)["checks"] if one["name"] == STEP]
        assert one["words"] == "not checked: python -m pip install 'jupyter_mlcd[sigstore]'"
        assert done.returncode == code
        assert not (one["ok"] and one["proves"])


def fenced(text: str) -> str:
    """Return the commands of VERIFY.md for sigstore's own program."""
    return text.split("```sh\n")[1].split("```", maxsplit=1)[0]


@pytest.mark.parametrize("who", [WORKFLOW, "eve@example.org"])
def test_sigstores_own_program_follows_verify_md(
    signed: Path, service: Service, tmp_path: Path, who: str
) -> None:
    text = fenced((signed / "VERIFY.md").read_text())
    assert text.count("python -m sigstore verify identity") == 4
    own = f"python -m sigstore --trust-config '{service.trust()}'"
    done = subprocess.run(
        ["sh", "-e", "-c", text.replace("python -m sigstore", own)], cwd=signed, check=False,
        env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
             "HOME": str(tmp_path), "IDENTITY": who, "ISSUER": ISSUER},
        capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode == 0) == (who == WORKFLOW), done.stderr


def test_a_failure_leaves_no_half_export(released: Stage, service: Service, tmp_path: Path) -> None:
    before = git(released.folder, "status", "--porcelain")
    count = len(service.log.leaves)
    service.refuses = lambda path: 503 if "log" in path and len(service.log.leaves) > count else 0
    try:
        ended = export(released, service, tmp_path / "out", "--yes")
    finally:
        service.refuses = lambda _path: 0
    assert ended.code == 4
    assert "the log refused: 1: not today" in ended.said
    assert service.url in ended.said
    assert "Nothing was written. The log holds 1 lines with your identity" in ended.said
    assert not (tmp_path / "out").exists()
    assert git(released.folder, "status", "--porcelain") == before


def test_python_signs_with_the_token_that_it_is_given(
    released: Stage, service: Service, tmp_path: Path
) -> None:
    given: dict[str, Any] = {
        "publish_identity_of": service.token(WORKFLOW),
        "sigstore_trust": service.trust(),
    }
    project = open_project(released.folder)
    made = project.export("0.1.0", tmp_path / "out.zip", **given)
    assert looked(service, made, THEM).ok
    service.asked.clear()
    with pytest.raises(FileExistsError):
        project.export("0.1.0", made, **given)
    assert not service.asked
