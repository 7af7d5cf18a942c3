"""How a Latin word sounds, roughly: its consonants in classes, so that ways to romanise one name fall together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

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
        ("j", r"(?<=[aeiou])j(?![aeiou])", ""),
        ("j", r"j(?=$)", ""),
        ("c", r"c(?=[eiy])", "s"),
        ("h", r"(?<=[^aeiouy])h|h$|h(?=[^aeiouy]*$)(?<=[^aeiou]h)", ""),
        ("zs", r"tz|ts|dz", "s"),
        ("fv", r"ff?$|v", "v"),
    )
)
CLASSES = str.maketrans("bcdfgqwz", "pktvkkvs")
VOWELS = re.compile(r"[aeiouy]+")
TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Vowels go but for an "a" where the word begins with one; b and p, d and t, g and k, f and v, s and z are one."""
    if not word.isascii() or not word.isalpha():
        return word
    for letters, find, to in STEPS:
        if not letters.isdisjoint(word):
            word = find.sub(to, word)
    word = word.translate(CLASSES)
    first = "a" if word[:1] in "aeiouy" else ""
    return first + TWICE.sub(r"\1", VOWELS.sub("", word))


def together(words: Sequence[str]) -> str:
    """How they sound in one word; from the sounds of each, since those are known already."""
    rest = "".join(sound(word).removeprefix("a") for word in words[1:])
    return TWICE.sub(r"\1", sound(words[0]) + rest) if words else ""
