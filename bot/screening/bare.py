"""Words without vowels (Arabic, Hebrew, or typed so) against words that have them: letter by letter, as they sound."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance.OSA import distance

from bot.screening.sound import STEPS, once, spoken

LEAST = 0.6  # what is less alike is another word
ALIKE = 0.95  # words that agree in all that is written
SHORT = 0.88  # the same of less than three consonants, which says less
VOWELS = frozenset("aeiou")
LONG = {"a": frozenset("aeiou"), "w": frozenset("ouwv"), "y": frozenset("aiyej"), "f": frozenset("fv")}
# What it costs that a letter stands on one side alone; any other costs 1.
EXTRA = {"a": 0.3, "w": 0.4, "y": 0.4, "h": 0.4}  # of the bare word
SPOKEN = dict.fromkeys(VOWELS, 0.0) | {"y": 0.2, "h": 0.3, "w": 0.4}  # of the other
EMPHATIC = 0.5  # one letter is "d" in Arabic and "z" in Persian, another "th", "t" or "s"
OPENING = 0.5  # a vowel before all letters is written, as a rule, and an "a" there is heard
SURE = re.compile(r"([^aeiouwyhvf])")  # letters that neither stand for a vowel nor fall silent
PLAIN = str.maketrans("bcdgqxz", "pktkkks")
SKELETON = str.maketrans("s", "t", "aeiouwyhv")


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """What is surely written in either: its consonants, without those that may stand for a vowel or fall silent."""
    said = phones(word, bare=False).translate(SKELETON)
    return once(said.removesuffix("f")) or said or word


@lru_cache(maxsize=65536)
def phones(word: str, *, bare: bool = False) -> str:
    """A letter for each sound, vowels as they stand. An "h" is silent nowhere where nothing else is."""
    if not bare:
        return once(spoken(word).translate(PLAIN))
    word = word.replace("dh", "d").replace("th", "t")
    for letters, find, to in STEPS:
        if not letters.isdisjoint(word) and letters != {"h"}:
            word = find.sub(to, word)
    return word.translate(PLAIN)


@lru_cache(maxsize=50_000)
def alike_without_vowels(bare: str, full: str) -> float:
    """0 to 1; below LEAST it is 0."""
    if bare == full:
        return 1.0
    one, other = phones(bare, bare=True), phones(full, bare=False)
    written = max(_written(one), _written(other), 2)
    most = ALIKE if written > 2 else SHORT
    if most * (1 - distance(skeleton(bare), skeleton(full)) / written) < LEAST:
        return 0.0  # and no need to go letter by letter
    one = one.removesuffix("h") or one
    # Twice the same letter has a vowel between, or is one.
    found = most * (1 - min(_cost(each, other) for each in {one, once(one)}) / written)
    return found if found >= LEAST else 0.0


@lru_cache(maxsize=65536)
def _written(said: str) -> int:
    return sum(letter not in VOWELS for letter in said)


def _cost(bare: str, full: str) -> float:
    """The least that it costs to make one of the other. Between consonants that agree the rest is soon compared."""
    said, heard = bare[:1] == "a", full[:1] in VOWELS
    opening = 0.0 if said is heard else OPENING
    mine, theirs = SURE.split(bare), SURE.split(full)
    if len(mine) == len(theirs):
        swaps = sum(map(_swap, mine[1::2], theirs[1::2]))
        if swaps < 1:
            return opening + swaps + sum(map(_apart, mine[::2], theirs[::2]))
    return opening + _apart(bare, full)


@lru_cache(maxsize=65536)
def _apart(bare: str, full: str) -> float:
    row = [0.0]
    for letter in full:
        row.append(row[-1] + SPOKEN.get(letter, 1.0))
    for sign in bare:
        extra = EXTRA.get(sign, 1.0)
        before, row = row, [row[0] + extra]
        for n, letter in enumerate(full):
            row.append(
                min(before[n] + _swap(sign, letter), before[n + 1] + extra, row[n] + SPOKEN.get(letter, 1.0))
            )
    return row[-1]


def _swap(sign: str, letter: str) -> float:
    if sign == letter or letter in LONG.get(sign, ()):
        return 0.0
    return EMPHATIC if {sign, letter} == {"s", "t"} else 1.0
