from __future__ import annotations

from html.parser import HTMLParser

import msgspec

from jupyter_mlcd.model.status import Preview, PreviewLine, Reason
from jupyter_mlcd.widgets.still import Still, of_environments, of_preview, of_run

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(1)">\'"&'


class Tags(HTMLParser):
    """Which elements and attributes a page has, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


def tags_of(html: str) -> Tags:
    found = Tags()
    found.feed(html)
    return found


def test_whatever_stands_in_a_table_is_words() -> None:
    still = Still(HOSTILE, (HOSTILE, ""), ((HOSTILE, "b"),), HOSTILE)
    found = tags_of(still.html())
    assert found.tags <= {"div", "p", "b", "table", "thead", "tbody", "tr", "th", "td", "style"}
    assert found.attributes <= {"style", "class"}
    assert found.words.count(HOSTILE) == 4


def test_text_has_the_same_words_in_columns() -> None:
    still = Still("Where", ("environment", "version"), (("staging", "0.1.0"), ("p", "")), "Fine.")
    assert still.text().splitlines() == [
        "Where",
        "environment  version",
        "staging      0.1.0",
        "p",
        "Fine.",
    ]


def test_text_cannot_steer_a_terminal() -> None:
    assert "\x1b" not in Still("a\x1b[2Jb", ("c",), (("\x1b]0;x\x07",),)).text()


def test_a_suite_that_never_ran_says_so() -> None:
    assert of_run("quality", None).text() == "quality: never run"


def test_nowhere_to_deliver_to_says_so() -> None:
    assert of_environments(()).text() == "Where it is live\nnowhere yet"


def test_a_delivery_says_what_is_in_the_way_or_how_to_confirm_it() -> None:
    line = PreviewLine("Tests", met=True, words="2 of 2 passed")
    ready = Preview("small", "production", "0.1.0", "d", "", None, (line,), (), (),
                    ("Copy **model.txt**.",), (), type_version=True)  # fmt: skip
    assert "\u2713  Tests" in of_preview(ready).text()
    assert "step 1  Copy model.txt." in of_preview(ready).text()
    assert "jupyter mlcd deliver --to production" in of_preview(ready).text()
    reason = Reason("not-committed", "train.ipynb is not committed")
    unmet = of_preview(msgspec.structs.replace(ready, reasons=(reason,)))
    assert "train.ipynb is not committed" in unmet.text()
    assert "deliver --to" not in unmet.text()
