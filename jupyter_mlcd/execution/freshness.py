"""How fresh a forked kernel looks: none of the modules that its parent imported for itself."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


@dataclass
class Freshness:
    """What a kernel's Python looks like before this package imports anything for itself."""

    modules: frozenset[str]
    filters: list[Any]

    def left_over(self) -> frozenset[str]:
        """Return the top-level names of packages that came later and cannot be imported twice.

        A file of that name beside a notebook would be ignored by a forked kernel.
        """
        return frozenset(name for name in self._later() if _has_native_code(name))

    def restore(self) -> None:
        """Forget what came later, as far as it can be imported again."""
        for name in self._later():
            if not _has_native_code(name):
                for module in [one for one in sys.modules if one.split(".")[0] == name]:
                    del sys.modules[module]
        warnings.filters[:] = self.filters  # type: ignore[index] # a list, whatever typeshed says
        warnings._filters_mutated()  # type: ignore[attr-defined] # noqa: SLF001 - as catch_warnings

    def _later(self) -> set[str]:
        early = {name.split(".")[0] for name in self.modules} | sys.stdlib_module_names
        return {name.split(".")[0] for name in sys.modules} - early - {"jupyter_mlcd"}


def _has_native_code(package: str) -> bool:
    endings = (".so", ".pyd", ".dylib")
    return any(
        str(getattr(module, "__file__", None) or "").endswith(endings)
        for name, module in list(sys.modules.items())
        if name.split(".")[0] == package
    )


def left_over_beside(folder: Path, names: Collection[str]) -> bool:
    """Whether a file in ``folder`` has the name of a module that a forked kernel already holds."""
    return any((folder / name).is_dir() or (folder / f"{name}.py").is_file() for name in names)
