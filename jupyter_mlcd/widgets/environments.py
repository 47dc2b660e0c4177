"""Where it is live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from jupyter_mlcd.widgets.base import MlcdWidget, Opened
from jupyter_mlcd.widgets.still import Still, of_environments

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.status import Status


class EnvironmentsWidget(MlcdWidget):
    """Each environment with its version, score and newest delivery."""

    shows = "environments"

    live = traitlets.Dict(read_only=True)
    """``{environment: version}``, empty where nothing is live yet."""

    def __init__(self, *, project: Opened | Path | str = ".", **layout: Any) -> None:
        super().__init__(project=project, **layout)

    def _take(self, status: Status) -> None:
        super()._take(status)
        live = {one.name: one.live.version if one.live else "" for one in status.environments}
        self.set_trait("live", live)

    def _still(self) -> Still:
        status = self._bench.status()
        if status.problem is not None:
            return Still(status.problem.message, words=status.problem.hint)
        return of_environments(status.environments)
