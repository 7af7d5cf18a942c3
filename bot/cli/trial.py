"""A policy tried on stored cases, in a process of its own: what each case owes under it and under the adopted one."""

from __future__ import annotations

import asyncio
import gc
import runpy
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from bot.cli.store import existing
from bot.facts import OPEN, Facts
from bot.folding import gather
from bot.items import Item, Weighed, weigh
from bot.model import CaseId
from bot.policy import POLICIES, Policy, by_version
from bot.settings import Settings, SettingsError
from bot.standing import OVER, reached

AT_ONCE = 200  # cases that one process holds at a time


class Moves(dict[str, Counter[str]]):
    """Sellers by what would be asked of them, by what would no longer be, and by how their tier moves."""

    def __init__(self) -> None:
        super().__init__(asked=Counter(), no_longer=Counter(), tiers=Counter())

    def update(self, other: dict[str, Counter[str]]) -> None:  # type: ignore[override]
        for name, counted in other.items():
            self[name] += counted

    def sorted(self) -> dict[str, dict[str, int]]:
        return {name: dict(counted.most_common()) for name, counted in self.items()}

    def compare(self, facts: Facts, before: Weighed, after: Weighed) -> None:
        """One case under the policy that decides, and under the other."""
        was, now = (_open(facts, weighed.items) for weighed in (before, after))
        self["asked"].update(now - was)
        self["no_longer"].update(was - now)
        if before.risk.tier is not after.risk.tier:
            self["tiers"][f"{before.risk.tier} to {after.risk.tier}"] += 1


def _open(facts: Facts, items: tuple[Item, ...]) -> set[str]:
    return set() if reached(facts, items) in OVER else {i.key.requirement for i in items if i.state in OPEN}


def named(path: str) -> Policy:
    """The policy that a file holds as POLICY, or the one of that version. Raises SettingsError."""
    try:
        found = runpy.run_path(path).get("POLICY") if path.endswith(".py") else by_version(path)
    except (OSError, KeyError):
        raise SettingsError(f"no policy {path}: neither a file nor a version of this build") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is that the file does
        raise SettingsError(f"{path}: {type(error).__name__}: {error}") from None
    if not isinstance(found, Policy):
        raise SettingsError(f"{path}: expected a Policy named POLICY")
    return found


async def all_cases(settings: Settings) -> Sequence[CaseId]:
    """In the order in which SQLite keeps their records."""
    storage = existing(settings, only_reads=True)
    try:
        return sorted(await storage.cases.all())
    finally:
        await storage.close()


def tried(settings: Settings, path: str, ids: Sequence[CaseId]) -> Moves:
    """These cases, one after the other. Raises SettingsError where the policy of `path` cannot be worked with.

    What was said is not read: it is half of the records and most of their bytes, and no judgement rests on it.
    """
    gc.disable()  # cases go as they come, and nothing of them refers back: a fifth less time
    return asyncio.run(_tried(settings, path, ids))


async def _tried(settings: Settings, path: str, ids: Sequence[CaseId]) -> Moves:
    other, moves, now = named(path), Moves(), datetime.now(UTC)
    storage = existing(settings, only_reads=True)
    try:
        adopted = await storage.policies.adopted()
        policy = by_version(adopted[0]) if adopted else POLICIES[-1]
        for some in _chunks(ids):
            for case in await storage.cases.each(some):
                facts = gather(case)
                if not facts.erased:
                    facts.forget_talk()
                    moves.compare(facts, weigh(facts, policy, now), _weighed(facts, other, now, path))
    finally:
        await storage.close()
    return moves


def _weighed(facts: Facts, other: Policy, now: datetime, path: str) -> Weighed:
    """Raises SettingsError with the trouble that a condition or a factor of the file's own makes."""
    try:
        return weigh(facts, other, now)
    except Exception as error:
        raise SettingsError(f"{path}: {type(error).__name__}: {error}") from error


def _chunks(ids: Sequence[CaseId]) -> Iterator[Sequence[CaseId]]:
    return (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))
