"""`policy simulate`: every stored case under another policy, before anything is live: who would be asked for what."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import runpy
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.policy import Policy
    from bot.settings import Settings
    from bot.standing import Standing

AT_ONCE = 200  # cases that one process holds at a time


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
    named(asked.path)  # a file that is no policy is told of before the work begins
    ids = asyncio.run(_ids(settings))
    parts = [ids[at :: os.cpu_count() or 1] for at in range(os.cpu_count() or 1)]
    told = Told()
    with ProcessPoolExecutor(len(parts), mp_context=get_context("spawn")) as pool:
        for part in pool.map(partial(_part, settings, asked.path), parts):
            told.update(part)
    line = {"with": named(asked.path).version, "cases": len(ids), **told.sorted()}
    line["seconds"] = round(time.perf_counter() - began, 1)
    print(json.dumps(line) if asked.json else "\n".join(_plainly(line)))
    return 0


def named(path: str) -> Policy:
    """The policy that a file holds as POLICY, or the one of that version. Raises SettingsError."""
    from bot.policy import Policy, by_version
    from bot.settings import SettingsError

    try:
        found = runpy.run_path(path).get("POLICY") if path.endswith(".py") else by_version(path)
    except (OSError, KeyError):
        raise SettingsError(f"no policy {path}: neither a file nor a version of this build") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is that the file does
        raise SettingsError(f"{path}: {type(error).__name__}: {error}") from None
    if not isinstance(found, Policy):
        raise SettingsError(f"{path}: expected a Policy named POLICY")
    return found


class Told(dict[str, Counter[str]]):
    """Sellers by what would be asked of them, by what would no longer be, and by how their tier moves."""

    def __init__(self) -> None:
        super().__init__(asked=Counter(), no_longer=Counter(), tiers=Counter())

    def update(self, other: dict[str, Counter[str]]) -> None:  # type: ignore[override]
        for name, counted in other.items():
            self[name] += counted

    def sorted(self) -> dict[str, dict[str, int]]:
        return {name: dict(counted.most_common()) for name, counted in self.items()}

    def compare(self, before: Standing, after: Standing) -> None:
        """One case under the policy that decides, and under the other."""
        was, now = (_open(standing) for standing in (before, after))
        self["asked"].update(now - was)
        self["no_longer"].update(was - now)
        if before.risk.tier is not after.risk.tier:
            self["tiers"][f"{before.risk.tier} to {after.risk.tier}"] += 1


def _open(standing: Standing) -> set[str]:
    from bot.facts import OPEN
    from bot.standing import OVER

    return set() if standing.stage in OVER else {i.key.requirement for i in standing.items if i.state in OPEN}


async def _ids(settings: Settings) -> Sequence[str]:
    from bot.cli.store import existing

    storage = existing(settings)
    try:
        return tuple(await storage.cases.all())
    finally:
        await storage.close()


def _part(settings: Settings, path: str, ids: Sequence[str]) -> dict[str, Counter[str]]:
    gc.disable()  # cases go as they come, and nothing of them refers back: a fifth less time
    return dict(asyncio.run(_compared(settings, path, ids)))


async def _compared(settings: Settings, path: str, ids: Sequence[str]) -> Told:
    from bot.cli.store import existing
    from bot.model import CaseId, erased
    from bot.policy import POLICIES, by_version
    from bot.standing import stand

    other, told, now = named(path), Told(), datetime.now(UTC)
    storage = existing(settings)
    try:
        adopted = await storage.policies.adopted()
        policy = by_version(adopted[0]) if adopted else POLICIES[-1]
        for some in _chunks(ids):
            for case in await storage.cases.each([CaseId(one) for one in some]):
                if not erased(case):
                    before = stand(case, policy, now)
                    told.compare(before, stand(case, other, now, before.facts))
    finally:
        await storage.close()
    return told


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))


def _plainly(line: dict[str, object]) -> Iterator[str]:
    yield f"{line['cases']} cases under {line['with']}:"
    for name, words in (("asked", "would be asked for"), ("no_longer", "would no longer be asked for")):
        for key, n in dict(line[name]).items():  # type: ignore[call-overload]
            yield f"  {n} {words}: {key.replace('_', ' ')}"
    for move, n in dict(line["tiers"]).items():  # type: ignore[call-overload]
        yield f"  {n} would move from {move}"
