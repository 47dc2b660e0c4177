"""The one way to run ``ssh-keygen -Y``: detached signatures by SSH keys, made and looked at.

Nothing here asks for a passphrase: a key that is locked is an error at once, with the way out (an
agent). What was signed is given as a file, because ssh-keygen takes a passphrase from its standard
input where it has no terminal, and would then sign the rest of it.

A key is found as git finds it for its own signed commits: ``user.signingkey`` with
``gpg.format = ssh``. Programs that git can be told to run for it (``gpg.ssh.program``,
``gpg.ssh.defaultKeyCommand``) are not run: a repository may name them.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.model.errors import SigningError
from jupyter_mlcd.world.commands import Completed, run_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from jupyter_mlcd.world.git import Git

_DEADLINE_SECONDS: Final = 60.0
"""A key on a token waits for a finger that long."""
_PUBLIC: Final = re.compile(r"(?:ssh|ecdsa|sk)-\S+ \S+")
_NAMESPACE: Final = re.compile(r"[a-z0-9@.-]+\Z")


class SignatureFault(StrEnum):
    """Why a signature does not count."""

    UNREADABLE = "unreadable"
    """It is not a signature."""
    FORGED = "forged"
    """It was made over other bytes, or for another purpose."""
    UNKNOWN_KEY = "unknown-key"
    """Nobody who may sign this has that key."""
    NOT_VALID_THEN = "not-valid-then"
    """The key was not yet or no longer valid when it signed."""


@dataclass(frozen=True)
class SigningKey:
    """What ``user.signingkey`` says."""

    path: Path | None
    """A private key, or a public one beside its private one or in an agent."""
    literal: str = ""
    """The public key itself; the private one is in an agent."""


@dataclass(frozen=True)
class Judgement:
    """What a signature is worth."""

    principals: tuple[str, ...] = ()
    """Whose it is, as the lines of the allowed signers spell them."""
    fault: SignatureFault | None = None


def users_key(git: Git) -> SigningKey:
    """Return the key that git signs with here. Raises SigningError if it is told of none."""
    settings = {setting.key: setting.value for setting in git.settings}
    value = settings.get("user.signingkey", "")
    if settings.get("gpg.format", "").lower() != "ssh" or not value:
        raise SigningError(
            "git is not told which SSH key signs for you",
            code="no-signing-key",
            hint="Nothing was written. Say it once: git config --global gpg.format ssh; "
            "git config --global user.signingkey ~/.ssh/id_ed25519.pub",
        )
    if value.startswith("key::"):
        return SigningKey(None, value.removeprefix("key::"))
    if value.startswith("ssh-"):  # As git did before it knew `key::`.
        return SigningKey(None, value)
    return SigningKey(git.directory / Path(value).expanduser())


def public_key(key: SigningKey) -> str:
    """Return the public half of a key, as its file says it; empty where none can be read.

    Nothing is run for it and nothing is asked of an agent.
    """
    if key.path is None:
        return key.literal.strip()
    for path in (key.path.with_name(f"{key.path.name}.pub"), key.path):
        with suppress(OSError, UnicodeDecodeError):
            text = path.read_text(encoding="utf-8").strip()
            if _PUBLIC.match(text):
                return text
    return ""


def sign(data: bytes, key: SigningKey, namespace: str) -> bytes:
    """Return the armoured signature of ``data`` for one purpose.

    Raises SigningError: no ssh-keygen, no such key, a locked key.
    """
    with _desk() as folder:
        signed = folder / "data"
        signed.write_bytes(data)
        options = []
        path = key.path
        if path is None:
            path = folder / "key.pub"
            path.write_text(key.literal.strip() + "\n", encoding="utf-8")
            options = ["-U"]  # from the agent
        # An empty passphrase is given, so that none is asked for.
        arguments = ("sign", *options, "-P", "", "-n", _checked(namespace), "-f", str(path))
        done = _keygen(folder, *arguments, "--", str(signed))
        made = signed.with_name("data.sig")
        if done.code or done.timed_out or not made.is_file():
            raise _signing_error(done, key)
        return made.read_bytes()


def judge_signature(
    data: bytes, signature: bytes, signers: bytes, namespace: str, at: datetime
) -> Judgement:
    """Return who signed ``data`` for this purpose, or why nobody did. Raises SigningError."""
    with _desk(signature, signers) as folder:
        fits = _asked(folder, "check-novalidate", data, namespace)
        if fits.code or fits.timed_out:
            unreadable = b"parse" in fits.complaint or b"armor" in fits.complaint
            return Judgement(
                fault=SignatureFault.UNREADABLE if unreadable else SignatureFault.FORGED
            )
        found = _principals(folder, at)
        if found.fault is not None:
            return found
        proved = [one for one in found.principals if _verified(folder, data, one, namespace, at)]
        # Its line of the allowed signers may be for other purposes only.
        return Judgement(tuple(proved), None if proved else SignatureFault.UNKNOWN_KEY)


def _principals(folder: Path, at: datetime | None) -> Judgement:
    done = _keygen(
        folder, "find-principals", *_time(at), "-s", str(folder / "sig"), "-f",
        str(folder / "signers"),
    )  # fmt: skip
    if not (done.code or done.timed_out):
        # One a line, or in older versions as the line spells them.
        return Judgement(tuple(re.split(r"[,\n]", done.output.decode("utf-8", "replace").strip())))
    said = done.complaint
    if b"key has expired" in said or b"key is not yet valid" in said:
        return Judgement(fault=SignatureFault.NOT_VALID_THEN)
    if b"parse signature" in said or b"armor" in said:
        return Judgement(fault=SignatureFault.UNREADABLE)
    return Judgement(fault=SignatureFault.UNKNOWN_KEY)


def _verified(folder: Path, data: bytes, principal: str, namespace: str, at: datetime) -> bool:
    whose = ("-I", principal, "-f", str(folder / "signers"))
    done = _asked(folder, "verify", data, namespace, *_time(at), *whose)
    return not (done.code or done.timed_out)


def _asked(folder: Path, what: str, data: bytes, namespace: str, *more: str) -> Completed:
    about = ("-n", _checked(namespace), "-s", str(folder / "sig"))
    return _keygen(folder, what, *more, *about, stdin=data)


def _time(at: datetime | None) -> tuple[str, ...]:
    """Say what time it was: in UTC, which the environment makes the local one."""
    return () if at is None else (f"-Overify-time={at:%Y%m%d%H%M%S}",)


@contextmanager
def _desk(signature: bytes = b"", signers: bytes = b"") -> Iterator[Path]:
    """Give a folder of one's own with the files that ssh-keygen reads."""
    with tempfile.TemporaryDirectory(prefix="mlcd-sign-") as name:
        folder = Path(name)
        (folder / "sig").write_bytes(signature)
        (folder / "signers").write_bytes(signers)
        yield folder


