"""Classes of the front end: two files that style the same name quarrel by their order."""

from __future__ import annotations

import re
from collections import defaultdict

from tests.journeys.projects import CHECKOUT

STYLE = CHECKOUT / "labextension" / "style"


def test_a_class_is_defined_in_one_file() -> None:
    places = defaultdict(set)
    for file in sorted(STYLE.glob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        for selectors in re.findall(r"^([^{}@]+)\{", text, re.MULTILINE):
            for selector in selectors.split(","):
                if re.fullmatch(r"\.jp-Mlcd-\w+", selector.strip()):
                    places[selector.strip()].add(file.name)
    assert len(places) > 100
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


def test_every_file_of_styles_is_read_wherever_views_are() -> None:
    files = {file.name for file in STYLE.glob("*.css")} - {"index.css"}
    for index in ("index.css", "index.js"):
        text = (STYLE / index).read_text(encoding="utf-8")
        assert set(re.findall(r"[\w-]+\.css", text)) == files, index
