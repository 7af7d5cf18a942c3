"""Transactions; who was on the other side is kept as a keyed hash: enough to see the same one twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bot.model import Transaction
from storage.database import Db
from storage.datakeys import Keys
from storage.group import GroupCommit
from storage.instants import instant, micros
from storage.keys import Root

COLUMNS = "id, seller, at, amount, currency, direction, counterparty, counterparty_country, method, card"
KEEP = (
    f"INSERT INTO transactions ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant
    " ON CONFLICT DO NOTHING"
)
SINCE = f"SELECT {COLUMNS} FROM transactions WHERE seller = ? AND at >= ? ORDER BY at, id"  # noqa: S608 - a constant


class StoredLedger:
    """Each transaction once, whatever is reported twice."""

    def __init__(self, group: GroupCommit, keys: Keys) -> None:
        self._group = group
        self._keys = keys

    async def add(self, transactions: Sequence[Transaction]) -> tuple[Transaction, ...]:
        return await self._group.run(partial(add, root=self._keys.root, transactions=tuple(transactions)))

    async def since(self, seller: str, since: datetime) -> tuple[Transaction, ...]:
        at = micros(since)
        rows = await self._group.run(lambda db: db.rows(SINCE, (seller, at)))
        return tuple(Transaction(row[0], row[1], instant(row[2]), *row[3:]) for row in rows)


def add(db: Db, root: Root, transactions: Sequence[Transaction]) -> tuple[Transaction, ...]:
    return tuple(each for each in transactions if db.run(KEEP, _row(root, each)))


def _row(root: Root, each: Transaction) -> tuple[str | int, ...]:
    return (
        each.id,
        each.seller,
        micros(each.at),
        each.amount,
        each.currency,
        each.direction,
        root.hidden(each.counterparty),
        each.counterparty_country,
        each.method,
        root.hidden(each.card),
    )
