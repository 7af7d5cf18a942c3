"""Uploads under way on the disk: encrypted, bounded, gone on with after a restart, and thrown away."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from storage.keys import TamperedError
from storage.uploads import KEPT_FOR, MOST_UPLOADS, Pieces

KEY = bytes(range(32))
LINK, NAME = "up:c0ffee0000:7:identity", "a" * 64


@pytest.fixture
def pieces(tmp_path: Path) -> Pieces:
    return Pieces(tmp_path, KEY)


def uploads(home: Path) -> list[Path]:
    return sorted(home.glob("*/*.*"))


def links(home: Path) -> list[Path]:
    return sorted(home.glob("*"))


def files(home: Path) -> list[Path]:
    return sorted(path for path in home.rglob("*") if path.is_file())


async def test_pieces_add_up_and_another_process_goes_on(pieces: Pieces, tmp_path: Path) -> None:
    assert await pieces.size(LINK, NAME) == 0
    assert await pieces.add(LINK, NAME, 0, b"abc", 8) == 3
    later = Pieces(tmp_path, KEY)
    assert await later.size(LINK, NAME) == 3
    assert await later.add(LINK, NAME, 3, b"defgh", 8) == 8
    assert await pieces.read(LINK, NAME) == b"abcdefgh"


@pytest.mark.parametrize(
    ("at", "content"),
    [(0, b"abc"), (2, b"c"), (4, b"e"), (3, b"too long"), (3, b"")],
    ids=["again", "before", "a gap", "beyond the end", "nothing"],
)
async def test_a_piece_that_does_not_fit_changes_nothing(pieces: Pieces, at: int, content: bytes) -> None:
    await pieces.add(LINK, NAME, 0, b"abc", 8)
    assert await pieces.add(LINK, NAME, at, content, 8) == 3
    assert await pieces.read(LINK, NAME) == b"abc"
    assert await pieces.add(LINK, NAME, 3, b"d", 8) == 4
    assert await pieces.read(LINK, NAME) == b"abcd"


async def test_the_same_piece_at_once_is_kept_once(pieces: Pieces) -> None:
    await pieces.add(LINK, NAME, 0, b"abc", 8)
    await asyncio.gather(*(pieces.add(LINK, NAME, 3, b"def", 8) for _ in range(4)))
    assert await pieces.read(LINK, NAME) == b"abcdef"


async def test_nothing_on_the_disk_says_what_or_whose_it_is(pieces: Pieces, tmp_path: Path) -> None:
    await pieces.add(LINK, NAME, 0, b"Ada Lovelace", 20)
    written = b"".join(
        str(path.relative_to(tmp_path)).encode() + path.read_bytes() for path in files(tmp_path)
    )
    for secret in (b"Ada", b"Lovelace", b"c0ffee", b"identity", NAME.encode()):
        assert secret not in written


async def test_a_piece_that_was_changed_or_moved_does_not_open(pieces: Pieces, tmp_path: Path) -> None:
    await pieces.add(LINK, NAME, 0, b"abc", 6)
    await pieces.add(LINK, NAME, 3, b"def", 6)
    first, second = files(tmp_path)
    second.write_bytes(first.read_bytes())
    with pytest.raises(TamperedError):
        await pieces.read(LINK, NAME)


async def test_what_is_promised_counts_from_the_first_piece(tmp_path: Path) -> None:
    pieces = Pieces(tmp_path, KEY, room=100)
    assert await pieces.add(LINK, NAME, 0, b"abc", 60) == 3
    assert await pieces.add("another", NAME, 0, b"abc", 41) is None
    assert await pieces.add("another", NAME, 0, b"abc", 40) == 3
    await pieces.drop(LINK)
    assert await pieces.size(LINK, NAME) == 0
    assert await pieces.add("a third", NAME, 0, b"abc", 60) == 3


async def test_one_link_begins_so_many_and_no_more(pieces: Pieces) -> None:
    for n in range(MOST_UPLOADS):
        assert await pieces.add(LINK, f"{n}", 0, b"a", 9) == 1
    assert await pieces.add(LINK, "one more", 0, b"a", 9) is None
    assert await pieces.add(LINK, "0", 1, b"b", 9) == 2


async def test_what_nobody_went_on_with_is_thrown_away(pieces: Pieces, tmp_path: Path) -> None:
    await pieces.add(LINK, "old", 0, b"abc", 8)
    (old,) = uploads(tmp_path)
    await pieces.add(LINK, "new", 0, b"abc", 8)
    await pieces.add("another", "old too", 0, b"abc", 8)
    past = time.time() - KEPT_FOR - 1
    for folder in uploads(tmp_path):
        if folder == old or folder.parent != old.parent:
            os.utime(folder, (past, past))
    await pieces.sweep()
    assert (await pieces.size(LINK, "old"), await pieces.size("another", "old too")) == (0, 0)
    assert await pieces.size(LINK, "new") == 3
    assert links(tmp_path) == [old.parent]
