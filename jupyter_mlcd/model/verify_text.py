"""VERIFY.md: how anybody checks a release years later, with git, coreutils and ssh-keygen alone.

Every indented line is a command and is meant literally; together they are a script for ``sh -e``.
Tests extract and run them. What people wrote is quoted, so that nobody writes commands there.
"""

from __future__ import annotations

import shlex
import textwrap
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jupyter_mlcd.model.approval import Waiver
from jupyter_mlcd.model.release import PRODUCTS
from jupyter_mlcd.model.verify_keyless_text import keyless_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from jupyter_mlcd.model.approval import SignedStatement, Statements
    from jupyter_mlcd.model.release import Release

_CLONE = """\
# How to check {project} {version} without any of our software

You need `git`, `ssh-keygen` and the ordinary `sha256sum`, `mktemp`, `cut`, `sed`, `grep`, `tr` and
`test` in a clone of the repository. Every indented line is a command. Each ends with an error when
something is not as it should be; all of them together are a script for `sh -e`. `ALLOWED_SIGNERS`
is the file in which you keep the keys of people you trust, by its full path. It is asked for only
where somebody signed. The project's own list is `.mlcd/allowed_signers` on its protected branch,
unless its mlcd.toml says otherwise.

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
       git cat-file tag '{tag}' | grep --quiet --line-regexp "Release-Digest: sha256:$release"

   Where the tag is signed, it is by whom you trust.

       if git cat-file tag '{tag}' | grep --quiet 'BEGIN SSH SIGNATURE'; then
         git -c gpg.ssh.allowedSignersFile="${{ALLOWED_SIGNERS:?say whom you trust}}" \\
           verify-tag '{tag}'
       else
         echo 'Nobody signed the tag with an SSH key.'
       fi

4. The evidence that it stands on has the fingerprints of its release.json, and no file of it was
   changed.

       folder=$(mktemp -d)
       git clone --quiet --single-branch --branch mlcd/evidence . "$folder/ledger"
       cd "$folder/ledger"
{runs}
5. What was delivered is what was tested: `sha256sum` of each file prints these digits.

{files}

6. Who said yes, and who made exceptions: each is signed by that person, for this release. What was
   taken back is told and not looked at. Whether they are the right people, and enough of them, is
   for you to say. What GitHub, GitLab or Azure DevOps said lies in `hub-approvals/`: nobody signed
   it, and only they can say it again.

       for word in {folder}/approvals/*.json {folder}/waivers/*.json; do
         test -e "$word" || continue
         id=${{word##*/}}
         if grep --recursive --quiet "\\"entry\\": \\"${{id%.json}}\\"" events; then
           echo "$word was taken back"
           continue
         fi
         : "${{ALLOWED_SIGNERS:?say which file holds the keys of people you trust}}"
         grep --quiet "\\"digest\\": \\"sha256:$release\\"" "$word"
         sed -n -e '/"by":/p' -e '/"environment":/p' -e '/"expires":/p' -e '/"rule":/p' "$word"
         at=$(sed -n 's/^ *"at": "\\([^.Z]*\\).*/\\1/p' "$word" | tr -cd 0-9)
         use=mlcd-approval@v1
         case $word in */waivers/*) use=mlcd-waiver@v1 ;; esac
         who=$(TZ=UTC ssh-keygen -Y find-principals -O verify-time="$at" -s "$word.sig" \\
           -f "$ALLOWED_SIGNERS" | sed -n '1s/,.*//;1p')
         TZ=UTC ssh-keygen -Y verify -O verify-time="$at" -f "$ALLOWED_SIGNERS" -I "$who" \\
           -n "$use" -s "$word.sig" < "$word"
       done
"""

_RUN = """\
       test "$(sha256sum evidence/*/*/{id}/SHA256SUMS | cut -d ' ' -f 1)" = {digest}
       (cd evidence/*/*/{id} && sha256sum --check --strict --quiet SHA256SUMS)
"""

_EXPORT = """\
# How to check this export of {project} {version} without any of our software

You need {tools} in this folder. Every indented line is a
command. Each ends with an error when something is not as it should be.{signers}

1. No file of this export was changed.

       sha256sum --check --strict --quiet SHA256SUMS

{made}

2. The evidence that the release stands on has the fingerprints of its release.json, and no file of
   it was changed.

{runs}
3. {signed}
4. {said}
5. {files}
6. What files alone cannot tell: whether this is the release that the repository tagged. In a clone,
   `git cat-file tag TAG` of {version} says `Release-Digest: sha256:` and the digits that
   `sha256sum release.json` prints here; releases/{project}/{version}/VERIFY.md on the branch
   `mlcd/evidence` goes on from there.
"""

_EXPORTED_RUN = """\
       test "$(sha256sum evidence/{id}/SHA256SUMS | cut -d ' ' -f 1)" = {digest}
       (cd evidence/{id} && sha256sum --check --strict --quiet SHA256SUMS)
"""

_SIGNED = """\
Who exported it signed it. `SIGNER` is who you think that was.

       ssh-keygen -Y verify -f "$ALLOWED_SIGNERS" -I "$SIGNER" -n mlcd-evidence@v1 \
-s SHA256SUMS.sig < SHA256SUMS

   The same person signed each statement of `attestations/`: in-toto, in DSSE envelopes.

       folder=$(mktemp -d)
       for one in attestations/*.dsse.json; do
         sed -n 's/^ *"payload": "\\(.*\\)".*/\\1/p' "$one" | base64 -d > "$folder/body"
         sed -n 's/^ *"sig": "\\(.*\\)".*/\\1/p' "$one" | base64 -d > "$folder/sig"
         printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c < "$folder/body")" \\
           > "$folder/signed"
         cat "$folder/body" >> "$folder/signed"
         ssh-keygen -Y verify -f "$ALLOWED_SIGNERS" -I "$SIGNER" -n mlcd-evidence@v1 \\
           -s "$folder/sig" < "$folder/signed"
       done
"""

