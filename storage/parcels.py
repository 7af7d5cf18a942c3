"""Messages at rest: a row of the outbox, its words encrypted under the case's talk key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.model import CaseId, Retention
from bot.ports import Message, Parcel
from storage import codec
from storage.database import Db
from storage.datakeys import Keys, read_boxes
from storage.keys import Box, TamperedError

COLUMNS = "outbox.id, case_id, chat, language, slot, body, again"
KEEP = (
    "INSERT INTO outbox (case_id, chat, cause, slot, body, state, at, due_at, tries, bulk, asks, again)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)"
)
CAUSE = "SELECT case_id FROM causes WHERE id = ?"
OF_CAUSE = (
    f"SELECT {COLUMNS} FROM outbox JOIN cases ON cases.id = case_id"  # noqa: S608 - a constant
    " WHERE cause = ? AND body IS NOT NULL ORDER BY outbox.id"
)
SELLER = "seller"  # any other addressee is a chat of the house


@dataclass(frozen=True, slots=True)
class Sender:
    """What the messages of one change have in common."""

    case: CaseId
    language: str
    chat: str
    cause: str
    at: int
    box: Box


def place(case: str, chat: str, slot: str) -> bytes:
    """The associated data of a message: it opens only as what it was written for."""
    return f"message\n{case}\n{chat}\n{slot}".encode()


def store(db: Db, sender: Sender, messages: Sequence[Message], riding: bool) -> tuple[Parcel, ...]:
    """Bulk waits its turn; the committing process sends all else at once, and the first of a riding change rode."""
    parcels = []
    for message in messages:
        to_seller = message.to == SELLER
        state = "queued" if message.bulk else "sending"
        if riding and to_seller:
            state, riding = "sent", False
        parcels.append(_store_one(db, sender, message, sender.chat if to_seller else message.to, state))
    return tuple(parcels)


def _store_one(db: Db, sender: Sender, message: Message, chat: str, state: str) -> Parcel:
    if not chat:
        raise ValueError(f"case {sender.case} has no chat that a message could go to")
    case, slot = sender.case, message.slot
    body = sender.box.seal(codec.dump(message), place(case, chat, slot))
    flags = (message.bulk, message.asks, False)
    id_ = db.insert(KEEP, (case, chat, sender.cause, slot, body, state, sender.at, sender.at, *flags))
    return Parcel(id_, case, chat, sender.language, message)


def of_cause(db: Db, keys: Keys, cause: str) -> tuple[Parcel, ...] | None:
    """The messages that this cause led to; None where it is new. Erased ones are left out."""
    if db.row(CAUSE, (cause,)) is None:
        return None
    return open_parcels(db, keys, db.rows(OF_CAUSE, (cause,)))


def open_parcels(db: Db, keys: Keys, rows: Iterable[tuple[Any, ...]]) -> tuple[Parcel, ...]:
    """Rows of COLUMNS to parcels, in order. Raises TamperedError."""
    boxes: dict[CaseId, Box | None] = {}
    parcels = []
    for id_, case, chat, language, slot, body, again in rows:
        if case not in boxes:
            boxes[case] = read_boxes(db, keys.master, case).get(Retention.TALK)
        box = boxes[case]
        if box is None:
            raise TamperedError(f"case {case}, message {id_}: its data key is gone and its body is not")
        message = codec.load(Message, box.open(body, place(case, chat, slot)))
        parcels.append(Parcel(id_, case, chat, language, message, bool(again)))
    return tuple(parcels)
