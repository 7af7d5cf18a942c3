"""A case as it is held in memory: read whole from the database, extended by every save, bounded in number."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.model import Case, CaseId, Erased, Key, Record, Retention
from storage import codec
from storage.chain import START, Meta, raw, seal_header
from storage.database import Db, Row
from storage.datakeys import Keys, read_boxes
from storage.instants import instant
from storage.keys import Box, TamperedError

HEADER = "SELECT language, opened_at, length, epoch, seal FROM cases WHERE id = ?"
CHAT = "SELECT chat FROM bindings WHERE case_id = ? AND SUBSTR(chat, 1, 7) <> 'seller:' ORDER BY at DESC, chat DESC LIMIT 1"
RECORDS = (
    "SELECT sequence, kind, key, at, retention, body, chain FROM records"
    " WHERE case_id = ? AND sequence <= ? ORDER BY sequence"
)
RECORDS_BUT_TALK = RECORDS.replace(
    " body,", f" CASE retention WHEN '{Retention.TALK}' THEN NULL ELSE body END,"
)


@dataclass(frozen=True, slots=True)
class Held:
    """A case and what its next save needs: the last chain value, the header's seal, the epoch, its newest chat and its open boxes.

    `words` are the tokens as last saved by us; None where nobody here knows them.
    """

    case: Case
    last: bytes
    seal: bytes
    epoch: int
    chat: str
    boxes: Mapping[str, Box]
    words: frozenset[str] | None = None


def read(db: Db, keys: Keys, case: CaseId, *, talk: bool = True) -> Held | None:
    """None where there is no such case. Raises TamperedError where it does not open or lacks its tail.

    Without `talk`: without its chat, and what was said to the seller is there as if it had been erased.
    Header, keys, records, in this order: what another process does meanwhile then shows as a case that is
    whole but old, which its next save finds out.
    """
    header = db.row(HEADER, (case,))
    if header is None:
        return None
    language, opened_at, length, epoch, seal = header
    boxes = read_boxes(db, keys.master, case)
    rows = db.rows(RECORDS if talk else RECORDS_BUT_TALK, (case, length))
    last = raw(rows[-1][-1]) if rows else START
    if len(rows) != length or not hmac.compare_digest(
        raw(seal), seal_header(keys.root.chain, case, opened_at, length, last)
    ):
        raise TamperedError(f"case {case}: its records are not those that its header was sealed with")
    history = tuple(_restore(case, boxes, row) for row in rows)
    whole = Case(case, language, instant(opened_at), history)
    chat = db.row(CHAT, (case,)) if talk else None
    return Held(whole, last, bytes(seal), epoch, chat[0] if chat else "", boxes)


def _restore(case: CaseId, boxes: Mapping[str, Box], row: Row) -> Record:
    sequence, kind, key, at, retention, body, _ = row
    if body is None:
        return Erased(instant(at), kind, Key.parse(key) if key else None)
    box = boxes.get(retention)
    if box is None:
        raise TamperedError(f"case {case}, record {sequence}: its data key is gone and its body is not")
    content = box.open(body, Meta(case, sequence, kind, key, at, retention).signed())
    return codec.decode(kind, key, instant(at), content)


class Cache:
    """The histories used last. Only the event loop's thread touches it; a stale copy is caught when it is saved."""

    def __init__(self, generation: Callable[[], int], size: int) -> None:
        self._generation = generation
        self._seen = generation()
        self._size = size
        self._held: OrderedDict[CaseId, Held] = OrderedDict()
        self._chats: OrderedDict[str, CaseId] = OrderedDict()

    def case_of(self, chat: str) -> CaseId | None:
        """The case that a chat was last bound to, where that is remembered."""
        self._forget_if_foreign()
        return self._chats.get(chat)

    def bind(self, chat: str, case: CaseId) -> None:
        self._chats[chat] = case
        while len(self._chats) > self._size:
            self._chats.popitem(last=False)

    def unbind(self, chat: str) -> None:
        self._chats.pop(chat, None)

    def _forget_if_foreign(self) -> None:
        if self._seen != self._generation():
            self._seen = self._generation()
            self._held.clear()
            self._chats.clear()

    def get(self, case: CaseId) -> Held | None:
        self._forget_if_foreign()
        found = self._held.get(case)
        if found is not None:
            self._held.move_to_end(case)
        return found

    def put(self, held: Held) -> None:
        """Keeps the longer of two copies: results of two saves may arrive in either order."""
        case = held.case.id
        before = self.get(case)
        if before is None or (before.epoch, len(before.case)) <= (held.epoch, len(held.case)):
            self._held[case] = held
            self._held.move_to_end(case)
        while len(self._held) > self._size:
            self._held.popitem(last=False)

    def drop(self, case: CaseId) -> None:
        self._held.pop(case, None)
