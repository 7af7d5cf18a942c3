"""All listed names by their words: exact, by sound, and with one letter missing. Made once, asked thousands of times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

from bot.screening.entity import Entity, Kind
from bot.screening.match import acronym, alike, alike_without_vowels
from bot.screening.names import Name, read
from bot.screening.sound import sound
from bot.screening.words import ALIKE, INITIAL

FEW = 60  # names that share one word with the asked one and are looked at though they share no other
MOST = 250  # names that are compared with an asked one
TOKEN = range(4, 8)  # lengths of words that are found with a letter missing
SOUND = 6  # from this length on words are found with one consonant missing
COMMON = 0.004  # share of names from which on a word is common
SLASH = re.compile(r"\s*[/;]\s*|\s*[()]\s*")
Near = dict[int, float]


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
    _single: set[int] = field(default_factory=set)
    _short: set[int] = field(default_factory=set)
    _seen: dict[tuple[str, bool], frozenset[int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.names)

    def candidates(self, asked: Name) -> Iterable[int]:
        """Places in `names` worth comparing, at most MOST."""
        strong = [word for word in dict.fromkeys(asked.strong()) if len(word) > 1]
        found: dict[int, int] = {}
        for place in self._by_joints(asked):
            found[place] = 9
        places = [self._led(word, without=asked.vowelless) for word in strong]
        for each in places:
            if len(each) <= FEW:
                _count(found, each, 1)
        if len(places) == 1:
            _count(found, self._alone(asked, places[0]), 2)
        for one, other in combinations(sorted(places, key=len), 2):
            _count(found, one & other, 2)
        for each in places if len(places) > 1 else ():
            _count(found, each & self._short, 2)
        return sorted(found, key=lambda place: -found[place])[:MOST] if len(found) > MOST else found

    def _alone(self, asked: Name, led: frozenset[int]) -> set[int]:
        """With one word to go by: names of one word; with an initial beside it those whose initials fit."""
        found = led & self._single
        letters = {word for word in asked.words if len(word) == 1}
        if letters or any(len(word) <= 4 for word in asked.words):
            letters |= {word[0] for word in asked.words}
            fits = (n for n in led if {word[0] for word in self.names[n].name.words} <= letters)
            found = found | {n for n, _ in zip(fits, range(MOST), strict=False)}
            if letters:
                initials = {word for word in asked.words if len(word) == 1}
                more = (n for n in led if initials and self._starts(n, initials))
                found |= {n for n, _ in zip(more, range(MOST), strict=False)}
        return found

    def _starts(self, place: int, letters: set[str]) -> bool:
        return letters <= {word[0] for word in self.names[place].name.words}

    def _by_joints(self, asked: Name) -> Iterator[int]:
        """Where spaces stand otherwise."""
        yield from self._joined.get(_joint(asked.joined), ())
        words = asked.words
        for word in words:
            if len(word) >= 4 and len(at := self._joined.get(_joint(word), ())) <= FEW:
                yield from at
        for one, other in zip(words, words[1:], strict=False):
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

    def _similar(self, word: str, *, without: bool) -> Iterator[int]:
        like = alike_without_vowels if without else alike
        seen: set[int] = set()
        for key in _keys(word):
            seen.update(self._near.get(key, ()))
        for other in ALIKE.get(word, ()):
            if (n := self._words.get(other)) is not None:
                seen.add(n)
        if without:
            seen.update(self._near.get("'" + _consonants(word), ()))
        for n in seen:
            if like(word, self._spelled[n]):
                yield n

    def add(self, list_: str, entity: Entity, name: Name) -> None:
        """Only while the index is made."""
        place = len(self.names)
        self.names.append(Listed(list_, entity, name))
        for word in name.words:
            self._at[self._number(word)].add(place)
        if len(name.strong()) <= 1:
            self._single.add(place)
        if any(weight == INITIAL for weight in name.weights):
            self._short.add(place)
        for joint in _joints(name):
            self._joined.setdefault(joint, []).append(place)

    def _number(self, word: str) -> int:
        known = self._words.get(word)
        if known is None:
            known = self._words[word] = len(self._spelled)
            self._spelled.append(word)
            self._at.append(set())
            for key in _keys(word):
                self._near.setdefault(key, []).append(known)
            if len(word) > 2:
                self._near.setdefault("'" + _consonants(word), []).append(known)
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


def _count(found: dict[int, int], places: Iterable[int], worth: int) -> None:
    for place in places:
        found[place] = found.get(place, 0) + worth


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


@lru_cache(maxsize=65536)
def _consonants(word: str) -> str:
    said = sound(word).lstrip("a")
    return "".join(letter for letter in said if letter not in "hv")


def _joint(text: str) -> str:
    return sound(text)


def _joints(name: Name) -> set[str]:
    """The whole name in one word; two short words in one; an organisation's first letters."""
    words = name.words
    found = {_joint(name.joined)} if 1 < len(words) <= 4 else set()
    for one, other in zip(words, words[1:], strict=False):
        if len(one) <= 6 and len(other) <= 6 and len(one + other) >= 4:
            found.add(_joint(one + other))
    if letters := acronym(name):
        found.add(_joint(letters))
    return found


