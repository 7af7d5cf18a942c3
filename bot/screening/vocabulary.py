"""The words of all listed names: which of them may pass for a word that is asked for, and the names they stand in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, combinations
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.screening import bits
from bot.screening.alike import BRIEF, FAR, PAIRED, ROUGHLY, alike
from bot.screening.bare import alike_without_vowels, skeleton
from bot.screening.given import ALIKE
from bot.screening.making import SOUND, SOUNDS, TOKEN, consonants_missing, letters_missing
from bot.screening.pairing import APART, NEARLY_JOINED, nearly_same
from bot.screening.sound import sound
from bot.screening.tables import Tables
from bot.screening.words import TRADES

HELD = 32 << 20  # bytes of sets of names that are remembered, as of words that were asked for
RARE = 40  # names of a word, up to which its set is made each time
ALIKENESS = OSA.normalized_similarity
SURELY = PAIRED / ROUGHLY  # even where FAR edits or more lie between
SHORT_LIKE = 0.33  # of two short words that sound alike, at least this much is the same


class Led(NamedTuple):
    """A word: the numbers of those `like` it, and the set of `names` that have one of them, `times` at the most.

    `telling`: of these names those whose word is not common.
    """

    word: str
    like: frozenset[int]
    names: int
    telling: int
    times: int


class Vocabulary:
    """Asked for the same words again and again: what was found is remembered."""

    def __init__(self, tables: Tables) -> None:
        self._numbers = {word: n for n, word in enumerate(tables.spelled)}
        self._spelled = tables.spelled
        self._near = tables.near
        self._rows = [tuple(tables.at[n]) for n in range(len(tables.at))]
        self._times = list(map(len, self._rows))
        self._by_sound = tables.sounding.starts, [tables.spelled[n] for n in tables.sounding.flat]
        self._skipped = tables.skipped
        self._size = len(tables.owner)
        self._remembered = max(HELD // (self._size // 8 + 64), 100)
        self._common = frozenset(map(self._numbers.__getitem__, tables.common)) | {
            number for word in TRADES if (number := self._numbers.get(word)) is not None
        }
        self._twice = bits.of(tables.twice, self._size)
        self._seen: dict[tuple[str, bool], Led] = {}
        self._both: dict[tuple[str, str, bool], int] = {}
        self._sets: dict[int, int] = {}

    def led(self, word: str, *, without: bool) -> Led:
        """The names that have this word, or one much like it. `without`: it is written without vowels."""
        known = self._seen.get((word, without))
        if known is None:
            if len(self._seen) > self._remembered:
                self._seen.clear()
            like = frozenset(self._similar(word, without=without))
            telling = self._having(like - self._common)
            names = telling | self._having(like & self._common)
            times = sum(map(self._times.__getitem__, like))
            known = self._seen[word, without] = Led(word, like, names, telling, times)
        return known

    def joined(self, word: str, *, without: bool) -> list[int]:
        """The names that have this word, two of them in one: a slip beside the space is rare."""
        if without:
            return list(self._in(self._heard(word)))
        size, spelled = len(word), self._spelled
        return list(
            self._in(
                n
                for n in self._as_said(word, sound(word))
                if abs(len(other := spelled[n]) - size) < APART and nearly_same(word, other) >= NEARLY_JOINED
            )
        )

    def layers(self, groups: Iterable[Sequence[Led]], *, without: bool) -> list[int]:
        """For each word the set of names that have it. Of a group, whose words one word may stand for alike, the first
        set has the names with any of theirs, the second those with two, and so on; never fewer names than there are.
        """
        found = []
        for some in groups:
            if len(some) == 1:
                found.append(some[0].names)
                continue
            two = 0
            for one, other in combinations(some, 2):
                two |= self._two(one, other, without=without)
            any_, _, *more = bits.levels((each.names for each in some), len(some))
            found += [any_, two, *(each & two for each in more)]
        return found

    def _two(self, one: Led, other: Led, *, without: bool) -> int:
        """Names that have a word for each of the two, and not the same."""
        key = (min(one.word, other.word), max(one.word, other.word), without)
        known = self._both.get(key)
        if known is None:
            if len(self._both) > self._remembered:
                self._both.clear()
            both = one.names & other.names
            doubtful = bits.without(both & self._having(one.like & other.like), self._twice)
            if doubtful:
                both = bits.without(both, bits.without(doubtful, self._several(one.like | other.like)))
            known = self._both[key] = both
        return known

    def _having(self, like: Iterable[int]) -> int:
        """Names with any of these words."""
        found = 0
        rare: list[int] = []
        for n in like:
            if self._times[n] > RARE:
                found |= self._often(n)
            else:
                rare += self._rows[n]
        return found | bits.of(rare, self._size)

    def _several(self, like: Iterable[int]) -> int:
        """Names with more than one of these words."""
        often = [self._often(n) for n in like if self._times[n] > RARE]
        times = Counter(chain.from_iterable(self._rows[n] for n in like if self._times[n] <= RARE))
        twice = [place for place in times if times[place] > 1]
        return bits.levels((*often, bits.of(times, self._size)), 2)[1] | bits.of(twice, self._size)

    def _often(self, word: int) -> int:
        """The names of a word that many have."""
        known = self._sets.get(word)
        if known is None:
            known = self._sets[word] = bits.of(self._rows[word], self._size)
        return known

    def _in(self, like: Iterable[int]) -> Iterable[int]:
        return chain.from_iterable([self._rows[n] for n in like])

    def _similar(self, word: str, *, without: bool) -> set[int]:
        """Words of the lists that may pass for this one. Those of one sound, or an edit apart, need no second look,
        where few names have them.
        """
        said, get = sound(word), self._near.get
        sure = self._alike_nearly(word, said)
        if forms := ALIKE.get(word):
            sure.update(n for other in forms if (n := self._numbers.get(other)) is not None)
        if len(word) >= SOUND and len(said) >= SOUNDS:
            sure.update(self._like(word, self._sounding(said)))
        times, spelled = self._times, self._spelled
        sure = {n for n in sure if times[n] <= RARE or alike(word, spelled[n])}
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
        sure = set(self._as_said(word, said))
        if len(word) in TOKEN:
            some = self._near.all(letters_missing(word))
            sure.update(
                some if len(word) >= SOUND else self._among(word, self._beginning(word, some), PAIRED)
            )
        return sure

    def _as_said(self, word: str, said: str) -> Sequence[int]:
        """Of the same sound; of so little a part of the letters as well."""
        same = self._near.get("=" + said)
        return same if len(said) >= 3 else self._within(word, same, SHORT_LIKE)

    def _beginning(self, word: str, numbers: Iterable[int]) -> list[str]:
        """Those that begin with the same sound, where either is brief; "Song" is no misspelt "Yong"."""
        first, brief = sound(word)[:1], len(word) <= BRIEF
        words = [self._spelled[n] for n in numbers]
        return [each for each in words if (not brief and len(each) > BRIEF) or sound(each)[:1] == first]

    def _sounding(self, said: str) -> list[str]:
        """Long words that sound so but for a consonant."""
        starts, words = self._by_sound
        some = self._skipped.all(consonants_missing(said))
        return list(chain.from_iterable([words[starts[n] : starts[n + 1]] for n in some]))

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


def grouped(led: Iterable[Led]) -> list[list[Led]]:
    """Those together that a word of the lists may stand for alike, as "Jean" for "Juan" and for "Hans"."""
    found: list[list[Led]] = []
    for one in led:
        joined = [group for group in found if any(not one.like.isdisjoint(other.like) for other in group)]
        found = [group for group in found if group not in joined]
        found.append([*chain.from_iterable(joined), one])
    return found
