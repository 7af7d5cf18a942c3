"""From an update to what is said back, through the edge with a scripted desk and a real HTTP Bot API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from telegram.error import InvalidToken

from bot.ports import AwayError, Given, Parcel, StaleError
from handlers.telegram.edge import Edge
from handlers.telegram.polling import Polling
from tests.botapi import check
from tests.edge import (
    STAFF_CHAT,
    BotApi,
    MemoryOutbox,
    ScriptedDesk,
    bot_api,
    edge_of,
    message,
    parcel,
    tapped,
    tiny_words,
    wrote,
)

World = tuple[BotApi, Edge, ScriptedDesk]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    desk = ScriptedDesk()
    async with bot_api() as (server, api):
        edge = edge_of(api, tiny_words(tmp_path), desk)
        yield server, edge, desk
        await edge.idle()


def several(given: Given) -> tuple[Parcel, ...]:
    return parcel(1, given.chat), parcel(2, "staff"), parcel(3, given.chat, message=message("only_english"))


async def test_the_reply_rides_and_nothing_is_called(world: World) -> None:
    server, edge, desk = world
    call = await edge.update(wrote(1), riding=True)
    assert call is not None
    assert call["method"] == "sendMessage"
    assert call["text"] == "A question?"
    check(call["method"], call)
    assert desk.received[0].text == "Ada Lovelace"
    assert server.calls == []


async def test_without_riding_all_is_sent(world: World) -> None:
    server, edge, _ = world
    assert await edge.update(wrote(1), riding=False) is None
    assert server.methods() == ["sendMessage"]


async def test_more_than_one_message_follows_the_riding_one(world: World) -> None:
    server, edge, desk = world
    desk.script = several
    call = await edge.update(wrote(1), riding=True)
    assert call is not None
    assert call["text"] == "A question?"
    await edge.idle()
    assert sorted(payload["text"] for _, payload in server.calls) == ["A question?", "Only here."]


async def test_the_same_update_again_gets_the_same_answer(world: World) -> None:
    _, edge, desk = world
    assert await edge.update(wrote(1), riding=True) == await edge.update(wrote(1), riding=True)
    assert len(desk.received) == 1


async def test_a_tap_is_answered_and_marked(world: World) -> None:
    server, edge, _ = world
    await edge.update(tapped(1), riding=True)
    await edge.idle()
    assert sorted(server.methods()) == ["answerCallbackQuery", "editMessageReplyMarkup"]


async def test_no_mark_where_the_message_itself_is_edited(world: World) -> None:
    server, edge, desk = world
    desk.script = lambda given: (parcel(1, given.chat, slot="question"),)
    await edge.update(tapped(1), riding=True)
    await edge.idle()
    assert server.methods() == ["answerCallbackQuery"]


async def test_an_edit_does_not_ride(world: World) -> None:
    server, edge, desk = world
    assert isinstance(edge.sender.outbox, MemoryOutbox)
    edge.sender.outbox.slots["question"] = 55
    desk.script = lambda given: (parcel(1, given.chat, slot="question"),)
    server.answers = [(400, {"description": "Bad Request: message to edit not found"})]
    assert await edge.update(wrote(1), riding=True) is None
    await edge.idle()
    assert server.methods() == ["editMessageText", "sendMessage"]


async def test_a_refused_mark_is_no_trouble(world: World) -> None:
    server, edge, _ = world
    server.answers = [(400, {"description": "Bad Request: query is too old"})] * 2
    assert await edge.update(tapped(1), riding=True) is not None
    await edge.idle()
    assert len(server.calls) == 2


async def test_staff_taps_go_by_their_own_door(world: World) -> None:
    server, edge, desk = world
    desk.script = lambda _: (parcel(1, "staff"),)
    tap = tapped(1)
    tap["callback_query"]["message"]["chat"] = {"id": STAFF_CHAT, "type": "supergroup", "title": "Staff"}
    assert await edge.update(tap, riding=True) is None
    await edge.idle()
    assert (len(desk.staffed), len(desk.received)) == (1, 0)
    assert sorted(server.methods()) == ["answerCallbackQuery", "sendMessage"]


async def test_nothing_rides_to_the_staff(world: World) -> None:
    server, edge, desk = world
    desk.script = lambda given: (parcel(1, given.chat),)
    tap = tapped(1)
    tap["callback_query"]["message"]["chat"] = {"id": STAFF_CHAT, "type": "supergroup", "title": "Staff"}
    assert await edge.update(tap, riding=True) is None
    assert "sendMessage" in server.methods()


async def test_an_unknown_shape_is_reported_without_what_it_held(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    _, edge, _ = world
    assert await edge.update({"update_id": 3, "message": {"text": "Ada's secret"}}, riding=True) is None
    assert edge.counts.unreadable == 1
    assert "update 3" in caplog.text
    assert "secret" not in caplog.text


async def test_a_chat_is_served_in_order_others_beside_it(world: World) -> None:
    _, edge, desk = world
    desk.pause = 0.01
    updates = [wrote(10 * chat + n, chat) for n in range(3) for chat in range(1, 6)]
    await asyncio.gather(*(edge.update(update, riding=True) for update in updates))
    for chat in range(1, 6):
        causes = [given.cause for given in desk.received if given.chat == f"tg:{chat}"]
        assert causes == [f"tg:{10 * chat + n}" for n in range(3)]
    assert desk.most == 5


def polling(server: BotApi, edge: Edge) -> tuple[Polling, list[float]]:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    _ = server
    return Polling(edge.api, edge, wait=0, sleep=sleep), slept


async def test_polling_moves_on_only_when_all_is_saved(world: World) -> None:
    server, edge, desk = world
    server.updates = [wrote(1, 7), wrote(2, 7, text="second"), wrote(3, 8)]
    desk.raises = [AwayError(), StaleError()]
    poll, slept = polling(server, edge)
    assert await poll.once() == 3
    assert poll.offset == 4
    assert len(slept) == 2
    assert [given.cause for given in desk.received if given.chat == "tg:7"] == ["tg:1", "tg:2"]
    assert server.methods().count("sendMessage") == 3
    assert await poll.once() == 0


async def test_a_bug_stops_one_update_not_all_chats(world: World, caplog: pytest.LogCaptureFixture) -> None:
    server, edge, desk = world
    server.updates = [wrote(1), wrote(2)]
    desk.raises = [RuntimeError("bug")] * 5
    poll, slept = polling(server, edge)
    await poll.once()
    assert [given.cause for given in desk.received] == ["tg:2"]
    assert slept == [0.5, 1.0, 2.0, 4.0]
    assert "update 1 failed, try 5 of 5" in caplog.text


async def test_a_conflict_is_said_clearly_and_a_wrong_token_ends_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    server, edge, _ = world
    answers: list[tuple[int, dict[str, Any]]] = [
        (409, {"description": "Conflict: can't use getUpdates method while webhook is active"}),
        (429, {"description": "Too Many Requests", "parameters": {"retry_after": 3}}),
        (502, {"description": "Bad Gateway"}),
        (401, {"description": "Unauthorized"}),
    ]
    poll, slept = polling(server, edge)
    server.refuse_updates = answers
    with pytest.raises(InvalidToken):
        await poll.run()
    assert slept == [0.5, 3.0, 2.0]
    assert "a webhook is set" in caplog.text
