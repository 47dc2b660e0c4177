"""What delivering would do, and what stands in the way. It prepares; a person sends elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from jupyter_mlcd.widgets.base import MlcdWidget, Opened
from jupyter_mlcd.widgets.still import Still, of_preview

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.status import Preview, Status


class DeliverWidget(MlcdWidget):
    """The Deliver page of ``environment``, empty for the next one that can be reached.

    It never delivers: a notebook's kernel is not trusted with that. Confirm what it prepares in
    the Delivery panel or with ``jupyter mlcd deliver``.
    """

    shows = "deliver"

    environment = traitlets.Unicode(read_only=True)
    """Where to; empty while mlcd.toml names no environment."""
    version = traitlets.Unicode(read_only=True)
    """The version that would be delivered."""
    ready = traitlets.Bool(read_only=True)
    """Whether nothing stands in the way."""
    reasons = traitlets.Tuple(read_only=True)
    """Why not, as sentences."""

    def __init__(
        self, environment: str = "", *, project: Opened | Path | str = ".", **layout: Any
    ) -> None:
        self._asked = environment
        super().__init__(environment, project=project, **layout)

    def preview(self) -> Preview:
        """Return what delivering would do. Raises ConfigError, NotFoundError."""
        return self._bench.preview(self._asked or self._bench.next_environment())

    def _take(self, status: Status) -> None:
        super()._take(status)
        offer = status.deliver
        name = self._asked or (offer.environment if offer else "")
        if not name or status.problem is not None:
            return
        preview = self._bench.preview(name)
        with self.hold_trait_notifications():
            self.set_trait("environment", name)
            self.set_trait("version", preview.version)
            self.set_trait("reasons", tuple(reason.text for reason in preview.reasons))
            self.set_trait("ready", not preview.reasons)

    def _still(self) -> Still:
        return of_preview(self.preview())
