"""Writes machine-readable zones: the rows of a passport (TD3) or a card (TD1) from what they shall say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.readers.mrz import LAYOUTS, Format, Span, check_digit

# ICAO Doc 9303 Part 3, section 6.A: Latin letters that are written with two, or that have no accent to lose.
TWO_LETTERS = str.maketrans(
    {"Ä": "AE", "Å": "AA", "Æ": "AE", "Ö": "OE", "Ø": "OE", "Ü": "UE", "ß": "SS", "ẞ": "SS", "Þ": "TH"}
    | {"Ð": "D", "Đ": "D", "Ł": "L", "Œ": "OE", "Ħ": "H", "ı": "I"}
)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whom a specimen names. `country` is alpha-3 (or UTO) for issuer and nationality; `sex` is F, M or X."""

    surname: str
    given_names: str
    birth_date: date
    expires_on: date
    number: str
    country: str
    sex: str


def zone(kind: Format, code: str, person: Person) -> tuple[str, ...]:
    """Rows of `kind`, check digits included. ValueError for a number of more than nine letters and digits."""
    layout = LAYOUTS[kind]
    number = re.sub(r"[^A-Z0-9]", "", person.number.upper())
    if not 0 < len(number) <= 9:
        raise ValueError(f"A document number has one to nine letters and digits, not {len(number)}")
    names = layout.spans["names"]
    values = {
        "code": code,
        "issuing_country": person.country,
        "nationality": person.country,
        "number": number,
        "birth_date": f"{person.birth_date:%y%m%d}",
        "expires_on": f"{person.expires_on:%y%m%d}",
        "sex": "<" if person.sex == "X" else person.sex,
        "names": _names(person.surname, person.given_names, names.end - names.start),
    }
    return _checked(kind, values)


def _checked(kind: Format, values: Mapping[str, str]) -> tuple[str, ...]:
    layout = LAYOUTS[kind]
    lines = ["<" * layout.width] * layout.rows
    for name, span in layout.spans.items():
        _put(lines, span, values.get(name, ""))
    for name, span in layout.checks.items():
        if name != "composite":
            _put(lines, span, check_digit(layout.spans[name].of(lines)))
    _put(lines, layout.checks["composite"], check_digit("".join(span.of(lines) for span in layout.composite)))
    return tuple(lines)


def _put(lines: list[str], span: Span, text: str) -> None:
    line, room = lines[span.line], span.end - span.start
    lines[span.line] = line[: span.start] + text[:room].ljust(room, "<") + line[span.end :]


def _names(surname: str, given_names: str, room: int) -> str:
    """A surname too long leaves room for the first letter of the given names (Part 4, 4.2.3 examples)."""
    given = _transliterated(given_names)
    return f"{_transliterated(surname)[: room - 3 if given else room]}<<{given}"[:room]


def _transliterated(name: str) -> str:
    """Hyphens and spaces become fillers, apostrophes and accents go (Part 3, 4.6 and section 6)."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name).upper().translate(TWO_LETTERS))
    bare = re.sub(r"['’`.]", "", "".join(char for char in letters if not unicodedata.combining(char)))
    if not bare.isascii():
        raise ValueError("A specimen's name is written in Latin letters")
    return re.sub(r"[^A-Z]+", "<", bare).strip("<")
