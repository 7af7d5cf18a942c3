"""The vault: encrypted files, each under the file key of its case and retention class."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from typing import NamedTuple

from bot.model import CaseId, Retention
from bot.ports import UnknownError
from storage.database import Db
from storage.datakeys import Keys, keep_key, read_boxes
from storage.datakeys import place as key_place
from storage.files import Files
from storage.group import GroupCommit
from storage.keys import KEY_BYTES, Box, TamperedError

READ_FILE = "SELECT retention, place FROM files WHERE case_id = ? AND name = ? AND NOT gone"
EPOCH = "SELECT epoch FROM cases WHERE id = ?"
KEEP_FILE = (
    "INSERT INTO files (case_id, name, retention, size, place, gone) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (case_id, name) DO UPDATE SET retention = excluded.retention, size = excluded.size,"
    " place = excluded.place, gone = excluded.gone"
)
GONE = "SELECT case_id, name, place FROM files WHERE gone"
FORGET = "DELETE FROM files WHERE case_id = ? AND name = ? AND gone"
NAMES = "SELECT name, size, retention FROM files WHERE case_id = ? AND NOT gone ORDER BY name"


class Kept(NamedTuple):
    """A file that the vault holds; size in bytes before encryption."""

    name: str
    size: int
    retention: Retention


class Ground(NamedTuple):
    """What a file is put on: the box it goes in, and the case's epoch when that box was opened."""

    box: Box
    epoch: int


class FileVault:
    """First the bytes, then the row that says they are there: a crash between leaves bytes that nobody can open."""

    def __init__(self, group: GroupCommit, keys: Keys, files: Files) -> None:
        self._group = group
        self._keys = keys
        self._files = files

    async def put(self, case: CaseId, name: str, content: bytes, retention: Retention) -> None:
        """What is there already stays. Raises UnknownError where there is no such case, or it is erased meanwhile."""
        if await self._group.run(lambda db: db.row(READ_FILE, (case, name))):
            return
        ground = await self._group.run(partial(_ground, keys=self._keys, case=case, retention=retention))
        place = self._keys.root.file(case, name)
        await asyncio.to_thread(self._seal, ground.box, place, content)
        row = (case, name, retention.value, len(content), place, False)
        if not await self._group.run(partial(_keep, case=case, epoch=ground.epoch, row=row)):
            await asyncio.to_thread(self._files.remove, place)
            raise UnknownError(f"case {case} was erased while a file came")

    async def get(self, case: CaseId, name: str) -> bytes:
        """Raises TamperedError where it should be there and is not, or was changed."""
        found = await self._group.run(partial(_find, keys=self._keys, case=case, name=name))
        if found is None:
            raise UnknownError(f"no file {name} in case {case}")
        return await asyncio.to_thread(self._open, *found)

    async def names(self, case: CaseId) -> tuple[Kept, ...]:
        """What a case has in the vault."""
        rows = await self._group.run(lambda db: db.rows(NAMES, (case,)))
        return tuple(Kept(name, size, Retention(retention)) for name, size, retention in rows)

    async def sweep(self) -> None:
        """Remove the files whose keys are destroyed."""
        for case, name, place in await self._group.run(lambda db: db.rows(GONE)):
            await asyncio.to_thread(self._files.remove, place)
            await self._group.run(partial(_forget, case=case, name=name))

    def _seal(self, box: Box, place: str, content: bytes) -> None:
        self._files.write(place, box.seal(content, place.encode()))

    def _open(self, box: Box, place: str) -> bytes:
        try:
            return box.open(self._files.read(place), place.encode())
        except FileNotFoundError as trouble:
            raise TamperedError(f"the vault's file {place} is missing") from trouble


def _ground(db: Db, keys: Keys, case: CaseId, retention: Retention) -> Ground:
    found = db.row(EPOCH + db.lock, (case,))
    if found is None:
        raise UnknownError(f"no case {case}")
    box = read_boxes(db, keys.master, case, "files").get(retention)
    if box is None:
        key = os.urandom(KEY_BYTES)
        keep_key(db, case, retention, "files", keys.master.wrap(key, key_place(case, retention, "files")))
        box = Box(key)
    return Ground(box, found[0])


def _keep(db: Db, case: CaseId, epoch: int, row: tuple[object, ...]) -> bool:
    if db.row(EPOCH + db.lock, (case,)) != (epoch,):
        return False
    db.run(KEEP_FILE, row)
    return True


def _find(db: Db, keys: Keys, case: CaseId, name: str) -> tuple[Box, str] | None:
    found = db.row(READ_FILE, (case, name))
    if found is None:
        return None
    retention, place = found
    box = read_boxes(db, keys.master, case, "files").get(retention)
    if box is None:
        raise TamperedError(f"case {case}, file {name}: its data key is gone and the file is not")
    return box, place


def finish_erasures(db: Db, files: Files) -> None:
    """The same in one transaction, at the start: what a crash cut short."""
    for case, name, place in db.rows(GONE):
        files.remove(place)
        _forget(db, case, name)


def _forget(db: Db, case: str, name: str) -> int:
    return db.run(FORGET, (case, name))
