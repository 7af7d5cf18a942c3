"""The door for evidence: what readers send is brought into sound form before it becomes history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

DATES = ("birth_date", "expires_on", "issued_on")
NUMBERS = ("width", "height", "brightness", "sharpness")


def sound(evidence: Mapping[str, str]) -> dict[str, str]:
    """Only strings, dates that are dates, numbers that are numbers: what is not so is left out, as if unread."""
    kept = {str(name): str(value) for name, value in evidence.items() if value not in {None, ""}}
    broken = [name for name in DATES if name in kept and not _is_date(kept[name])]
    if any(name in kept and not _is_number(kept[name]) for name in NUMBERS):
        broken += NUMBERS
    return {name: value for name, value in kept.items() if name not in broken}


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).removeprefix("-").isdecimal()
