"""The tally sees what no chain does: what is gone as a whole, what was put back, and money and policies moved by hand."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from bot.model import CaseId, Retention, Transaction
from storage import Break, Head, Storage, migrate
from storage.database import Db
from storage.migrate import configuration, driver_url
from storage.save import save
from storage.tally import KINDS, Tally, mark
from tests.conftest import MASTER, Fresh
from tests.storage_samples import ADA, MINUTE, NAMED, NOON, PHOTO, REMINDED, adding, opening
from tests.test_storage_group import fail_late, together

EVE = CaseId("eve")
PAID = Transaction("t1", "ada", NOON, "10.50", "EUR", "in", "Byron", "GB", "card", "4111")
COLUMNS: dict[str, dict[str, object]] = {
    "transactions": {
        "seller": "eve",
        "at": 5,
        "amount": "1.00",
        "currency": "USD",
        "direction": "out",
        "counterparty": "x",
        "counterparty_country": "FR",
        "method": "cash",
        "card": "x",
        "nth": 7,
        "cents": 1,
        "seal": b"s" * 16,
    },
    "adoptions": {
        "version": "9",
        "fingerprint": "f",
        "adopted_by": "me",
        "reason": "",
        "at": 1,
        "seal": None,
    },
    "proposals": {"version": "9", "fingerprint": "f", "proposed_by": "me", "reason": "", "at": 1, "id": 9},
}
OF_A_CASE = ("records", "data_keys", "erasures", "bindings", "tokens", "causes", "outbox", "files")


@pytest.fixture
async def kept(storage: Storage) -> Storage:
    """Ada and Eve, money of both, and a policy that two people adopted."""
    for name in (ADA, EVE):
        await storage.cases.save(opening(name, name))
        await storage.cases.save(adding(await storage.cases.load(name), NAMED, PHOTO, REMINDED))
    rows = (PAID, *(replace(PAID, id=f"t{n}", seller="eve" if n > 3 else "ada") for n in range(2, 6)))
    await storage.ledger.add(rows)
    await storage.policies.propose("1", "abc", "tg:8", "why", NOON)
    await storage.policies.adopt("1", "abc", "tg:8, tg:9", "why", NOON)
    report = await storage.audit()
    assert (report.broken, report.transactions, report.adoptions) == ((), 5, 1)
    return storage


def changed(db: Db, sql: str) -> int:
    return db.run(sql)


async def run(storage: Storage, *statements: str) -> None:
    """What a hand in the database does."""
    for sql in statements:
        await storage._group.run(partial(changed, sql=sql))


async def said(storage: Storage, since: Head | None = None) -> list[str]:
    return [str(each) for each in (await storage.audit(since)).broken]


@pytest.mark.parametrize(("table", "column"), [(table, name) for table in COLUMNS for name in COLUMNS[table]])
async def test_a_changed_row_is_named(kept: Storage, table: str, column: str) -> None:
    one = " WHERE id = 't2'" if table == "transactions" else ""
    sql = f"UPDATE {table} SET {column} = ?{one}"
    assert await kept._group.run(lambda db: db.run(sql, (COLUMNS[table][column],))) == 1
    (why,) = await said(kept)
    name = {"transactions": "transaction t2 of seller", "adoptions": "adoption of a policy 1 ("}
    assert why.startswith(name.get(table, "proposal of a policy "))
    assert "was changed or added by hand" in why


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("DELETE FROM transactions WHERE id = 't2'", "1 transaction missing: 5 were stored"),
        ("DELETE FROM transactions WHERE seller = 'eve'", "2 transactions missing: 5 were stored"),
        ("DELETE FROM adoptions", "1 adoption of a policy missing: 1 were stored"),
        ("DELETE FROM proposals", "1 proposal of a policy missing: 1 were stored"),
        ("DELETE FROM sealings", "the note of when the tally began was changed or removed by hand"),
        ("UPDATE sealings SET cases = 9", "the note of when the tally began was changed or removed by hand"),
        ("DELETE FROM tallies WHERE slot = 0", "row 0 of the tally was changed or removed by hand"),
        ("UPDATE tallies SET body = (SELECT body FROM tallies WHERE slot = 1)", "row 0 of the tally was changed or removed by hand"),
        ("UPDATE tallies SET slot = slot + 8", "row 0 of the tally was changed or removed by hand"),
    ],
)  # fmt: skip
async def test_what_was_removed_is_told(kept: Storage, sql: str, why: str) -> None:
    await run(kept, sql)
    assert (await said(kept))[0] == why


async def test_a_seller_without_any_money_left_is_told(kept: Storage) -> None:
    await run(kept, *(f"DELETE FROM {table} WHERE seller = 'eve'" for table in ("transactions", "turnovers")))
    assert await said(kept) == ["2 transactions missing: 5 were stored"]


async def test_a_row_that_was_added_is_told(kept: Storage) -> None:
    copied = "seller, at, amount, currency, direction, counterparty, counterparty_country, method, card, nth, cents, seal"
    await run(
        kept,
        f"INSERT INTO transactions (id, {copied}) SELECT 't9', {copied} FROM transactions WHERE id = 't1'",
        "INSERT INTO adoptions (version, fingerprint, adopted_by, reason, at, seal)"
        " SELECT version, fingerprint, adopted_by, reason, at, seal FROM adoptions",
    )
    assert await said(kept) == [
        "adoption of a policy 2 (1, by tg:8, tg:9): it was changed or added by hand",
        "transaction t9 of seller ada: it was changed or added by hand",
        "1 adoption of a policy too many: 1 were stored",
        "1 transaction too many: 5 were stored",
    ]


async def test_of_many_changed_transactions_the_first_is_named(kept: Storage) -> None:
    await run(kept, "UPDATE transactions SET amount = '1' WHERE seller = 'ada'")
    assert await said(kept) == [
        "transaction t1 of seller ada: it was changed or added by hand, and so were 2 more"
    ]


async def without(storage: Storage, case: str, *more: str) -> None:
    await run(
        storage,
        *(f"DELETE FROM {table} WHERE case_id = '{case}'" for table in (*OF_A_CASE, *more)),
        f"DELETE FROM cases WHERE id = '{case}'",
    )


async def test_a_case_that_is_gone_with_all_its_rows_is_named(kept: Storage) -> None:
    await without(kept, "eve")
    report = await kept.audit()
    assert report.broken == (
        Break(EVE, 0, "the whole case is missing; it was opened on 2026-03-01"),
        Break(CaseId(""), 0, "1 case missing: 2 were stored"),
    )


async def test_a_case_of_which_nothing_is_left_is_counted(kept: Storage) -> None:
    await without(kept, "eve", "openings")
    assert await said(kept) == ["1 case missing: 2 were stored"]


async def test_a_case_that_nobody_opened_is_named(kept: Storage) -> None:
    await run(
        kept,
        "INSERT INTO openings (case_id, at, seal) SELECT 'zoe', at, seal FROM openings WHERE case_id = 'ada'",
        "INSERT INTO cases (id, language, opened_at, length, epoch, seal, stage, since, tier, country, policy, owed)"
        " SELECT 'zoe', language, opened_at, 0, 0, seal, '', 0, '', '', '', '' FROM cases WHERE id = 'ada'",
    )
    assert await said(kept) == [
        "case zoe, record 0: the header's seal does not fit its last record",
        "1 case too many: 2 were stored",
    ]


TABLES = ("cases", "records", "data_keys", "erasures", "transactions", "turnovers", "adoptions", "tallies")


def copied(db: Db, table: str, where: str = "") -> list[Any]:
    return db.rows(f"SELECT * FROM {table}{where}")


def put_back(db: Db, table: str, rows: list[Any], where: str = "") -> None:
    db.run(f"DELETE FROM {table}{where}")
    for row in rows:
        db.run(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)


async def rewound(storage: Storage, old: list[Any]) -> None:
    """Ada's case as it was at its copy: all its rows and its header."""

    def rewind(db: Db) -> None:
        db.run("DELETE FROM records WHERE case_id = 'ada' AND sequence > ?", (old[0][3],))
        names = "length = ?, seal = ?"
        db.run(f"UPDATE cases SET {names} WHERE id = 'ada'", (old[0][3], old[0][5]))

    await storage._group.run(rewind)


