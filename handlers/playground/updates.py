"""What waits for the bot: updates in order, polled or posted, gone once taken in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from handlers.playground.clock import Clock
from handlers.playground.refusal import Json, RefusedError

KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
        "subscription",
        "stopped_message_generation",
    }
)
UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})  # sent only where named
KEPT = {"callback_query": timedelta(seconds=150)}  # from the source of tdlib/telegram-bot-api; else 24 hours
KEPT_ELSE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Update:
    """One update; those of one `queue` leave one after the other. `chat`, `message_id`: what it takes in."""

    id: int
    kind: str
    queue: str
    body: Json
    at: datetime
    chat: int = 0
    message_id: int = 0


class Updates:
    """The waiting updates. `taken` and `arrived` are called for each update that is, or comes in."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: dict[int, Update] = {}
        self._repeats: list[Update] = []
        self._ids = count(700_000_001)
        self._moved = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._poller = 0
        self._closed = False
        self.allowed: tuple[str, ...] = ()
        self.taken: Callable[[Update], None] = lambda _update: None
        self.arrived: Callable[[Update], None] = lambda _update: None
        self.repeated: Callable[[], bool] = lambda: False

    def add(self, kind: str, queue: str, body: Json, *, chat: int = 0, message_id: int = 0) -> None:
        """Store an update, if the bot wants its kind."""
        if kind not in self.allowed if self.allowed else kind in UNASKED:
            return
        number = next(self._ids)
        update = Update(
            number, kind, queue, {"update_id": number, kind: body}, self._clock.now(), chat, message_id
        )
        self._waiting[number] = update
        self._settled.clear()
        self._moved.set()
        self.arrived(update)

    def waiting(self, queue: str | None = None) -> list[Update]:
        """What still waits (of one queue), oldest first; what waited too long is gone."""
        now = self._clock.now()
        for update in list(self._waiting.values()):
            if now - update.at > KEPT.get(update.kind, KEPT_ELSE):
                self._drop(update.id)
        return [update for update in self._waiting.values() if queue in {None, update.queue}]

    def take(self, update: Update) -> None:
        """The bot has it: it goes, or is sent once more where that trouble was asked for."""
        if update.id in self._waiting and not self.repeated():
            self._drop(update.id)
            self.taken(update)

    def drop_all(self) -> None:
        for number in list(self._waiting):
            self._drop(number)

    async def settled(self) -> None:
        """Return when nothing waits."""
        await self._settled.wait()

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[Update]:
        """Confirm everything before `offset`, then wait for updates. A second poll ends the first with 409."""
        self._poller += 1
        mine = self._poller
        self._moved.set()
        self._confirm(offset)
        try:
            async with asyncio.timeout(timeout_s):
                return await self._batch(mine, offset, limit)
        except TimeoutError:
            return []

    async def _batch(self, mine: int, offset: int, limit: int) -> list[Update]:
        while not self._closed:
            if mine != self._poller:
                raise RefusedError(
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                    409,
                )
            batch = self._from(offset)[:limit]
            if batch:
                return batch
            self._moved = asyncio.Event() if self._moved.is_set() else self._moved
            await self._moved.wait()
        return []

    def _from(self, offset: int) -> list[Update]:
        repeats, self._repeats = self._repeats, []
        waiting = self.waiting()
        return repeats + (waiting[offset:] if offset < 0 else waiting)

    def _confirm(self, offset: int) -> None:
        for update in self._before(offset):
            if self.repeated():
                self._repeats.append(update)
            self._drop(update.id)
            self.taken(update)

    def _before(self, offset: int) -> Iterable[Update]:
        waiting = self.waiting()
        return waiting[:offset] if offset < 0 else [update for update in waiting if update.id < offset]

    def _drop(self, number: int) -> None:
        del self._waiting[number]
        if not self._waiting:
            self._settled.set()

    def close(self) -> None:
        """Let every poller go."""
        self._closed = True
        self._moved.set()
