"""Updates posted to a webhook as Telegram does it: each queue in order, the next only after a 2xx."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import aiohttp

from handlers.playground.clock import Clock
from handlers.playground.refusal import Json, RefusedError
from handlers.playground.updates import Update, Updates

_log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
LONGEST_PAUSE = 60.0  # seconds
ANSWER_WITHIN = 60.0  # seconds for the webhook to answer


@dataclass(frozen=True, slots=True)
class Hook:
    """Where updates go."""

    url: str
    secret: str = ""
    max_connections: int = 40


Calls = Callable[[str, Mapping[str, object]], Awaitable[object]]
Pause = Callable[[float], Awaitable[None]]


class Delivery:
    """Posts to the hook, one worker a queue. `calls` carries out a method that rides in an answer."""

    def __init__(self, updates: Updates, clock: Clock, calls: Calls, pause: Pause = asyncio.sleep) -> None:
        self.hook: Hook | None = None
        self.last_error: Json = {}
        self._updates = updates
        self._clock = clock
        self._calls = calls
        self._pause = pause
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._lines = asyncio.Semaphore(1)
        self._session: aiohttp.ClientSession | None = None
        updates.arrived = self._arrived

    def set(self, hook: Hook) -> None:
        """From now on, and for all that waits already."""
        self.remove()
        self.hook = hook
        self.last_error = {}
        self._lines = asyncio.Semaphore(hook.max_connections)
        for update in self._updates.waiting():
            self._arrived(update)

    def remove(self) -> None:
        """What waits goes on waiting."""
        self.hook = None
        for worker in self._workers.values():
            worker.cancel()
        self._workers = {}

    async def close(self) -> None:
        workers = list(self._workers.values())
        self.remove()
        await asyncio.gather(*workers, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _arrived(self, update: Update) -> None:
        if self.hook is not None and update.queue not in self._workers:
            worker = asyncio.create_task(self._work(self.hook, update.queue))
            self._workers[update.queue] = worker
            worker.add_done_callback(lambda done: self._ended(update.queue, done))

    def _ended(self, queue: str, worker: asyncio.Task[None]) -> None:
        if self._workers.get(queue) is worker:
            del self._workers[queue]
        if not worker.cancelled() and (error := worker.exception()) is not None:
            _log.error("the delivery of %s broke off", queue.partition(" ")[0], exc_info=error)

    async def _work(self, hook: Hook, queue: str) -> None:
        """Until this queue is empty."""
        tries = 0
        while self.hook is hook and (waiting := self._updates.waiting(queue)):
            async with self._lines:
                again_in = await self._deliver(hook, waiting[0], tries)
            tries = 0 if again_in is None else tries + 1
            if again_in:
                await self._pause(again_in)
        self._workers.pop(
            queue, None
        )  # before anything else can be awaited: what arrives next gets a new worker

    async def _deliver(self, hook: Hook, update: Update, tries: int) -> float | None:
        """None where it was taken; else the seconds until the next try."""
        try:
            status, reason, asked, body = await self._post(hook, update)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._failed(f"Connection failed: {type(error).__name__}")
            return _pause_after(tries, 0)
        if not 200 <= status < 300:
            self._failed(f"Wrong response from the webhook: {status} {reason}")
            return _pause_after(tries, asked)
        self._updates.take(update)
        await self._carry_out(body)
        return None

    async def _post(self, hook: Hook, update: Update) -> tuple[int, str, float, bytes]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN))
        headers = {"Content-Type": "application/json"} | ({SECRET_HEADER: hook.secret} if hook.secret else {})
        async with self._session.post(hook.url, data=json.dumps(update.body), headers=headers) as response:
            asked = response.headers.get("Retry-After", "")
            body = await response.read()
            return response.status, response.reason or "", float(asked) if asked.isdigit() else 0, body

    async def _carry_out(self, body: bytes) -> None:
        """One method call may ride in the answer; its result is reported to nobody, as in Telegram."""
        try:
            call = json.loads(body) if body.strip() else None
        except ValueError:
            return  # any text may stand in a 2xx answer
        if not isinstance(call, dict) or "method" not in call:
            return
        method = str(call.pop("method"))
        try:
            await self._calls(method, call)
        except RefusedError as refused:
            _log.warning("%s in a webhook's answer was refused: %s", method, refused.description)

    def _failed(self, why: str) -> None:
        _log.info("a delivery failed: %s", why)
        self.last_error = {"last_error_date": int(self._clock.now().timestamp()), "last_error_message": why}


def _pause_after(tries: int, asked: float) -> float:
    """At once, then 2, 4, 8 ... 60 seconds; never sooner than the webhook asked for."""
    return max(asked, min(2.0**tries, LONGEST_PAUSE) if tries else 0)
