"""Hostile and clumsy words, cards and kinds of message: a clear sentence, the same question, nothing lost."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from handlers.playground.people import Participant
from tests.hostile import COUNTRY, FORM, IDENTITY, NOTICE, ByContent, Stage, heard, kept, photo, staged

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with staged(tmp_path_factory.mktemp("words"), ByContent()) as opened:
        yield opened


MARKUP = {
    "bold": "<b>x</b>",
    "a link that breaks out": '</b><a href="http://evil.example">win</a>',
    "an unknown tag": "<script>alert(1)</script>",
    "an open tag": "<b",
    "entities": "&lt;b&gt; &amp;amp; &#0;",
    "jinja": "{{7*7}}{% raw %}",
    "format": "{0.__class__} %s %(x)s",
    "markdown": "*x* _y_ [z](tg://user?id=1) `c`",
    "sql": "' OR 1=1 --",
    "emphasis to the right": "דוד <b>לוי</b>",
}
NOISE = {
    "4096 letters": "x" * 4096,
    "4096 emoji": "\U0001f600" * 4096,
    "one family of emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 300,
    "zero width": "\u200b\u200c\u200d\u2060\ufeff" * 40,
    "overrides": "\u202egnp.exe\u202c\u2066\u2069\u061c",
    "nothing but overrides": "\u202e" * 50,
    "NUL": "\x00",
    "NUL within": "Atlan\x00tis",
    "controls": "".join(map(chr, range(1, 32))),
    "spaces": "   ",
    "every kind of space": "\u00a0\u2003\u3000\u2028\u2029\t\n",
    "zalgo": "A" + "\u0300\u0316\u0336" * 400,
    "right to left": "محمد بن سلمان آل سعود",
    "private use": "\ue000\U000f0000\U0010ffff",
    "noncharacters": "\ufffe\uffff",
    "a slash": "/",
    "a number": "9" * 4000,
    "dots": "..." * 1000,
    "lines": "\n" * 100 + "x" + "\n" * 100,
}


@pytest.mark.parametrize("words", MARKUP.values(), ids=MARKUP.keys())
async def test_markup_comes_back_as_the_letters_it_is(stage: Stage, words: str) -> None:
    seller = await stage.at(COUNTRY)
    seller.hand.send({"text": words})
    seen = await heard(seller, "I do not know a country called", words[:20], COUNTRY)
    covered = [e for e in seen.raw.get("entities", ()) if e["type"] not in {"bold", "italic"}]
    assert not [e for e in covered if e["type"] in {"text_link", "text_mention", "code"}]
    assert "49" not in seen.text
    await kept(seller, "Privacy notice: done")
    await seller.says("Germany")
    await heard(seller, "Germany", FORM)


@pytest.mark.parametrize("words", NOISE.values(), ids=NOISE.keys())
async def test_noise_gets_the_same_question(stage: Stage, words: str) -> None:
    seller = await stage.at(COUNTRY)
    seller.hand.send({"text": words})
    await heard(seller, "I do not know a country called", COUNTRY)
    await kept(seller, "Privacy notice: done")
    await seller.says("Germany")
    await heard(seller, FORM)


@pytest.mark.parametrize("words", [*MARKUP.values(), *NOISE.values()], ids=[*MARKUP, *NOISE])
async def test_words_where_a_picture_is_due(stage: Stage, words: str) -> None:
    seller = await stage.at(IDENTITY)
    seller.hand.send({"text": words})
    await heard(seller, "I need a picture, not words", IDENTITY)


async def test_words_where_a_tap_is_due(stage: Stage) -> None:
    seller = await stage.at(FORM)
    await seller.says("<i>whoever</i>")
    await heard(seller, "tap one of the buttons", FORM)
    await kept(seller, "Country: done")


HOSTILE_NAMES = ["<b>x</b>", "{{7*7}}", "</b><a href='http://evil.example'>x</a>", "\u202eAda", "A" * 64]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
async def test_what_a_person_calls_themselves_on_telegram_changes_nothing(stage: Stage, name: str) -> None:
    seller = await stage.at(IDENTITY, name)
    await seller.document(b'{"mrz_valid": "false"}', f"{name}.jpg")
    await seller.hears("A person will look")


async def test_markup_on_a_document_is_shown_as_letters_to_seller_and_staff(stage: Stage) -> None:
    evidence = {"surname": "<b>X</b>{{7*7}}", "given_names": "</b><a href='http://x.example'>A</a> \u202eB"}
    seller = await stage.at(IDENTITY)
    await seller.document(json.dumps(evidence).encode(), "<i>.jpg")
    seen = await seller.hears("is fine")
    while "Surname" not in seen.text:
        seller.hand.share_contact()
        seen = await heard(seller)
    assert evidence["surname"] in seen.text
    assert "</b><a href='http://x.example'>A</a> B" in seen.text
    assert not [e for e in seen.raw["entities"] if e["type"] == "text_link"]


LANGUAGES = {
    "": "en",
    "zz": "zz",
    "zh-hans-cn": "zh-hans-cn",
    "xx-" * 60: "en",
    "en\x00": "en",
    "../../etc/passwd": "en",
    "<b>": "en",
    "{{7*7}}": "en",
    "tlh-Latn-x-y": "en",
}


@pytest.mark.parametrize(("language", "kept_as"), LANGUAGES.items())
async def test_whatever_language_an_app_claims_to_speak(stage: Stage, language: str, kept_as: str) -> None:
    case = await stage.case(await stage.at(FORM, language=language))
    assert case
    assert case.language == kept_as


# ------------------------------------------------------------------ kinds of message

Act = Callable[[Participant], object]
FILE = {"file_id": "x", "file_unique_id": "x", "file_size": 9_000_000}
FILM = FILE | {"width": 1280, "height": 720, "duration": 3600, "mime_type": "video/mp4"}
POLL = {
    "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
    "type": "regular", "allows_multiple_answers": False,
}  # fmt: skip
PLACE = {"latitude": 52.5, "longitude": 13.4}
MARKED = {"title": "x", "address": "y"}
UNKNOWN = "I cannot use that"

KINDS: dict[str, tuple[dict[str, Any], str]] = {
    "a voice message": ({"voice": FILE | {"duration": 3600}}, "cannot listen"),
    "music": ({"audio": FILE | {"duration": 180}}, UNKNOWN),
    "a sticker": ({"sticker": FILE | {"type": "regular", "width": 1, "height": 1}}, "To go on, please answer"),
    "a location": ({"location": PLACE}, "cannot use a location"),
    "a live location": ({"location": PLACE | {"live_period": 3600}}, "cannot use a location"),
    "a venue": ({"venue": MARKED | {"location": PLACE}, "location": PLACE}, "cannot use a location"),
    "a dice": ({"dice": {"emoji": "\U0001f3b2", "value": 6}}, UNKNOWN),
    "a poll": ({"poll": POLL}, UNKNOWN),
    "a game": ({"game": {"title": "x", "description": "y", "photo": []}}, UNKNOWN),
    "a story": ({"story": {"chat": {"id": 5, "type": "private"}, "id": 1}}, UNKNOWN),
    "a video of an hour": ({"video": FILM}, UNKNOWN),
    "an animation": ({"animation": FILM, "document": FILE | {"file_name": "x.mp4"}}, UNKNOWN),
    "an invoice": ({"invoice": {"title": "x", "description": "y", "currency": "EUR", "total_amount": 1}}, UNKNOWN),
    "a checklist": ({"checklist": {"title": "x", "tasks": []}}, UNKNOWN),
    "what nobody knows yet": ({"hologram": {"x": [1, {"y": None}]}}, UNKNOWN),
    "nothing": ({}, UNKNOWN),
    "empty words": ({"text": ""}, UNKNOWN),
    "somebody else's card": ({"contact": {"phone_number": "+491511234567", "first_name": "B", "user_id": 8}}, "somebody else"),
    "a card of nobody on Telegram": ({"contact": {"phone_number": "+491511234567", "first_name": "B"}}, "somebody else"),
}  # fmt: skip
STEPS = {COUNTRY: "Privacy notice: done", FORM: "Country: done", IDENTITY: "Who sells: done"}


@pytest.mark.parametrize("question", [COUNTRY, IDENTITY])
@pytest.mark.parametrize(("content", "sentence"), KINDS.values(), ids=KINDS.keys())
async def test_a_message_of_a_kind_that_answers_nothing(
    stage: Stage, content: dict[str, Any], sentence: str, question: str
) -> None:
    seller = await stage.at(question)
    seller.hand.send(content)
    await heard(seller, sentence, question)
    await kept(seller, STEPS[question])


async def test_one_s_own_contact_before_it_is_asked_for_loses_nothing(stage: Stage) -> None:
    seller = await stage.at(COUNTRY)
    await seller.shares_contact()
    await heard(seller, COUNTRY)
    await kept(seller, "Privacy notice: done")


FORWARDED: dict[str, Act] = {
    "a photo": lambda seller: seller.hand.send_photos([photo()], forwarded=True),
    "a video note": lambda seller: seller.hand.send_video_note(b"\0" * 99, 3600, forwarded=True),
    "a document": lambda seller: seller.hand.send(
        {"document": FILE | {"file_name": "x.pdf"}}, forwarded=True
    ),
}


@pytest.mark.parametrize("act", FORWARDED.values(), ids=FORWARDED.keys())
async def test_what_was_forwarded_is_not_taken_for_the_sender_s_own(stage: Stage, act: Act) -> None:
    seller = await stage.at(IDENTITY)
    done = act(seller)
    if hasattr(done, "__await__"):
        await done
    await heard(seller, "forwarded from another chat", IDENTITY)
    await kept(seller, "Identity document: open")


async def test_forwarded_words_are_words(stage: Stage) -> None:
    seller = await stage.at(COUNTRY)
    seller.hand.forward("Buy bitcoin now!")
    await heard(seller, "I do not know a country called", COUNTRY)


async def test_a_video_note_of_an_hour_where_none_was_asked_for(stage: Stage) -> None:
    seller = await stage.at(IDENTITY)
    seller.hand.send_video_note(b"\0" * 99, 3600)
    await heard(seller, "I need no video", IDENTITY)


async def test_an_answer_to_an_old_message_is_an_answer(stage: Stage) -> None:
    seller = await stage.at(COUNTRY)
    seller.hand.say("Germany", reply_to=next(m.id for m in seller.messages if m.by_bot))
    await heard(seller, FORM)


# ------------------------------------------------------------------ commands

COMMANDS = {
    "/help": "/status shows",
    "/privacy": "encrypted",
    "/nonsense": "do not know that command",
    "/start": "Welcome back",
    "/start@playground_bot": "Welcome back",
    "/start ../../etc/passwd": "Welcome back",
    f"/start {'A' * 64}": "Welcome back",
    "/start <b>{{7*7}}</b>": "Welcome back",
    "/s:x:1:accept:identity:": "",
    "/HELP": "/status shows",
}


@pytest.mark.parametrize(("command", "sentence"), COMMANDS.items())
async def test_a_command_in_the_middle(stage: Stage, command: str, sentence: str) -> None:
    seller = await stage.at(COUNTRY)
    await seller.says(command)
    await heard(seller, sentence, COUNTRY)
    await kept(seller, "Privacy notice: done")


async def test_stopping_loses_nothing(stage: Stage) -> None:
    seller = await stage.at(COUNTRY)
    await seller.says("/cancel")
    await heard(seller, "stop at any time")
    await kept(seller, "Privacy notice: done")
    await seller.says("Germany")
    await heard(seller, FORM)


async def test_a_command_with_rubbish_opens_a_case_too(stage: Stage) -> None:
    seller = stage.demo.playground.seller("Eve")
    await seller.says("/start ' OR 1=1 -- <b>{{7*7}}")
    await heard(seller, "Hello", NOTICE)


async def test_an_edited_answer_is_not_a_new_one(stage: Stage) -> None:
    seller = await stage.at(COUNTRY)
    said = await seller.says("Germany")
    await heard(seller, FORM)
    seller.hand.edit(said, "France")
    await heard(seller, "only count new ones", FORM)
    assert await stage.given(seller, "country") == ["DE"]


# ------------------------------------------------------------------ before the notice is agreed to

EARLY: dict[str, Act] = {
    "words": lambda seller: seller.hand.say("Germany"),
    "a photo": lambda seller: seller.hand.send_photos([photo()]),
    "a document": lambda seller: seller.hand.send({"document": FILE | {"file_name": "x.pdf"}}),
}


@pytest.mark.parametrize("act", EARLY.values(), ids=EARLY.keys())
async def test_nothing_is_kept_before_the_notice_is_agreed_to(stage: Stage, act: Act) -> None:
    seller = await stage.at(NOTICE)
    done = act(seller)
    if hasattr(done, "__await__"):
        await done
    await heard(seller, NOTICE)
    case = await stage.case(seller)
    assert case
    assert {type(record).__name__ for record in case.history} == {"Told"}
