"""getUpdates, for where no address can be posted to: the offset moves on only when all before it is saved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from handlers.telegram.api import WANTED
from handlers.telegram.edge import PASSING, Edge
from handlers.telegram.request import seconds
from handlers.telegram.sender import Caller
from handlers.telegram.updates import chat_of

TRIES = 5  # for an update that a bug stands in the way of; after that it is left out, loudly
LONGEST_WAIT = 60.0  # seconds between two tries

Update = Mapping[str, Any]

_log = logging.getLogger(__name__)


@dataclass
class Polling:
    """`wait`: seconds Telegram holds an empty answer. Take the webhook away first: Telegram serves one of both."""

    api: Caller
    edge: Edge
    wait: int = 30
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    offset: int = 0

    async def run(self) -> None:
        """Until cancelled. Raises InvalidToken."""
        failures = 0
        while True:
            try:
                await self.once()
                failures = 0
            except InvalidToken:
                raise
            except TelegramError as error:
                failures += 1
                await self.sleep(self._trouble(error, failures))

    async def once(self) -> int:
        """Take and settle one batch; its size. Raises TelegramError."""
        wanted = {"offset": self.offset, "timeout": self.wait, "allowed_updates": list(WANTED)}
        updates: Sequence[Update] = await self.api.call("getUpdates", wanted, read=self.wait + 10)
        await asyncio.gather(*(self._chat(waiting) for waiting in _by_chat(updates)))
        if updates:
            self.offset = max(update["update_id"] for update in updates) + 1
        return len(updates)

    def _trouble(self, error: TelegramError, failures: int) -> float:
        if isinstance(error, Conflict):
            _log.error(
                "Telegram will not hand out updates: another program polls with this token, or a webhook is set "
                "(run with --webhook, or take it away with deleteWebhook). Telegram says: %s",
                error.message,
            )
        else:
            _log.warning("getUpdates: %s", error.message)
        if isinstance(error, RetryAfter):
            return seconds(error)
        return backoff(failures)

    async def _chat(self, updates: Sequence[Update]) -> None:
        """One chat's, in order: what waits holds up what its chat sent after it."""
        for update in updates:
            await self._settle(update)

    async def _settle(self, update: Update) -> None:
        failures = 0
        while True:
            try:
                await self.edge.update(update, riding=False)
            except PASSING as error:
                failures += 1
                _log.warning("update %s waits: %s", update["update_id"], type(error).__name__)
            except Exception:  # noqa: BLE001 - one update that a bug stands in the way of must not stop all chats
                failures += 1
                _log.exception("update %s failed, try %s of %s", update["update_id"], failures, TRIES)
                if failures >= TRIES:
                    return
            else:
                return
            await self.sleep(backoff(failures))


def _by_chat(updates: Sequence[Update]) -> Iterable[Sequence[Update]]:
    chats: dict[object, list[Update]] = {}
    for update in updates:
        chats.setdefault(chat_of(update), []).append(update)
    return chats.values()


def backoff(failures: int) -> float:
    """Seconds before the next try: 0.5, 1, 2 ... up to a minute."""
    return min(LONGEST_WAIT, 0.25 * 2.0 ** min(failures, 10))
