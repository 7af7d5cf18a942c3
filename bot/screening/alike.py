"""How much alike two words are, from 0 to 1: by letters, by sound, as forms of one given name."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance.OSA import distance

from bot.screening.bare import phones
from bot.screening.given import ALIKE
from bot.screening.sound import sound

BRIEF = 4  # letters of a word whose first is hardly mistaken
UNLIKE = 0.55  # letter by letter as said: below it a sound in common is chance ("Garcia", "Cruz")
FAR, ROUGHLY = 3, 0.85  # from so many edits on two words are less alike than their share of letters says
PAIRED = 0.6  # words less alike than this are different words; bot/decisions/0006


@lru_cache(maxsize=200_000)
def alike(one: str, other: str) -> float:
    """Two Latin words, 0 to 1: by letters, by sound, as forms of one given name; below PAIRED it is 0."""
    if one == other:
        return 1.0
    forms = ALIKE.get(one)
    if forms is not None:
        if other in forms:
            return max(_by_letters(one, other), 0.9)
        if other in ALIKE:
            return 0.0  # each is known, as a name that is not the other
    said, heard = sound(one), sound(other)
    if said != heard and not PAIRED <= len(one) / len(other) <= 1 / PAIRED:
        return 0.0
    found = _by_letters(one, other)
    if said != heard and (found < PAIRED or (said[:1] != heard[:1] and min(len(one), len(other)) <= BRIEF)):
        return 0.0  # "Song" is no misspelt "Yong"
    if {one[0], other[0]} == {"f", "w"}:
        return 0.0  # both may sound like a "v", but not like each other
    if said == heard and one.isalpha() and (len(said) < 3 or as_said(one, other) >= UNLIKE):
        by_sound = 0.78 + 0.22 * found if len(said) >= 3 else 0.46 + 0.54 * found
        found = max(found, by_sound)
    return found if found >= PAIRED else 0.0


def as_said(one: str, other: str) -> float:
    """Of two Latin words, 0 to 1: letter by letter as they sound, vowels as well."""
    first, second = phones(one), phones(other)
    return 1 - distance(first, second) / max(len(first), len(second), 1)


def _by_letters(one: str, other: str) -> float:
    if one.isdigit() or other.isdigit():
        return 0.0
    shorter, longer = (len(one), len(other)) if len(one) < len(other) else (len(other), len(one))
    edits: int = distance(one, other)
    found = 1 - edits / longer
    if longer <= 3:
        return found * 0.9 if shorter == longer else found * 0.8
    return found if edits < FAR else found * ROUGHLY
