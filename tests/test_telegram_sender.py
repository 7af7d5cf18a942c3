"""Parcels over a real HTTP Bot API: what is called, and what is written down of every outcome."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.model import CaseId
from bot.ports import Message, Parcel, Say
from handlers.telegram.calls import answered, chosen, send
from handlers.telegram.pace import Pace
from handlers.telegram.sender import Sender
from handlers.words import Words
from tests.botapi import check
from tests.edge import (
    NOW,
    STAFF_CHAT,
    YES,
    BotApi,
    Fixed,
    MemoryOutbox,
    bot_api,
    message,
    parcel,
    tapped,
    tiny_words,
)


@pytest.fixture
def words(tmp_path: Path) -> Words:
    return tiny_words(tmp_path)


@pytest.fixture
async def post(words: Words) -> AsyncIterator[tuple[BotApi, Sender, MemoryOutbox]]:
    outbox = MemoryOutbox()
    async with bot_api(read=0.3) as (server, api):
        yield server, Sender(api, outbox, words, Fixed(), STAFF_CHAT), outbox


Post = tuple[BotApi, Sender, MemoryOutbox]
PLAIN = {"text": "A question?", "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
YES_ROW = {"inline_keyboard": [[{"text": "I sell as a person", "callback_data": YES.data}]]}


@pytest.mark.parametrize(
    ("one", "known", "method", "payload"),
    [
        (parcel(1), None, "sendMessage", {"chat_id": 7}),
        (parcel(1, buttons=((YES,),)), None, "sendMessage", {"chat_id": 7, "reply_markup": YES_ROW}),
        (parcel(1, slot="q"), None, "sendMessage", {"chat_id": 7}),
        (parcel(1, slot="q", buttons=((YES,),)), 55, "editMessageText",
         {"chat_id": 7, "message_id": 55, "reply_markup": YES_ROW}),
        (parcel(1, keyboard="remove"), None, "sendMessage",
         {"chat_id": 7, "reply_markup": {"remove_keyboard": True}}),
        (parcel(1, keyboard="remove", buttons=((YES,),)), None, "sendMessage",
         {"chat_id": 7, "reply_markup": YES_ROW}),
        (parcel(1, keyboard="contact", slot="q"), 55, "sendMessage",
         {"chat_id": 7, "reply_markup": {"keyboard": [[{"text": "Share my number", "request_contact": True}]],
                                         "resize_keyboard": True, "one_time_keyboard": True}}),
    ],
)  # fmt: skip
def test_a_parcel_becomes_a_call(
    words: Words, one: Parcel, known: int | None, method: str, payload: dict[str, Any]
) -> None:
    call = send(one, words, 7, known)
    assert (call.method, dict(call.payload)) == (method, PLAIN | payload)
    check(call.method, call.payload)


def test_two_keyboards_at_once_are_a_mistake_of_ours(words: Words) -> None:
    with pytest.raises(ValueError, match="either"):
        send(parcel(1, keyboard="contact", buttons=((YES,),)), words, 7)


def test_a_tapped_question_keeps_only_the_answer() -> None:
    tap = tapped(1, YES.data)["callback_query"]
    call = chosen(tap)
    assert call is not None
    assert call.payload["reply_markup"] == {
        "inline_keyboard": [[{"text": "✓ I sell as a person", "callback_data": YES.data}]]
    }
    check(call.method, call.payload)
    check(answered(tap).method, answered(tap).payload)
    tap["message"]["reply_markup"] = call.payload["reply_markup"]
    assert chosen(tap) is None
    assert chosen(tapped(1, "gone")["callback_query"]) is None


async def test_each_chat_gets_its_parcels_in_order_and_their_ids_are_kept(post: Post) -> None:
    server, sender, outbox = post
    await sender.deliver([parcel(1), parcel(2, "staff"), parcel(3, message=message("only_english"))])
    texts = [payload["text"] for _, payload in server.calls if payload["chat_id"] == 7]
    assert texts == ["A question?", "Only here."]
    assert [payload["chat_id"] for _, payload in server.calls if payload["chat_id"] != 7] == [STAFF_CHAT]
    assert set(outbox.states.values()) == {"sent"}
    assert sorted(number for number in outbox.ids.values() if number) == [101, 102, 103]


async def test_a_slot_is_edited_even_where_two_cards_come_at_once(post: Post) -> None:
    server, sender, outbox = post
    cards = [parcel(n, "staff", slot="card") for n in (1, 2)]
    outbox.known = {card.id: card for card in cards}
    await asyncio.gather(*(sender.deliver([card]) for card in cards))
    assert server.methods() == ["sendMessage", "editMessageText"]
    assert server.calls[1][1]["message_id"] == 101


@pytest.mark.parametrize(
    ("description", "methods"),
    [
        ("Bad Request: message is not modified: specified new message content", ["editMessageText"]),
        ("Bad Request: message to edit not found", ["editMessageText", "sendMessage"]),
        ("Bad Request: message can't be edited", ["editMessageText", "sendMessage"]),
    ],
)
async def test_an_edit_that_is_no_use_still_arrives(post: Post, description: str, methods: list[str]) -> None:
    server, sender, outbox = post
    outbox.slots["card"] = 55
    server.answers = [(400, {"description": description})]
    await sender.deliver([parcel(1, slot="card")])
    assert server.methods() == methods
    assert outbox.states == {1: "sent"}


async def test_flood_control_puts_the_rest_of_the_chat_off(post: Post) -> None:
    server, sender, outbox = post
    server.answers = [(429, {"description": "Too Many Requests", "parameters": {"retry_after": 9}})]
    await sender.deliver([parcel(1), parcel(2)])
    assert outbox.states == {1: "queued", 2: "queued"}
    assert outbox.retry[1] == NOW + timedelta(seconds=9)
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ((403, {"description": "Forbidden: bot was blocked by the user"}), "failed"),
        ((400, {"description": "Bad Request: chat not found"}), "failed"),
        ((400, {"description": "Bad Request: can't parse entities: Ada"}), "failed"),
        ((404, {"description": "Not Found"}), "failed"),
        ((502, {"description": "Bad Gateway"}), "queued"),
        ("hang", "unknown"),
        ("drop", "unknown"),
    ],
)
async def test_every_trouble_is_written_down(post: Post, answer: Any, state: str) -> None:
    server, sender, outbox = post
    server.answers = [answer]
    await sender.deliver([parcel(1)])
    assert outbox.states == {1: state}


async def test_an_edit_without_an_answer_is_simply_tried_again(post: Post) -> None:
    server, sender, outbox = post
    outbox.slots["card"] = 55
    server.answers = ["drop"]
    await sender.deliver([parcel(1, slot="card")])
    assert outbox.states == {1: "queued"}


async def test_a_seller_who_blocked_the_bot_is_reported_a_staff_chat_is_not(post: Post) -> None:
    server, sender, _ = post
    blocked: list[CaseId] = []

    async def on_blocked(case: CaseId) -> None:
        blocked.append(case)

    sender.on_blocked = on_blocked
    server.answers = [(403, {"description": "Forbidden: bot was blocked by the user"})] * 2
    await sender.deliver([parcel(1)])
    await sender.deliver([parcel(2, "staff")])
    assert blocked == ["c1"]


async def test_a_staff_group_that_moved_is_followed(post: Post) -> None:
    server, sender, outbox = post
    server.answers = [(400, {"description": "upgraded", "parameters": {"migrate_to_chat_id": -1002}})]
    await sender.deliver([parcel(1, "staff")])
    assert [payload["chat_id"] for _, payload in server.calls] == [STAFF_CHAT, -1002]
    assert outbox.states == {1: "sent"}


async def test_a_message_without_words_keeps_no_other_from_its_chat(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    _, sender, outbox = post
    await sender.deliver([parcel(1, message=message("nobody.wrote.this")), parcel(2)])
    assert outbox.states == {1: "failed", 2: "sent"}
    assert "nobody.wrote.this" in caplog.text


async def test_without_a_staff_chat_its_parcels_fail_aloud(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    server, sender, outbox = post
    sender.staff_chat = None
    await sender.deliver([parcel(1, "staff")])
    assert (server.calls, outbox.states) == ([], {1: "failed"})
    assert "no staff chat is set" in caplog.text


async def test_a_repeat_after_an_unknown_outcome_says_so(words: Words) -> None:
    again = Parcel(1, CaseId("c1"), "tg:7", "en", Message("seller", (Say("plain"),)), again=True)
    assert send(again, words, 7).payload["text"].startswith("(sent again)")


async def test_the_sweep_empties_the_outbox(post: Post) -> None:
    server, sender, outbox = post
    outbox.queue = [parcel(n, f"tg:{n}") for n in range(1, 41)]
    assert await sender.sweep() == 40
    assert len(server.calls) == 40
    assert await sender.sweep() == 0


class Hours:
    """A clock that goes where the sleepers send it, as an event loop's does."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))


