"""The readers in processes of their own: never in the event loop, killed when they hang, replaced when they die."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

from bot.readers.asked import MODELS, Asked

log = logging.getLogger(__name__)

READINGS = 200  # of one process before a fresh one takes its place: what native libraries leak ends with it
MEMORY = (
    3 * 1024**3 // 2
)  # bytes of data of one process; measured: 0.3 GB when loaded, 0.9 GB at the most when reading
FACES = frozenset({"selfie", "liveness"})  # requirements whose files show a face
OUT_OF_MEMORY = 71  # exit code (EX_OSERR)
NO_ROOM = ("bad_alloc", "Failed to allocate", "Insufficient memory")  # how onnxruntime and OpenCV say it


class SeenBeside(Protocol):
    """What files are read beside, as the core hands it over."""

    @property
    def portrait(self) -> tuple[bytes, ...]: ...

    @property
    def turns(self) -> tuple[str, ...]: ...


class Readers:
    """A pool of `workers` processes; one reading may take `seconds`, and one process `memory` bytes of data (Linux).

    `models`: the folder of the fetched weights; what needs them goes to a person where they are missing.
    `playing`: in the demo specimens pass for papers.
    """

    def __init__(
        self,
        workers: int = 1,
        seconds: float = 10.0,
        memory: int = MEMORY,
        models: Path = MODELS,
        *,
        playing: bool = False,
    ) -> None:
        from pebble import ProcessPool

        self._seconds = seconds
        self._models = models
        self._unsaid = frozenset({"specimen"}) if playing else frozenset()
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=READINGS,
            initializer=warm,
            initargs=[memory, models],
            context=multiprocessing.get_context("spawn"),
        )

    async def read(
        self, files: Sequence[bytes], hint: str = "", beside: SeenBeside | None = None
    ) -> Mapping[str, str]:
        """Evidence (see bot.readers.document and bot.readers.biometrics) with `cpu_ms` and `wall_ms` of the reading.

        `unread` is `timeout` where it took too long, `crash` where the process died or met a bug: a person then looks.
        """
        began = time.perf_counter()
        portrait, turns = (beside.portrait, beside.turns) if beside else ((), ())
        evidence = await self._result(Asked(list(files), hint, portrait, turns, self._models))
        said = {name: value for name, value in evidence.items() if name not in self._unsaid}
        return {**said, "wall_ms": f"{(time.perf_counter() - began) * 1000:.0f}"}

    async def _result(self, asked: Asked) -> Mapping[str, str]:
        from pebble import ProcessExpired

        future = self._pool.schedule(work, args=[asked], timeout=self._seconds)
        try:
            evidence: Mapping[str, str] = await asyncio.wrap_future(future)
        except TimeoutError:
            log.warning("a reading took over %s seconds and was ended", self._seconds)
            return {"unread": "timeout"}
        except ProcessExpired as error:
            log.warning("a reading's process died (exit code %s)", error.exitcode)
            return {"unread": "crash"}
        if "bug" in evidence:
            log.error("a reading met a bug: %s", evidence["bug"])
        return evidence

    async def close(self) -> None:
        """End the processes."""
        self._pool.stop()
        await asyncio.to_thread(self._pool.join)


def warm(memory: int = MEMORY, models: Path = MODELS) -> None:
    """Load the networks before the first picture waits for them; one thread each; no more memory than that."""
    import cv2

    from bot.readers.text import engine, equip

    bound(memory)
    cv2.setNumThreads(1)
    engine()
    equip(models)


def bound(memory: int) -> None:
    """A picture that unfolds into more than this ends its own reading, not the machine. Linux only."""
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        lower = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (lower, hard))


def work(asked: Asked) -> Mapping[str, str]:
    """In the worker: read, and say how much CPU it took. Out of memory, the process ends: a fresh one takes over.

    A bug is told by its kind and place alone (`bug`): its words may quote what was read.
    """
    began = time.process_time()
    evidence: Mapping[str, str]
    try:
        evidence = _read(asked, datetime.now(UTC).date())
    except Exception as error:  # noqa: BLE001 - whatever a file does to a library, its sender gets an answer
        if isinstance(error, MemoryError) or any(words in str(error) for words in NO_ROOM):
            os._exit(OUT_OF_MEMORY)
        place = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__module__}.{type(error).__name__}"
        evidence = {"unread": "crash", "bug": f"{kind} at {Path(place.filename).name}:{place.lineno}"}
    return {**evidence, "cpu_ms": f"{(time.process_time() - began) * 1000:.0f}"}


def _read(asked: Asked, today: date) -> Mapping[str, str]:
    from bot.readers import biometrics, document

    if asked.hint in FACES:
        return biometrics.read(asked, today)
    return document.read(asked.files, today)
