"""The embedded runner: what cases are due without anyone's hand, and messages that still wait. One per process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from bot.model import CaseId
from bot.ports import AwayError, Cases, Clock, Parcel, StaleError, UnreadError

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)  # longer than any reading; a dead worker's case is claimable again after it
IDLE = 30.0  # seconds between looks when nothing is known to be due: another process may have saved something


class Desk(Protocol):
    """The doors the runner goes through."""

    async def work(self, case_id: CaseId) -> tuple[Parcel, ...]:
        """What a case is due."""
        ...

    async def refresh(self) -> None:
        """Take up a newly adopted policy."""
        ...


@dataclass
class Runner:
    """Wakes when something falls due, works on `abreast` cases at once, then sweeps the outbox."""

    cases: Cases
    desk: Desk
    clock: Clock
    deliver: Callable[[Sequence[Parcel]], Awaitable[None]]
    sweep: Callable[[], Awaitable[object]]
    abreast: int = 4
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def wake(self) -> None:
        """Something fell due just now."""
        self._woken.set()

    async def idle(self) -> None:
        """Wait until what is under way is done."""
        async with self._turn:
            return

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._woken.clear()
            try:
                await self.desk.refresh()
                await self.drain()
                pause = await self._pause()
            except AwayError:
                log.warning("the database is away; trying again")
                pause = 1.0
            try:
                await asyncio.wait_for(self._woken.wait(), pause)
            except TimeoutError:
                continue

    async def drain(self) -> int:
        """Do all that is due now; how many cases were worked on."""
        done = 0
        async with self._turn:
            while claimed := await self.cases.claim(self.clock.now(), LEASE, self.abreast):
                done += sum(await asyncio.gather(*(self._work(case) for case in claimed)))
            await self.sweep()
        return done

    async def _work(self, case: CaseId) -> int:
        try:
            await self.deliver(await self.desk.work(case))
        except UnreadError:
            log.warning("a file of case %s cannot be fetched yet", case)
            return 0
        except StaleError:
            log.info("case %s is busy; its lease runs out", case)
            return 0
        except AwayError:
            raise
        except Exception:
            log.exception("case %s cannot be worked on; the others go on, and it is tried again", case)
            return 0
        return 1

    async def _pause(self) -> float:
        due = await self.cases.next_due()
        return IDLE if due is None else min(IDLE, max(0.05, (due - self.clock.now()).total_seconds()))
