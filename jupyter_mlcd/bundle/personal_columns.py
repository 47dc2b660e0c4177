"""Whether a column of a table holds what belongs to people: by its header, or by its values alone.

A header says only what could stand below it; the values must be of that kind too. Some kinds show
by themselves, because they carry check digits or have a form that nothing else has. Which share of
a column must fit is as others decide it too, who profile tables: most, not all, for people mistype.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_mlcd.bundle.first_names import FIRST_NAMES, TITLES
from jupyter_mlcd.bundle.tables_in_texts import LEAST_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    Column = tuple[str, Sequence[str]]
    """Header, empty where there is none, and values."""

_LEAST_WITHOUT_HEADER = 3
_SHARE = 0.6
_SHARE_OF_NAMES = 0.3
"""Of a column that is only called ``name``: so many have a frequent first name."""
_NOTHING = frozenset({"", "nan", "none", "null", "<na>", "nat", "...", "…", "-", "n/a", "na"})

NAME = "name"
_PLACE = "place on a map"

_HEADERS: dict[str, str] = {
    "e-mail address": "email, e mail, mail, email address, mail address, mailadresse, emailadresse",
    NAME: "first name, last name, firstname, lastname, surname, given name, family name, forename, "
    "middle name, maiden name, vorname, nachname, familienname, geburtsname, zuname, "
    "customer name, patient name, employee name, client name, student name, passenger name, "
    "person name, member name, applicant name, kundenname, patientenname, mitarbeitername, "
    "name des kunden, name des patienten, ansprechpartner, versicherter",
    "phone number": "phone, phone number, phone no, telephone, mobile, mobile phone, "
    "mobile number, cell phone, cellphone, tel, telefon, telefonnummer, "
    "handy, handynummer, mobilnummer, fax",
    "birth date": "birth date, birthdate, birthday, date of birth, dob, born, geburtsdatum, "
    "geburtstag, geb datum, geb",
    "address": "address, street, street address, home address, postal address, address line 1, "
    "addr, strasse, anschrift, adresse, wohnadresse, postanschrift, strasse hausnummer",
    "IBAN": "iban, bank account, account number, kontonummer, kontoverbindung, bankverbindung",
    "card number": "card number, credit card, credit card number, card no, cc number, ccn, "
    "kreditkarte, kreditkartennummer, kartennummer",
    "social security number": "ssn, social security number, social security no, social security",
    "tax id": "tax id, taxid, tin, steuer id, steueridnr, steuernummer, idnr, "
    "steueridentifikationsnummer, steuerliche identifikationsnummer",
    "number of a person": "patient, patient id, patientid, patient number, patient no, mrn, "
    "medical record number, patientennummer, patienten id, versichertennummer, kvnr, "
    "krankenversicherungsnummer, sozialversicherungsnummer, rentenversicherungsnummer, "
    "insurance number, national id, passport, passport number, passport no, passnummer, "
    "reisepass, ausweisnummer, personalausweis, personalausweisnummer, personalnummer, "
    "employee id, employee number, drivers license, driver license number, fuehrerschein, "
    "nhs number",
    _PLACE: "lat, latitude, lon, lng, long, longitude, breitengrad, laengengrad",
}
_BY_HEADER = {phrase.strip(): kind for kind, said in _HEADERS.items() for phrase in said.split(",")}
_ONLY_NAMED = frozenset({"name", "full name", "fullname", "names", "person", "vollstaendiger name"})
_BEFORE = """
applicant billing client contact customer employee guest home kunde kunden member mitarbeiter
patient patienten person primary private shipping student subscriber user work
"""
_PREFIXES = frozenset(_BEFORE.split())
"""``customer e-mail`` is an e-mail."""
_OF_SOFTWARE = frozenset({"author", "authors", "ip", "licence", "license", "mac", "maintainer",
                          "memory", "url", "web"})  # fmt: skip
"""What says who made something, or where a machine is."""

_WORDS = re.compile(r"[a-z]+|[0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_EMAIL = re.compile(r"[\w.%+-]{1,64}@(?:[a-zA-Z0-9-]{1,63}\.){1,8}[a-zA-Z]{2,24}")
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15
"""Of a telephone number; 15 are the most that ITU-T E.164 allows."""
_PHONE = re.compile(r"\+?[\d(][\d ()/.-]{5,24}\d")
_PHONE_ALONE = re.compile(
    r"(?:\+|00)[1-9]\d{0,2}[ ()/-]{1,2}\d[\d ()/-]{5,20}\d|\+[1-9]\d{8,14}"
    r"|(?:\(\d{3}\) ?|\d{3}-)\d{3}-\d{4}"
)
_DATE = re.compile(
    r"(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}/\d{1,2}/\d{1,2}"
    r"|\d{1,2}\.? [A-Za-zä]{3,9}\.? \d{4}|[A-Za-z]{3,9}\.? \d{1,2}, \d{4})(?:[ T][\d:.+Z-]{1,20})?"
)
_STREET = re.compile(
    r"\d{1,5}[a-zA-Z]? [^\W\d][\w .,'#-]{2,80}"
    r"|[^\W\d][\w .'-]{2,60} \d{1,4} ?[a-zA-Z]?(?:,.{0,80})?"
)
_NAME = re.compile(
    r"[^\W\d_][^\W\d_.'\u2019]*[.'\u2019]?(?:[ ,'\u2019.-]{1,3}[^\W\d_]+[.'\u2019]?){0,5}"
)
_FULL_NAME = re.compile(
    r"[^\W\d_]+[.'\u2019]?(?:[ ,()\"'\u2019.-]{1,3}[^\W\d_]+[.'\u2019)\"]?){0,9}"
)
_IBAN = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}")
_CARD = re.compile(r"[3-6]\d{3}(?:[ -]?\d){9,15}")
_SSN = re.compile(r"(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}")
_NUMBER = re.compile(r"-?\d{1,3}\.\d{1,16}")
_SOME = re.compile(r".*[^\W_].*", re.DOTALL)
_ID_DIGITS = 11
_ALIKE = frozenset({1, 2})
"""By how many the first ten digits of a German tax id are fewer kinds of digits than ten."""


def personal_kinds(columns: Sequence[Column], named: Collection[str] = ()) -> tuple[str, ...]:
    """Return what the columns of a table hold of people; empty where nothing does.

    ``named`` are headers that the project calls personal, whatever is below them.
    """
    own = {_plain(name): name for name in named}
    found: dict[str, None] = {}
    places = 0
    for header, values in columns:
        there = [one for one in (value.strip() for value in values) if one.lower() not in _NOTHING]
        if len(set(there)) < LEAST_ROWS:
            continue
        name = own.get(_plain(header))
        kind = name or _kind(header, there)
        if kind == _PLACE:
            places += 1
        elif kind:
            found[kind] = None
    if found and places > 1:
        found[_PLACE] = None
    return tuple(found)


def says_person(header: str, named: Collection[str] = ()) -> bool:
    """Whether a header means something of a person, whatever stands below it."""
    plain = _plain(header)
    return bool(
        plain and (_by_header(plain) or plain in _ONLY_NAMED or plain in set(map(_plain, named)))
    )


def _kind(header: str, values: Sequence[str]) -> str:
    plain = _plain(header)
    if _OF_SOFTWARE & {*plain.split()}:
        return ""
    said = _by_header(plain)
    if said and _fits(_BELOW[said], values):
        return said
    if plain in _ONLY_NAMED and _are_people(values):
        return NAME
    return next(_by_form(values), "")


def _by_form(values: Sequence[str]) -> Iterator[str]:
    """Yield the kinds that show without a header."""
    for kind, test, least, share in _ALONE:
        distinct = len({one for one in values if test(one)})
        fitting = sum(map(test, values))
        if distinct >= least and fitting >= share * len(values):
            yield kind


def _fits(test: Callable[[str], bool], values: Sequence[str]) -> bool:
    return sum(map(test, values)) >= max(LEAST_ROWS, _SHARE * len(values))


def _are_people(values: Sequence[str]) -> bool:
    """Whether values below ``name`` are names of people and not of things."""
    formed = [one for one in values if _FULL_NAME.fullmatch(one[:200])]
    known = [one for one in formed if {*_folded(one)} & (FIRST_NAMES | TITLES)]
    enough = max(LEAST_ROWS, _SHARE_OF_NAMES * len(values))
    return len(formed) >= _SHARE * len(values) and len(known) >= enough


def _folded(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def _plain(header: str) -> str:
    """Return a header as words: ``PatientName``, ``patient_name`` and ``Patient-Name`` are one."""
    folded = _CAMEL.sub(" ", header[:200]).lower().translate(_UMLAUTS)
    return " ".join(_WORDS.findall(folded))


def _by_header(plain: str) -> str:
    words = plain.split()
    while words and words[-1].isdigit():
        words = words[:-1]
    found = _BY_HEADER.get(" ".join(words), "")
    while not found and words and words[0] in _PREFIXES:
        words = words[1:]
        found = NAME if words == ["name"] else _BY_HEADER.get(" ".join(words), "")
    return found


def _is_phone(value: str) -> bool:
    digits = sum(map(str.isdigit, value))
    return bool(_PHONE.fullmatch(value)) and _FEWEST_DIGITS <= digits <= _MOST_DIGITS


def _is_phone_alone(value: str) -> bool:
    return bool(_PHONE_ALONE.fullmatch(value)) and _is_phone(value)


def _is_email(value: str) -> bool:
    return bool(_EMAIL.fullmatch(value[:400]))


def is_iban(value: str) -> bool:
    """Whether it is an international bank account number with right check digits (ISO 13616)."""
    if not _IBAN.fullmatch(value[:60]):
        return False
    plain = value.replace(" ", "")
    digits = "".join(str(int(one, 36)) for one in plain[4:] + plain[:4])
    return int(digits) % 97 == 1


def is_card(value: str) -> bool:
    """Whether it has the form and the check digit of a payment card (ISO/IEC 7812, Luhn)."""
    if not _CARD.fullmatch(value[:40]):
        return False
    total = 0
    for place, one in enumerate(reversed([int(c) for c in value if c.isdigit()])):
        doubled = one * 2 if place % 2 else one
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - the sum of its digits
    return total % 10 == 0


def is_tax_id(value: str) -> bool:
    """Whether it is a German tax id with its right check digit (ISO 7064, mod 11, 10)."""
    plain = value.replace(" ", "")
    if len(plain) != _ID_DIGITS or not (plain.isascii() and plain.isdigit()) or plain[0] == "0":
        return False
    if len(plain[:10]) - len(set(plain[:10])) not in _ALIKE:
        return False
    product = 10
    for one in plain[:10]:
        total = (int(one) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(plain[10])


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: bool(pattern.fullmatch(value[:200]))


_BELOW: dict[str, Callable[[str], bool]] = {
    "e-mail address": _is_email,
    NAME: _matches(_NAME),
    "phone number": _is_phone,
    "birth date": _matches(_DATE),
    "address": _matches(_STREET),
    "IBAN": is_iban,
    "card number": is_card,
    "social security number": _matches(re.compile(_SSN.pattern + r"|\d{9}")),
    "tax id": is_tax_id,
    "number of a person": _matches(_SOME),
    _PLACE: _matches(_NUMBER),
}
_ALONE: tuple[tuple[str, Callable[[str], bool], int, float], ...] = (
    ("e-mail address", _is_email, LEAST_ROWS, _SHARE),
    ("IBAN", is_iban, LEAST_ROWS, _SHARE),
    ("social security number", _matches(_SSN), LEAST_ROWS, _SHARE),
    ("phone number", _is_phone_alone, LEAST_ROWS, _SHARE),
    # One number in ten has a right check digit by chance: all of several must.
    ("card number", is_card, _LEAST_WITHOUT_HEADER, 1.0),
    ("tax id", is_tax_id, _LEAST_WITHOUT_HEADER, 1.0),
)
"""Kind, test, how many different ones, and which share of all."""