PUT_BACK = "one of the cases was put back to an older copy of itself: only a backup tells which"


async def test_a_case_put_back_to_an_older_copy_of_itself_is_seen(kept: Storage) -> None:
    old = await kept._group.run(lambda db: copied(db, "cases", " WHERE id = 'ada'"))
    await kept.cases.save(adding(await kept.cases.load(ADA), PHOTO))
    assert await said(kept) == []
    await rewound(kept, old)
    assert await said(kept) == [PUT_BACK]


async def test_an_older_tally_fits_nothing_but_its_time(kept: Storage) -> None:
    """Whoever put a case back also puts back the tally: then what others have done since does not fit."""
    old = await kept._group.run(lambda db: copied(db, "cases", " WHERE id = 'ada'"))
    sums = await kept._group.run(lambda db: copied(db, "tallies"))
    await kept.cases.save(adding(await kept.cases.load(ADA), PHOTO))
    await kept.cases.save(adding(await kept.cases.load(EVE), PHOTO))
    await rewound(kept, old)
    await kept._group.run(lambda db: put_back(db, "tallies", sums))
    assert await said(kept) == [PUT_BACK]


async def test_the_last_adoption_cannot_be_undone(kept: Storage) -> None:
    """By who kept the tally of before it, once anything at all has happened since."""
    sums = await kept._group.run(lambda db: copied(db, "tallies"))
    await kept.policies.adopt("2", "def", "tg:8, tg:9", "why", NOON + MINUTE)
    await kept.cases.save(adding(await kept.cases.load(EVE), PHOTO))
    await run(kept, "DELETE FROM adoptions WHERE version = '2'")
    assert await said(kept) == ["1 adoption of a policy missing: 2 were stored"]
    await kept._group.run(lambda db: put_back(db, "tallies", sums))
    assert await said(kept) == [PUT_BACK]


