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

    _found = ""
    """Id of a run that is known to be kept."""

    count = traitlets.Int(read_only=True)
    """How much evidence there is."""

    def __init__(self, run: str = "", *, project: Opened | Path | str = ".", **layout: Any) -> None:
        self.run_id = run
        """Id of the shown run; empty for the list."""
        super().__init__(run, project=project, **layout)

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
        self.set_trait("count", status.evidence_count)
        if self.run_id and self.run_id != self._found:
            self.run_id = self._found = self._subject = self._bench.find(self.run_id)
            self._bench.show_evidence(self.run_id)

    def _still(self) -> Still:
        return of_manifest(self.manifest()) if self.run_id else of_evidence(self.evidence())
