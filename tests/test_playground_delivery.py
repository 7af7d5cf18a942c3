"""Updates reach a bot as Telegram brings them: polled or posted, in order, again until taken in."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiogram.types
import aiohttp
import pytest
import telegram
from aiohttp import web
from PIL import Image

from handlers.playground.clock import ShiftedClock
from handlers.playground.delivery import SECRET_HEADER, Delivery, Hook
from handlers.playground.people import Participant
from handlers.playground.server import Playground
from handlers.playground.trouble import Kind
from handlers.playground.updates import Updates
from handlers.playground.world import Person

TOKEN = "42:playground"
STAFF = (Person(71, "Mina", username="mina"), Person(72, "Otto"))


def picture(width: int = 1600, height: int = 1000) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(out, "PNG")
    return out.getvalue()


@dataclass
class Pauses:
    """Waits for nothing, and remembers what was asked."""

    asked: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)


@dataclass
class Webhook:
    """A bot's end: answers what it was told to answer, 200 after that, and keeps what it took."""

    answers: list[web.Response] = field(default_factory=list)
    posted: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    holding: dict[int, asyncio.Event] = field(default_factory=dict)
    more: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.secrets.append(request.headers.get(SECRET_HEADER))
        self.posted.append(update)
        async with self.more:
            self.more.notify_all()
        chat = update.get("message", {}).get("chat", {}).get("id")
        if chat in self.holding:
            await self.holding[chat].wait()
        return self.answers.pop(0) if self.answers else web.Response()

    async def until(self, posts: int) -> None:
        """Return when so many posts have come, answered or not."""
        async with asyncio.timeout(10), self.more:
            await self.more.wait_for(lambda: len(self.posted) >= posts)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_post("/hook", self.handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        finally:
            await runner.cleanup()

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.posted if "message" in update]


@dataclass
class Scene:
    """A playground, a python-telegram-bot that talks to it over HTTP, and a webhook."""

    playground: Playground
    bot: telegram.Bot
    hook: Webhook
    hook_url: str
    pauses: Pauses
    origin: str

    async def hooked(self, *answers: web.Response) -> Participant:
        """Ada, with the webhook set; it gives these answers first."""
        self.hook.answers = list(answers)
        await self.bot.set_webhook(
            self.hook_url, secret_token="s3cret", allowed_updates=["message", "callback_query"]
        )
        return self.playground.seller("Ada")

    async def settled(self) -> None:
        async with asyncio.timeout(10):
            await self.playground.settled()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    pauses, hook = Pauses(), Webhook()
    playground = Playground(token=TOKEN, staff=STAFF, staff_chat=-1009, pause=pauses)
    async with (
        hook.serving() as url,
        playground.serving() as origin,
        telegram.Bot(TOKEN, base_url=f"{origin}/bot", base_file_url=f"{origin}/file/bot") as bot,
    ):
        yield Scene(playground, bot, hook, url, pauses, origin)


async def test_a_polling_bot_holds_a_conversation(scene: Scene) -> None:
    ada = scene.playground.seller("Ada", "de")
    await ada.says("/start abc")
    (update,) = await scene.bot.get_updates(timeout=5)
    assert update.message is not None
    assert update.message.from_user is not None
    assert (update.message.text, update.message.from_user.language_code) == ("/start abc", "de")
    keyboard = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Yes", callback_data="y")]])
    await scene.bot.send_message(ada.chat_id, "<b>Ready?</b>", parse_mode="HTML", reply_markup=keyboard)
    assert (await ada.next()).buttons == (("Yes",),)
    tap = await ada.taps("Yes")
    (query,) = await scene.bot.get_updates(offset=update.update_id + 1, timeout=5)
    assert query.callback_query is not None
    assert isinstance(query.callback_query.message, telegram.Message)
    assert await query.callback_query.answer("Fine", show_alert=True)
    await query.callback_query.edit_message_text("Go")
    assert (await ada.answer(tap))["show_alert"] is True
    assert (await ada.next()).text == "Go"
    assert await query.callback_query.message.delete()
    assert [message.text for message in ada.messages] == ["/start abc"]
    assert await scene.bot.get_updates(offset=query.update_id + 1) == ()
    await scene.settled()


