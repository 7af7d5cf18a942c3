"""Hostile and clumsy updates: stale and forged buttons, repeats, races, odd shapes, strangers at the webhook's door."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.cli.demo import AGENT, STAFF_CHAT
from bot.model import Retention
from handlers.playground.delivery import SECRET_HEADER
from handlers.playground.people import Participant
from handlers.telegram import request
from handlers.web.webhook import LARGEST_UPDATE
from tests.hostile import COUNTRY, FORM, IDENTITY, NOTICE, ByContent, Stage, heard, kept, photo, staged

pytestmark = pytest.mark.asyncio(loop_scope="module")
GROUP = {"id": -1009, "type": "supergroup", "title": "Bargains"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with staged(tmp_path_factory.mktemp("updates"), ByContent()) as opened:
        yield opened


async def answered(stage: Stage, seller: Participant) -> None:
    """The chat is not stuck: the next good answer is taken."""
    reply = await stage.post(stage.wrote(seller, text="Germany"))
    assert reply.status == 200
    assert FORM in reply.text


# ------------------------------------------------------------------ buttons


def buttons(seller: Participant, words: str) -> tuple[int, list[str]]:
    """The message that holds these words, and the data of its buttons."""
    asked = next(message for message in seller.messages if message.by_bot and words in message.text)
    rows = asked.raw["reply_markup"]["inline_keyboard"]
    return asked.id, [button["callback_data"] for row in rows for button in row]


async def test_the_button_of_an_earlier_question(stage: Stage) -> None:
    seller = await stage.at(FORM)
    _, data = buttons(seller, COUNTRY)
    reply = await stage.post(stage.tapped(seller, data[-1]))
    assert "already answered that: “Country”" in reply.text
    assert FORM in reply.text
    await kept(seller, "Country: done")
    assert await stage.given(seller, "country") == ["DE"]


FORGED = {
    "words": "hello",
    "nothing": " ",
    "no sequence": "a::country:DE",
    "a negative sequence": "a:-1:country:DE",
    "another case's person": "w:1",
    "a huge sequence": f"a:{'9' * 40}:nothing:DE",
    "an unknown requirement": "a:1:password:hunter2",
    "an unknown value": "a:1:legal_form:<b>king</b>",
    "a subject that is no number": "a:1:identity.x:yes",
    "a change of what is not there": "f:password",
    "a change of the notice": "f:notice",
    "a withdrawal of oneself": "w:0",
    "an agent's tap": "s:0123456789:1:approve::",
    "markup": "<b>{{7*7}}</b>",
    "64 bytes": secrets.token_hex(32),
    "a key of a digit": "a:1:identity.²:yes",
    "NUL": "a:\x00:\x00:\x00",
    "64 bytes of other scripts": "\u202e\U0001f600" * 9,
}


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED.keys())
async def test_a_button_that_never_was(stage: Stage, data: str) -> None:
    seller = await stage.at(COUNTRY)
    reply = await stage.post(stage.tapped(seller, data))
    assert reply.status == 200
    assert COUNTRY in reply.text
    await kept(seller, "Privacy notice: done", "Country: open", "Who sells: open")
    await answered(stage, seller)


async def test_a_seller_cannot_press_what_is_for_staff(stage: Stage) -> None:
    seller = await stage.at(IDENTITY)
    agent = stage.demo.playground.staff_member(AGENT.id)
    await seller.document(b'{"mrz_valid": "false"}', "passport.json")
    card = await agent.hears("needs a person")
    keys = card.raw["reply_markup"]["inline_keyboard"]
    accept = next(key["callback_data"] for row in keys for key in row if "Accept" in key["text"])
    reply = await stage.post(stage.tapped(seller, accept))
    assert "does nothing any more" in reply.text
    update = stage.tapped(seller, accept)
    update["callback_query"]["message"]["chat"] = stage.demo.playground.world.chats[STAFF_CHAT].header
    assert (await stage.post(update)).text == ""
    case = await stage.case(seller)
    assert case
    assert not any(type(record).__name__ == "Ruling" for record in case.history)


async def test_the_button_of_another_seller_s_question_touches_nobody_else(stage: Stage) -> None:
    victim, thief = await stage.at(COUNTRY), await stage.at(FORM)
    before = await stage.case(victim)
    message_id, data = buttons(victim, COUNTRY)
    update = stage.tapped(thief, data[0])
    update["callback_query"]["message"]["message_id"] = message_id
    reply = await stage.post(update)
    assert FORM in reply.text
    assert await stage.case(victim) == before
    assert await stage.given(thief, "country") == ["DE"]


async def test_a_button_of_an_erased_case_begins_anew(stage: Stage) -> None:
    seller = await stage.at(FORM)
    _, data = buttons(seller, FORM)
    old = await stage.case(seller)
    assert old
    await stage.demo.built.storage.cases.erase(old.id, frozenset(Retention))
    reply = await stage.post(stage.tapped(seller, data[0]))
    assert "Hello" in reply.text
    assert NOTICE in reply.text
    new = await stage.case(seller)
    assert new
    assert new.id != old.id


async def test_a_tap_twice_at_once_counts_once(stage: Stage) -> None:
    seller = await stage.at(FORM)
    _, data = buttons(seller, FORM)
    first, second = await asyncio.gather(*(stage.post(stage.tapped(seller, data[0])) for _ in range(2)))
    assert IDENTITY in first.text
    assert "already answered" in second.text
    assert len(await stage.given(seller, "legal_form")) == 1


async def test_a_tap_on_a_message_that_telegram_no_longer_shows(stage: Stage) -> None:
    seller = await stage.at(FORM)
    _, data = buttons(seller, FORM)
    chat = stage.wrote(seller)["message"]["chat"]
    old = stage.tapped(seller, data[0], message={"chat": chat, "message_id": 1, "date": 0})
    assert IDENTITY in (await stage.post(old)).text


# ------------------------------------------------------------------ repeats and races


@pytest.mark.parametrize("times", [2, 10])
async def test_the_same_update_many_times_at_once(stage: Stage, times: int) -> None:
    seller = await stage.at(COUNTRY)
    update = stage.wrote(seller, text="Germany")
    replies = await asyncio.gather(*(stage.post(update) for _ in range(times)))
    assert {reply.status for reply in replies} == {200}
    assert {reply.text for reply in replies} == {replies[0].text}
    assert FORM in replies[0].text
    assert await stage.given(seller, "country") == ["DE"]


async def test_an_update_that_comes_again_much_later(stage: Stage) -> None:
    seller = await stage.at(COUNTRY)
    update = stage.wrote(seller, text="Germany")
    first = await stage.post(update)
    await stage.post(stage.wrote(seller, text="whatever"))
    before = await stage.case(seller)
    assert (await stage.post(update)).text == first.text
    assert await stage.case(seller) == before


async def test_words_and_a_tap_at_once(stage: Stage) -> None:
    seller = await stage.at(COUNTRY)
    _, data = buttons(seller, COUNTRY)
    both = (stage.wrote(seller, text="Spain"), stage.tapped(seller, data[1]))
    first, second = await asyncio.gather(*map(stage.post, both))
    assert (first.status, second.status) == (200, 200)
    assert FORM in first.text
    assert FORM in second.text
    assert len(await stage.given(seller, "country")) == 1


async def test_two_answers_at_once_count_in_the_order_they_came(stage: Stage) -> None:
    seller = await stage.at(COUNTRY)
    replies = await asyncio.gather(*(stage.post(stage.wrote(seller, text=t)) for t in ("Spain", "Italy")))
    assert all(FORM in reply.text for reply in replies)
    assert await stage.given(seller, "country") == ["ES"]


async def test_updates_out_of_order_all_count(stage: Stage) -> None:
    seller = await stage.at(COUNTRY)
    early, late = stage.wrote(seller, text="Germany"), stage.wrote(seller, text="Atlantis")
    assert "do not know a country" in (await stage.post(late)).text
    assert FORM in (await stage.post(early)).text


@pytest.mark.parametrize("times", [2, 8])
async def test_a_newcomer_who_starts_many_times_at_once_has_one_case(stage: Stage, times: int) -> None:
    seller = stage.demo.playground.seller("Eve")
    cases = stage.demo.built.storage.cases
    before = len(await cases.all())
    command: dict[str, Any] = {
        "text": "/start",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }
    replies = await asyncio.gather(*(stage.post(stage.wrote(seller, **command)) for _ in range(times)))
    assert all(NOTICE in reply.text for reply in replies)
    assert len(await cases.all()) == before + 1


async def test_many_strangers_at_once_are_all_answered(stage: Stage) -> None:
    sellers = [stage.demo.playground.seller(f"S{n}") for n in range(40)]
    replies = await asyncio.gather(*(stage.post(stage.wrote(seller, text="hi")) for seller in sellers))
    assert all(NOTICE in reply.text for reply in replies)
    assert {reply.call["chat_id"] for reply in replies} == {seller.person.id for seller in sellers}


# ------------------------------------------------------------------ shapes


def deep(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


Shape = Callable[[dict[str, Any]], dict[str, Any]]


def inside(**change: Any) -> Shape:
    """The update with these fields of its message set; None takes one away."""

    def changed(update: dict[str, Any]) -> dict[str, Any]:
        body = {name: value for name, value in (update["message"] | change).items() if value is not None}
        return update | {"message": body}

    return changed


def instead(kind: str, **change: Any) -> Shape:
    return lambda update: {"update_id": update["update_id"], kind: inside(**change)(update)["message"]}


SILENT: dict[str, Shape] = {
    "nothing at all": lambda _: {},
    "no number": lambda u: {"message": u["message"]},
    "a number that is none": lambda u: u | {"update_id": "x"},
    "a kind of tomorrow": instead("telepathy"),
    "a message that is a list": lambda u: u | {"message": [1]},
    "a message that is text": lambda u: u | {"message": "hi"},
    "no chat": inside(chat=None),
    "a chat that is a number": inside(chat=5),
    "a chat with no number": inside(chat={"id": "x", "type": "private"}),
    "a chat with a broken number": inside(chat={"id": 1e300, "type": "private"}),
    "words that are a number": inside(text=5),
    "words that are a list": inside(text=["a"]),
    "entities that are a number": inside(entities=5),
    "an entity without a place": inside(entities=[{"type": "bot_command"}]),
    "no sizes of a photo": inside(text=None, photo=[]),
    "a photo that is a number": inside(text=None, photo=7),
    "a document without an id": inside(text=None, document={}),
    "a card that is text": inside(text=None, contact="x"),
    "a card without a number": lambda u: inside(text=None, contact={"user_id": u["message"]["from"]["id"]})(u),
    "a channel's post": instead("channel_post", chat={"id": -1005, "type": "channel", "title": "x"}),
    "a message in a channel": inside(chat={"id": -1005, "type": "channel", "title": "x"}),
    "a poll's answer": lambda u: {"update_id": u["update_id"], "poll_answer": {"poll_id": "1", "option_ids": []}},
    "a live location that moves": instead("edited_message", text=None, location={"latitude": 1.0, "longitude": 1.0}),
    "words in a foreign group": inside(chat=GROUP),
    "a command in a foreign group": inside(chat=GROUP, text="/start", entities=[{"type": "bot_command", "offset": 0, "length": 6}]),
    "a photo in a foreign group": inside(chat=GROUP, text=None, photo=[{"file_id": "x", "width": 1, "height": 1}]),
    "a group that adds the bot": lambda u: {"update_id": u["update_id"], "my_chat_member": {
        "chat": GROUP, "from": u["message"]["from"], "date": 1, "old_chat_member": {"status": "left"},
        "new_chat_member": {"status": "member"}}},
    "a tap in a foreign group": lambda u: {"update_id": u["update_id"], "callback_query": {
        "id": "1", "from": u["message"]["from"], "message": {"chat": GROUP, "message_id": 1}, "data": "a:1:notice:agree"}},
}  # fmt: skip


@pytest.mark.parametrize("shape", SILENT.values(), ids=SILENT.keys())
async def test_what_is_nothing_to_us_is_taken_in_silence(stage: Stage, shape: Shape) -> None:
    seller = await stage.at(COUNTRY)
    storage = stage.demo.built.storage
    before, cases = await stage.case(seller), len(await storage.cases.all())
    update = shape(stage.wrote(seller, text="Germany"))
    reply = await stage.post(update)
    assert (reply.status, reply.text) == (200, "")
    assert await stage.case(seller) == before
    assert len(await storage.cases.all()) == cases
    await answered(stage, seller)


HEARD: dict[str, tuple[Shape, str]] = {
    "fields of tomorrow": (inside(hologram=1, text="Germany", chat_mood={"x": [None]}), FORM),
    "nobody named": (inside(**{"from": None}), FORM),
    "no language": (lambda u: u, FORM),
    "entities of tomorrow": (inside(entities=[{"type": "hologram", "offset": 0, "length": 3}]), FORM),
    "deep nesting beside the words": (inside(extra=json.loads(deep(200))), FORM),
    "much beside the words": (inside(extra=list(range(100_000))), FORM),
    "a message edited": (instead("edited_message", edit_date=2), "only count new ones"),
}


@pytest.mark.parametrize(("shape", "words"), HEARD.values(), ids=HEARD.keys())
async def test_what_is_not_known_is_passed_over(stage: Stage, shape: Shape, words: str) -> None:
    seller = await stage.at(COUNTRY)
    assert words in (await stage.post(shape(stage.wrote(seller, text="Germany")))).text


BODIES = {
    "no JSON": (b"{", 400),
    "half of it": (b'{"update_id": 1, "message": {"te', 400),
    "a list": (b"[]", 400),
    "a number": (b"1", 400),
    "null": (b"null", 400),
    "nothing": (b"", 400),
    "no UTF-8": (b'{"update_id": "\xff\xfe"}', 400),
    "deeper than any parser goes": (deep(100_000), 400),
    "lists deeper than any parser goes": (b"[" * 500_000, 400),
    "a number of a million digits": (b'{"update_id":' + b"9" * 500_000 + b"}", None),
    "over a megabyte": (b'{"a":"' + b"x" * LARGEST_UPDATE + b'"}', 413),
    "a form": (b"update_id=1&message=hi", 400),
    "XML": (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", 400),
}


@pytest.mark.parametrize("parser", ["fast", "standard"])
@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES.keys())
async def test_what_is_no_update_is_refused(
    stage: Stage, body: bytes, status: int | None, parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if parser == "standard":
        monkeypatch.setattr(request, "orjson", None)
    reply = await stage.post(body)
    assert reply.status in ({status} if status else {200, 400})
    assert reply.text == ""


@pytest.mark.parametrize("secret", ["", "x", "0" * 32, "\u00e9"])
async def test_a_stranger_who_does_not_know_the_secret(stage: Stage, secret: str) -> None:
    seller = await stage.at(COUNTRY)
    before = await stage.case(seller)
    reply = await stage.post(stage.wrote(seller, text="Germany"), **{SECRET_HEADER: secret})
    assert reply.status == 401
    assert await stage.case(seller) == before


@pytest.mark.parametrize("size", [10, LARGEST_UPDATE + 1])
async def test_a_body_of_no_stated_length(stage: Stage, size: int) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"{" + b" " * size

    async with stage.http.post(
        stage.hook.url, data=chunks(), headers={SECRET_HEADER: stage.hook.secret}
    ) as answer:
        assert answer.status == 413


async def test_a_length_that_is_not_true(stage: Stage) -> None:
    """The connection waits for what never comes; others are served meanwhile."""
    host, port = stage.hook.url.split("/")[2].split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /telegram/demo HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {stage.hook.secret}\r\nContent-Length: 900\r\n\r\n"
    writer.write(head.encode() + b'{"update_id":1')
    await writer.drain()
    await answered(stage, await stage.at(COUNTRY))
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
async def test_another_verb(stage: Stage, method: str) -> None:
    async with stage.http.request(method, stage.hook.url) as answer:
        assert answer.status == 405


async def test_a_compressed_bomb_is_refused(stage: Stage) -> None:
    import gzip

    body = gzip.compress(b'{"a":"' + b"x" * 50_000_000 + b'"}')
    headers = {SECRET_HEADER: stage.hook.secret, "Content-Encoding": "gzip"}
    async with stage.http.post(stage.hook.url, data=body, headers=headers) as answer:
        assert answer.status in {400, 413}


# ------------------------------------------------------------------ going and coming back


async def test_a_chat_deleted_and_blocked_goes_on_where_it_stopped(stage: Stage) -> None:
    seller = await stage.at(FORM)
    seller.hand.clear()
    seller.hand.block()
    await stage.demo.playground.settled()
    before = len(stage.demo.playground.api.refusals)
    seller.hand.block(blocked=False)
    await heard(seller, FORM)
    await seller.says("/start")
    await heard(seller, "Welcome back", FORM)
    await kept(seller, "Country: done")
    assert len(stage.demo.playground.api.refusals) == before


async def test_the_bot_says_nothing_in_a_foreign_group(stage: Stage) -> None:
    world = stage.demo.playground.world
    person = stage.demo.playground.arrive("Gus")
    group = world.found_group(-1007, "Bargains", [person])
    member = Participant(world, person, group)
    for words in ("/start", "/status@playground_bot", "hello bot", "Germany"):
        await member.says(words)
    await member.photo(photo())
    await stage.demo.playground.settled()
    await stage.demo.built.edge.idle()
    assert not [message for message in member.messages if message.by_bot]
    assert await stage.demo.built.storage.register.case_of("tg:-1007") is None
    assert await stage.case(member) is None


async def test_the_door_is_open_while_rubbish_is_thrown_at_it(stage: Stage) -> None:
    """Refusals cost little: a seller is answered in between."""
    seller = await stage.at(COUNTRY)
    rubbish = [stage.post(secrets.token_bytes(2000)) for _ in range(50)]
    *refused, reply = await asyncio.gather(*rubbish, stage.post(stage.wrote(seller, text="Germany")))
    assert {one.status for one in refused} == {400}
    assert FORM in reply.text


async def test_a_client_that_goes_away_before_the_answer(stage: Stage) -> None:
    """What it brought is kept, and its repeat gets the same answer."""
    seller = await stage.at(COUNTRY)
    update = stage.wrote(seller, text="Germany")
    impatient = aiohttp.ClientTimeout(total=0.001)
    headers = {SECRET_HEADER: stage.hook.secret}
    try:
        async with stage.http.post(stage.hook.url, json=update, headers=headers, timeout=impatient) as answer:
            await answer.read()
    except TimeoutError:
        assert FORM in (await stage.post(update)).text
    assert await stage.given(seller, "country") in (["DE"], [])
