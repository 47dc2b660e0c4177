from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.server.test_handlers import JSON, ROOT, answer, post, problem

if TYPE_CHECKING:
    from tests.server.test_handlers import Fetch

PRODUCTION = ("projects", ROOT, "environments", "production")


@pytest.mark.usefixtures("repository")
async def test_an_environment_is_held_shown_and_lifted(jp_fetch: Fetch) -> None:
    held = await post(jp_fetch, *PRODUCTION, "hold", body={"why": "Ken looks at it"})
    status = await answer(jp_fetch, "projects", ROOT)
    assert status["environments"][0]["held"] == held
    assert (await post(jp_fetch, *PRODUCTION, "lift"))["why"] == "Ken looks at it"
    code, told = await problem(
        jp_fetch, *PRODUCTION, "check", method="POST", body=json.dumps({}), headers=dict(JSON)
    )
    assert (code, told["code"]) == (409, "no-verify")
