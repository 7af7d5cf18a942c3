"""Which word of one name goes with which of another: the same, alike, joined, parted, an initial."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rapidfuzz.distance.OSA import distance

from bot.screening.alike import alike, as_said
from bot.screening.bare import alike_without_vowels
from bot.screening.given import ALIKE
from bot.screening.names import Name
from bot.screening.sound import sound
from bot.screening.words import INITIAL

JOINED, NEARLY_JOINED = (
    0.94,
    0.8,
)  # two words are one: beyond doubt, before any is paired; where words are left over
TOGETHER, SPELLED = 0.75, 0.62  # how alike two words that are one sound; how alike their letters are
BRIEF = 3  # consonants
APART = 3  # letters more or less: from here on two words in one are no other word

Like = Callable[[str, str], float]


class How(StrEnum):
    """What lies between two names that are taken for one."""

    EXACT = "exact"
    SCRIPT = "transliterated"
    ORDER = "word order"
    SPELLING = "spelling"
    SHORT = "short form"
    INITIALS = "initials"
    SPACES = "spaces"
    MISSING = "missing words"
    MORE = "further words"


@dataclass(slots=True)
class Table:
    """A matching in the making: which word of `asked` went with which of `listed`."""

    asked: Name
    listed: Name
    like: Like
    left: list[int]
    right: list[int]
    matched: list[tuple[int, int, float, How | None]]

    def take(self, i: int, j: int, worth: float, how: How | None = None) -> None:
        self.left.remove(i)
        self.right.remove(j)
        self.matched.append((i, j, worth, how))


def paired(asked: Name, listed: Name) -> Table:
    """As many as there are, the surest first. No more where each name has a word that goes with none of the other's."""
    one_is_bare = asked.vowelless != listed.vowelless
    like: Like = alike if not one_is_bare else alike_without_vowels if asked.vowelless else _turned
    table = _same(asked, listed, like)
    if one_is_bare:
        _pair_joined(table, like, JOINED)  # first: a part of a word may pass for the whole of it
    elif table.left and table.right and len(table.left) != len(table.right):
        _pair_parted(table)
    _pair_words(table)
    if apart(table):
        return table
    if table.left and table.right:
        _pair_joined(table, like if one_is_bare else nearly_same, NEARLY_JOINED)
        _pair_initials(table)
    _drop_repeated(table)
    return table


def _turned(asked: str, listed: str) -> float:
    return alike_without_vowels(listed, asked)


def _same(asked: Name, listed: Name, like: Like) -> Table:
    mine, theirs = asked.words, listed.words
    left, right = [], list(range(len(theirs)))
    matched: list[tuple[int, int, float, How | None]] = []
    for i, word in enumerate(mine):
        if word not in theirs:
            left.append(i)
        elif (j := theirs.index(word)) in right or (j := _next(right, theirs, word)) >= 0:
            right.remove(j)
            matched.append((i, j, 1.0, None))
        else:
            left.append(i)
    return Table(asked, listed, like, left, right, matched)


def _next(places: list[int], words: tuple[str, ...], word: str) -> int:
    """Of a word that stands in the name again, a place that is free; -1 where there is none."""
    return next((j for j in places if words[j] == word), -1)


def _pair_words(table: Table) -> None:
    left, right = table.left, table.right
    if not left or not right:
        return
    asked, listed, like = table.asked.words, table.listed.words, table.like
    mine, theirs = table.asked.weights, table.listed.weights
    likely = [
        (-worth, i, j)
        for i in left
        for j in right
        if (mine[i] > INITIAL) is (theirs[j] > INITIAL) and (worth := like(asked[i], listed[j]))
    ]
    for worth, i, j in sorted(likely):
        if i in left and j in right and len(asked[i]) + len(listed[j]) > 3:
            short = listed[j] in ALIKE.get(asked[i], ())
            table.take(i, j, -worth, How.SHORT if short else How.SPELLING)


def apart(table: Table) -> bool:
    """Each name has a word that can be neither an initial nor a part of one: nothing more will pair."""
    if not len(table.left) == len(table.right) == 1:
        return False
    (i,), (j,) = table.left, table.right
    if table.asked.weights[i] <= INITIAL or table.listed.weights[j] <= INITIAL:
        return False
    return len(table.asked.words[i]) > 2 and len(table.listed.words[j]) > 2


