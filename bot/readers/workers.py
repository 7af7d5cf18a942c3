"""The readers in processes of their own: never in the event loop, killed when they hang, replaced when they die."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

log = logging.getLogger(__name__)

READINGS = 200  # of one process before a fresh one takes its place: what native libraries leak ends with it


class Readers:
    """A pool of `workers` processes; one reading may take `seconds`."""

    def __init__(self, workers: int = 1, seconds: float = 10.0) -> None:
        from pebble import ProcessPool

        self._seconds = seconds
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=READINGS,
            initializer=warm,
            context=multiprocessing.get_context("spawn"),
        )

    async def read(self, files: Sequence[bytes], hint: str = "") -> Mapping[str, str]:  # noqa: ARG002 - the port's shape
        """Evidence (see bot.readers.document.read) with `cpu_ms` and `wall_ms` of the reading.

        `unread` is `timeout` where it took too long, `crash` where the process died: a person then looks.
        """
        began = time.perf_counter()
        evidence = await self._result(list(files))
        return {**evidence, "wall_ms": f"{(time.perf_counter() - began) * 1000:.0f}"}

    async def _result(self, files: list[bytes]) -> Mapping[str, str]:
        from pebble import ProcessExpired

        future = self._pool.schedule(work, args=[files], timeout=self._seconds)
        try:
            evidence: Mapping[str, str] = await asyncio.wrap_future(future)
        except TimeoutError:
            log.warning("a reading took over %s seconds and was ended", self._seconds)
            return {"unread": "timeout"}
        except ProcessExpired as error:
            log.warning("a reading's process died (exit code %s)", error.exitcode)
            return {"unread": "crash"}
        return evidence

    async def close(self) -> None:
        """End the processes."""
        self._pool.stop()
        await asyncio.to_thread(self._pool.join)


def warm() -> None:
    """Load the networks before the first picture waits for them; one thread each."""
    import cv2

    from bot.readers.text import engine

    cv2.setNumThreads(1)
    engine()


def work(files: list[bytes]) -> Mapping[str, str]:
    """In the worker: read, and say how much CPU it took."""
    from bot.readers.document import read

    began = time.process_time()
    evidence = read(files, datetime.now(UTC).date())
    return {**evidence, "cpu_ms": f"{(time.process_time() - began) * 1000:.0f}"}
