"""The audit names the first broken row, whatever was done to it, and knows our own erasures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.model import CaseId, Retention
from storage import Break, Storage, TamperedError
from storage.database import Db
from tests.storage_samples import ADA, NAMED, PHOTO, REMINDED, SELFIE, adding, opening

COLUMNS = {
    "sequence": 9,
    "kind": "withdrawal",
    "key": "funds",
    "at": 5,
    "retention": "talk",
    "body": b"b" * 60,
    "digest": b"d" * 32,
    "chain": b"c" * 32,
}
HEADER = {"length": 4, "seal": b"s" * 32, "opened_at": 7}


@pytest.fixture
async def kept(storage: Storage) -> Storage:
    """Two cases of five records; they are Ada's that are harmed."""
    for name in (ADA, CaseId("zoe")):
        await storage.cases.save(opening(name, name))
        await storage.cases.save(adding(await storage.cases.load(name), NAMED, PHOTO, SELFIE, REMINDED))
    report = await storage.audit()
    assert (report.cases, report.records, report.erased, report.broken) == (2, 10, 0, ())
    return storage


async def harmed(storage: Storage, sql: str, *values: object) -> tuple[tuple[CaseId, int], ...]:
    """Where the audit finds the harm that was done."""
    assert await storage._group.run(lambda db: db.run(sql, values))
    return tuple((each.case, each.sequence) for each in (await storage.audit()).broken)


@pytest.mark.parametrize("column", COLUMNS)
async def test_a_changed_column_is_named(kept: Storage, column: str) -> None:
    sql = f"UPDATE records SET {column} = ? WHERE case_id = 'ada' AND sequence = 3"
    assert await harmed(kept, sql, COLUMNS[column]) == ((ADA, 3),)


@pytest.mark.parametrize("column", HEADER)
async def test_a_changed_header_is_named(kept: Storage, column: str) -> None:
    sql = f"UPDATE cases SET {column} = ? WHERE id = 'ada'"
    found = await harmed(kept, sql, HEADER[column])
    assert found == ((ADA, 5 if column == "length" else 0),)


async def test_a_missing_record_is_named(kept: Storage) -> None:
    assert await harmed(kept, "DELETE FROM records WHERE case_id = 'ada' AND sequence = 2") == ((ADA, 2),)


async def test_a_cut_tail_is_named_even_with_its_header(kept: Storage) -> None:
    assert await harmed(kept, "DELETE FROM records WHERE case_id = 'ada' AND sequence = 5") == ((ADA, 5),)
    sql = (
        "UPDATE cases SET length = 4, seal = (SELECT chain FROM records WHERE case_id = 'ada' AND sequence = 4)"
        " WHERE id = 'ada'"
    )
    assert await harmed(kept, sql) == ((ADA, 0),)


async def test_a_record_that_was_added_is_named(kept: Storage) -> None:
    sql = "UPDATE records SET case_id = 'ada', sequence = 6 WHERE case_id = 'zoe' AND sequence = 5"
    assert await harmed(kept, sql) == ((ADA, 6), (CaseId("zoe"), 5))


async def test_two_records_that_changed_places_are_named(kept: Storage) -> None:
    def swap(db: Db) -> None:
        for before, after in ((2, 12), (3, 2), (12, 3)):
            db.run("UPDATE records SET sequence = ? WHERE case_id = 'ada' AND sequence = ?", (after, before))

    await kept._group.run(swap)
    assert [(each.case, each.sequence) for each in (await kept.audit()).broken] == [(ADA, 2)]


async def test_a_body_taken_out_is_no_erasure(kept: Storage) -> None:
    assert await harmed(kept, "UPDATE records SET body = NULL WHERE case_id = 'ada' AND sequence = 4") == (
        (ADA, 4),
    )


async def test_a_feigned_erasure_is_none(kept: Storage) -> None:
    await kept.cases.erase(ADA, frozenset({Retention.TALK}))
    copied = "INSERT INTO erasures SELECT case_id, 'biometrics', upto, seal FROM erasures"
    assert await kept._group.run(lambda db: db.run(copied))
    found = await harmed(kept, "UPDATE records SET body = NULL WHERE case_id = 'ada' AND sequence = 4")
    assert found == ((ADA, 4),)


async def test_an_erased_record_still_keeps_its_digest(kept: Storage) -> None:
    await kept.cases.erase(ADA, frozenset({Retention.BIOMETRICS}))
    sql = "UPDATE records SET digest = ? WHERE case_id = 'ada' AND sequence = 4"
    assert await harmed(kept, sql, b"d" * 32) == ((ADA, 4),)


async def test_a_record_out_of_another_past_is_named(kept: Storage) -> None:
    """A row that we once wrote ourselves, brought back from a copy in place of what was written since.

    That the case was put back before is seen by the tally alone; then the row itself is named.
    """
    tail = "SELECT * FROM records WHERE case_id = 'ada' AND sequence = 6"
    header = (await kept._group.run(lambda db: db.rows("SELECT length, seal FROM cases WHERE id = 'ada'")))[0]
    case = await kept.cases.load(ADA)
    await kept.cases.save(adding(case, NAMED))
    (old,) = await kept._group.run(lambda db: db.rows(tail))

    def rewind(db: Db) -> None:
        db.run("DELETE FROM records WHERE case_id = 'ada' AND sequence = 6")
        db.run("UPDATE cases SET length = ?, seal = ? WHERE id = 'ada'", header)

    await kept._group.run(rewind)
    kept.cases._cache.drop(ADA)
    await kept.cases.save(adding(await kept.cases.load(ADA), PHOTO, PHOTO))
    (found,) = (await kept.audit()).broken
    assert (found.case, "cases was put back" in found.why) == ("", True)
    await kept._group.run(lambda db: db.run("DELETE FROM records WHERE case_id = 'ada' AND sequence = 6"))
    assert await harmed(kept, "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", *old) == ((ADA, 7),)


