"""What an index stands on: every listed name by its words, and where spellings and sounds lead. Numbers and text only."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

from bot.screening.entity import Entity, Kind, entity
from bot.screening.names import Name

FOREIGN, VOWELLESS, SYLLABIC = 1, 2, 4
MARKED = tuple((bool(n & FOREIGN), bool(n & VOWELLESS), bool(n & SYLLABIC)) for n in range(8))
KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of numbers, one after the other: row n is `flat` from `starts[n]` to `starts[n + 1]`."""

    starts: array[int]
    flat: array[int]

    @classmethod
    def of(cls, rows: Iterable[Iterable[int]]) -> Self:
        """In the order they come."""
        starts, flat = array("I", [0]), array("I")
        for row in rows:
            flat.extend(row)
            starts.append(len(flat))
        return cls(starts, flat)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, n: int) -> array[int]:
        return self.flat[self.starts[n] : self.starts[n + 1]]


@dataclass(frozen=True, slots=True)
class Keyed:
    """Rows that are found by a text."""

    places: dict[str, int]
    rows: Rows

    @classmethod
    def of(cls, known: Mapping[str, Iterable[int]]) -> Self:
        return cls({key: n for n, key in enumerate(known)}, Rows.of(known.values()))

    def get(self, key: str) -> Sequence[int]:
        """Nothing where nobody knows it."""
        n = self.places.get(key)
        return () if n is None else self.rows[n]

    def all(self, keys: Iterable[str]) -> set[int]:
        """What any of the keys leads to."""
        get, starts, flat = self.places.get, self.rows.starts, self.rows.flat
        rows = [flat[starts[n] : starts[n + 1]] for key in keys if (n := get(key)) is not None]
        return set(chain.from_iterable(rows))


@dataclass(frozen=True, slots=True)
class Tables:
    """Of each listed name, its place being its number: `owner`, the entity's number; `words` and `weights` beside
    them, numbers in `spelled` and in `values`; `marks`, the flags above; `strong`, how many words carry it. Of each entity: `ids`, `bodies` as `Entity.body` gives them, `list_of`, `kind_of`.

    `at`: where each word carries a name. `near`: words by what they are like. `sounding`: long
    words of each sound; `skipped`: sounds by what is left of them without a consonant. `joined`, `whole`: names by their
    words in one. `short`, `twice`: names with an initial, with a word that is repeated;
    `beside`: without vowels, of an entity that has a name with vowels as well.
    """

    lists: list[str]
    ids: list[str]
    bodies: list[str]
    list_of: array[int]
    kind_of: array[int]
    written: list[str]
    owner: array[int]
    words: Rows
    weights: array[int]
    values: list[float]
    marks: array[int]
    strong: array[int]
    short: array[int]
    beside: array[int]
    twice: array[int]
    common: list[str]
    spelled: list[str]
    at: Rows
    near: Keyed
    sounding: Rows
    skipped: Keyed
    joined: Keyed
    whole: Keyed


class Names(dict[int, Name]):
    """Listed names by their places, each made when it is first looked at."""

    def __init__(self, tables: Tables) -> None:
        super().__init__()
        self._of = tables

    def __missing__(self, place: int) -> Name:
        """Raises IndexError where there is no such place."""
        of, starts = self._of, self._of.words.starts
        start, end = starts[place], starts[place + 1]
        found = self[place] = Name(
            of.written[place],
            tuple(map(of.spelled.__getitem__, of.words.flat[start:end])),
            tuple(map(of.values.__getitem__, of.weights[start:end])),
            KINDS[of.kind_of[of.owner[place]]],
            *MARKED[of.marks[place]],
        )
        return found


class Entities(dict[int, Entity]):
    """Entities by their numbers, each made when it is first looked at."""

    def __init__(self, tables: Tables) -> None:
        super().__init__()
        self._of = tables

    def __missing__(self, number: int) -> Entity:
        """Raises IndexError where there is no such number."""
        found = self[number] = entity(self._of.ids[number], self._of.bodies[number])
        return found
