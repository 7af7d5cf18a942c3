"""What a file says of one entity, before the core sees it; countries as ISO letters, dates as ISO dates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

LONGEST = 500
MOST_NAMES = 200
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DAY = re.compile(r"(?:(\d{1,2})[ .-])?(?:([A-Za-z]{3})[a-z]*[ .-])?((?:19|20)\d\d)\b")
NUMERIC = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d)")
RANGE = re.compile(r"(.*\d.*?)\s+(?:to|and|-)\s+(.*\d.*)")
WIDEST = 15  # years of a range that are read one by one; of a wider one any birth date might be, so it says nothing
ISO = re.compile(r"((?:18|19|20)\d\d)(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(slots=True)
class Record:
    """`kind` is person, organisation, vessel or unknown."""

    id: str
    names: list[str] = field(default_factory=list)
    kind: str = "unknown"
    born: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def name(self, *parts: str | None) -> None:
        """Adds a name from its parts, if there is any."""
        whole = " ".join(part.strip() for part in parts if part and part.strip())[:LONGEST]
        if whole and whole not in self.names and len(self.names) < MOST_NAMES:
            self.names.append(" ".join(whole.split()))

    def place(self, text: str | None) -> None:
        code = country(text or "")
        if code and code not in self.countries:
            self.countries.append(code)

    def day(self, text: str | None) -> None:
        self._born(days(text or ""))

    def between(self, first: str, last: str) -> None:
        """Born within these two days or years, however they are written; one alone is that one."""
        self._born(span(days(first), days(last)))

    def _born(self, found: Iterable[str]) -> None:
        self.born += [day for day in dict.fromkeys(found) if day not in self.born]

    def note(self, *texts: str | None) -> None:
        for text in texts:
            if text and text.strip() and (clean := " ".join(text.split())[:LONGEST]) not in self.notes:
                self.notes.append(clean)


def days(text: str) -> list[str]:
    """ISO dates, or their beginnings, in "1971", "19 Aug 1954", "00/00/1954", "1954-08-19", "1954 to 1957".

    Of a range each year in it, none where it is wider than WIDEST.
    """
    text = text.strip()
    if ends := RANGE.fullmatch(text):
        return span(days(ends[1]), days(ends[2]))
    if found := NUMERIC.findall(text):
        return [_iso(year, month, day) for day, month, year in found]
    if ISO.match(text):
        return ["-".join(part for part in found if part) for found in ISO.findall(text)]
    return [_iso(year, _month(month), day) for day, month, year in DAY.findall(text)]


def span(first: list[str], last: list[str]) -> list[str]:
    """What both ends have in common: a day, a month, or each year between them. A missing end is the other one."""
    if not first or not last:
        return [*first, *last]
    low, high = min(first), max(last)
    if low == high or (low[:7] == high[:7] and len(low) > 4):
        return [low if low == high else low[:7]]
    years = range(int(low[:4]), int(high[:4]) + 1)
    return [str(year) for year in years] if 0 < len(years) <= WIDEST else []


def _month(name: str) -> str:
    return str(MONTHS.index(name.lower()) + 1) if name.lower() in MONTHS else ""


def _iso(year: str, month: str, day: str) -> str:
    if not month or not 1 <= int(month) <= 12:
        return year
    if not day or not int(day):
        return f"{year}-{int(month):02}"
    try:
        return f"{datetime(int(year), int(month), int(day)):%Y-%m-%d}"  # noqa: DTZ001 - a day, not an instant
    except ValueError:
        return year


@lru_cache(maxsize=8192)
def country(text: str) -> str:
    """ISO 3166 letters of a country however a list writes it; "" where it is none."""
    text = text.strip()
    if len(text) < 2 or len(text) > 120:
        return ""
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    from rigour.territories import lookup_territory

    found = lookup_territory(text)
    while found is not None and found.parent is not None and len(found.code) > 2:
        found = found.parent
    return found.code.upper() if found is not None and len(found.code) == 2 else ""


def in_order(records: Iterable[Record]) -> list[Record]:
    """Those that have a name."""
    return [record for record in records if record.names]
