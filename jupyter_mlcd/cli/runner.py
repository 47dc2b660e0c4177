"""The runner's process: ``python -m jupyter_mlcd.cli.runner FOLDER``.

Not for people: ``jupyter mlcd run`` and the server start it, and it goes on when they end.
"""

from __future__ import annotations

import sys
from pathlib import Path

from jupyter_mlcd.workbench import carry_out


def main(arguments: list[str] | None = None) -> int:
    """Carry out the plan in the folder that the arguments name; the journal tells how it went."""
    (place,) = sys.argv[1:] if arguments is None else arguments
    carry_out(Path(place))
    return 0


if __name__ == "__main__":
    sys.exit(main())
