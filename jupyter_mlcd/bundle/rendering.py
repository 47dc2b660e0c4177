"""Executed notebooks as static pages, made by nbconvert in a process of its own.

A page is hostile until shown otherwise: it is served with a policy that allows neither scripts nor
network, and the sanitiser here is only the second line. nbconvert is slow to import and may hang on
a strange notebook, so that it runs in a child with a deadline.
"""

from __future__ import annotations

import re
import subprocess
import sys

from jupyter_mlcd.model.errors import WorldError

_DEADLINE = 60.0
"""Seconds."""

_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del"),
    *("details", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img"),
    *("ins", "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub"),
    *("summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul"),
    "var",
}
"""What text, tables and data frames are made of; everything else is taken out."""
_ATTRIBUTES = {
    "*": ["title", "class"],
    "a": ["href"],
    "img": ["src", "alt", "width", "height"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan", "scope"],
}
_SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.DOTALL | re.IGNORECASE)
"""The template's own scripts: the policy would stop them, and say so in the browser's console."""

_READABLE = """<style>
:root { --jp-mirror-editor-comment-color: #2f6363; --jp-mirror-editor-number-color: #006b00; }
.jp-InputPrompt, .jp-OutputPrompt { opacity: 1 !important; color: #595959 !important; }
</style></head>"""
"""The template writes prompts, comments and numbers with less contrast than 4.5 to 1."""


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


def _clean(markup: str | bytes) -> str:
    """Return markup with what is not listed above taken out: nbconvert's own cleaner, our list."""
    import bleach  # noqa: PLC0415 - only this process needs it

    text = markup.decode("utf-8", "replace") if isinstance(markup, bytes) else str(markup)
    cleaned: str = bleach.clean(text, tags=_TAGS, attributes=_ATTRIBUTES, strip=True)
    return cleaned


def main() -> None:
    """Read a notebook from standard input and write its page to standard output."""
    import nbformat  # noqa: PLC0415 - slow, and only this process needs it
    from nbconvert import HTMLExporter  # noqa: PLC0415 - the same

    text = sys.stdin.buffer.read().decode()
    notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call] # no annotations
    exporter = HTMLExporter(  # type: ignore[no-untyped-call] # no annotations
        sanitize_html=True, exclude_anchor_links=True
    )
    # Its own list knows neither headings nor tables, and would show them as markup.
    exporter.register_filter("clean_html", _clean)  # type: ignore[no-untyped-call] # no annotations
    # What these name is loaded from a network that the page may not reach.
    exporter.require_js_url = ""
    exporter.mathjax_url = ""
    exporter.mermaid_js_url = ""
    exporter.jquery_url = ""
    page, _ = exporter.from_notebook_node(notebook)
    readable = _SCRIPT.sub("", page).replace("</head>", _READABLE, 1)
    sys.stdout.buffer.write(readable.encode())


if __name__ == "__main__":
    main()
