"""What a notebook seems to read, write and record: its text looked at, nothing run.

It is a guess that set-up shows as one. Only paths that stand in the text are found, directly or by
a name that is given once: ``MODEL = "model.joblib"``, ``joblib.dump(model, MODEL)``.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.notebook import code_positions, language_of, source_of
from jupyter_mlcd.model.parameter_cell import PYTHON
from jupyter_mlcd.model.python_source import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_MODEL_FILE = re.compile(
    r"\.(?:joblib|pkl|pickle|onnx|pt|pth|h5|keras|safetensors|pmml|cbm|ubj|model|skops|rds)\Z",
    re.IGNORECASE,
)
_WRITING = re.compile(
    r"(?:to_(?:csv|parquet|json|pickle|excel|feather|hdf|stata|html|netcdf|zarr|file|onnx)"
    r"|savefig|save(?:z|z_compressed|txt|_model|_pretrained|_weights|_npz|mat)?|dump|imsave|imwrite"
    r"|write_(?:text|bytes|csv|parquet|ipc|json|image|html|table)|sink_(?:csv|parquet))\Z"
)
_READING = re.compile(
    r"(?:read_(?:csv|parquet|json|pickle|excel|feather|hdf|stata|table|text|bytes|ipc|fwf|file)"
    r"|scan_(?:csv|parquet)|load(?:txt|_model|_npz|mat|_weights)?|genfromtxt|imread)\Z"
)
_RECORDING = re.compile(r"(?:record|glue)\Z")
_ELSEWHERE = re.compile(
    # Counted, so that a cell of a million brackets takes no time that grows with its square.
    r"""\b(?P<verb>[A-Za-z_][\w.]{0,80})\s*\((?:[^()"']|\([^()]{0,200}\)){0,200}(?P<quote>["'])(?P<path>[^"'\n]+)(?P=quote)"""
)
_WRITING_ELSEWHERE = re.compile(r"(?i)(?:\bwrite|\bsave|ggsave|fwrite|savefig)")
_READING_ELSEWHERE = re.compile(r"(?i)(?:\bread|\bload|fread)")
_LONGEST_PATH = 300


class NotebookLook(msgspec.Struct, frozen=True):
    """What a notebook seems to do with files, by the paths in its text."""

    writes: tuple[str, ...] = ()
    """Relative to the project where the path is; ``s3://...`` and absolute ones as they stand."""
    reads: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    """Names of the scores that it records."""
    seconds: float | None = None
    """How long its cells took when it was run the last time, where that was saved with it."""


def is_model_file(path: str) -> bool:
    """Whether a file's name ends as those of models do."""
    return _MODEL_FILE.search(path) is not None


def is_local(path: str) -> bool:
    """Whether a path that was found leads to a place inside the project."""
    return not (
        path.startswith(("/", "~", "../")) or path == ".." or "://" in path or ":\\" in path
    )


def look_at(
    notebook: Any,  # noqa: ANN401 - parsed JSON
    path: str,
) -> NotebookLook:
    """Return what the notebook at ``path`` of its project seems to read, write and record."""
    cells = [notebook["cells"][place] for place in code_positions(notebook)]
    sources = [source_of(cell) for cell in cells]
    is_python = language_of(notebook) in PYTHON
    found = _in_python(sources) if is_python else _elsewhere(sources)
    uses: dict[str, list[str]] = {"writes": [], "reads": [], "records": []}
    for kind, text in found:
        uses[kind].append(text if kind == "records" else _from_project(text, path))
    return NotebookLook(
        **{kind: tuple(dict.fromkeys(texts)) for kind, texts in uses.items()},
        seconds=_seconds(notebook, cells),
    )


def _from_project(text: str, notebook: str) -> str:
    """Return a path of the notebook's text as one of the project; both start elsewhere."""
    if text.startswith(("/", "~")) or "://" in text or ":\\" in text:
        return text
    return posixpath.normpath(posixpath.join(posixpath.dirname(notebook), text))


# ------------------------------------------------------------------------------------------ Python


def _in_python(sources: Iterable[str]) -> Iterator[tuple[str, str]]:
    trees = [tree for tree in map(parse, sources) if tree is not None]
    names = _texts_by_name(trees)
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from _call(node, names)


def _texts_by_name(trees: Iterable[ast.Module]) -> dict[str, str]:
    """Return ``{name: text}`` of what is given a path exactly once."""
    given: Counter[str] = Counter()
    texts: dict[str, str] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name):
                        given[target.id] += 1
                        texts[target.id] = _text(node.value, texts)
    return {name: text for name, text in texts.items() if text and given[name] == 1}