async def test_a_poll_wakes_when_something_comes(scene: Scene) -> None:
    poll = asyncio.create_task(scene.bot.get_updates(timeout=10))
    ada = scene.playground.seller()
    await ada.says("now")
    (update,) = await poll
    assert update.message is not None
    assert update.message.text == "now"


async def test_a_second_poll_ends_the_first(scene: Scene) -> None:
    world = scene.playground.world
    first = asyncio.create_task(scene.playground.api.call("getUpdates", {"timeout": 10}))
    await asyncio.sleep(0)
    second = asyncio.create_task(scene.playground.api.call("getUpdates", {"timeout": 10}))
    done, _ = await asyncio.wait({first}, timeout=5)
    assert "terminated by other getUpdates request" in str(done.pop().exception())
    world.updates.close()
    assert await second == []


async def test_polling_and_webhook_exclude_each_other(scene: Scene) -> None:
    await scene.hooked()
    with pytest.raises(telegram.error.Conflict, match="webhook is active"):
        await scene.bot.get_updates()
    assert await scene.bot.delete_webhook()
    assert (await scene.bot.get_webhook_info()).url == ""
    assert await scene.bot.get_updates() == ()


async def test_files_travel_both_ways(scene: Scene) -> None:
    ada = scene.playground.seller()
    await ada.photo(picture())
    (update,) = await scene.bot.get_updates(timeout=5)
    assert update.message is not None
    sizes = update.message.photo
    assert [(size.width, size.height) for size in sizes] == [(90, 56), (320, 200), (800, 500), (1280, 800)]
    content = bytes(await (await sizes[-1].get_file()).download_as_bytearray())
    assert Image.open(io.BytesIO(content)).format == "JPEG"
    sent = await scene.bot.send_photo(ada.chat_id, content, caption="<i>yours</i>", parse_mode="HTML")
    assert sent.photo[-1].width == 1280
    album = [telegram.InputMediaPhoto(content), telegram.InputMediaPhoto(sizes[0].file_id, caption="small")]
    assert (
        len({message.media_group_id for message in await scene.bot.send_media_group(ada.chat_id, album)}) == 1
    )
    document = await scene.bot.send_document(ada.chat_id, b"%PDF-1.7", filename="list.pdf")
    assert document.document is not None
    assert (document.document.file_name, document.document.mime_type) == ("list.pdf", "application/pdf")
    assert [message.kind for message in ada.messages] == ["photo", "photo", "photo", "photo", "document"]


async def test_a_webhook_gets_the_secret_and_the_order(scene: Scene) -> None:
    ada = await scene.hooked()
    for number in range(20):
        await ada.says(str(number))
    await scene.settled()
    assert scene.hook.texts == [str(number) for number in range(20)]
    assert set(scene.hook.secrets) == {"s3cret"}
    assert all(message.raw for message in ada.messages)


async def test_what_is_not_taken_comes_again_with_growing_pauses_and_nothing_overtakes_it(
    scene: Scene,
) -> None:
    answers = [web.Response(status=503) for _ in range(8)]
    answers[3].headers["Retry-After"] = "17"
    ada = await scene.hooked(*answers)
    await ada.says("first")
    await ada.says("second")
    await scene.settled()
    assert scene.hook.texts == ["first"] * 9 + ["second"]
    assert scene.pauses.asked == [2, 4, 17, 16, 32, 60, 60]
    info = await scene.bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"


async def test_chats_go_side_by_side_and_a_tap_overtakes_a_message(scene: Scene) -> None:
    ada, bao = await scene.hooked(), scene.playground.seller("Bao")
    await ada.says("hello")
    await scene.settled()
    keyboard = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Yes", callback_data="y")]])
    await scene.bot.send_message(ada.chat_id, "Ready?", reply_markup=keyboard)
    gate = scene.hook.holding[ada.chat_id] = asyncio.Event()
    await ada.says("held")
    await bao.says("free")
    tap = await ada.taps("Yes")
    await scene.hook.until(4)
    await scene.bot.answer_callback_query(tap)
    await ada.answer(tap)
    assert sorted(scene.hook.texts) == ["free", "held", "hello"]
    gate.set()
    await scene.settled()


