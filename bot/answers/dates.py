"""Days and times of day as people write them, and ages."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache

from babel import Locale

from bot.answers.places import LANGUAGES
from bot.answers.words import LONGEST, Unclear, clean, fold, plain

_NUMERIC = re.compile(r"(\d{1,4})\s*[./\-\s年月]\s*(\d{1,2})\s*[./\-\s月]\s*(\d{1,4})\s*日?")
_CLOCK = re.compile(
    r"""(?<![\w:.,/-]) (\d{1,2})
    (?: \s*[:.h時时點点]\s* (\d{2}) (?::\d{2})? | \s*(?:h|時|时|點|点|uhr|o'?clock)? )
    (?: \s*(a|p)\.?\s?m\b )? (?![\d:,/-])(?!\.\d)""",
    re.VERBOSE,
)
_DIGITS = re.compile(r"(\d{1,2})(\d\d)")
_WORDS = {"noon": "12:00", "midnight": "00:00"}


@cache
def months() -> dict[str, int]:
    """Folded month name, long or short, in any of LANGUAGES -> 1 to 12."""
    words: dict[str, int] = {}
    for names in (Locale(language).months for language in LANGUAGES):
        for kind, width in (("format", "wide"), ("format", "abbreviated"), ("stand-alone", "wide")):
            for number, word in names[kind][width].items():
                if not str(word).isdigit():
                    words.setdefault(fold(str(word)), int(str(number)))
    return words


def day(text: str) -> str | Unclear:
    """A date as people write it -> ISO 8601. Ambiguous orders (03/04/1990) are read day first."""
    said = clean(text)
    found = _NUMERIC.fullmatch(said)
    parts = [int(p) for p in found.groups()] if found else _spelled(said)
    if parts is None:
        return Unclear("not_a_date")
    year, month, of = parts if parts[0] > 31 else (parts[2], parts[1], parts[0])
    if month > 12 >= of:
        month, of = of, month
    try:
        return date(year, month, of).isoformat() if year > 1800 else Unclear("not_a_date")
    except ValueError:
        return Unclear("not_a_date")


def _spelled(said: str) -> list[int] | None:
    """«24 December 1990», «Dec 24, 1990» -> [day, month, year]."""
    words = fold(said).split()
    named = [m for m in (months().get(w) for w in words) if m]
    numbers = [int(w.rstrip("THNDRS")) for w in words if re.fullmatch(r"\d{1,4}(TH|ND|RD|ST)?", w)]
    if len(named) != 1 or len(numbers) != 2:
        return None
    year, of = max(numbers), min(numbers)
    return [of, named[0], year]


def birth_date(text: str) -> str | Unclear:
    """A date in the past, at most 120 years ago (judged against the year only: the checks know the day)."""
    said = day(text)
    if isinstance(said, str) and not 1900 <= date.fromisoformat(said).year <= 2100:
        return Unclear("not_a_date")
    return said


def age(born: str, on: datetime) -> int:
    """Full years between an ISO date and an instant."""
    birth = date.fromisoformat(born)
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def time_of_day(text: str) -> str | Unclear:
    """A time as people write it -> "14:30". A bare hour counts only where something says that it is one."""
    said = plain(text)[:LONGEST].lower()
    if said in _WORDS:
        return _WORDS[said]
    if digits := _DIGITS.fullmatch(said):
        return _clock(int(digits[1]), int(digits[2]), "")
    found = [f for f in _CLOCK.finditer(said) if f[2] or f[3] or not f[0].isdigit()]
    if len(found) != 1:
        return Unclear("not_a_time")
    return _clock(int(found[0][1]), int(found[0][2] or 0), found[0][3] or "")


def _clock(hour: int, minute: int, half: str) -> str | Unclear:
    """`half` is "a", "p" or nothing: 12 am is midnight, and 14:30 pm is what some people write."""
    if half and hour == 12:
        hour = 0
    if half == "p" and hour < 12:
        hour += 12
    if hour == 24 and not minute and not half:
        hour = 0
    wrong = hour > 23 or minute > 59 or (half == "a" and hour > 12)
    return Unclear("not_a_time") if wrong else f"{hour:02}:{minute:02}"
