"""Telegram's limits on sending: 30 messages a second in bulk, one a second a chat, 20 a minute in a group."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

OVERALL = 1 / 30  # seconds between two bulk messages: core.telegram.org/bots/faq
PER_CHAT = 1.0  # seconds between two bulk messages to one chat
GROUP_COUNT, GROUP_SPAN = 20, 60.0  # messages in seconds, in one group


class Pace:
    """Says how long to wait, in one process. Direct answers in private chats are never held back."""

    def __init__(
        self,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0
        self._chats: dict[int, float] = {}
        self._groups: dict[int, deque[float]] = {}

    async def turn(self, chat: int, *, bulk: bool) -> None:
        """Wait until a message may go to `chat` (groups have negative ids). Places are given in order."""
        now = (self._clock or asyncio.get_running_loop().time)()
        start = max(self._bulk(chat, now) if bulk else now, self._group(chat, now) if chat < 0 else now)
        if start > now:
            await self._sleep(start - now)

    def hold(self, seconds: float) -> None:
        """No bulk for so long: Telegram said retry_after."""
        now = (self._clock or asyncio.get_running_loop().time)()
        self._next = max(self._next, now + seconds)

    def _bulk(self, chat: int, now: float) -> float:
        start = max(now, self._next, self._chats.get(chat, 0.0))
        self._next = max(now, self._next) + OVERALL
        self._chats[chat] = start + PER_CHAT
        if len(self._chats) > 1024:
            self._chats = {chat: free for chat, free in self._chats.items() if free > now}
        return start

    def _group(self, chat: int, now: float) -> float:
        sent = self._groups.setdefault(chat, deque(maxlen=GROUP_COUNT))
        start = max(now, sent[0] + GROUP_SPAN) if len(sent) == GROUP_COUNT else now
        sent.append(start)
        return start
