"""Test, review and deliver machine-learning notebooks without leaving JupyterLab.

Importing this package is cheap on purpose: the command line, the runner and the server all start
here. What notebooks use, :func:`record` and its siblings, needs the standard library alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.record import record, record_figure, record_table

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.project_api import OpenProject

__version__ = "0.1.0"
__all__ = ["__version__", "open_project", "record", "record_figure", "record_table"]


def open_project(path: Path | str = ".", *, by: str = "") -> OpenProject:
    """Open the project that holds ``path``: an object with a method for every verb.

    ``by`` says who asks, as ``Name <e-mail>``; empty takes git's identity. Raises GitError outside
    of a git repository.
    """
    from jupyter_mlcd import project_api  # noqa: PLC0415 - notebooks import this only to record

    return project_api.open_project(path, by=by)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Tell JupyterLab where the built front end lies."""
    return [{"src": "labextension", "dest": "jupyter-mlcd"}]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Tell Jupyter Server which module to load; it is not imported before that."""
    return [{"module": "jupyter_mlcd.server"}]
