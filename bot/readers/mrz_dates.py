"""Two-digit years and dates left open in a machine-readable zone (ICAO Doc 9303 Part 3, 4.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def century(text: str, today: date, ahead: int) -> str | None:
    """`YYMMDD` to an ISO-shaped date, `None` where it has no shape.

    The latest century that lies at most `ahead` years after `today`: 0 for births; 30 for expiries, as papers run
    10 years, 15 for licences, and some cards longer. A month or day given as `<<` or `00` is left off.
    Months and days that no calendar has stay as printed (some specimens carry 29 February 2011): checks judge them.
    """
    year, month, day = text[0:2], text[2:4], text[4:6]
    if len(text) != 6 or not year.isdecimal() or not year.isascii():
        return None
    if any(part != "<<" and not (part.isascii() and part.isdecimal()) for part in (month, day)):
        return None
    full = today.year - today.year % 100 + int(year)
    tail = "".join(part if part.isdecimal() else "00" for part in (month, day))
    if (full, tail) > (today.year + ahead, f"{today:%m%d}"):
        full -= 100
    elif full + 100 <= today.year + ahead:
        full += 100
    if month in {"<<", "00"}:
        return f"{full:04}"
    return f"{full:04}-{month}" if day in {"<<", "00"} else f"{full:04}-{month}-{day}"
