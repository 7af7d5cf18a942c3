"""A conversation without a network: the desk on a real database, the words as people read them, time at will."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cli.assemble import drawn
from bot.desk import Desk
from bot.model import CaseId, File, Key, Transaction
from bot.policy import POLICIES
from bot.ports import ALONE, Beside, Button, Given, Parcel, UnreadError
from bot.staff import Role
from handlers.telegram.calls import send
from handlers.words import Words
from storage import Storage, migrate
from tests.botapi import check
from tests.world import PAINTING, SAID, SENT, START, TAPPED

MASTER = bytes(range(32))
SECRET = bytes(range(32, 64))
WORDS = Words()
STAFF = {"tg:900": Role.REVIEWER, "tg:901": Role.OFFICER, "tg:902": Role.AGENT}


class HeldClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.instant = START

    def now(self) -> datetime:
        """The present instant."""
        return self.instant


class Pictures:
    """A picture is what its readers will see: the reference is the evidence as JSON, the bytes are the same."""

    def __init__(self) -> None:
        self.away = False
        self.readings = 0

    async def fetch(self, ref: str) -> bytes:
        """The reference itself."""
        if self.away:
            raise UnreadError("the file cannot be fetched now")
        return ref.encode()

    async def read(
        self,
        files: Sequence[bytes],
        hint: str = "",  # noqa: ARG002 - the port's shape
        beside: Beside = ALONE,  # noqa: ARG002 - the port's shape
    ) -> Mapping[str, str]:
        """What all of them say together; later ones fill in what earlier ones lack."""
        self.readings += 1
        evidence: dict[str, str] = {}
        for content in files:
            evidence |= {k: v for k, v in json.loads(content).items() if k not in evidence}
        return evidence

    async def close(self) -> None:
        """Nothing to end."""


@dataclass
class Talk:
    """One seller and the staff, on a database of their own."""

    url: str
    home: Path
    clock: HeldClock = field(default_factory=HeldClock)
    pictures: Pictures = field(default_factory=Pictures)
    out: list[tuple[str, str, tuple[Button, ...]]] = field(default_factory=list)  # (to, text, buttons)
    buttons: dict[str, list[tuple[str, str]]] = field(
        default_factory=dict
    )  # chat -> (label, data), newest last
    updates: int = 0
    new: Counter[str] = field(default_factory=Counter)  # messages by chat, but for edits of cards
    deleted: list[int] = field(default_factory=list)  # messages taken out of the chat
    anybody: bool = True  # registration is open
    chat: str = "tg:1"  # of the seller
    last_to_staff: str = ""  # what asks staff for words of their own

    def __post_init__(self) -> None:
        migrate(self.url)
        self.open()

    def open(self) -> None:
        """Start, or start again, with nothing in memory."""
        self.storage = Storage.open(self.url, self.home, MASTER)
        s = self.storage
        self.desk = Desk(
            cases=s.cases,
            register=s.register,
            policies=s.policies,
            vault=s.vault,
            ledger=s.ledger,
            reader=self.pictures,
            fetch=self.pictures,
            clock=self.clock,
            roles=STAFF,
            policy=POLICIES[-1],
            secret=SECRET,
            anybody=self.anybody,
            compliance_chat="compliance",
        )

    async def restart(self) -> None:
        """The process ends and another begins."""
        await self.storage.close()
        self.open()

    def given(self, chat: str = "", who: str = "", **what: Any) -> Given:
        """An update of its own."""
        self.updates += 1
        chat = chat or self.chat
        cause = f"tg:{self.updates}"
        return Given(cause=cause, at=self.clock.now(), chat=chat, who=who or chat, **what)

    async def seller(self, **what: Any) -> list[str]:
        """The seller does something; what they hear."""
        return await self.keep(await self.desk.receive(self.given(**what)))

    async def staff(self, label: str, who: str = "tg:900") -> list[str]:
        """A member of staff presses a button of the card."""
        return await self.keep(await self.desk.staff(self.given("staff", who, tap=self.data("staff", label))))

    async def tap(self, label: str) -> list[str]:
        """The seller presses the newest button with this label."""
        return await self.seller(tap=self.data(self.chat, label))

    def data(self, chat: str, label: str) -> str:
        """What the newest button with this label carries."""
        for text, data in reversed(self.buttons.get(chat, [])):
            if text == label:
                return data
        raise AssertionError(
            f"{chat} sees no button «{label}» but {[t for t, _ in self.buttons.get(chat, [])]}"
        )

    async def photo(
        self, evidence: Mapping[str, str], album: str = "", *, wait: bool = True, kind: str = "photo"
    ) -> list[str]:
        """The seller sends a picture, or a round video; with `wait` it is read at once."""
        file = File(json.dumps(evidence), kind, size=1000)
        heard = await self.seller(files=(file,), album=album)
        return heard + (await self.drain() if wait else [])

    async def money(self, amount: str, currency: str) -> list[str]:
        """Money comes in."""
        self.updates += 1
        moved = Transaction(f"t{self.updates}", await self.case(), self.clock.now(), amount, currency, "in")
        return await self.keep(await self.desk.observe([moved]))

    async def finish(self, *until: str) -> list[str]:
        """Answer whatever is asked, in the usual way, up to one of these questions; what was heard."""
        heard: list[str] = []
        while (asked := await self.asked()) and asked.requirement not in until:
            sequence, name = (await self.storage.cases.load(await self.case())).told()[0], asked.requirement
            if name == "contact":
                heard += await self.seller(contact="+49 151 23456789")
            elif name in SENT:
                heard += await self.photo(SENT[name])
            elif name in TAPPED:
                heard += await self.seller(tap=f"a:{sequence}:{asked}:{TAPPED[name]}")
            else:
                heard += await self.seller(text=SAID[name])
        return heard

    async def asked(self) -> Key | None:
        """What the seller was last asked."""
        told = (await self.storage.cases.load(await self.case())).told()[1]
        return told.asked if told else None

    async def drain(self) -> list[str]:
        """All that is due now is done."""
        heard: list[str] = []
        while claimed := await self.storage.cases.claim(self.clock.now(), timedelta(seconds=60)):
            for case in claimed:
                heard += await self.keep(await self.desk.work(case))
        await self.storage.outbox.take(self.clock.now(), 1000)
        return heard

    async def passes(self, by: timedelta) -> list[str]:
        """Time goes by, through every due instant."""
        until, heard = self.clock.instant + by, list[str]()
        heard += await self.drain()
        while (due := await self.storage.cases.next_due()) is not None and due <= until:
            self.clock.instant = max(due, self.clock.instant)
            heard += await self.drain()
        self.clock.instant = until
        return heard

    async def keep(self, parcels: Sequence[Parcel]) -> list[str]:
        """What these parcels say, as people read it; staff lines begin with «staff: »."""
        heard = []
        for parcel in parcels:
            call = send(parcel, WORDS, 1)
            check(call.method, call.payload)
            if parcel.message.deletes:
                self.deleted += parcel.message.deletes
                continue
            buttons = [(label(b), b.data) for row in parcel.message.buttons for b in row]
            chat = parcel.chat
            self.new[chat] += await self._new(parcel)
            self.buttons.setdefault(chat, []).extend(buttons)
            lines = [seen(WORDS.text("en", parcel.message))]
            lines += ["  ".join(f"[{label}]" for label, _ in buttons)] if buttons else []
            lines += await self._picture(parcel)
            lines += ["[[Share my phone number]]"] if parcel.message.keyboard == "contact" else []
            if "Ref: " in lines[0]:
                self.last_to_staff = lines[0]
            whose = {"staff": "staff: ", "compliance": "compliance: ", "tg:2": "other: "}.get(chat, "")
            heard.append(whose + "\n".join(lines))
        return heard

    async def _new(self, parcel: Parcel) -> bool:
        """Whether it calls whoever it is for; remembers cards as sent."""
        if not parcel.message.slot or not parcel.id:
            return True
        known = await self.storage.outbox.slot(parcel.case, parcel.chat, parcel.message.slot)
        await self.storage.outbox.sent(parcel.id, known or 1)
        return parcel.message.anew or known is None

    async def _picture(self, parcel: Parcel) -> list[str]:
        """A line for the timeline that comes with the words, where it can be drawn."""
        wanted = parcel.message.draws
        drawing = await drawn(self.storage, parcel.case, wanted) if wanted else b""
        return ["(a picture)"] if drawing.startswith(b"\x89PNG") else []

    async def case(self, chat: str = "") -> CaseId:
        """The case of a chat; the seller's, where none is named."""
        case = await self.storage.register.case_of(chat or self.chat)
        assert case
        return case


def label(button: Button) -> str:
    """As Telegram shows it."""
    return ("✓ " if button.chosen else "") + WORDS.label("en", button)


def seen(text: str) -> str:
    """Telegram HTML as a person sees it."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


__all__ = ["PAINTING", "HeldClock", "Pictures", "Talk", "seen"]
