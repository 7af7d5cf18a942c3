"""Transactions; who was on the other side is kept as a keyed hash: enough to see the same one twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import chain

from bot.model import Transaction
from bot.monitoring import moved
from bot.monitoring.known import Past
from bot.monitoring.market import Beginning
from bot.monitoring.ports import Kept
from bot.monitoring.windows import NEWEST
from bot.ports import OtherwiseError
from storage.database import Db, Row, spread
from storage.datakeys import Keys
from storage.group import GroupCommit
from storage.instants import instant, micros
from storage.keys import Root
from storage.past import past
from storage.tally import SEAL, mark

# The SQL below is put together from these constants alone.
COLUMNS = "id, seller, at, amount, currency, direction, counterparty, counterparty_country, method, card"
KEEP = (
    f"INSERT INTO transactions ({COLUMNS}, nth, cents, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
    " ON CONFLICT DO NOTHING"
)
KNOWN = f"SELECT {COLUMNS} FROM transactions WHERE id IN (..)"  # noqa: S608
COUNT = (
    "INSERT INTO turnovers (seller, length) VALUES (?, ?)"
    " ON CONFLICT (seller) DO UPDATE SET length = turnovers.length + excluded.length RETURNING length"
)
LENGTH = "SELECT length FROM turnovers WHERE seller = ?"
SINCE = f"SELECT nth, {COLUMNS} FROM transactions WHERE seller = ? AND at >= ? ORDER BY at, id"  # noqa: S608
BETWEEN = (
    f"SELECT nth, {COLUMNS} FROM transactions WHERE seller = ? AND at >= ? AND at <= ?"  # noqa: S608
    " ORDER BY cents DESC, id LIMIT 1000"
)
AFTER = f"SELECT nth, {COLUMNS} FROM transactions WHERE seller = ? AND nth > ? ORDER BY at, id"  # noqa: S608
PAID = (
    f"SELECT nth, {COLUMNS} FROM transactions WHERE card = ? AND card <> '' AND at > ? AND at <= ?"  # noqa: S608
    " ORDER BY at, id LIMIT 1000"
)
PAID_TO = (
    f"SELECT nth, {COLUMNS} FROM transactions WHERE counterparty = ? AND direction = 'out' AND counterparty <> ''"  # noqa: S608
    f" AND at > ? AND at <= ? ORDER BY at DESC, id DESC LIMIT {NEWEST}"
)
SENT = (
    "SELECT SUM(CASE WHEN direction = 'out' AND counterparty = ? THEN cents ELSE 0 END),"
    " SUM(CASE WHEN direction = 'out' THEN cents ELSE 0 END), SUM(CASE WHEN direction = 'in' THEN cents ELSE 0 END)"
    " FROM transactions WHERE seller = ? AND at > ? AND at <= ?"
)
VOLUMES = "SELECT SUM(cents) FROM transactions WHERE at >= ? AND at < ? AND direction = 'in' GROUP BY seller"
DAY = 86_400_000_000  # microseconds
SOLD = (
    f"SELECT at / {DAY}, COUNT(*), SUM(cents) FROM transactions"  # noqa: S608
    " WHERE seller = ? AND at >= ? AND direction = 'in' GROUP BY 1 ORDER BY 1"
)
LATEST = (
    f"SELECT nth, {COLUMNS} FROM transactions t WHERE at >= ? AND NOT EXISTS"  # noqa: S608
    " (SELECT 1 FROM transactions n WHERE n.seller = t.seller AND (n.at > t.at OR n.at = t.at AND n.id > t.id))"
)
TAKEN = "SELECT SUM(cents) FROM transactions WHERE seller = ? AND at > ? AND at <= ? AND direction = 'in'"
FIRSTS = "SELECT MIN(at) FROM transactions GROUP BY seller ORDER BY 1"
PAGE = f"SELECT nth, {COLUMNS} FROM transactions WHERE at >= ? AND (at > ? OR id > ?) ORDER BY at, id LIMIT 10000"  # noqa: S608
FORGET = f"DELETE FROM transactions WHERE seller = ? RETURNING {COLUMNS}, nth, cents"  # noqa: S608
FORGET_COUNT = "DELETE FROM turnovers WHERE seller = ?"
AT_ONCE = 500  # ids that one statement asks for


class StoredLedger:
    """Each transaction once, whatever is reported twice."""

    def __init__(self, group: GroupCommit, keys: Keys) -> None:
        self._group = group
        self._keys = keys

    async def add(self, transactions: Sequence[Transaction]) -> tuple[Transaction, ...]:
        return await self._group.run(partial(add, root=self._keys.root, transactions=tuple(transactions)))

    async def since(self, seller: str, since: datetime) -> tuple[Transaction, ...]:
        rows = await self._group.run(lambda db: db.rows(SINCE, (seller, micros(since))))
        return tuple(_transaction(row) for row in rows)

    async def those(self, ids: Sequence[str]) -> tuple[Transaction, ...]:
        rows = await self._group.run(partial(_known, ids=tuple(ids)))
        return tuple(sorted((_transaction((0, *row)) for row in rows), key=lambda each: (each.at, each.id)))

    async def between(self, seller: str, start: datetime, end: datetime) -> tuple[Transaction, ...]:
        values = (seller, micros(start), micros(end))
        rows = await self._group.run(lambda db: db.rows(BETWEEN, values))
        return tuple(_transaction(row) for row in rows)

    async def kept(self, seller: str, since: datetime) -> tuple[int, tuple[Kept, ...]]:
        values = (seller, micros(since))

        def both(db: Db) -> tuple[Row | None, list[Row]]:
            return db.row(LENGTH, (seller,)), db.rows(SINCE, values)

        length, rows = await self._group.run(both)
        return (length[0] if length else 0), tuple(_kept(row) for row in rows)

    async def after(self, seller: str, nth: int) -> tuple[Kept, ...]:
        rows = await self._group.run(lambda db: db.rows(AFTER, (seller, nth)))
        return tuple(_kept(row) for row in rows)

    async def past(self, seller: str, before: datetime) -> Past | None:
        return await self._group.run(partial(past, seller=seller, before=micros(before)))

    async def paid_with(
        self, cards: Iterable[str], after: datetime, until: datetime
    ) -> tuple[Transaction, ...]:
        spans = [(card, micros(after), micros(until)) for card in cards]
        rows = await self._group.run(lambda db: [row for span in spans for row in db.rows(PAID, span)])
        return tuple(_transaction(row) for row in rows)

    async def paid_to(
        self, accounts: Iterable[str], after: datetime, until: datetime
    ) -> tuple[Transaction, ...]:
        spans = [(account, micros(after), micros(until)) for account in accounts]
        rows = await self._group.run(
            lambda db: [row for span in spans for row in reversed(db.rows(PAID_TO, span))]
        )
        return tuple(_transaction(row) for row in rows)

    async def sent(
        self, asked: Iterable[tuple[str, str, datetime]], within: timedelta
    ) -> tuple[tuple[int, int, int], ...]:
        spans = [(account, seller, micros(at - within), micros(at)) for seller, account, at in asked]
        rows = await self._group.run(lambda db: [db.row(SENT, span) for span in spans])
        return tuple(_sums(row) for row in rows)

    async def volumes(self, start: datetime, end: datetime) -> tuple[int, ...]:
        rows = await self._group.run(lambda db: db.rows(VOLUMES, (micros(start), micros(end))))
        return tuple(int(cents) for (cents,) in rows)

    async def sold(self, seller: str, since: datetime) -> tuple[tuple[date, int, int], ...]:
        rows = await self._group.run(lambda db: db.rows(SOLD, (seller, micros(since))))
        return tuple((instant(int(day) * DAY).date(), int(sales), int(cents)) for day, sales, cents in rows)

    async def taken(self, sellers: Iterable[str], after: datetime, until: datetime) -> Mapping[str, int]:
        spans = [(seller, micros(after), micros(until)) for seller in sellers]
        rows = await self._group.run(lambda db: [(span[0], db.row(TAKEN, span)) for span in spans])
        return {seller: int(row[0]) for seller, row in rows if row and row[0] is not None}

    async def began(self) -> datetime | None:
        beginning = Beginning()
        for (first,) in await self._group.run(lambda db: db.rows(FIRSTS)):
            beginning.seen(first / 1e6)
        return datetime.fromtimestamp(beginning.at, UTC) if beginning.at >= 0 else None

    async def latest(self, since: datetime) -> tuple[Transaction, ...]:
        """The newest transaction of each seller that has any since then."""
        rows = await self._group.run(lambda db: db.rows(LATEST, (micros(since),)))
        return tuple(_transaction(row) for row in rows)

    async def all_since(self, since: datetime) -> AsyncIterator[Transaction]:
        """Every seller's, in order of (at, id), a page at a time."""
        at, last = micros(since), ""
        while rows := await self._group.run(partial(_page, at=at, last=last)):
            for row in rows:
                yield _transaction(row)
            at, last = rows[-1][3], rows[-1][1]


