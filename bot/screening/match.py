"""How well two names agree, from 0 to 1, and why: word by word, every word that has no partner costs."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise
from operator import itemgetter

from rapidfuzz.distance.OSA import distance

from bot.screening.alike import alike
from bot.screening.bare import alike_without_vowels
from bot.screening.entity import Kind
from bot.screening.given import ALIKE
from bot.screening.names import Name
from bot.screening.words import FULL, INITIAL

# All found on name pairs; bot/decisions/0006 says which and how.
JOINED, NEARLY_JOINED = (
    0.94,
    0.8,
)  # two words are one beyond doubt, before any is paired; where words are left over
CONFLICT = 0.55  # what is left of a score where each name has a word that the other lacks
MISSING = {Kind.PERSON: 0.05, Kind.ORGANISATION: 0.14, Kind.VESSEL: 0.2, Kind.UNKNOWN: 0.08}
ALONE = 0.3  # one word in common, of several
COMMONLY = 5  # times as much where the words in common are common themselves
MOST = 0.35
APART = 0.38  # edits for each letter, at the most, of two words that are one
SERVANT = "abd"  # one name with the word after it
SERIES = 0.15  # another number of a series
SERIAL = re.compile(r"[a-z]{0,3}\d+|[ivx]+")


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


HOWS = tuple(How)
DIFFERENT = (How.SPELLING, How.SHORT, How.INITIALS)
FIRST = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Agreement:
    """`pairs`: words that were taken for each other though they differ, the asked one first."""

    score: float
    how: tuple[How, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


NONE = Agreement(0.0)
Like = Callable[[str, str], float]


@dataclass(slots=True)
class _Table:
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


def agreement(asked: Name, listed: Name, common: Container[str] = (), least: float = 0.0) -> Agreement:
    """The score does not depend on the order of words. `common`: words that many listed names share.

    Below `least` the score stands alone, without how it came about.
    """
    if not asked.words or not listed.words:
        return NONE
    if asked.words == listed.words:
        return Agreement(1.0, (How.SCRIPT,) if asked.foreign != listed.foreign else (How.EXACT,))
    one_is_bare = asked.vowelless != listed.vowelless
    like: Like = alike if not one_is_bare else alike_without_vowels if asked.vowelless else _turned
    table = _Table(asked, listed, like, list(range(len(asked.words))), list(range(len(listed.words))), [])
    _pair_same(table)
    if one_is_bare:
        _pair_joined(table, like, JOINED)  # first: a part of a word may pass for the whole of it
    elif table.left and table.right and len(table.left) != len(table.right):
        _pair_parted(table)
    _pair_words(table)
    if _apart(table):
        return Agreement(CONFLICT)
    if table.left and table.right:
        _pair_joined(table, like if one_is_bare else _nearly_same, NEARLY_JOINED)
        _pair_initials(table)
    _drop_repeated(table)
    found = _scored(table, common, least)
    if asked.syllabic and listed.syllabic and found.score > CONFLICT:
        return Agreement(CONFLICT)  # one sign apart is another name, however alike the two sound
    whole = _whole(asked, listed)
    return whole if whole.score > found.score else found


def _turned(asked: str, listed: str) -> float:
    return alike_without_vowels(listed, asked)


def _pair_same(table: _Table) -> None:
    asked, listed = table.asked.words, table.listed.words
    for i, word in enumerate(asked):
        if word in listed:
            for j in table.right:
                if listed[j] == word:
                    table.take(i, j, 1.0)
                    break


def _pair_words(table: _Table) -> None:
    if not table.left or not table.right:
        return
    asked, listed, like = table.asked.words, table.listed.words, table.like
    theirs = [(j, listed[j], table.listed.weights[j] > INITIAL) for j in table.right]
    likely = []
    for i in table.left:
        word, strong = asked[i], table.asked.weights[i] > INITIAL
        for j, other, as_strong in theirs:
            if strong is as_strong and len(word) + len(other) > 3 and (worth := like(word, other)):
                likely.append((-worth, i, j))
    for worth, i, j in sorted(likely):
        if i in table.left and j in table.right:
            short = listed[j] in ALIKE.get(asked[i], ())
            table.take(i, j, -worth, How.SHORT if short else How.SPELLING)


def _apart(table: _Table) -> bool:
    """Each name has a word that can be neither an initial nor a part of one: nothing more will pair."""
    if not len(table.left) == len(table.right) == 1:
        return False
    (i,), (j,) = table.left, table.right
    if table.asked.weights[i] <= INITIAL or table.listed.weights[j] <= INITIAL:
        return False
    return len(table.asked.words[i]) > 2 and len(table.listed.words[j]) > 2


def _pair_joined(table: _Table, like: Like, least: float) -> None:
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
                if -3 < len(whole) - size < 3 and (worth := like(*pair)) >= least:
                    _take_run(table, i, run, worth, flip=flip)
                    runs = [each for each in runs if not set(each[0]) & set(run)]
                    break


def _pair_parted(table: _Table) -> None:
    """The same, letter by letter."""
    for one, other, flip in ((table.left, table.right, False), (table.right, table.left, True)):
        mine = (table.listed if flip else table.asked).words
        theirs = (table.asked if flip else table.listed).words
        whole = {mine[i]: i for i in one}
        for first, second in list(pairwise(other)):
            i = whole.get(theirs[first] + theirs[second]) if second - first == 1 else None
            if i is not None and i in one and first in other and second in other:
                _take_run(table, i, (first, second), 1.0, flip=flip)


def _nearly_same(asked: str, listed: str) -> float:
    near = distance(asked, listed) <= APART * max(len(asked), len(listed))
    return alike(asked, listed) if near else 0.0


def _wholes(
    places: list[int], words: tuple[str, ...], sizes: set[int]
) -> Iterator[tuple[tuple[int, ...], str]]:
    """Runs that in one word are about as long as one of the sizes."""
    if not sizes:
        return
    wanted = {size + more for size in sizes for more in (-2, -1, 0, 1, 2)}
    ends = [0, *accumulate(map(len, words))]
    for size in (2, 3, 4):
        for first, last in zip(places, places[size - 1 :], strict=False):
            if last - first == size - 1 and ends[last + 1] - ends[first] in wanted:
                yield tuple(range(first, last + 1)), "".join(words[first : last + 1])


def _runs(places: list[int]) -> Iterator[tuple[int, ...]]:
    """Those that stand side by side: two, three or four of them."""
    for size in (2, 3, 4):
        for n in range(len(places) - size + 1):
            if places[n + size - 1] - places[n] == size - 1:
                yield tuple(places[n : n + size])


def _take_run(table: _Table, i: int, run: tuple[int, ...], worth: float, *, flip: bool) -> None:
    one, other = (table.right, table.left) if flip else (table.left, table.right)
    one.remove(i)
    for j in run:
        other.remove(j)
    first = (run[0], i) if flip else (i, run[0])
    table.matched.append((*first, worth, How.SPACES))


def _pair_initials(table: _Table) -> None:
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


def _pair_letters(table: _Table, mine: list[int], theirs: list[int], *, flip: bool) -> None:
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


def _drop_repeated(table: _Table) -> None:
    """A word said twice, as in "Sergey Sergey Shoigu"."""
    for places, words in ((table.left, table.asked.words), (table.right, table.listed.words)):
        if not places or len(set(words)) == len(words):
            continue
        for i in list(places):
            if words.count(words[i]) > 1 and not all(
                k in places for k, word in enumerate(words) if word == words[i]
            ):
                places.remove(i)


def _scored(table: _Table, common: Container[str], least: float) -> Agreement:
    asked, listed = table.asked, table.listed
    mine, theirs = _left_over(table.left, asked.weights), _left_over(table.right, listed.weights)
    if mine and theirs and least > CONFLICT and listed.kind is Kind.PERSON:
        return NONE
    weight = lost = 0.0
    strong: list[str] = []
    for i, j, worth, how in table.matched:
        most = max(asked.weights[i], listed.weights[j])
        each = most * min(max(len(asked.words[i]), len(listed.words[j])), 10)
        weight += each
        lost += each * (1 - worth)
        if most > INITIAL and how is not How.INITIALS and asked.words[i] != SERVANT:
            strong.append(listed.words[j])
    if not strong:
        return NONE
    series = _series(table) if len(strong) > 1 else 0.0
    if series:
        mine, theirs = _left_over(table.left, asked.weights), _left_over(table.right, listed.weights)
    if mine and theirs:
        return Agreement(CONFLICT * (1 - lost / weight))
    score = (1 - series) * (1 - lost / weight) * _kept(table, mine, theirs, strong, common)
    small = 0.01 * (len(table.left) + len(table.right))
    score = max(score - small, 0.0)
    if score < least:
        return Agreement(score)
    return Agreement(score, tuple(_how(table)), _pairs(table))


def _left_over(places: list[int], weights: tuple[float, ...]) -> float:
    return sum([worth for i in places if (worth := weights[i]) >= INITIAL])


def _series(table: _Table) -> float:
    """Ships, funds and brigades are numbered: another number of the same series is worth a look, at a price."""
    if table.listed.kind is Kind.PERSON:
        return 0.0
    mine = [i for i in table.left if SERIAL.fullmatch(table.asked.words[i])]
    theirs = [j for j in table.right if SERIAL.fullmatch(table.listed.words[j])]
    if not mine or not theirs:
        return 0.0
    table.left = [i for i in table.left if i not in mine]
    table.right = [j for j in table.right if j not in theirs]
    return SERIES


def _kept(table: _Table, mine: float, theirs: float, strong: list[str], common: Container[str]) -> float:
    """What unmatched words leave of the score."""
    over = mine + theirs
    if len(strong) < 2 and over >= FULL / 2:
        return 1 - ALONE
    kind = table.listed.kind
    each = MISSING[kind] * (COMMONLY if all(word in common for word in strong) else 1)
    return 1 - min(each * over, MOST)


def _how(table: _Table) -> Iterator[How]:
    if table.asked.foreign != table.listed.foreign:
        yield How.SCRIPT
    if seen := [
        how for *_, how in table.matched if how is not None
    ]:  # a list: to hash an enum's member is slow
        yield from [how for how in HOWS if how in seen]
    places = [j for _, j, *_ in sorted(table.matched, key=FIRST)]
    if places != sorted(places):
        yield How.ORDER
    if table.right:
        yield How.MISSING
    if table.left:
        yield How.MORE


def _pairs(table: _Table) -> tuple[tuple[str, str], ...]:
    asked, listed = table.asked.words, table.listed.words
    paired = [(i, j) for i, j, _, how in table.matched if how in DIFFERENT]
    return tuple([(asked[i], listed[j]) for i, j in sorted(paired)])


def _whole(asked: Name, listed: Name) -> Agreement:
    """Without their spaces: "AlisherUsmanov", "Good Will", "Patr ushev"; only names of much the same length."""
    if len(asked.words) == 1 and len(asked.words[0]) >= 3 and asked.words[0] == acronym(listed):
        return Agreement(0.8, (How.INITIALS,))
    if len(asked.words) == len(listed.words):
        return NONE
    one, other = asked.joined, listed.joined
    if len(one) < 5 or not -3 < len(one) - len(other) < 3:
        return NONE
    edits = distance(one, other, score_cutoff=2)
    if edits > 2 and listed.kind is Kind.PERSON:
        other = listed.words[-1] + "".join(listed.words[:-1])
        edits = distance(one, other, score_cutoff=2)
    longer = max(len(one), len(other))
    if edits > 2 or edits / longer > 0.15 or _digits(one) != _digits(other):
        return NONE
    how = (How.SPACES,) if edits == 0 else (How.SPACES, How.SPELLING)
    return Agreement(0.97 - 1.2 * edits / longer, how)


def acronym(listed: Name) -> str:
    """First letters of an organisation's words; "" for people and for names of fewer than three words."""
    strong = listed.strong() if listed.kind is not Kind.PERSON else ()
    return "".join(word[0] for word in strong) if len(strong) >= 3 else ""


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
