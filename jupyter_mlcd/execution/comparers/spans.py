"""Where two texts differ, and long texts made short around that place.

Everything here takes time in proportion to the length of the texts: outputs may have megabytes.
"""

from __future__ import annotations

Span = tuple[int, int]
"""Start and end in a text, in characters."""

_LONGEST = 1000
_AROUND = 200
_LONGEST_WORD = 40


def changed(expected: str, got: str) -> tuple[Span, Span]:
    """Return what is left of each text without their common beginning and end, in whole words."""
    head = _common_prefix(expected, got)
    tail = _common_prefix(expected[head:][::-1], got[head:][::-1])
    least = max(0, head - _LONGEST_WORD)
    while head > least and (_is_inside_word(expected, head) or _is_inside_word(got, head)):
        head -= 1
    least = max(0, tail - _LONGEST_WORD)
    while tail > least and (
        _is_inside_word(expected, len(expected) - tail) or _is_inside_word(got, len(got) - tail)
    ):
        tail -= 1
    return (head, len(expected) - tail), (head, len(got) - tail)


def _common_prefix(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _is_inside_word(text: str, place: int) -> bool:
    return 0 < place < len(text) and _is_of_word(text[place - 1]) and _is_of_word(text[place])


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character in "_."  # 0.95 is one word


def shown(
    expected: str, got: str, spans: tuple[Span, Span]
) -> tuple[tuple[str, Span | None], tuple[str, Span | None]]:
    """Return each text, shortened when one of them is long, and its span in what is left of it.

    What changed stays in sight, with what is around it. A span that is the whole text is None.
    """
    if max(len(expected), len(got)) <= _LONGEST:
        return _whole_is_none(expected, spans[0]), _whole_is_none(got, spans[1])
    return (
        _whole_is_none(*_shortened(expected, spans[0])),
        _whole_is_none(*_shortened(got, spans[1])),
    )


def _whole_is_none(text: str, span: Span) -> tuple[str, Span | None]:
    return text, None if span == (0, len(text)) else span


def _shortened(text: str, span: Span) -> tuple[str, Span]:
    before, after = text[: span[0]], text[span[1] :]
    if len(before) > _AROUND:
        before = f"... {len(before) - _AROUND} more ...\n{before[-_AROUND:]}"
    if len(after) > _AROUND:
        after = f"{after[:_AROUND]}\n... {len(after) - _AROUND} more ..."
    room = _LONGEST - min(len(before), _AROUND) - min(len(after), _AROUND)
    middle = in_short(text[span[0] : span[1]], room)
    return f"{before}{middle}{after}", (len(before), len(before) + len(middle))


def in_short(text: str, room: int) -> str:
    """Return the text, with its middle left out when it has more than ``room`` characters."""
    if len(text) <= room:
        return text
    half = room // 2
    return f"{text[:half]}\n... {len(text) - 2 * half} more ...\n{text[-half:]}"
