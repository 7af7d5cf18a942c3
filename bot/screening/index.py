"""All listed names by their words: exact, by sound, and with one letter missing. Made once, asked thousands of times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain, combinations, islice
from operator import or_

from bot.screening.alike import alike
from bot.screening.entity import Entity
from bot.screening.making import SHORTEST, bit, mixed, tables
from bot.screening.names import Name
from bot.screening.sound import sound, together
from bot.screening.tables import Entities, Names, Tables
from bot.screening.vocabulary import Group, Led, Vocabulary
from bot.screening.words import SMALL

FEW = 40  # names that share one word with the asked one and are looked at though they share no other
MOST = 250  # names that are compared with an asked one
SOME = 100  # names that two words in one lead to
USUAL = 1000  # names that have a word: one of more is hardly misspelt
NOBODY = frozenset[int]()


class Index:
    """Listed names and where their words lead. Not changed once made; use `index`."""

    def __init__(self, tables: Tables) -> None:
        self.names: Mapping[int, Name] = Names(tables)
        self.common = frozenset(tables.common)
        self._entities: Mapping[int, Entity] = Entities(tables)
        self._of = tables
        self._vocabulary = Vocabulary(tables)
        self._joined, self._whole = tables.joined, tables.whole
        self._strong, self._firsts = bytes(tables.strong), tables.firsts.tolist()
        self._single, self._short = frozenset(tables.single), frozenset(tables.short)
        self._brief = self._single & self._short
        self._beside = frozenset(tables.beside)

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
        """Places in `names` worth comparing, at most MOST, in order.

        A name with vowels meets one without only where that is all that the list knows of its owner.
        """
        found = self._found(asked)
        return found if asked.vowelless else [place for place in found if place not in self._beside]

    def _found(self, asked: Name) -> Sequence[int]:
        strong = [word for word in dict.fromkeys(asked.strong()) if len(word) > 1]
        led = [self._vocabulary.led(word, without=asked.vowelless) for word in strong]
        whole = {*self._whole.get(together(asked.words)), *self._whole.get(mixed(asked))}
        if len(led) == 1:
            in_one = self._whole.get(sound(strong[0])) if len(strong[0]) >= SHORTEST else ()
            return sorted({*whole, *in_one, *self._alone(asked, led[0].places)})
        groups = self._vocabulary.groups(led, without=asked.vowelless)
        found = Counter(chain.from_iterable(self._worth_counting(asked, led, groups)))
        joints = set(self._by_joints(asked, led))
        parted = (joints & some for some in (self._single, *(each.places for each in led)))
        likely = whole.union(*parted, self._likely(asked, found, led, groups))
        if len(likely) > MOST:
            return sorted(likely, key=lambda place: (-found.get(place, 9), place))[:MOST]
        return sorted(likely)

    def _likely(
        self, asked: Name, found: Mapping[int, int], led: Sequence[Led], groups: Sequence[Group]
    ) -> list[int]:
        """Those of `found` that have a partner for every word, or nearly so."""
        most, in_all, firsts = len(led), self._strong, self._firsts
        alone = {each.words[0] for each in groups if len(each.words) == 1}
        rescue = [
            (each.word, each.places if each.word in alone else NOBODY, bit(each.word))
            for each in led
            if len(each.word) >= SHORTEST and len(each.places) <= USUAL
        ]
        words = zip(asked.words, asked.weights, strict=True)
        brief = any(len(word) <= 2 and weight > SMALL for word, weight in words)
        first = -1 if brief or asked.vowelless else reduce(or_, (each for *_, each in rescue), 0)
        short, likely, nearly = self._short, [], []
        for place, times in found.items():
            most_here = in_all[place]
            lacking = (most if most < most_here else most_here) - times  # noqa: FURB136 - `min` takes thrice as long
            if lacking <= 0:
                likely.append(place)
            elif lacking == 1 and (firsts[place] & first or place in short):
                nearly.append(place)
        return likely + (nearly if brief else self._rescued(nearly, rescue, asked))

    def _rescued(
        self, nearly: Sequence[int], rescue: Sequence[tuple[str, frozenset[int], int]], asked: Name
    ) -> list[int]:
        """One word of theirs has no partner: an initial or a bad misspelling may stand for it."""
        names, firsts, found = self.names, self._firsts, []
        letters = {word[0] for word in asked.words}
        for place in nearly:
            if place in self._short:
                if any(len(word) == 1 and word in letters for word in names[place].words):
                    found.append(place)
            elif asked.vowelless:
                found.append(place)
            else:
                for word, places, first in rescue:
                    if firsts[place] & first and place not in places and _has(names[place].words, word):
                        found.append(place)
                        break
        return found

    def _worth_counting(
        self, asked: Name, led: Sequence[Led], groups: Sequence[Group]
    ) -> Iterable[Iterable[int]]:
        """Of words that many names share only those names that share another word as well."""
        layers = [layer for group in groups for layer in group.layers]
        many = [each.places for each in led if len(each.places) > FEW]
        if not many:
            return layers
        both = set(chain.from_iterable(each.places for each in led if len(each.places) <= FEW))
        both.update(*(layer for group in groups for layer in group.layers[1:2]))
        for one, other in combinations([group for group in groups if len(group.layers[0]) > FEW], 2):
            both.update(self._vocabulary.sharing(one, other, without=asked.vowelless))
        if initials := {word for word in asked.words if len(word) == 1}:
            both.update(chain.from_iterable(self._starting(each, initials) for each in many))
        return [*(each & both for each in layers), *(each & self._brief for each in many)]

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

    def _by_joints(self, asked: Name, led: Sequence[Led]) -> Iterator[int]:
        """Where a space stands otherwise in a part of the name."""
        for each in led:
            if len(each.word) >= SHORTEST and len(each.places) <= FEW:
                yield from self._joined.get(sound(each.word))
        for one, other in zip(asked.words, asked.words[1:], strict=False):
            led_to = self._vocabulary.joined(one + other, without=asked.vowelless)
            if len(led_to) <= SOME:
                yield from led_to


def _has(words: Iterable[str], missed: str) -> bool:
    """One much like it, of its first letter."""
    first, size = missed[0], len(missed)
    return any(word[0] == first and -3 < len(word) - size < 3 and alike(missed, word) for word in words)


def index(lists: Mapping[str, Iterable[Entity]]) -> Index:
    """Everything that stands on the given lists; 50,000 entities take a few seconds and some 150 MB."""
    return Index(tables(lists))
