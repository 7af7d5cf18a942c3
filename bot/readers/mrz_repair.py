"""What a reader of pictures gets wrong in a machine-readable zone, and the repairs that invent nothing."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

LOOKS_LIKE_DIGIT = str.maketrans("ODQILZSGBA", "0001125684")
LOOKS_LIKE_LETTER = str.maketrans("015268", "OISZGB")
FILLERS = str.maketrans(dict.fromkeys("«‹《〈＜≪く⟨", "<") | dict.fromkeys(" \t\u00a0", None))
LIKE_FILLER = "<KCLESGX"  # what rows of fillers are misread as, most common first


def digits_only(text: str) -> str:
    """Look-alikes of digits become digits; other letters stay, and then fail the check digit."""
    return text.translate(LOOKS_LIKE_DIGIT)


def letters_only(text: str) -> str:
    return text.translate(LOOKS_LIKE_LETTER)


def clean(text: str) -> str:
    """A recognised line in the zone's alphabet: fillers, capitals, no blanks, nothing else."""
    upper = unicodedata.normalize("NFKC", text.translate(FILLERS)).translate(FILLERS).upper()
    return re.sub(r"[^A-Z0-9<]", "", upper)


def tidy_names(names: str) -> str:
    """Letters that stand for fillers in the tail go.

    Names have one double filler, between surname and given names (ICAO Doc 9303 Part 3, 4.6): after a second one
    only fillers follow. The tail is emptied only where it holds nothing but letters that fillers are misread as.
    """
    surname, gap, given = names.partition("<<")
    name, second, tail = given.partition("<<")
    if gap and second and set(tail) <= set(LIKE_FILLER) and _mostly_fillers(tail):
        return (surname + gap + name).ljust(len(names), "<")
    return names


def _mostly_fillers(tail: str) -> bool:
    longest = max((len(list(run)) for char, run in groupby(tail) if char != "<"), default=0)
    return longest <= 2 or tail.count("<") >= len(tail) / 2


def fitted(line: str, width: int, slack: int = 12) -> tuple[str, ...]:
    """The line in `width` places, by lengthening or shortening one run of fillers: every way there is.

    Recognisers lose count in rows of fillers; letters and digits are never added or taken. Longest runs first.
    """
    missing = width - len(line)
    if missing == 0:
        return (line,)
    if abs(missing) > slack:
        return ()
    runs = sorted(re.finditer(r"<+", line), key=lambda run: -len(run.group()))
    found = [
        line[: run.start()] + "<" * (len(run.group()) + missing) + line[run.end() :]
        for run in runs
        if len(run.group()) + missing >= 0
    ]
    if missing > 0:
        found.append(line + "<" * missing)
    return tuple(dict.fromkeys(found))[:6]
