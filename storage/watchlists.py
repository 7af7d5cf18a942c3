"""Watchlists: parts with every version they had; a part's row holds from the load `since` on until `until`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from bot.screening.change import Change, change
from bot.screening.entity import Entity, entity, merged
from bot.screening.ports import MAIN, MORE, Load
from storage.database import Db, Row, connect, spread
from storage.group import GroupCommit
from storage.instants import instant, micros
from storage.migrate import check

ORDER = (MAIN, *MORE)
PART = "SELECT id, entity, digest, body FROM listed WHERE list = ? AND part = ? AND until IS NULL"
CURRENT = "SELECT list, part, entity, body FROM listed WHERE until IS NULL ORDER BY id"
ADD = "INSERT INTO listed (list, part, entity, since, until, digest, body) VALUES (?, ?, ?, ?, NULL, ?, ?)"
END = "UPDATE listed SET until = ? WHERE id IN (..)"
LOADED = (
    "INSERT INTO list_loads (list, part, at, source, digest, entities, added, removed, changed)"
    " VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0)"
)
COUNTED = "UPDATE list_loads SET added = ?, removed = ?, changed = ? WHERE id = ?"
LOADS = (
    "SELECT list, part, at, source, entities, added, removed, changed, digest FROM list_loads"
    " WHERE id IN (SELECT MAX(id) FROM list_loads GROUP BY list, part) ORDER BY list, part"
)
VERSION = "SELECT COALESCE(MAX(id), 0) FROM list_loads WHERE added + removed + changed > 0"
AGAIN = (
    "INSERT INTO list_loads (list, part, at, source, digest, entities, added, removed, changed)"
    " SELECT list, part, ?, ?, digest, entities, 0, 0, 0 FROM list_loads"
    " WHERE id = (SELECT MAX(id) FROM list_loads WHERE list = ? AND part = ?)"
)
AT_ONCE = 500

Parts = Mapping[str, Mapping[str, Entity]]


class StoredWatchlists:
    """The port Watchlists. Lists are public: nothing of them is encrypted."""

    def __init__(self, group: GroupCommit) -> None:
        self._group = group

    @classmethod
    def open(cls, url: str) -> StoredWatchlists:
        """Lists alone, without a master key. Raises OutdatedError, AwayError, ValueError for an unknown URL."""
        db = connect(url)
        try:
            check(db)
        except BaseException:
            db.close()
            raise
        return cls(GroupCommit(db))

    async def close(self) -> None:
        """After all that was promised is stored."""
        await self._group.close()

    async def load(self, list_: str, parts: Parts, at: datetime, source: str) -> Change:
        return await self._group.run(partial(load, list_=list_, parts=parts, at=at, source=source))

    async def again(self, list_: str, part: str, at: datetime, source: str) -> None:
        values = (micros(at), source, list_, part)
        await self._group.run(lambda db: db.run(AGAIN, values))

    async def current(self) -> dict[str, dict[str, Entity]]:
        rows = await self._group.run(lambda db: db.rows(CURRENT))
        return _lists(rows)

    async def loads(self) -> tuple[Load, ...]:
        rows = await self._group.run(lambda db: db.rows(LOADS))
        return tuple(Load(row[0], row[1], instant(row[2]), *row[3:]) for row in rows)

    async def version(self) -> int:
        row = await self._group.run(lambda db: db.row(VERSION))
        return int(row[0]) if row else 0

    async def loaded(self) -> dict[str, tuple[datetime, ...]]:
        found: dict[str, tuple[datetime, ...]] = {}
        for load in await self.loads():
            if load.entities:
                found[load.list] = (*found.get(load.list, ()), load.at)
        return found


def load(db: Db, *, list_: str, parts: Parts, at: datetime, source: str) -> Change:
    """In one transaction; what it did to the list as a whole."""
    rows = {part: db.rows(PART, (list_, part)) for part in ORDER}
    before = _whole({part: _known(rows[part]) for part in ORDER})
    for part in sorted(parts, key=ORDER.index):
        _replace(db, (list_, part), parts[part], rows[part], (micros(at), source))
    after = _whole({part: parts[part] if part in parts else _known(rows[part]) for part in ORDER})
    return change(list_, before, after)


def _whole(parts: Parts) -> dict[str, Entity]:
    return merged(parts[part] for part in ORDER if part in parts)


def _known(rows: Sequence[Row]) -> dict[str, Entity]:
    return {id_: entity(id_, bytes(body)) for _, id_, _, body in rows}


def _replace(
    db: Db, place: tuple[str, str], now: Mapping[str, Entity], rows: Sequence[Row], when: tuple[int, str]
) -> None:
    digests = {id_: (number, digest) for number, id_, digest, _ in rows}
    versions = {id_: one.version() for id_, one in now.items()}
    number = db.insert(LOADED, (*place, *when, _digest(versions), len(now)))
    gone = [digests[id_][0] for id_ in digests if id_ not in now]
    changed = [id_ for id_ in now if id_ in digests and digests[id_][1] != versions[id_]]
    new = [id_ for id_ in now if id_ not in digests]
    for some in _portions([*gone, *(digests[id_][0] for id_ in changed)]):
        db.run(spread(END, len(some)), (number, *some))
    db.many(
        ADD,
        ((*place, id_, number, versions[id_], now[id_].body().encode()) for id_ in (*new, *changed)),
    )
    db.run(COUNTED, (len(new), len(gone), len(changed), number))


def _digest(versions: Mapping[str, str]) -> str:
    lines = "".join(f"{id_} {versions[id_]}\n" for id_ in sorted(versions))
    return hashlib.blake2b(lines.encode(), digest_size=16).hexdigest()


def _portions(values: Sequence[int]) -> Iterator[Sequence[int]]:
    for n in range(0, len(values), AT_ONCE):
        yield values[n : n + AT_ONCE]


def _lists(rows: Sequence[Row]) -> dict[str, dict[str, Entity]]:
    found: dict[str, dict[str, dict[str, Entity]]] = {}
    for list_, part, id_, body in rows:
        found.setdefault(list_, {}).setdefault(part, {})[id_] = entity(id_, bytes(body))
    return {list_: _whole(parts) for list_, parts in sorted(found.items())}
