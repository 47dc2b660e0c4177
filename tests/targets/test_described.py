"""Stand-ins of repositories, held against what vendors and independent clients say of them.

GitHub describes its API. Azure DevOps and GitLab publish no description with pull requests as a
package: of the one Microsoft's own client names the parts, of the other people's client speaks to
the stand-in as it speaks to GitLab. What goes beyond that follows their documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from tests.targets.servers.described import Described, by_clients, described_by_github
from tests.targets.stand_in.applications import APPLICATIONS
from tests.targets.stand_in.kinds import KINDS as SYSTEMS
from tests.targets.stand_in.kinds import Kind
from tests.targets.stand_in.pull_requests import FILE, TEXT, GitLabShop
from tests.targets.stand_in.server import SECRET, Asked, Reply, standing

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real

MODELS = """
import json
from azure.devops.v7_1.git import models
found = {}
for name in dir(models):
    keys = getattr(getattr(models, name), "_attribute_map", None)
    if keys is not None:
        found[name] = {one["key"]: one["type"] for one in keys.values()}
print(json.dumps(found))
"""
CLIENT = """
import base64, json, sys
import gitlab
url, secret, file, text = sys.argv[1:]
project = gitlab.Gitlab(url, private_token=secret).projects.get("us/shop", lazy=True)
tip = project.branches.get("main").commit["id"]
held = project.files.get(file, ref=tip)
commit = {
    "branch": "ours", "start_sha": tip, "commit_message": "more",
    "actions": [{
        "action": "update", "file_path": file, "encoding": "base64",
        "content": base64.b64encode(text.encode()).decode(),
        "last_commit_id": held.last_commit_id,
    }],
}
project.commits.create(commit)
asked = {"source_branch": "ours", "target_branch": "main", "title": "t", "description": "d",
         "remove_source_branch": True}
made = project.mergerequests.create(asked)
listed = project.mergerequests.list(state="all", source_branch="ours", get_all=True)
made.state_event = "close"
made.save()
print(json.dumps({
    "before": base64.b64decode(held.content).decode(),
    "listed": [one.iid for one in listed],
    "made": made.iid,
    "state": project.mergerequests.get(made.iid).state,
}))
"""
KINDS = {**SYSTEMS, **APPLICATIONS}
BODIES = {"pushes": "GitPush", "pullrequests": "GitPullRequest"}
ANSWERS = {**BODIES, "refs": "GitRef", "items": "GitItem", "shop": "GitRepository"}


def conversation(kind: Kind, store: Path) -> list[tuple[Asked, Reply]]:
    """Return all that is said when a version is looked at, sent, followed and stopped."""
    with kind.opened(store) as here:
        here.target.preview(here.parcel)
        assert all(one.ok for one in here.pipeline.diagnose())
        answer = here.target.dispatch(here.parcel)
        assert answer.state is DeliveryState.DISPATCHED, answer.reason
        assert here.target.look_up(here.parcel) is not None
        sent = msgspec.structs.replace(here.parcel, ticket=answer.ticket)
        assert here.target.look_up(sent) is not None
        here.pipeline.rehearse(here.parcel)
        here.pipeline.cancel(sent)
        assert here.server.violations == []
        return list(here.server.told)


@pytest.mark.parametrize("name", ["application-github", "github", "github-event"])
def test_what_is_said_with_github_is_as_github_describes_it(name: str, tmp_path: Path) -> None:
    described = described_by_github()
    said = conversation(KINDS[name], tmp_path / "store")
    assert len({(asked.method, asked.path) for asked, _ in said}) >= 5
    assert [one for asked, reply in said for one in described.faults(asked, reply)] == []


@pytest.mark.parametrize(
    ("asked", "reply", "words"),
    [
        (Asked("POST", "/repos/us/shop/pulls", {}, {}, b'{"titel": "t"}'), Reply(201), "titel"),
        (
            Asked("POST", "/repos/us/shop/git/refs", {}, {}, b'{"ref": "r"}'),
            Reply(201),
            "'sha' is a required property",
        ),
        (Asked("GET", "/repos/us/shop/pulls", {"haed": "x"}, {}, b""), Reply(200, []), "haed"),
        (
            Asked("GET", "/repos/us/shop/pulls/1", {}, {}, b""),
            Reply(200, {"number": "1"}),
            "number '1' is not of type 'integer'",
        ),
        (Asked("GET", "/repos/us/shop/pull", {}, {}, b""), Reply(200), "is not described"),
        (Asked("POST", "/repos/us/shop/git/refs", {}, {}, b"{}"), Reply(299), "never answers 299"),
    ],
)
def test_a_conversation_that_is_not_so_is_told(asked: Asked, reply: Reply, words: str) -> None:
    described: Described = described_by_github()
    assert words in "; ".join(described.faults(asked, reply))


def test_what_is_said_with_azure_devops_has_the_names_of_microsofts_own_client(
    tmp_path: Path,
) -> None:
    models = by_clients(MODELS)
    said = conversation(KINDS["application-azure"], tmp_path / "store")
    found: list[str] = []
    for asked, reply in said:
        what = next(part for part in reversed(asked.path.split("/")) if part in ANSWERS)
        if asked.content:
            found += unknown(models, BODIES[what], asked.body)
        answers = reply.body.get("value", reply.body)
        for one in answers if isinstance(answers, list) else [answers]:
            found += unknown(models, ANSWERS[what], one)
    assert found == []
    assert unknown(models, "GitPush", {"refUpdates": [{"nane": ""}]}) == ["GitRefUpdate.nane"]


def unknown(models: dict[str, dict[str, str]], name: str, value: dict[str, Any]) -> list[str]:
    """Return the parts of a body that a model and those within it do not have."""
    found = []
    for key, one in value.items():
        kind = models[name].get(key)
        if kind is None:
            found.append(f"{name}.{key}")
            continue
        inner = kind.strip("[]")
        for part in one if isinstance(one, list) else [one]:
            if isinstance(part, dict) and inner in models:
                found += unknown(models, inner, part)
    return found


def test_the_stand_in_of_gitlab_answers_peoples_own_client() -> None:
    shop = GitLabShop()
    with standing(shop) as server:
        said = by_clients(CLIENT, server.url, SECRET, FILE, "new text\n")
    assert server.violations == []
    (one,) = shop.begun
    assert said == {
        "before": TEXT, "listed": [one.number], "made": one.number, "state": "closed",
    }  # fmt: skip
    assert shop.branches["ours"] == [TEXT, "new text\n"]
