"""Machine-readable zones: layouts, check digits, parsing and drawing, after ICAO Doc 9303 (8th edition).

Part 3 section 4 gives alphabet, names and check digits; Parts 4, 5, 6 and 7 the layouts TD3, TD1, TD2 and the two visas.
A check digit is blind where two characters' values agree modulo 10 (0/A/K/U, 1/B/L/V, ...) and to all names.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.readers.mrz_dates import century
from bot.readers.mrz_repair import digits_only, letters_only, tidy_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

ALPHABET = "<0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = frozenset("0123456789")
WEIGHTS = (7, 3, 1)  # Part 3, 4.9
VALUES: Mapping[str, int] = {char: max(at - 1, 0) for at, char in enumerate(ALPHABET)}


class Format(StrEnum):
    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRVA = "MRV-A"
    MRVB = "MRV-B"
    FRENCH = "IDFRA"


@dataclass(frozen=True)
class Span:
    """Half-open piece of one line, counted from 0."""

    line: int
    start: int
    end: int

    def of(self, lines: Sequence[str]) -> str:
        return lines[self.line][self.start : self.end]


@dataclass(frozen=True)
class Layout:
    """Where each field stands. `composite` lists what the last check digit runs over, `None` where there is none."""

    rows: int
    width: int
    spans: Mapping[str, Span]
    checks: Mapping[str, Span]
    composite: tuple[Span, ...]


def _two_rows(width: int, optional: Span, last: Span | None, *, optional_check: bool) -> Layout:
    """TD2, TD3 and visas share the places of all but the optional data and the last check digits."""
    spans = {
        "code": Span(0, 0, 2),
        "issuing_country": Span(0, 2, 5),
        "names": Span(0, 5, width),
        "number": Span(1, 0, 9),
        "nationality": Span(1, 10, 13),
        "birth_date": Span(1, 13, 19),
        "sex": Span(1, 20, 21),
        "expires_on": Span(1, 21, 27),
        "optional": optional,
    }
    checks = {"number": Span(1, 9, 10), "birth_date": Span(1, 19, 20), "expires_on": Span(1, 27, 28)}
    if optional_check:
        checks["optional"] = Span(1, 42, 43)
    if last is None:
        return Layout(2, width, spans, checks, ())
    checks["composite"] = last
    return Layout(2, width, spans, checks, (Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, last.start)))


LAYOUTS: Mapping[Format, Layout] = {
    Format.TD1: Layout(
        3,
        30,
        {
            "code": Span(0, 0, 2),
            "issuing_country": Span(0, 2, 5),
            "number": Span(0, 5, 14),
            "optional": Span(0, 15, 30),
            "birth_date": Span(1, 0, 6),
            "sex": Span(1, 7, 8),
            "expires_on": Span(1, 8, 14),
            "nationality": Span(1, 15, 18),
            "optional_2": Span(1, 18, 29),
            "names": Span(2, 0, 30),
        },
        {
            "number": Span(0, 14, 15),
            "birth_date": Span(1, 6, 7),
            "expires_on": Span(1, 14, 15),
            "composite": Span(1, 29, 30),
        },
        (Span(0, 5, 30), Span(1, 0, 7), Span(1, 8, 15), Span(1, 18, 29)),
    ),
    Format.TD2: _two_rows(36, Span(1, 28, 35), Span(1, 35, 36), optional_check=False),
    Format.TD3: _two_rows(44, Span(1, 28, 42), Span(1, 43, 44), optional_check=True),
    Format.MRVA: _two_rows(44, Span(1, 28, 44), None, optional_check=False),
    Format.MRVB: _two_rows(36, Span(1, 28, 36), None, optional_check=False),
    # French national identity card of 1988 to 2021: two rows of 36, no expiry (arrete du 12 mai 2010, annexe).
    Format.FRENCH: Layout(
        2,
        36,
        {
            "code": Span(0, 0, 2),
            "issuing_country": Span(0, 2, 5),
            "surname": Span(0, 5, 30),
            "number": Span(1, 0, 12),
            "given": Span(1, 13, 27),
            "birth_date": Span(1, 27, 33),
            "sex": Span(1, 34, 35),
        },
        {"number": Span(1, 12, 13), "birth_date": Span(1, 33, 34), "composite": Span(1, 35, 36)},
        (Span(0, 0, 36), Span(1, 0, 35)),
    ),
}

NUMERIC = ("birth_date", "expires_on")
SEXES = frozenset("MFX<")  # Part 3, 4.7 and Part 4, 4.2.2.2: X and the filler leave it open
ALPHABETIC = ("issuing_country", "nationality", "names", "surname", "given")


@dataclass(frozen=True, kw_only=True)
class Holder:
    """What a zone says. Dates are ISO; a day or month the document leaves open is left off (`1964-08`, `1964`)."""

    code: str
    issuing_country: str
    number: str
    surname: str
    given_names: str
    nationality: str
    birth_date: str
    sex: str
    expires_on: str
    optional: str = ""


@dataclass(frozen=True, kw_only=True)
class Mrz(Holder):
    """A zone as read: `failed` names the fields whose check digit disagrees or whose date has no shape."""

    format: Format
    lines: tuple[str, ...]
    failed: tuple[str, ...] = ()
    names_cut: bool = False

    @property
    def valid(self) -> bool:
        return not self.failed


def check_digit(text: str) -> str:
    """Part 3, 4.9: weights 7, 3, 1 repeating over the values, modulo 10. Characters of no value count as filler."""
    return str(sum(VALUES.get(char, 0) * WEIGHTS[at % 3] for at, char in enumerate(text)) % 10)


def formats_of(lines: Sequence[str]) -> Iterator[Format]:
    """Layouts that rows of these lengths may have; visas and the French card go by their first letters."""
    first = lines[0] if lines else ""
    for kind, layout in LAYOUTS.items():
        if len(lines) != layout.rows or any(len(line) != layout.width for line in lines):
            continue
        visa, french = first.startswith("V"), first.startswith("IDFRA")
        if kind in (Format.MRVA, Format.MRVB):
            fits = visa
        elif kind is Format.FRENCH:
            fits = french
        else:
            fits = not visa and not (french and kind is Format.TD2)
        if fits:
            yield kind


def parse(lines: Sequence[str], today: date) -> Mrz | None:
    """Rows of exact length to a zone; `None` where no layout fits. Never raises."""
    kinds = tuple(formats_of(lines))
    if not kinds or any(char not in VALUES for line in lines for char in line):
        return None
    return _read(kinds[0], tuple(lines), today)


def _read(kind: Format, printed: tuple[str, ...], today: date) -> Mrz:
    layout = LAYOUTS[kind]
    lines = _by_alphabet(layout, printed)
    fields = {name: span.of(lines) for name, span in layout.spans.items()}
    number, number_check = _number(kind, lines)
    surname, given, cut = _names(fields)
    born = century(fields["birth_date"], today, ahead=0)
    expiry = century(fields.get("expires_on", "<<<<<<"), today, ahead=30)
    return Mrz(
        format=kind,
        lines=lines,
        failed=tuple(_failed(layout, lines, number + number_check)),
        names_cut=cut,
        code=fields["code"].rstrip("<"),
        issuing_country=fields["issuing_country"].rstrip("<"),
        number=number.replace("<", ""),
        surname=surname,
        given_names=given,
        nationality=fields.get("nationality", fields["issuing_country"]).rstrip("<"),
        birth_date=born or "",
        sex=fields["sex"].replace("<", "X"),
        expires_on=expiry or "",
        optional=fields.get("optional", "").strip("<"),
    )


def _by_alphabet(layout: Layout, lines: Sequence[str]) -> tuple[str, ...]:
    """Characters that a field's alphabet forbids become the only look-alike it allows (O in a date is 0)."""
    rows = [list(line) for line in lines]
    numeric = [layout.spans[name] for name in NUMERIC if name in layout.spans] + list(layout.checks.values())
    pieces = [(span, digits_only) for span in numeric]
    alphabetic = [layout.spans[name] for name in ALPHABETIC if name in layout.spans]
    pieces += [(span, letters_only) for span in (Span(0, 0, 1), *alphabetic)]
    for span, only in pieces:
        rows[span.line][span.start : span.end] = only(span.of(lines))
    if "names" in layout.spans:
        span = layout.spans["names"]
        rows[span.line][span.start : span.end] = tidy_names("".join(rows[span.line][span.start : span.end]))
    return tuple("".join(row) for row in rows)