def _page(db: Db, *, at: int, last: str) -> list[Row]:
    return db.rows(PAGE, (at, at, last))


def add(db: Db, root: Root, transactions: Sequence[Transaction]) -> tuple[Transaction, ...]:
    """Those that were new. Each seller's are numbered in the order they came; the counter's row is the lock.

    Raises OtherwiseError, before anything is stored, where an id came before with other content.
    """
    firsts: dict[str, Transaction] = {}
    for each in transactions:
        first = firsts.setdefault(each.id, each)
        if first is not each and _content(root, first) != _content(root, each):
            raise OtherwiseError(each.id)
    _leave_out(db, root, firsts)
    new = tuple(firsts.values())
    counts: dict[str, int] = {}
    for each in new:
        counts[each.seller] = counts.get(each.seller, 0) + 1
    # always in the same order: two writers never wait for each other crosswise
    last = {seller: _count(db, seller, counts[seller]) - counts[seller] for seller in sorted(counts)}
    added = []
    for each in new:
        last[each.seller] += 1
        row = _row(root, each, last[each.seller])
        made = mark(root.tally, "transaction", *row)
        if db.run(KEEP, (*row, made[:SEAL])):
            db.tally.add("transaction", made)
            added.append(each)
    return tuple(added)


def forget(db: Db, root: Root, seller: str) -> None:
    """All of a seller's: they leave the tally too, so that the audit tells this from rows taken out by hand."""
    db.touched = True
    for row in db.rows(FORGET, (seller,)):
        db.tally.drop("transaction", mark(root.tally, "transaction", *row))
    db.run(FORGET_COUNT, (seller,))


