"""The product running for hostile people: sellers brought to a question, raw updates for its webhook, a reader by content."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image

from bot.cli.demo import Demo, playing
from bot.model import Case
from bot.ports import ALONE, Beside, Reader
from bot.settings import Settings
from handlers.jobs.clock import MovableClock
from handlers.playground.delivery import SECRET_HEADER, Hook
from handlers.playground.people import Participant, Seen
from handlers.telegram.request import encode
from tests.world import PAINTING, PASSPORT, START

NOTICE, COUNTRY, FORM, IDENTITY = (
    "Is that all right", "Which country", "Who will be selling", "identity document",
)  # fmt: skip
PATIENCE = (
    60.0  # seconds, only ever waited in full where the bot is silent: a busy machine starts a reader in ten
)
OWN = {name: text for name, text in PASSPORT.items() if name != "number"}
COSMETIC = {"answerCallbackQuery", "editMessageReplyMarkup"}  # marks that may come late and do no harm


class ByContent:
    """A document is evidence in JSON, a green photo a passport, any other a wall. `ready` cleared: readings wait."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.ready.set()
        self.begun = asyncio.Event()
        self.numbers = itertools.count(1_000_000)  # no two sellers have the same passport

    async def read(
        self,
        files: Sequence[bytes],
        hint: str = "",  # noqa: ARG002 - the port's shape
        beside: Beside = ALONE,  # noqa: ARG002 - the port's shape
    ) -> Mapping[str, str]:
        """What the first readable of the files says."""
        self.begun.set()
        await self.ready.wait()
        number = {"number": f"X{next(self.numbers)}"}
        seen = [{**number, **_evidence(content)} for content in files]
        return next((evidence for evidence in seen if evidence["type"] == "passport"), seen[0])

    async def close(self) -> None:
        """Nothing to end."""


def _evidence(content: bytes) -> Mapping[str, str]:
    if content.startswith(b"{"):
        return {**OWN, **json.loads(content)}
    red, green, _ = Image.open(io.BytesIO(content)).convert("RGB").resize((1, 1)).tobytes()
    return OWN if green > red else PAINTING


def photo(colour: str = "green") -> bytes:
    """A JPEG all of one colour."""
    content = io.BytesIO()
    Image.new("RGB", (600, 400), colour).save(content, "JPEG")
    return content.getvalue()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the webhook answered: the status, and the call that rides in the answer."""

    status: int
    call: Mapping[str, Any]

    @property
    def text(self) -> str:
        """What the seller would read, as HTML; "" where nothing is said."""
        return str(self.call.get("text", ""))


@dataclass
class Stage:
    """The product and a way past the playground to its webhook."""

    demo: Demo
    http: aiohttp.ClientSession
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(900_000_001))

    @property
    def hook(self) -> Hook:
        """Where Telegram would post."""
        hook = self.demo.playground._delivery.hook
        assert hook
        return hook

    async def at(self, question: str, name: str = "Eve", language: str = "en") -> Participant:
        """A new seller who was just asked this."""
        seller = self.demo.playground.seller(name, language)
        await seller.says("/start")
        await seller.hears(NOTICE)
        for asked, act in (
            (COUNTRY, lambda: seller.taps("I agree")),
            (FORM, lambda: seller.says("Germany")),
            (IDENTITY, lambda: seller.taps("I sell as a private person")),
        ):
            if question == NOTICE:
                break
            await act()
            await seller.hears(asked)
            if question == asked:
                break
        await self.demo.playground.settled()
        await self.demo.built.edge.idle()
        seller.skip()
        return seller

    async def case(self, seller: Participant) -> Case | None:
        """What is kept of a seller; None where nothing ever was."""
        storage = self.demo.built.storage
        found = await storage.register.case_of(f"tg:{seller.person.id}")
        return await storage.cases.load(found) if found else None

    async def given(self, seller: Participant, requirement: str) -> list[str]:
        """The answers that were kept for one question, oldest first."""
        case = await self.case(seller)
        records = [r for r in case.history if type(r).__name__ == "Submission"] if case else []
        return [r.answer for r in records if r.key.requirement == requirement]  # type: ignore[union-attr]

    def number(self) -> int:
        """An update id of nobody else's."""
        return next(self.ids)

    def wrote(self, seller: Participant, **content: Any) -> dict[str, Any]:
        """An update with a message of this seller's."""
        number = self.number()
        chat = {"id": seller.person.id, "type": "private", "first_name": seller.person.first_name}
        body = {"message_id": number, "from": seller.person.user(), "chat": chat, "date": 1_800_000_000}
        return {"update_id": number, "message": body | content}

    def tapped(self, seller: Participant, data: str, **more: Any) -> dict[str, Any]:
        """An update with a tap that carries `data`, whether or not there ever was such a button."""
        message = self.wrote(seller, text="A question")["message"]
        tap = {
            "id": "7",
            "from": seller.person.user(),
            "message": message,
            "chat_instance": "1",
            "data": data,
        }
        return {"update_id": self.number(), "callback_query": tap | more}

    async def post(self, update: object, **headers: str) -> Reply:
        """To the webhook as Telegram would; bytes go as they are."""
        body = io.BytesIO(update if isinstance(update, bytes) else encode(update))
        known = {SECRET_HEADER: self.hook.secret, "Content-Type": "application/json"}
        async with self.http.post(self.hook.url, data=body, headers={**known, **headers}) as answer:
            content = await answer.read()
        return Reply(answer.status, json.loads(content) if content.startswith(b"{") else {})


@asynccontextmanager
async def staged(home: Path, reader: Reader) -> AsyncIterator[Stage]:
    """Everything, on a clock that starts on a weekday morning; at the end no call to Telegram was refused."""
    async with (
        playing(Settings(kyc_home=home), MovableClock(START), reader) as demo,
        aiohttp.ClientSession() as http,
    ):
        yield Stage(demo, http)
        refused = demo.playground.api.refusals
        assert {method for method, _ in refused} <= COSMETIC, refused


async def heard(seller: Participant, *words: str) -> Seen:
    """The bot's next message, which holds all of these words; marks on older ones are passed over."""
    while (seen := await seller.next(PATIENCE)).edited:
        pass
    for word in words:
        assert word in seen.text, f"{word!r} is not in {seen.text!r}"
    return seen


async def kept(seller: Participant, *lines: str) -> None:
    """The seller's own list of what is done says so still."""
    await seller.says("/status")
    await heard(seller, "Where you are", *lines)
