"""Data keys: one a case, retention class and purpose; whoever destroys one erases all that lies under it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.model import CaseId
from storage.database import Db
from storage.keys import KEY_BYTES, Box, Master, Root, TamperedError, Wrapped, WrongKeyError

Purpose = Literal["records", "files"]

READ = "SELECT retention, master, wrapped FROM data_keys WHERE case_id = ? AND purpose = ?"
KEEP = (
    "INSERT INTO data_keys (case_id, retention, purpose, master, wrapped) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING"
)
ALL = (
    "SELECT retention, purpose, master, wrapped FROM data_keys WHERE case_id = ? ORDER BY retention, purpose"
)
READ_ROOT = "SELECT master, value FROM meta WHERE name = 'root'"
KEEP_ROOT = "INSERT INTO meta (name, master, value) VALUES ('root', ?, ?) ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Keys:
    """All that opens the store."""

    master: Master
    root: Root


def open_keys(db: Db, master: Master) -> Keys:
    """The store's root key, made where the store is new. Raises WrongKeyError, TamperedError."""
    found = db.row(READ_ROOT)
    if found is None:
        wrapped = master.wrap(os.urandom(KEY_BYTES), b"root")
        db.run(KEEP_ROOT, (wrapped.master, wrapped.value))
        found = db.row(READ_ROOT)  # another process may have been first
    if found is None:
        raise TamperedError("the store lost its root key")
    try:
        return Keys(master, Root(master.unwrap(Wrapped(*found), b"root")))
    except TamperedError:
        raise TamperedError(
            "the store's root key (root, in the table meta) was changed and does not open:"
            " nothing is read without it; put it back from a backup"
        ) from None


def place(case: str, retention: str, purpose: Purpose) -> bytes:
    return f"key\n{case}\n{retention}\n{purpose}".encode()


def read_boxes(db: Db, master: Master, case: CaseId, purpose: Purpose = "records") -> dict[str, Box]:
    """By retention class; classes that were erased or never used are missing."""
    return {
        retention: Box(master.unwrap(Wrapped(name, value), place(case, retention, purpose)))
        for retention, name, value in db.rows(READ, (case, purpose))
    }


def not_opening(db: Db, master: Master, case: CaseId) -> list[tuple[str, str]]:
    """Retention class and purpose of each data key that no master key here opens: it was changed, moved or cut."""
    shut = []
    for retention, purpose, name, value in db.rows(ALL, (case,)):
        try:
            Box(master.unwrap(Wrapped(name, value), place(case, retention, purpose)))
        except (TamperedError, WrongKeyError, ValueError):  # ValueError: it opens, and is no key
            shut.append((retention, purpose))
    return shut


def keep_key(db: Db, case: CaseId, retention: str, purpose: Purpose, wrapped: Wrapped) -> bool:
    """False where there is one already."""
    return db.run(KEEP, (case, retention, purpose, wrapped.master, wrapped.value)) == 1


@dataclass(slots=True)
class Ring:
    """The boxes of a case while it is saved; a class that is used for the first time gets its key here."""

    master: Master
    case: CaseId
    boxes: Mapping[str, Box]
    made: dict[str, Wrapped] = field(default_factory=dict)

    def box(self, retention: str) -> Box:
        found = self.boxes.get(retention)
        if found is None:
            key = os.urandom(KEY_BYTES)
            self.made[retention] = self.master.wrap(key, place(self.case, retention, "records"))
            found = Box(key)
            self.boxes = {**self.boxes, retention: found}
        return found

    def keep(self, db: Db) -> None:
        """Store the keys that were made; the header must have moved in this transaction (it is the lock)."""
        for retention, wrapped in self.made.items():
            if not keep_key(db, self.case, retention, "records", wrapped):
                raise TamperedError(f"{self.case}: a data key appeared beside its header")