async def test_bulk_goes_at_thirty_a_second_and_one_a_second_to_a_chat() -> None:
    hours = Hours()
    pace = Pace(hours, hours.sleep)
    for chat in range(1, 92):
        await pace.turn(chat, bulk=True)
    assert hours.slept[-1] == 3.0
    hours.slept.clear()
    hours.now += 60
    for _ in range(3):
        await pace.turn(5, bulk=True)
    assert hours.slept == [1.0, 2.0]


async def test_a_direct_answer_is_never_held_back() -> None:
    hours = Hours()
    pace = Pace(hours, hours.sleep)
    pace.hold(30)
    for _ in range(100):
        await pace.turn(5, bulk=False)
    assert hours.slept == []


async def test_a_group_gets_twenty_a_minute_and_the_rest_goes_back() -> None:
    hours = Hours()
    pace = Pace(hours, hours.sleep)
    for _ in range(20):
        assert await pace.turn(STAFF_CHAT, bulk=False) == 0
    assert await pace.turn(STAFF_CHAT, bulk=False) == 60
    hours.now += 45
    assert await pace.turn(STAFF_CHAT, bulk=False) == 0
    assert hours.slept == [15.0]


async def test_flood_control_holds_bulk() -> None:
    hours = Hours()
    pace = Pace(hours, hours.sleep)
    pace.hold(17)
    await pace.turn(5, bulk=True)
    assert hours.slept == [17.0]


