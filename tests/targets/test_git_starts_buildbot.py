"""A tag that is pushed starts Buildbot by its hook for GitHub, as `git` leaves it to a system."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from tests.targets.servers.buildbot_stand_in import PASSWORD
from tests.targets.servers.real import real_buildbot
from tests.targets.test_git import tagged, target_of
from tests.world.repositories import GIT_CONFIG, Repository

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real

SECONDS = 60.0
HOOK = """#!{python}
import hashlib, hmac, json, subprocess, sys, urllib.request
for line in sys.stdin:
    old, new, ref = line.split()
    if not ref.startswith("refs/tags/"):
        continue
    commit = subprocess.check_output(["git", "rev-parse", new + "^{{commit}}"], text=True).strip()
    ada = {{"name": "Ada Lovelace", "email": "ada@example.org"}}
    body = json.dumps({{
        "ref": ref, "created": True, "deleted": False, "commits": [],
        "head_commit": {{
            "id": commit, "message": "first", "timestamp": "2026-01-01T00:00:00Z",
            "author": ada, "committer": ada, "url": "https://git.example.org/us/digits/" + commit,
        }},
        "repository": {{
            "name": "digits", "full_name": "us/digits",
            "html_url": "https://git.example.org/us/digits",
        }},
    }}).encode()
    signature = "sha1=" + hmac.new({secret!r}.encode(), body, hashlib.sha1).hexdigest()
    headers = {{"Content-Type": "application/json", "X-GitHub-Event": "push",
               "X-Hub-Signature": signature}}
    urllib.request.urlopen(urllib.request.Request("{url}/change_hook/github", body, headers))
"""
"""What GitHub sends when a tag is pushed, as a server of git of one's own can send it too."""


def builds(url: str) -> list[dict[str, Any]]:
    answer = httpx.get(f"{url}/api/v2/builders/tagged/builds", params={"property": "*"})
    found: list[dict[str, Any]] = answer.raise_for_status().json()["builds"]
    return found


def test_a_delivery_by_git_is_built_at_its_tag_and_a_forged_word_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, served = tmp_path / "home", tmp_path / "buildbot"
    for folder in (home, served):
        folder.mkdir()
    (home / ".gitconfig").write_text(GIT_CONFIG)
    monkeypatch.setenv("HOME", str(home))
    repository = Repository.init(tmp_path / "repository")
    repository.write("train.ipynb", "{}")
    repository.commit("first")
    server = Repository.init(tmp_path / "server.git", "--bare")
    repository.git("remote", "add", "origin", str(server.folder))
    first = tagged(repository, tmp_path, "0.1.0")
    with real_buildbot(served) as url:
        hook = HOOK.format(python=sys.executable, secret=PASSWORD, url=url)
        server.write("hooks/post-receive", hook).chmod(0o755)
        headers = {"X-GitHub-Event": "push", "X-Hub-Signature": "sha1=00"}
        forged = httpx.post(f"{url}/change_hook/github", json={}, headers=headers)
        assert forged.status_code >= 400
        assert target_of(repository).dispatch(first).state is DeliveryState.DELIVERED
        end = time.monotonic() + SECONDS
        while not (found := builds(url)) or not found[0]["complete"]:
            assert time.monotonic() < end, (served / "master/log").read_text()[-2000:]
            time.sleep(0.2)
        (build,) = found
        assert build["results"] == 0
        assert build["properties"]["branch"][0] == "v0.1.0"
        assert build["properties"]["revision"][0] == first.release.commit
