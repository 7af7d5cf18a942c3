"""From the recogniser's probabilities to rows of letters, in its own alphabet or in a zone's."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bot.readers.mrz import ALPHABET
from bot.readers.mrz_repair import FILLERS, LOOKS_LIKE_LETTER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

DOUBT = 0.01  # a look-alike this likely beside the letter chosen is worth a check digit's opinion
LOOK_ALIKES = {
    "0": "OQD",
    "O": "0QD",
    "Q": "0O",
    "D": "0O",
    "1": "I",
    "I": "1",
    "8": "B",
    "B": "8",
    "5": "S",
    "S": "5",
}
LOOK_ALIKES |= {"2": "Z", "Z": "2", "6": "G", "G": "6"}


@dataclass(frozen=True)
class Row:
    """One recognised row: its text and the probabilities of its letters, 0 to 1: their mean, and the least.

    `others`: the same row with one letter replaced by the look-alike that the recogniser held nearly as likely.
    """

    text: str
    score: float
    others: tuple[str, ...] = ()
    weakest: float = 0.0


def plain(chances: NDArray[np.float32], letters: Sequence[str]) -> Row:
    """The row in the recogniser's own alphabet, from a probability of each letter (second axis) at each step."""
    return _collapse(chances, letters)


def zone(chances: NDArray[np.float32], letters: tuple[str, ...]) -> tuple[Row, Row]:
    """The row in the machine-readable alphabet: once with all of it, once as a row of names (no digits)."""
    whole, names = (_collapse(chances @ summed, meant, evenly=True) for summed, meant in _alphabets(letters))
    return whole, names


def _collapse(chances: NDArray[np.float32], letters: Sequence[str], evenly: bool = False) -> Row:
    """Connectionist decoding: the likeliest letter a step, repeats and blanks (column 0) dropped.

    `evenly`: letters stand at even distances, as in a zone.
    """
    best = chances.argmax(axis=1)
    said = [letters[at] for at in best]
    steps = [at for at, letter in enumerate(said) if letter and (at == 0 or said[at - 1] != letter)]
    if evenly:
        steps = _once(steps, said)
    text = [said[at] for at in steps]
    sure = [float(chances[at].max()) for at in steps] or [0.0]
    others = tuple(_others(chances, letters, text, steps))
    return Row("".join(text), sum(sure) / len(sure), others, min(sure))


def _once(steps: Sequence[int], said: Sequence[str]) -> list[int]:
    """One letter seen as two (0 and then O within half a letter's room) is one."""
    if len(steps) < 3:
        return list(steps)
    room = (steps[-1] - steps[0]) / (len(steps) - 1)
    kept = list(steps[:1])
    for step in steps[1:]:
        one, other = said[kept[-1]], said[step]
        if step - kept[-1] > 0.55 * room or (one != other and other not in LOOK_ALIKES.get(one, "")):
            kept.append(step)
    return kept


def _others(
    chances: NDArray[np.float32], letters: Sequence[str], text: Sequence[str], steps: Sequence[int]
) -> Iterator[str]:
    for place, step in enumerate(steps):
        for twin in LOOK_ALIKES.get(text[place], ""):
            likely = max(
                (float(chances[step, at]) for at, letter in enumerate(letters) if letter == twin), default=0.0
            )
            if likely > DOUBT * float(chances[step].max()):
                yield "".join((*text[:place], twin, *text[place + 1 :]))


@lru_cache(maxsize=2)
def _alphabets(letters: tuple[str, ...]) -> tuple[tuple[NDArray[np.float32], tuple[str, ...]], ...]:
    """The zone's alphabet and that of its names, each with the table that adds up what stands for the same letter.

    Small letters, wide forms and the like stand for their capitals; in names, digits for the letters they look like.
    """
    found = []
    for names in (False, True):
        meant = ["", *(_meant(letter, names=names) for letter in letters[1:])]
        alphabet = ("", *sorted(set(meant) - {""}))
        table = np.zeros((len(letters), len(alphabet)), np.float32)
        for at, letter in enumerate(meant):
            if letter or not at:
                table[at, alphabet.index(letter)] = 1
        found.append((table, alphabet))
    return tuple(found)


def _meant(letter: str, *, names: bool) -> str:
    """The letter of the zone that a letter of the recogniser stands for; "" where it stands for none."""
    capital = unicodedata.normalize("NFKC", letter).translate(FILLERS).upper()
    if len(capital) != 1 or capital not in ALPHABET:
        return ""
    return capital.translate(LOOKS_LIKE_LETTER) if names else capital
