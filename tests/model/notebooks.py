from __future__ import annotations

from typing import Any


def notebook(*sources: str, language: str = "python", first: int = 0) -> dict[str, Any]:
    """Return a notebook whose cell ``first`` is tagged ``parameters``."""
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"cell-{i}",
            "metadata": {"tags": ["parameters"]} if i == first else {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for i, source in enumerate(sources)
    ]
    metadata = {"kernelspec": {"name": language, "display_name": language, "language": language}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
