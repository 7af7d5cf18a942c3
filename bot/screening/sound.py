"""How a Latin word sounds, roughly: its consonants in classes, so that ways to romanise one name fall together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter

# Applied in order. Sources: the romanisations that meet on lists (ISO 9, BGN, French, German, Polish; pinyin and
# Wade-Giles; McCune-Reischauer and the Revised Romanisation; the Arabic ones of ALA-LC, of France and of passports).
# Each step stands beside the letters without which it changes nothing.
STEPS = tuple(
    (frozenset(letters), re.compile(find), to)
    for letters, find, to in (
        ("m", r"^mc", "mk"),
        ("u", r"ou(?=[aeiy])", "w"),
        ("sz", r"szcz", "j"),
        ("hjz", r"tsch|tch|dzh|dsch|sch|sh|zh|ch|dj|cz|^hs(?=[iu])", "j"),
        ("xq", r"^x|^q(?=i(?![rsba])|u(?![rsbadt]))", "j"),
        ("x", r"x", "ks"),
        ("p", r"ph", "f"),
        ("k", r"kh", "h"),
        ("gcq", r"gh|ck|q", "k"),
        ("j", r"(?<=[aeiou])j(?![aeiou])|j$", ""),
        ("c", r"c(?=[eiy])", "s"),
        ("h", r"(?<=[^aeiouy])h|h$|h(?=[^aeiouy]*$)(?<=[^aeiou]h)", ""),
        ("zs", r"tz|ts|dz", "s"),
    )
)
CLASSES = str.maketrans("bcdfgqwz", "pktvkkvs", "aeiouy")
TWICE, FIRST = re.compile(r"(.)\1+"), itemgetter(1)


@lru_cache(maxsize=65536)
def spoken(word: str) -> str:
    """Of plain small letters: one for each sound, as near as all the ways to write it allow."""
    for letters, find, to in STEPS:
        if not letters.isdisjoint(word):
            word = find.sub(to, word)
    return word


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Vowels go but for an "a" where the word begins with one; b and p, d and t, g and k, f and v, s and z are one."""
    if not word.isascii() or not word.isalpha():
        return word
    said = spoken(word)
    first = "a" if said[:1] in "aeiouy" else ""
    return first + once(said.translate(CLASSES))


def once(text: str) -> str:
    """Without the same letter twice in a row."""
    return TWICE.sub(FIRST, text)


def together(words: Sequence[str]) -> str:
    """How they sound in one word; from the sounds of each, since those are known already."""
    rest = "".join(sound(word).removeprefix("a") for word in words[1:])
    return once(sound(words[0]) + rest) if words else ""
