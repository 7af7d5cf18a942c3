"""What staff ask for by command, and how the group gets it: the queue, the search, a card drawn anew, the pace."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.model import CaseId, File, Retention
from handlers.telegram.api import NONE
from handlers.telegram.pace import GROUP_COUNT, GROUP_SPAN, Pace
from handlers.telegram.sender import Sender
from handlers.telegram.updates import read
from handlers.words import Words
from tests.edge import NOW, STAFF_CHAT, bot_api, user
from tests.staffroom import AGENT, DOUBTFUL, REVIEWER, STRANGER, Staffroom, staffroom


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Staffroom]:
    talk = staffroom(tmp_path)
    yield talk
    await talk.storage.close()


async def doubted(talk: Staffroom, chat: str) -> CaseId:
    """Another seller whose passport waits for a person."""
    await talk.desk.receive(talk.given(chat, command="start"))
    case = await talk.case(chat)
    for value in ("agree", "DE", "individual"):
        sequence, told = (await talk.storage.cases.load(case)).told()
        assert told
        await talk.desk.receive(talk.given(chat, tap=f"a:{sequence}:{told.asked}:{value}"))
    await talk.desk.receive(talk.given(chat, files=(photo(chat),)))
    await talk.drain()
    return case


def photo(chat: str) -> File:
    """A doubtful passport that nobody else has."""
    return File(json.dumps({**DOUBTFUL, "number": f"X{chat.removeprefix('tg:')}"}), "photo", size=1000)


# ---- the queue


async def test_the_queue_shows_who_waits_the_longest_first(talk: Staffroom) -> None:
    assert await talk.order("queue") == "staff: Nobody is waiting. Well done!"
    first = await doubted(talk, "tg:11")
    talk.clock.instant += timedelta(minutes=5)
    second = await doubted(talk, "tg:12")
    why = "Germany · private person · Identity document: check digits do not agree"
    since = "since November 2, 2026"
    assert (await talk.order("queue")).splitlines() == [
        "staff: Waiting for a person, the longest first:",
        "",
        f"{first} · {why} · {since}, 10:00 UTC",
        f"{second} · {why} · {since}, 10:05 UTC",
        f"[Show {first}]  [Show {second}]",
    ]
    await talk.press(f"Show {first}")
    await talk.press("Accept: Identity document")
    assert first not in await talk.order("queue")


async def test_a_long_queue_is_cut(talk: Staffroom) -> None:
    for n in range(11):
        await doubted(talk, f"tg:{20 + n}")
    queue = await talk.order("queue")
    assert queue.count("[Show ") == 10
    assert "And more, who have waited less." in queue


# ---- the search


@pytest.mark.parametrize(
    "words",
    [
        "lovelace",
        "Ada Lovelace",
        "ádá",
        "ada@example.org",
        "+4915123456789",
        "+49 151 23456789",
        "X1234567",
        "x 123 4567",
    ],
)
async def test_a_seller_is_found_by(talk: Staffroom, words: str) -> None:
    case = await talk.approved()
    found = await talk.order("find", words)
    assert f"{case} · approved · Germany · ADA LOVELACE" in found
    assert f"[Show {case}]" in found
    for secret in ("15123456789", "X1234567", "example.org"):
        assert secret not in found


async def test_a_company_is_found_by_its_name(talk: Staffroom) -> None:
    await talk.seller(command="start")
    await talk.finish("legal_form")
    await talk.tap("A company sells")
    await talk.finish("company_name")
    await talk.seller(text="Difference Engines GmbH")
    assert await talk.case() in await talk.order("find", "difference engines")
    assert await talk.case() not in await talk.order("find", "difference machines")


async def test_nobody_found_is_said(talk: Staffroom) -> None:
    await talk.approved()
    assert "I found no seller by these words" in await talk.order("find", "Babbage")
    assert "Whom shall I look for?" in await talk.order("find", " !? ")
    await talk.storage.cases.erase(await talk.case(), frozenset(Retention))
    assert "I found no seller" in await talk.order("find", "Lovelace")


# ---- who may ask


@pytest.mark.parametrize("command", ["queue", "find", "case", "remind", "help"])
async def test_a_stranger_in_the_group_learns_nothing(talk: Staffroom, command: str) -> None:
    await talk.doubted()
    argument = "Lovelace" if command == "find" else await talk.case()
    said = await talk.order(command, argument, who=STRANGER)
    assert said == (
        "staff: Hello! Only the staff who check sellers can use this, and you are not on their list."
        " Whoever runs this bot can put you on it."
    )


async def test_a_case_that_is_not_there(talk: Staffroom) -> None:
    for command in ("case", "remind"):
        assert "I know no case c0ffee." in await talk.order(command, "c0ffee")
        assert "Please name the case" in await talk.order(command)
        assert "Please name the case" in await talk.order(command, "'; DROP TABLE cases; --\x00")


async def test_commands_of_other_bots_are_left_alone(talk: Staffroom) -> None:
    assert await talk.order("weather", "Berlin") == ""
    assert await talk.order("start", who=STRANGER) == ""


# ---- how it reaches the group


class Hours:
    """Time that moves when somebody sleeps; every send to the group is noted."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.sent: list[float] = []

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class Noting:
    """The Bot API, and when each call was made."""

    def __init__(self, api: Any, hours: Hours) -> None:
        self.api, self.hours = api, hours

    async def call(
        self,
        method: str,
        payload: Mapping[str, Any],
        *,
        read: float | None = None,
        files: Mapping[str, bytes] = NONE,
    ) -> Any:
        if payload["chat_id"] == STAFF_CHAT:
            self.hours.sent.append(self.hours.seconds)
        return await self.api.call(method, payload, read=read, files=files)