async def test_erasures_are_no_tampering_and_undoing_them_is(kept: Storage) -> None:
    before = {
        table: await kept._group.run(partial(copied, table=table, where=" WHERE case_id = 'ada'"))
        for table in ("records", "data_keys")
    }
    await kept.cases.erase(ADA, frozenset(Retention))
    await kept.cases.erase(ADA, frozenset(Retention))
    report = await kept.audit()
    assert (report.broken, report.erased, report.transactions) == ((), 4, 2)

    def undo(db: Db) -> None:
        db.run("DELETE FROM erasures")
        for table, rows in before.items():
            put_back(db, table, rows, " WHERE case_id = 'ada'")

    await kept._group.run(undo)
    assert await said(kept) == [f"{len(Retention)} notes of erasures missing: {len(Retention)} were stored"]


async def test_erased_money_that_is_back_is_seen(kept: Storage) -> None:
    rows = await kept._group.run(lambda db: copied(db, "transactions", " WHERE id = 't1'"))
    await kept.cases.erase(ADA, frozenset({Retention.IDENTITY}))
    assert await kept.ledger.add((replace(PAID, id="t7"),))
    assert await said(kept) == []
    await kept._group.run(lambda db: put_back(db, "transactions", rows, " WHERE id = 't7'"))
    assert await said(kept) == [
        "one of the transactions was put back to an older copy of itself: only a backup tells which"
    ]


