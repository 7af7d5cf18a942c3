"""A name as the matcher sees it: words in plain letters, each with its weight."""

from __future__ import annotations

import re
from typing import NamedTuple

from rigour.names import replace_org_types_compare

from bot.screening.entity import Kind
from bot.screening.letters import foreign, latin, plain, syllabic, vowelless
from bot.screening.words import (
    COMMON,
    FORM,
    FORMS,
    FULL,
    GEOGRAPHY,
    INITIAL,
    NUMBERS,
    PARTICLES,
    SAME,
    SMALL,
    TITLE,
    TITLES,
)

LONGEST = 300  # letters of a name that are looked at
WORDS = 24
LETTERS = 4  # one by one: what is more is a name that was spaced out
MARKS = re.compile(r"['\u2019\u02bc`\u2018\u02bf\u02be\u2032\u05f3\"]")
DOTTED = re.compile(r"\b(?:\w\.){2,}\w?\b|\b(?:\w\.){2,}")
SPLIT = re.compile(r"[\W_]+")
DIGITS = str.maketrans("013457896", "oieastbgb")
JOINED_ABD = re.compile(r"abd(?:ul|el|al|oul|ur|er|ar|us|as|es)(?P<rest>\w{4,})$")


VOWELS = frozenset("aeiouy")
ARABIC = frozenset({"al", "bin", "ibn", "bint", "w"})


class Name(NamedTuple):
    """`words` in the order they stand, `weights` beside them; `written`: as it was given."""

    written: str
    words: tuple[str, ...]
    weights: tuple[float, ...]
    kind: Kind
    foreign: bool
    vowelless: bool
    syllabic: bool

    @property
    def joined(self) -> str:
        return "".join(self.words)

    def strong(self) -> tuple[str, ...]:
        """The words that carry the name."""
        return tuple(word for word, weight in zip(self.words, self.weights, strict=True) if weight > INITIAL)


def read(written: str, kind: Kind = Kind.UNKNOWN) -> Name:
    """Any text; what is no name at all has no words."""
    return _read(written, kind)[0]


def _read(written: str, kind: Kind) -> tuple[Name, bool]:
    """And whether a legal form was found in it."""
    text = plain(written[:LONGEST])
    from_afar = foreign(text)
    without = from_afar and vowelless(text)
    text = text.casefold()
    plainly = text
    text = unformed = MARKS.sub("", text)
    if kind is not Kind.PERSON:
        text = replace_org_types_compare(text, generic=True)
    formed = text != unformed
    if kind in {Kind.PERSON, Kind.UNKNOWN}:
        text = _turned(text)
    text = latin(text).casefold()
    text = DOTTED.sub(lambda found: found[0].replace(".", "") + " ", text)
    words = [word for word in SPLIT.split(MARKS.sub("", text)) if word]
    if len(words) > LETTERS and all(len(word) == 1 for word in words):  # "K i m J o n g U n"
        words = ["".join(words)]
    words = words[:WORDS]
    words = _numbers([_same(word) for each in words for word in _parted(each)], kind)
    without = without or _dropped(words)
    weights = tuple(_weight(word, kind, without=without) for word in words)
    if words and not any(weight == FULL for weight in weights):
        weights = tuple(_raised(word, weight) for word, weight in zip(words, weights, strict=True))
    syllables = from_afar and syllabic(plainly)
    return Name(written, tuple(words), weights, kind, from_afar, without, syllables), formed


def readings(written: str) -> tuple[Name, ...]:
    """Of someone of whom nothing is known: as anybody; where that finds a legal form or a number, as a person as well."""
    anybody, formed = _read(written, Kind.UNKNOWN)
    if DOTTED.search(written):  # "A.V. Minin": an abbreviation, or initials
        return (anybody, read(written.replace(".", " "), Kind.PERSON))
    if formed or FORM in anybody.weights or any(map(str.isdigit, anybody.words)):
        return (anybody, read(written, Kind.PERSON))
    return (anybody,)


def _turned(text: str) -> str:
    """The way it is said, of "Putin, Vladimir"; "Acme, Ltd" is said so already."""
    family, comma, given = text.partition(",")
    if not comma or "," in given or FORMS.intersection(SPLIT.split(given)):
        return text
    return f"{given} {family}"


def _dropped(words: list[str]) -> bool:
    """Typed without vowels: "Mhmd bn Slmn"."""
    long = [word for word in words if len(word) > 2 and word not in PARTICLES]
    return len(long) > 1 and all(
        word.isascii() and word.isalpha() and not VOWELS & set(word) for word in long
    )


def _parted(word: str) -> tuple[str, ...]:
    found = JOINED_ABD.match(word) if word.startswith("abd") else None
    return ("abd", found["rest"]) if found else (word,)


def _same(word: str) -> str:
    if not word.isalpha() and sum(map(str.isalpha, word)) >= 2 and word not in NUMBERS:
        word = word.translate(DIGITS)
    return SAME.get(word, word)


def _numbers(words: list[str], kind: Kind) -> list[str]:
    if kind is Kind.PERSON:
        return words
    found: list[str] = []
    for word in words:
        number = NUMBERS.get(word)
        here = number or word
        if here.isdigit() and found and len(here) == 1 and found[-1] in {"20", "30", "40", "50", "60", "70"}:
            found[-1] = str(int(found[-1]) + int(here))
        else:
            found.append(here)
    return found


def _weight(word: str, kind: Kind, *, without: bool) -> float:
    if without:  # consonants alone look like titles and legal forms that they are not
        return SMALL if word in ARABIC else FULL
    if word in PARTICLES:
        return SMALL
    if word in TITLES:
        return TITLE
    if word in FORMS and kind is not Kind.PERSON:
        return FORM
    if len(word) == 1 and not word.isdigit():
        return INITIAL
    if kind is Kind.ORGANISATION:
        return 0.5 if word in COMMON else 0.45 if word in GEOGRAPHY else FULL
    return FULL


def _raised(word: str, weight: float) -> float:
    """A name of nothing but small words is carried by them."""
    return weight if len(word) == 1 and word.isalpha() else FULL
