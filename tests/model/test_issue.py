from __future__ import annotations

import pytest

from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.issue import (
    Issue,
    checked_issues,
    checked_why,
    find_issues,
    issue_url,
    issues_in,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Read sevens better (#12)", ("#12",)),
        ("AB#34: faster", ("AB#34",)),
        ("As in mara/digits#5, see #6.", ("mara/digits#5", "#6")),
        ("#7 and #7 again", ("#7",)),
        ("fixes #1,#2", ("#1", "#2")),
        ("a colour #12ab34, an entity &#39;, an address http://x/y#3", ()),
        ("C#3 and word#4 and #0", ()),
        ("#1234567890", ()),
    ],
)
def test_work_items_are_found_where_people_name_them(text: str, found: tuple[str, ...]) -> None:
    assert issues_in(text) == found


def test_each_work_item_comes_once_with_the_commits_that_name_it() -> None:
    messages = ["Better (#12)", "Faster\n\nCloses #12 and AB#3", "Nothing"]
    assert find_issues(messages, "") == (
        Issue("#12", "", ("Better (#12)", "Faster")),
        Issue("AB#3", "", ("Faster",)),
    )


GITHUB = "https://github.com/mara/digits/issues/12"
GITLAB = "https://gitlab.com/group/sub/digits/-/issues/12"
AZURE = "https://dev.azure.com/contoso/digits/_workitems/edit/12"


@pytest.mark.parametrize(
    ("name", "remote", "url"),
    [
        ("#12", "https://github.com/mara/digits.git", GITHUB),
        ("#12", "https://github.com/mara/digits/", GITHUB),
        ("#12", "git@github.com:mara/digits.git", GITHUB),
        ("#12", "ssh://git@github.com/mara/digits", GITHUB),
        (
            "ken/other#12",
            "git@github.com:mara/digits.git",
            "https://github.com/ken/other/issues/12",
        ),
        ("#12", "https://gitlab.com/group/sub/digits.git", GITLAB),
        ("#12", "git@gitlab.example.org:a/b.git", "https://gitlab.example.org/a/b/-/issues/12"),
        ("#12", "https://dev.azure.com/contoso/digits/_git/models", AZURE),
        ("AB#12", "git@ssh.dev.azure.com:v3/contoso/digits/models", AZURE),
        ("AB#12", "https://contoso.visualstudio.com/digits/_git/models", AZURE),
        (
            "#12",
            "https://dev.azure.com/contoso/my%20digits/_git/models",
            "https://dev.azure.com/contoso/my%20digits/_workitems/edit/12",
        ),
    ],
)
def test_a_remote_that_leaves_no_doubt_gives_a_link(name: str, remote: str, url: str) -> None:
    assert issue_url(name, remote) == url


@pytest.mark.parametrize(
    ("name", "remote"),
    [
        ("#12", ""),
        ("#12", "/srv/git/digits.git"),
        ("#12", "../digits"),
        ("#12", "https://git.example.org/mara/digits"),
        ("#12", "https://github.com.evil.example/mara/digits"),
        ("#12", "https://notdev.azure.com/contoso/digits/_git/models"),
        ("AB#12", "https://github.com/mara/digits"),
        ("mara/digits#12", "https://dev.azure.com/contoso/digits/_git/models"),
        ("#12", "https://github.com/mara/../../x"),
        ("#12", "https://github.com/mara"),
        ("#12", "https://github.com/mara/digits/more"),
        ("#12", "javascript://github.com/mara/digits"),
        ("#12", "https://[::1/mara/digits"),
        ("#12", 'https://github.com/mara/"onclick=x'),
    ],
)
def test_a_remote_that_leaves_doubt_gives_none(name: str, remote: str) -> None:
    assert issue_url(name, remote) == ""


def test_what_a_person_names_is_kept_once_and_without_blanks() -> None:
    assert checked_issues([" #12", "#12 ", "", "AB#3"]) == ("#12", "AB#3")


@pytest.mark.parametrize("name", ["12", "#", "#12x", "PROJ-12", "a b#1", "#1\n#2", "<b>#1"])
def test_what_is_no_work_item_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is not a work item"):
        checked_issues([name])


def test_too_many_work_items_and_too_long_a_reason_are_refused() -> None:
    with pytest.raises(UsageError, match="too many"):
        checked_issues([f"#{number}" for number in range(1, 22)])
    with pytest.raises(UsageError, match="too long"):
        checked_why("x" * 2001)