async def test_a_harmed_tally_stops_nobody(kept: Storage, caplog: pytest.LogCaptureFixture) -> None:
    await run(kept, "UPDATE tallies SET seal = body WHERE slot = 0")
    with caplog.at_level(logging.ERROR):
        await kept.cases.save(adding(await kept.cases.load(ADA), PHOTO))
    assert "the tally was tampered with" in caplog.text
    assert (await said(kept))[0] == "row 0 of the tally was changed or removed by hand"


async def test_who_fails_is_not_counted(kept: Storage) -> None:
    case = await kept.cases.load(ADA)
    saves = [kept.cases.save(adding(case, PHOTO, cause="u")) for _ in range(5)]
    money = [
        kept.ledger.add((replace(PAID, id="t6"),)),
        kept.ledger.add((PAID, replace(PAID, id="t1", amount="9"))),
    ]
    results = await asyncio.gather(*saves, *money, return_exceptions=True)
    assert any(isinstance(result, Exception) for result in results)
    assert await said(kept) == []


async def test_who_is_done_alone_is_counted_once(kept: Storage) -> None:
    """Another one fails half-way: the batch is rolled back, and all of it done one by one."""
    changes = [adding(await kept.cases.load(name), PHOTO) for name in (ADA, EVE)]
    works: list[Any] = [partial(save, keys=kept._keys, change=change, held=None) for change in changes]
    results = await asyncio.gather(
        *await together(kept._group, [works[0], fail_late, works[1]]), return_exceptions=True
    )
    assert [isinstance(result, Exception) for result in results] == [False, True, False]
    assert await said(kept) == []


async def test_several_who_write_at_once_keep_one_tally(database_url: str, tmp_path: Path) -> None:
    stores = [Storage.open(database_url, tmp_path / str(n), MASTER) for n in range(4)]

    async def work(n: int, storage: Storage) -> None:
        for turn in range(10):
            case = CaseId(f"case-{n}-{turn}")
            await storage.cases.save(opening(case, case))
            await storage.ledger.add([replace(PAID, id=f"{n}-{turn}"), replace(PAID, id=f"shared-{turn}")])
            await storage.cases.save(adding(await storage.cases.load(case), PHOTO))

    async def look(storage: Storage) -> None:
        for _ in range(8):
            assert await said(storage) == []

    await asyncio.gather(*(work(n, storage) for n, storage in enumerate(stores)), look(stores[0]))
    report = await stores[0].audit()
    assert (report.broken, report.cases, report.transactions) == ((), 40, 50)
    for storage in stores:
        await storage.close()


async def test_nobody_waits_for_the_audit_nor_it_for_anybody(sqlite_url: str, tmp_path: Path) -> None:
    storage = Storage.open(sqlite_url, tmp_path, MASTER)
    await storage.cases.save(opening())
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM records")
        assert await said(storage) == []
        other.execute("ROLLBACK")
    await storage.close()


async def test_what_is_sealed_is_not_sealed_again(kept: Storage, database_url: str, tmp_path: Path) -> None:
    """Not even where the note of it was taken away: a start would else bless whatever it finds."""
    await run(kept, "UPDATE transactions SET amount = '1' WHERE id = 't2'", "UPDATE sealings SET seal = NULL")
    await Storage.open(database_url, tmp_path, MASTER).close()
    assert await said(kept) == [
        "the note of when the tally began was changed or removed by hand",
        "transaction t2 of seller ada: it was changed or added by hand",
    ]


async def test_a_head_kept_apart_knows_a_database_put_back(sqlite_url: str, tmp_path: Path) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    storage = Storage.open(sqlite_url, tmp_path, MASTER)
    await storage.cases.save(opening())
    await storage.close()
    shutil.copy(path, tmp_path / "backup")
    storage = Storage.open(sqlite_url, tmp_path, MASTER)
    await storage.cases.save(adding(await storage.cases.load(ADA), replace(NAMED, at=NOON + MINUTE)))
    head = Head.parse(str((await storage.audit()).head))
    await storage.cases.save(adding(await storage.cases.load(ADA), PHOTO))
    assert await said(storage, head) == []
    await storage.close()
    shutil.copy(tmp_path / "backup", path)
    storage = Storage.open(sqlite_url, tmp_path, MASTER)
    assert await said(storage) == []
    (why,) = await said(storage, head)
    assert why.startswith(f"the head counted {head.changes} changes, this database only ")
    for _ in range(3):
        await storage.cases.save(adding(await storage.cases.load(ADA), PHOTO))
    assert await said(storage, head) == [
        "record 2 of case ada is not the one that the head names: the past is another one"
    ]
    await storage.close()


