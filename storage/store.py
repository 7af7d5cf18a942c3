"""The store: one connection, one thread, and the ports on top."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storage.audit import Report, audit
from storage.cases import StoredCases
from storage.database import SQLITE, connect
from storage.datakeys import Keys, open_keys
from storage.files import Folder
from storage.group import GroupCommit
from storage.history import Cache
from storage.keys import Master, derive
from storage.migrate import check
from storage.outbox import StoredOutbox
from storage.policies import StoredPolicies
from storage.register import StoredRegister
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

    def secret(self, purpose: str) -> bytes:
        """A key of its own for what this store signs; it outlives a change of the master key."""
        return derive(self._keys.root.key, purpose)

    @classmethod
    def open(cls, url: str, home: Path, master: bytes, *older: bytes) -> Storage:
        """`home/files` holds the vault; `older` master keys still open what they wrapped.

        Raises WrongKeyError, OutdatedError (run `migrate` first), AwayError, ValueError for an unknown URL.
        """
        db, files = connect(url), Folder(home / "files")
        try:
            check(db)
            db.begin()
            keys = open_keys(db, Master(master, *older))
            finish_erasures(db, files)
            db.commit()
        except BaseException:
            db.rollback()
            db.close()
            raise
        group = GroupCommit(db)
        cache = Cache(lambda: group.foreign, HELD)
        shared = not url.startswith(SQLITE)
        vault = FileVault(group, keys, files)
        return cls(
            StoredCases(group, keys, cache, vault, shared),
            StoredRegister(group, keys, cache, shared),
            StoredOutbox(group, keys),
            StoredPolicies(group),
            vault,
            StoredLedger(group, keys),
            group,
            keys,
        )

    async def audit(self) -> Report:
        """Every case against its chain."""
        return await audit(self._group, self._keys)

    async def close(self) -> None:
        """After all that was promised is stored."""
        await self._group.close()
