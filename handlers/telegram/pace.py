"""Telegram's limits on sending: 30 messages a second in bulk, one a second a chat, 20 a minute in a group."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

OVERALL = 1 / 30  # seconds between two bulk messages: core.telegram.org/bots/faq
PER_CHAT = 1.0  # seconds between two bulk messages to one chat
LONGEST_WAIT = 20.0  # seconds a message waits here; well under the two minutes that the outbox gives a sender
GROUP_COUNT, GROUP_SPAN = 20, 60.0  # messages in seconds, in one group


class Pace:
    """Says how long to wait, in one process. Direct answers in private chats are never held back."""

    def __init__(
        self,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        longest: float = LONGEST_WAIT,
    ) -> None:
        self.longest = longest
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0
        self._chats: dict[int, float] = {}
        self._groups: dict[int, deque[float]] = {}

    async def turn(self, chat: int, *, bulk: bool) -> float:
        """Wait until a message may go to `chat` (groups have negative ids); then 0.0. Places are given in order.

        Where that would take longer than `longest`, no place is taken: the seconds until it is worth asking again.
        """
        now = self._now()
        start = max(self._bulk(chat, now) if bulk else now, self._group(chat, now))
        if start - now > self.longest:
            return start - now
        self._take(chat, start, now, bulk=bulk)
        if start > now:
            await self._sleep(start - now)
        return 0.0

    def hold(self, seconds: float) -> None:
        """No bulk for so long: Telegram said retry_after."""
        self._next = max(self._next, self._now() + seconds)

    def _now(self) -> float:
        return (self._clock or asyncio.get_running_loop().time)()

    def _bulk(self, chat: int, now: float) -> float:
        return max(now, self._next, self._chats.get(chat, 0.0))

    def _group(self, chat: int, now: float) -> float:
        sent = self._groups.get(chat)
        return max(now, sent[0] + GROUP_SPAN) if sent and len(sent) == GROUP_COUNT else now

    def _take(self, chat: int, start: float, now: float, *, bulk: bool) -> None:
        if chat < 0:
            self._groups.setdefault(chat, deque(maxlen=GROUP_COUNT)).append(start)
        if not bulk:
            return
        self._next = max(now, self._next) + OVERALL
        self._chats[chat] = start + PER_CHAT
        if len(self._chats) > 1024:
            self._chats = {one: free for one, free in self._chats.items() if free > now}
