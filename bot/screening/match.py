"""How well two names agree, from 0 to 1, and why: word by word, every word that has no partner costs."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from operator import itemgetter
from typing import NamedTuple

from rapidfuzz.distance.OSA import distance

from bot.screening.entity import Kind
from bot.screening.names import Name
from bot.screening.pairing import How, Table, apart, paired
from bot.screening.words import FULL, INITIAL, TRADES

# All found on name pairs; bot/decisions/0006 says which and how.
CONFLICT = 0.55  # what is left of a score where each name has a word that the other lacks
MISSING = {Kind.PERSON: 0.05, Kind.ORGANISATION: 0.14, Kind.VESSEL: 0.2, Kind.UNKNOWN: 0.08}
ALONE = 0.3  # one word in common, of several
COMMONLY = 5  # times as much where the words in common are common themselves
MOST = 0.35
PERSON = Kind.PERSON  # an enum's member by its name takes ten times as long
SERVANT = "abd"  # one name with the word after it
LONG = 10  # letters from which on a word carries no more than others as long
SERIES = 0.15  # another number of a series
SERIAL = re.compile(r"[a-z]{0,3}\d+|[ivx]+")


HOWS = tuple(How)
DIFFERENT = (How.SPELLING, How.SHORT, How.INITIALS)
FIRST = itemgetter(0)


class Agreement(NamedTuple):
    """`pairs`: words that were taken for each other though they differ, the asked one first."""

    score: float
    how: tuple[How, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


NONE, HALF = Agreement(0.0), Agreement(CONFLICT)


def agreement(asked: Name, listed: Name, common: Container[str] = (), least: float = 0.0) -> Agreement:
    """The score does not depend on the order of words. `common`: words that many listed names share.

    Below `least` the score stands alone, without how it came about.
    """
    if not asked.words or not listed.words:
        return NONE
    if asked.words == listed.words:
        return Agreement(1.0, (How.SCRIPT,) if asked.foreign != listed.foreign else (How.EXACT,))
    table = paired(asked, listed)
    if apart(table):
        return HALF
    found = _scored(table, common, least)
    if asked.syllabic and listed.syllabic and found.score > CONFLICT:
        return HALF  # one sign apart is another name, however alike the two sound
    whole = _whole(asked, listed)
    return whole if whole.score > found.score else found


def _scored(table: Table, common: Container[str], least: float) -> Agreement:
    asked, listed = table.asked, table.listed
    mine, theirs = _left_over(table.left, asked.weights), _left_over(table.right, listed.weights)
    if mine and theirs and least > CONFLICT and listed.kind is PERSON:
        return NONE
    weight = lost = 0.0
    strong: list[str] = []
    for i, j, worth, how in table.matched:
        one, other = asked.words[i], listed.words[j]
        most = max(asked.weights[i], listed.weights[j])
        each = most * min(max(len(one), len(other)), LONG)
        weight += each
        lost += each * (1 - worth)
        if most > INITIAL and how is not How.INITIALS and one != SERVANT:
            strong.append(other)
    if not strong:
        return NONE
    series = _series(table) if len(strong) > 1 and listed.kind is not PERSON else 0.0
    if series:
        mine, theirs = _left_over(table.left, asked.weights), _left_over(table.right, listed.weights)
    if mine and theirs:
        return Agreement(CONFLICT * (1 - lost / weight))
    small = 0.01 * (len(table.left) + len(table.right))
    as_much = (1 - series) * (1 - lost / weight)
    score = max(as_much * _kept(table, mine, theirs, strong, common) - small, 0.0)
    if score < least:
        return Agreement(score)
    return Agreement(score, tuple(_how(table)), _pairs(table))


def _left_over(places: list[int], weights: tuple[float, ...]) -> float:
    return sum([worth for i in places if (worth := weights[i]) >= INITIAL])


def _series(table: Table) -> float:
    """Ships, funds and brigades are numbered: another number of the same series is worth a look, at a price."""
    mine = [i for i in table.left if SERIAL.fullmatch(table.asked.words[i])]
    theirs = [j for j in table.right if SERIAL.fullmatch(table.listed.words[j])]
    if not mine or not theirs:
        return 0.0
    table.left = [i for i in table.left if i not in mine]
    table.right = [j for j in table.right if j not in theirs]
    return SERIES


def _kept(table: Table, mine: float, theirs: float, strong: list[str], common: Container[str]) -> float:
    """What unmatched words leave of the score."""
    over = mine + theirs
    if not over:
        return 1.0
    if len(strong) < 2 and over >= FULL / 2:
        return 1 - ALONE
    kind = table.listed.kind
    usual = all(word in common or word in TRADES for word in strong)
    each = MISSING[kind] * (COMMONLY if usual else 1)
    return 1 - min(each * over, MOST)


def _how(table: Table) -> Iterator[How]:
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


def _pairs(table: Table) -> tuple[tuple[str, str], ...]:
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
    if edits > 2 and listed.kind is PERSON:
        other = listed.words[-1] + "".join(listed.words[:-1])
        edits = distance(one, other, score_cutoff=2)
    longer = max(len(one), len(other))
    if edits > 2 or edits / longer > 0.15 or _digits(one) != _digits(other):
        return NONE
    how = (How.SPACES,) if edits == 0 else (How.SPACES, How.SPELLING)
    return Agreement(0.97 - 1.2 * edits / longer, how)


def acronym(listed: Name) -> str:
    """First letters of an organisation's words; "" for people and for names of fewer than three words."""
    strong = listed.strong() if listed.kind is not PERSON else ()
    return "".join(word[0] for word in strong) if len(strong) >= 3 else ""


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
