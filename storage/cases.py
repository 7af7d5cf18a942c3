"""Histories behind the Cases port: load, save, claim, erase."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.model import Case, CaseId, Retention
from bot.ports import Change, Parcel, UnknownError
from storage import erase, history, parcels, save
from storage.database import Db
from storage.datakeys import Keys
from storage.group import GroupCommit
from storage.history import Cache, Held
from storage.instants import instant, micros
from storage.vault import FileVault

EPOCH = "SELECT length, epoch FROM cases WHERE id = ?"
DUE = (
    "SELECT id FROM cases WHERE due_at <= ? AND (leased_until IS NULL OR leased_until <= ?)"
    " ORDER BY due_at, id LIMIT ?"
)
LEASE = "UPDATE cases SET leased_until = ? WHERE id = ?"
NEXT = "SELECT MIN(due_at) FROM cases WHERE due_at IS NOT NULL AND leased_until IS NULL"
NEXT_LEASED = (
    "SELECT MIN(CASE WHEN leased_until > due_at THEN leased_until ELSE due_at END) FROM cases"
    " WHERE due_at IS NOT NULL AND leased_until IS NOT NULL"
)
ALL = "SELECT id FROM cases ORDER BY opened_at, id"


class StoredCases:
    """`shared`: other processes save too, so a held copy is compared with its header before it is given out."""

    def __init__(self, group: GroupCommit, keys: Keys, cache: Cache, vault: FileVault, shared: bool) -> None:
        self._group = group
        self._keys = keys
        self._cache = cache
        self._vault = vault
        self._shared = shared

    async def load(self, case: CaseId) -> Case:
        held = self._cache.get(case)
        if held is None or self._shared:
            held = await self._group.run(partial(fresh, keys=self._keys, case=case, held=held))
            self._cache.put(held)
        return held.case

    async def each(self, ids: Sequence[CaseId]) -> tuple[Case, ...]:
        """Those of them that there are, read at one go and kept in no memory: for a look at very many.

        Without what was said to the seller, which is there as if it had been erased: no judgement rests on it.
        """

        def read(db: Db) -> tuple[Case, ...]:
            found = (history.read(db, self._keys, case, talk=False) for case in ids)
            return tuple(held.case for held in found if held)

        return await self._group.run(read)

    async def save(self, change: Change) -> tuple[Parcel, ...]:
        held = self._cache.get(change.case)
        try:
            saved = await self._group.run(partial(save.save, keys=self._keys, change=change, held=held))
        except BaseException:
            self._cache.drop(change.case)
            raise
        if saved.held is not None:
            self._cache.put(saved.held)
            if change.opening is not None:
                self._cache.bind(change.opening.chat, change.case)
            for name in change.binds:
                self._cache.bind(name, change.case)
            for name in change.unbinds:
                self._cache.unbind(name)
        return saved.parcels

    async def seen(self, cause: str) -> tuple[Parcel, ...] | None:
        return await self._group.run(partial(parcels.of_cause, keys=self._keys, cause=cause))

    async def claim(self, now: datetime, lease: timedelta, limit: int = 10) -> tuple[CaseId, ...]:
        return await self._group.run(partial(claim, now=now, lease=lease, limit=limit))

    async def next_due(self) -> datetime | None:
        return await self._group.run(next_due)

    async def all(self) -> Sequence[CaseId]:
        rows = await self._group.run(lambda db: db.rows(ALL))
        return tuple(CaseId(row[0]) for row in rows)

    async def erase(self, case: CaseId, classes: frozenset[Retention]) -> None:
        """When the keys are gone, so is all that they opened; what follows only tidies up, and is done at start too."""
        try:
            await self._group.run(partial(erase.erase, root=self._keys.root, case=case, classes=classes))
        finally:
            self._cache.drop(case)
        await self._vault.sweep()
        await self._group.scrub()


def fresh(db: Db, keys: Keys, case: CaseId, held: Held | None) -> Held:
    """The held copy where it is still the case, else the case anew. Raises UnknownError, TamperedError."""
    if held is not None and db.row(EPOCH, (case,)) == (len(held.case), held.epoch):
        return held
    found = history.read(db, keys, case)
    if found is None:
        raise UnknownError(f"no case {case}")
    return found


def claim(db: Db, now: datetime, lease: timedelta, limit: int) -> tuple[CaseId, ...]:
    at = micros(now)
    rows = db.rows(DUE + db.skip, (at, at, limit))
    db.many(LEASE, [(micros(now + lease), case) for (case,) in rows])
    return tuple(CaseId(case) for (case,) in rows)


def next_due(db: Db) -> datetime | None:
    """The earliest instant at which something can be claimed: a leased case counts from its lease's end."""
    found = [at for sql in (NEXT, NEXT_LEASED) for (at,) in db.rows(sql) if at is not None]
    return instant(min(found)) if found else None