async def test_a_method_may_ride_in_the_answer(scene: Scene) -> None:
    ada = scene.playground.seller("Ada")
    call = {"method": "sendMessage", "chat_id": ada.chat_id, "text": "<b>Welcome</b>", "parse_mode": "HTML"}
    await scene.hooked(
        web.json_response(call), web.json_response(call | {"text": ""}), web.Response(text="thanks")
    )
    await ada.says("hello")
    assert (await ada.next()).text == "Welcome"
    await ada.says("again")
    await ada.says("and again")
    await scene.settled()
    assert scene.playground.api.refusals == [("sendMessage", "Bad Request: message text is empty")]


async def test_a_webhook_that_takes_itself_down_in_its_answer_leaves_the_rest_waiting(scene: Scene) -> None:
    ada = await scene.hooked(web.json_response({"method": "deleteWebhook"}))
    follower = scene.playground.world.feed.follow(ada.chat_id)
    await ada.says("one")
    await ada.says("two")
    while (await asyncio.wait_for(follower.get(), 5)).event != "read":
        pass
    (update,) = await scene.bot.get_updates(timeout=5)
    assert update.message is not None
    assert (update.message.text, scene.hook.texts) == ("two", ["one"])


@pytest.mark.parametrize("polling", [True, False])
async def test_an_update_may_come_twice(scene: Scene, polling: bool) -> None:
    ada = scene.playground.seller() if polling else await scene.hooked()
    scene.playground.trouble(Kind.DUPLICATE_UPDATE)
    await ada.says("once")
    if polling:
        (first,) = await scene.bot.get_updates(timeout=5)
        (second,) = await scene.bot.get_updates(offset=first.update_id + 1, timeout=5)
        assert first == second
        assert await scene.bot.get_updates(offset=first.update_id + 1) == ()
    else:
        await scene.settled()
        assert scene.hook.texts == ["once", "once"]
        assert len({update["update_id"] for update in scene.hook.posted}) == 1


