"""Readings in processes of their own: one that hangs, dies or swells harms neither the next one nor the event loop."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image

from bot.readers.workers import Readers
from tests.test_readers_document import HOLDER, PASSPORT
from tests.test_readers_image import saved

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
GRAIN = saved(Image.effect_noise((2400, 2400), 60).convert("RGB"), "JPEG", quality=70)
LONG = [GRAIN] * 20  # over ten seconds of work


@asynccontextmanager
async def pool(seconds: float = 120, memory: int = 3 * 1024**3) -> AsyncIterator[Readers]:
    readers = Readers(seconds=seconds, memory=memory)
    try:
        yield readers
    finally:
        await readers.close()


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - another process's state has no event to wait for
        await asyncio.sleep(0.01)


def child() -> int:
    """The worker, once it is there."""
    (found,) = (process.pid for process in multiprocessing.active_children() if process.pid)
    return found


def ticks_of(pid: int) -> int:
    """CPU time of a process, in the kernel's ticks (proc(5): fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


async def test_a_reading_while_the_event_loop_goes_on() -> None:
    count = 0

    async def ticker() -> None:
        nonlocal count
        while True:
            await asyncio.sleep(0.01)
            count += 1

    async with pool() as readers:
        ticking = asyncio.create_task(ticker())
        evidence = await readers.read([saved(PASSPORT)])
        ticking.cancel()
    assert HOLDER.items() <= evidence.items()
    assert int(evidence["cpu_ms"]) > 0
    assert int(evidence["wall_ms"]) > 0
    assert count > 10  # a reading takes hundreds of milliseconds, its process's start more


@linux
async def test_a_process_that_dies_is_replaced() -> None:
    async with pool() as readers:
        assert (await readers.read([b""]))["unread"] == "empty"
        pid = child()
        before = ticks_of(pid)
        reading = asyncio.create_task(readers.read(LONG))
        await until(lambda: ticks_of(pid) > before + 20)
        os.kill(pid, signal.SIGKILL)
        assert (await reading)["unread"] == "crash"
        assert HOLDER.items() <= (await readers.read([saved(PASSPORT)])).items()
        assert child() != pid


async def test_a_reading_that_takes_too_long_is_ended() -> None:
    async with pool(seconds=2) as readers:
        assert (await readers.read(LONG))["unread"] == "timeout"
        evidence = await readers.read([b""])
    assert (evidence["unread"], evidence["reader"]) == ("empty", "documents/1")


async def test_readings_wait_for_one_another() -> None:
    async with pool() as readers:
        several = await asyncio.gather(
            *(readers.read([content]) for content in (b"", b"text", saved(PASSPORT)))
        )
    assert [evidence.get("unread") for evidence in several] == ["empty", "not_a_picture", None]


@linux
async def test_a_picture_that_swells_is_refused() -> None:
    """58 million pixels in 230 kilobytes; a quarter of a gigabyte when unfolded, and a process that may not have it."""
    bomb = saved(Image.new("RGBA", (7600, 7600)))
    async with pool(memory=500 * 1024**2) as readers:
        assert (await readers.read([bomb]))["unread"] == "too_many_pixels"
        assert (await readers.read([b""]))["unread"] == "empty"


@linux
async def test_a_process_without_memory_is_replaced() -> None:
    async with pool(memory=500 * 1024**2) as readers:
        assert (await readers.read([GRAIN]))["unread"] == "crash"
        assert (await readers.read([b""]))["unread"] == "empty"
