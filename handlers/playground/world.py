"""Who is there and what was said: people, chats, messages, taps. Everything that a Telegram server remembers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from handlers.playground.clock import Clock
from handlers.playground.feed import Event, Feed
from handlers.playground.files import Files
from handlers.playground.refusal import Json
from handlers.playground.updates import Updates


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a Telegram account. `language` is what their app is set to."""

    id: int
    first_name: str
    language: str = "en"
    last_name: str = ""
    username: str = ""
    phone: str = ""

    def user(self) -> Json:
        """A Bot API User object."""
        named = {"last_name": self.last_name, "username": self.username, "language_code": self.language}
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return user | {key: value for key, value in named.items() if value}


@dataclass(slots=True)
class Message:
    """A message as it lies in its chat; `body` is the Bot API object. `hidden`: its reader cleared the chat."""

    body: Json
    by_bot: bool
    hidden: bool = False
    read: bool = False
    reaction: str = ""

    @property
    def id(self) -> int:
        return int(self.body["message_id"])

    @property
    def buttons(self) -> list[Json]:
        """The inline buttons, row by row."""
        return [
            button for row in self.body.get("reply_markup", {}).get("inline_keyboard", []) for button in row
        ]


@dataclass(slots=True)
class Chat:
    """A private chat or the group. `keyboard` is the reply keyboard now shown."""

    id: int
    header: Json
    members: set[int] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: Json | None = None
    started: bool = False
    blocked: bool = False

    @property
    def keys(self) -> list[Json]:
        """The reply keyboard's buttons, row by row."""
        return [key for row in (self.keyboard or {}).get("keyboard", []) for key in row]

    @property
    def private(self) -> bool:
        return self.id > 0


@dataclass(slots=True)
class Tap:
    """A press of an inline button that waits for its answer."""

    id: str
    person: int
    chat: int
    at: float  # seconds of the playground's clock
    answer: Json | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)


class World:
    """The server's memory. Changing it tells the feed; what the bot must learn goes to `updates`."""

    def __init__(self, bot: Json, clock: Clock) -> None:
        self.bot = bot
        self.clock = clock
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.taps: dict[str, Tap] = {}
        self.commands: dict[str, list[Json]] = {}
        self.files = Files()
        self.feed = Feed()
        self.updates = Updates(clock)
        self._message_ids = count(1)
        self._tap_ids = count(1)
        self._albums = count(1)

    def now(self) -> int:
        """Unix time in whole seconds, as messages are dated."""
        return int(self.clock.now().timestamp())

    def welcome(self, person: Person) -> Chat:
        """Add a person with an empty private chat."""
        header = person.user() | {"type": "private"}
        chat = Chat(
            person.id, {k: v for k, v in header.items() if k not in {"is_bot", "language_code"}}, {person.id}
        )
        self.people[person.id] = person
        self.chats[chat.id] = chat
        self.feed.tell(Event.PERSON, chat.id, person=person.user())
        return chat

    def found_group(self, chat_id: int, title: str, members: Sequence[Person]) -> Chat:
        """Open a group that the bot is in; negative ids from -100... are supergroups."""
        kind = "supergroup" if str(chat_id).startswith("-100") else "group"
        chat = Chat(
            chat_id,
            {"id": chat_id, "title": title, "type": kind},
            {person.id for person in members},
            started=True,
        )
        self.chats[chat_id] = chat
        return chat

    def post(self, chat: Chat, sender: Json, content: Json) -> Message:
        """Put a new message into a chat."""
        body = {
            "message_id": next(self._message_ids),
            "from": sender,
            "chat": chat.header,
            "date": self.now(),
        } | content
        message = Message(body, by_bot=sender["id"] == self.bot["id"])
        chat.messages[message.id] = message
        self.feed.tell(Event.MESSAGE, chat.id, message=body, by_bot=message.by_bot)
        return message

    def change(self, chat: Chat, message: Message, content: Json) -> None:
        """Edit in place; a field set to None goes."""
        message.body = {key: value for key, value in (message.body | content).items() if value is not None}
        self.feed.tell(Event.EDITED, chat.id, message=message.body, by_bot=message.by_bot)

    def remove(self, chat: Chat, message_id: int) -> None:
        del chat.messages[message_id]
        self.feed.tell(Event.DELETED, chat.id, message_id=message_id)

    def show_keyboard(self, chat: Chat, keyboard: Json | None) -> None:
        chat.keyboard = keyboard
        self.feed.tell(Event.KEYBOARD, chat.id, markup=keyboard)

    def mark_read(self, chat: Chat, upto: int) -> None:
        """The bot took in what people said up to this message: the second tick."""
        for number, message in chat.messages.items():
            message.read = message.read or (number <= upto and not message.by_bot)
        self.feed.tell(Event.READ, chat.id, message_id=upto)

    def new_tap(self, person: int, chat: int) -> Tap:
        tap = Tap(f"{person}{next(self._tap_ids):010d}", person, chat, self.clock.now().timestamp())
        self.taps[tap.id] = tap
        return tap

    def new_album(self) -> str:
        return f"{13_000_000_000_000_000 + next(self._albums)}"

    def react(self, chat: Chat, message_id: int, emoji: str | None) -> None:
        """The bot's reaction; shown on the page, no part of the Bot API's Message."""
        chat.messages[message_id].reaction = emoji or ""
        self.feed.tell(Event.REACTED, chat.id, message_id=message_id, emoji=emoji or "")

    def menu(self, chat: Chat, language: str) -> list[Json]:
        """The commands shown in a chat: the narrowest scope that has some, in the person's language or in none."""
        kind = "all_private_chats:" if chat.private else "all_group_chats:"
        for scope in (f"chat:{chat.id}", kind, "default:"):
            for code in (language, ""):
                if found := self.commands.get(f"{scope}:{code}"):
                    return found
        return []
