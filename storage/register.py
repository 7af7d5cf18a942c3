"""Who is who, and who waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.model import CaseId
from storage.database import spread
from storage.datakeys import Keys
from storage.group import GroupCommit
from storage.history import Cache

CASE_OF = "SELECT case_id FROM bindings WHERE chat = ? ORDER BY nth DESC LIMIT 1"
CHATS_OF = "SELECT chat FROM bindings WHERE case_id = ? AND SUBSTR(chat, 1, 7) <> 'seller:' ORDER BY at, chat"
FIND = "SELECT case_id FROM tokens WHERE token IN (..) GROUP BY case_id HAVING COUNT(*) = ? ORDER BY case_id"
HOLDERS = "SELECT token, case_id FROM tokens WHERE token IN (..) AND case_id <> ? ORDER BY case_id LIMIT 1000"
QUEUE = "SELECT id FROM cases WHERE waits IS NOT NULL ORDER BY waits, id LIMIT ?"
QUIET = "SELECT id FROM cases WHERE quiet IS NOT NULL ORDER BY quiet, id LIMIT ?"


SELECT = "SELECT id FROM cases WHERE {} ORDER BY opened_at, id"
BY = {"stage": "stage = ?", "tier": "tier = ?", "country": "country = ?", "owed": "owed LIKE ?"}


class StoredRegister:
    """Names and numbers are found by their keyed hashes only. `shared`: other processes bind chats too."""

    def __init__(self, group: GroupCommit, keys: Keys, cache: Cache, shared: bool) -> None:
        self._group = group
        self._keys = keys
        self._cache = cache
        self._shared = shared

    async def case_of(self, chat: str) -> CaseId | None:
        if not self._shared and (known := self._cache.case_of(chat)):
            return known
        row = await self._group.run(lambda db: db.row(CASE_OF, (chat,)))
        if row:
            self._cache.bind(chat, CaseId(row[0]))
        return CaseId(row[0]) if row else None

    async def chats_of(self, case: CaseId) -> tuple[str, ...]:
        rows = await self._group.run(lambda db: db.rows(CHATS_OF, (case,)))
        return tuple(chat for (chat,) in rows)

    async def find(self, words: Sequence[str]) -> tuple[CaseId, ...]:
        tokens = {self._keys.root.token(word) for word in words}
        if not tokens:
            return ()
        sql = spread(FIND, len(tokens))
        rows = await self._group.run(lambda db: db.rows(sql, (*tokens, len(tokens))))
        return tuple(CaseId(case) for (case,) in rows)

    async def holders(self, words: frozenset[str], but: CaseId) -> Mapping[str, tuple[CaseId, ...]]:
        by_token = {self._keys.root.token(word): word for word in words}
        if not by_token:
            return {}
        sql = spread(HOLDERS, len(by_token))
        rows = await self._group.run(lambda db: db.rows(sql, (*by_token, but)))
        found: dict[str, tuple[CaseId, ...]] = {}
        for token, case in rows:
            word = by_token[bytes(token)]
            found[word] = (*found.get(word, ()), CaseId(case))
        return found

    async def queue(self, limit: int = 20) -> tuple[CaseId, ...]:
        rows = await self._group.run(lambda db: db.rows(QUEUE, (limit,)))
        return tuple(CaseId(case) for (case,) in rows)

    async def quiet(self, limit: int = 20) -> tuple[CaseId, ...]:
        rows = await self._group.run(lambda db: db.rows(QUIET, (limit,)))
        return tuple(CaseId(case) for (case,) in rows)

    async def select(self, wanted: Mapping[str, str]) -> tuple[CaseId, ...]:
        sql = SELECT.format(" AND ".join(BY[name] for name in wanted) or "1 = 1")
        values = [f"% {value} %" if name == "owed" else value for name, value in wanted.items()]
        rows = await self._group.run(lambda db: db.rows(sql, tuple(values)))
        return tuple(CaseId(case) for (case,) in rows)
