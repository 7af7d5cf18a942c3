"""Messages that were promised, and what became of them."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial

from bot.model import CaseId
from bot.ports import Parcel
from storage.database import Db
from storage.datakeys import Keys
from storage.group import GroupCommit
from storage.instants import micros
from storage.keys import TamperedError
from storage.parcels import COLUMNS, open_parcels

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=2)  # a send takes seconds: whoever marked it `sending` before that is gone

LOST = (
    "SELECT id, asks AND NOT again AND NOT bulk AND body IS NOT NULL FROM outbox"
    " WHERE state = 'sending' AND at <= ?"
)
REPEAT = "UPDATE outbox SET state = 'queued', again = ?, at = ?, due_at = ? WHERE id = ?"
GIVE_UP = "UPDATE outbox SET state = 'unknown', at = ? WHERE id = ?"
READY = (
    f"SELECT {COLUMNS} FROM outbox JOIN cases ON cases.id = case_id"  # noqa: S608 - a constant
    " WHERE state = 'queued' AND outbox.due_at <= ? AND NOT EXISTS (SELECT 1 FROM outbox AS earlier"
    " WHERE earlier.chat = outbox.chat AND earlier.id < outbox.id AND earlier.state IN ('queued', 'sending'))"
    " ORDER BY outbox.id LIMIT ?"
)
SENDING = "UPDATE outbox SET state = 'sending', at = ?, tries = tries + 1 WHERE id = ?"
SENT = "UPDATE outbox SET state = 'sent', message_id = ? WHERE id = ?"
RETRY = (
    "UPDATE outbox SET state = CASE WHEN body IS NULL THEN 'failed' ELSE 'queued' END, due_at = ?,"
    " again = (again OR ?) WHERE id = ?"
)
FAILED = "UPDATE outbox SET state = 'failed' WHERE id = ?"
UNKNOWN = "UPDATE outbox SET state = 'unknown' WHERE id = ? AND NOT (asks AND NOT again AND NOT bulk)"
SLOT = (
    "SELECT message_id FROM outbox WHERE case_id = ? AND chat = ? AND slot = ? AND message_id IS NOT NULL"
    " ORDER BY id DESC LIMIT 1"
)


class StoredOutbox:
    """One chat's messages go one after the other: only the earliest that is open is ever given out."""

    def __init__(self, group: GroupCommit, keys: Keys) -> None:
        self._group = group
        self._keys = keys

    async def take(self, now: datetime, limit: int = 30) -> tuple[Parcel, ...]:
        return await self._group.run(partial(take, keys=self._keys, now=now, limit=limit))

    async def sent(self, parcel: int, message_id: int | None) -> None:
        await self._group.run(lambda db: db.run(SENT, (message_id, parcel)))

    async def failed(self, parcel: int, *, unknown: bool = False, retry_at: datetime | None = None) -> None:
        """A question whose fate is unknown stays `sending`: `take` repeats it, once, when patience has run out."""
        if retry_at is not None:
            due_at = micros(retry_at)
            await self._group.run(lambda db: db.run(RETRY, (due_at, unknown, parcel)))
        else:
            await self._group.run(lambda db: db.run(UNKNOWN if unknown else FAILED, (parcel,)))

    async def slot(self, case: CaseId, chat: str, slot: str) -> int | None:
        row = await self._group.run(lambda db: db.row(SLOT, (case, chat, slot)))
        return None if row is None else int(row[0])


def take(db: Db, keys: Keys, now: datetime, limit: int) -> tuple[Parcel, ...]:
    at = micros(now)
    if not db.alone("outbox"):
        return ()  # another process is taking at this moment
    for id_, repeat in db.rows(LOST, (micros(now - PATIENCE),)):
        if repeat:
            db.run(REPEAT, (True, at, at, id_))
        else:
            db.run(GIVE_UP, (at, id_))
    parcels: list[Parcel] = []
    for row in db.rows(READY, (at, limit)):
        try:
            parcels += open_parcels(db, keys, [row])
        except TamperedError:  # one harmed message must not hold up all others
            log.exception("message %s cannot be opened and is given up", row[0])
            db.run(FAILED, (row[0],))
    db.many(SENDING, [(at, parcel.id) for parcel in parcels])
    return tuple(parcels)
