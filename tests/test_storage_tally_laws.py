"""Laws: whatever was done through the house is whole; whatever a hand then takes out or puts back is seen."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import CaseId, Retention
from storage import Storage, migrate
from tests.conftest import MASTER
from tests.storage_samples import MINUTE, NOON, adding, opening
from tests.test_storage_tally import PAID

Tables = dict[str, list[Any]]
SEALED = {  # what of each table the audit stands for
    "cases": "id, opened_at, length, seal",
    "records": "*",
    "erasures": "*",
    "transactions": "*",
    "adoptions": "*",
    "proposals": "*",
}
ACTS = st.lists(
    st.tuples(
        st.integers(0, 1), st.sampled_from(["open", "add", "money", "erase", "adopt"]), st.integers(0, 2)
    ),
    min_size=1,
    max_size=12,
)


async def act(storage: Storage, what: str, number: int, turn: int) -> None:
    """One thing that the house does."""
    case, at = CaseId(f"c{number}"), NOON + turn * MINUTE
    there = case in await storage.cases.all()
    if what == "money":
        row = replace(PAID, id=f"t{turn}", seller=case, at=at)
        await storage.ledger.add([row, replace(row, id="always", seller="c0", at=NOON)])
    elif what == "adopt":
        await storage.policies.propose(str(turn), "f", "tg:8", "why", at)
        await storage.policies.adopt(str(turn), "f", "tg:8, tg:9", "why", at)
    elif what == "erase" and there:
        await storage.cases.erase(case, frozenset({list(Retention)[turn % len(Retention)]}))
    elif what == "add" and there:
        await storage.cases.save(adding(await storage.cases.load(case)))
    elif not there:
        await storage.cases.save(opening(case, case))


def read(path: Path, columns: str = "*") -> Tables:
    with closing(sqlite3.connect(path)) as db:
        return {
            table: db.execute(f"SELECT {columns if columns == '*' else some} FROM {table}").fetchall()
            for table, some in (*SEALED.items(), ("tallies", "*"))
        }


async def seen(path: Path, tables: Tables) -> bool:
    """Whether the audit of a copy, in which these tables hold these rows, finds anything."""
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    with closing(sqlite3.connect(copy)) as db, db:
        for table, kept in tables.items():
            db.execute(f"DELETE FROM {table}")
            for row in kept:
                db.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)
    storage = Storage.open(f"sqlite:///{copy}", path.parent / "copied", MASTER)
    report = await storage.audit()
    await storage.close()
    return report.broken != ()


async def play(path: Path, acts: list[tuple[int, str, int]]) -> list[tuple[Tables, Tables]]:
    """Done by two processes: the tables after each act, all of each and what of it is sealed."""
    url = f"sqlite:///{path}"
    migrate(url)
    stores = [Storage.open(url, path.parent / str(n), MASTER) for n in range(2)]
    times = [(read(path), read(path, "sealed"))]
    for turn, (who, what, number) in enumerate(acts):
        await act(stores[who], what, number, turn)
        times.append((read(path), read(path, "sealed")))
    assert (await stores[1].audit()).broken == ()
    for storage in stores:
        await storage.close()
    return times


@given(ACTS, st.tuples(st.integers(0, 99), st.integers(0, 99), st.sets(st.sampled_from(list(SEALED)))))
@settings(max_examples=30, deadline=None)
def test_what_the_house_does_is_whole_and_what_a_hand_does_is_seen(
    acts: list[tuple[int, str, int]], hand: tuple[int, int, set[str]]
) -> None:
    """A row is taken out; or some tables are put back to an earlier time, with the tally of now or of then."""
    number, earlier, chosen = hand
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "kyc.db"
        times = asyncio.run(play(path, acts))
        (now, sealed), (then, before) = times[-1], times[earlier % len(times)]
        if rows := [(table, row) for table in SEALED for row in now[table]]:
            table, lost = rows[number % len(rows)]
            assert asyncio.run(seen(path, {table: [row for row in now[table] if row != lost]}))
        changed = {table for table in SEALED if before[table] != sealed[table]}
        back = {table: then[table] for table in SEALED if table in changed & chosen}
        assert not back or asyncio.run(seen(path, back))
        assert (
            not back or back.keys() == changed or asyncio.run(seen(path, back | {"tallies": then["tallies"]}))
        )