async def test_an_erasure_covers_no_later_record(kept: Storage) -> None:
    await kept.cases.erase(ADA, frozenset({Retention.IDENTITY}))
    await kept.cases.save(adding(await kept.cases.load(ADA), NAMED))
    assert (await kept.audit()).broken == ()
    assert await harmed(kept, "UPDATE records SET body = NULL WHERE case_id = 'ada' AND sequence = 6") == (
        (ADA, 6),
    )


async def test_an_erased_body_that_is_back_is_named(kept: Storage) -> None:
    ((body,),) = await kept._group.run(
        lambda db: db.rows("SELECT body FROM records WHERE case_id = 'ada' AND sequence = 4")
    )
    await kept.cases.erase(ADA, frozenset({Retention.BIOMETRICS}))
    sql = "UPDATE records SET body = ? WHERE case_id = 'ada' AND sequence = 4"
    assert await harmed(kept, sql, body) == ((ADA, 4),)


async def test_why_is_said(kept: Storage) -> None:
    await kept._group.run(lambda db: db.run("DELETE FROM records WHERE case_id = 'ada' AND sequence > 3"))
    assert (await kept.audit()).broken == (Break(ADA, 4, "records 4 to 5 are missing"),)


LOADED: dict[str, Callable[[Db], int]] = {
    "body": lambda db: db.run("UPDATE records SET body = ? WHERE sequence = 2", (b"x" * 50,)),
    "key": lambda db: db.run("UPDATE records SET key = 'funds' WHERE sequence = 2"),
    "time": lambda db: db.run("UPDATE records SET at = 1 WHERE sequence = 2"),
    "middle": lambda db: db.run("DELETE FROM records WHERE sequence = 2"),
    "tail": lambda db: db.run("DELETE FROM records WHERE sequence = 5"),
    "header": lambda db: db.run("UPDATE cases SET length = 4"),
    "data key": lambda db: db.run("UPDATE data_keys SET wrapped = ?", (b"w" * 60,)),
    "no data key": lambda db: db.run("DELETE FROM data_keys"),
}


@pytest.mark.parametrize("harm", LOADED)
async def test_a_harmed_case_is_not_loaded(kept: Storage, harm: str) -> None:
    assert await kept._group.run(LOADED[harm])
    kept.cases._cache.drop(ADA)
    with pytest.raises(TamperedError):
        await kept.cases.load(ADA)


async def test_a_data_key_taken_out_is_named(kept: Storage) -> None:
    sql = "DELETE FROM data_keys WHERE case_id = 'ada' AND retention = 'talk'"
    found = await harmed(kept, sql)
    assert [case for case, _ in found] == [ADA]
    assert "data key is gone" in (await kept.audit()).broken[0].why


async def _flipped(storage: Storage, where: str) -> None:
    """One bit of a wrapped data key."""
    ((old,),) = await storage._group.run(lambda db: db.rows(f"SELECT wrapped FROM data_keys WHERE {where}"))
    new = bytes(old[:-1]) + bytes([old[-1] ^ 1])
    await storage._group.run(lambda db: db.run(f"UPDATE data_keys SET wrapped = ? WHERE {where}", (new,)))


async def test_one_bit_of_a_data_key_is_named(kept: Storage) -> None:
    await _flipped(kept, "case_id = 'ada' AND retention = 'biometrics'")
    (found,) = (await kept.audit()).broken
    assert (found.case, found.sequence, "data key was changed" in found.why) == (ADA, 4, True)


async def test_one_bit_of_the_key_of_files_is_named(kept: Storage) -> None:
    await kept.vault.put(ADA, "3-0", b"a picture", Retention.IDENTITY)
    assert (await kept.audit()).broken == ()
    await _flipped(kept, "purpose = 'files'")
    (found,) = (await kept.audit()).broken
    assert (found.case, found.sequence, "data key of its files (identity)" in found.why) == (ADA, 0, True)


TEXTS = {
    "body": ("UPDATE records SET body = 'text' WHERE case_id = 'ada' AND sequence = 3", 3),
    "digest": ("UPDATE records SET digest = 'text' WHERE case_id = 'ada' AND sequence = 3", 3),
    "chain": ("UPDATE records SET chain = 'text' WHERE case_id = 'ada' AND sequence = 5", 5),
    "seal": ("UPDATE cases SET seal = 'text' WHERE id = 'ada'", 0),
    "length": ("UPDATE cases SET length = 'text' WHERE id = 'ada'", 0),
    "data key": (
        "UPDATE data_keys SET wrapped = 'text' WHERE case_id = 'ada' AND retention = 'biometrics'",
        4,
    ),
}


@pytest.mark.parametrize(("sql", "sequence"), TEXTS.values(), ids=TEXTS)
async def test_text_in_the_place_of_bytes_is_named(kept: Storage, sql: str, sequence: int) -> None:
    if kept._url.startswith("postgresql"):
        pytest.skip("its columns hold bytes and numbers only")
    assert await harmed(kept, sql) == ((ADA, sequence),)


@pytest.mark.parametrize("what", sorted(TEXTS.keys() - {"digest"}))  # which the audit alone reads
async def test_text_in_the_place_of_bytes_is_not_loaded(kept: Storage, what: str) -> None:
    if kept._url.startswith("postgresql"):
        pytest.skip("its columns hold bytes and numbers only")
    await kept._group.run(lambda db: db.run(TEXTS[what][0]))
    kept.cases._cache.drop(ADA)
    with pytest.raises(TamperedError):
        await kept.cases.load(ADA)
