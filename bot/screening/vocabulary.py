"""The words of all listed names: which of them may pass for a word that is asked for, and the names they stand in."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, combinations
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.screening.alike import BRIEF, FAR, PAIRED, ROUGHLY
from bot.screening.bare import alike_without_vowels, skeleton
from bot.screening.given import ALIKE
from bot.screening.making import SOUND, SOUNDS, TOKEN, consonants_missing, letters_missing
from bot.screening.sound import sound
from bot.screening.tables import Tables

SEEN = 20_000  # words whose names are remembered
GROUPS = 500_000  # names of groups of words that stand for each other, of which the same holds
ALIKENESS = OSA.normalized_similarity
PAIRS = 10_000  # pairs of such groups
MIXED = 100  # names that two words lead to by the same words, from which on that is counted once
LARGE = 400  # names of each of two groups, from which on it pays to remember those they share
SURELY = PAIRED / ROUGHLY  # even where FAR edits or more lie between
SHORT_LIKE = 0.33  # of two short words that sound alike, at least this much is the same


class Led(NamedTuple):
    """A word: the numbers of those `like` it, and the places of the names that have one of them."""

    word: str
    like: frozenset[int]
    places: frozenset[int]


class Group(NamedTuple):
    """Words that may stand for one and the same word, as "Juan" and "Hans" for "Jean"; or one word by itself.

    The first layer has the names that have any of them; the second those that have two, so that one "Jean" does not
    count as both; and so on. Never fewer names than there are.
    """

    words: tuple[str, ...]
    layers: tuple[frozenset[int], ...]


class Vocabulary:
    """Asked for the same words again and again: what was found is remembered."""

    def __init__(self, tables: Tables) -> None:
        self._numbers = {word: n for n, word in enumerate(tables.spelled)}
        self._spelled = tables.spelled
        self._near, self._at = tables.near, tables.at
        self._by_sound, self._skipped = tables.sounding, tables.skipped
        self._twice = frozenset(tables.twice)
        self._seen: dict[tuple[str, bool], Led] = {}
        self._held = 0
        self._groups: dict[tuple[tuple[str, ...], bool], Group] = {}
        self._sounds: dict[int, list[str]] = {}
        self._shared: dict[tuple[tuple[str, ...], tuple[str, ...], bool], array[int]] = {}

    def led(self, word: str, *, without: bool) -> Led:
        """The names that have this word, or one much like it. `without`: it is written without vowels."""
        known = self._seen.get((word, without))
        if known is None:
            if len(self._seen) > SEEN:
                self._seen.clear()
            like = frozenset(self._similar(word, without=without))
            known = self._seen[word, without] = Led(word, like, frozenset(self._in(like)))
        return known

    def joined(self, word: str, *, without: bool) -> list[int]:
        """The names that have this word, two of them in one: a slip beside the space is rare."""
        return list(self._in(self._heard(word) if without else self._alike_nearly(word, sound(word))))

    def groups(self, led: Sequence[Led], *, without: bool) -> list[Group]:
        """Those together that a word of the lists may stand for alike."""
        found = []
        for some in self._together(led):
            if len(some) == 1:
                found.append(Group((some[0].word,), (some[0].places,)))
                continue
            words = tuple(each.word for each in some)
            known = self._groups.get((words, without))
            if known is None:
                known = self._remembered(Group(words, tuple(self._layers(some))), without=without)
            found.append(known)
        return found

    def _remembered(self, group: Group, *, without: bool) -> Group:
        if self._held > GROUPS:
            self._groups.clear()
            self._held = 0
        self._groups[group.words, without] = group
        self._held += sum(map(len, group.layers))
        return group

    def sharing(self, one: Group, other: Group, *, without: bool) -> Iterable[int]:
        """Names with a word for either: common words meet again and again."""
        if min(len(one.layers[0]), len(other.layers[0])) < LARGE:
            return one.layers[0] & other.layers[0]
        key = (min(one.words, other.words), max(one.words, other.words), without)
        known = self._shared.get(key)
        if known is None:
            if len(self._shared) > PAIRS:
                self._shared.clear()
            known = self._shared[key] = array("I", one.layers[0] & other.layers[0])
        return known

    def _layers(self, group: Sequence[Led]) -> Iterable[frozenset[int]]:
        yield frozenset(chain.from_iterable(each.places for each in group))
        two = frozenset(chain.from_iterable(self._two(one, other) for one, other in combinations(group, 2)))
        yield two
        for times in range(3, len(group) + 1):
            yield frozenset(place for place in two if sum(place in each.places for each in group) >= times)

    def _two(self, one: Led, other: Led) -> Iterable[int]:
        """Names that have a word for each of the two, and not the same."""
        both, either = one.places & other.places, one.like & other.like
        doubtful = both.intersection(self._in(either)) - self._twice
        if not doubtful:
            return both
        words = Counter(self._in(one.like | other.like))
        return [place for place in both if place not in doubtful or words[place] > 1]

    def _in(self, like: Iterable[int]) -> Iterable[int]:
        starts, flat = self._at.starts, self._at.flat
        return chain.from_iterable([flat[starts[n] : starts[n + 1]] for n in like])

    def _similar(self, word: str, *, without: bool) -> set[int]:
        """Words of the lists that may pass for this one. Those of one sound, or an edit apart, need no second look."""
        said, get = sound(word), self._near.get
        sure = self._alike_nearly(word, said)
        if forms := ALIKE.get(word):
            sure.update(n for other in forms if (n := self._numbers.get(other)) is not None)
        if len(word) >= SOUND and len(said) >= SOUNDS:
            sure.update(self._like(word, self._sounding(said)))
        bare = () if without else get("`" + skeleton(word))
        sure.update(n for n in bare if alike_without_vowels(self._spelled[n], word))
        if without:
            sure.update(self._heard(word))
        return sure

    def _heard(self, word: str) -> Iterable[int]:
        """Words with vowels that this one without them may be."""
        heard = self._near.get("'" + skeleton(word))
        return (n for n in heard if alike_without_vowels(word, self._spelled[n]))

    def _alike_nearly(self, word: str, said: str) -> set[int]:
        """Of the same sound, or a letter apart."""
        same = self._near.get("=" + said)
        sure = set(same if len(said) >= 3 else self._within(word, same, SHORT_LIKE))
        if len(word) in TOKEN:
            some = self._near.all(letters_missing(word))
            sure.update(
                some if len(word) >= SOUND else self._among(word, self._beginning(word, some), PAIRED)
            )
        return sure

    def _beginning(self, word: str, numbers: Iterable[int]) -> list[str]:
        """Those that begin with the same sound, where either is brief; "Song" is no misspelt "Yong"."""
        first, brief = sound(word)[:1], len(word) <= BRIEF
        words = [self._spelled[n] for n in numbers]
        return [each for each in words if (not brief and len(each) > BRIEF) or sound(each)[:1] == first]

    def _sounding(self, said: str) -> list[str]:
        """Long words that sound so but for a consonant."""
        get, of_sound = self._sounds.get, self._of_sound
        rows = [get(n) or of_sound(n) for n in self._skipped.all(consonants_missing(said))]
        return list(chain.from_iterable(rows))

    def _of_sound(self, number: int) -> list[str]:
        found = self._sounds[number] = [self._spelled[n] for n in self._by_sound[number]]
        return found

    def _within(self, word: str, places: Iterable[int], least: float) -> list[int]:
        return self._among(word, [self._spelled[n] for n in places], least)

    def _among(self, word: str, words: list[str], least: float) -> list[int]:
        """The numbers of those that are like the word by letters."""
        found = extract(word, words, scorer=ALIKENESS, score_cutoff=least, limit=None)
        return [self._numbers[other] for other, *_ in found]

    def _like(self, word: str, words: list[str]) -> list[int]:
        """The numbers of those that `alike` takes for the word by their letters."""
        found = extract(word, words, scorer=ALIKENESS, score_cutoff=PAIRED, limit=None)
        size, numbers = len(word), self._numbers
        return [
            numbers[other]
            for other, much, _ in found
            if much >= SURELY or (1 - much) * max(size, len(other)) < FAR - 0.5
        ]

    def _together(self, led: Sequence[Led]) -> list[list[Led]]:
        found: list[list[Led]] = []
        for one in led:
            joined = [group for group in found if any(self._interchange(one, other) for other in group)]
            found = [group for group in found if group not in joined]
            found.append([*chain.from_iterable(joined), one])
        return found

    def _interchange(self, one: Led, other: Led) -> bool:
        """Whether it is worth the effort to tell them apart."""
        if one.like.isdisjoint(other.like):
            return False
        starts = self._at.starts
        return sum(starts[n + 1] - starts[n] for n in one.like & other.like) > MIXED