_UNSIGNED = """\
Nobody signed it: the files of `attestations/` say so in their names. Whoever gave it to you could
   have changed everything in it and made all sums anew.
"""


_TRUST = """ `ALLOWED_SIGNERS` is
the file in which you keep the keys of people you trust: never one out of this folder."""

_SAID = """\
What people said of it, each signed with a key of her own, for exactly this release.

       release=$(sha256sum release.json | cut -d ' ' -f 1)

{words}"""

_WORD = """\
   - {told}

       grep --quiet "\\"digest\\": \\"sha256:$release\\"" {path}
       TZ=UTC ssh-keygen -Y verify -O verify-time={at} -f "$ALLOWED_SIGNERS" -I {who} \
-n {namespace} -s {path}.sig < {path}
"""


_MODEL = """\
   `model.sig` is a signature of `products/` in the format of OpenSSF model signing. That needs its
   program: `pip install model-signing pyopenssl`. With the public key of who made it in a file:

   `model_signing verify key products --signature model.sig --public_key "$MODEL_KEY"`

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


def exported_text(  # noqa: PLR0913 - all that it speaks of
    release: Release,
    statements: Statements,
    carried: Collection[str],
    made: Collection[str] = (),
    *,
    is_signed: bool,
    has_model_signature: bool = False,
    keyless: str = "",
    bundles: Mapping[str, str] | None = None,
) -> bytes:
    """Return VERIFY.md of an exported release; ``made`` are the files that the export added.

    ``keyless`` is who signed by Sigstore, ``bundles`` what: ``{bundle: file that it speaks of}``.
    """
    needed = ["`sha256sum`"]
    needed += ["`cut`"] if carried or statements.signed else []
    needed += ["`grep`", "`ssh-keygen`"] if is_signed or statements.signed else []
    if is_signed:
        needed += ["`sed`", "`base64`", "`wc`", "`mktemp`"]
    runs = "".join(
        _EXPORTED_RUN.format(id=run.id, digest=run.digest.removeprefix("sha256:"))
        for run in release.runs
    )
    text = _EXPORT.format(
        project=release.project, version=release.version, runs=runs,
        tools=f"the ordinary {', '.join(needed)}",
        made=_made(made),
        signers=_TRUST if is_signed or statements.signed else "",
        signed=_signed(is_signed=is_signed, keyless=keyless_text(_plain(keyless), bundles or {})),
        said=_said(statements),
        files=_files(release, carried) + _MODEL * has_model_signature,
    )  # fmt: skip
    return text.encode()


def _made(names: Collection[str]) -> str:
    """Return which files tell people what is proved, and prove nothing."""
    listed = ", ".join(f"`{_plain(name)}`" for name in sorted(names)) or "no files"
    words = f"Made at the export, for people and programs: {listed}. They follow from what is "
    words += "checked below, and nobody signed them by themselves: where they differ, that counts."
    return textwrap.fill(words, 100, initial_indent="   ", subsequent_indent="   ",
                         break_long_words=False, break_on_hyphens=False)  # fmt: skip


def _signed(*, is_signed: bool, keyless: str) -> str:
    if is_signed:
        return _SIGNED + f"\n{keyless}" * bool(keyless)
    return f"No key of a person signed it.\n\n{keyless}" if keyless else _UNSIGNED


def _files(release: Release, carried: Collection[str]) -> str:
    """Return which files are delivered, and where they are."""
    if not release.products:
        return "No file is delivered.\n"
    text = "What is delivered is what was tested.\n\n"
    for path, file in release.products.items():
        if path in carried:
            place = shlex.quote(PRODUCTS + path)
            text += f"       test \"$(sha256sum {place} | cut -d ' ' -f 1)\" = {file.sha256}\n"
    for path, file in release.products.items():
        if path not in carried:
            text += f"   - Left out is `{_plain(path)}`, {file.size:,} bytes: `sha256sum` of it "
            text += f"prints {file.sha256}.\n"
    return text


def _said(statements: Statements) -> str:
    words = "".join(_word(one, statements.looked) for one in statements.signed)
    text = (
        _SAID.format(words=words) if words else "Nobody approved it or excepted it from a rule.\n"
    )
    for one in statements.left_out:
        text += f"   - Left out is {_plain(one)}.\n"
    return text


def _word(one: SignedStatement, looked: str) -> str:
    word = one.statement
    verb = "approved it" if not isinstance(word, Waiver) else f"excepted it from {word.rule!r}"
    told = f"{word.by} {verb} for {word.environment} on {word.at[:10]}"
    told += f", until {word.expires[:10]}" if word.expires else ""
    told += f": {word.reason}" if isinstance(word, Waiver) else ""
    doubt = f"On {looked[:10]} this did not count: {one.fault}" if one.fault else ""
    at = datetime.fromisoformat(word.at).astimezone(UTC)
    return _WORD.format(
        told=_plain(". ".join(filter(None, (told, doubt)))),
        path=one.path,
        at=f"{at:%Y%m%d%H%M%S}",
        who=shlex.quote(one.principal or "PRINCIPAL"),
        namespace=word.namespace,
    )


def _plain(text: str) -> str:
    """Return a text as one line: it comes from people, and lines of this file are commands."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
