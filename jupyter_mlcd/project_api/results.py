"""What was run and kept: reading, comparing and proving it; nothing here changes a thing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.project_api.prepared_delivery import refuse_in_a_kernel
from jupyter_mlcd.workbench import Trust, Workbench, keyless_signer, write_zip
from jupyter_mlcd.world.files import copy_file, write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.audit import Audit, StatusThen
    from jupyter_mlcd.model.comparison import CaseChanges, EvidenceChanges, ScoreHistory
    from jupyter_mlcd.model.run_log import RunLog
    from jupyter_mlcd.model.shown_evidence import ShownEvidence
    from jupyter_mlcd.model.status import EvidenceStatus, Verification

_PUBLISH = "jupyter mlcd evidence export VERSION --output FILE --sigstore"
_NO_PERSON = "a notebook's kernel does not speak for a person; nothing was published"


class Results:
    """Runs and evidence of a project. A run is named by the beginning or the end of its id."""

    def __init__(self, workbench: Workbench) -> None:
        self.workbench = workbench
        """What all doors call; here for widgets and for what has no method of its own."""

    def evidence(self) -> list[EvidenceStatus]:
        """Return all evidence, newest first."""
        return self.workbench.evidence()

    def show_evidence(self, run: str) -> ShownEvidence:
        """Return what kept evidence says, what keeping took out of it, and what was erased since.

        Raises NotFoundError.
        """
        return self.workbench.show_evidence(self.workbench.find(run))

    def show_notebook(self, run: str, case: int) -> bytes:
        """Return the executed notebook of a case, counted from 0, as a static page (HTML).

        Raises NotFoundError.
        """
        return self.workbench.show_notebook(self.workbench.find(run), case)

    def executed_notebook(self, run: str, case: int) -> bytes:
        """Return the executed notebook of a case, counted from 0, as it was written (.ipynb).

        Raises NotFoundError.
        """
        return self.workbench.executed_notebook(self.workbench.find(run), case)

    def show_output(
        self, run: str, case: int, cell: int, output: int, *, form: str = "text"
    ) -> bytes:
        """Return one output of an executed notebook, all three counted from 0.

        ``form`` is ``text`` or ``picture`` (PNG, JPEG or SVG, as the notebook holds it). Raises
        NotFoundError.
        """
        place = (case, cell, output)
        return self.workbench.show_output(self.workbench.find(run), place, form)

    def show_picture(self, run: str, case: str, name: str) -> bytes:
        """Return the PNG that shows where two pictures of a case differ, by its name in the bundle.

        ``case`` is its folder there: a difference's ``picture`` is ``differences/<case>/<name>``.
        Raises NotFoundError.
        """
        return self.workbench.show_picture(self.workbench.find(run), case, name)

    def show_log(self, run: str) -> RunLog:
        """Return the end of what a run printed. Raises NotFoundError."""
        return self.workbench.show_log(self.workbench.find(run))

    def show_scores(self, run: str) -> ScoreHistory:
        """Return what the kept runs of the suite of a run scored. Raises NotFoundError."""
        return self.workbench.show_scores(self.workbench.find(run))

    def compare(self, run: str, against: str = "") -> EvidenceChanges:
        """Return what changed in a run against another one; ``against`` empty: what is live.

        Raises NotFoundError.
        """
        find = self.workbench.find
        return self.workbench.compare(find(run), find(against) if against else "")

    def compare_case(self, run: str, case: int, against: str = "") -> CaseChanges:
        """Return one case of a comparison cell by cell; ``case`` is its place in ``compare``.

        Raises NotFoundError and WorldError.
        """
        find = self.workbench.find
        return self.workbench.compare_case(find(run), case, find(against) if against else "")

    def report(self, run: str) -> bytes:
        """Return an ended run as one static page (HTML), for people without Jupyter.

        Raises NotFoundError.
        """
        return self.workbench.report(self.workbench.find(run))

    def verify(  # noqa: PLR0913 - what is verified, for whom, against what
        self,
        subject: str,
        environment: str = "",
        *,
        signers: Path | str | None = None,
        products: Path | str | None = None,
        although_unseen: bool = False,
        digest: str | None = None,
        tag: str | None = None,
    ) -> Verification:
        """Verify a run's evidence, or a release by its version, step by step.

        With ``environment`` a release must also meet the rules of that one; with ``signers``, an
        ``allowed_signers`` file, one of these must have signed its tag; ``products`` is the folder
        with the delivered files; ``although_unseen`` accepts that executed notebooks that are out
        of git cannot be looked at here; ``digest`` and ``tag`` are those that a delivery named.
        Raises NotFoundError.
        """
        return self.workbench.verify(
            self.workbench.find(subject),
            environment,
            trust=Trust(Path(signers).read_bytes(), required=True) if signers else None,
            products=Path(products) if products else None,
            although_unseen=although_unseen,
            digest=digest,
            tag=tag,
        )

    def export(  # noqa: PLR0913 - what goes with it, and who signs it
        self,
        run: str,
        output: Path | str,
        *,
        products: bool | None = None,
        model_key: Path | str | None = None,
        publish_identity_of: Path | str | None = None,
        sigstore_trust: Path | str | None = None,
    ) -> Path:
        """Write kept evidence into a folder, or into an archive if ``output`` ends in ``.zip``.

        ``run`` may be a version; ``products`` tells whether its delivered files go with it, None:
        up to 100 MiB. ``model_key`` is an elliptic-curve key in PEM that signs them (extra
        ``model-signing``). ``publish_identity_of`` is a file with an OIDC token: it is signed by
        Sigstore too (extra ``sigstore``), which publishes whose token that is for ever, and asks
        nobody; ``sigstore_trust`` names another Sigstore than the public one. Raises NotFoundError;
        SigningError; RefusedError where that is asked for in a kernel; FileExistsError where
        something is there already.
        """
        target = Path(output)
        keyless = None
        if publish_identity_of:
            refuse_in_a_kernel(_PUBLISH, _NO_PERSON, "Do it in a terminal")
            if target.exists():  # What cannot be written is not published either.
                raise FileExistsError(target)
            trust = Path(sigstore_trust) if sigstore_trust else None
            keyless = keyless_signer(trust, Path(publish_identity_of))
        made = self.workbench.export(
            self.workbench.find(run),
            products=products,
            model_key=Path(model_key) if model_key else None,
            keyless=keyless,
        )
        if target.suffix == ".zip":
            with target.open("xb") as archive:
                write_zip(made, archive)
            return target
        target.mkdir(parents=True)
        for name, product in made.products.items():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            copy_file(product, target / name)
        for name, content in made.files.items():
            file = target / name
            file.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(file, content)
        return target

    # ---------------------------------------------------------------------- the auditor

    def status_at(self, at: str) -> StatusThen:
        """Return what was live in each environment at the end of a day, as 2026-03-03, of UTC.

        Or at a time with its zone, as 2026-03-03T18:00+01:00. Raises UsageError.
        """
        return self.workbench.status_at(at)

    def audit(self, since: str = "", until: str = "") -> Audit:
        """Return who released what on what evidence between two days or times, both included.

        Empty: from the beginning, up to now. Raises UsageError.
        """
        return self.workbench.audit(since, until)

    def audit_page(self, since: str = "", until: str = "") -> bytes:
        """Return the same as one static page (HTML). Raises UsageError."""
        return self.workbench.audit_page(since, until)

    def audit_table(self, since: str = "", until: str = "") -> bytes:
        """Return the same for a spreadsheet (CSV). Raises UsageError."""
        return self.workbench.audit_table(since, until)

    # ---------------------------------------------------------------------- what this did

    def run_in_commands(self, run: str) -> Sequence[str]:
        """Return plain commands that would have done the same as a run. Raises NotFoundError."""
        return self.workbench.run_in_commands(self.workbench.find(run)).commands

    def keep_in_commands(self, run: str) -> Sequence[str]:
        """Return plain commands that would have kept a run. Raises NotFoundError."""
        return self.workbench.keep_in_commands(self.workbench.find(run)).commands

    def delivery_in_commands(self, key: str) -> Sequence[str]:
        """Return plain commands that would have delivered the same. Raises NotFoundError."""
        return self.workbench.delivery_in_commands(key).commands
