"""A webhook: one signed message that asks for a delivery.

It is signed as https://www.standardwebhooks.com asks, and its ``webhook-id`` is the key of the
delivery: who receives it can drop a repetition. Its body is a CDEvents event
(https://cdevents.dev, 0.5), sent as CloudEvents' binary mode. Of the events that are defined there,
``service.deployed`` and ``artifact.published`` tell of what has happened; here something is asked
for, so it is one of the namespace that is kept for others: ``delivery.requested``. It holds digests
and names, never a notebook nor a file; where a git remote is named, the receiver finds them there.

What it answers says that it has the message, not what came of it: the delivery is then "handed
over". Nobody can ask it later: where the answer was lost, what became of it stays unknown.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Final

import msgspec

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import HubError, WorldError
from jupyter_mlcd.model.probe import checked
from jupyter_mlcd.ports import TargetAnswer
from jupyter_mlcd.targets.answers import in_words, outcome_of, pushed, refused
from jupyter_mlcd.world.clock import now
from jupyter_mlcd.world.http import Http
from jupyter_mlcd.world.webhook import SignedWebhook, check_secret

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.status import Check
    from jupyter_mlcd.model.target import WebhookTable
    from jupyter_mlcd.ports import Parcel, Site

EVENT_TYPE: Final = "dev.cdeventsx.mlcd-delivery.requested.0.1.0"
_SPECIFICATION: Final = "0.5.1"
_MOST_FILES: Final = 100
"""That are named: receivers take 20 KB. The digest of the release covers them all."""


class WebhookTarget:
    """``target = { kind = "webhook", url = "https://cd.example.org/hook" }``."""

    needs_files = False

    def __init__(self, table: WebhookTable, site: Site) -> None:
        """Send to ``table.url``; tag and evidence go to ``table.remote`` first, if it is named."""
        self.url = table.url
        self.remote_name = table.remote
        self._site = site

    def describe(self) -> str:
        """Return "webhook" and where it is."""
        return f"webhook {self.url}"

    def check(self) -> Sequence[str]:
        """Return what is in the way: no such remote, or a secret that is none. Asks nobody."""
        name = self.remote_name
        problems = []
        if name and not self._site.remote(name).url():
            problems.append(f"there is no git remote {name}: add it with git remote add {name}")
        try:
            check_secret(self._secret())
        except WorldError as error:
            problems.append(in_words(error))
        return problems

    def preview(self, parcel: Parcel) -> tuple[Sequence[str], Sequence[str]]:
        """Return the sentences and the command."""
        what = f"deliver {parcel.release.version} to {parcel.environment}"
        pushes, push = pushed(self.remote_name, parcel)
        sentences = [
            *pushes,
            f"Sends one signed message to **{self.url}**: {what}.",
            "It can say that it has the message; what comes of it is seen there.",
        ]
        body = msgspec.json.encode(self._event(parcel, "NOW")).decode()
        command = (
            f"curl --request POST {self.url} --header 'Content-Type: application/json' "
            f"--header 'webhook-id: {parcel.key}' --header 'webhook-timestamp: SECONDS' "
            f"--header 'webhook-signature: v1,SIGNATURE' --data {shlex.quote(body)}"
        )
        return sentences, [*push, command]

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        """Send it, once."""
        event = self._event(parcel, now())
        context = event["context"]
        more = {
            "ce-specversion": "1.0",
            "ce-id": context["id"],
            "ce-source": context["source"],
            "ce-type": context["type"],
            "ce-subject": event["subject"]["id"],
            "ce-time": context["timestamp"],
        }
        try:
            webhook = SignedWebhook(Http(self.url), self._secret())
            webhook.send(parcel.key, event, more)
        except HubError as error:
            answer = refused(error) if error.code == "webhook-secret" else outcome_of(error)
            return msgspec.structs.replace(answer, ticket={"key": parcel.key})
        except WorldError as error:
            return refused(error)
        words = f"handed over: {self.url} has the message, and what comes of it is seen there"
        return TargetAnswer(DeliveryState.DELIVERED, words, {"key": parcel.key, "url": self.url})

    def look_up(self, parcel: Parcel) -> TargetAnswer | None:
        """Return UNKNOWN: a webhook cannot be asked."""
        words = (
            f"{self.url} cannot be asked whether it has the message. Nothing was sent again: "
            f"look there for the delivery {parcel.key}."
        )
        ticket = {**parcel.ticket, "key": parcel.key}
        return TargetAnswer(DeliveryState.UNKNOWN, words, ticket, is_final=True)

    def cancel(self, parcel: Parcel) -> TargetAnswer:
        """Return that a message cannot be taken back."""
        words = f"a message cannot be taken back: stop {parcel.key} at {self.url}"
        return TargetAnswer(DeliveryState.UNKNOWN, words, {**parcel.ticket, "key": parcel.key})

    def rehearse(self, parcel: Parcel) -> Sequence[str]:  # noqa: ARG002 - as the socket has it
        """Return nothing: asking would be sending."""
        return []

    def diagnose(self) -> Sequence[Check]:
        """Return whether there is a secret to sign with. Sends nothing."""

        def kept() -> str:
            secret = self._secret()
            check_secret(secret)
            return (
                f"messages to {self.url} are signed"
                if secret
                else "none is kept for this address: messages are not signed. Keep it in "
                "mlcd-credentials.toml; see docs/delivering.md"
            )

        return checked([("secret", kept)])

    def _secret(self) -> str:
        found = self._site.credential(self.url)
        return found.secret if found else ""

    def _event(self, parcel: Parcel, at: str) -> dict[str, Any]:
        release = parcel.release
        content = {
            "environment": {"id": parcel.environment},
            "project": release.project,
            "version": release.version,
            "releaseDigest": release.digest,
            "commit": release.commit,
            "tag": parcel.tag,
            "isRepeated": parcel.again,
            "files": [
                {"path": path, "digest": f"sha256:{one.sha256}", "size": one.size}
                for path, one in list(release.products.items())[:_MOST_FILES]
            ],
            "moreFiles": max(0, len(release.products) - _MOST_FILES),
            "repository": self._repository(),
            "evidence": parcel.ledger_ref if self.remote_name else "",
        }
        return {
            "context": {
                "specversion": _SPECIFICATION,
                "id": parcel.key,
                "source": f"/jupyter-mlcd/{release.project}",
                "type": EVENT_TYPE,
                "timestamp": at,
            },
            "subject": {
                "id": parcel.key,
                "content": {name: value for name, value in content.items() if value != ""},
            },
        }

    def _repository(self) -> str:
        return self._site.remote(self.remote_name).url() if self.remote_name else ""
