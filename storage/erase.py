"""Erasure: the data keys go first, in one transaction; whatever is left behind by a crash opens no more."""

from __future__ import annotations

from bot.model import CaseId, Retention
from bot.ports import UnknownError
from storage.chain import seal_erasure
from storage.database import Db
from storage.keys import Root
from storage.tally import mark_sealed
from storage.transactions import forget

LENGTH = "SELECT length FROM cases WHERE id = ?"
MOVE = "UPDATE cases SET epoch = epoch + 1 WHERE id = ?"
DROP_KEYS = "DELETE FROM data_keys WHERE case_id = ? AND retention = ?"
DROP_BODIES = "UPDATE records SET body = NULL WHERE case_id = ? AND retention = ? AND body IS NOT NULL"
KEEP = "INSERT INTO erasures (case_id, retention, upto, seal) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
DROP_FILES = "UPDATE files SET gone = ? WHERE case_id = ? AND retention = ?"
CLOSE = (
    "UPDATE cases SET stage = 'closed', due_at = NULL, waits = NULL, quiet = NULL, leased_until = NULL"
    " WHERE id = ?"
)
DROP_TOKENS = "DELETE FROM tokens WHERE case_id = ?"
DROP_MESSAGES = (
    "UPDATE outbox SET body = NULL, state = CASE WHEN state = 'queued' THEN 'failed' ELSE state END"
    " WHERE case_id = ? AND body IS NOT NULL"
)
NAMES = "SELECT DISTINCT chat FROM bindings WHERE case_id = ? AND SUBSTR(chat, 1, 7) = 'seller:'"
NEWEST = "SELECT case_id FROM bindings WHERE chat = ? ORDER BY nth DESC LIMIT 1"


def erase(db: Db, root: Root, case: CaseId, classes: frozenset[Retention]) -> None:
    """Raises UnknownError. The epoch moves, so that no copy held elsewhere can be saved over it."""
    found = db.row(LENGTH + db.lock, (case,))
    if found is None:
        raise UnknownError(f"no case {case}")
    (upto,) = found
    for each in sorted(classes):
        db.run(DROP_KEYS, (case, each.value))
        db.run(DROP_BODIES, (case, each.value))
        db.run(DROP_FILES, (True, case, each.value))
        seal = seal_erasure(root.chain, case, each.value, upto)
        if db.run(KEEP, (case, each.value, upto, seal)):
            db.tally.add("erasure", mark_sealed(root.tally, seal))
    if Retention.IDENTITY in classes:
        db.run(DROP_TOKENS, (case,))
        for seller in _sellers(db, case):
            forget(db, root, seller)
        db.run(CLOSE, (case,))
    if classes & {Retention.IDENTITY, Retention.TALK}:
        db.run(DROP_MESSAGES, (case,))
    db.run(MOVE, (case,))


def _sellers(db: Db, case: CaseId) -> list[str]:
    """What the marketplace calls the seller of this case, but for names that have passed to a newer case."""
    names = [chat for (chat,) in db.rows(NAMES, (case,))]
    own = [
        chat.removeprefix("seller:")
        for chat in names
        if (newest := db.row(NEWEST, (chat,))) and newest[0] == case
    ]
    return [str(case), *own]
