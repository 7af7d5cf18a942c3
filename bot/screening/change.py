"""Two versions of a list, whom that concerns, whether lists are fresh, and pairs that a person has ruled on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.screening.entity import Entity
from bot.screening.index import Index, index
from bot.screening.letters import plain
from bot.screening.screen import screen

FRESH = timedelta(days=7)
AHEAD = timedelta(days=1)  # clocks of two machines differ, by less than this


@dataclass(frozen=True, slots=True)
class Change:
    """What a load did to a list. `was` of each changed entity stands beside what it is now."""

    list: str
    added: tuple[Entity, ...] = ()
    removed: tuple[Entity, ...] = ()
    changed: tuple[tuple[Entity, Entity], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class Subject:
    """Someone who is screened: a person or a firm of a case."""

    id: str
    name: str
    born: str = ""
    countries: tuple[str, ...] = ()


def change(list_: str, before: Mapping[str, Entity], now: Mapping[str, Entity]) -> Change:
    """In the order of ids."""
    both = sorted(before.keys() & now.keys())
    return Change(
        list_,
        tuple(now[id_] for id_ in sorted(now.keys() - before.keys())),
        tuple(before[id_] for id_ in sorted(before.keys() - now.keys())),
        tuple((before[id_], now[id_]) for id_ in both if before[id_] != now[id_]),
    )


def moved(changes: Iterable[Change]) -> Index:
    """Everybody whom the changes added, removed or altered, as they were and as they are."""
    lists: dict[str, list[Entity]] = {}
    for each in changes:
        told = lists.setdefault(each.list, [])
        told += (*each.added, *each.removed, *(one for pair in each.changed for one in pair))
    return index(lists)


def to_screen_again(subjects: Iterable[Subject], changed: Index) -> tuple[Subject, ...]:
    """Those whose hits may differ now: nobody else needs another look. `changed` is what `moved` gave."""
    if not len(changed):
        return ()
    return tuple(each for each in subjects if screen(changed, each.name, each.born, each.countries))


def pair(subject: Subject, list_: str, entity: Entity) -> str:
    """A ruling on this pair holds until either side changes: then the id is another one. Tells nothing of either."""
    side = "\x1f".join(
        (
            subject.id,
            " ".join(plain(subject.name).casefold().split()),
            subject.born,
            *sorted(subject.countries),
        )
    )
    whole = f"{side}\x1e{list_}\x1e{entity.id}\x1e{entity.version()}"
    return hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()


def stale(loaded: Mapping[str, Iterable[datetime]], now: datetime, fresh: timedelta = FRESH) -> str:
    """Why nobody may be approved by machine: "none", "ahead" or "old"; "" where every list is fresh.

    `loaded`: by list, when each of its parts was last read. What was read "ahead" of now would never grow old: a
    clock was wrong. The day on which a list was made does not count: lists stand unchanged for weeks.
    """
    if not loaded:
        return "none"
    ages = [now - at for parts in loaded.values() for at in parts]
    if any(age < -AHEAD for age in ages):
        return "ahead"
    return "old" if any(age > fresh for age in ages) else ""
