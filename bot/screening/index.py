"""All listed names by their words: exact, by sound, and with one letter missing. Made once, asked thousands of times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import pairwise
from operator import or_

from rapidfuzz.distance.OSA import normalized_similarity as alike_in_letters

from bot.screening import bits
from bot.screening.alike import alike
from bot.screening.entity import Entity, Kind
from bot.screening.making import SHORTEST, mixed, tables
from bot.screening.names import Name
from bot.screening.pairing import APART, NEARLY_JOINED, nearly_same
from bot.screening.sound import sound, together
from bot.screening.tables import KINDS, Entities, Names, Tables
from bot.screening.vocabulary import Led, Vocabulary, grouped
from bot.screening.words import SMALL, TRADES

FEW = 40  # names that share one word with the asked one and are looked at though they share no other
RARE, LONG = 150, 7  # names that have a word which may be two in one; letters of one where more have it
MOST = 250  # names that are compared with an asked one
WRITTEN = 0.55  # of two names in one word each, how much of their letters is the same
SOME = 100  # names that two words in one lead to
PERSON = KINDS.index(Kind.PERSON)
USUAL = 1000  # names that have a word: one of more is hardly misspelt


class Index:
    """Listed names and where their words lead. Not changed once made; use `index`."""

    def __init__(self, tables: Tables) -> None:
        self.names: Mapping[int, Name] = Names(tables)
        self.common = frozenset(tables.common)
        self._entities: Mapping[int, Entity] = Entities(tables)
        self._of, self._size = tables, len(tables.owner)
        self._vocabulary = Vocabulary(tables)
        self._joined, self._whole = tables.joined, tables.whole
        self._of_strong = self._by_strong()
        self._single = self._of_strong[0] | self._of_strong[1]
        self._short, self._beside = bits.of(tables.short, self._size), bits.of(tables.beside, self._size)
        self._twice = bits.of(tables.twice, self._size)
        self._firms = bits.of(
            [n for n, of in enumerate(tables.owner) if tables.kind_of[of] != PERSON], self._size
        )
        self._first, self._initial = self._by_letter()

    def __len__(self) -> int:
        return self._size

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
        strong = [word for word in dict.fromkeys(asked.strong()) if len(word) > 1]
        groups = grouped(self._vocabulary.led(word, without=asked.vowelless) for word in strong)
        led = [each for group in groups for each in group]
        levels = bits.levels(self._vocabulary.layers(groups, without=asked.vowelless), max(len(led), 1))
        likely = as_one = self._in_one(asked, led)
        if len(led) == 1:
            likely |= self._alone(asked, led[0].names)
        elif led:
            likely |= self._likely(asked, groups, levels)
        if not asked.vowelless:
            likely = bits.without(likely, self._beside)
        if len(led) == 1 or likely.bit_count() <= MOST:
            return bits.places(likely)
        return _first_of(likely, (bits.without(as_one, levels[0]), *reversed(levels), as_one))

    def _in_one(self, asked: Name, led: Sequence[Led]) -> int:
        """Those that are the same but for their spaces, or in a part."""
        whole = set(self._whole.get(mixed(asked)))
        sounding = self._whole.get(together(asked.words))
        whole.update(sounding if len(led) == 1 else self._written_alike(asked.joined, sounding))
        if len(led) == 1:
            word = led[0].word
            whole.update(self._whole.get(sound(word)) if len(word) >= SHORTEST else ())
            return bits.of(whole, self._size)
        parted = reduce(or_, [each.names for each in led], self._single)
        return bits.of(whole, self._size) | (bits.of(self._by_joints(asked, led), self._size) & parted)

    def _likely(self, asked: Name, groups: Sequence[Sequence[Led]], levels: Sequence[int]) -> int:
        """Those that have a partner for every word, or nearly so."""
        led = [each for group in groups for each in group]
        most, likely, nearly = len(led), 0, 0
        every = any(len(word) == 1 for word in asked.words)  # an initial may stand for what has no partner
        telling = reduce(or_, [each.telling for each in led], self._firms | self._short | self._twice)
        for strong, of_them in enumerate(self._of_strong):
            wanted = min(most, strong)
            if wanted and of_them:
                likely |= levels[wanted - 1] & (of_them if every or strong == most else of_them & telling)
            if wanted > 1:
                nearly |= bits.without(levels[wanted - 2] & of_them, levels[wanted - 1])
        worth = self._worth(asked, led, levels)
        return likely & worth | self._rescued(asked, groups, nearly & worth)

    def _worth(self, asked: Name, led: Sequence[Led], levels: Sequence[int]) -> int:
        """Of words that many names share only those names that share another word as well, or are as brief."""
        many = [each.names for each in led if each.times > FEW]
        few = [each.names for each in led if each.times <= FEW]
        starting = self._starting({word for word in asked.words if len(word) == 1})
        brief = (self._single & self._short) | starting
        return reduce(or_, few, levels[1] if len(levels) > 1 else 0) | (reduce(or_, many, 0) & brief)

    def _rescued(self, asked: Name, groups: Sequence[Sequence[Led]], nearly: int) -> int:
        """One word of theirs has no partner: an initial or a bad misspelling may stand for it."""
        words = zip(asked.words, asked.weights, strict=True)
        if any(len(word) <= 2 and weight > SMALL for word, weight in words):
            return nearly
        short = nearly & self._short
        found = short & self._any(self._initial, {word[0] for word in asked.words})
        rest = nearly ^ short
        if asked.vowelless:
            return found | rest
        for group in groups:
            for word, _, names, _, times in group:
                if len(word) < SHORTEST - 1 or times > USUAL:
                    continue
                likely = rest & self._first.get(word[0], 0)
                for place in bits.places(bits.without(likely, names) if len(group) == 1 else likely):
                    if self._has(place, word):
                        found |= 1 << place
        return found

    def _alone(self, asked: Name, led: int) -> int:
        """With one word to go by: names of one word; with an initial beside it those whose initials fit."""
        found = led & self._single
        initials = {word for word in asked.words if len(word) == 1}
        if initials or any(len(word) <= 4 for word in asked.words):
            others = self._any(self._first, self._first.keys() - {word[0] for word in asked.words})
            for fits in (bits.without(led, others), led & self._starting(initials)):
                found |= fits if fits.bit_count() <= MOST else bits.of(bits.places(fits)[:MOST], self._size)
        return found

    def _starting(self, letters: set[str]) -> int:
        """Names that have a word for each of the letters; none where there is no letter."""
        if not letters:
            return 0
        first, *rest = (self._first.get(letter, 0) for letter in letters)
        for each in rest:
            first &= each
        return first

    def _any(self, of: Mapping[str, int], letters: Iterable[str]) -> int:
        return reduce(or_, [of.get(letter, 0) for letter in letters], 0)

    def _by_joints(self, asked: Name, led: Sequence[Led]) -> set[int]:
        """Where a space stands otherwise in a part of the name."""
        found: set[int] = set()
        for each in led:
            common = each.word in self.common or each.word in TRADES
            if not common and len(each.word) >= (SHORTEST if each.times <= RARE else LONG):
                sounding = self._joined.get(sound(each.word))
                found.update(sounding if asked.vowelless else self._parted(each.word, sounding))
        for one, other in zip(asked.words, asked.words[1:], strict=False):
            led_to = self._vocabulary.joined(one + other, without=asked.vowelless)
            if len(led_to) <= SOME:
                found.update(led_to)
        return found

    def _written_alike(self, asked: str, places: Iterable[int]) -> Iterator[int]:
        """Of names that sound like the asked one, all in one word, those that are written somewhat like it."""
        for place in places:
            words = self._words(place)
            if any(
                alike_in_letters(asked, "".join(some)) > WRITTEN for some in (words, (words[-1], *words[:-1]))
            ):
                yield place

    def _parted(self, word: str, places: Iterable[int]) -> Iterator[int]:
        """Names that have the word in two."""
        for place in places:
            for joint in map("".join, pairwise(self._words(place))):
                if abs(len(joint) - len(word)) < APART and nearly_same(word, joint) >= NEARLY_JOINED:
                    yield place
                    break

    def _words(self, place: int) -> tuple[str, ...]:
        return tuple(map(self._of.spelled.__getitem__, self._of.words[place]))

    def _has(self, place: int, missed: str) -> bool:
        """A word much like it, of its first letter."""
        first, size = missed[0], len(missed)
        return any(
            word[0] == first and -3 < len(word) - size < 3 and alike(missed, word)
            for word in self._words(place)
        )

    def _by_strong(self) -> list[int]:
        """Sets of names by how many words carry them."""
        strong: list[list[int]] = [[], []]
        for place, count in enumerate(self._of.strong):
            while len(strong) <= count:
                strong.append([])
            strong[count].append(place)
        return [bits.of(each, self._size) for each in strong]

    def _by_letter(self) -> tuple[dict[str, int], dict[str, int]]:
        """Sets of names by the letters that their words begin with, and by those that are a word."""
        first: dict[str, list[int]] = {}
        initial: dict[str, list[int]] = {}
        spelled, starts, flat = self._of.spelled, self._of.words.starts, self._of.words.flat
        for place in range(self._size):
            for number in flat[starts[place] : starts[place + 1]]:
                word = spelled[number]
                first.setdefault(word[0], []).append(place)
                if len(word) == 1:
                    initial.setdefault(word, []).append(place)
        return self._sets(first), self._sets(initial)

    def _sets(self, places: Mapping[str, Sequence[int]]) -> dict[str, int]:
        return {letter: bits.of(at, self._size) for letter, at in places.items()}


def _first_of(likely: int, order: Iterable[int]) -> list[int]:
    """Of too many the first MOST in this order."""
    found: list[int] = []
    for each in order:
        found += bits.places(likely & each)
        likely = bits.without(likely, each)
        if len(found) >= MOST:
            break
    return sorted(found[:MOST])


def index(lists: Mapping[str, Iterable[Entity]]) -> Index:
    """Everything that stands on the given lists; 50,000 entities take a few seconds and some 150 MB."""
    return Index(tables(lists))
