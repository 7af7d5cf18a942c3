"""Updates of one chat one after the other, chats side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Lane:
    """One chat's queue; gone when nobody stands in it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    standing: int = 0


class Ordering:
    """At most `limit` works under way; those that wait for their own chat's turn do not count."""

    def __init__(self, limit: int = 256) -> None:
        self._lanes: dict[str, Lane] = {}
        self._room = asyncio.Semaphore(limit)

    def __len__(self) -> int:
        """Chats with work under way or waiting."""
        return len(self._lanes)

    async def run(self, chat: str, work: Callable[[], Awaitable[T]]) -> T:
        """The result of `work`, begun after all that was given for `chat` before. What it raises is raised."""
        lane = self._lanes.get(chat)
        if lane is None:
            lane = self._lanes[chat] = Lane()
        lane.standing += 1
        try:
            async with lane.lock, self._room:
                return await work()
        finally:
            lane.standing -= 1
            if not lane.standing:
                del self._lanes[chat]
