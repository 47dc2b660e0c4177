"""A delivery that waits for a yes on GitHub: real git, a real run, a server on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.world.credentials import FILE_NAME
from tests.hubs.answering import answering
from tests.journeys.projects import commit_all, delivering_project, git, mlcd

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
approvals = 1
approvals-from = "github"
separation-of-duties = true
[hubs.github]
repository = "us/small"
url = "{url}"
"""


def test_a_yes_on_github_is_enough_and_a_dismissed_one_is_not(tmp_path: Path) -> None:
    small = delivering_project(tmp_path / "small")
    with answering() as hub:
        keys = tmp_path / "jupyter"
        keys.mkdir()
        (keys / FILE_NAME).write_text(f'["{hub.url}"]\nsecret = "env:HUB_KEY"\n')
        (keys / FILE_NAME).chmod(0o600)
        ours = {"HUB_KEY": "hunter2", "JUPYTER_CONFIG_DIR": str(keys)}
        config = small / "mlcd.toml"
        config.write_text(config.read_text() + CONFIG.format(url=hub.url))
        commit_all(small, "Ask for a yes on GitHub")
        commit = git(small, "rev-parse", "HEAD").strip()
        url = "https://github.example/us/small/pull/12"
        pull = {"number": 12, "html_url": url, "state": "open", "head": {"sha": commit}}
        hub.says(f"GET /repos/us/small/commits/{commit}/pulls", [pull])
        emails = set(git(small, "log", "--format=%ae").split())
        for email in emails:
            author = [{"author": {"login": "ann"}}]
            hub.says(f"GET /repos/us/small/commits?author={email}&per_page=1", author)
        reviews = "GET /repos/us/small/pulls/12/reviews?per_page=100&page=1"
        review = {"id": 1, "user": {"login": "ken"}, "state": "APPROVED", "html_url": f"{url}#1",
                  "submitted_at": "2026-11-01T10:00:00Z", "commit_id": commit}  # fmt: skip
        hub.says(reviews, [review])

        assert mlcd(small, "run", "quality").code == 0
        shown = mlcd(small, "review", "collect", **ours)
        assert "ken approves" in shown.said
        assert "does not count" not in shown.said

        hub.says(reviews, [{**review, "state": "DISMISSED"}])
        refused = mlcd(small, "deliver", "--yes", **ours)
        assert refused.code == 1
        assert "production asks for 1 approval, there are 0" in refused.said

        hub.says(reviews, [{**review, "id": 2}])
        delivered = mlcd(small, "deliver", "--yes", **ours)
        assert delivered.code == 0, delivered.said
        assert (small / "releases" / "production" / "current" / "model.txt").read_text() == "model"

        assert mlcd(small, "review", "report", "-o", "review.html").code == 0
        assert "approves on GitHub" in (small / "review.html").read_text()
        assert mlcd(small, "evidence", "export", "0.1.0", "--output", "export").code == 0
        text = (small / "export" / "VERIFY.md").read_text()
        assert "it was given on GitHub and is not signed" in text
        # The key went to the hub, and nowhere else.
        assert {one.headers["authorization"] for one in hub.asked} == {"Bearer hunter2"}
        assert "hunter2" not in git(small, "log", "-p", "--all")
