"""Erasure, the vault and the small tables."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model import CaseId, Erased, Key, Retention, Transaction
from bot.ports import Index, StaleError, UnknownError
from storage import Kept, Storage, TamperedError
from storage.erase import erase
from storage.files import Folder
from storage.vault import FileVault
from tests.conftest import MASTER
from tests.storage_samples import (
    ADA,
    ASK,
    GOT,
    MINUTE,
    NAMED,
    NEWS,
    NOON,
    PHOTO,
    REMINDED,
    SELFIE,
    TOLD,
    adding,
    opening,
)

EVERYTHING = frozenset(Retention)
FACE = Erased(NOON, "submission", Key("selfie"))
NAME = Erased(NOON, "submission", Key("name"))


async def filled(storage: Storage) -> None:
    """Ada's case with a record of each class, a token, and a file of each class."""
    await storage.cases.save(replace(opening(), cause="u1", index=Index(tokens=frozenset({"lovelace"}))))
    case = await storage.cases.load(ADA)
    index = Index(tokens=frozenset({"lovelace"}))
    await storage.cases.save(adding(case, NAMED, SELFIE, REMINDED, index=index, messages=(NEWS,)))
    await storage.vault.put(ADA, "passport", b"picture", Retention.IDENTITY)
    await storage.vault.put(ADA, "face", b"portrait", Retention.BIOMETRICS)


def stored(home: Path) -> list[Path]:
    return [path for path in (home / "files").rglob("*") if path.is_file()]


async def test_only_the_named_class_goes(storage: Storage, tmp_path: Path) -> None:
    await filled(storage)
    await storage.cases.erase(ADA, frozenset({Retention.BIOMETRICS}))
    assert (await storage.cases.load(ADA)).history == (TOLD, NAMED, FACE, REMINDED)
    assert await storage.vault.names(ADA) == (Kept("passport", 7, Retention.IDENTITY),)
    assert len(stored(tmp_path)) == 1
    with pytest.raises(UnknownError):
        await storage.vault.get(ADA, "face")
    assert await storage.register.find(["lovelace"]) == (ADA,)
    assert [parcel.message for parcel in await storage.cases.seen("u1") or ()] == [GOT, ASK]


async def test_identity_takes_search_words_and_messages_along(storage: Storage) -> None:
    await filled(storage)
    await storage.cases.erase(ADA, frozenset({Retention.IDENTITY}))
    assert (await storage.cases.load(ADA)).history == (TOLD, NAME, SELFIE, REMINDED)
    assert await storage.register.find(["lovelace"]) == ()
    assert await storage.cases.seen("u1") == ()
    assert await storage.outbox.take(NOON + 9 * MINUTE) == ()


async def test_an_erased_case_is_whole_and_goes_on(storage: Storage, tmp_path: Path) -> None:
    await filled(storage)
    await storage.cases.erase(ADA, EVERYTHING)
    await storage.cases.erase(ADA, EVERYTHING)
    assert stored(tmp_path) == []
    report = await storage.audit()
    assert (report.broken, report.records, report.erased) == ((), 4, 4)
    case = await storage.cases.load(ADA)
    await storage.cases.save(adding(case, PHOTO, TOLD, messages=(GOT,), cause="u2"))
    await storage.vault.put(ADA, "face", b"another", Retention.BIOMETRICS)
    assert await storage.vault.get(ADA, "face") == b"another"
    assert (await storage.cases.load(ADA)).history[4:] == (PHOTO, TOLD)
    await storage.cases.erase(ADA, EVERYTHING)
    report = await storage.audit()
    assert (report.broken, report.erased) == ((), 6)


async def test_what_another_process_holds_cannot_bring_it_back(
    storage: Storage, database_url: str, tmp_path: Path
) -> None:
    await filled(storage)
    other = Storage.open(database_url, tmp_path, MASTER)
    held = await other.cases.load(ADA)
    await storage.cases.erase(ADA, EVERYTHING)
    with pytest.raises(StaleError):
        await other.cases.save(adding(held, PHOTO))
    assert all(isinstance(record, Erased) for record in (await other.cases.load(ADA)).history)
    await other.close()


async def test_nothing_erased_is_left_in_the_files_of_sqlite(fresh_sqlite: object, tmp_path: Path) -> None:
    assert callable(fresh_sqlite)
    url = fresh_sqlite()
    database = Path(url.removeprefix("sqlite:///"))
    storage = Storage.open(url, tmp_path, MASTER)
    await filled(storage)
    key_rows = await storage._group.run(lambda db: db.rows("SELECT wrapped FROM data_keys"))
    bodies = await storage._group.run(lambda db: db.rows("SELECT body FROM records"))
    await storage.cases.erase(ADA, EVERYTHING)
    left = b"".join(path.read_bytes() for path in database.parent.glob(database.name + "*"))
    assert [row for row in key_rows + bodies if row[0] in left] == []
    await storage.close()