async def test_staff_cards_past_the_limit_wait_in_the_outbox(post: Post) -> None:
    server, sender, outbox = post
    await sender.deliver([parcel(n, "staff") for n in range(1, 24)])
    assert len(server.calls) == 20
    assert [number for number, state in outbox.states.items() if state == "queued"] == [21, 22, 23]
    assert timedelta(seconds=50) < outbox.retry[21] - NOW <= timedelta(seconds=60)


@pytest.mark.parametrize("picture", [b"\x89PNG drawn", b""], ids=["kept", "gone"])
async def test_a_picture_comes_with_its_words_and_words_without_one(post: Post, picture: bytes) -> None:
    server, sender, outbox = post

    async def draw(case: CaseId, alert: int) -> bytes:
        return picture if (case, alert) == (parcel(1).case, 8) else b"another"

    sender.draw = draw
    await sender.deliver([parcel(1, draws=8, buttons=((YES,),))])
    method, payload = server.calls[0]
    words = payload["caption" if picture else "text"]
    assert (method, words, payload.get("photo", b"")) == (
        "sendPhoto" if picture else "sendMessage",
        "A question?",
        picture,
    )
    assert YES.data in str(payload["reply_markup"])
    assert outbox.states == {1: "sent"}


async def test_a_picture_without_an_answer_may_have_arrived(post: Post) -> None:
    server, sender, outbox = post
    sender.draw = lambda case, alert: asyncio.sleep(0, b"a picture")  # noqa: ARG005
    server.answers = ["hang"]
    await sender.deliver([parcel(1, draws=8)])
    assert outbox.states == {1: "unknown"}
