"""Group commit: a transaction is one synchronous function; all that wait are done in one hop and one commit.

No one sleeps to gather more: a lone transaction starts at once, and while it commits the next ones gather.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, TypeVar

from bot.ports import AwayError
from storage.database import Db
from storage.tally import Tally

T = TypeVar("T")
Work = Callable[[Db], T]

AT_ONCE = 256  # bounds how long the first of a batch waits for the last
CLASHES = 5

log = logging.getLogger(__name__)


class Waiting(NamedTuple):
    """A transaction in line, and who wants to hear of it."""

    work: Work[Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


class Outcome(NamedTuple):
    """What became of a transaction: its result, or the exception it ended with."""

    waiting: Waiting
    result: Any = None
    trouble: BaseException | None = None


class GroupCommit:
    """The storage thread. A function may be run twice (its first run rolled back): it must change nothing but `db`.

    `foreign` counts how often another process was seen to have written: what is remembered from before may be old.
    `ending` is the last act of every commit, whatever was in it.
    """

    def __init__(self, db: Db, ending: Callable[[Db], None] = lambda _: None) -> None:
        self.foreign = 0
        self._dirty = False
        self._closed = False
        self._db = db
        self._ending = ending
        self._line: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="storage", daemon=True)
        self._thread.start()

    async def run(self, work: Work[T]) -> T:
        """Returns once committed. Raises what `work` raised (then nothing of it is stored), AwayError."""
        if self._closed:
            raise AwayError("the store is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._line.put(Waiting(work, future, loop))
        return await future

    async def scrub(self) -> None:
        """Let nothing that was deleted linger in logs that can be emptied."""
        self._dirty = True
        await self.run(lambda _: None)

    async def close(self) -> None:
        """After all that waits is done."""
        self._closed = True
        self._line.put(None)
        await asyncio.to_thread(self._thread.join)
        self._db.close()

    def _serve(self) -> None:
        going = True
        while going:
            batch, going = self._next()
            if batch:
                outcomes = self._together(batch) or [self._alone(each) for each in batch]
                self._wash()
                tell(outcomes)

    def _wash(self) -> None:
        if self._dirty:
            self._dirty = False
            try:
                self._db.scrub()
            except self._db.error:
                log.warning(
                    "could not empty the database's log; it is emptied by itself later", exc_info=True
                )

    def _next(self) -> tuple[list[Waiting], bool]:
        first = self._line.get()
        batch: list[Waiting] = []
        while first is not None:
            batch.append(first)
            if len(batch) == AT_ONCE:
                return batch, True
            try:
                first = self._line.get_nowait()
            except Empty:
                return batch, True
        return batch, False

    def _begin(self) -> None:
        self._db.tally = Tally()
        self.foreign += self._db.begin()

    def _together(self, batch: list[Waiting]) -> list[Outcome] | None:
        """None where they must be done one by one, since one of them failed half-way; nothing is stored then."""
        db = self._db
        try:
            self._begin()
            outcomes = []
            for each in batch:
                db.touched = False
                try:
                    outcomes.append(Outcome(each, each.work(db)))
                except Exception as trouble:  # noqa: BLE001 - whatever it is, it is handed to who waits
                    if db.touched or isinstance(trouble, db.error):
                        db.rollback()
                        return None
                    outcomes.append(Outcome(each, trouble=trouble))
            self._ending(db)
        except Exception as trouble:  # noqa: BLE001 - as above
            return [Outcome(each, trouble=self._named(trouble)) for each in batch]
        return self._commit(outcomes)

    def _commit(self, outcomes: list[Outcome]) -> list[Outcome]:
        try:
            self._db.commit()
        except Exception as trouble:  # noqa: BLE001 - as above; a repeat is harmless, so nobody is told "stored"
            named = self._named(trouble)
            return [Outcome(each.waiting, trouble=each.trouble or named) for each in outcomes]
        return outcomes

    def _alone(self, each: Waiting) -> Outcome:
        for _ in range(CLASHES):
            try:
                self._begin()
                result = each.work(self._db)
                self._ending(self._db)
            except Exception as trouble:  # noqa: BLE001 - as above
                named = self._named(trouble)
                if not self._db.is_clash(trouble):
                    return Outcome(each, trouble=named)
            else:
                return self._commit([Outcome(each, result)])[0]
        return Outcome(each, trouble=named)

    def _named(self, trouble: BaseException) -> BaseException:
        """Rolls back; an unreachable database gets the name that the rest of the house knows."""
        away = self._db.is_away(trouble)
        try:
            self._db.rollback()
        except self._db.error:
            log.warning("the database connection is lost")
        if not away:
            return trouble
        named = AwayError(f"the database does not answer ({type(trouble).__name__})")
        named.__cause__ = trouble
        return named


def tell(outcomes: list[Outcome]) -> None:
    """One hop a loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Outcome]] = {}
    for outcome in outcomes:
        by_loop.setdefault(outcome.waiting.loop, []).append(outcome)
    for loop, heard in by_loop.items():
        try:
            loop.call_soon_threadsafe(settle, heard)
        except RuntimeError:
            log.warning("%d transactions ended after their event loop", len(heard))


def settle(outcomes: Iterable[Outcome]) -> None:
    for outcome in outcomes:
        future = outcome.waiting.future
        if future.done():
            continue  # who waited was cancelled
        if outcome.trouble is not None:
            future.set_exception(outcome.trouble)
        else:
            future.set_result(outcome.result)
