"""Brings parcels to their chats and writes down what became of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.model import CaseId
from bot.ports import Clock, Outbox, Parcel
from handlers.telegram.calls import Call, pictured, send
from handlers.telegram.ordering import Ordering
from handlers.telegram.pace import Pace
from handlers.telegram.request import seconds
from handlers.words import Words

STAFF, COMPLIANCE = "staff", "compliance"
SOON = timedelta(seconds=5)  # until a message is tried again that surely did not arrive
UNCHANGED = "message is not modified"
LOST = ("message to edit not found", "message can't be edited", "message_id_invalid")
UNREACHABLE = ("chat not found", "peer_id_invalid", "user not found")

_log = logging.getLogger(__name__)


class Caller(Protocol):
    """The Bot API; handlers.telegram.api.Api is one."""

    async def call(
        self,
        method: str,
        payload: Mapping[str, Any],
        *,
        read: float | None = None,
        files: Mapping[str, bytes] = ...,
    ) -> Any:
        """Raises TelegramError."""
        ...


async def nothing(case: CaseId, alert: int) -> bytes:  # noqa: ARG001 - what `draw` is asked
    """Where nobody draws: the words go alone."""
    return b""


async def unheard(case: CaseId) -> None:
    """What happens to a case whose seller blocked the bot where nobody asked to know: a line in the log."""
    _log.warning("case %s cannot be reached: the bot was blocked", case)


@dataclass(slots=True)
class Tally:
    """What became of messages, for the metrics."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    retried: int = 0


