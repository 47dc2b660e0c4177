"""VERIFY.md: how anybody checks a release years later, with git, coreutils and ssh-keygen alone.

Every indented line is a command and is meant literally; together they are a script for ``sh -e``.
Tests extract and run them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_mlcd.model.release import Release

_CLONE = """\
# How to check {project} {version} without any of our software

You need `git` and the ordinary `sha256sum`, `mktemp`, `cut` and `test` in a clone of the
repository. Every indented line is a command. Each ends with an error when something is not as it
should be; all of them together are a script for `sh -e`.

1. The branch with the evidence is here, and its history only ever grew: no merges, and no commit
   that changes or deletes a file.

       git rev-parse --quiet --verify mlcd/evidence || git branch mlcd/evidence origin/mlcd/evidence
       test -z "$(git rev-list --min-parents=2 mlcd/evidence)"
       test -z "$(git log --diff-filter=a --format= --name-only mlcd/evidence)"

   If the remote is another one than `origin`, say so. All that the remote has is here:

       test -z "$(git rev-list mlcd/evidence..origin/mlcd/evidence)"

2. The tag points at the commit, and the commit holds the tested files.

       test "$(git rev-parse '{tag}^{{commit}}')" = {commit}
       test "$(git rev-parse '{commit}^{{tree}}')" = {tree}

3. The release is the one that the tag names.

       release=$(git show mlcd/evidence:{folder}/release.json | sha256sum | cut -d ' ' -f 1)
       test "$(git cat-file tag '{tag}' | tail -n 1)" = "Release-Digest: sha256:$release"

   If the tag is signed, `git verify-tag {tag}` says by whom.
4. The evidence that it stands on has the fingerprints of its release.json, and no file of it was
   changed.

       folder=$(mktemp -d)
       git clone --quiet --single-branch --branch mlcd/evidence . "$folder/ledger"
       cd "$folder/ledger"
{runs}
5. What was delivered is what was tested: `sha256sum` of each file prints these digits.

{files}
"""

_RUN = """\
       test "$(sha256sum evidence/*/*/{id}/SHA256SUMS | cut -d ' ' -f 1)" = {digest}
       (cd evidence/*/*/{id} && sha256sum --check --strict --quiet SHA256SUMS)
"""

_EXPORT = """\
# How to check this export of {project} {version} without any of our software

You need the ordinary `sha256sum`{keygen} in this folder. Every indented line is a command. Each
ends with an error when something is not as it should be.

1. No file of this export was changed.

       sha256sum --check --strict --quiet SHA256SUMS

2. The evidence that the release stands on has the fingerprints of its release.json, and no file of
   it was changed.

{runs}
3. {signed}
4. What files alone cannot tell: whether this is the release that the repository tagged. In a clone,
   `git cat-file tag TAG` of {version} ends with `Release-Digest: sha256:` and the digits that
   `sha256sum release.json` prints here; releases/{project}/{version}/VERIFY.md on the branch
   `mlcd/evidence` goes on from there.
"""

_EXPORTED_RUN = """\
       test "$(sha256sum evidence/{id}/SHA256SUMS | cut -d ' ' -f 1)" = {digest}
       (cd evidence/{id} && sha256sum --check --strict --quiet SHA256SUMS)
"""

_SIGNED = """\
Who exported it signed it. Say who you think that was, and in which file you keep the keys of
   people you trust: never one out of this folder.

       ssh-keygen -Y verify -f "$ALLOWED_SIGNERS" -I "$SIGNER" -n mlcd-evidence@v1 \
-s SHA256SUMS.sig < SHA256SUMS
"""

_UNSIGNED = """\
Nobody signed it: the files of `attestations/` say so in their names. Whoever gave it to you could
   have changed everything in it and made all sums anew.
"""


def clone_text(release: Release, tag: str, folder: str) -> bytes:
    """Return VERIFY.md of a release as it stands on the evidence branch."""
    runs = "".join(
        _RUN.format(id=run.id, digest=run.digest.removeprefix("sha256:")) for run in release.runs
    )
    files = "\n".join(f"   - `{path}`: {file.sha256}" for path, file in release.products.items())
    text = _CLONE.format(
        project=release.project, version=release.version, commit=release.commit,
        tree=release.tree, tag=tag, folder=folder, runs=runs, files=files or "   There are none.",
    )  # fmt: skip
    return text.encode()


def exported_text(release: Release, *, is_signed: bool) -> bytes:
    """Return VERIFY.md of an exported release."""
    runs = "".join(
        _EXPORTED_RUN.format(id=run.id, digest=run.digest.removeprefix("sha256:"))
        for run in release.runs
    )
    text = _EXPORT.format(
        project=release.project, version=release.version, runs=runs,
        keygen=" and `ssh-keygen`" if is_signed else "",
        signed=_SIGNED if is_signed else _UNSIGNED,
    )  # fmt: skip
    return text.encode()
