"""Which version of the policy decides: the last that a person adopted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from storage.database import Db
from storage.group import GroupCommit
from storage.instants import micros
from storage.keys import Root
from storage.tally import SEAL, Kind, mark

LAST = "SELECT version, fingerprint FROM adoptions ORDER BY id DESC LIMIT 1"
WAKE = "UPDATE cases SET due_at = ? WHERE (due_at IS NULL OR due_at > ?) AND stage <> 'closed'"
KEEP = "INSERT INTO adoptions (version, fingerprint, adopted_by, reason, at) VALUES (?, ?, ?, ?, ?)"

PROPOSED = (
    "SELECT proposed_by FROM proposals WHERE version = ? AND fingerprint = ? AND proposed_by <> ?"
    " AND at >= (SELECT COALESCE(MAX(at), 0) FROM adoptions) ORDER BY id DESC LIMIT 1"
)
SEALED: Mapping[Kind, str] = {
    "adoption": "UPDATE adoptions SET seal = ? WHERE id = ?",
    "proposal": "UPDATE proposals SET seal = ? WHERE id = ?",
}
PROPOSE = "INSERT INTO proposals (version, fingerprint, proposed_by, reason, at) VALUES (?, ?, ?, ?, ?)"


def add(db: Db, root: Root, kind: Kind, row: tuple[str, str, str, str, int]) -> None:
    """Its number is sealed with it, since the highest decides."""
    number = db.insert(KEEP if kind == "adoption" else PROPOSE, row)
    made = mark(root.tally, kind, number, *row)
    db.run(SEALED[kind], (made[:SEAL], number))
    db.tally.add(kind, made)


class StoredPolicies:
    """Adoptions are only ever added."""

    def __init__(self, group: GroupCommit, root: Root) -> None:
        self._group = group
        self._root = root

    async def adopted(self) -> tuple[str, str] | None:
        row = await self._group.run(lambda db: db.row(LAST))
        return (row[0], row[1]) if row else None

    async def propose(self, version: str, fingerprint: str, by: str, reason: str, at: datetime) -> str:
        def keep(db: Db) -> str:
            row = db.row(PROPOSED, (version, fingerprint, by))
            add(db, self._root, "proposal", (version, fingerprint, by, reason, micros(at)))
            return str(row[0]) if row else ""

        return await self._group.run(keep)

    async def adopt(self, version: str, fingerprint: str, by: str, reason: str, at: datetime) -> None:
        """Every case is due at once, so that it is stood anew under this version."""
        now = micros(at)

        def keep(db: Db) -> None:
            add(db, self._root, "adoption", (version, fingerprint, by, reason, now))
            db.run(WAKE, (now, now))

        await self._group.run(keep)
