"""Types that several threads decode at once have to be made ready in one thread before.

msgspec works a Struct's field types out when it is first decoded, in steps that let other threads
run. A thread that decodes the same type meanwhile finds it half made, and the process dies of a
segmentation fault (seen with 0.22 and Python 3.11: two first requests of a page were enough).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator


def ready_types(package: str) -> int:
    """Make every Struct of ``package`` that is imported by now ready; returns how many there are.

    Takes about 50 ms for 130 types, once per process.
    """
    found = {kind for kind in _below(msgspec.Struct) if _is_of(kind, package)}
    for kind in found:
        msgspec.json.Decoder(kind)
    return len(found)


def _is_of(kind: type, package: str) -> bool:
    return kind.__module__ == package or kind.__module__.startswith(f"{package}.")


def _below(kind: type) -> Iterator[type]:
    below: list[type] = kind.__subclasses__()
    for child in below:
        yield child
        yield from _below(child)
