"""The playground's Bot API refuses what Telegram refuses, in Telegram's words, and answers in its shapes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiogram.methods
import aiohttp
import pytest
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from handlers.playground.call import formatted
from handlers.playground.entities import parse_html
from handlers.playground.methods import METHODS
from handlers.playground.people import Participant
from handlers.playground.refusal import RefusedError
from handlers.playground.server import Playground
from handlers.playground.trouble import Kind
from handlers.playground.world import Person

TOKEN = "42:playground"
STAFF = (Person(71, "Mina", username="mina"), Person(72, "Otto"))


@dataclass
class SetClock:
    """Stands still until it is moved."""

    at: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at

    async def advance(self, by: timedelta) -> None:
        self.at += by


@dataclass
class Caller:
    """Calls the API over HTTP, as any bot would."""

    playground: Playground
    origin: str
    http: aiohttp.ClientSession

    async def __call__(self, method: str, **params: Any) -> Any:
        async with self.http.post(f"{self.origin}/bot{TOKEN}/{method}", json=params) as response:
            answer = await response.json()
            assert answer["ok"] == (response.status == 200)
            return answer

    async def result(self, method: str, **params: Any) -> Any:
        answer = await self(method, **params)
        assert answer["ok"], answer
        return answer["result"]


@pytest.fixture
async def call() -> AsyncIterator[Caller]:
    playground = Playground(token=TOKEN, clock=SetClock(), staff=STAFF, staff_chat=-1009)
    async with playground.serving() as origin, aiohttp.ClientSession() as http:
        yield Caller(playground, origin, http)


async def started(call: Caller) -> Participant:
    """A seller who has written, with a bot message that has one button."""
    ada = call.playground.seller("Ada")
    await ada.says("hello")
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    await call.result("sendMessage", chat_id=ada.chat_id, text="Ready?", reply_markup=markup)
    return ada


def button(**action: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Go", **action}]]}


SEND = "sendMessage"
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (SEND, {"text": ""}, "message text is empty"),
    (SEND, {}, "message text is empty"),
    (SEND, {"text": " \n"}, "message text is empty"),
    (SEND, {"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
    (SEND, {"text": "x" * 4097}, "message is too long"),
    (SEND, {"text": "\U0001f600" * 2049}, "message is too long"),
    (SEND, {"text": "x", "chat_id": 12}, "chat not found"),
    (SEND, {"text": "x", "chat_id": "@nobody"}, "chat not found"),
    (SEND, {"text": "x", "chat_id": "twelve"}, "chat not found"),
    (SEND, {"text": "x", "chat_id": ""}, "chat_id is empty"),
    (SEND, {"text": "x", "txet": "y"}, 'unknown parameter "txet"'),
    (
        SEND,
        {"text": "x", "disable_notification": "maybe"},
        "can't parse disable_notification: must be of type Boolean",
    ),
    (SEND, {"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
    (SEND, {"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
    (SEND, {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "ENTITY_BOUNDS_INVALID"),
    (
        SEND,
        {"text": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    (
        SEND,
        {"text": "é<x>", "parse_mode": "HTML"},
        'can\'t parse entities: Unsupported start tag "x" at byte offset 2',
    ),
    (SEND, {"text": "x", "reply_markup": "[]"}, "object expected as reply markup"),
    (
        SEND,
        {"text": "x", "reply_markup": button(callback_data="")},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (SEND, {"text": "x", "reply_markup": button(callback_data="ä" * 33)}, "BUTTON_DATA_INVALID"),
    (
        SEND,
        {"text": "x", "reply_markup": button(callback_dta="y")},
        'can\'t parse inline keyboard button: has an unknown field "callback_dta"',
    ),
    (
        SEND,
        {"text": "x", "reply_markup": button(url="nowhere")},
        "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
    ),
    (
        SEND,
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": " ", "callback_data": "y"}]]}},
        "inline keyboard button text is empty",
    ),
    (
        SEND,
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"callback_data": "y"}]]}},
        "can't parse inline keyboard button: Can't find field \"text\"",
    ),
    (SEND, {"text": "x", "reply_markup": {"keyboard": [[]]}}, "keyboard must have at least one button"),
    (
        SEND,
        {
            "text": "x",
            "reply_markup": {
                "keyboard": [[{"text": "A", "request_contact": True, "request_location": True}]]
            },
        },
        "can't parse keyboard button: only one action may be requested",
    ),
    (
        SEND,
        {"text": "x", "reply_markup": {"keyboard": [["A"]], "input_field_placeholder": "x" * 65}},
        'can\'t parse reply_markup: Field "input_field_placeholder" must be at most 64 allowed characters',
    ),
    ("sendPhoto", {}, "there is no photo in the request"),
    ("sendPhoto", {"photo": "nonsense"}, "wrong file identifier/HTTP URL specified"),
    ("sendPhoto", {"photo": "nonsense", "caption": "x" * 1025}, "message caption is too long"),
    ("sendMediaGroup", {"media": []}, "there are no messages to send"),
    (
        "sendMediaGroup",
        {"media": [{"type": "photo", "media": "x"}] * 11},
        "too many messages to send as an album",
    ),
    (
        "editMessageText",
        {
            "message_id": 2,
            "text": "Ready?",
            "reply_markup": button(callback_data="y")
            | {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]},
        },
        "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    ),
    ("editMessageText", {"message_id": 99, "text": "x"}, "message to edit not found"),
    ("editMessageText", {"message_id": 1, "text": "x"}, "message can't be edited"),
    ("editMessageText", {"text": "x"}, "message identifier is not specified"),
    (
        "editMessageReplyMarkup",
        {"message_id": 2, "reply_markup": {"keyboard": [["A"]]}},
        "inline keyboard expected",
    ),
    ("deleteMessage", {"message_id": 99}, "message to delete not found"),
    ("setMessageReaction", {"message_id": 99, "reaction": []}, "message to react not found"),
    ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
]


@pytest.mark.parametrize(("method", "params", "reason"), REFUSED)
async def test_a_call_that_telegram_refuses_is_refused_in_its_words(
    call: Caller, method: str, params: dict[str, Any], reason: str
) -> None:
    ada = await started(call)
    answer = await call(method, **({"chat_id": ada.chat_id} | params))
    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {reason}"}
    assert len(ada.messages) == 2


ALONE: list[tuple[str, dict[str, Any], int, str]] = [
    ("flyToTheMoon", {}, 404, "Not Found: method not found"),
    ("getFile", {"file_id": "x"}, 400, "Bad Request: invalid file_id"),
    ("getFile", {}, 400, "Bad Request: file_id not specified"),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ),
    (
        "setWebhook",
        {"url": "ftp://x"},
        400,
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
    ),
    (
        "setWebhook",
        {"url": "http://example.org/"},
        400,
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
    ),
    (
        "setWebhook",
        {"url": "https://x.example", "secret_token": "a b"},
        400,
        "Bad Request: secret token contains unallowed characters",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "a", "description": " "}]},
        400,
        "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
    ),
]


@pytest.mark.parametrize(("method", "params", "code", "description"), ALONE)
async def test_calls_about_the_bot_itself_are_refused_too(
    call: Caller, method: str, params: dict[str, Any], code: int, description: str
) -> None:
    assert await call(method, **params) == {"ok": False, "error_code": code, "description": description}
    assert call.playground.api.refusals == [(method, description)]


async def test_a_wrong_token_is_unauthorized(call: Caller) -> None:
    async with call.http.get(f"{call.origin}/bot42:wrong/getMe") as response:
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_the_bot_writes_to_nobody_who_never_wrote_or_has_blocked_it(call: Caller) -> None:
    ada = call.playground.seller("Ada")
    answer = await call(SEND, chat_id=ada.chat_id, text="hi")
    assert (answer["error_code"], answer["description"]) == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )
    await ada.says("hi")
    ada.hand.block()
    answer = await call(SEND, chat_id=ada.chat_id, text="hi")
    assert (answer["error_code"], answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    ada.hand.block(blocked=False)
    await call.result(SEND, chat_id=ada.chat_id, text="hi")


async def test_a_message_is_deleted_within_48_hours_only(call: Caller) -> None:
    ada = await started(call)
    await call.playground.world.clock.advance(timedelta(hours=48))
    answer = await call("deleteMessage", chat_id=ada.chat_id, message_id=1)
    assert answer["description"] == "Bad Request: message can't be deleted for everyone"
    fresh = await ada.says("again")
    assert await call.result("deleteMessages", chat_id=ada.chat_id, message_ids=[fresh, 1]) is True
    assert [message.text for message in ada.messages] == ["hello", "Ready?"]


async def test_a_tap_is_answered_once_and_in_time(call: Caller) -> None:
    ada = await started(call)
    tap = await ada.taps("Yes")
    await call.result("answerCallbackQuery", callback_query_id=tap, text="Thanks")
    assert (await ada.answer(tap))["text"] == "Thanks"
    late = await ada.taps("Yes")
    await call.playground.world.clock.advance(timedelta(seconds=151))
    for query in (tap, late):
        assert (
            "query is too old" in (await call("answerCallbackQuery", callback_query_id=query))["description"]
        )


async def test_an_edit_without_buttons_takes_them_away(call: Caller) -> None:
    ada = await started(call)
    edited = await call.result(
        "editMessageText", chat_id=ada.chat_id, message_id=2, text="<i>Good</i>", parse_mode="HTML"
    )
    assert edited["entities"] == [{"type": "italic", "offset": 0, "length": 4}]
    assert (ada.messages[-1].text, ada.messages[-1].buttons, ada.messages[-1].edited) == ("Good", (), True)


async def test_a_file_over_20_mb_is_too_big_to_download(call: Caller) -> None:
    ada = await started(call)
    await ada.document(b"\0" * (20 * 1024 * 1024 + 1), "scan.tiff")
    file_id = ada.messages[-1].raw["document"]["file_id"]
    assert (await call("getFile", file_id=file_id))["description"] == "Bad Request: file is too big"


async def test_a_document_is_kept_to_the_byte(call: Caller) -> None:
    ada = await started(call)
    await ada.document(bytes(range(256)), "bytes.bin")
    file = await call.result("getFile", file_id=ada.messages[-1].raw["document"]["file_id"])
    async with call.http.get(f"{call.origin}/file/bot{TOKEN}/{file['file_path']}") as response:
        assert await response.read() == bytes(range(256))


async def test_forms_and_queries_are_taken_as_json_is(call: Caller) -> None:
    ada = await started(call)
    markup = '{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}'
    form = {"chat_id": str(ada.chat_id), "text": "form", "protect_content": "true", "reply_markup": markup}
    async with call.http.post(f"{call.origin}/bot{TOKEN}/sendmessage", data=form) as response:
        assert (await response.json())["result"]["has_protected_content"] is True
    async with call.http.get(
        f"{call.origin}/bot{TOKEN}/sendMessage", params={"chat_id": ada.chat_id, "text": "query"}
    ) as response:
        assert (await response.json())["ok"]
    assert [message.text for message in ada.messages][-2:] == ["form", "query"]


HTML: list[tuple[str, str, list[tuple[str, int, int]]]] = [
    ("a <b>bold</b> &lt;b&gt; &amp;c", "a bold <b> &c", [("bold", 2, 4)]),
    ("➡️ ➡️<i>➡️ ➡️</i>", "➡️ ➡️➡️ ➡️", [("italic", 5, 5)]),
    ("\U0001f3df<b>\U0001f3df<i>x</i></b>", "\U0001f3df\U0001f3dfx", [("bold", 2, 3), ("italic", 4, 1)]),
    ('<a href="https://x.example/?a=1&amp;b=2">link</a>', "link", [("text_link", 0, 4)]),
    ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
    (
        "<span class='tg-spoiler'>s</span><blockquote expandable>q</blockquote>",
        "sq",
        [("spoiler", 0, 1), ("expandable_blockquote", 1, 1)],
    ),
    ("  <u>x </u> ", "x", [("underline", 0, 1)]),
    ("&ge;&laquo;&#12345678;&#x41;", "&ge;&laquo;&#12345678;A", []),
]


@pytest.mark.parametrize(("source", "text", "entities"), HTML)
def test_html_becomes_entities_in_utf16_units(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    parsed, found = parse_html(source)
    assert parsed == text
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in found] == entities


# Refusals as the real server words them; offsets are in bytes of UTF-8.
BROKEN: list[tuple[str, str]] = [
    ("\U0001f3df \U0001f3df&lt;</", "Unexpected end tag at byte offset 13"),
    ("\U0001f3df \U0001f3df&lt;<b></b></", "Unexpected end tag at byte offset 20"),
    ("\U0001f3df \U0001f3df&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
    (
        "\U0001f3df \U0001f3df&lt;<i>a</em   >",
        'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"',
    ),
    ("\U0001f3df \U0001f3df&lt;<i    aba>", 'Can\'t find end tag corresponding to start tag "i"'),
    ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ("<b", "Unclosed start tag at byte offset 0"),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
]


@pytest.mark.parametrize(("source", "reason"), BROKEN)
def test_broken_html_is_refused_with_its_place(source: str, reason: str) -> None:
    with pytest.raises(RefusedError) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


def test_commands_and_links_are_found_outside_other_entities() -> None:
    text, entities = formatted(
        {"text": "/start x https://a.example, <code>/no</code>", "parse_mode": "HTML"}, "text", "entities"
    )
    assert text == "/start x https://a.example, /no"
    assert [(one["type"], one["offset"], one["length"]) for one in entities] == [
        ("bot_command", 0, 6),
        ("url", 9, 17),
        ("code", 28, 3),
    ]


# What aiogram still takes for older servers, and what it requires that Telegram does not.
OLD = {"allow_sending_without_reply", "disable_web_page_preview", "reply_to_message_id"}


@pytest.mark.parametrize("name", METHODS)
def test_the_table_of_parameters_is_the_one_of_the_bot_api(name: str) -> None:
    """Held against aiogram's model, which is generated from Telegram's own documentation."""
    model: dict[str, FieldInfo] = getattr(aiogram.methods, name[0].upper() + name[1:]).model_fields
    method = METHODS[name]
    assert {*method.required, *method.optional} == set(model) - OLD
    assert set(method.required) == {field for field, info in model.items() if info.is_required()}


RESULTS: dict[str, dict[str, Any]] = {
    "getMe": {},
    "getUpdates": {"timeout": 0},
    "setWebhook": {"url": "https://bot.example/hook", "max_connections": 7},
    "deleteWebhook": {},
    "getWebhookInfo": {},
    "sendMessage": {"text": "<b>x</b>", "parse_mode": "HTML", "reply_parameters": {"message_id": 1}},
    "sendDocument": {"document": "FILE", "caption": "x"},
    "sendMediaGroup": {
        "media": [{"type": "document", "media": "FILE"}, {"type": "document", "media": "FILE"}]
    },
    "sendVideoNote": {"video_note": "FILE"},
    "editMessageText": {"message_id": 2, "text": "y"},
    "editMessageReplyMarkup": {"message_id": 2},
    "copyMessage": {"from_chat_id": "CHAT", "message_id": 1},
    "forwardMessage": {"from_chat_id": "CHAT", "message_id": 1},
    "deleteMessage": {"message_id": 1},
    "deleteMessages": {"message_ids": [1, 2]},
    "sendChatAction": {"action": "typing"},
    "setMessageReaction": {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "\N{THUMBS UP SIGN}"}]},
    "getFile": {"file_id": "FILE"},
    "getChat": {},
    "getChatMember": {"user_id": "CHAT"},
    "setMyCommands": {"commands": [{"command": "start", "description": "Begin"}]},
    "getMyCommands": {},
}


@pytest.mark.parametrize("name", RESULTS)
async def test_every_result_is_what_the_bot_api_says_it_is(call: Caller, name: str) -> None:
    ada = await started(call)
    document = await ada.document(b"bytes", "scan.bin")
    file_id = next(one.raw["document"]["file_id"] for one in ada.messages if one.id == document)
    method = METHODS[name]
    params = ({"chat_id": "CHAT"} if "chat_id" in {*method.required, *method.optional} else {}) | RESULTS[
        name
    ]
    wire = json.loads(json.dumps(params).replace('"CHAT"', str(ada.chat_id)).replace("FILE", file_id))
    result = await call.result(name, **wire)
    returning = getattr(aiogram.methods, name[0].upper() + name[1:]).__returning__
    TypeAdapter(returning).validate_python(result)


async def test_the_next_calls_fail_as_asked(call: Caller) -> None:
    ada = await started(call)
    call.playground.trouble(Kind.TOO_MANY, times=2, method=SEND, seconds=3)
    call.playground.trouble(Kind.SERVER_ERROR)
    assert (await call("getMe"))["error_code"] == 500
    for _ in range(2):
        assert await call(SEND, chat_id=ada.chat_id, text="x") == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 3",
            "parameters": {"retry_after": 3},
        }
    await call.result(SEND, chat_id=ada.chat_id, text="x")


async def test_a_call_may_be_carried_out_and_never_answered(call: Caller) -> None:
    ada = await started(call)
    body = {"kind": "timeout_after_delivery", "times": 1, "method": SEND}
    async with call.http.post(f"{call.origin}/playground/trouble", json=body) as response:
        assert response.status == 200
    with pytest.raises(aiohttp.ClientError):
        await call(SEND, chat_id=ada.chat_id, text="did it arrive?")
    assert (await ada.hears("did it arrive?")).by_bot


@pytest.mark.parametrize(
    "wrong", [{"kind": "earthquake"}, {"kind": "429", "often": 3}, {"kind": "429", "times": "x"}]
)
async def test_an_unknown_trouble_is_refused(call: Caller, wrong: dict[str, Any]) -> None:
    async with call.http.post(f"{call.origin}/playground/trouble", json=wrong) as response:
        assert response.status == 400