def _leave_out(db: Db, root: Root, firsts: dict[str, Transaction]) -> None:
    """Those that are stored already. Raises OtherwiseError."""
    for row in _known(db, tuple(firsts)):
        again, stored = firsts.pop(row[0]), _same(tuple(row))
        if stored not in (_content(root, again), _given_back(again)):
            raise OtherwiseError(again.id)


def _known(db: Db, ids: tuple[str, ...]) -> list[Row]:
    parts = [ids[n : n + AT_ONCE] for n in range(0, len(ids), AT_ONCE)]
    return list(chain.from_iterable(db.rows(spread(KNOWN, len(part)), part) for part in parts))


def _content(root: Root, each: Transaction) -> tuple[str | int | Decimal, ...]:
    """What makes two reports of a transaction the same one."""
    return _same(_row(root, each, 0)[:-2])


def _given_back(each: Transaction) -> tuple[str | int | Decimal, ...]:
    """As it came from here: its parties are hashes already."""
    return _same((each.id, each.seller, micros(each.at), *astuple(each)[3:]))


def _same(row: tuple[str | int, ...]) -> tuple[str | int | Decimal, ...]:
    """5 and 5.00 are the same amount."""
    return (*row[:3], Decimal(row[3]), *row[4:])


def _count(db: Db, seller: str, more: int) -> int:
    db.touched = True
    found = db.row(COUNT, (seller, more))
    if found is None:
        raise RuntimeError("a counter gave no number")
    return int(found[0])


def _row(root: Root, each: Transaction, nth: int) -> tuple[str | int, ...]:
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
        nth,
        moved(each).cents,
    )


def _sums(row: Row | None) -> tuple[int, int, int]:
    there, went, came = (int(cents or 0) for cents in row) if row else (0, 0, 0)
    return there, went, came


def _kept(row: Row) -> Kept:
    return Kept(row[0], _transaction(row))


def _transaction(row: Row) -> Transaction:
    return Transaction(row[1], row[2], instant(row[3]), *row[4:])
