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
        for found in days(text or ""):
            if found not in self.born:
                self.born.append(found)

    def note(self, *texts: str | None) -> None:
        for text in texts:
            if text and text.strip() and (clean := " ".join(text.split())[:LONGEST]) not in self.notes:
                self.notes.append(clean)


def days(text: str) -> list[str]:
    """ISO dates, or their beginnings, in "1971", "19 Aug 1954", "00/00/1954", "1954-08-19", "1954 to 1957"."""
    text = text.strip()
    if found := NUMERIC.findall(text):
        return [_iso(year, month, day) for day, month, year in found]
    if ISO.match(text):
        return ["-".join(part for part in found if part) for found in ISO.findall(text)]
    return [_iso(year, _month(month), day) for day, month, year in DAY.findall(text)]


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
