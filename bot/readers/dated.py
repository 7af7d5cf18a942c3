"""Days as papers print them, in whatever language: 12.05.2026, «le 3 juin 2026», May 12, 2026, 12MAY26, 2026年5月12日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from bot.answers import fold
from bot.answers.dates import months

SIGN = r"\s?[./\-–]\s?"
NUMERIC = re.compile(
    rf"(?<![\d.,/])(\d{{1,4}})({SIGN}|\s)(\d{{1,2}})(?:{SIGN}|\s)(\d{{2,4}})(?![\d/]|[.,]\d)"
)
EASTERN = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
WORD = r"([^\W\d_]{3,14})\.?"
TWICE = rf"(?:\s?/\s?{WORD})?"  # 14 MAR/MARS 1987
OF = r"(?:de[l]?\s|of\s|d')?"
DAY_FIRST = re.compile(
    rf"(?<![\d.,])(\d{{1,2}})(?:st|nd|rd|th|er|º|°|\.)?[\s.\-/]?\s?{OF}{WORD}{TWICE}[\s,.\-/]*{OF}(\d{{4}}|\d{{2}}(?![\d.,:]))",
    re.IGNORECASE,
)
MONTH_FIRST = re.compile(
    rf"(?<![^\W\d_]){WORD}\s?(\d{{1,2}})(?:st|nd|rd|th)?[,.]?\s{{0,2}}(\d{{4}})", re.IGNORECASE
)
THIS_CENTURY = 50  # years of two digits below it


def dates_in(text: str, *, month_first: bool = False) -> tuple[str, ...]:
    """All days in a row, ISO, as they stand there. Where both orders are possible: day first, unless told otherwise."""
    found: dict[int, str] = {}
    for at, iso in _all(text, month_first):
        if iso:
            found.setdefault(at, iso)
    return tuple(found[at] for at in sorted(found))


def _all(text: str, month_first: bool) -> Iterator[tuple[int, str]]:
    for match in EASTERN.finditer(text):
        yield match.start(), _iso(*match.groups())
    for match in DAY_FIRST.finditer(text):
        day, word, again, year = match.groups()
        yield match.start(), _iso(year, _month(word) or _month(again or ""), day)
    for match in MONTH_FIRST.finditer(text):
        word, day, year = match.groups()
        yield match.start(), _iso(year, _month(word), day)
    for match in NUMERIC.finditer(text):
        yield match.start(), _numeric(match, month_first=month_first)


def _numeric(match: re.Match[str], *, month_first: bool) -> str:
    one, sign, middle, last = match.groups()
    if len(one) == 4:
        return _iso(one, middle, last)
    if len(one) > 2 or len(last) == 3 or (len(last) == 2 and not sign.strip()):
        return ""
    swapped = month_first and sign.strip() in {"/", "-"}
    return (_iso(last, one, middle) if swapped else "") or _iso(last, middle, one) or _iso(last, one, middle)


def _iso(year: str, month: str | int, day: str) -> str:
    full = int(year) + ((2000 if int(year) < THIS_CENTURY else 1900) if len(year) == 2 else 0)
    try:
        return date(full, int(month), int(day)).isoformat() if full > 1800 else ""
    except ValueError:
        return ""


def _month(word: str) -> int:
    """1 to 12 by a month's name in any language, or its beginning where that is no other month's; else 0."""
    said = fold(word)
    named = months().get(said, 0)
    if named or not said:
        return named
    begun = {number for name, number in _long().items() if len(said) >= 3 and name.startswith(said)}
    return begun.pop() if len(begun) == 1 else 0


@cache
def _long() -> dict[str, int]:
    return {name: number for name, number in months().items() if len(name) > 3}
