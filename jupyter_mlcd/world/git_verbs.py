"""Everything that is ever asked of git: verbs and their options.

A list of forbidden options lost six times in a row in GitPython's advisories of 2026, so this is
the list of allowed ones. A value from outside that looks like an option is in no list and is
refused, wherever it stands; after ``--end-of-options`` or ``--`` everything is a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_mlcd.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ENDS_OF_OPTIONS: Final = frozenset({"--", "--end-of-options"})

# An entry that ends with "=" takes a value in the same argument.
VERBS: Final[Mapping[str, frozenset[str]]] = {
    verb: frozenset(options.split())
    for verb, options in {
        "cat-file": "--batch --batch-check --buffer -e -t -s",
        "check-ref-format": "--branch",
        "credential": "",
        "config": "--list -z --show-scope --get --get-all --global --includes --type=",
        "diff-tree": "-r -z --stdin --root --no-renames --no-commit-id --name-only --name-status "
        "--raw --no-ext-diff --no-textconv -p --numstat",
        "fast-import": "--quiet --depth= --date-format=raw --export-marks=",
        "fetch": "--no-tags --no-write-fetch-head --no-auto-maintenance --no-recurse-submodules "
        "--upload-pack=git-upload-pack --no-show-forced-updates --quiet --porcelain --atomic "
        "--depth=",
        "for-each-ref": "--format= --count= --sort=",
        "fsck": "--full --strict --no-progress --no-dangling --no-reflogs --connectivity-only",
        "hash-object": "-w --no-filters --stdin --stdin-paths -t",
        "log": "-z --format= --reverse --first-parent --no-ext-diff --no-textconv -n1 "
        "--max-count= --no-show-signature --date-order --topo-order --ignore-missing --stdin",
        "ls-files": "-z --stage --full-name --cached --others --exclude-standard --ignored "
        "--directory",
        "ls-remote": "--refs --upload-pack=git-upload-pack --quiet",
        "ls-tree": "-z -r -t --long --full-tree",
        "merge-base": "--is-ancestor --all",
        "mktag": "",
        "push": "--porcelain --atomic --no-verify --no-follow-tags --no-signed "
        "--recurse-submodules=no --receive-pack=git-receive-pack --no-force-if-includes --dry-run",
        "read-tree": "--empty",
        "rev-list": "--objects --quiet --reverse --count --max-count= --parents --first-parent "
        "--left-right --not",
        "rev-parse": "--verify --quiet --absolute-git-dir --git-common-dir --show-toplevel "
        "--is-bare-repository --is-inside-work-tree --show-object-format --path-format=absolute "
        "--is-shallow-repository",
        "show-ref": "--verify --quiet --hash",
        "status": "--porcelain=v2 -z --untracked-files= --ignore-submodules= --no-renames "
        "--find-renames --no-ahead-behind",
        "symbolic-ref": "--quiet",
        "update-index": "-z --index-info",
        "update-ref": "--stdin -z -d --no-deref --create-reflog -m",
        "version": "",
        "worktree": "--porcelain -z",
        "write-tree": "--missing-ok",
    }.items()
}

# These run the hooks, filters and signing programs that the repository and its owner name.
VERBS_OF_THE_USER: Final[Mapping[str, frozenset[str]]] = {
    "add": frozenset({"--force", "--pathspec-from-file=-", "--pathspec-file-nul", "--all"}),
    "commit": frozenset(
        {
            "--author=",
            "--file=",
            "--message=",
            "--pathspec-from-file=-",
            "--quiet",
            "--only",
            "--cleanup=",
            "--pathspec-file-nul",
            "--allow-empty",
        }
    ),
}

# These verbs can also write; one of the words that make them read must be there.
_ONLY_WITH: Final[Mapping[str, frozenset[str]]] = {
    "config": frozenset({"--list", "--get", "--get-all"}),
    "worktree": frozenset({"list"}),
}

# These speak to another computer, with its pace and its wish for credentials.
NETWORK_VERBS: Final = frozenset({"fetch", "push", "ls-remote"})


def check_arguments(
    verb: str, arguments: Sequence[str], allowed: Mapping[str, frozenset[str]]
) -> None:
    """UsageError unless git may be asked for ``verb`` with these ``arguments``."""
    needed = _ONLY_WITH.get(verb, frozenset())
    if verb not in allowed or (needed and needed.isdisjoint(arguments)):
        raise UsageError(
            f"git {verb!r} is not among the commands used here.",
            code="git-verb-not-allowed",
            hint="This is a fault of the caller; nothing was run.",
        )
    for argument in arguments:
        if argument in _ENDS_OF_OPTIONS:
            break
        looks_like_an_option = argument.startswith("-")
        if "\0" in argument or (looks_like_an_option and not _is_listed(argument, allowed[verb])):
            raise UsageError(
                f"git {verb} is not used with {argument!r} here.",
                code="git-option-not-allowed",
                hint="A name that starts with '-' is not accepted; nothing was run.",
            )


def _is_listed(argument: str, options: frozenset[str]) -> bool:
    name, equals, _ = argument.partition("=")
    return argument in options or bool(equals and f"{name}=" in options)
