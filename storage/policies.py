"""Which version of the policy decides: the last that a person adopted."""

from __future__ import annotations

from datetime import datetime

from storage.database import Db
from storage.group import GroupCommit
from storage.instants import micros

LAST = "SELECT version, fingerprint FROM adoptions ORDER BY id DESC LIMIT 1"
WAKE = "UPDATE cases SET due_at = ? WHERE (due_at IS NULL OR due_at > ?) AND stage <> 'closed'"
KEEP = "INSERT INTO adoptions (version, fingerprint, adopted_by, reason, at) VALUES (?, ?, ?, ?, ?)"

PROPOSED = (
    "SELECT proposed_by FROM proposals WHERE version = ? AND fingerprint = ? AND proposed_by <> ?"
    " AND at >= (SELECT COALESCE(MAX(at), 0) FROM adoptions) ORDER BY id DESC LIMIT 1"
)
PROPOSE = "INSERT INTO proposals (version, fingerprint, proposed_by, reason, at) VALUES (?, ?, ?, ?, ?)"


class StoredPolicies:
    """Adoptions are only ever added."""

    def __init__(self, group: GroupCommit) -> None:
        self._group = group

    async def adopted(self) -> tuple[str, str] | None:
        row = await self._group.run(lambda db: db.row(LAST))
        return (row[0], row[1]) if row else None

    async def propose(self, version: str, fingerprint: str, by: str, reason: str, at: datetime) -> str:
        def keep(db: Db) -> str:
            row = db.row(PROPOSED, (version, fingerprint, by))
            db.insert(PROPOSE, (version, fingerprint, by, reason, micros(at)))
            return str(row[0]) if row else ""

        return await self._group.run(keep)

    async def adopt(self, version: str, fingerprint: str, by: str, reason: str, at: datetime) -> None:
        """Every case is due at once, so that it is stood anew under this version."""
        now = micros(at)

        def keep(db: Db) -> None:
            db.insert(KEEP, (version, fingerprint, by, reason, now))
            db.run(WAKE, (now, now))

        await self._group.run(keep)
