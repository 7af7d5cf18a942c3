"""People for scripts and tests: they say, tap and send, and see what the bot answers as their app shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.playground.acts import Hand, ImpossibleError
from handlers.playground.feed import Event
from handlers.playground.refusal import Json
from handlers.playground.world import Chat, Message, Person, World

WAIT_S = 10.0  # real seconds; only ever waited in full where the bot is silent
_KINDS = ("photo", "document", "video_note", "voice", "sticker", "location", "contact")


class SilentError(TimeoutError):
    """The bot did not say what was waited for; the text holds what it said last."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as a person sees it now. `kind` is "text" or what was sent; `buttons` are labels by row."""

    id: int
    by_bot: bool
    kind: str
    text: str
    buttons: tuple[tuple[str, ...], ...]
    edited: bool
    raw: Json


def seen(message: Message) -> Seen:
    body = message.body
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    return Seen(
        id=message.id,
        by_bot=message.by_bot,
        kind=next((kind for kind in _KINDS if kind in body), "text"),
        text=body.get("text") or body.get("caption") or "",
        buttons=tuple(tuple(button["text"] for button in row) for row in rows),
        edited="edit_date" in body,
        raw=body,
    )


class Participant:
    """A person in one chat. Waiting is for news that came after the last news waited for."""

    def __init__(self, world: World, person: Person, chat: Chat) -> None:
        self.person = person
        self.chat_id = chat.id
        self.hand = Hand(world, person, chat)
        self._world = world
        self._chat = chat
        self._news = world.feed.follow(chat.id)

    @property
    def messages(self) -> list[Seen]:
        """What this person's app shows, in order."""
        return [seen(message) for message in self._chat.messages.values() if not message.hidden]

    @property
    def keyboard(self) -> tuple[tuple[str, ...], ...]:
        """The labels of the reply keyboard, by row."""
        rows = (self._chat.keyboard or {}).get("keyboard", [])
        return tuple(tuple(key["text"] for key in row) for row in rows)

    async def says(self, text: str) -> int:
        return self.hand.say(text)

    async def taps(self, label: str) -> str:
        """Press the newest inline button of this label (gives the tap's id), else the reply keyboard's (gives "")."""
        for message in reversed(self._chat.messages.values()):
            for button in message.buttons:
                if button["text"] == label and "callback_data" in button:
                    return self.hand.tap(message.id, button["callback_data"])
        for key in self._chat.keys:
            if key["text"] == label:
                self._press(key)
                return ""
        raise ImpossibleError(f"no button {label!r}; there are {self._labels()}")

    async def taps_data(self, message_id: int, data: str) -> str:
        """Press a button by its data: also one of an old message."""
        return self.hand.tap(message_id, data)

    async def photo(self, content: bytes, caption: str = "") -> int:
        return (await self.hand.send_photos([content], caption))[0]

    async def album(self, contents: Sequence[bytes], caption: str = "") -> list[int]:
        return await self.hand.send_photos(contents, caption)

    async def document(self, content: bytes, name: str, mime: str = "", caption: str = "") -> int:
        return await self.hand.send_document(content, name, mime, caption)

    async def shares_contact(self, phone: str = "", name: str = "") -> int:
        return self.hand.share_contact(phone, name)

    async def answer(self, tap: str, timeout: float = WAIT_S) -> Json:  # noqa: ASYNC109 - the caller's patience
        """What answered a tap: text, show_alert, url."""
        waiting = self._world.taps[tap]
        try:
            async with asyncio.timeout(timeout):
                await waiting.answered.wait()
        except TimeoutError:
            raise SilentError("the tap was never answered") from None
        assert waiting.answer is not None, "set before the event"
        return waiting.answer

    async def next(self, timeout: float = WAIT_S) -> Seen:  # noqa: ASYNC109 - the caller's patience
        """The bot's next new or edited message in this chat, as it is when it is looked at."""
        try:
            async with asyncio.timeout(timeout):
                return await self._next()
        except TimeoutError:
            raise SilentError(f"nothing more was said; the chat ends: {self._tail()}") from None

    async def hears(self, words: str, timeout: float = WAIT_S) -> Seen:  # noqa: ASYNC109 - the caller's patience
        """The bot's next new or edited message that holds these words; what comes before it is passed over."""
        try:
            async with asyncio.timeout(timeout):
                while words not in (message := await self._next()).text:
                    pass
                return message
        except TimeoutError:
            raise SilentError(f"{words!r} was not said; the chat ends: {self._tail()}") from None

    def skip(self) -> None:
        """Forget the news so far: the next wait is for what comes from now on."""
        while not self._news.empty():
            self._news.get_nowait()

    def leave(self) -> None:
        """Stop following."""
        self._world.feed.leave(self._news)

    async def _next(self) -> Seen:
        while True:
            news = await self._news.get()
            if news.event in {Event.MESSAGE, Event.EDITED} and news.detail["by_bot"]:
                return seen(Message(news.detail["message"], by_bot=True))

    def _press(self, key: Json) -> None:
        if key.get("request_contact"):
            self.hand.share_contact()
        elif key.get("request_location"):
            self.hand.send_location(52.52, 13.405)
        else:
            self.hand.say(key["text"])

    def _labels(self) -> list[str]:
        inline = [label for message in self.messages for row in message.buttons for label in row]
        return inline + [label for row in self.keyboard for label in row]

    def _tail(self) -> str:
        return " | ".join(
            f"{'bot' if one.by_bot else 'person'}: {one.text or one.kind}" for one in self.messages[-4:]
        )
