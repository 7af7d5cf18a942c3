"""What happens in the chats, told to whoever follows: open pages and people in tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from handlers.playground.refusal import Json


class Event(StrEnum):
    """What kinds of news there are."""

    MESSAGE = "message"  # a new message; detail is it
    EDITED = "edited"  # the same message, changed
    DELETED = "deleted"  # detail: message_id
    CLEARED = "cleared"  # a person deleted the chat
    KEYBOARD = "keyboard"  # the reply keyboard changed; detail: markup or null
    TYPING = "typing"  # detail: action
    ANSWERED = "answered"  # a tap was answered; detail: callback_id, text, show_alert, url
    REACTED = "reacted"  # detail: message_id, emoji
    READ = "read"  # the bot has taken in the messages up to detail's message_id
    BLOCKED = "blocked"  # detail: blocked
    PERSON = "person"  # somebody new
    COMMANDS = "commands"  # the command menu changed
    CLOCK = "clock"  # detail: now
    END = "end"  # the server closes


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened in a chat (0: in none)."""

    event: Event
    chat: int
    detail: Json


class Feed:
    """Every follower gets every piece of news from the moment it began to follow."""

    def __init__(self) -> None:
        self._followers: dict[asyncio.Queue[News], int] = {}

    def tell(self, event: Event, chat: int = 0, **detail: object) -> None:
        for follower, only in self._followers.items():
            if only in {0, chat}:
                follower.put_nowait(News(event, chat, dict(detail)))

    def follow(self, chat: int = 0) -> asyncio.Queue[News]:
        """News of one chat, or (0) of everything."""
        follower: asyncio.Queue[News] = asyncio.Queue()
        self._followers[follower] = chat
        return follower

    def leave(self, follower: asyncio.Queue[News]) -> None:
        del self._followers[follower]

    @contextmanager
    def following(self) -> Iterator[AsyncIterator[News]]:
        """News until the server closes."""
        follower = self.follow()
        try:
            yield _until_end(follower)
        finally:
            self.leave(follower)


async def _until_end(follower: asyncio.Queue[News]) -> AsyncIterator[News]:
    while (news := await follower.get()).event is not Event.END:
        yield news
