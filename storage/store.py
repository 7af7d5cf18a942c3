"""The store: one connection, one thread, and the ports on top."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from storage.audit import Report, audit
from storage.cases import StoredCases
from storage.database import SQLITE, connect
from storage.datakeys import Keys, open_keys
from storage.files import Folder
from storage.group import GroupCommit
from storage.head import Head
from storage.history import Cache
from storage.keys import Master, derive
from storage.migrate import check
from storage.outbox import StoredOutbox
from storage.policies import StoredPolicies
from storage.register import StoredRegister
from storage.sealing import seal_once
from storage.tally import settle
from storage.transactions import StoredLedger
from storage.vault import FileVault, finish_erasures

HELD = 2_000  # histories in memory: a talking case is a few kilobytes


@dataclass(frozen=True)
class Storage:
    """Everything that is kept, behind the core's ports."""

    cases: StoredCases
    register: StoredRegister
    outbox: StoredOutbox
    policies: StoredPolicies
    vault: FileVault
    ledger: StoredLedger
    _group: GroupCommit
    _keys: Keys
    _url: str

    def secret(self, purpose: str) -> bytes:
        """A key of its own for what this store signs; it outlives a change of the master key."""
        return derive(self._keys.root.key, purpose)

    @classmethod
    def open(cls, url: str, home: Path, master: bytes, *older: bytes, only_reads: bool = False) -> Storage:
        """`home/files` holds the vault; `older` master keys still open what they wrapped.

        `only_reads`: nothing can be written, and whoever writes waits for none of it.

        Raises WrongKeyError, OutdatedError (run `migrate` first), AwayError, ValueError for an unknown URL.
        """
        db, files = connect(url), Folder(home / "files")
        try:
            check(db)
            db.begin()
            keys = open_keys(db, Master(master, *older))
            finish_erasures(db, files)
            seal_once(db, keys.root)
            db.commit()
            if only_reads:
                db.only_reads()
        except BaseException:
            db.rollback()
            db.close()
            raise
        group = GroupCommit(db, partial(settle, key=keys.root.tally))
        cache = Cache(lambda: group.foreign, HELD)
        shared = not url.startswith(SQLITE)
        vault = FileVault(group, keys, files)
        return cls(
            StoredCases(group, keys, cache, vault, shared),
            StoredRegister(group, keys, cache, shared),
            StoredOutbox(group, keys),
            StoredPolicies(group, keys.root),
            vault,
            StoredLedger(group, keys),
            group,
            keys,
            url,
        )

    async def audit(self, since: Head | None = None) -> Report:
        """Everything that is sealed, as it stands at one instant, on a connection of its own: nobody waits for it."""

        def look() -> Report:
            db = connect(self._url)
            try:
                db.only_reads()
                db.begin()
                return audit(db, self._keys, since)
            finally:
                db.close()

        return await asyncio.to_thread(look)

    async def close(self) -> None:
        """After all that was promised is stored."""
        await self._group.close()