async def test_an_unknown_case_cannot_be_erased(storage: Storage) -> None:
    with pytest.raises(UnknownError):
        await storage.cases.erase(ADA, EVERYTHING)


async def test_an_erasure_cut_short_is_finished_at_the_next_start(
    storage: Storage, database_url: str, tmp_path: Path
) -> None:
    """As after a crash between the transaction and the removal of files."""
    await filled(storage)
    root = storage._keys.root
    await storage._group.run(lambda db: erase(db, root, ADA, EVERYTHING))
    assert len(stored(tmp_path)) == 2
    other = Storage.open(database_url, tmp_path, MASTER)
    assert stored(tmp_path) == []
    assert await other._group.run(lambda db: db.rows("SELECT name FROM files")) == []
    await other.close()


async def test_a_file_is_kept_encrypted_and_once(storage: Storage, tmp_path: Path) -> None:
    await storage.cases.save(opening())
    puts = [storage.vault.put(ADA, "passport", b"secret picture", Retention.IDENTITY) for _ in range(5)]
    await asyncio.gather(*puts)
    await storage.vault.put(ADA, "passport", b"not stored", Retention.IDENTITY)
    assert await storage.vault.get(ADA, "passport") == b"secret picture"
    (path,) = stored(tmp_path)
    assert b"secret" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert not {ADA, "passport"} & set(path.relative_to(tmp_path).parts)  # a random name may hold «ada»


async def test_two_cases_share_no_file(storage: Storage) -> None:
    for name in ("a", "b"):
        await storage.cases.save(opening(CaseId(name), name))
        await storage.vault.put(CaseId(name), "passport", name.encode(), Retention.IDENTITY)
    assert await storage.vault.get(CaseId("a"), "passport") == b"a"
    assert await storage.vault.get(CaseId("b"), "passport") == b"b"


class Meddled(Folder):
    """Something happens while a file is being written."""

    def __init__(self, home: Path, meanwhile: Callable[[], object]) -> None:
        super().__init__(home)
        self._meanwhile = meanwhile

    def write(self, name: str, content: bytes) -> None:
        self._meanwhile()
        super().write(name, content)


async def test_a_file_that_comes_during_an_erasure_is_not_kept(storage: Storage, tmp_path: Path) -> None:
    await storage.cases.save(opening())
    loop = asyncio.get_running_loop()

    def erase() -> None:
        asyncio.run_coroutine_threadsafe(storage.cases.erase(ADA, EVERYTHING), loop).result(20)

    vault = FileVault(storage._group, storage._keys, Meddled(tmp_path / "files", erase))
    with pytest.raises(UnknownError, match="erased while a file came"):
        await vault.put(ADA, "passport", b"picture", Retention.IDENTITY)
    assert (stored(tmp_path), await storage.vault.names(ADA)) == ([], ())


async def test_a_file_needs_a_case(storage: Storage) -> None:
    with pytest.raises(UnknownError):
        await storage.vault.put(ADA, "passport", b"", Retention.IDENTITY)
    with pytest.raises(UnknownError):
        await storage.vault.get(ADA, "passport")


@pytest.mark.parametrize("harm", ["changed", "cut", "missing"])
async def test_a_harmed_file_is_noticed(storage: Storage, tmp_path: Path, harm: str) -> None:
    await filled(storage)
    for path in stored(tmp_path):
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        if harm == "missing":
            path.unlink()
        else:
            path.write_bytes(content if harm == "changed" else content[:5])
    with pytest.raises(TamperedError):
        await storage.vault.get(ADA, "passport")


async def test_the_last_adoption_decides(storage: Storage) -> None:
    assert await storage.policies.adopted() is None
    await storage.policies.adopt("1", "abc", "officer", "first", NOON)
    await storage.policies.adopt("2", "def", "officer", "new list", NOON)
    assert await storage.policies.adopted() == ("2", "def")


async def test_a_transaction_counts_once_and_hides_its_parties(storage: Storage) -> None:
    first = Transaction("t1", "ada", NOON, "10.50", "EUR", "in", "Byron", "GB", "card", "4111")
    other = replace(first, id="t2", at=NOON - MINUTE, card="")
    elsewhere = replace(first, id="t3", seller="else")
    assert await storage.ledger.add((first, other, first, elsewhere)) == (first, other, elsewhere)
    assert await storage.ledger.add((first,)) == ()
    early, late = await storage.ledger.since("ada", NOON - MINUTE)
    assert (early.id, late.id, late.amount, late.at) == ("t2", "t1", "10.50", NOON)
    assert early.counterparty == late.counterparty != "Byron"
    assert (early.card, "4111" in late.card) == ("", False)
    assert [each.id for each in await storage.ledger.since("ada", NOON)] == ["t1"]
