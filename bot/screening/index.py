"""All listed names by their words: exact, by sound, and with one letter missing. Made once, asked thousands of times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.screening.entity import Entity
from bot.screening.given import ALIKE
from bot.screening.making import SOUND, bit, keys, mixed, tables
from bot.screening.match import PAIRED, alike, alike_without_vowels
from bot.screening.names import Name
from bot.screening.sound import consonants, sound, together
from bot.screening.tables import Listed, Names, Tables
from bot.screening.words import SMALL

FEW = 40  # names that share one word with the asked one and are looked at though they share no other
MOST = 250  # names that are compared with an asked one
SHORT_LIKE = 0.33  # of two short words that sound alike, at least this much is the same


class Index:
    """Listed names and where their words lead. Not changed once made; use `index`."""

    def __init__(self, tables: Tables) -> None:
        self.names: Mapping[int, Listed] = Names(tables)
        self.common = frozenset(tables.common)
        self._words = {word: n for n, word in enumerate(tables.spelled)}
        self._spelled = tables.spelled
        self._at, self._near = tables.at, tables.near
        self._joined, self._whole = tables.joined, tables.whole
        self._strong, self._firsts = tables.strong, tables.firsts
        self._single, self._short = set(tables.single), set(tables.short)
        self._seen: dict[tuple[str, bool], frozenset[int]] = {}

    def __len__(self) -> int:
        return len(self._strong)

    def candidates(self, asked: Name) -> Iterable[int]:
        """Places in `names` worth comparing, at most MOST."""
        strong = [word for word in dict.fromkeys(asked.strong()) if len(word) > 1]
        places = [self._led(word, without=asked.vowelless) for word in strong]
        whole = {*self._whole.get(together(asked.words)), *self._whole.get(mixed(asked))}
        if len(places) == 1:
            joints = self._whole.get(sound(strong[0])) if len(strong[0]) >= 4 else ()
            return sorted({*whole, *joints, *self._alone(asked, places[0])})
        found = Counter(chain.from_iterable(self._worth_counting(asked, places)))
        most = len(places)
        rescue = [
            (word, each, bit(word)) for word, each in zip(strong, places, strict=True) if len(word) >= 5
        ]
        brief = any(
            len(word) <= 2 and weight > SMALL for word, weight in zip(asked.words, asked.weights, strict=True)
        )
        parted = (place for place in self._by_joints(asked) if place in found or place in self._single)
        likely = {*whole, *parted}
        for place, times in found.items():
            lacking = min(most, self._strong[place]) - times
            if lacking <= 0 or (lacking == 1 and (brief or self._nearly(place, rescue, asked))):
                likely.add(place)
        if len(likely) > MOST:
            return sorted(likely, key=lambda place: (-found.get(place, 9), place))[:MOST]
        return sorted(likely)

    def _worth_counting(self, asked: Name, places: list[frozenset[int]]) -> Iterable[Iterable[int]]:
        """Of words that many names share only those names that share another word as well."""
        few = [each for each in places if len(each) <= FEW]
        many = [each for each in places if len(each) > FEW]
        if not many:
            return few
        both = set[int]().union(*few)
        for one, other in combinations(many, 2):
            both |= one & other
        if any(len(word) == 1 for word in asked.words):
            initials = {word for word in asked.words if len(word) == 1}
            both |= {place for each in many for place in each if self._starts(place, initials)}
        return [*few, *(each & both for each in many), *(each & self._short & self._single for each in many)]

    def _nearly(self, place: int, rescue: Sequence[tuple[str, frozenset[int], int]], asked: Name) -> bool:
        """One word has no partner: an initial or a bad misspelling may stand for it."""
        firsts = self._firsts[place]
        if place in self._short:
            letters = {word[0] for word in asked.words}
            return any(len(word) == 1 and word in letters for word in self.names[place].name.words)
        if asked.vowelless:
            return True
        for word, each, first in rescue:
            if firsts & first and place not in each:
                for other in self.names[place].name.words:
                    if other[0] == word[0] and -3 < len(other) - len(word) < 3 and alike(word, other):
                        return True
        return False

    def _alone(self, asked: Name, led: frozenset[int]) -> set[int]:
        """With one word to go by: names of one word; with an initial beside it those whose initials fit."""
        found = set(led & self._single)
        letters = {word for word in asked.words if len(word) == 1}
        if letters or any(len(word) <= 4 for word in asked.words):
            letters |= {word[0] for word in asked.words}
            fits = (n for n in sorted(led) if {word[0] for word in self.names[n].name.words} <= letters)
            found |= {n for n, _ in zip(fits, range(MOST), strict=False)}
            if letters:
                initials = {word for word in asked.words if len(word) == 1}
                more = (n for n in sorted(led) if initials and self._starts(n, initials))
                found |= {n for n, _ in zip(more, range(MOST), strict=False)}
        return found

    def _starts(self, place: int, letters: set[str]) -> bool:
        return letters <= {word[0] for word in self.names[place].name.words}

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
            known = frozenset[int]().union(*(self._at[n] for n in self._similar(word, without=without)))
            if len(self._seen) > 20_000:
                self._seen.clear()
            self._seen[word, without] = known
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
