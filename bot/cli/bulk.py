"""Many lines at once, on every core; a few at a time are answered as they come."""

from __future__ import annotations

import gc
import multiprocessing
import os
import select
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

Answer = Callable[[str], str]

MANY = 64  # lines that wait together: from here on they are spread
READ = 1 << 16  # bytes

_answer: Answer  # of a child: what it was forked with


def answered(lines: BinaryIO, answer: Answer) -> Iterator[str]:
    """One answer for each line, in order. `lines`: any binary stream; bytes that are no UTF-8 become replacement marks.

    Who writes a line and waits is answered at once. Where many lines wait and there is more than one core, children
    that were forked with all that is in memory share them.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if cores == 1:
        yield from map(answer, map(_text, iter(lines.readline, b"")))
        return
    pool = None
    try:
        for some in _waiting(lines):
            if len(some) < MANY:
                yield from map(answer, some)
                continue
            pool = pool or _forked(answer, cores)
            parts = [some[at : at + MANY] for at in range(0, len(some), MANY)]
            for done in pool.imap(_answers, parts):
                yield from done
    finally:
        if pool:
            pool.terminate()


def _forked(answer: Answer, cores: int) -> multiprocessing.pool.Pool:
    gc.freeze()  # or the collector would touch, and so copy, what the children share
    return multiprocessing.get_context("fork").Pool(cores, _begin, (answer,))


def _begin(answer: Answer) -> None:
    global _answer  # noqa: PLW0603 - a child has one task, given to it once
    _answer = answer


def _answers(lines: Sequence[str]) -> list[str]:
    return [_answer(line) for line in lines]


def _waiting(stream: BinaryIO) -> Iterator[list[str]]:
    """All lines that can be read without waiting, then the next; the last may lack its end."""
    try:
        handle = stream.fileno()
    except OSError:
        yield [_text(line) for line in stream]
        return
    rest = b""
    while True:
        read = os.read(handle, READ)
        *whole, rest = (rest + read).split(b"\n")
        while read and len(whole) < READ and select.select([handle], [], [], 0)[0]:
            read = os.read(handle, READ)
            *more, rest = (rest + read).split(b"\n")
            whole += more
        if whole:
            yield [_text(line) for line in whole]
        if not read:
            if rest:
                yield [_text(rest)]
            return


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")
