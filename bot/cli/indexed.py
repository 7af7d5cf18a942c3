"""The index of what stands on the lists, kept in a file beside the database: made anew where it is of anything else."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.screening import Entity, Index, Load, Watchlists

log = logging.getLogger(__name__)
FILE = "watchlists.index"
OTHERS = 0o022  # may write: then it is not ours alone


async def indexed(stored: Watchlists, home: Path | None) -> Index | None:
    """None where no list is loaded. `home`: the folder of the file; None keeps nothing. Raises AwayError.

    The file is a short cut, never a source: one that is cut, changed, not ours or of other lists is passed over.
    """
    key, path = _key(await stored.loads()), home / FILE if home else None
    if path and (found := await asyncio.to_thread(_read, path, key)) is not None:
        return found
    current = await stored.current()
    if not any(current.values()):
        return None
    if _key(await stored.loads()) != key:  # a load came between: what was read is of no key that is known
        path = None
    return await asyncio.to_thread(_make, current, path, key)


def _make(current: Mapping[str, Mapping[str, Entity]], path: Path | None, key: str) -> Index:
    from bot.screening.index import Index
    from bot.screening.kept import packed
    from bot.screening.making import tables

    made = tables({name: entities.values() for name, entities in current.items()})
    if path:
        _write(path, packed(made, key))
    return Index(made)


def _key(loads: Iterable[Load]) -> str:
    """The same for the same content of all parts, read by the same code."""
    from bot.screening.kept import code

    lines = sorted(f"{load.list}\x1f{load.part}\x1f{load.digest}" for load in loads if load.entities)
    return hashlib.blake2b("\n".join([code(), *lines]).encode(), digest_size=16).hexdigest()


def _read(path: Path, key: str) -> Index | None:
    from bot.screening.index import Index
    from bot.screening.kept import unpacked

    try:
        with path.open("rb") as file:
            _expect_ours(os.fstat(file.fileno()))
            return Index(unpacked(file.read(), key))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.info("the kept index is made anew: %s", error)
        return None


def _expect_ours(about: os.stat_result) -> None:
    if about.st_uid not in {os.geteuid(), 0} or about.st_mode & OTHERS:
        raise ValueError("others may write to it")


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all; nobody else may read or write it."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".index-") as folder:
            fresh = Path(folder, path.name)
            fresh.touch(mode=0o600)
            fresh.write_bytes(data)
            fresh.replace(path)
    except OSError as error:
        log.warning("the index cannot be kept, and is made at each start: %s", error)
