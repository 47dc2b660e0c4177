"""Test, review and deliver machine-learning notebooks without leaving JupyterLab.

Importing this package is cheap on purpose: the command line, the runner and the server all start
here. What notebooks use, :func:`record` and its siblings, needs the standard library alone.
"""

from __future__ import annotations

from jupyter_mlcd.record import record, record_figure, record_table

__version__ = "0.1.0"
__all__ = ["__version__", "record", "record_figure", "record_table"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Tell JupyterLab where the built front end lies."""
    return [{"src": "labextension", "dest": "jupyter-mlcd"}]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Tell Jupyter Server which module to load; it is not imported before that."""
    return [{"module": "jupyter_mlcd.server"}]
