"""Which version of the policy decides: the last that a person adopted."""

from __future__ import annotations

from datetime import datetime

from storage.group import GroupCommit
from storage.instants import micros

LAST = "SELECT version FROM adoptions ORDER BY id DESC LIMIT 1"
KEEP = "INSERT INTO adoptions (version, fingerprint, adopted_by, reason, at) VALUES (?, ?, ?, ?, ?)"


class StoredPolicies:
    """Adoptions are only ever added."""

    def __init__(self, group: GroupCommit) -> None:
        self._group = group

    async def adopted(self) -> str | None:
        row = await self._group.run(lambda db: db.row(LAST))
        return row[0] if row else None

    async def adopt(self, version: str, fingerprint: str, by: str, reason: str, at: datetime) -> None:
        values = (version, fingerprint, by, reason, micros(at))
        await self._group.run(lambda db: db.insert(KEEP, values))
