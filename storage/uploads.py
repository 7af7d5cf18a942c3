"""Uploads under way: their pieces, encrypted, in a folder; thrown away when an hour brings no more of them.

An upload is a folder whose name says how long it will be, a piece is a file whose name says where it stands, so that
how much is there is always read from the disk: processes that share the folder, and a restart, agree on it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from storage.keys import NONCE_BYTES, Box, derive

TAG_BYTES = 16
KEPT_FOR = 3600.0  # seconds since the last piece
MOST_UPLOADS = 10  # of one link: five files, and a second go at each
MOST_BYTES = 2 * 1024**3  # promised on this disk, all links together


class Pieces:
    """Uploads by link and name. `room`, in bytes: what all may come to; a promise counts whole from its first piece."""

    def __init__(self, home: Path, key: bytes, room: int = MOST_BYTES) -> None:
        self._home = home
        self._box = Box(derive(key, "pieces"))
        self._places = derive(key, "places")
        self._room = room

    async def size(self, link: str, name: str) -> int:
        """Bytes that are there, 0 of what never began."""
        return await asyncio.to_thread(self._size, self._folder(link, name))

    async def add(self, link: str, name: str, at: int, content: bytes, whole: int) -> int | None:
        """The bytes that are there now: no more than before where `at` is not their end. None: no room."""
        return await asyncio.to_thread(self._add, link, name, at, content, whole)

    async def read(self, link: str, name: str) -> bytes:
        """What is there, all of it or not. Raises TamperedError."""
        return await asyncio.to_thread(self._read, self._folder(link, name))

    async def drop(self, link: str) -> None:
        """All uploads of a link."""
        await asyncio.to_thread(shutil.rmtree, self._home / self._hidden(link), ignore_errors=True)

    async def sweep(self) -> None:
        """Throw away what nobody went on with."""
        await asyncio.to_thread(self._sweep, time.time() - KEPT_FOR)

    def _hidden(self, name: str) -> str:
        return hmac.digest(self._places, name.encode(), sha256)[:16].hex()

    def _folder(self, link: str, name: str) -> Path | None:
        return next((self._home / self._hidden(link)).glob(f"{self._hidden(name)}.*"), None)

    def _size(self, folder: Path | None) -> int:
        return sum(length for _, length in _pieces(folder)) if folder else 0

    def _add(self, link: str, name: str, at: int, content: bytes, whole: int) -> int | None:
        folder = self._folder(link, name) or self._begin(link, name, whole)
        if folder is None:
            return None
        here = self._size(folder)
        if at != here or not content or at + len(content) > int(folder.suffix[1:]):
            return here
        piece = folder / f"{at:09d}"
        draft = folder / f"{secrets.token_hex(6)}.new"
        draft.write_bytes(self._box.seal(content, _place(folder, at)))
        with contextlib.suppress(FileExistsError):  # the same piece came twice at once: one of them is enough
            os.link(draft, piece)
        draft.unlink()
        return self._size(folder)

    def _begin(self, link: str, name: str, whole: int) -> Path | None:
        """The folder of a new upload, None where there is no room for what it will be."""
        self._sweep(time.time() - KEPT_FOR)
        parent = self._home / self._hidden(link)
        promised = [int(folder.suffix[1:]) for folder in self._home.glob("*/*.*")]
        if sum(promised) + whole > self._room or sum(1 for _ in parent.glob("*")) >= MOST_UPLOADS:
            return None
        folder = parent / f"{self._hidden(name)}.{whole}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _read(self, folder: Path | None) -> bytes:
        if folder is None:
            return b""
        return b"".join(
            self._box.open((folder / f"{at:09d}").read_bytes(), _place(folder, at))
            for at, _ in _pieces(folder)
        )

    def _sweep(self, before: float) -> None:
        for folder in self._home.glob("*/*.*"):
            with contextlib.suppress(FileNotFoundError):  # another process sweeps too
                if folder.stat().st_mtime < before:
                    shutil.rmtree(folder, ignore_errors=True)
        for parent in self._home.glob("*"):
            with contextlib.suppress(OSError):  # only an empty folder goes
                parent.rmdir()


def _pieces(folder: Path) -> Iterator[tuple[int, int]]:
    """(where it stands, how long it is) of each piece, as far as they follow one another."""
    end = 0
    for piece in sorted(folder.glob("[0-9]" * 9)):
        if int(piece.name) != end:
            return
        length = piece.stat().st_size - NONCE_BYTES - TAG_BYTES
        yield end, length
        end += length


def _place(folder: Path, at: int) -> bytes:
    return f"upload\n{folder.parent.name}\n{folder.name}\n{at}".encode()