def _keygen(folder: Path, what: str, *arguments: str, stdin: bytes | None = None) -> Completed:
    program = _program()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("SSH_ASKPASS")
    }
    environment |= {"LC_ALL": "C", "TZ": "UTC", "SSH_ASKPASS_REQUIRE": "never"}
    environment.pop("DISPLAY", None)  # Old versions ask in a window wherever there is one.
    return run_command(
        [program, "-Y", what, *arguments],
        directory=folder,
        environment=environment,
        stdin=stdin,
        deadline=_DEADLINE_SECONDS,
    )


def _program() -> str:
    """Return the absolute path of ssh-keygen, never one from the current folder."""
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    absolute = os.pathsep.join(one for one in entries if one and Path(one).is_absolute())
    found = shutil.which("ssh-keygen", path=absolute) if absolute else None
    if found is None:
        raise SigningError(
            "ssh-keygen is not installed",
            code="no-ssh-keygen",
            hint="Nothing was written. Install OpenSSH 8.9 or newer; git brings it on Windows.",
        )
    return found


def _checked(namespace: str) -> str:
    if not _NAMESPACE.match(namespace):
        raise ValueError(f"{namespace!r} is not a namespace of signatures")
    return namespace


def _signing_error(done: Completed, key: SigningKey) -> SigningError:
    """Return why nothing was signed, read from what ssh-keygen said."""
    said = done.complaint
    name = str(key.path) if key.path is not None else "that user.signingkey gives"
    if b"passphrase" in said:
        return SigningError(
            f"the signing key {name} is locked",
            code="signing-key-locked",
            hint="Nothing was written. Unlock it in a terminal with ssh-add, then try again.",
        )
    if done.timed_out:
        return SigningError(
            f"the signing key {name} did not answer",
            code="signing-key-silent",
            hint="Nothing was written. Touch the token when it blinks, or look at the agent.",
        )
    last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
    return SigningError(
        f"the signing key {name} cannot be used: {''.join(last) or 'ssh-keygen gave no reason'}",
        code="signing-key-unreadable",
        hint="Nothing was written. Look at `git config user.signingkey`, and at the file's "
        "permissions; a public key needs its private one beside it or in an agent.",
    )
