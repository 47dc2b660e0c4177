"""What git said, in our words: the one table from its complaints to our codes.

Git has no error codes but 1 and 128, so its English text is what tells faults apart; the runner
sets ``LC_ALL=C.UTF-8`` for this reason. First match wins: the particular stands before the general.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.model.errors import GitError
from jupyter_mlcd.world.git_names import decoded, plain, without_credentials

if TYPE_CHECKING:
    from jupyter_mlcd.world.commands import Completed

_LONGEST_QUOTE = 2000


class GitFault(StrEnum):
    """The codes that a GitError can have."""

    MISSING = "git-missing"
    TOO_OLD = "git-too-old"
    NOT_A_REPOSITORY = "git-not-a-repository"
    DUBIOUS_OWNERSHIP = "git-dubious-ownership"
    NO_WORKTREE = "git-no-worktree"
    UNSUPPORTED = "git-unsupported-repository"
    READ_ONLY = "git-read-only"
    DISK_FULL = "git-disk-full"
    LOCKED = "git-locked"
    NAME_IN_THE_WAY = "git-name-in-the-way"
    REF_MOVED = "git-ref-moved"
    NO_SUCH_OBJECT = "git-no-such-object"
    NO_SUCH_REMOTE = "git-no-such-remote"
    NO_IDENTITY = "git-no-identity"
    NOTHING_TO_COMMIT = "git-nothing-to-commit"
    UNMERGED = "git-unmerged"
    REFUSED_BY_HOOK = "git-refused-by-hook"
    REJECTED = "git-push-rejected"
    DECLINED = "git-push-declined"
    AUTHENTICATION = "git-authentication"
    HOST_KEY = "git-host-key"
    CERTIFICATE = "git-certificate"
    PROTOCOL = "git-protocol-not-allowed"
    UNREACHABLE = "git-unreachable"
    TIMEOUT = "git-timeout"
    TOO_MUCH_OUTPUT = "git-too-much-output"
    CORRUPT = "git-corrupt"
    UNSAFE_TREE = "git-unsafe-tree"
    CHECKED_OUT = "git-branch-checked-out"
    CHANGED_MEANWHILE = "git-changed-meanwhile"
    FAILED = "git-failed"


@dataclass(frozen=True)
class _Words:
    message: str
    hint: str
    pattern: str = ""
    """What git prints; empty where we notice the fault ourselves."""


_SAFE = "Nothing of yours was changed."

WORDS: Final[dict[GitFault, _Words]] = {
    GitFault.MISSING: _Words(
        "There is no git program on this computer's PATH.",
        "Install git 2.36 or newer (Debian: apt install git; macOS: xcode-select --install).",
    ),
    GitFault.TOO_OLD: _Words(
        "This git is too old.",
        "Install git 2.36 or newer.",
    ),
    GitFault.DUBIOUS_OWNERSHIP: _Words(
        "Git refuses this repository, because it belongs to another user.",
        "If you trust its owner, run: git config --global --add safe.directory {directory}",
        r"detected dubious ownership|unsafe repository",
    ),
    GitFault.NOT_A_REPOSITORY: _Words(
        "There is no git repository at {directory}.",
        "Open a folder inside a repository, or make one there with: git init",
        r"not a git repository|cannot use bare repository|[Nn]ot in a git directory",
    ),
    GitFault.NO_WORKTREE: _Words(
        "The repository at {directory} has no files beside it: it is bare, or this is git's own "
        "folder.",
        "Open the folder that holds your files, or clone the bare repository first.",
        r"must be run in a work tree",
    ),
    GitFault.UNSUPPORTED: _Words(
        "This git cannot read the repository: it was made by a newer one.",
        f"{_SAFE} Install a newer git.",
        r"unknown repository extension|Expected git repo version|unknown hash algorithm",
    ),
    GitFault.DISK_FULL: _Words(
        "The disk is full.",
        f"{_SAFE} Free some space, then do the same again.",
        r"No space left on device|Disk quota exceeded|out of disk",
    ),
    GitFault.NAME_IN_THE_WAY: _Words(
        "Another branch or tag is in the way of this name.",
        f"{_SAFE} Rename the one that git names below; git cannot hold both 'a' and 'a/b'.",
        r"exists; cannot create|cannot lock ref .*(Not a directory|Is a directory)"
        r"|unable to resolve reference .*Not a directory",
    ),
    GitFault.REF_MOVED: _Words(
        "Somebody else wrote at the same moment.",
        f"{_SAFE} Do the same again.",
        r"but expected [0-9a-f]|reference already exists|Not updating refs/",
    ),
    GitFault.LOCKED: _Words(
        "Another git program is at work in this repository, or one was killed and left its lock.",
        f"{_SAFE} Wait a moment and try again. If no git is running, remove the file that ends in "
        "'.lock' which git names below.",
        r"\.lock': File exists|Another git process seems to be running|could not lock",
    ),
    GitFault.READ_ONLY: _Words(
        "The repository cannot be written.",
        f"{_SAFE} Ask its owner for the permission to write, or work in a clone of your own.",
        r"Read-only file system|insufficient permission for adding an object"
        r"|(?:could not|cannot|unable to|failed to) .*: Permission denied",
    ),
    GitFault.CORRUPT: _Words(
        "The repository is damaged.",
        "Nothing was written on top of it. Run `git fsck --full`; a fresh clone usually helps.",
        r"is corrupt|bad object|missing (?:blob|tree|commit)|inflate: |loose object .* is empty"
        r"|unable to read (?:tree|sha1|[0-9a-f])|invalid sha1 pointer|bad (?:index|signature)"
        r"|index file (?:corrupt|smaller)|packfile .* (?:cannot|does not)|did not receive expected"
        r"|hash mismatch|garbage at end of loose object|unable to unpack",
    ),
    GitFault.PROTOCOL: _Words(
        "The remote's address uses a way of transport that is not allowed here.",
        "Use an https or ssh address. To allow folders as remotes, for all your repositories: "
        "git config --global protocol.file.allow always",
        r"transport '[^']*' not allowed",
    ),
    GitFault.HOST_KEY: _Words(
        "The remote's ssh key is unknown or has changed.",
        f"{_SAFE} Connect once by hand (ssh HOST) and compare the key, then try again.",
        r"Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED",
    ),
    GitFault.AUTHENTICATION: _Words(
        "The remote did not accept who you are.",
        f"{_SAFE} Run the same git command once in a terminal, so that git can ask for your "
        "credentials and keep them (git config --global credential.helper ...), then try again.",
        r"Authentication failed|could not read (?:Username|Password)|terminal prompts disabled"
        r"|Permission denied \(|[Ii]nvalid (?:username|credentials)|returned error: 40[13]"
        r"|access denied or repository not exported|HTTP 40[13]",
    ),
    GitFault.CERTIFICATE: _Words(
        "The remote's certificate could not be verified.",
        f"{_SAFE} Check this computer's clock, and whether your network needs a certificate of "
        "its own (git config --global http.sslCAInfo FILE).",
        r"SSL certificate problem|server certificate verification failed|certificate has expired",
    ),
    GitFault.DECLINED: _Words(
        "The remote's own rules declined the push.",
        f"{_SAFE} Ask who administers the remote; git names the rule below.",
        r"hook declined|protected branch|GH0\d\d|not allowed to (?:push|force|create)"
        r"|\[remote rejected\]|exceeds .*file size limit",
    ),
    GitFault.REJECTED: _Words(
        "The remote has something newer.",
        f"{_SAFE} Fetch first, then do the same again.",
        r"\[rejected\]|non-fast-forward|fetch first|atomic push failed",
    ),
    GitFault.NO_SUCH_REMOTE: _Words(
        "There is no such remote, or nothing at its address.",
        "See the remotes of this repository with: git remote --verbose",
        r"does not appear to be a git repository|No such remote|[Rr]epository not found"
        r"|repository '[^']*' (?:not found|does not exist)|returned error: 404"
        r"|couldn't find remote ref",
    ),
    GitFault.UNREACHABLE: _Words(
        "The remote could not be reached.",
        f"{_SAFE} Check the network and the address; what waits to be sent stays here.",
        r"Could not resolve (?:host|hostname)|Connection (?:refused|timed out|reset)"
        r"|[Nn]etwork is unreachable|No route to host|[Oo]peration too slow|early EOF"
        r"|Failed to connect|remote end hung up|Empty reply|returned error: 5\d\d|unable to access"
        r"|unable to update url base from redirection|Could not read from remote repository",
    ),
    GitFault.NO_IDENTITY: _Words(
        "Git does not know your name.",
        'Say it once: git config --global user.name "Your Name" and '
        "git config --global user.email you@example.org",
        r"[Pp]lease tell me who you are|empty ident name|unable to auto-detect email"
        r"|no (?:name|email) was given",
    ),
    GitFault.NOTHING_TO_COMMIT: _Words(
        "There is nothing to commit.",
        "The files are as they were committed last.",
        r"nothing (?:added )?to commit|no changes added to commit",
    ),
    GitFault.UNMERGED: _Words(
        "A merge or rebase is unfinished.",
        f"{_SAFE} Finish it (git status says how) or give it up, then do the same again.",
        r"unmerged (?:paths|files)|unresolved conflict|during a (?:merge|rebase|cherry-pick)"
        r"|needs merge|error building trees",
    ),
    GitFault.REFUSED_BY_HOOK: _Words(
        "One of your own hooks or filters refused.",
        f"{_SAFE} What it printed stands below.",
        r"(?:pre-commit|commit-msg|prepare-commit-msg|reference-transaction) hook|hook .*failed"
        r"|external filter .* failed|clean filter .* failed|in '[a-z]+' phase.* update aborted by",
    ),
    GitFault.NO_SUCH_OBJECT: _Words(
        "There is no such commit, tree or file in this repository.",
        "Check the name; in a shallow or partial clone it may have to be fetched first.",
        r"unknown revision|[Nn]ot a valid (?:object|commit) name|Needed a single revision"
        r"|ambiguous argument|not a tree object|does not exist in|[Ii]nvalid object name"
        r"|not something we can|could not read tagged object|pathspec .* did not match",
    ),
    GitFault.TIMEOUT: _Words(
        "Git did not finish in time and was ended.",
        f"{_SAFE} Try again; if it was the network, look at the remote first.",
    ),
    GitFault.TOO_MUCH_OUTPUT: _Words(
        "Git had more to say than can be read here.",
        f"{_SAFE} The repository holds more files than is supported.",
    ),
    GitFault.UNSAFE_TREE: _Words(
        "The commit holds a file name that is not safe to write.",
        "Nothing was written there. Remove that file from the repository.",
    ),
    GitFault.CHECKED_OUT: _Words(
        "The evidence branch is checked out as somebody's working files.",
        f"{_SAFE} Switch that folder to another branch, then do the same again.",
    ),
    GitFault.CHANGED_MEANWHILE: _Words(
        "A file changed while it was read.",
        f"{_SAFE} Do the same again when nothing writes to it.",
    ),
    GitFault.FAILED: _Words(
        "Git could not do it.",
        f"{_SAFE} Git's own words stand below.",
    ),
}

_PATTERNS: Final = tuple(
    (fault, re.compile(words.pattern)) for fault, words in WORDS.items() if words.pattern
)


def git_error(fault: GitFault, said: str = "", **places: str) -> GitError:
    """Return the error for ``fault``; ``said`` is git's text or what we noticed ourselves.

    ``places`` fill the names in the table's words, such as ``directory``.
    """
    words = WORDS[fault]
    places.setdefault("directory", "this folder")
    shown = without_credentials(plain(said)).strip()[-_LONGEST_QUOTE:]
    message = words.message.format(**places)
    details = {"git": shown} if shown else {}
    last_line = re.sub(r"\A(?:fatal|error): ", "", shown.rpartition("\n")[2])
    return GitError(
        f"{message} ({last_line})" if last_line else message,
        code=fault.value,
        hint=words.hint.format(**places),
        details=details,
    )


def fault_of(completed: Completed) -> GitFault:
    """Return which fault made git end as it did."""
    if completed.timed_out:
        return GitFault.TIMEOUT
    said = decoded(completed.complaint + b"\n" + completed.output[-_LONGEST_QUOTE:])
    for fault, pattern in _PATTERNS:
        if pattern.search(said):
            return fault
    return GitFault.FAILED


def error_of(completed: Completed, directory: str) -> GitError:
    """Return the error for a git that failed in ``directory``."""
    said = decoded(completed.complaint or completed.output[-_LONGEST_QUOTE:])
    return git_error(fault_of(completed), said, directory=directory)
