"""What the core needs of the world, as protocols: storage, vault, readers, clock. Fakes live only here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from bot.model import NOTHING, Case, CaseId, File, Record, Retention, Stage, Tier


class StaleError(Exception):
    """Another writer saved first: load again and start from the top."""


class UnknownError(Exception):
    """No such case."""


class AwayError(Exception):
    """The database does not answer: whether the change is stored is unknown, its repeat is harmless (503, requeue)."""


class OtherwiseError(Exception):
    """A transaction's id came before with other content; nothing of the call is stored."""

    def __init__(self, id_: str) -> None:
        super().__init__("a transaction came before with other content")
        self.id = id_


class UnreadError(Exception):
    """The world failed us (a file that cannot be fetched, a reader that died); try later or let a person look.

    `code`: why no later try would help, as evidence names it (`too_big`); "" where one might.
    """

    def __init__(self, what: str, code: str = "") -> None:
        super().__init__(what)
        self.code = code


@dataclass(frozen=True, slots=True)
class Given:
    """What came in from a chat, parsed at the edge. `cause` is its unique id; exactly one of the rest is set.

    `chat` is "tg:<id>"; `who` is the person's "tg:<id>" (in a staff group they differ). `contact` is the
    sender's own number; `other` names what has no meaning here: "foreign_contact", "voice", "sticker",
    "location", "forwarded", "edited", "blocked", "unblocked", "unknown".
    """

    cause: str
    at: datetime
    chat: str
    who: str
    language: str = "en"
    text: str = ""
    command: str = ""
    argument: str = ""
    reply: str = ""  # the text of the bot's own message that `text` replies to
    tap: str = ""
    files: tuple[File, ...] = ()
    album: str = ""
    contact: str = ""
    message: int = 0  # the id of the message whose button was pressed
    other: str = ""
    chance: int = 0  # random bits, drawn at the edge


@dataclass(frozen=True, slots=True)
class Say:
    """One thing said: the words stand in the template block `key`."""

    key: str
    args: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Button:
    """A tap: `word` names its label's block, `data` (at most 64 bytes) comes back when tapped."""

    word: str
    data: str
    args: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    chosen: bool = False  # of several options that add up, one that is in
    url: str = ""  # opened when tapped; nothing comes back


