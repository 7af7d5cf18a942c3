"""From an update to what is said back: parse, ask the desk, answer in the response, send the rest."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from telegram.error import TelegramError

from bot.ports import AwayError, Clock, Given, Parcel, StaleError
from handlers.telegram.calls import Call, answered, chosen
from handlers.telegram.ordering import Ordering
from handlers.telegram.sender import Caller, Sender
from handlers.telegram.updates import read

PASSING = (StaleError, AwayError)  # the same update will do when it comes again
CROWD = 2000  # errands under way from which on the marks on tapped buttons are left out
DRAWS = "x:ready"  # the tap that wants a lot drawn
GROUP = "tg:-"  # ids of groups are negative, those of people are not
PAUSE = 0.05  # seconds for a response to reach Telegram before a second message follows it

_log = logging.getLogger(__name__)


class Desk(Protocol):
    """The core's doors for what comes from chats."""

    async def receive(self, given: Given, *, riding: bool = False) -> tuple[Parcel, ...]:
        """A seller's update. `riding`: the first parcel to that chat is recorded as sent already."""
        ...

    async def staff(self, given: Given) -> tuple[Parcel, ...]:
        """What staff tapped or wrote."""
        ...


@dataclass(slots=True)
class Counts:
    """What came in, for the metrics."""

    updates: int = 0
    riding: int = 0
    ignored: int = 0
    unreadable: int = 0


@dataclass
class Edge:
    """One door for webhook and polling. `is_staff` tells staff from sellers; by default by the staff chat.

    What the desk raises goes through: the caller answers so that Telegram sends the update again.
    """

    api: Caller
    desk: Desk
    sender: Sender
    clock: Clock
    is_staff: Callable[[Given], bool] | None = None
    pause: float = PAUSE
    order: Ordering = field(default_factory=Ordering)
    counts: Counts = field(default_factory=Counts)
    _errands: set[asyncio.Task[None]] = field(default_factory=set)

    async def update(self, data: Mapping[str, Any], *, riding: bool) -> dict[str, Any] | None:
        """Take one update; with `riding` the method call to answer it with, where there is one."""
        self.counts.updates += 1
        given = self._read(data)
        if given is None:
            return None
        call = await self.order.run(given.chat, lambda: self._handle(given, data, riding=riding))
        if call is None:
            return None
        self.counts.riding += 1
        return call.riding()

    async def idle(self) -> None:
        """Wait until every errand is done."""
        while self._errands:
            await asyncio.wait(self._errands)

    def _read(self, data: Mapping[str, Any]) -> Given | None:
        try:
            given = read(data, self.clock.now())
        except (KeyError, TypeError, AttributeError, ValueError):
            # sent again it would be no clearer, and would hold up all that its chat sends after it
            self.counts.unreadable += 1
            _log.exception("update %s has a shape that is not known", data.get("update_id"))
            return None
        if given is None or self._elsewhere(given):
            self.counts.ignored += 1
            return None
        if given.tap == DRAWS:
            return replace(given, chance=secrets.randbits(32))
        return given

    def _elsewhere(self, given: Given) -> bool:
        """A group that is not the staff's, into which anybody may put the bot: nobody's case is there."""
        return given.chat.startswith(GROUP) and not self._staff(given)

    async def _handle(self, given: Given, data: Mapping[str, Any], *, riding: bool) -> Call | None:
        staff = self._staff(given)
        riding = riding and not staff
        parcels = await (self.desk.staff(given) if staff else self.desk.receive(given, riding=riding))
        if tap := data.get("callback_query"):
            self._tapped(tap, parcels, mark=not staff)
        own = [parcel for parcel in parcels if parcel.chat == given.chat]
        others = [parcel for parcel in parcels if parcel.chat != given.chat]
        call = await self.sender.call(own[0]) if riding and own else None
        if call and call.method != "sendMessage":  # an edit may be refused, and here nobody would hear of it
            call = None
        own = own[1:] if call else own
        if others:
            self._errand(self.sender.deliver(others))
        if own and riding:
            self._errand(self._after(own))
        elif own:
            await self.sender.deliver(own)
        return call

    def _staff(self, given: Given) -> bool:
        if self.is_staff is not None:
            return self.is_staff(given)
        return self.sender.staff_chat is not None and given.chat == f"tg:{self.sender.staff_chat}"

    def _tapped(self, tap: Mapping[str, Any], parcels: Sequence[Parcel], *, mark: bool) -> None:
        """No mark where a slot is edited: the edit may be of that very message, and brings its own buttons."""
        if len(self._errands) > CROWD:
            return
        self._errand(self._try(answered(tap)))
        if mark and not any(parcel.message.slot for parcel in parcels) and (call := chosen(tap)):
            self._errand(self._try(call))

    async def _try(self, call: Call) -> None:
        """What the seller can do without."""
        try:
            await self.api.call(call.method, call.payload)
        except TelegramError as error:
            _log.debug("%s: %s", call.method, error.message)

    async def _after(self, parcels: Sequence[Parcel]) -> None:
        await asyncio.sleep(self.pause)
        await self.sender.deliver(parcels)

    def _errand(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._errands.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._errands.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("messages were left for the sweep", exc_info=error)
