"""Executed notebooks as static pages, made by nbconvert in a process of its own.

A page is hostile until shown otherwise: it is served with a policy that allows neither scripts nor
network, and the sanitiser here is only the second line. nbconvert is slow to import and may hang on
a strange notebook, so that it runs in a child with a deadline.
"""

from __future__ import annotations

import subprocess
import sys

from jupyter_mlcd.model.errors import WorldError

_DEADLINE = 60.0
"""Seconds."""


class NotebookRenderer:
    """Implements ``ports.Renderer``."""

    def page(self, notebook: bytes) -> bytes:
        """Return an HTML page without scripts or network. Raises WorldError."""
        command = [sys.executable, "-P", "-m", "jupyter_mlcd.bundle.rendering"]
        try:
            made = subprocess.run(  # noqa: S603 - our own interpreter and module
                command, input=notebook, capture_output=True, timeout=_DEADLINE, check=False
            )
        except subprocess.TimeoutExpired:
            message = f"the notebook could not be shown within {_DEADLINE:.0f} s"
            raise WorldError(message, code="rendering", hint="Open the file itself.") from None
        if made.returncode != 0:
            last = made.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason"]
            message = f"the notebook could not be shown: {last[0]}"
            raise WorldError(message, code="rendering", hint="Open the file itself.")
        return made.stdout


def main() -> None:
    """Read a notebook from standard input and write its page to standard output."""
    import nbformat  # noqa: PLC0415 - slow, and only this process needs it
    from nbconvert import HTMLExporter  # noqa: PLC0415

    text = sys.stdin.buffer.read().decode()
    notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        sanitize_html=True, exclude_anchor_links=True
    )
    # What these name is loaded from a network that the page may not reach.
    exporter.require_js_url = ""
    exporter.mathjax_url = ""
    exporter.mermaid_js_url = ""
    exporter.jquery_url = ""
    page, _ = exporter.from_notebook_node(notebook)
    sys.stdout.buffer.write(page.encode())


if __name__ == "__main__":
    main()
