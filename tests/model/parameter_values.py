"""Parameters that hypothesis makes, for the languages that can be given them."""

from __future__ import annotations

from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jupyter_mlcd.model.errors import ParameterError
from jupyter_mlcd.model.parameters import check_parameters

_T = TypeVar("_T")

HOSTILE_TEXTS = [
    '"', "'", "\\", '\\"', "\\'", '"; canary = 1; //', "'; canary=1 #", "'''", '"""', "\n", "\r",
    "\r\ncanary = 1\n", "{0}", "{canary}", "${canary = 1}", "\\N{BULLET}", "\\x41", "\\u0041", "#",
    "\u2028canary = 1", "\u2029canary = 1", "\x85canary = 1", "\x0bcanary = 1", "\x0c", "\\\n",
    "`touch canary`", "$(touch canary)", "$(canary=1)", "!!", "!touch canary", "%run canary",
    "%%bash\ntouch canary", "?", "a?", "\u202ecanary", "\u200b", "\ufeff", "null", "None", "NULL",
    "NA", "undefined", "true", "NaN", "__proto__", "</script>", "%s", "~", "*", " ", "\t", "-e",
    "\x1b[31m", "\x7f", "\x01", "\U0001f600", "e\u0301", "');canary<-1;('", "a=(b)", ")", "(",
    '");system("touch canary");("', "$'\\x41'", "\\e", "//", "/*", "*/", "1e5", "0x10", "[1]",
]  # fmt: skip
NAMES = st.from_regex(r"\Ap_[a-z0-9_]{0,5}\Z")
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    st.lists(st.sampled_from(HOSTILE_TEXTS), max_size=4).map("".join),
)
INTEGERS = st.integers(-(2**53), 2**53)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS: st.SearchStrategy[Any] = st.none() | st.booleans() | INTEGERS | FLOATS | TEXTS
KEYS = TEXTS.filter(lambda key: key != "__proto__")


def nested(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Return any values of JSON whose tables have such keys."""
    return st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=8,
    )


def samples(strategy: st.SearchStrategy[_T], count: int) -> list[_T]:
    """Return ``count`` examples, to be handed to one process of an interpreter at once."""
    found: list[_T] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: _T) -> None:
        found.append(example)

    collect()
    return found


def is_good(parameters: dict[str, Any]) -> bool:
    """Whether the parameters are among those that can be given at all."""
    try:
        check_parameters(parameters)
    except ParameterError:
        return False
    return True


def given_with(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return parameters with such values."""
    return st.dictionaries(NAMES, values, max_size=4).filter(is_good)
