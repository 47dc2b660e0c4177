from __future__ import annotations

import hashlib
import shutil
import subprocess
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.evidence import (
    SUMS,
    Evidence,
    Manifest,
    Software,
    digest_of,
    evidence_path,
    parse_sums,
    sums,
)
from jupyter_mlcd.model.result import FileDigest
from tests.model.examples import evidence, result, run, score

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"manifest.json": b"{}\n", "notebooks/a b.ipynb": b"", "junit.xml": b"<x/>"}
PATHS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\0"), min_size=1)


def test_the_sums_are_sorted_by_path() -> None:
    assert [line[66:] for line in sums(FILES).decode().splitlines()] == sorted(FILES)


def test_the_sums_do_not_depend_on_the_order_of_the_files() -> None:
    assert sums(dict(reversed(FILES.items()))) == sums(FILES)


def test_the_sums_are_those_that_sha256sum_checks(tmp_path: Path) -> None:
    program = shutil.which("sha256sum")
    assert program, "sha256sum comes with every Linux; on macOS it is in coreutils"
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / SUMS).write_bytes(sums(FILES))
    checked = subprocess.run([program, "--check", "--strict", SUMS], cwd=tmp_path, check=False)
    assert checked.returncode == 0


@given(st.dictionaries(PATHS, st.binary(max_size=20)))
def test_sums_that_were_written_are_read_again(files: dict[str, bytes]) -> None:
    expected = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    assert parse_sums(sums(files)) == expected


@given(st.dictionaries(PATHS, st.binary(max_size=20), min_size=1), st.data())
def test_one_changed_byte_changes_the_fingerprint(
    files: dict[str, bytes], data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(sorted(files)))
    changed = {**files, path: files[path] + b"!"}
    assert digest_of(sums(changed)) != digest_of(sums(files))


@pytest.mark.parametrize(
    "text",
    [
        b"short  a\n",
        b"0" * 64 + b" a\n",
        b"0" * 64 + b"  a\n" + b"0" * 64 + b"  a\n",
        b"0" * 63 + b"  a\n",
        b"\n",
        b"0" * 64 + b"  a\n\n" + b"0" * 64 + b"  b\n",
        b"\xff\xfe",
    ],
)
def test_any_other_line_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"not a line of SHA256SUMS|can't decode"):
        parse_sums(text)


def test_the_fingerprint_is_the_sum_of_the_sums() -> None:
    assert digest_of(b"") == f"sha256:{hashlib.sha256(b'').hexdigest()}"


def test_evidence_lies_by_year_and_month() -> None:
    assert evidence_path("0195-run", "2026-03-01T09:30:00Z") == "evidence/2026/03/0195-run"


def test_evidence_survives_json() -> None:
    one = evidence()
    assert msgspec.json.decode(msgspec.json.encode(one), type=Evidence) == one


@pytest.mark.parametrize("software", [None, Software("python3", "python", "3.11", "x", {"a": "1"})])
def test_a_manifest_survives_json(software: Software | None) -> None:
    manifest = Manifest(
        run=run(result("a")),
        prefix="",
        notebooks={"a": "notebooks/a.ipynb"},
        sources={"a": "0" * 64},
        inputs={},
        scores={"accuracy": score(0.5)},
        delivers={"model.joblib": FileDigest("f" * 64, 3)},
        undelivered="",
        config="",
        software=software,
        attempt=1,
        builder="local",
        made_by="jupyter_mlcd 0.1.0",
    )
    assert msgspec.json.decode(msgspec.json.encode(manifest), type=Manifest) == manifest