@dataclass
class Sender:
    """Messages to one chat go one after the other, chats side by side.

    `staff_chat` is the id of the group behind the chat name "staff", None where there is none; `compliance_chat`
    that of the chat where the compliance officer alone reads. `draw` gives the picture of an alert's transactions,
    b"" where there is none.
    """

    api: Caller
    outbox: Outbox
    words: Words
    clock: Clock
    staff_chat: int | None = None
    compliance_chat: int | None = None
    on_blocked: Callable[[CaseId], Awaitable[None]] = unheard
    pace: Pace = field(default_factory=Pace)
    draw: Callable[[CaseId, int], Awaitable[bytes]] = nothing
    tally: Tally = field(default_factory=Tally)
    order: Ordering = field(default_factory=lambda: Ordering(64))

    async def sweep(self) -> int:
        """Send what is queued and due; how many parcels that were."""
        swept = 0
        while parcels := await self.outbox.take(self.clock.now()):
            await self.deliver(parcels)
            swept += len(parcels)
        return swept

    async def deliver(self, parcels: Sequence[Parcel]) -> None:
        """Send these, each chat's in order, and mark each one. Raises what the outbox raises."""
        chats: dict[str, list[Parcel]] = {}
        for parcel in parcels:
            chats.setdefault(parcel.chat, []).append(parcel)
        works = [self._chat(chat, waiting) for chat, waiting in chats.items()]
        for outcome in await asyncio.gather(*works, return_exceptions=True):
            if outcome is not None:
                raise outcome

    async def call(self, parcel: Parcel) -> Call | None:
        """The call that brings a parcel now, an edit where its slot is known; None: nobody is there.

        Raises as handlers.telegram.calls.send does.
        """
        chat = self.number(parcel.chat)
        return None if chat is None else send(parcel, self.words, chat, await self._known(parcel))

    def number(self, chat: str) -> int | None:
        """Telegram's id of a chat; None for the staff where no staff chat is set."""
        if chat == COMPLIANCE:
            return self.compliance_chat
        return self.staff_chat if chat == STAFF else int(chat.removeprefix("tg:"))

    async def _known(self, parcel: Parcel) -> int | None:
        if parcel.message.edits:
            return parcel.message.edits
        slot = "" if parcel.message.anew else parcel.message.slot
        return await self.outbox.slot(parcel.case, parcel.chat, slot) if slot else None

    async def _chat(self, chat: str, parcels: Sequence[Parcel]) -> None:
        async def work() -> None:
            for position, parcel in enumerate(parcels):
                if not await self._one(parcel):
                    await self._later(parcels[position + 1 :], SOON)
                    return

        await self.order.run(chat, work)

    async def _one(self, parcel: Parcel) -> bool:
        """False: what follows in this chat must wait too."""
        chat, known = self.number(parcel.chat), await self._known(parcel)
        if chat is None:
            _log.warning("parcel %s is for the staff, but no staff chat is set", parcel.id)
            await self._failed(parcel)
            return True
        try:
            call = await self._drawn(parcel, send(parcel, self.words, chat, known))
        except Exception:  # noqa: BLE001 - a message that cannot be built must not keep the others from their chats
            _log.exception("parcel %s of case %s cannot be said", parcel.id, parcel.case)
            await self._failed(parcel)
            return True
        return await self._push(parcel, call)

    async def _drawn(self, parcel: Parcel, call: Call) -> Call:
        """With its picture, where it has one and what it shows is still kept."""
        wanted = parcel.message.draws
        picture = await self.draw(parcel.case, wanted) if wanted else b""
        return pictured(call, picture) if picture else call

    async def _push(self, parcel: Parcel, call: Call) -> bool:
        if wait := await self.pace.turn(call.payload["chat_id"], bulk=parcel.message.bulk):
            await self._later([parcel], timedelta(seconds=wait))
            return False
        try:
            result = await self.api.call(call.method, call.payload, files=call.files)
        except TelegramError as error:
            return await self._refused(parcel, call, error)
        await self._sent(parcel, call, result)
        return True

    async def _refused(self, parcel: Parcel, call: Call, error: TelegramError) -> bool:
        match error:
            case RetryAfter():
                return await self._hold(parcel, error)
            case ChatMigrated() if parcel.chat == STAFF:
                _log.error("the staff group is now %s: set STAFF_CHAT to it", error.new_chat_id)
                self.staff_chat = error.new_chat_id
                return await self._one(parcel)
            case Forbidden():
                await self._unreachable(parcel, error)
            case BadRequest():
                return await self._bad(parcel, call, error)
            case TimedOut() if call.method.startswith("send"):
                self.tally.unknown += 1
                await self.outbox.failed(parcel.id, unknown=True)
            case NetworkError():
                await self._later([parcel], SOON)
                return False
            case _:
                await self._given_up(parcel, error)
        return True

    async def _bad(self, parcel: Parcel, call: Call, error: BadRequest) -> bool:
        said = error.message.lower()
        if UNCHANGED in said:
            await self._sent(parcel, call, None)
        elif call.method == "editMessageText" and any(reason in said for reason in LOST):
            return await self._push(parcel, send(parcel, self.words, call.payload["chat_id"]))
        elif any(reason in said for reason in UNREACHABLE):
            await self._unreachable(parcel, error)
        else:
            await self._given_up(parcel, error)
        return True

    async def _unreachable(self, parcel: Parcel, error: TelegramError) -> None:
        await self._failed(parcel)
        if parcel.chat in {STAFF, COMPLIANCE}:
            _log.error("the staff chat cannot be written to: %s", _reason(error))
        else:
            await self.on_blocked(parcel.case)

    async def _given_up(self, parcel: Parcel, error: TelegramError) -> None:
        _log.error("parcel %s was refused: %s", parcel.id, _reason(error))
        await self._failed(parcel)

    async def _hold(self, parcel: Parcel, error: RetryAfter) -> bool:
        self.pace.hold(seconds(error))
        await self._later([parcel], timedelta(seconds=seconds(error)))
        return False

    async def _sent(self, parcel: Parcel, call: Call, result: Any) -> None:
        self.tally.sent += 1
        fresh = result.get("message_id") if isinstance(result, Mapping) else None
        await self.outbox.sent(parcel.id, fresh or call.payload.get("message_id"))

    async def _failed(self, parcel: Parcel) -> None:
        self.tally.failed += 1
        await self.outbox.failed(parcel.id)

    async def _later(self, parcels: Sequence[Parcel], wait: timedelta) -> None:
        for parcel in parcels:
            self.tally.retried += 1
            await self.outbox.failed(parcel.id, retry_at=self.clock.now() + wait)


def _reason(error: TelegramError) -> str:
    """Telegram's words up to the first colon: what follows may quote the message."""
    return error.message.split(":", 1)[0]
