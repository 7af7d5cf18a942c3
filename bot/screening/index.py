"""All listed names by their words: exact, by sound, and with one letter missing. Made once, asked thousands of times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, combinations
from operator import or_

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.screening.entity import Entity, Kind
from bot.screening.given import ALIKE
from bot.screening.match import PAIRED, acronym, alike, alike_without_vowels
from bot.screening.names import Name, read
from bot.screening.sound import consonants, sound, together
from bot.screening.words import FULL, INITIAL, SMALL

FEW = 40  # names that share one word with the asked one and are looked at though they share no other
MOST = 250  # names that are compared with an asked one
TOKEN = range(4, 8)  # lengths of words that are found with a letter missing
SOUND = 6  # from this length on words are found with one consonant missing
SHORT_LIKE = 0.33  # of two short words that sound alike, at least this much is the same
COMMON = 0.004  # share of names from which on a word is common
SLASH = re.compile(r"\s*[/;]\s*")


@dataclass(frozen=True, slots=True)
class Listed:
    """A name of an entity on a list."""

    list: str
    entity: Entity
    name: Name


@dataclass(eq=False)
class Index:
    """Listed names and where their words lead. Not changed once made; use `index`."""

    names: list[Listed] = field(default_factory=list)
    common: frozenset[str] = frozenset()
    _words: dict[str, int] = field(default_factory=dict)
    _spelled: list[str] = field(default_factory=list)
    _at: list[set[int]] = field(default_factory=list)
    _near: dict[str, list[int]] = field(default_factory=dict)
    _joined: dict[str, list[int]] = field(default_factory=dict)
    _whole: dict[str, list[int]] = field(default_factory=dict)
    _strong: list[int] = field(default_factory=list)
    _firsts: list[int] = field(default_factory=list)
    _single: set[int] = field(default_factory=set)
    _short: set[int] = field(default_factory=set)
    _seen: dict[tuple[str, bool], frozenset[int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.names)

    def candidates(self, asked: Name) -> Iterable[int]:
        """Places in `names` worth comparing, at most MOST."""
        strong = [word for word in dict.fromkeys(asked.strong()) if len(word) > 1]
        places = [self._led(word, without=asked.vowelless) for word in strong]
        whole = {*self._whole.get(together(asked.words), ()), *self._whole.get(_mixed(asked), ())}
        if len(places) == 1:
            joints = self._whole.get(sound(strong[0]), ()) if len(strong[0]) >= 4 else ()
            return {*whole, *joints, *self._alone(asked, places[0])}
        found = Counter(chain.from_iterable(self._worth_counting(asked, places)))
        most = len(places)
        rescue = [
            (word, each, _bit(word)) for word, each in zip(strong, places, strict=True) if len(word) >= 5
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
        return sorted(likely, key=lambda place: -found.get(place, 9))[:MOST] if len(likely) > MOST else likely

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
        for word, each, bit in rescue:
            if firsts & bit and place not in each:
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
            fits = (n for n in led if {word[0] for word in self.names[n].name.words} <= letters)
            found |= {n for n, _ in zip(fits, range(MOST), strict=False)}
            if letters:
                initials = {word for word in asked.words if len(word) == 1}
                more = (n for n in led if initials and self._starts(n, initials))
                found |= {n for n, _ in zip(more, range(MOST), strict=False)}
        return found

    def _starts(self, place: int, letters: set[str]) -> bool:
        return letters <= {word[0] for word in self.names[place].name.words}

    def _by_joints(self, asked: Name) -> Iterator[int]:
        """Where a space stands otherwise in a part of the name."""
        for word in asked.words:
            if len(word) >= 4:
                yield from self._joined.get(word, ())
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
        for key in _keys(word):
            found = self._near.get(key, ())
            if key[0] == "=":
                sure.update(found if len(said) >= 3 else self._within(word, found, SHORT_LIKE))
            elif key[0] == "-" and len(word) >= SOUND:
                sure.update(found)
            else:
                look.update(found)
        sure.update(self._within(word, look - sure, PAIRED))
        bare = () if without else self._near.get("`" + consonants(word), ())
        sure.update(n for n in bare if alike_without_vowels(word, self._spelled[n]))
        if without:
            heard = self._near.get("'" + consonants(word), ())
            sure.update(n for n in heard if alike_without_vowels(word, self._spelled[n]))
        return sure

    def _within(self, word: str, places: Iterable[int], least: float) -> list[int]:
        choices = {n: self._spelled[n] for n in places}
        found = extract(word, choices, scorer=OSA.normalized_similarity, score_cutoff=least, limit=None)
        return [n for _, _, n in found]

    def add(self, list_: str, entity: Entity, name: Name) -> None:
        """Only while the index is made."""
        place = len(self.names)
        self.names.append(Listed(list_, entity, name))
        for word, weight in zip(name.words, name.weights, strict=True):
            if weight > INITIAL:
                number = self._number(word)
                self._at[number].add(place)
                if name.vowelless and number not in (
                    bare := self._near.setdefault("`" + consonants(word), [])
                ):
                    bare.append(number)
        strong = sum(
            weight >= FULL / 2 and len(word) > 1
            for word, weight in zip(name.words, name.weights, strict=True)
        )
        self._strong.append(strong)
        self._firsts.append(reduce(or_, map(_bit, name.words), 0))
        if strong <= 1:
            self._single.add(place)
        if any(weight == INITIAL for weight in name.weights):
            self._short.add(place)
        for joint in _joints(name):
            self._joined.setdefault(joint, []).append(place)
        for joint in _wholes(name):
            self._whole.setdefault(joint, []).append(place)

    def _number(self, word: str) -> int:
        known = self._words.get(word)
        if known is None:
            known = self._words[word] = len(self._spelled)
            self._spelled.append(word)
            self._at.append(set())
            for key in _keys(word):
                self._near.setdefault(key, []).append(known)
            if len(word) > 2:
                self._near.setdefault("'" + consonants(word), []).append(known)
        return known

    def finish(self) -> None:
        """Says which words are common."""
        least = max(12, COMMON * len(self.names))
        counts = zip(self._spelled, self._at, strict=True)
        self.common = frozenset(word for word, at in counts if len(at) >= least)


def index(lists: Mapping[str, Iterable[Entity]]) -> Index:
    """Everything that stands on the given lists; 50,000 entities take a few seconds and some 150 MB."""
    found = Index()
    for list_, entities in lists.items():
        for entity in entities:
            for name in names(entity):
                found.add(list_, entity, name)
    found.finish()
    return found


def names(entity: Entity) -> Iterator[Name]:
    """Each name once; of "Al-Qa'ida/Islamic Army" also the parts."""
    seen = set()
    for written in entity.names:
        for one in (written, *_parts(written, entity.kind)):
            name = read(one, entity.kind)
            if name.words and name.words not in seen:
                seen.add(name.words)
                yield name


def _parts(written: str, kind: Kind) -> list[str]:
    if kind is Kind.PERSON and "/" not in written and ";" not in written:
        return []
    parts = [part for part in SLASH.split(written) if len(part) >= 4]
    return parts if len(parts) > 1 and all(len(part) > 5 for part in parts) else []


def _bit(word: str) -> int:
    """Of 64 one that stands for the first letter: a set of them is a number."""
    return 1 << (ord(word[0]) & 63)


def _keys(word: str) -> list[str]:
    said = sound(word)
    keys = ["=" + said]
    if len(word) in TOKEN:
        keys += ("-" + key for key in _without_one(word))
    if len(word) >= SOUND and len(said) >= 4:
        keys += ("~" + key for key in _without_one(said))
    return keys


def _without_one(word: str) -> set[str]:
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


def _mixed(name: Name) -> str:
    """The same for all orders of the words."""
    return " ".join(sorted(name.words))


def _wholes(name: Name) -> Iterator[str]:
    """The whole name in one word; an organisation's first letters."""
    yield _mixed(name)
    if 1 < len(name.words) <= 4:
        yield together(name.words)
    if letters := acronym(name):
        yield sound(letters)


def _joints(name: Name) -> set[str]:
    """Two short words in one."""
    pairs = zip(name.words, name.words[1:], strict=False)
    return {one + other for one, other in pairs if max(len(one), len(other)) <= 6 and len(one + other) >= 4}
