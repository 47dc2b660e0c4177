"""Reviewing versions: what people say is said here; what is signed or pushed, not in a kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.hub import TellPlace
from jupyter_mlcd.model.review import Remark, Seen
from jupyter_mlcd.project_api.prepared_delivery import refuse_in_a_kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.erasure import ErasurePlan
    from jupyter_mlcd.model.hub import Told
    from jupyter_mlcd.model.review import Shared
    from jupyter_mlcd.model.review_page import ReviewPage, ReviewPreview
    from jupyter_mlcd.workbench import Workbench


class Reviewing:
    """The part of a project that reviews go through."""

    workbench: Workbench

    def ask_review(
        self,
        people: str | Sequence[str],
        environment: str = "",
        *,
        why: str = "",
        version: str = "",
    ) -> ReviewPage:
        """Ask people, by e-mail, to review what is ready for ``environment``.

        ``environment`` empty: the next one that can be reached. Its evidence is kept and the
        release prepared; nothing leaves the machine. Raises UsageError, GateError, RefusedError.
        """
        asked = (people,) if isinstance(people, str) else tuple(people)
        where = environment or self.workbench.next_environment()
        return self.workbench.ask_review(where, asked, why=why, version=version)

    def preview_review(self, environment: str = "", version: str = "") -> ReviewPreview:
        """Return what asking for a review would do, and who could be asked. Changes nothing.

        ``environment`` empty: the next one that can be reached. Raises NotFoundError.
        """
        where = environment or self.workbench.next_environment()
        return self.workbench.preview_review(where, version)

    def show_review(self, version: str = "") -> ReviewPage:
        """Return a version, or the newest, with what people said. Raises NotFoundError."""
        return self.workbench.show_review(version)

    def comment(
        self, text: str, *, version: str = "", case: str = "", cell: int | None = None
    ) -> ReviewPage:
        """Remark on a version, on a case of its evidence, or on a cell of that, counted from 0.

        Raises UsageError, NotFoundError.
        """
        return self.workbench.comment(version, Remark(text, case, cell))

    def reject(self, why: str, *, version: str = "", digest: str = "") -> ReviewPage:
        """Ask for changes of a version, with a digest only of exactly what you read.

        Raises UsageError, NotFoundError, RefusedError.
        """
        return self.workbench.reject(version, why, digest)

    def approve(self, version: str, environment: str, digest: str, comment: str = "") -> ReviewPage:
        """Approve what you read: the version with this digest of its page, signed.

        Raises RefusedError in a kernel and where it would not count, SigningError, NotFoundError.
        """
        _refuse_signing("jupyter mlcd review approve")
        return self.workbench.approve(Seen(version, environment, digest), comment)

    def waive(  # noqa: PLR0913 - what is excepted, all but where by name
        self, version: str, environment: str, *, digest: str, rule: str, why: str, until: str
    ) -> ReviewPage:
        """Except what you read from one rule until a day, as 2026-12-01, or for a time, as 14d.

        Raises as ``approve``, and UsageError.
        """
        _refuse_signing("jupyter mlcd review waive")
        return self.workbench.waive(Seen(version, environment, digest), rule, why, until)

    def take_back(self, entry: str, why: str = "") -> ReviewPage:
        """Take back something you said, by the beginning of its id.

        Raises RefusedError in a kernel and for what somebody else said, NotFoundError.
        """
        _refuse_signing("jupyter mlcd review take-back")
        return self.workbench.take_back(entry, why)

    def tell_review(self, places: str | Sequence[str], version: str = "") -> tuple[Told, ...]:
        """Tell that a review is asked for, in ``pull-request``, ``work-item`` or ``webhook``.

        Version, commit and how to look at it are told; no score, no output, no e-mail address. What
        failed says so in ``problem``. Raises RefusedError in a kernel and where nobody was asked,
        UsageError, NotFoundError.
        """
        _refuse_signing("jupyter mlcd review tell")
        named = (places,) if isinstance(places, str) else tuple(places)
        known = {place.value: place for place in TellPlace}
        for name in named:
            if name not in known:
                raise UsageError(
                    f"{name!r} is no place to tell", hint=f"There is: {', '.join(known)}."
                )
        return self.workbench.tell_review(version, tuple(known[name] for name in named))

    def collect_approvals(self, environment: str = "", version: str = "") -> ReviewPage:
        """Ask the hub who approved the pull request of what is ready, and keep the answer.

        Raises UsageError where no hub counts, NotFoundError, GateError, HubError.
        """
        where = environment or self.workbench.next_environment()
        return self.workbench.collect_approvals(where, version)

    def review_report(self, version: str = "") -> bytes:
        """Return a version and its review as one static page. Raises NotFoundError."""
        return self.workbench.review_report(version)

    def preview_erasure(self, run: str, only: Sequence[str] = ()) -> ErasurePlan:
        """Return what erasing a run would remove from the Store, and what it would not.

        ``only`` names files by path or by the beginning of their sha256. Raises NotFoundError,
        RefusedError.
        """
        return self.workbench.preview_erasure(self.workbench.find(run), only)

    def erase(
        self, run: str, why: str, *, only: Sequence[str] = (), although_live: Sequence[str] = ()
    ) -> ErasurePlan:
        """Erase what the Store holds of a run, and leave a tombstone, signed where you have a key.

        ``although_live`` names every environment that loses what is live there. Raises
        RefusedError in a kernel, UsageError, NotFoundError, SigningError.
        """
        _refuse_signing("jupyter mlcd evidence erase")
        return self.workbench.erase(
            self.workbench.find(run), why, only=only, although_live=although_live
        )

    def share(self, remote: str = "origin", *, files: bool = False) -> Shared:
        """Exchange the history with a git remote: yours goes there, that of others comes here.

        With ``files`` what kept runs deliver goes to the shared Store first, which ``store`` in
        mlcd.toml names. Raises RefusedError in a kernel and without one, NotFoundError, GitError,
        WorldError.
        """
        _refuse_signing("jupyter mlcd review share")
        return self.workbench.share(remote, files=files)


def _refuse_signing(command: str) -> None:
    what = "a notebook's kernel does not speak for a person; nothing was written"
    refuse_in_a_kernel(command, what, "Do it in a terminal")