async def test_a_method_can_be_troubled_as_ptb_sees_it(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else its RetryAfter warns of a change to come
    ada = scene.playground.seller()
    await ada.says("hi")
    scene.playground.trouble(Kind.TOO_MANY, method="sendMessage", seconds=7)
    with pytest.raises(telegram.error.RetryAfter) as again:
        await scene.bot.send_message(ada.chat_id, "x")
    assert again.value.retry_after == timedelta(seconds=7)
    scene.playground.trouble(Kind.TIMEOUT_AFTER_DELIVERY, method="sendMessage")
    with pytest.raises(telegram.error.NetworkError):
        await scene.bot.send_message(ada.chat_id, "arrived all the same")
    assert (await ada.next()).text == "arrived all the same"


async def test_a_delivery_that_breaks_off_is_loud_and_the_next_update_is_delivered(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_method: str, _params: Mapping[str, object]) -> object:
        raise LookupError("a bug")

    updates = Updates(ShiftedClock())
    delivery = Delivery(updates, ShiftedClock(), broken, scene.pauses)
    scene.hook.answers = [web.json_response({"method": "getMe"})]
    delivery.set(Hook(scene.hook_url))
    updates.add("message", "chat 1", {"text": "one"})
    async with asyncio.timeout(5):
        await updates.settled()
    await asyncio.sleep(0)
    updates.add("message", "chat 1", {"text": "two"})
    async with asyncio.timeout(5):
        await updates.settled()
    await delivery.close()
    assert scene.hook.texts == ["one", "two"]
    assert "the delivery of chat broke off" in caplog.text


async def test_a_message_can_be_relayed_and_a_caption_edited(scene: Scene) -> None:
    ada = scene.playground.seller("Ada")
    number = await ada.photo(picture(200, 100), caption="my shop")
    copied = await scene.bot.copy_message(
        -1009, ada.chat_id, number, caption="<b>from Ada</b>", parse_mode="HTML"
    )
    forwarded = await scene.bot.forward_message(-1009, ada.chat_id, number)
    assert isinstance(forwarded.forward_origin, telegram.MessageOriginUser)
    mina = scene.playground.staff_member(71)
    assert [(one.kind, one.text) for one in mina.messages] == [("photo", "from Ada"), ("photo", "my shop")]
    await scene.bot.edit_message_caption(-1009, copied.message_id, caption="seen")
    assert mina.messages[0].text == "seen"
    with pytest.raises(telegram.error.BadRequest, match="There is no text in the message to edit"):
        await scene.bot.edit_message_text("x", -1009, copied.message_id)


async def test_the_clock_waits_until_what_was_said_has_arrived(scene: Scene) -> None:
    ada = await scene.hooked()
    await ada.says("before a year went by")
    await scene.playground.advance(timedelta(days=365))
    assert scene.hook.texts == ["before a year went by"]


async def everything(playground: Playground) -> list[dict[str, Any]]:
    """One update of each kind that a person can cause."""
    ada, mina = playground.seller("Ada"), playground.staff_member(71)
    first = await ada.says("/start see https://x.example")
    await ada.shares_contact()
    await ada.shares_contact("4915112345", "Cousin")
    await ada.photo(picture(), caption="mine")
    await ada.album([picture(400, 300), picture(60, 40)], caption="two")
    await ada.document(b"%PDF-1.7", "bill.pdf", "application/pdf")
    await ada.document(picture(), "scan.png")
    ada.hand.send_video_note(b"mp4", 7)
    ada.hand.send_video_note(b"mp4", 7, forwarded=True)
    ada.hand.send_voice(b"ogg", 3)
    ada.hand.send_sticker()
    ada.hand.send_location(52.5, 13.4)
    ada.hand.forward("not mine")
    ada.hand.edit(first, "/start over")
    await mina.says("@bot what is new")
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    await playground.api.call("sendMessage", {"chat_id": -1009, "text": "card", "reply_markup": keyboard})
    await mina.taps("Yes")
    ada.hand.block()
    ada.hand.block(blocked=False)
    return [update.body for update in playground.world.updates.waiting()]


async def test_every_update_is_one_that_two_independent_models_take() -> None:
    updates = await everything(Playground(token=TOKEN, staff=STAFF, staff_chat=-1009))
    assert len(updates) == 19
    for update in updates:
        wire = json.loads(json.dumps(update))
        parsed = aiogram.types.Update.model_validate(wire)
        assert parsed.event_type in update
        assert not _unknown(parsed), f"aiogram knows no {_unknown(parsed)}"
        assert _within(wire, telegram.Update.de_json(wire, None).to_dict())


def _within(sent: Any, understood: Any) -> bool:
    """Everything that was sent stands in what was understood."""
    if isinstance(sent, dict):
        return all(name in understood and _within(value, understood[name]) for name, value in sent.items())
    if isinstance(sent, list):
        return len(sent) == len(understood) and all(map(_within, sent, understood))
    return bool(sent == understood)


def _unknown(model: Any) -> dict[str, Any]:
    """Fields anywhere in it that the Bot API does not have."""
    found: dict[str, Any] = dict(getattr(model, "model_extra", None) or {})
    for value in dict(model).values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, aiogram.types.TelegramObject):
                found |= _unknown(one)
    return found


async def test_a_chat_cleared_or_blocked_shows_so_to_its_person(scene: Scene) -> None:
    ada = scene.playground.seller()
    await ada.says("hello")
    await scene.bot.send_message(ada.chat_id, "hi", reply_markup=telegram.ReplyKeyboardMarkup([["A", "B"]]))
    assert ada.keyboard == (("A", "B"),)
    await ada.taps("B")
    assert ada.messages[-1].text == "B"
    ada.hand.clear()
    assert ada.messages == []
    ada.hand.block()
    with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
        await scene.bot.send_message(ada.chat_id, "hello?")
    with pytest.raises(ValueError, match="blocked"):
        await ada.says("x")


async def test_another_sites_page_may_not_act(scene: Scene) -> None:
    async with aiohttp.ClientSession() as http:
        url = f"{scene.origin}/playground/people"
        async with http.post(url, json={}, headers={"Origin": "https://evil.example"}) as response:
            assert response.status == 403
        async with http.post(url, json={}, headers={"Origin": scene.origin}) as response:
            assert response.status == 200
