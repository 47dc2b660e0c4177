"""What git's own credential helpers keep for a server: the keychain, the credential manager."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_mlcd.model.errors import GitError
from jupyter_mlcd.world.git_hardening import trusted_credentials
from jupyter_mlcd.world.git_names import decoded

if TYPE_CHECKING:
    from jupyter_mlcd.world.git import Git

_SECONDS: Final = 15.0


def has_helpers(git: Git) -> bool:
    """Whether the user or an administrator named a program that keeps credentials for git."""
    return any(value for _, value in trusted_credentials(git.settings))


def ask_helpers(git: Git, address: str) -> tuple[str, str]:
    """Return user and password for an address; empty where no helper has them.

    The helpers are those that the user or an administrator named, never the repository, and nobody
    is asked anything.
    """
    if not address.isprintable():
        return "", ""
    try:
        said = git.run("credential", "fill", stdin=f"url={address}\n\n".encode(), deadline=_SECONDS)
    except GitError:
        return "", ""
    lines = (line.partition("=") for line in decoded(said).splitlines())
    found = {name: value for name, _, value in lines}
    return found.get("username", ""), found.get("password", "")
