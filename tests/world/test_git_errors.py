from __future__ import annotations

import json
import pickle

import msgspec
import pytest

from jupyter_mlcd.world.commands import Completed
from jupyter_mlcd.world.git_errors import WORDS, GitFault, error_of, fault_of, git_error

SAMPLES = {
    GitFault.DUBIOUS_OWNERSHIP: "fatal: detected dubious ownership in repository at '/srv/x'",
    GitFault.NOT_A_REPOSITORY: "fatal: not a git repository (or any parent up to mount point /)",
    GitFault.NO_WORKTREE: "fatal: this operation must be run in a work tree",
    GitFault.UNSUPPORTED: "fatal: Expected git repo version <= 1, found 99",
    GitFault.DISK_FULL: "fatal: sha1 file '<stdout>' write error: No space left on device",
    GitFault.NAME_IN_THE_WAY: "error: cannot lock ref 'refs/heads/mlcd/evidence': "
    "'refs/heads/mlcd' exists; cannot create 'refs/heads/mlcd/evidence'",
    GitFault.REF_MOVED: "error: cannot lock ref 'refs/heads/a': is at "
    + ("4" * 40 + " but expected " + "2" * 40),
    GitFault.LOCKED: "fatal: cannot lock ref 'refs/heads/a': Unable to create "
    "'/x/.git/refs/heads/a.lock': File exists.",
    GitFault.READ_ONLY: "error: insufficient permission for adding an object to repository "
    "database .git/objects",
    GitFault.CORRUPT: "error: object file .git/objects/12/34 is empty\nfatal: loose object 1234 "
    "(stored in .git/objects/12/34) is corrupt",
    GitFault.PROTOCOL: "fatal: transport 'ext' not allowed",
    GitFault.HOST_KEY: "Host key verification failed.\n"
    "fatal: Could not read from remote repository.",
    GitFault.AUTHENTICATION: "fatal: could not read Username for 'https://github.com': terminal "
    "prompts disabled",
    GitFault.CERTIFICATE: "fatal: unable to access 'https://x/': SSL certificate problem: "
    "self-signed certificate",
    GitFault.DECLINED: "!\tHEAD:refs/heads/main\t[remote rejected] (pre-receive hook declined)",
    GitFault.REJECTED: "!\tHEAD:refs/heads/main\t[rejected] (fetch first)",
    GitFault.NO_SUCH_REMOTE: "fatal: 'nowhere' does not appear to be a git repository",
    GitFault.UNREACHABLE: "fatal: unable to access 'https://x/': Could not resolve host: x",
    GitFault.NO_IDENTITY: "Author identity unknown\n\n*** Please tell me who you are.",
    GitFault.NOTHING_TO_COMMIT: "On branch main\nnothing to commit, working tree clean",
    GitFault.UNMERGED: "error: Committing is not possible because you have unmerged files.",
    GitFault.REFUSED_BY_HOOK: "fatal: in 'prepared' phase, update aborted by the "
    "reference-transaction hook",
    GitFault.NO_SUCH_OBJECT: "fatal: Not a valid object name nowhere",
}


def failed(said: str, *, timed_out: bool = False) -> Completed:
    return Completed(128, b"", said.encode(), overflowed=False, timed_out=timed_out)


def test_every_fault_has_words_and_a_next_step() -> None:
    assert set(WORDS) == set(GitFault)
    for words in WORDS.values():
        assert words.message.endswith(".")
        assert words.hint


def test_every_pattern_has_a_sample() -> None:
    assert {fault for fault, words in WORDS.items() if words.pattern} == set(SAMPLES)


@pytest.mark.parametrize("fault", SAMPLES)
def test_gits_words_lead_to_their_fault(fault: GitFault) -> None:
    assert fault_of(failed(SAMPLES[fault])) is fault


def test_words_that_nobody_knows_are_a_failure_and_are_shown() -> None:
    error = error_of(failed("fatal: something new"), "/srv/x")
    assert error.code == "git-failed"
    assert "something new" in error.message


def test_a_deadline_is_told_before_anything_that_git_said() -> None:
    said = SAMPLES[GitFault.UNREACHABLE]
    assert fault_of(failed(said, timed_out=True)) is GitFault.TIMEOUT


def test_passwords_and_control_characters_are_never_shown() -> None:
    said = "fatal: unable to access 'https://ada:hunter2@host/': \x1b[31mno\u202e"
    error = error_of(failed(said), "/srv/x")
    shown = json.dumps(msgspec.to_builtins(error.problem)) + str(error)
    assert "hunter2" not in shown
    assert "\x1b" not in shown
    assert "u202e" not in shown


def test_the_account_of_an_ssh_address_is_kept() -> None:
    error = error_of(failed("fatal: no path ssh://git@host/x"), "/srv/x")
    assert "ssh://git@host/x" in error.message


def test_an_error_survives_pickle() -> None:
    error = git_error(GitFault.NOT_A_REPOSITORY, "said", directory="/srv/x")
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert copied.problem == error.problem


def test_braces_in_gits_words_do_no_harm() -> None:
    assert "{0}" in git_error(GitFault.FAILED, "fatal: {0} {x}").message
