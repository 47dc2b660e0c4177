"""Pictures as the eye sees them, by Pillow: an optional extra, loaded where it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlcd.execution.comparers.mismatch import Mismatch
from jupyter_mlcd.model.errors import ExecutionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.model.suite import ComparerRule


def require_pillow() -> None:
    """Raise ExecutionError where pictures cannot be compared."""
    try:
        from PIL import features  # noqa: PLC0415 - optional
    except ImportError:
        missing = "Pillow"
    else:
        missing = "" if features.check("littlecms2") else "Pillow's LittleCMS"
    if missing:
        raise ExecutionError(
            f"pictures cannot be compared, because {missing} is not installed",
            code="images-not-installed",
            hint="Install it with `pip install 'jupyter_mlcd[images]'`, or take the rule out.",
        )


def compare_pictures(
    expected: Any,  # noqa: ANN401 - any value of an output
    got: Any,  # noqa: ANN401
    rule: ComparerRule,
    sanitize: Callable[[str], str],  # noqa: ARG001 - bytes are no text
) -> Mismatch | None:
    """Compare two pictures in base64; None when they are alike.

    Pictures of different sizes differ, and so do those that cannot be read, unless they are the
    same bytes. Raises ExecutionError where Pillow is not installed.
    """
    ours, theirs = ("".join(str(value).split()) for value in (expected, got))
    if ours == theirs:
        return None
    require_pillow()
    from jupyter_mlcd.execution.comparers import picture_distance as distance  # noqa: PLC0415

    by = f"pictures, {rule.threshold:.2%} of the area may look different"
    try:
        images = distance.opened(ours), distance.opened(theirs)
    except distance.NotReadable as error:
        return _mismatch("a picture", "a picture", str(error), by)
    one, other = (f"{image.width} x {image.height} pixels" for image in images)
    seen = distance.seen_apart(*images)
    part = distance.part_of(seen)
    if one != other:
        words = f"{one} expected, {other} got"
    elif part > rule.threshold:
        words = f"{part:.2%} of the area looks different"
        other = f"{other}, {words}"
    else:
        return None
    return _mismatch(one, other, words, by, distance.drawn(images[0], seen))


def _mismatch(expected: str, got: str, words: str, by: str, picture: bytes = b"") -> Mismatch:
    return Mismatch(expected, got, ((0, len(expected)), (0, len(got))), words, by, picture)
