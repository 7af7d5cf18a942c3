"""All listed names by their words: exact, by sound, and with one letter missing. Made once, asked thousands of times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain, combinations, islice
from operator import or_

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.screening.entity import Entity
from bot.screening.given import ALIKE
from bot.screening.making import SOUND, bit, keys, mixed, tables
from bot.screening.match import PAIRED, alike, alike_without_vowels
from bot.screening.names import Name
from bot.screening.sound import consonants, sound, together
from bot.screening.tables import Entities, Names, Tables
from bot.screening.words import SMALL

Led = tuple[str, frozenset[int]]  # a word, and the names that it leads to
FEW = 40  # names that share one word with the asked one and are looked at though they share no other
MOST = 250  # names that are compared with an asked one
SEEN = 20_000  # words whose names are remembered
SHARED = 2_000  # pairs of common words whose names are remembered
SHORT_LIKE = 0.33  # of two short words that sound alike, at least this much is the same


class Index:
    """Listed names and where their words lead. Not changed once made; use `index`."""

    def __init__(self, tables: Tables) -> None:
        self.names: Mapping[int, Name] = Names(tables)
        self.common = frozenset(tables.common)
        self._entities: Mapping[int, Entity] = Entities(tables)
        self._of = tables
        self._words = {word: n for n, word in enumerate(tables.spelled)}
        self._spelled = tables.spelled
        self._near, self._joined, self._whole = tables.near, tables.joined, tables.whole
        self._strong, self._firsts = bytes(tables.strong), tables.firsts.tolist()
        self._single, self._short = frozenset(tables.single), frozenset(tables.short)
        self._brief = self._single & self._short
        self._seen: dict[tuple[str, bool], frozenset[int]] = {}
        self._shared: dict[tuple[str, str, bool], frozenset[int]] = {}

    def __len__(self) -> int:
        return len(self._strong)

    def key(self, place: int) -> tuple[str, str]:
        """The list, and the entity's id on it."""
        owner = self._of.owner[place]
        return self._of.lists[self._of.list_of[owner]], self._of.ids[owner]

    def entity(self, place: int) -> Entity:
        """Whose name stands there."""
        return self._entities[self._of.owner[place]]

    def candidates(self, asked: Name) -> Sequence[int]:
        """Places in `names` worth comparing, at most MOST, in order."""
        strong = [word for word in dict.fromkeys(asked.strong()) if len(word) > 1]
        led = [(word, self._led(word, without=asked.vowelless)) for word in strong]
        whole = {*self._whole.get(together(asked.words)), *self._whole.get(mixed(asked))}
        if len(led) == 1:
            joints = self._whole.get(sound(strong[0])) if len(strong[0]) >= 4 else ()
            return sorted({*whole, *joints, *self._alone(asked, led[0][1])})
        found = Counter(chain.from_iterable(self._worth_counting(asked, led)))
        parted = (place for place in self._by_joints(asked) if place in found or place in self._single)
        likely = {*whole, *parted, *self._likely(asked, found, led)}
        if len(likely) > MOST:
            return sorted(likely, key=lambda place: (-found.get(place, 9), place))[:MOST]
        return sorted(likely)

    def _likely(self, asked: Name, found: Mapping[int, int], led: Sequence[Led]) -> list[int]:
        """Those of `found` that have a partner for every word, or nearly so."""
        most, in_all, firsts = len(led), self._strong, self._firsts
        rescue = [(word, each, bit(word)) for word, each in led if len(word) >= 5]
        words = zip(asked.words, asked.weights, strict=True)
        brief = any(len(word) <= 2 and weight > SMALL for word, weight in words)
        first = -1 if brief or asked.vowelless else reduce(or_, (each for *_, each in rescue), 0)
        likely = []
        for place, times in found.items():
            most_here = in_all[place]
            lacking = (most if most < most_here else most_here) - times  # noqa: FURB136 - `min` takes thrice as long
            if lacking <= 0 or (
                lacking == 1
                and (firsts[place] & first or place in self._short)
                and (brief or self._nearly(place, rescue, asked))
            ):
                likely.append(place)
        return likely

    def _nearly(self, place: int, rescue: Sequence[tuple[str, frozenset[int], int]], asked: Name) -> bool:
        """One word has no partner: an initial or a bad misspelling may stand for it."""
        firsts, words = self._firsts[place], self.names[place].words
        if place in self._short:
            letters = {word[0] for word in asked.words}
            return any(len(word) == 1 and word in letters for word in words)
        if asked.vowelless:
            return True
        for word, led, first in rescue:
            if firsts & first and place not in led:
                for other in words:
                    if other[0] == word[0] and -3 < len(other) - len(word) < 3 and alike(word, other):
                        return True
        return False

    def _worth_counting(self, asked: Name, led: Sequence[Led]) -> Iterable[Iterable[int]]:
        """Of words that many names share only those names that share another word as well."""
        few = [each for _, each in led if len(each) <= FEW]
        common = [one for one in led if len(one[1]) > FEW]
        if not common:
            return few
        both = set(chain.from_iterable(few))
        for one, other in combinations(common, 2):
            both |= self._sharing(one, other, without=asked.vowelless)
        many = [each for _, each in common]
        if initials := {word for word in asked.words if len(word) == 1}:
            both.update(chain.from_iterable(self._starting(each, initials) for each in many))
        return [*few, *(each & both for each in many), *(each & self._brief for each in many)]

    def _sharing(self, one: Led, other: Led, *, without: bool) -> frozenset[int]:
        """Names that both words lead to: the common words meet again and again."""
        key = (one[0], other[0], without)
        known = self._shared.get(key)
        if known is None:
            if len(self._shared) > SHARED:
                self._shared.clear()
            known = self._shared[key] = one[1] & other[1]
        return known

    def _alone(self, asked: Name, led: frozenset[int]) -> set[int]:
        """With one word to go by: names of one word; with an initial beside it those whose initials fit."""
        found = set(led & self._single)
        initials = {word for word in asked.words if len(word) == 1}
        if initials or any(len(word) <= 4 for word in asked.words):
            letters = {word[0] for word in asked.words}
            others = ~reduce(or_, map(bit, letters))
            fits = (
                n
                for n in sorted(led)
                if not self._firsts[n] & others and {word[0] for word in self.names[n].words} <= letters
            )
            found.update(islice(fits, MOST))
            if initials:
                found.update(islice(self._starting(sorted(led), initials), MOST))
        return found

    def _starting(self, places: Iterable[int], letters: set[str]) -> Iterator[int]:
        """Names that have a word for each of the letters."""
        all_ = reduce(or_, map(bit, letters))
        for place in places:
            if self._firsts[place] & all_ == all_ and letters <= {
                word[0] for word in self.names[place].words
            }:
                yield place

    def _by_joints(self, asked: Name) -> Iterator[int]:
        """Where a space stands otherwise in a part of the name."""
        for word in asked.words:
            if len(word) >= 4:
                yield from self._joined.get(word)
        for one, other in zip(asked.words, asked.words[1:], strict=False):
            if len(at := self._led(one + other, without=asked.vowelless)) <= FEW:
                yield from at

    def _led(self, word: str, *, without: bool) -> frozenset[int]:
        """The names that have this word, or one much like it."""
        known = self._seen.get((word, without))
        if known is None:
            if len(self._seen) > SEEN:
                self._seen.clear()
            starts, flat = self._of.at.starts, self._of.at.flat
            rows = [flat[starts[n] : starts[n + 1]] for n in self._similar(word, without=without)]
            known = self._seen[word, without] = frozenset(chain.from_iterable(rows))
        return known

    def _similar(self, word: str, *, without: bool) -> set[int]:
        """Words of the lists that may pass for this one. Those of one sound, or an edit apart, need no second look."""
        said = sound(word)
        sure = {n for other in ALIKE.get(word, ()) if (n := self._words.get(other)) is not None}
        look: set[int] = set()
        for key in keys(word):
            found = self._near.get(key)
            if key[0] == "=":
                sure.update(found if len(said) >= 3 else self._within(word, found, SHORT_LIKE))
            elif key[0] == "-" and len(word) >= SOUND:
                sure.update(found)
            else:
                look.update(found)
        sure.update(self._within(word, look - sure, PAIRED))
        bare = () if without else self._near.get("`" + consonants(word))
        sure.update(n for n in bare if alike_without_vowels(word, self._spelled[n]))
        if without:
            heard = self._near.get("'" + consonants(word))
            sure.update(n for n in heard if alike_without_vowels(word, self._spelled[n]))
        return sure

    def _within(self, word: str, places: Iterable[int], least: float) -> list[int]:
        numbers = list(places)
        choices = [self._spelled[n] for n in numbers]
        found = extract(word, choices, scorer=OSA.normalized_similarity, score_cutoff=least, limit=None)
        return [numbers[n] for _, _, n in found]


def index(lists: Mapping[str, Iterable[Entity]]) -> Index:
    """Everything that stands on the given lists; 50,000 entities take a few seconds and some 150 MB."""
    return Index(tables(lists))
