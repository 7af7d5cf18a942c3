"""Where the vault keeps its bytes: a folder; anything with these four methods will do."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Protocol


class Files(Protocol):
    """Bytes by name; what is in them is the vault's affair. Calls block: the vault makes them in threads."""

    def write(self, name: str, content: bytes) -> None:
        """All or nothing, and safe from a power cut when this returns; a name that exists is replaced."""
        ...

    def read(self, name: str) -> bytes:
        """Raises FileNotFoundError."""
        ...

    def remove(self, name: str) -> None:
        """A name that does not exist is removed already."""
        ...

    def size(self, name: str) -> int | None:
        """None where there is no such name."""
        ...


class Folder:
    """Files spread over 256 folders by the first two letters of their names."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def _path(self, name: str) -> Path:
        return self._home / name[:2] / name

    def write(self, name: str, content: bytes) -> None:
        path = self._path(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{name}.{secrets.token_hex(4)}.new")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        settle(path.parent)

    def read(self, name: str) -> bytes:
        return self._path(name).read_bytes()

    def remove(self, name: str) -> None:
        path = self._path(name)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            settle(path.parent)

    def size(self, name: str) -> int | None:
        path = self._path(name)
        return path.stat().st_size if path.exists() else None


def settle(folder: Path) -> None:
    """A rename or a removal outlasts a power cut only once its folder is synced."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
