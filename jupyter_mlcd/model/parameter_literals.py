"""Literals of four languages for the values of parameters, one line for each parameter.

A character that cannot be seen is always written as an escape: no value can turn the line around
or hide a part of it from its reader.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.model.errors import ParameterError
from jupyter_mlcd.model.parameter_types import Kind
from jupyter_mlcd.model.parameter_values import Constructed

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.model.parameter_types import Parameter

# Names that mean something to bash itself: `PROMPT_COMMAND` is run, Jupyter waits for `PS1`.
_OF_BASH = re.compile(
    r"(?:BASH\w*|PS[0-4]|PROMPT_\w+|IFS|PATH|ENV|HOME|PWD|OLDPWD|SHELLOPTS|E?UID|PPID|RANDOM"
    r"|SECONDS|LINENO|FUNCNAME|GROUPS|OPTARG|OPTIND|REPLY|DIRSTACK|HIST\w+|LD_\w+|LC_\w+|LANG|_)\Z"
)
_LONGEST_BASH_LINE = 4000
"""Bytes; a terminal takes 4095 in one line, and Jupyter talks to bash through one."""
_LONGEST_R_NAME = 1000
_LARGEST_R_INTEGER = 2**31 - 1
_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", '"': '\\"'}


def _cannot(parameter: Parameter, why: str) -> ParameterError:
    return ParameterError(
        f"`{parameter.name}` {why}",
        code="unwritable-parameter",
        hint="Give another value, or change the parameters cell; nothing was run.",
        details={"parameter": parameter.name, "line": parameter.line},
    )


def _escaped(text: str, escape: Callable[[str], str], *, ascii_only: bool = False) -> str:
    """Return a text between double quotes, with ``escape`` for what cannot be seen."""
    letters = [
        _SHORT_ESCAPES.get(letter)
        or (letter if letter.isprintable() and (letter.isascii() or not ascii_only) else None)
        or escape(letter)
        for letter in text
    ]
    return f'"{"".join(letters)}"'


# ------------------------------------------------------------------------------------------ Python


def python_line(parameter: Parameter, value: object) -> str:
    """Return ``name = literal``; a date is made by the name that the notebook has for it."""
    return f"{parameter.name} = {_python(parameter, value)}"


def _python(parameter: Parameter, value: object) -> str:
    match value:
        case Constructed(call="", text=text):
            raise _cannot(
                parameter,
                f"is given {text!r}, and the notebook does not say by an import at the top of a "
                "cell, up to its parameters cell, how such a value is made",
            )
        case Constructed(call=call, text=text):
            return f"{call}({text!r})"
        case list():
            return f"[{', '.join(_python(parameter, one) for one in value)}]"
        case tuple():
            inner = ", ".join(_python(parameter, one) for one in value)
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        case dict():
            pairs = (f"{key!r}: {_python(parameter, one)}" for key, one in value.items())
            return f"{{{', '.join(pairs)}}}"
    return repr(value)


# -------------------------------------------------------------------------------------- JavaScript


def javascript_line(parameter: Parameter, value: object) -> str:
    """Return an assignment, or for a ``const`` its declaration once more, as Jupyter allows."""
    start = "const " if parameter.how == "const" else ""
    return f"{start}{parameter.name} = {_javascript(parameter, value)};"


def _javascript(parameter: Parameter, value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return _escaped(value, _utf16_escape)
        case list():
            return f"[{', '.join(_javascript(parameter, one) for one in value)}]"
        case dict():
            if "__proto__" in value:
                raise _cannot(parameter, "has a key `__proto__`, which JavaScript does not keep")
            pairs = (
                f"{_escaped(key, _utf16_escape)}: {_javascript(parameter, one)}"
                for key, one in value.items()
            )
            return f"{{{', '.join(pairs)}}}"
    return repr(value)


def _utf16_escape(letter: str) -> str:
    units = letter.encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


# -------------------------------------------------------------------------------------------- bash


def bash_line(parameter: Parameter, value: object) -> str:
    """Return ``name='text'`` or ``name=('a' 'b')``; numbers and true or false are words."""
    if parameter.how in {"fixed", "readonly"} or _OF_BASH.match(parameter.name):
        raise _cannot(parameter, "has a meaning to bash itself or cannot be assigned again")
    wants_list = parameter.type.kind is Kind.LIST
    if isinstance(value, dict) or isinstance(value, list) is not wants_list:
        given = "a list" if isinstance(value, list) else "a table"
        raise _cannot(parameter, f"is not an array of bash, so that it cannot be given {given}")
    words = [_bash(parameter, one) for one in value] if isinstance(value, list) else []
    text = f"({' '.join(words)})" if wants_list else _bash(parameter, value)
    line = f"{parameter.name}={text}"
    if len(line.encode()) > _LONGEST_BASH_LINE:
        raise _cannot(parameter, f"is longer than {_LONGEST_BASH_LINE} bytes, too long for bash")
    return line


def _bash(parameter: Parameter, value: object) -> str:
    match value:
        case None:
            return "''"
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case str() if value.isprintable() and "'" not in value:
            return f"'{value}'"
        case str():
            return f"$'{''.join(map(_bash_letter, value))}'"
    raise _cannot(parameter, "is a list of lists or tables, which bash does not have")


def _bash_letter(letter: str) -> str:
    # An interactive bash looks for `!` before it understands the quotes of `$'...'`.
    if letter == "\\" or letter in "\n\r\t":
        return _SHORT_ESCAPES[letter]
    if letter.isprintable() and letter not in "'!":
        return letter
    return "".join(f"\\x{byte:02x}" for byte in letter.encode())


# ----------------------------------------------------------------------------------------------- R


def r_line(parameter: Parameter, value: object) -> str:
    """Return ``name <- literal``; a list is ``c(...)`` where the parameters cell has one."""
    if parameter.type.kind is Kind.LIST and isinstance(value, list):
        kinds = {float if type(one) is int else type(one) for one in value}
        if len(kinds) > 1 or not kinds <= {bool, float, str}:
            raise _cannot(parameter, "is a vector, and its elements are not all of one type")
        return f"{parameter.name} <- c({', '.join(_r(parameter, one) for one in value)})"
    return f"{parameter.name} <- {_r(parameter, value)}"


def _r(parameter: Parameter, value: Any) -> str:  # noqa: ANN401 - any value of JSON
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper()
        case int():
            return f"{value}L" if abs(value) <= _LARGEST_R_INTEGER else repr(value)
        case float():
            return repr(value) if _r_reads_exactly(repr(value)) else value.hex()
        case str():
            return _escaped(value, _r_escape, ascii_only=True)
    return _r_collection(parameter, value)


def _r_collection(parameter: Parameter, value: list[Any] | dict[str, Any]) -> str:
    if isinstance(value, list):
        return f"list({', '.join(_r(parameter, one) for one in value)})"
    # R turns names into the encoding of its locale, which may have no other letters.
    if any(not 0 < len(key) <= _LONGEST_R_NAME or not key.isascii() for key in value):
        raise _cannot(parameter, "has a key that cannot be a name in every R")
    pairs = (f"{_r(parameter, key)} = {_r(parameter, one)}" for key, one in value.items())
    return f"list({', '.join(pairs)})"


def _r_escape(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) < 1 << 16 else f"\\U{ord(letter):08x}"


def _r_reads_exactly(text: str) -> bool:
    """Whether R, which rounds a decimal twice, first to 64 bits, reads the very same number."""
    _, digits, exponent = Decimal(text).as_tuple()
    whole = int("".join(map(str, digits)))
    if not isinstance(exponent, int) or whole >= 1 << 53 or abs(exponent) > 22:  # noqa: PLR2004
        return False
    exact = Fraction(whole) * Fraction(10) ** exponent
    if not exact:
        return True
    shift = 64 - (exact.numerator.bit_length() - exact.denominator.bit_length())
    shift -= exact * Fraction(2) ** shift >= 1 << 64
    once = Fraction(round(exact * Fraction(2) ** shift)) / Fraction(2) ** shift
    return float(once) == abs(float(text))
