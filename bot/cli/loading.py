"""What a file says of a watchlist goes into the store, and what that changed is told."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.settings import Settings

CLOCK = "is the clock of this machine right?"
LOST, LEAST = 0.2, 50  # share and number of a part's entries: who loses more was cut, or is another list
OF = re.compile(r"(.*) of (\d{4}-\d\d-\d\d)", re.DOTALL)
SHOWN = 20  # names of a kind of change that are printed


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list, by the ids of who is on it. `whole`: the list has no other part. `source`: where it came from.

    `dated`: the ISO day that the list says it was made on, "" where it says none.
    """

    list: str
    part: str
    entities: Mapping[str, Any]
    whole: bool
    source: str
    dated: str = ""


def parsed(data: bytes, name: str) -> Part:
    """Raises ListFileError."""
    from bot.readers.lists import parse

    found = parse(data, name)
    entities = {record.id: entity_of(record) for record in found.records}
    return Part(found.list, found.part, entities, found.whole, name, found.dated)


def sourced(source: str, day: str) -> str:
    """As a load keeps it: the list's own day stands behind where it came from."""
    return f"{source} of {day}" if day else source


def own_day(source: str) -> tuple[str, str]:
    """(where it came from, the list's own day or ""), the inverse of `sourced`."""
    found = OF.fullmatch(source)
    return (found[1], found[2]) if found else (source, "")


async def shrunk(kept: Any, parts: Sequence[Part]) -> dict[tuple[str, str], str]:
    """Of lists and their parts that would lose more than LOST of their entries: a sentence each."""
    before = {(load.list, load.part): load.entities for load in await kept.loads()}
    places = (
        (list_, part, entities) for list_, of in _together(parts).items() for part, entities in of.items()
    )
    found = {}
    for list_, part, entities in places:
        had = before.get((list_, part), 0)
        if had - len(entities) > max(LEAST, LOST * had):
            lost = f"{list_} would lose {had - len(entities):,} of {had:,} entries; is the file whole?"
            found[list_, part] = f"{lost} The old version stays, unless you load it with --anyway"
    return found


def _together(parts: Sequence[Part]) -> dict[str, dict[str, dict[str, Any]]]:
    """By list and part: several files may give one."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for part in parts:
        found.setdefault(part.list, {}).setdefault(part.part, {}).update(part.entities)
    return found


async def take(kept: Any, parts: Sequence[Part]) -> None:
    """Store each list's parts at one go, and say what changed. What a whole list replaces is emptied."""
    found, now = _together(parts), datetime.now(UTC)
    for part in parts:
        if part.dated > f"{now + timedelta(days=1):%Y-%m-%d}":  # a day is ahead in another zone
            say(f"kycbot: {part.source}: it was made on {part.dated}, which is yet to come: {CLOCK}")
        of = found[part.list]
        if part.whole:
            others = [load.part for load in await kept.loads() if load.list == part.list and load.entities]
            of.update({other: {} for other in others if other not in of})
    for list_, of in sorted(found.items()):
        these = [part for part in parts if part.list == list_]
        source = ", ".join(dict.fromkeys(part.source for part in these))
        change = await kept.load(list_, of, now, sourced(source, max(part.dated for part in these)))
        _tell(change, len((await kept.current())[list_]))


async def retire(kept: Any, list_: str) -> None:
    """Take a list out, as a version without an entry: whom it concerned is screened anew, and it need not be fresh."""
    parts: dict[str, dict[str, Any]] = {load.part: {} for load in await kept.loads() if load.list == list_}
    change = await kept.load(list_, parts, datetime.now(UTC), "removed by hand")
    _names("-", change.removed)
    print(f"{list_}: it is retired, and {len(change.removed):,} entries went with it")


def entity_of(record: Any) -> Any:
    """What a file said, as the core has it."""
    from bot.screening import Entity, Kind

    return Entity(
        record.id,
        tuple(record.names),
        Kind(record.kind),
        tuple(record.born),
        tuple(record.countries),
        tuple(record.notes),
    )


@asynccontextmanager
async def watchlists(settings: Settings) -> AsyncIterator[Any]:
    """The store of lists alone, in the database of the settings; SQLite is brought to today's shape first."""
    from storage.migrate import migrate
    from storage.watchlists import StoredWatchlists

    settings.kyc_home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.database().startswith("sqlite"):
        migrate(settings.database())
    kept = StoredWatchlists.open(settings.database())
    try:
        yield kept
    finally:
        await kept.close()


def _tell(change: Any, entries: int) -> None:
    if not change:
        print(f"{change.list}: nothing changed, {entries:,} entries")
        return
    counts = f"{len(change.added):,} added, {len(change.removed):,} removed, {len(change.changed):,} changed"
    print(f"{change.list}: {counts}, {entries:,} entries")
    _names("+", change.added)
    _names("-", change.removed)
    _names("~", tuple(now for _, now in change.changed))


def _names(mark: str, some: Sequence[Any]) -> None:
    for each in some[:SHOWN]:
        print(f"  {mark} {each.id}  {each.names[0]}")
    if len(some) > SHOWN:
        print(f"  {mark} and {len(some) - SHOWN:,} more")


def say(line: str) -> None:
    """To whoever called the command."""
    sys.stderr.write(line + "\n")
