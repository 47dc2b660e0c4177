from __future__ import annotations

import re
from pathlib import Path

from tests.browser.views import FORM, VIEWS

HOST = Path(__file__).parents[2] / "labextension" / "src" / "views" / "host.ts"


def test_every_kind_of_view_is_looked_at_by_the_browser_tests() -> None:
    kinds = set(re.findall(r"readonly kind: '([\w-]+)'", HOST.read_text(encoding="utf-8")))
    assert len(kinds) > 5
    assert {view.kind for view in VIEWS} == kinds | {"panel", FORM}
