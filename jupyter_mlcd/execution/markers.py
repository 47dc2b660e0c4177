"""What a cell's comments and tags ask of the comparison, and what only looks as if it did."""

from __future__ import annotations

import io
import re
import tokenize
import warnings
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from nbval.plugin import comment_markers, find_comment_markers, find_metadata_tags, metadata_tags

from jupyter_mlcd.execution.comparers.choice import choose, problem_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbformat import NotebookNode

_EFFECTS = {
    ("skip", True): "skip the cell",
    ("check_exception", True): "expect an exception",
    ("check", True): "ask for a comparison",
    ("check", False): "keep the outputs from being compared",
}
# Languages in which what nbval looks for, a line that begins with `#`, is a comment.
_HASH_LANGUAGES = frozenset({"", "bash", "ipython", "julia", "perl", "python", "r", "ruby"})
_NEAR_COMMENT = re.compile(r"#[#\s]*(?P<body>(?i:nbval|pytest_validate|mlcd)[_-]\w.*)$")
_OTHER_COMMENT = re.compile(r"(?://+|--+|%+|;+|/\*+|\(\*|\{-|<!--)\s*(?P<body>NBVAL_\w+)")
_LONGEST_QUOTE = 60


@dataclass(frozen=True)
class Marks:
    """What a cell's comments and tags ask of nbval."""

    check: bool | None
    """Compare or not; None where the cell does not say."""
    raises: bool
    """An exception is expected."""


def marks_of(cell: NotebookNode) -> Marks:
    """Return the marks of a code cell, found by nbval's own functions; comments beat tags."""
    options = _options_of(cell)
    return Marks(options.get("check"), bool(options.get("check_exception")))


def tags_of(cell: Any) -> list[str]:  # noqa: ANN401 - a notebook's JSON, as nodes or not
    """Return the tags of a cell; what is no text is none."""
    tags = cell.get("metadata", {}).get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def _options_of(cell: NotebookNode) -> dict[str, bool]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        options: dict[str, bool] = dict(find_metadata_tags(cell.metadata))
        options.update(find_comment_markers(cell.source))
    return options


def marker_remarks(source: NotebookNode) -> tuple[str, ...]:
    """Return a sentence for each mark in a notebook that does not do what it seems to say."""
    information = source.metadata.get("language_info", {}).get("name")
    language = information or source.metadata.get("kernelspec", {}).get("language") or ""
    cells = (cell for cell in source.cells if cell.cell_type == "code")
    return tuple(
        f"cell {number}: {words}"
        for number, cell in enumerate(cells, 1)
        for words in dict.fromkeys(_remarks_on(cell, str(language).lower()))
    )


def _remarks_on(cell: NotebookNode, language: str) -> Iterator[str]:
    options = _options_of(cell)
    if language in _HASH_LANGUAGES:
        for line, body in _near_comments(cell.source):
            yield from _remark_on_comment(line, body, options)
    if language not in _HASH_LANGUAGES or cell.source.startswith("%%"):
        yield from _remarks_in_another_language(cell.source, language)
    for tag in tags_of(cell):
        yield from _remark_on_tag(tag)
    yield from _contradictions(cell, options)


# -------------------------------------------------------------------------------------- comments


def _near_comments(source: str) -> Iterator[tuple[str, str]]:
    """Yield lines with a comment like a mark that nbval does not take for one, and its text."""
    for number, line in enumerate(source.splitlines(), 1):
        found = None if _is_mark(line) else _NEAR_COMMENT.search(line)
        if found and _is_comment(source, number, found.start()):
            yield line.strip(), found["body"]


def _is_mark(line: str) -> bool:
    return line.strip().startswith("#") and line.strip().lstrip("#").strip() in comment_markers