def sender(talk: Staffroom, api: Any, hours: Hours) -> Sender:
    pace = Pace(lambda: hours.seconds, hours.sleep)
    return Sender(Noting(api, hours), talk.storage.outbox, Words(), hours, STAFF_CHAT, pace=pace)


async def test_forty_cards_at_once_are_paced_and_none_is_lost(talk: Staffroom) -> None:
    hours = Hours()
    talk.clock.instant = hours.now()
    cases = [await doubted(talk, f"tg:{100 + n}") for n in range(40)]
    parcels = []
    for case in cases:
        given = talk.given("staff", AGENT, command="case", argument=case)
        parcels += [p for p in await talk.desk.staff(given) if p.chat == "staff"]
    async with bot_api() as (server, api):
        post = sender(talk, api, hours)
        await post.deliver(parcels)
        while hours.seconds < 600:
            hours.seconds += 5
            await post.sweep()
    texts = [payload["text"] for _, payload in server.calls if payload["chat_id"] == STAFF_CHAT]
    assert [sum(case in text for text in texts) for case in cases] == [1] * 40
    for start in hours.sent:
        assert sum(start <= other < start + GROUP_SPAN for other in hours.sent) <= GROUP_COUNT


async def test_a_card_drawn_anew_is_the_one_that_is_edited_from_then_on(talk: Staffroom) -> None:
    await talk.doubted()
    hours = Hours()
    async with bot_api() as (server, api):
        post = sender(talk, api, hours)
        for what in ({"command": "case", "argument": await talk.case()},) * 2:
            await post.deliver(await talk.desk.staff(talk.given("staff", AGENT, **what)))
        parcels = await talk.desk.staff(talk.given("staff", REVIEWER, tap=f"s:{await talk.case()}:0:card::"))
        await post.deliver(parcels)
    assert server.methods() == ["sendMessage", "sendMessage", "editMessageText"]
    assert server.calls[-1][1]["message_id"] == 102  # the second of the two, 101 being the first


async def test_an_answer_about_no_case_is_sent_and_kept_nowhere(talk: Staffroom) -> None:
    parcels = await talk.desk.staff(talk.given("staff", AGENT, command="queue"))
    assert [(parcel.id, parcel.chat) for parcel in parcels] == [(0, "staff")]
    async with bot_api() as (server, api):
        await sender(talk, api, Hours()).deliver(parcels)
    assert [payload["chat_id"] for _, payload in server.calls] == [STAFF_CHAT]
    assert await talk.storage.outbox.take(talk.clock.now()) == ()


def replying(*, bot: bool) -> dict[str, Any]:
    """A reply in the staff's group, as Telegram posts it."""
    chat = {"id": STAFF_CHAT, "type": "supergroup", "title": "Staff"}
    there = {"message_id": 5, "from": {**user(9), "is_bot": bot}, "chat": chat, "date": 1, "text": "Ref: c/1"}
    body = {"message_id": 6, "from": user(900), "chat": chat, "date": 2, "text": "Too dark"}
    return {"update_id": 1, "message": {**body, "reply_to_message": there}}


@pytest.mark.parametrize(("bot", "reply"), [(True, "Ref: c/1"), (False, "")])
def test_only_a_bots_own_words_are_replied_to(bot: bool, reply: str) -> None:
    given = read(replying(bot=bot), NOW)
    assert given
    assert (given.text, given.reply, given.who) == ("Too dark", reply, "tg:900")