def moved(url: str, to: str) -> None:
    config = configuration()
    with create_engine(driver_url(url), poolclass=NullPool).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)


async def test_what_was_there_before_is_sealed_as_it_was_found(fresh: Fresh, tmp_path: Path) -> None:
    url = fresh()
    storage = Storage.open(url, tmp_path, MASTER)
    await storage.cases.save(opening())
    await storage.cases.erase(ADA, frozenset({Retention.TALK}))
    await storage.ledger.add([replace(PAID, id=f"t{n:05}") for n in range(5_003)])
    await storage.policies.propose("1", "abc", "tg:8", "why", NOON)
    await storage.policies.adopt("1", "abc", "tg:8, tg:9", "why", NOON)
    await storage.close()
    moved(url, "0006")
    migrate(url)
    storage = Storage.open(url, tmp_path, MASTER)
    report = await storage.audit()
    assert report.sealed is not None
    assert (report.broken, report.sealed[1:]) == ((), (1, 1, 5_003))
    await storage.close()
    storage = Storage.open(url, tmp_path, MASTER)
    assert (await storage.audit()).sealed == report.sealed
    await without(storage, "ada")
    await run(storage, "DELETE FROM adoptions", "DELETE FROM transactions WHERE id = 't00017'")
    assert [str(each) for each in (await storage.audit()).broken] == [
        "case ada, record 0: the whole case is missing; it was opened on 2026-03-01",
        "1 case missing: 1 were stored",
        "1 note of an erasure missing: 1 were stored",
        "1 adoption of a policy missing: 1 were stored",
        "1 transaction missing: 5003 were stored",
        "of seller ada transaction number 18 is not there",
    ]
    await storage.close()


async def test_sealing_anew_is_seen_by_who_has_a_head(
    kept: Storage, database_url: str, tmp_path: Path
) -> None:
    """Whoever makes the database look as if it had no seals yet cannot hide when that was."""
    head = (await kept.audit()).head
    await without(kept, "eve")
    await run(kept, "DELETE FROM tallies", "UPDATE sealings SET seal = NULL, at = 5")
    storage = Storage.open(database_url, tmp_path, MASTER)
    report = await storage.audit(head)
    assert report.sealed is not None
    assert (report.sealed.cases, report.sealed.at > 10**15) == (1, True)
    assert [str(each) for each in report.broken] == [
        "case eve, record 0: the whole case is missing; it was opened on 2026-03-01",
        f"the head counted {head.changes} changes, this database only {report.head.changes}: it was put back to before",
    ]
    await storage.close()


def test_a_tally_is_read_as_it_was_written() -> None:
    tally = Tally()
    for kind in KINDS:
        tally.add(kind, mark(MASTER, kind, "a"))
        tally.drop(kind, mark(MASTER, kind, "b"))
        tally.drop(kind, mark(MASTER, kind, "c"))
    again = Tally.loaded(tally.dumped())
    assert (again.changes, again.counts, again.sums) == (15, dict.fromkeys(KINDS, -1), tally.sums)
    older = Tally.loaded(tally.dumped()[: 8 + 72])
    assert older.counts == {**dict.fromkeys(KINDS, 0), KINDS[0]: -1}


def test_no_two_things_are_written_alike() -> None:
    assert mark(MASTER, "a", "b", "cd") != mark(MASTER, "a", "bc", "d") != mark(MASTER, "a", "b", "c", "d")
