"""`policy simulate`: every stored case under another policy, before anything is live: who would be asked for what."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings


def add(what: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`simulate` below `policy`."""
    simulate = what.add_parser("simulate", help="stand every case under another policy, and change nothing")
    simulate.add_argument(
        "--with",
        dest="path",
        required=True,
        metavar="PATH",
        help="a Python file whose POLICY it is, or a version",
    )
    simulate.add_argument("--json", action="store_true", help="one JSON line")
    simulate.set_defaults(do=run)


def run(settings: Settings, asked: argparse.Namespace) -> int:
    """Prints `{"with", "cases", "asked", "no_longer", "tiers", "seconds"}`: how many sellers each of them concerns."""
    began = time.perf_counter()
    from bot.cli.trial import Moves, all_cases, named, tried

    other = named(asked.path)  # a file that is no policy is told of before the work begins
    ids, cores = asyncio.run(all_cases(settings)), os.cpu_count() or 1
    each = len(ids) // cores + 1  # every core has a stretch that lies together
    parts = [ids[core * each : (core + 1) * each] for core in range(cores)]
    moves = Moves()
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        for part in pool.map(partial(tried, settings, asked.path), parts):
            moves.update(part)
    line = {"with": other.version, "cases": len(ids), **moves.sorted()}
    line["seconds"] = round(time.perf_counter() - began, 1)
    print(json.dumps(line) if asked.json else "\n".join(_plainly(line)))
    return 0


def _plainly(line: dict[str, object]) -> Iterator[str]:
    yield f"{line['cases']} cases under {line['with']}:"
    for name, words in (("asked", "would be asked for"), ("no_longer", "would no longer be asked for")):
        for key, n in dict(line[name]).items():  # type: ignore[call-overload]
            yield f"  {n} {words}: {key.replace('_', ' ')}"
    for move, n in dict(line["tiers"]).items():  # type: ignore[call-overload]
        yield f"  {n} would move from {move}"