def _pair_joined(table: Table, like: Like, least: float) -> None:
    """As in "Jongun" and "Jong Un": two or three words of one side that are one of the other."""
    for one, other, flip in ((table.left, table.right, False), (table.right, table.left, True)):
        if len(other) < 2 or not one:
            continue
        mine = (table.listed if flip else table.asked).words
        theirs = (table.asked if flip else table.listed).words
        runs = list(_wholes(other, theirs, {len(mine[i]) for i in one if len(mine[i]) >= 4}))
        for i in list(one) if runs else ():
            size = len(mine[i])
            for run, whole in runs if size >= 4 else ():
                pair = (whole, mine[i]) if flip else (mine[i], whole)
                if abs(len(whole) - size) < APART and (worth := like(*pair)) >= least:
                    _take_run(table, i, run, worth, flip=flip)
                    runs = [each for each in runs if not set(each[0]) & set(run)]
                    break


def _pair_parted(table: Table) -> None:
    """The same, letter by letter."""
    for one, other, flip in ((table.left, table.right, False), (table.right, table.left, True)):
        mine = (table.listed if flip else table.asked).words
        theirs = (table.asked if flip else table.listed).words
        for first, second in list(pairwise(other)):
            if second - first == 1 and (whole := theirs[first] + theirs[second]) in mine:
                i = next((i for i in reversed(one) if mine[i] == whole), None)
                if i is not None and first in other and second in other:
                    _take_run(table, i, (first, second), 1.0, flip=flip)


def nearly_same(asked: str, listed: str) -> float:
    """Two words in one against another, 0 to 1: three consonants in common are chance, of as few the letters count."""
    enough = len(sound(asked)) > BRIEF
    near = as_said(asked, listed) if enough else 1 - distance(asked, listed) / max(len(asked), len(listed))
    return alike(asked, listed) if near >= (TOGETHER if enough else SPELLED) else 0.0


def _wholes(
    places: list[int], words: tuple[str, ...], sizes: set[int]
) -> Iterator[tuple[tuple[int, ...], str]]:
    """Runs that in one word are about as long as one of the sizes."""
    if not sizes:
        return
    least, most = min(sizes) - 2, max(sizes) + 2
    for size in range(2, min(len(places), 4) + 1):
        for first, last in zip(places, places[size - 1 :], strict=False):
            if last - first == size - 1 and least <= len(whole := "".join(words[first : last + 1])) <= most:
                yield tuple(range(first, last + 1)), whole


def _runs(places: list[int]) -> Iterator[tuple[int, ...]]:
    """Those that stand side by side: two, three or four of them."""
    for size in (2, 3, 4):
        for n in range(len(places) - size + 1):
            if places[n + size - 1] - places[n] == size - 1:
                yield tuple(places[n : n + size])


def _take_run(table: Table, i: int, run: tuple[int, ...], worth: float, *, flip: bool) -> None:
    one, other = (table.right, table.left) if flip else (table.left, table.right)
    one.remove(i)
    for j in run:
        other.remove(j)
    first = (run[0], i) if flip else (i, run[0])
    table.matched.append((*first, worth, How.SPACES))


def _pair_initials(table: Table) -> None:
    asked, listed = table.asked.words, table.listed.words
    if 1 in {*(len(asked[i]) for i in table.left), *(len(listed[j]) for j in table.right)}:
        for i in list(table.left):
            for j in list(table.right):
                one, other = asked[i], listed[j]
                if one[0] == other[0] and (len(one) == 1) != (len(other) == 1) and one.isalpha():
                    table.take(i, j, 0.8, How.INITIALS)
                    break
    for mine, theirs, flip in ((table.left, table.right, False), (table.right, table.left, True)):
        if mine and len(theirs) >= 2:
            _pair_letters(table, mine, theirs, flip=flip)


def _pair_letters(table: Table, mine: list[int], theirs: list[int], *, flip: bool) -> None:
    """First letters of two to four words, in one."""
    words, others = table.asked.words, table.listed.words
    if flip:
        words, others = others, words
    for i in list(mine):
        if 2 <= len(words[i]) <= 4:
            for run in _runs(theirs):
                if len(run) == len(words[i]) and words[i] == "".join([others[j][0] for j in run]):
                    _take_run(table, i, run, 0.8, flip=flip)
                    table.matched[-1] = (*table.matched[-1][:3], How.INITIALS)
                    break


def _drop_repeated(table: Table) -> None:
    """A word said twice, as in "Sergey Sergey Shoigu"."""
    for places, words in ((table.left, table.asked.words), (table.right, table.listed.words)):
        if not places or len(set(words)) == len(words):
            continue
        for i in list(places):
            if words.count(words[i]) > 1 and not all(
                k in places for k, word in enumerate(words) if word == words[i]
            ):
                places.remove(i)
