"""Release notes in Markdown, from a template of the project or from ours.

A template is Jinja's, and can only read: it gets plain values and filters, calls nothing, and
cannot reach a file or an attribute of Python (https://jinja.palletsprojects.com/sandbox). HTML
escaping would be the wrong kind for Markdown, so what a template puts in is escaped as Markdown:
names, paths and subjects of commits come from people, and mean nothing but themselves. What the
template itself says stays as it is.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.gate import show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2.sandbox import SandboxedEnvironment

    from jupyter_mlcd.model.release_changes import ReleaseChanges

PLAIN: Final = Path(__file__).with_name("release_notes.md")
"""Our template, to begin one's own with."""
LARGEST_TEMPLATE: Final = 64 << 10
LARGEST_NOTES: Final = 100_000
"""Letters; GitHub takes 125,000."""
_FILTERS: Final = (
    "capitalize", "default", "first", "groupby", "join", "last", "length", "list", "lower",
    "reject", "rejectattr", "replace", "reverse", "round", "select", "selectattr", "sort", "title",
    "trim", "truncate", "unique", "upper",
)  # fmt: skip
"""Those of Jinja that make nothing large out of something small."""
_MARKS: Final = re.compile(r"([\\`*_\[\]|~])")
_MENTION: Final = re.compile(r"(?<!\w)@(?=\w)")
_FAULTS: Final = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip


class _Ready(str):
    """What is Markdown already."""

    __slots__ = ()


def write_notes(changes: ReleaseChanges, template: bytes | None = None, name: str = "") -> str:
    """Return the notes of a release by ``template``, or by ours.

    ``name`` is how the template is called in an error. Raises ConfigError with file and line.
    """
    from jinja2 import TemplateError, TemplateSyntaxError  # noqa: PLC0415 - only notes need it

    text = PLAIN.read_text(encoding="utf-8") if template is None else _decoded(template, name)
    try:
        parts = _environment().from_string(text).generate(msgspec.to_builtins(changes))
        return _bounded(parts, name)
    except TemplateSyntaxError as error:
        raise _fault(name, error.lineno, error.message or "it is no template") from None
    except (TemplateError, *_FAULTS) as error:
        raise _fault(name, _line(error), str(error) or type(error).__name__) from None


def _environment() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined  # noqa: PLC0415 - see write_notes
    from jinja2.exceptions import SecurityError  # noqa: PLC0415 - see write_notes
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 - see write_notes

    class Reading(ImmutableSandboxedEnvironment):
        """One that calls nothing and multiplies no text."""

        intercepted_binops = frozenset({"*", "**"})

        def call(self, *_: Any, **__: Any) -> Any:  # noqa: ANN401 - as Jinja's own
            raise SecurityError("a template calls nothing: use a filter")

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
            if operator == "**" or isinstance(left, (str, list)) or isinstance(right, (str, list)):
                raise SecurityError(f"{operator} is for numbers only, and small ones")
            return super().call_binop(context, operator, left, right)

    made = Reading(
        autoescape=False,  # Markdown is no HTML: see the head of this file.
        undefined=StrictUndefined,
        finalize=_as_markdown,
        keep_trailing_newline=True,
    )
    made.globals.clear()
    known = made.filters
    made.filters = {name: known[name] for name in _FILTERS}
    made.filters |= {"code": _code, "score": _score}
    return made


def _as_markdown(value: object) -> str:
    """Return a value as Markdown that means nothing but itself; nobody is mentioned by it."""
    if isinstance(value, _Ready):
        return value
    text = " ".join(str(value).split())
    text = _MARKS.sub(r"\\\1", text).replace("&", "&amp;").replace("<", "&lt;")
    # The word joiner is not seen, and hubs do not send a notice to whoever is called so.
    return _MENTION.sub("@\u2060", text)


def _code(value: object) -> _Ready:
    """Return a value as a piece of code: marks mean nothing in there but the one that ends it."""
    text = " ".join(str(value).replace("`", "'").split())
    return _Ready(f"`{text}`" if text else "")


def _score(value: float | None) -> str:
    """Return a score as people write it."""
    return "nothing" if value is None else show(value)


def _bounded(parts: Iterable[str], name: str) -> str:
    made: list[str] = []
    length = 0
    for part in parts:
        made.append(part)
        length += len(part)
        if length > LARGEST_NOTES:
            raise _fault(name, 1, f"it makes more than {LARGEST_NOTES:,} letters")
    lines = "".join(made).strip().splitlines()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)) + "\n"


def _decoded(template: bytes, name: str) -> str:
    if len(template) > LARGEST_TEMPLATE:
        raise _fault(name, 1, f"it is larger than {LARGEST_TEMPLATE >> 10} KiB")
    try:
        return template.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = template[: error.start].count(b"\n") + 1
        raise _fault(name, line, "this is not UTF-8 text") from None


def _line(error: BaseException) -> int:
    """Return the line of the template at which it broke: Jinja writes it into the traceback."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _fault(name: str, line: int, words: str) -> ConfigError:
    where = name or "the template"
    return ConfigError(
        f"{where}, line {line}: {words}",
        hint="docs/delivering.md lists what a template of release notes can use.",
        details={"file": where, "line": line, "key": ""},
    )
