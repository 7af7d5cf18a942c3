"""What an update costs before the core sees it: the whole edge with a desk that only counts questions.

Run as `python -m handlers.bench.floor` with the environment of handlers.bench.chat.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from bot.model import CaseId
from bot.ports import Button, Given, Message, Parcel, Say
from handlers.bench.chat import loop_factory
from handlers.telegram.api import Api
from handlers.telegram.edge import Edge
from handlers.telegram.sender import Sender
from handlers.web.webhook import Webhook, serve, stop
from handlers.words import Words

WORDS = Path(__file__).parent / "words"
# three taps, then nine that are typed: with 12 turns a seller taps as often as in the real talk
QUESTIONS = (
    "notice", "country", "legal_form", "name", "birth_date", "address", "activity", "phone", "email", "website",
    "tax_number", "account",
)  # fmt: skip
OPTIONS = {
    "notice": ("agree", "refuse"),
    "country": ("de", "fr", "gb"),
    "legal_form": ("individual", "company"),
}


@dataclass
class Ring:
    """Asks the same questions round and round; keeps nothing."""

    turns: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    ids: count[int] = field(default_factory=lambda: count(1))

    async def receive(self, given: Given, *, riding: bool = False) -> tuple[Parcel, ...]:  # noqa: ARG002
        turn = self.turns[given.chat]
        self.turns[given.chat] += 1
        asked = QUESTIONS[turn % len(QUESTIONS)]
        rows = tuple((Button(f"{asked}.{o}", f"a:{turn}:{asked}:{o}"),) for o in OPTIONS.get(asked, ()))
        words = Say(f"ask.{asked}", {"n": str(turn + 1), "heard": given.text or given.tap})
        message = Message("seller", (words,), rows, asks=True)
        return (Parcel(next(self.ids), CaseId(given.chat), given.chat, given.language, message),)

    async def staff(self, given: Given) -> tuple[Parcel, ...]:  # noqa: ARG002
        return ()


class Drawer:
    """An outbox that keeps nothing."""

    async def take(self, now: datetime, limit: int = 30) -> tuple[Parcel, ...]:  # noqa: ARG002
        return ()

    async def sent(self, parcel: int, message_id: int | None) -> None:
        """Kept nowhere."""

    async def failed(self, parcel: int, *, unknown: bool = False, retry_at: datetime | None = None) -> None:
        """Kept nowhere."""

    async def slot(self, case: CaseId, chat: str, slot: str) -> int | None:  # noqa: ARG002
        return None


class Wall:
    """The clock on the wall."""

    def now(self) -> datetime:
        return datetime.now(UTC)


async def main() -> None:
    """Serve until told to end."""
    api = Api(os.environ["TELEGRAM_BOT_TOKEN"], url=os.environ["TELEGRAM_API_URL"])
    edge = Edge(api, Ring(), Sender(api, Drawer(), Words(WORDS), Wall()), Wall())
    hook = Webhook(edge, os.environ["WEBHOOK_SECRET"], os.environ["WEBHOOK_PATH"])
    runner = await serve(hook.app(), int(os.environ["PORT"]), "127.0.0.1")
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    await stop(runner, edge)
    await api.close_all()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(main())
