"""The runner's process: ``python -m jupyter_mlcd.cli.runner FOLDER``. Started by ``LocalRunner``."""

from __future__ import annotations

import sys
from pathlib import Path

from jupyter_mlcd.workbench import run_draft


def main() -> None:
    """Bring the draft in the folder named on the command line to its end."""
    run_draft(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