def _call(node: ast.Call, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    verb = _verb(node)
    if verb == "open":
        yield from _opened(node, names)
    elif _RECORDING.match(verb):
        if node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value:
            yield "records", str(node.args[0].value)
    elif _WRITING.match(verb):
        yield from (("writes", path) for path in _paths(node, names))
    elif _READING.match(verb):
        yield from (("reads", path) for path in _paths(node, names))


def _verb(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
    return ""


def _opened(node: ast.Call, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what ``open(path, mode)`` or ``Path(path).open(mode)`` opens."""
    of_path = isinstance(node.func, ast.Attribute) and _text(node.func.value, names)
    path = of_path or (_text(node.args[0], names) if node.args else "")
    rest = node.args[:1] if of_path else node.args[1:2]
    modes = [*rest, *(one.value for one in node.keywords if one.arg == "mode")]
    mode = next((str(one.value) for one in modes if isinstance(one, ast.Constant)), "r")
    if path and _is_path(path):
        yield ("writes" if set(mode) & set("wax+") else "reads"), path


def _paths(node: ast.Call, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the first argument that is a path; for ``Path("x").write_text(...)`` its own."""
    own = [node.func.value] if isinstance(node.func, ast.Attribute) else []
    own = [one for one in own if isinstance(one, ast.Call | ast.BinOp | ast.Name)]
    is_own = _verb(node) in {"write_text", "write_bytes", "read_text", "read_bytes"}
    given = [*node.args, *(one.value for one in node.keywords)]
    for one in own if is_own else given:
        text = _text(one, names)
        if text and _is_path(text):
            yield text
            return


def _text(node: ast.expr, names: Mapping[str, str]) -> str:
    """Return the path that an expression stands for, where its text tells; else nothing."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return names.get(name, "")
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            parts = (_text(left, names), _text(right, names))
            return posixpath.join(*parts) if all(parts) else ""
        case ast.Call(args=[_, *_] as args) if _verb(node) in {"Path", "join", "str", "fspath"}:
            texts = [_text(one, names) for one in args]
            return posixpath.join(*texts) if all(texts) else ""
    return ""


def _is_path(text: str) -> bool:
    """Whether a text can be the name of a file: it has an ending, and nothing that names do not."""
    name = text.rpartition("/")[2]
    return (
        len(text) <= _LONGEST_PATH
        and re.search(r"\.\w{1,12}\Z", name) is not None
        and not re.search(r"[\n\r\t*?<>|\"{}]", text)
    )


# ------------------------------------------------------------------------- other languages, times


def _elsewhere(sources: Iterable[str]) -> Iterator[tuple[str, str]]:
    for source in sources:
        for found in _ELSEWHERE.finditer(source):
            verb, text = found["verb"], found["path"]
            if _RECORDING.match(verb):
                yield "records", text
            elif not _is_path(text):
                continue
            elif _WRITING_ELSEWHERE.search(verb):
                yield "writes", text
            elif _READING_ELSEWHERE.search(verb):
                yield "reads", text


def _seconds(notebook: Any, cells: Iterable[Any]) -> float | None:  # noqa: ANN401 - parsed JSON
    told = ((notebook.get("metadata") or {}).get("papermill") or {}).get("duration")
    if isinstance(told, int | float) and told > 0:
        return float(told)
    spans = [_span((cell.get("metadata") or {}).get("execution") or {}) for cell in cells]
    known = [one for one in spans if one is not None]
    return round(sum(known), 1) if known else None


def _span(times: Mapping[str, Any]) -> float | None:
    """Return the seconds of a cell by the times that JupyterLab saves, where it is asked to."""
    try:
        began = datetime.fromisoformat(times["iopub.execute_input"])
        ended = datetime.fromisoformat(times["shell.execute_reply"])
        return max(0.0, (ended - began).total_seconds())
    except (KeyError, TypeError, ValueError):
        return None