def _number(kind: Format, lines: Sequence[str]) -> tuple[str, str]:
    """Number and its check digit. Numbers over 9 places run on in the optional data of TD1 and TD2,
    with a filler where the check digit stands (Part 5, 4.2.2.1 note j; Part 6, 4.2.2.1 note j).
    """
    layout = LAYOUTS[kind]
    number, check = layout.spans["number"].of(lines), layout.checks["number"].of(lines)
    if kind in (Format.TD1, Format.TD2) and check == "<":
        more = layout.spans["optional"].of(lines).partition("<")[0]
        if len(more) >= 2 and more[-1] in DIGITS:
            return number + more[:-1], more[-1]
    return number, check


def _names(fields: Mapping[str, str]) -> tuple[str, str, bool]:
    """Surname, given names, and whether the zone may have cut them: no filler at its end (Part 3, 4.6.1)."""
    if "surname" in fields:
        parts = fields["surname"], fields["given"]
        return _spaced(parts[0]), _spaced(parts[1]), not all(part.endswith("<") for part in parts)
    names = fields["names"]
    surname, _, given = names.partition("<<")
    return _spaced(surname), _spaced(given), not names.endswith("<")


def _spaced(name: str) -> str:
    return " ".join(part for part in name.split("<") if part)


def _failed(layout: Layout, lines: Sequence[str], number: str) -> Iterator[str]:
    if check_digit(number[:-1]) != number[-1]:
        yield "number"
    for name in NUMERIC:
        if name in layout.spans and not _date_holds(layout, lines, name):
            yield name
    if layout.spans["sex"].of(lines) not in SEXES:
        yield "sex"
    if "optional" in layout.checks:
        text, check = layout.spans["optional"].of(lines), layout.checks["optional"].of(lines)
        if not (check == "<" and not text.strip("<")) and check != check_digit(text):  # Part 4, 4.2.2.2
            yield "optional"
    if layout.composite:
        everything = "".join(span.of(lines) for span in layout.composite)
        if check_digit(everything) != layout.checks["composite"].of(lines):
            yield "composite"


def _date_holds(layout: Layout, lines: Sequence[str], name: str) -> bool:
    text, check = layout.spans[name].of(lines), layout.checks[name].of(lines)
    shaped = all(pair == "<<" or set(pair) <= DIGITS for pair in (text[0:2], text[2:4], text[4:6]))
    return shaped and (check == check_digit(text) or (text == "<<<<<<" and check == "<"))
