"""Histories: the same contract on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.model import Case, CaseId, Erased, Retention, Stage, Tier
from bot.monitoring.ports import Ledger
from bot.ports import (
    Cases,
    Index,
    Message,
    Outbox,
    Policies,
    Register,
    Say,
    StaleError,
    UnknownError,
    Vault,
)
from storage import Storage
from storage.database import connect
from tests.conftest import MASTER, Fresh
from tests.storage_samples import (
    ADA,
    ASK,
    CARD,
    CHAT,
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

LENGTHS = "SELECT length FROM cases"


async def reopened(url: str, home: Path, case: CaseId = ADA) -> Case:
    """The case as another process reads it."""
    other = Storage.open(url, home, MASTER)
    try:
        return await other.cases.load(case)
    finally:
        await other.close()


def ports(storage: Storage) -> tuple[Cases, Register, Outbox, Policies, Vault, Ledger]:
    """Checked by mypy: the store is what the core asks for."""
    return (
        storage.cases,
        storage.register,
        storage.outbox,
        storage.policies,
        storage.vault,
        storage.ledger,
    )


async def test_the_store_fits_the_ports(storage: Storage) -> None:
    assert None not in ports(storage)


async def test_a_case_is_read_as_it_was_saved(storage: Storage, database_url: str, tmp_path: Path) -> None:
    await storage.cases.save(opening())
    case = await storage.cases.load(ADA)
    await storage.cases.save(adding(case, NAMED, PHOTO, SELFIE, REMINDED))
    expected = Case(ADA, "en", NOON, (TOLD, NAMED, PHOTO, SELFIE, REMINDED))
    assert await storage.cases.load(ADA) == expected
    assert await reopened(database_url, tmp_path) == expected


async def test_very_many_cases_are_read_without_what_was_said(storage: Storage) -> None:
    await storage.cases.save(opening())
    case = await storage.cases.load(ADA)
    await storage.cases.save(adding(case, NAMED, PHOTO, SELFIE, REMINDED))
    (read,) = await storage.cases.each([ADA, CaseId("nobody")])
    assert read.history == (Erased(NOON, "told"), NAMED, PHOTO, SELFIE, Erased(NOON, "nudge"))
    whole = (TOLD, NAMED, PHOTO, SELFIE, REMINDED)
    assert (await storage.cases.load(ADA)).history == whole


async def test_who_only_reads_keeps_no_writer_waiting_and_writes_nothing(
    storage: Storage, database_url: str
) -> None:
    await storage.cases.save(opening())
    reader = connect(database_url)
    reader.only_reads()
    reader.begin()
    seen = reader.rows(LENGTHS)
    await asyncio.wait_for(storage.cases.save(adding(await storage.cases.load(ADA))), 5)
    reader.rollback()
    reader.begin()
    assert (seen, reader.rows(LENGTHS)) == ([(1,)], [(2,)])
    with pytest.raises(reader.error):
        reader.run("UPDATE cases SET language = 'fr'")
    reader.close()


async def test_a_time_elsewhere_is_the_same_instant(
    storage: Storage, database_url: str, tmp_path: Path
) -> None:
    there = NOON.astimezone(timezone(timedelta(hours=-9)))
    await storage.cases.save(opening(records=(replace(TOLD, at=there),)))
    found = (await reopened(database_url, tmp_path))[1].at
    assert (found, found.utcoffset()) == (NOON, timedelta(0))


async def test_a_naive_time_is_refused(storage: Storage) -> None:
    with pytest.raises(TypeError):
        await storage.cases.save(opening(records=(replace(TOLD, at=datetime(2026, 1, 1)),)))  # noqa: DTZ001
    with pytest.raises(UnknownError):
        await storage.cases.load(ADA)


async def test_nobody_knows_an_unknown_case(storage: Storage) -> None:
    with pytest.raises(UnknownError):
        await storage.cases.load(ADA)
    with pytest.raises(UnknownError):
        await storage.cases.save(adding(Case(ADA, "en", NOON)))


async def test_the_second_of_two_writers_is_stale(storage: Storage) -> None:
    await storage.cases.save(opening())
    case = await storage.cases.load(ADA)
    await storage.cases.save(adding(case, NAMED))
    with pytest.raises(StaleError):
        await storage.cases.save(adding(case, PHOTO, messages=(GOT,), cause="late"))
    assert storage.cases._cache.get(ADA) is None
    assert (await storage.cases.load(ADA)).history == (TOLD, NAMED)
    assert await storage.cases.seen("late") is None


async def test_two_openings_for_one_chat_give_one_case(storage: Storage) -> None:
    saves = [storage.cases.save(opening(CaseId(name))) for name in ("a", "b", "c")]
    results = await asyncio.gather(*saves, return_exceptions=True)
    assert [type(result) for result in results] == [tuple, StaleError, StaleError]
    assert await storage.cases.all() == ("a",)
    assert await storage.register.case_of(CHAT) == "a"


async def test_a_chat_may_open_another_case_if_it_says_so(storage: Storage) -> None:
    await storage.cases.save(opening())
    second = opening(CaseId("second"))
    assert second.opening is not None
    await storage.cases.save(replace(second, opening=replace(second.opening, previous=ADA)))
    assert await storage.register.case_of(CHAT) == "second"
    assert await storage.register.chats_of(ADA) == (CHAT,)


async def test_a_case_opens_once(storage: Storage) -> None:
    await storage.cases.save(opening())
    with pytest.raises(StaleError):
        await storage.cases.save(opening(chat="tg:2"))
    assert await storage.register.case_of("tg:2") is None


async def test_a_repeated_cause_stores_nothing_and_tells_again(storage: Storage) -> None:
    change = replace(opening(), cause="update 7")
    first = await storage.cases.save(change)
    assert [parcel.message for parcel in first] == [GOT, ASK]
    assert await storage.cases.save(change) == first
    case = await storage.cases.load(ADA)
    assert await storage.cases.save(adding(case, NAMED, cause="update 7")) == first
    assert (await storage.cases.load(ADA)).history == (TOLD,)
    assert await storage.cases.seen("update 7") == first


async def test_a_cause_without_messages_is_seen_too(storage: Storage) -> None:
    await storage.cases.save(opening())
    assert await storage.cases.seen("silent") is None
    await storage.cases.save(adding(await storage.cases.load(ADA), NAMED, cause="silent"))
    assert await storage.cases.seen("silent") == ()


async def test_one_cause_at_the_same_time_has_its_effect_once(storage: Storage) -> None:
    await storage.cases.save(opening())
    change = adding(await storage.cases.load(ADA), NAMED, messages=(GOT,), cause="twice")
    first, second = await asyncio.gather(storage.cases.save(change), storage.cases.save(change))
    assert first == second
    assert len(await storage.cases.load(ADA)) == 2


async def test_messages_go_to_the_seller_and_to_staff(storage: Storage) -> None:
    parcels = await storage.cases.save(replace(opening(), messages=(GOT, CARD, NEWS)))
    assert [(each.chat, each.message, each.language) for each in parcels] == [
        (CHAT, GOT, "en"),
        ("staff", CARD, "en"),
        (CHAT, NEWS, "en"),
    ]
    assert sorted(each.id for each in parcels) == [each.id for each in parcels]


async def test_words_need_no_record(storage: Storage) -> None:
    await storage.cases.save(opening())
    case = await storage.cases.load(ADA)
    sorry = Message("seller", (Say("sorry"),))
    (parcel,) = await storage.cases.save(replace(adding(case), records=(), messages=(sorry,)))
    assert parcel.message == sorry
    with pytest.raises(ValueError, match="needs `at`"):
        await storage.cases.save(replace(adding(case), records=(), at=None))


async def test_a_due_case_is_leased_once(storage: Storage) -> None:
    for minute, name in enumerate("abc"):
        due = Index(due_at=NOON + minute * MINUTE)
        await storage.cases.save(replace(opening(CaseId(name), f"tg:{name}"), index=due))
    assert await storage.cases.next_due() == NOON
    assert await storage.cases.claim(NOON - MINUTE, MINUTE) == ()
    assert await storage.cases.claim(NOON + MINUTE, 5 * MINUTE, limit=1) == ("a",)
    assert await storage.cases.claim(NOON + MINUTE, 5 * MINUTE) == ("b",)
    assert await storage.cases.claim(NOON + MINUTE, 5 * MINUTE) == ()
    assert await storage.cases.next_due() == NOON + 2 * MINUTE
    assert await storage.cases.claim(NOON + 6 * MINUTE, MINUTE) == ("a", "b", "c")


async def test_a_save_ends_the_lease(storage: Storage) -> None:
    await storage.cases.save(replace(opening(), index=Index(due_at=NOON)))
    await storage.cases.claim(NOON, 9 * MINUTE)
    assert await storage.cases.next_due() == NOON + 9 * MINUTE
    case = await storage.cases.load(ADA)
    await storage.cases.save(adding(case, index=Index(due_at=NOON + MINUTE)))
    assert await storage.cases.claim(NOON + MINUTE, MINUTE) == (ADA,)
    case = await storage.cases.load(ADA)
    await storage.cases.save(adding(case))
    assert await storage.cases.next_due() is None


async def test_all_cases_oldest_first(storage: Storage) -> None:
    for name, at in (("b", NOON + MINUTE), ("a", NOON + 2 * MINUTE), ("c", NOON)):
        change = opening(CaseId(name), f"tg:{name}")
        assert change.opening is not None
        await storage.cases.save(replace(change, opening=replace(change.opening, at=at)))
    assert await storage.cases.all() == ("c", "b", "a")


async def test_found_by_words_however_they_are_written(storage: Storage) -> None:
    await storage.cases.save(replace(opening(), index=Index(tokens=frozenset({"Lovelace", "AB 123-456"}))))
    await storage.cases.save(
        replace(opening(CaseId("b"), "tg:2"), index=Index(tokens=frozenset({"lovelace"})))
    )
    assert await storage.register.find(["ＬＯＶＥＬＡＣＥ"]) == (ADA, "b")
    assert await storage.register.find(["ab123456", "lovelace"]) == (ADA,)
    assert await storage.register.find(["byron"]) == ()
    assert await storage.register.find([]) == ()


async def test_words_are_those_of_the_last_save(storage: Storage, database_url: str, tmp_path: Path) -> None:
    await storage.cases.save(replace(opening(), index=Index(tokens=frozenset({"old", "kept"}))))
    other = Storage.open(database_url, tmp_path, MASTER)
    case = await other.cases.load(ADA)
    await other.cases.save(adding(case, index=Index(tokens=frozenset({"kept", "new"}))))
    await other.close()
    found = {word: await storage.register.find([word]) for word in ("old", "kept", "new")}
    assert found == {"old": (), "kept": (ADA,), "new": (ADA,)}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, {"a", "b"}),
        ({"stage": "in_review"}, {"a"}),
        ({"tier": "low", "country": "FR"}, {"b"}),
        ({"owed": "identity"}, {"b"}),
        ({"owed": "identity.7"}, {"a"}),
        ({"owed": "ident"}, set()),
    ],
)
async def test_cases_are_selected_by_their_index(
    storage: Storage, wanted: dict[str, str], found: set[str]
) -> None:
    one = Index(Stage.IN_REVIEW, Tier.HIGH, country="DE", owed=("card", "identity.7"))
    other = Index(Stage.COLLECTING, Tier.LOW, country="FR", owed=("identity",))
    for name, index in (("a", one), ("b", other)):
        await storage.cases.save(replace(opening(CaseId(name), f"tg:{name}"), index=index))
    assert set(await storage.register.select(wanted)) == found


async def test_the_longest_waiting_first(storage: Storage) -> None:
    for minute, name in enumerate("bac"):
        waits = None if name == "c" else NOON + minute * MINUTE
        quiet = None if name == "b" else NOON - minute * MINUTE
        change = opening(CaseId(name), f"tg:{name}")
        index = Index(Stage.IN_REVIEW, Tier.HIGH, waits=waits, quiet=quiet)
        await storage.cases.save(replace(change, index=index))
    assert await storage.register.queue() == ("b", "a")
    assert await storage.register.quiet() == ("c", "a")
    assert await storage.register.quiet(limit=1) == ("c",)
    assert await storage.register.queue(limit=1) == ("b",)
    case = await storage.cases.load(CaseId("b"))
    await storage.cases.save(adding(case, index=Index(Stage.IN_REVIEW, waits=NOON + 9 * MINUTE)))
    assert await storage.register.queue() == ("a", "b")
    await storage.cases.save(adding(await storage.cases.load(CaseId("b")), index=Index(Stage.APPROVED)))
    await storage.cases.erase(CaseId("a"), frozenset(Retention))
    assert await storage.register.queue() == ()
    assert await storage.register.quiet() == ("c",)


async def test_two_processes_see_each_other(fresh: Fresh, tmp_path: Path) -> None:
    url = fresh()
    one, two = (Storage.open(url, tmp_path, MASTER) for _ in range(2))
    try:
        await one.cases.save(opening())
        held = await two.cases.load(ADA)
        await one.cases.save(adding(await one.cases.load(ADA), NAMED, cause="u1", messages=(GOT,)))
        with pytest.raises(StaleError):
            await two.cases.save(adding(held, PHOTO))
        await two.cases.save(adding(await two.cases.load(ADA), PHOTO))
        await two.register.chats_of(ADA)
        await one.register.chats_of(ADA)  # any transaction lets SQLite notice what others wrote
        assert (await one.cases.load(ADA)).history == (TOLD, NAMED, PHOTO)
        assert await two.cases.seen("u1") == await one.cases.seen("u1")
        assert set(await one.cases.claim(NOON, MINUTE)) & set(await two.cases.claim(NOON, MINUTE)) == set()
    finally:
        await one.close()
        await two.close()


async def test_processes_that_race_lose_nothing(fresh: Fresh, tmp_path: Path) -> None:
    """Each of two processes adds ten records to each of five cases, all at once, trying again where it is stale."""
    url = fresh()
    both = [Storage.open(url, tmp_path, MASTER) for _ in range(2)]
    names = [CaseId(f"case {number}") for number in range(5)]

    async def add(storage: Storage, name: CaseId, cause: str) -> None:
        while True:
            case = await storage.cases.load(name)
            try:
                await storage.cases.save(adding(case, NAMED, cause=cause, messages=(GOT,)))
            except StaleError:
                continue
            return

    try:
        await asyncio.gather(*(both[0].cases.save(opening(name, name)) for name in names))
        await asyncio.gather(
            *(
                add(storage, name, f"{who}/{name}/{turn}")
                for turn in range(10)
                for name in names
                for who, storage in enumerate(both)
            )
        )
        await both[0].register.case_of(CHAT)  # any transaction lets SQLite notice what others wrote
        assert [len(await both[0].cases.load(name)) for name in names] == [21] * 5
        assert (await both[1].audit()).broken == ()
    finally:
        for storage in both:
            await storage.close()


async def test_an_opening_race_between_processes_has_one_winner(fresh: Fresh, tmp_path: Path) -> None:
    url = fresh()
    both = [Storage.open(url, tmp_path, MASTER) for _ in range(2)]
    try:
        for turn in range(10):
            saves = [
                storage.cases.save(opening(CaseId(f"{turn}/{who}"), f"tg:{turn}"))
                for who, storage in enumerate(both)
            ]
            results = await asyncio.gather(*saves, return_exceptions=True)
            assert {type(result) for result in results} == {tuple, StaleError}
        assert len(await both[0].cases.all()) == 10
    finally:
        for storage in both:
            await storage.close()


async def test_a_case_is_found_by_its_sellers_name_and_goes_on_in_another_chat(
    storage: Storage, database_url: str, tmp_path: Path
) -> None:
    await storage.cases.save(replace(opening(), binds=("seller:SHOP-1",)))
    assert await storage.register.case_of("seller:SHOP-1") == ADA
    assert await storage.register.chats_of(ADA) == (CHAT,)
    case = await storage.cases.load(ADA)
    moved = adding(case, binds=("tg:2",), unbinds=(CHAT,), messages=(GOT,), at=NOON + MINUTE)
    assert [parcel.chat for parcel in await storage.cases.save(moved)] == ["tg:2"]
    other = Storage.open(database_url, tmp_path, MASTER)
    try:
        assert [await other.register.case_of(chat) for chat in (CHAT, "tg:2")] == [None, ADA]
        assert await other.register.chats_of(ADA) == ("tg:2",)
        case = await other.cases.load(ADA)
        assert [p.chat for p in await other.cases.save(adding(case, messages=(GOT,)))] == ["tg:2"]
    finally:
        await other.close()
