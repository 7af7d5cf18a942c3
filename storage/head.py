"""A head: a short word that an operator keeps apart, and by which a database is known that was put back to before it."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import NamedTuple

from storage.database import Db
from storage.keys import Root

LINK = "SELECT chain FROM records WHERE case_id = ? AND sequence = ?"
SHORT = 16  # hexadecimal digits


class Head(NamedTuple):
    """How many changes were counted, and the newest record by its time: its case, sequence and link's fingerprint."""

    changes: int
    case: str = ""
    sequence: int = 0
    link: str = ""

    def __str__(self) -> str:
        return ":".join(map(str, self))

    @classmethod
    def parse(cls, text: str) -> Head:
        """Raises ValueError."""
        changes, case, sequence, link = text.strip().split(":")
        return cls(int(changes), case, int(sequence), link)


def fingerprint(root: Root, link: bytes) -> str:
    return hmac.digest(root.tally, b"head\n" + link, sha256).hex()[:SHORT]


def behind(db: Db, root: Root, head: Head, changes: int) -> str:
    """Why this database is older than the head, or has another past; "" where neither is so."""
    if changes < head.changes:
        return f"the head counted {head.changes} changes, this database only {changes}: it was put back to before"
    found = db.row(LINK, (head.case, head.sequence)) if head.sequence else None
    if head.sequence and (
        found is None or not hmac.compare_digest(fingerprint(root, bytes(found[0])), head.link)
    ):
        return f"record {head.sequence} of case {head.case} is not the one that the head names: the past is another one"
    return ""
