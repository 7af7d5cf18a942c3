"""Finds the machine-readable zone among recognised rows of text, and fits its rows to a layout."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from bot.readers.mrz import LAYOUTS, NUMERIC, SEXES, Format, Mrz, Span, check_digit, parse
from bot.readers.mrz_repair import clean, digits_only, fitted, letters_only

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

SHAPES = ((2, 44), (2, 36), (3, 30))
FITS_AT_MOST = 200  # ways to fit one window of rows; real zones need fewer than ten
FEWEST_FILLERS = 3  # that were seen, not added to make up the width; every zone has a double one and more
ALIKE = 0.75  # of a row's letters, where two readings are of the same row
NOT_NAMES = frozenset("012568")  # the digits that reading a row as names turns into letters
FIRST_LETTERS = frozenset(
    "PIACVSDLRT"
)  # Part 3 to 7, position 1: passports, cards, crew, visas; licences by custom


def find(rows: Sequence[Sequence[str]], today: date) -> Mrz | None:
    """The best zone in rows ordered from top to bottom, each with one or more readings, likeliest first.

    A zone whose check digits all agree wins; where two such disagree in number, birth or expiry, none is believed
    and the first is given as failed (`ambiguous`). Otherwise the zone with the fewest failures, if it looks like one.
    """
    cleaned = [tuple(dict.fromkeys(clean(text) for text in readings)) for readings in rows]
    found = list(_zones(cleaned, today))
    good = [zone for zone in found if zone.valid]
    if good:
        return good[0] if len({key(zone) for zone in good}) == 1 else doubtful(good[0])
    likely = [zone for zone in found if _looks_like_one(zone)]
    return min(likely, key=lambda zone: (len(zone.failed), -len(zone.lines)), default=None)


def from_text(text: str, today: date) -> Mrz | None:
    """The zone in a piece of typed or recognised text, one row a line. Never raises."""
    return find([(line,) for line in text.splitlines() if line.strip()], today)


def _zones(rows: Sequence[tuple[str, ...]], today: date) -> Iterator[Mrz]:
    """Rows that need the least fitting first: with more fillers at their end, a TD2 card's pass for a passport's."""
    for window, width in sorted(_windows(rows), key=_misfit):
        ways = product(*(_ways(readings, row, len(window), width) for row, readings in enumerate(window)))
        for lines in islice(ways, FITS_AT_MOST):
            zone = parse(lines, today)
            zone = zone and (_covered(zone, lines, today) or zone)
            if zone is not None and not (zone.valid and _made_up(zone, lines, window)):
                yield zone


def _covered(zone: Mrz, lines: Sequence[str], today: date) -> Mrz | None:
    """A passport whose first row lacks its first letter or two, under a finger or a glare: all else stands a place off.

    Known by its second row, which says whose passport it is: that code stands where a passport's first row has it
    once what is covered is put back. No check digit watches that row.
    """
    first, nation = letters_only(lines[0]), zone.nationality.ljust(3, "<")
    if zone.format is not Format.TD3 or zone.issuing_country == zone.nationality or not zone.nationality:
        return None
    for hidden in ("P", "P<"):
        whole = hidden + first[: len(first) - len(hidden)]
        if whole[2:5] == nation and first.endswith("<"):
            return parse([whole, *lines[1:]], today)
    return None


def _made_up(zone: Mrz, lines: Sequence[str], window: Sequence[tuple[str, ...]]) -> bool:
    """A date left open, or a sex there is not, in a row whose fillers we put there ourselves to make up its width.

    Open dates need no check digit, so that such a row would agree with too little.
    """
    spans = {name: LAYOUTS[zone.format].spans.get(name) for name in (*NUMERIC, "sex")}
    for name, span in spans.items():
        if span is not None and lines[span.line] not in window[span.line]:
            text = span.of(zone.lines)
            if (name == "sex" and text not in SEXES) or (name != "sex" and "<" in text):
                return True
    return False


def _windows(rows: Sequence[tuple[str, ...]]) -> Iterator[tuple[Sequence[tuple[str, ...]], int]]:
    for count, width in SHAPES:
        for start in range(len(rows) - count + 1):
            window = rows[start : start + count]
            seen = sum(max((text.count("<") for text in readings), default=0) for readings in window)
            fits = all(any(-28 <= len(text) - width <= 12 for text in readings) for readings in window)
            if fits and seen >= FEWEST_FILLERS:
                yield window, width


def _misfit(candidate: tuple[Sequence[tuple[str, ...]], int]) -> int:
    window, width = candidate
    return sum(min(abs(len(text) - width) for text in readings) for readings in window)


def _ways(readings: tuple[str, ...], row: int, count: int, width: int) -> tuple[str, ...]:
    """Rows of names are only ever lengthened or shortened at their end: no check digit watches them."""
    names = row == (0 if count == 2 else 2)
    found: list[str] = []
    for at, text in enumerate(readings):
        if not names and at and not NOT_NAMES & set(text):
            continue  # a reading as names, in which digits became letters, is no reading of a row of numbers
        if names:
            stem = text.rstrip("<")
            found += [text[:width].ljust(width, "<")] if len(stem) <= width else []
        else:
            found += fitted(text, width)
    return tuple(dict.fromkeys(found))


def key(zone: Mrz) -> tuple[str, str, str]:
    """What two readings must agree in to be the same zone: all that check digits protect and we report."""
    return zone.number, zone.birth_date, zone.expires_on


def doubtful(zone: Mrz) -> Mrz:
    """The same zone, not believed: another reading says otherwise and its check digits agree too."""
    return Mrz(**{**vars(zone), "failed": ("ambiguous",)})


def disputed(zone: Mrz, texts: Sequence[str]) -> bool:
    """Another reading of one of the rows has another number, birth date or expiry whose own check digit holds too.

    Check digits are blind to look-alikes whose values agree modulo 10 (1 and L, 6 and G): neither is then believed.
    """
    layout, said = LAYOUTS[zone.format], [clean(text) for text in texts]
    for name, check in layout.checks.items():
        if name not in {"number", *NUMERIC}:
            continue
        span, line = layout.spans[name], zone.lines[check.line]
        right = span.of(zone.lines) + check.of(zone.lines)
        for text in said:
            if len(text) == len(line) and _alike(text, line) and _rivals(text, name, (span, check), right):
                return True
    return False


def _rivals(text: str, name: str, places: tuple[Span, Span], right: str) -> bool:
    read = "".join(text[place.start : place.end] for place in places)
    seen = read if name == "number" else digits_only(read)
    return seen != right and seen[-1].isdecimal() and check_digit(seen[:-1]) == seen[-1]


def _alike(text: str, line: str) -> bool:
    """Readings of one row, letter for letter."""
    return sum(one == other for one, other in zip(text, line, strict=True)) >= ALIKE * len(line)


def _looks_like_one(zone: Mrz) -> bool:
    """Two field checks agree (by chance: 1 in 100), or rows full of fillers that begin as a zone does."""
    layout = LAYOUTS[zone.format]
    agree = len([name for name in layout.checks if name not in zone.failed and name != "optional"])
    fillers = sum(line.count("<") for line in zone.lines)
    begins = zone.lines[0][0] in FIRST_LETTERS
    return begins and ((agree >= 2 and fillers >= 4) or fillers >= (12 if zone.format is Format.TD1 else 8))