@dataclass(frozen=True, slots=True)
class Message:
    """What one party gets in one message. A message with a `slot` edits the last one sent in that slot.

    `to` is "seller" or "staff". `keyboard` is "" or "contact" (the button that shares one's own number).
    """

    to: str
    says: tuple[Say, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    keyboard: str = ""
    slot: str = ""
    edits: int = 0  # the id of the message in whose place this one comes, 0 for a new one
    anew: bool = False  # sent as a new message, which its slot then edits
    bulk: bool = False
    deletes: tuple[int, ...] = ()  # ids of messages that this one, without words, takes out of the chat
    asks: bool = False  # a question: repeated once where its fate is unknown
    draws: int = 0  # the sequence of the alert whose transactions come with the words, as a timeline


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way: a row of the outbox. `again` marks a repeat after an unknown outcome."""

    id: int
    case: CaseId
    chat: str  # "tg:<id>" of the seller; "staff" for the staff group
    language: str
    message: Message
    again: bool = False


class Observed(NamedTuple):
    """What follows from money that moved. `strangers`: sellers that have no case, in the order in which they came."""

    parcels: tuple[Parcel, ...] = ()
    strangers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """The columns that are kept clear beside a case so that it can be found; derived, rebuilt at every save.

    `due_at`: when the case next needs work without anyone's hand (an examination, a reminder, an expiry).
    `waits`: since when a person must look; `quiet`: since when compliance must. `tokens`: words a case is found by (names, numbers): stored as keyed
    hashes only.
    """

    stage: Stage = Stage.COLLECTING
    tier: Tier = Tier.LOW
    country: str = ""
    policy: str = ""
    owed: tuple[str, ...] = ()
    due_at: datetime | None = None
    waits: datetime | None = None
    quiet: datetime | None = None
    tokens: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Opening:
    """A case that begins with this change, bound to the chat it came from.

    `previous`: the case that the caller saw bound to that chat; where it is another by now, saving is stale.
    """

    language: str
    at: datetime
    chat: str
    previous: CaseId | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a door saves, all or nothing, in one transaction.

    `length` is the history length the caller loaded (the lock); `cause` is the unique id of what came in
    (an update, a staff action): a repeat of it changes nothing. `riding`: the first message to the seller
    goes in the answer to the very request, so it is stored as sent. `at`: when; needed where no record and
    no opening says it.
    """

    case: CaseId
    length: int
    records: tuple[Record, ...]
    messages: tuple[Message, ...]
    index: Index
    cause: str = ""
    opening: Opening | None = None
    riding: bool = False
    at: datetime | None = None
    binds: tuple[
        str, ...
    ] = ()  # names by which this case is found from now on: "seller:<name>", or another chat
    unbinds: tuple[str, ...] = ()  # chats that no longer lead here


class Cases(Protocol):
    """Histories. `save` raises StaleError where `length` has moved."""

    async def load(self, case: CaseId) -> Case:
        """Raises UnknownError."""
        ...

    async def save(self, change: Change) -> tuple[Parcel, ...]:
        """The stored messages, in order. A cause seen before stores nothing and gives the messages of then."""
        ...

    async def seen(self, cause: str) -> tuple[Parcel, ...] | None:
        """The messages that this cause led to; None where it is new."""
        ...

    async def claim(self, now: datetime, lease: timedelta, limit: int = 10) -> tuple[CaseId, ...]:
        """Cases with `due_at` in the past, leased to the caller; a lease that runs out is claimable again."""
        ...

    async def next_due(self) -> datetime | None:
        """When `claim` next has something to give: a leased case counts from the end of its lease."""
        ...

    async def all(self) -> Sequence[CaseId]:
        """Every case, oldest first."""
        ...

    async def erase(self, case: CaseId, classes: frozenset[Retention]) -> None:
        """Destroy the data keys of these classes, their bodies and (with IDENTITY) the search tokens, messages."""
        ...


class Register(Protocol):
    """Who is who: chats and cases, many to many."""

    async def case_of(self, chat: str) -> CaseId | None:
        """The case that was last bound to a chat."""
        ...

    async def chats_of(self, case: CaseId) -> tuple[str, ...]:
        """The chats of a case, the newest last."""
        ...

    async def find(self, words: Sequence[str]) -> tuple[CaseId, ...]:
        """Cases that hold every one of these words among their tokens."""
        ...

    async def holders(self, words: frozenset[str], but: CaseId) -> Mapping[str, tuple[CaseId, ...]]:
        """Which other cases hold each of these words among their tokens; no word that nobody else holds."""
        ...

    async def queue(self, limit: int = 20) -> tuple[CaseId, ...]:
        """Cases that wait for a person, the longest first."""
        ...

    async def quiet(self, limit: int = 20) -> tuple[CaseId, ...]:
        """Cases of which something is open that compliance alone sees, the longest first."""
        ...

    async def select(self, wanted: Mapping[str, str]) -> tuple[CaseId, ...]:
        """Cases by their index: `stage`, `tier`, `country`, and `owed`, a key that is open; all of them must hold."""
        ...


class Outbox(Protocol):
    """Messages that were promised. States: queued, sending, sent, unknown, failed."""

    async def take(self, now: datetime, limit: int = 30) -> tuple[Parcel, ...]:
        """Queued rows, and rows `sending` for over two minutes (a question, once, marked `again`); now `sending`."""
        ...

    async def sent(self, parcel: int, message_id: int | None) -> None:
        """It arrived; `message_id` lets its slot be edited."""
        ...

    async def failed(self, parcel: int, *, unknown: bool = False, retry_at: datetime | None = None) -> None:
        """It did not arrive, or nobody knows; with `retry_at` it is queued again for then."""
        ...

    async def slot(self, case: CaseId, chat: str, slot: str) -> int | None:
        """The message id last sent in a slot."""
        ...


class Policies(Protocol):
    """Which version of the policy decides."""

    async def adopted(self) -> tuple[str, str] | None:
        """The version in force and its fingerprint when it was adopted; None before the first adoption."""
        ...

    async def propose(self, version: str, fingerprint: str, by: str, reason: str, at: datetime) -> str:
        """Somebody wants a version to decide. Who else said so since the last adoption; "" where nobody did."""
        ...

    async def adopt(self, version: str, fingerprint: str, by: str, reason: str, at: datetime) -> None:
        """Record that a person made this version decide."""
        ...


class Vault(Protocol):
    """Encrypted files, named by case and name; the class decides the key."""

    async def put(self, case: CaseId, name: str, content: bytes, retention: Retention) -> None:
        """Safely kept when this returns."""
        ...

    async def get(self, case: CaseId, name: str) -> bytes:
        """Raises UnknownError where it never was or is erased."""
        ...


@dataclass(frozen=True, slots=True)
class Beside:
    """What files are read beside: the files that show the `portrait`, and the `turns` asked of a head."""

    portrait: tuple[bytes, ...] = ()
    turns: tuple[str, ...] = ()


ALONE = Beside()


class Reader(Protocol):
    """Turns files into evidence; what it means is said by checks."""

    async def read(self, files: Sequence[bytes], hint: str = "", beside: Beside = ALONE) -> Mapping[str, str]:
        """`hint`: the requirement asked for. Never raises for what is in a file: evidence then holds `unread`, a code."""
        ...

    async def close(self) -> None:
        """End what runs for it."""
        ...


class Fetch(Protocol):
    """Brings the bytes of a file that was sent."""

    async def fetch(self, ref: str) -> bytes:
        """Raises UnreadError."""
        ...


class Clock(Protocol):
    """The time, aware, UTC."""

    def now(self) -> datetime:
        """The present instant."""
        ...
