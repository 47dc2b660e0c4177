from __future__ import annotations

import pytest

from tests.server.fuzzing import fuzz, in_words, served_projects

_EXAMPLES = 2
_FEWEST_REQUESTS = 500
_FEWEST_ANSWERING = 20
"""Routes that have to give what they were asked for, or it was all about refusals."""


@pytest.mark.timeout(900)
def test_every_answer_is_one_that_the_openapi_document_promises() -> None:
    with served_projects() as (server, place):
        found = fuzz(server, place, _EXAMPLES)
    print(in_words(found))
    assert found.code == 0, found.said
    assert found.requests >= _FEWEST_REQUESTS
    assert not [answer for answer in found.answers if answer[1] >= 500]
    answering = {verb for verb, status in found.answers if status < 300}
    assert len(answering - {"OPTIONS"}) >= _FEWEST_ANSWERING, in_words(found)