def _is_comment(source: str, line: int, column: int) -> bool:
    """Whether a ``#`` begins a comment and is not inside of a text; yes where it is no Python."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return True
    return any(one.type == tokenize.COMMENT and one.start == (line, column) for one in tokens)


def _remark_on_comment(line: str, body: str, options: dict[str, bool]) -> Iterator[str]:
    written = re.split(r"[^\w-]", body, maxsplit=1)[0]
    name = written.upper().replace("-", "_")
    quoted = f"`{_quoted(line)}`"
    if name in comment_markers:
        option, value = _meaning(comment_markers[name])
        if options.get(option) is not value:
            yield (
                f"{quoted} does not {_EFFECTS[option, value]}, because a mark is a whole line; "
                f"write `# {name}` on a line of its own and the reason on the next one"
            )
    elif name.startswith("MLCD_"):
        if not problem_of(name.lower().replace("_", "-")):
            tag = name.lower().replace("_", "-")
            yield f"{quoted} does nothing as a comment; give the cell the tag `{tag}`"
    elif written.startswith(("NBVAL_", "PYTEST_VALIDATE_")):
        yield f"{quoted} does nothing; write {_nearest(name, comment_markers, '# ')}"


def _remarks_in_another_language(source: str, language: str) -> Iterator[str]:
    for line in source.splitlines():
        found = _OTHER_COMMENT.search(line)
        name = found["body"] if found else line.strip().lstrip("#").strip()
        if name not in comment_markers or (language in _HASH_LANGUAGES and not found):
            continue
        tag = name.lower().replace("_", "-")
        effect = _EFFECTS[_meaning(comment_markers[name])]
        said = f"does not {effect}" if found else f"is no comment in {language}"
        yield (
            f"`{_quoted(line.strip())}` {said}, because nbval reads only comments that begin "
            f"with `#`; give the cell the tag `{tag}`"
        )


# ------------------------------------------------------------------------------------------ tags


def _remark_on_tag(tag: str) -> Iterator[str]:
    plain = tag.strip().lower().replace("_", "-")
    quoted = f"the tag `{_quoted(tag)}`"
    if tag in metadata_tags or tag == "skip-execution":
        return
    if tag.startswith("mlcd-"):
        if words := problem_of(tag):
            yield f"{quoted} {words}"
    elif plain in metadata_tags:
        effect = _EFFECTS[_meaning(metadata_tags[plain])]
        yield f"{quoted} does not {effect}; write `{plain}`"
    elif plain == "skip-execution" or (plain.startswith("mlcd-") and not problem_of(plain)):
        yield f"{quoted} does nothing; write `{plain}`"
    elif plain.startswith(("nbval-", "pytest-validate-")):
        yield f"{quoted} does nothing; write {_nearest(plain, metadata_tags, '')}"


# -------------------------------------------------------------------------------- contradictions


def _contradictions(cell: NotebookNode, options: dict[str, bool]) -> Iterator[str]:
    comments = [
        name
        for line in cell.source.splitlines()
        if _is_mark(line)
        for name in [line.strip().lstrip("#").strip()]
        if _meaning(comment_markers[name])[0] == "check"
    ]
    tags = [
        tag
        for tag in tags_of(cell)
        if tag in metadata_tags and _meaning(metadata_tags[tag])[0] == "check"
    ]
    written = {f"the tag `{tag}`": _meaning(metadata_tags[tag])[1] for tag in tags}
    written |= {f"`# {name}`": _meaning(comment_markers[name])[1] for name in comments}
    if len(set(written.values())) > 1:
        counts = f"`# {comments[-1]}`" if comments else f"the tag `{tags[-1]}`"
        yield f"{' and '.join(written)} contradict each other, and {counts} counts; take one out"
    ours = choose(tags_of(cell), {}).by_tag
    if ours and options.get("check") is False:
        names = " and ".join(f"the tag `{name}`" for name in ours)
        yield f"{names} does nothing, because the cell is marked not to be compared; take one out"


def _meaning(mark: str | tuple[str, bool]) -> tuple[str, bool]:
    return (mark, True) if isinstance(mark, str) else mark


def _nearest(name: str, there: Iterable[str], before: str) -> str:
    names = [one for one in there if not one.lower().startswith("pytest")]
    near = get_close_matches(name[:_LONGEST_QUOTE], names, n=1)
    return " or ".join(f"`{before}{one}`" for one in near or names)


def _quoted(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 3]}..."
