"""Messages that were promised: one at a time a chat, a question twice at most, bulk never twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import CaseId
from bot.ports import Message, Parcel
from storage import Storage
from tests.storage_samples import ADA, ASK, CARD, CHAT, GOT, MINUTE, NEWS, NOON, adding, opening

LATER = NOON + 3 * MINUTE


async def say(storage: Storage, *messages: Message, riding: bool = False) -> tuple[Parcel, ...]:
    """The parcels of one more change to a case."""
    case = await storage.cases.load(ADA)
    return await storage.cases.save(adding(case, messages=messages, riding=riding))


@pytest.fixture(autouse=True)
async def _opened(storage: Storage) -> None:
    await storage.cases.save(replace(opening(), messages=()))


async def test_bulk_waits_to_be_taken_and_is_taken_once(storage: Storage) -> None:
    (parcel,) = await say(storage, NEWS)
    assert await storage.outbox.take(NOON - MINUTE) == ()
    assert await storage.outbox.take(NOON) == (parcel,)
    assert await storage.outbox.take(NOON) == ()


async def test_what_was_sent_is_never_taken(storage: Storage) -> None:
    for parcel in await say(storage, GOT, ASK, CARD):
        await storage.outbox.sent(parcel.id, 5)
    assert await storage.outbox.take(LATER) == ()


async def test_what_rides_in_the_answer_is_sent_already(storage: Storage) -> None:
    card, _, second = await say(storage, CARD, ASK, ASK, riding=True)
    await storage.outbox.sent(card.id, 1)
    (again,) = await storage.outbox.take(LATER)
    assert again == replace(second, again=True)


async def test_a_question_whose_sender_died_is_repeated_once(storage: Storage) -> None:
    (ask,) = await say(storage, ASK)
    assert await storage.outbox.take(NOON + MINUTE) == ()
    assert await storage.outbox.take(LATER) == (replace(ask, again=True),)
    assert await storage.outbox.take(LATER + 3 * MINUTE) == ()


async def test_other_words_whose_sender_died_are_not_repeated(storage: Storage) -> None:
    await say(storage, GOT, replace(ASK, bulk=True))
    assert len(await storage.outbox.take(LATER)) == 1  # the bulk one, for the first time
    assert await storage.outbox.take(LATER + 3 * MINUTE) == ()


async def test_a_question_of_unknown_fate_is_repeated_once(storage: Storage) -> None:
    got, ask = await say(storage, GOT, ASK)
    for parcel in (got, ask):
        await storage.outbox.failed(parcel.id, unknown=True)
    assert await storage.outbox.take(LATER) == (replace(ask, again=True),)
    await storage.outbox.failed(ask.id, unknown=True)
    assert await storage.outbox.take(LATER + 9 * MINUTE) == ()


async def test_a_failed_one_is_gone_or_comes_back_when_told(storage: Storage) -> None:
    got, ask = await say(storage, GOT, ASK)
    await storage.outbox.failed(got.id)
    await storage.outbox.failed(ask.id, retry_at=NOON + MINUTE)
    assert await storage.outbox.take(NOON) == ()
    assert await storage.outbox.take(NOON + MINUTE) == (ask,)


async def test_a_repeat_after_an_unknown_outcome_is_marked(storage: Storage) -> None:
    (ask,) = await say(storage, ASK)
    await storage.outbox.failed(ask.id, unknown=True, retry_at=NOON)
    assert await storage.outbox.take(NOON) == (replace(ask, again=True),)


async def test_a_chat_hears_in_order(storage: Storage) -> None:
    first, second = await say(storage, NEWS, NEWS)
    other = CaseId("other")
    (else_,) = await storage.cases.save(replace(opening(other, "tg:2"), messages=(NEWS,)))
    assert await storage.outbox.take(NOON) == (first, else_)
    assert await storage.outbox.take(NOON) == ()  # the second waits for the fate of the first
    await storage.outbox.failed(first.id, retry_at=NOON + MINUTE)
    assert await storage.outbox.take(NOON) == ()
    assert await storage.outbox.take(NOON + MINUTE) == (first,)
    await storage.outbox.sent(first.id, 1)
    assert await storage.outbox.take(NOON) == (second,)


async def test_no_more_than_asked_for(storage: Storage) -> None:
    for number in range(3):
        change = opening(CaseId(f"case {number}"), f"tg:many {number}")
        await storage.cases.save(replace(change, messages=(NEWS,)))
    assert len(await storage.outbox.take(NOON, limit=2)) == 2
    assert len(await storage.outbox.take(NOON, limit=2)) == 1


async def test_a_slot_remembers_its_last_message(storage: Storage) -> None:
    assert await storage.outbox.slot(ADA, "staff", "card") is None
    for message_id in (41, 42):
        (card,) = await say(storage, CARD)
        await storage.outbox.sent(card.id, message_id)
    (card,) = await say(storage, CARD)
    await storage.outbox.sent(card.id, None)
    assert await storage.outbox.slot(ADA, "staff", "card") == 42
    assert await storage.outbox.slot(ADA, CHAT, "card") is None
    assert await storage.outbox.slot(ADA, "staff", "other") is None


async def test_a_harmed_message_does_not_hold_up_the_others(storage: Storage) -> None:
    harmed, whole = await say(storage, NEWS, NEWS)
    await storage._group.run(
        lambda db: db.run("UPDATE outbox SET body = ? WHERE id = ?", (b"x" * 40, harmed.id))
    )
    assert await storage.outbox.take(NOON) == ()
    assert await storage.outbox.take(NOON) == (whole,)
