"""Group commit: all who wait share one commit, and nobody's failure is another's."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
from psycopg import errors

from bot.ports import AwayError
from storage.database import Db, Sqlite, connect
from storage.group import GroupCommit, Work
from tests.conftest import Fresh

KEEP = "INSERT INTO adoptions (version, fingerprint, adopted_by, reason, at) VALUES (?, '', '', '', 0)"


@pytest.fixture
async def group(database_url: str) -> AsyncIterator[GroupCommit]:
    made = GroupCommit(connect(database_url))
    yield made
    await made.close()


async def together(group: GroupCommit, works: Iterable[Work[Any]]) -> list[asyncio.Future[Any]]:
    """The works, all in line before the first of them is begun: they make one batch."""
    entered, leave = threading.Event(), threading.Event()

    def gate(_: Db) -> None:
        entered.set()
        assert leave.wait(20)

    held = asyncio.ensure_future(group.run(gate))
    await asyncio.to_thread(entered.wait, 20)
    futures: list[asyncio.Future[Any]] = [asyncio.ensure_future(group.run(work)) for work in works]
    await asyncio.sleep(0)
    leave.set()
    await held
    return futures


class Counted(Sqlite):
    """Knows how often it committed."""

    commits = 0

    def commit(self) -> None:
        self.commits += 1
        super().commit()


class OddError(Exception):
    """Not one that storage knows."""


def keep(name: str) -> Work[str]:
    def work(db: Db) -> str:
        db.insert(KEEP, (name,))
        return name

    return work


def fail_late(db: Db) -> None:
    db.insert(KEEP, ("never",))
    raise OddError


def fail_early(_: Db) -> None:
    raise OddError


def fail_in_sql(db: Db) -> None:
    db.run("SELECT nonsense")


async def kept(group: GroupCommit) -> list[str]:
    return [
        name for (name,) in await group.run(lambda db: db.rows("SELECT version FROM adoptions ORDER BY id"))
    ]


@pytest.mark.parametrize("failing", [fail_early, fail_late, fail_in_sql])
async def test_one_failure_costs_the_others_nothing(group: GroupCommit, failing: Work[None]) -> None:
    works = [keep("a"), failing, keep("b"), failing, keep("c")]
    results = await asyncio.gather(*await together(group, works), return_exceptions=True)
    assert results[::2] == ["a", "b", "c"]
    assert all(isinstance(result, Exception) for result in results[1::2])
    assert await kept(group) == ["a", "b", "c"]


async def test_all_who_wait_share_one_commit(sqlite_url: str) -> None:
    db = Counted(sqlite_url.removeprefix("sqlite:///"))
    group = GroupCommit(db)
    await asyncio.gather(*await together(group, [keep(str(number)) for number in range(50)]))
    assert db.commits == 2  # the gate's and theirs
    assert await kept(group) == [str(number) for number in range(50)]
    await group.close()


async def test_a_stale_one_does_not_part_the_others(sqlite_url: str) -> None:
    """Staleness is found before anything is written: the batch needs no second try."""
    db = Counted(sqlite_url.removeprefix("sqlite:///"))
    group = GroupCommit(db)
    await asyncio.gather(*await together(group, [keep("a"), fail_early, keep("b")]), return_exceptions=True)
    assert (db.commits, await kept(group)) == (2, ["a", "b"])
    await group.close()


async def test_who_stops_waiting_takes_nobody_along(group: GroupCommit) -> None:
    left, stays = await together(group, [keep("a"), keep("b")])
    left.cancel()
    assert await stays == "b"
    assert await kept(group) == ["a", "b"]


async def test_what_waits_at_the_end_is_still_done(database_url: str) -> None:
    group = GroupCommit(connect(database_url))
    works = [asyncio.ensure_future(group.run(keep(str(number)))) for number in range(3)]
    await asyncio.sleep(0)
    await group.close()
    assert [await work for work in works] == ["0", "1", "2"]
    with pytest.raises(AwayError):
        await group.run(keep("too late"))


async def test_a_lost_connection_is_opened_anew(fresh_postgres: Fresh) -> None:
    url = fresh_postgres()
    group, other = GroupCommit(connect(url)), connect(url)
    await group.run(keep("a"))
    other.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    other.close()
    with pytest.raises(AwayError):
        await group.run(keep("b"))
    await group.run(keep("c"))
    assert await kept(group) == ["a", "c"]
    await group.close()


async def test_a_busy_database_is_away_and_comes_back(sqlite_url: str) -> None:
    group = GroupCommit(connect(sqlite_url))
    await group.run(lambda db: db.rows("PRAGMA busy_timeout=1"))
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(AwayError):
        await group.run(keep("a"))
    other.execute("ROLLBACK")
    other.close()
    await group.run(keep("b"))
    assert await kept(group) == ["b"]
    await group.close()


def test_a_server_that_is_not_there_is_away() -> None:
    with pytest.raises(AwayError):
        connect("postgresql://nobody@127.0.0.1:1/none")


async def test_writers_that_lock_each_other_both_get_through(fresh_postgres: Fresh) -> None:
    """Two processes change the same two rows in opposite order: one is chosen to try again."""
    url = fresh_postgres()
    one, two = GroupCommit(connect(url)), GroupCommit(connect(url))
    await one.run(lambda db: [db.insert(KEEP, (name,)) for name in "ab"])
    meet = threading.Barrier(2)
    first_try = {"ab": True, "ba": True}

    def touch(db: Db, order: str) -> None:
        for name in order:
            db.run("UPDATE adoptions SET reason = reason || ? WHERE version = ?", (order, name))
            if first_try[order]:
                first_try[order] = False
                meet.wait(10)

    await asyncio.gather(one.run(lambda db: touch(db, "ab")), two.run(lambda db: touch(db, "ba")))
    rows = await one.run(lambda db: db.rows("SELECT reason FROM adoptions"))
    assert {len(reason) for (reason,) in rows} == {4}
    for group in (one, two):
        await group.close()


async def test_a_clash_is_tried_again_but_not_for_ever(fresh_postgres: Fresh) -> None:
    group = GroupCommit(connect(fresh_postgres()))
    tries = []

    def clash(db: Db, until: int) -> int:
        tries.append(db.insert(KEEP, ("a",)))
        if len(tries) < until:
            raise errors.DeadlockDetected
        return len(tries)

    assert await group.run(lambda db: clash(db, 4)) == 4
    assert await kept(group) == ["a"]
    with pytest.raises(errors.DeadlockDetected):
        await group.run(lambda db: clash(db, 99))
    await group.close()
