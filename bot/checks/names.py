"""Two spellings of one person's name: order, middle names, transliteration, and names that a zone cut off."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import Enum

from bot.answers import fold
from bot.merging import as_in_zone

NEAR = 0.7  # of difflib's ratio: one letter in four to eight, two vowels in seven
PARTICLES = frozenset(
    [
        "DE",
        "DA",
        "DO",
        "DOS",
        "DAS",
        "DEL",
        "DI",
        "LA",
        "LE",
        "VON",
        "VAN",
        "DER",
        "DEN",
        "ZU",
        "Y",
        "E",
        "BIN",
        "IBN",
        "AL",
        "EL",
        "ABU",
        "OF",
        "THE",
        "MR",
        "MRS",
        "MS",
        "DR",
    ]
)
# Spellings that transliterations of one name differ in (Doc 9303-3 6, BGN/PCGN, everyday use), brought to one.
SPELLINGS = (
    ("SHCH", "SH"), ("TCH", "CH"), ("TSCH", "CH"), ("SCH", "SH"), ("DZH", "J"), ("KH", "H"), ("TS", "C"), ("PH", "F"),
    ("OU", "U"), ("OO", "U"), ("EE", "I"), ("IY", "I"), ("YY", "I"), ("IJ", "I"), ("YA", "IA"), ("JA", "IA"),
    ("YU", "IU"), ("JU", "IU"), ("YE", "E"), ("AE", "A"), ("OE", "O"), ("UE", "U"), ("AA", "A"), ("Y", "I"),
    ("J", "I"), ("W", "V"), ("Q", "K"), ("CK", "K"), ("X", "KS"),
)  # fmt: skip


class Alike(Enum):
    """Whether two names may be one person's."""

    YES = "yes"
    NEAR = "near"
    NO = "no"


def compared(typed: str, given: str, surname: str, *, cut: bool = False) -> Alike:
    """Every word of the shorter name stands in the longer one, in any order: yes. Nearly so, or but for the surname
    (another one before a marriage), or written in another script: near, for a person.

    `cut`: the printed name may have been cut off; the beginning of a word then counts as the word.
    """
    if not _latin(typed) or not _latin(f"{given}{surname}"):
        return (
            Alike.YES
            if fold(typed) in {fold(f"{given} {surname}"), fold(f"{surname} {given}"), fold(surname + given)}
            else Alike.NEAR
        )
    said, printed = words(typed), words(f"{given} {surname}")
    if not said or not printed:
        return Alike.NEAR
    if "".join(sorted(said)) == "".join(sorted(printed)) or _joined(said) & _joined(printed):
        return Alike.YES
    fewer, more = sorted((said, printed), key=len)
    likeness = [_best(word, more, cut=cut) for word in fewer]
    if len(fewer) >= min(2, len(more)) and all(one == 1 for one in likeness):
        return Alike.YES
    if all(one >= NEAR for one in likeness):
        return Alike.NEAR
    first = words(given)
    return Alike.NEAR if first and all(_best(word, said, cut=cut) == 1 for word in first[:1]) else Alike.NO


def words(name: str) -> list[str]:
    """Words of a name in one spelling, without particles where that leaves any."""
    found = [_spelled(word) for word in as_in_zone(name).split()]
    return [word for word in found if word not in PARTICLES] or found


def _latin(name: str) -> bool:
    return all(not char.isalpha() or char.isascii() for char in fold(name))


def _spelled(word: str) -> str:
    for one, other in SPELLINGS:
        word = word.replace(one, other)
    return "".join(char for at, char in enumerate(word) if at == 0 or char != word[at - 1])


def _joined(parts: Sequence[str]) -> set[str]:
    """Written in one word, either way round."""
    return {"".join([*parts[at:], *parts[:at]]) for at in (0, 1, len(parts) - 1)}


def _best(word: str, others: Sequence[str], *, cut: bool) -> float:
    """1 for the same word, the beginning of it where names are cut; an initial is nearly its name."""
    if word in others or (
        cut and any(len(o) > 1 and (o.startswith(word) or word.startswith(o)) for o in others)
    ):
        return 1.0
    if any(
        len(short) == 1 and long.startswith(short) for o in others for short, long in ((word, o), (o, word))
    ):
        return NEAR
    return max(SequenceMatcher(None, word, other).ratio() for other in others)
