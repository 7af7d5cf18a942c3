"""From lists to an index's tables: every name is read, its words numbered and put where the like of them look."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.screening.bare import skeleton
from bot.screening.entity import Entity, Kind
from bot.screening.match import acronym
from bot.screening.names import Name, read
from bot.screening.sound import sound, together
from bot.screening.tables import FOREIGN, KINDS, SYLLABIC, VOWELLESS, Keyed, Rows, Tables
from bot.screening.words import FULL, INITIAL

TOKEN = range(4, 12)  # lengths of words that are found with a letter missing
SOUND = 6  # from this length on words are found with one consonant missing
SOUNDS = 4  # where they sound as long as this at least
COMMON = 0.004  # share of names from which on a word is common
SHORTEST = 4  # letters of two words in one
SLASH = re.compile(r"\s*[/;]\s*")


def tables(lists: Mapping[str, Iterable[Entity]]) -> Tables:
    """Everything that stands on the given lists; 50,000 entities take a few seconds."""
    made = _Making(list(lists))
    for number, entities in enumerate(lists.values()):
        for entity in entities:
            owner = made.own(number, entity)
            found = list(names(entity))
            spoken = not all(name.vowelless for name in found)
            for name in found:
                made.add(owner, name, beside=spoken and name.vowelless)
    return made.done()


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


@dataclass
class _Making:
    lists: list[str]
    ids: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    list_of: array[int] = field(default_factory=lambda: array("I"))
    kind_of: array[int] = field(default_factory=lambda: array("B"))
    written: list[str] = field(default_factory=list)
    owner: array[int] = field(default_factory=lambda: array("I"))
    words: list[list[int]] = field(default_factory=list)
    weights: array[int] = field(default_factory=lambda: array("B"))
    values: dict[float, int] = field(default_factory=dict)
    marks: array[int] = field(default_factory=lambda: array("B"))
    strong: array[int] = field(default_factory=lambda: array("B"))
    beside: array[int] = field(default_factory=lambda: array("I"))
    numbers: dict[str, int] = field(default_factory=dict)
    at: list[dict[int, None]] = field(default_factory=list)
    near: dict[str, list[int]] = field(default_factory=dict)
    sounds: dict[str, int] = field(default_factory=dict)
    sounding: list[list[int]] = field(default_factory=list)
    skipped: dict[str, list[int]] = field(default_factory=dict)
    joined: dict[str, list[int]] = field(default_factory=dict)
    whole: dict[str, list[int]] = field(default_factory=dict)

    def own(self, list_: int, entity: Entity) -> int:
        self.ids.append(entity.id)
        self.bodies.append(entity.body())
        self.list_of.append(list_)
        self.kind_of.append(KINDS.index(entity.kind))
        return len(self.ids) - 1

    def add(self, owner: int, name: Name, *, beside: bool) -> None:
        place = len(self.owner)
        if beside:
            self.beside.append(place)
        self.owner.append(owner)
        self.written.append(name.written)
        self.words.append([self._number(word) for word in name.words])
        self.weights.extend([self.values.setdefault(one, len(self.values)) for one in name.weights])
        self.marks.append(FOREIGN * name.foreign | VOWELLESS * name.vowelless | SYLLABIC * name.syllabic)
        self.strong.append(
            sum(
                weight >= FULL / 2 and len(word) > 1
                for word, weight in zip(name.words, name.weights, strict=True)
            )
        )
        self._lead(place, name, bare=name.vowelless and not beside)
        for joint in _joints(name):
            self.joined.setdefault(joint, []).append(place)
        for joint in _wholes(name):
            self.whole.setdefault(joint, []).append(place)

    def _number(self, word: str) -> int:
        known = self.numbers.setdefault(word, len(self.numbers))
        if known == len(self.at):
            self.at.append({})
        return known

    def _lead(self, place: int, name: Name, *, bare: bool) -> None:
        for word, weight in zip(name.words, name.weights, strict=True):
            if weight <= INITIAL:
                continue
            number = self.numbers[word]
            if not self.at[number]:
                self._put(number, word)
            self.at[number][place] = None
            if bare and number not in (known := self.near.setdefault("`" + skeleton(word), [])):
                known.append(number)

    def _put(self, number: int, word: str) -> None:
        said = sound(word)
        for key in ("=" + said, *(letters_missing(word) if len(word) in TOKEN else ())):
            self.near.setdefault(key, []).append(number)
        if len(word) >= SOUND and len(said) >= SOUNDS:
            self._sound(said, number)
        if len(word) > 2:
            self.near.setdefault("'" + skeleton(word), []).append(number)

    def _sound(self, said: str, word: int) -> None:
        known = self.sounds.setdefault(said, len(self.sounds))
        if known == len(self.sounding):
            self.sounding.append([])
            for key in consonants_missing(said):
                self.skipped.setdefault(key, []).append(known)
        self.sounding[known].append(word)

    def done(self) -> Tables:
        least = max(12, COMMON * len(self.owner))
        initial = self.values.get(INITIAL, -1)
        words = Rows.of(self.words)
        short = (
            n for n in range(len(words)) if initial in self.weights[words.starts[n] : words.starts[n + 1]]
        )
        return Tables(
            lists=self.lists,
            ids=self.ids,
            bodies=self.bodies,
            list_of=self.list_of,
            kind_of=self.kind_of,
            written=self.written,
            owner=self.owner,
            words=words,
            weights=self.weights,
            values=list(self.values),
            marks=self.marks,
            strong=self.strong,
            short=array("I", short),
            beside=self.beside,
            twice=array("I", (n for n, each in enumerate(self.words) if len(set(each)) < len(each))),
            common=[word for word, at in zip(self.numbers, self.at, strict=True) if len(at) >= least],
            spelled=list(self.numbers),
            at=Rows.of(self.at),
            near=Keyed.of(self.near),
            sounding=Rows.of(self.sounding),
            skipped=Keyed.of(self.skipped),
            joined=Keyed.of(self.joined),
            whole=Keyed.of(self.whole),
        )


def letters_missing(word: str) -> set[str]:
    """Keys of the word, and of it without each of its letters."""
    return {"-" + word, *["-" + word[:n] + word[n + 1 :] for n in range(len(word))]}


def consonants_missing(said: str) -> set[str]:
    """A sound, and the same without each of its consonants."""
    return {said, *[said[:n] + said[n + 1 :] for n in range(len(said))]}


def mixed(name: Name) -> str:
    """The same for all orders of the words."""
    return " ".join(sorted(name.words))


def _wholes(name: Name) -> Iterator[str]:
    """The whole name in one word, a person's also family name first; an organisation's first letters."""
    yield mixed(name)
    if 1 < len(name.words) <= 4:
        yield together(name.words)
        if name.kind is Kind.PERSON:
            yield together((name.words[-1], *name.words[:-1]))
    if letters := acronym(name):
        yield sound(letters)


def _joints(name: Name) -> set[str]:
    """Two words in one, as they sound."""
    pairs = zip(name.words, name.words[1:], strict=False)
    return {sound(joint) for joint in map("".join, pairs) if len(joint) >= SHORTEST}
