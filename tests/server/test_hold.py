from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.server.test_handlers import JSON, ROOT, answer, post, problem

if TYPE_CHECKING:
    from tests.server.test_handlers import Fetch

PROJECT = ("projects", ROOT)
PRODUCTION = (*PROJECT, "environments", "production")


async def confirmation(fetch: Fetch) -> str:
    nonce: str = (await answer(fetch, *PROJECT, "watch"))["nonce"]
    return nonce


@pytest.mark.usefixtures("repository")
async def test_an_environment_is_held_shown_and_lifted(jp_fetch: Fetch) -> None:
    body = {"why": "Ken looks at it", "nonce": await confirmation(jp_fetch)}
    held = await post(jp_fetch, *PRODUCTION, "hold", body=body)
    status = await answer(jp_fetch, *PROJECT)
    assert status["environments"][0]["held"] == held
    body = {"nonce": await confirmation(jp_fetch)}
    assert (await post(jp_fetch, *PRODUCTION, "lift", body=body))["why"] == "Ken looks at it"


@pytest.mark.parametrize(
    ("verb", "body"), [("hold", {"why": "so"}), ("lift", {}), ("check", {"again": True})]
)
@pytest.mark.usefixtures("repository")
async def test_nothing_is_held_lifted_or_checked_without_a_confirmation(
    jp_fetch: Fetch, verb: str, body: dict[str, object]
) -> None:
    text = json.dumps({**body, "nonce": "invented"})
    code, told = await problem(
        jp_fetch, *PRODUCTION, verb, method="POST", body=text, headers=dict(JSON)
    )
    assert (code, told["code"]) == (409, "stale-confirmation")
