"""Evidence: all of it, or what one kept run proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from jupyter_mlcd.widgets.base import MlcdWidget, Opened
from jupyter_mlcd.widgets.still import Still, of_evidence, of_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.evidence import Manifest
    from jupyter_mlcd.model.status import EvidenceStatus, Status, Verification


class EvidenceWidget(MlcdWidget):
    """The list of evidence, or with ``run`` (the beginning or end of an id) one piece of it.

    Raises NotFoundError for a run that is not kept.
    """

    shows = "evidence"

    count = traitlets.Int()
    """How much evidence there is."""

    def __init__(self, run: str = "", *, project: Opened | Path | str = ".", **layout: Any) -> None:
        self.run_id = run
        super().__init__(run, project=project, **layout)
        if run:
            self.run_id = self._subject = self._bench.find(run)
            self._bench.show_evidence(self.run_id)

    def evidence(self) -> list[EvidenceStatus]:
        """Return all evidence, newest first."""
        return self._bench.evidence()

    def manifest(self) -> Manifest:
        """Return what the shown run proved. Raises NotFoundError."""
        return self._bench.show_evidence(self.run_id)

    def verify(self) -> Verification:
        """Check the shown run's evidence step by step. Raises NotFoundError."""
        return self._bench.verify(self.run_id)

    def _take(self, status: Status) -> None:
        super()._take(status)
        self.count = status.evidence_count

    def _still(self) -> Still:
        return of_manifest(self.manifest()) if self.run_id else of_evidence(self.evidence())
