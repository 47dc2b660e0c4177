"""Tell people where they work that a review is asked for: only on request, each place once.

What is told names the version, the commit and how to look at it; no score, no output and no e-mail
address leaves with it.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from jupyter_mlcd.actions.deliver import commits_replaced
from jupyter_mlcd.actions.find_hub import find_hub, in_words
from jupyter_mlcd.actions.judge_statement import short_name
from jupyter_mlcd.actions.review_release import evidence_page, find_release
from jupyter_mlcd.model.errors import MlcdError, NotFoundError, RefusedError
from jupyter_mlcd.model.hub import TellPlace, Told, plain_markdown
from jupyter_mlcd.model.issue import find_issues
from jupyter_mlcd.model.review import EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.review import ReviewEntry
    from jupyter_mlcd.ports import Hub

_MOST = 5
"""Pull requests, or work items, that are told."""


def tell_review(desk: Desk, version: str, places: Sequence[TellPlace]) -> tuple[Told, ...]:
    """Tell of the last time a review of ``version`` was asked for; empty: the newest version.

    What fails in one place does not stop the others. Raises NotFoundError, RefusedError where
    nobody was asked.
    """
    history = desk.history
    release = find_release(desk, history, version)
    entries = history.reviews.get(release.digest, ())
    asked = [one for one in entries if one.kind is EntryKind.ASKED and not one.taken_back]
    if not asked:
        raise RefusedError(
            f"nobody was asked to review {release.version}",
            code="not-asked",
            hint="Nothing was sent. Ask first: jupyter mlcd review ask PERSON",
        )
    tell = _Telling(desk, release, asked[-1])
    by_place: dict[TellPlace, Callable[[], Iterator[Told]]] = {
        TellPlace.PULL_REQUEST: tell.pull_requests,
        TellPlace.WORK_ITEM: tell.work_items,
        TellPlace.WEBHOOK: tell.webhook,
    }
    return tuple(told for place in dict.fromkeys(places) for told in by_place[place]())


class _Telling:
    def __init__(self, desk: Desk, release: Release, asked: ReviewEntry) -> None:
        self._desk = desk
        self._release = release
        self._asked = asked

    def pull_requests(self) -> Iterator[Told]:
        """Comment on the open pull requests that hold the commit."""
        try:
            found = [one for one in self._hub.changes(self._release.commit) if one.is_open][:_MOST]
        except MlcdError as error:
            yield Told("pull request", problem=in_words(error))
            return
        if not found:
            words = f"no open one holds {self._release.commit[:7]}"
            yield Told("pull request", problem=words)
        for change in found:
            where = f"pull request {change.number}"
            yield self._told(where, partial(self._hub.comment, change, self._text))

    def work_items(self) -> Iterator[Told]:
        """Comment on the work items that the commits name."""
        names = self._issues()[:_MOST]
        if not names:
            yield Told("work item", problem="the commits name none")
        for name in names:
            yield self._told(name, partial(self._comment, name))

    def webhook(self) -> Iterator[Told]:
        """Send what every receiver reads, and a sentence for those that show one."""
        yield self._told("webhook", self._send)

    def _comment(self, issue: str) -> str:
        return self._hub.comment_issue(issue, self._text)

    def _send(self) -> str:
        webhook = self._desk.webhook()
        if webhook is None:
            hint = 'Add webhook = "https://..." to [review] there.'
            raise NotFoundError("mlcd.toml names no webhook", hint=hint)
        webhook.send(self._asked.id, self._body())
        return ""

    def _told(self, where: str, tell: Callable[[], str]) -> Told:
        try:
            return Told(where, tell())
        except MlcdError as error:
            return Told(where, problem=in_words(error))

    @cached_property
    def _address(self) -> str:
        return self._desk.worktree.sharing().url

    @cached_property
    def _hub(self) -> Hub:
        return find_hub(self._desk)

    def _issues(self) -> tuple[str, ...]:
        environment = self._asked.environment
        if environment not in self._desk.policy.environments:
            return ()
        commits = commits_replaced(self._desk, self._release, self._desk.history, environment)
        messages = [one.message for one in commits]
        return tuple(one.name for one in find_issues(messages, self._address))

    @property
    def _people(self) -> list[str]:
        return [_without_address(one) for one in self._asked.people]

    def _sentence(self) -> str:
        release, asked = self._release, self._asked
        who, people = _without_address(asked.by), ", ".join(self._people)
        what = f"{release.project} {release.version} for {asked.environment}"
        return f"{who} asks {people} to review {what}"

    @cached_property
    def _text(self) -> str:
        """The comment, as Markdown; what people wrote is quoted."""
        release = self._release
        link = evidence_page(self._address, release)
        why = "".join(f"\n> {line}" for line in self._asked.text.splitlines())
        return "\n".join((
            f"{plain_markdown(self._sentence())}.",
            *((plain_markdown(why),) if why else ()),
            "",
            f"Commit `{release.commit[:12]}`, release digest `{release.digest}`.",
            *((f"Its evidence, once it is shared: {link}",) if link else ()),
            "To read it in JupyterLab, or in a terminal:",
            "",
            "    jupyter mlcd review share",
            f"    jupyter mlcd review show {release.version}",
        ))  # fmt: skip

    def _body(self) -> dict[str, object]:
        release, asked = self._release, self._asked
        return {
            "type": "mlcd.review.asked",
            "timestamp": asked.at,
            "text": f"{self._sentence()}{': ' * bool(asked.text)}{asked.text}",
            "data": {
                "project": release.project,
                "version": release.version,
                "digest": release.digest,
                "commit": release.commit,
                "environment": asked.environment,
                "link": evidence_page(self._address, release),
                "people": self._people,
            },
        }


def _without_address(by: str) -> str:
    """Return the name of a person, or what stands before the ``@`` where there is none."""
    return short_name(by).partition("@")[0]
