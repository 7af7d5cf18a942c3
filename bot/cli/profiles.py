"""What the store knows of sellers whose money is watched: their tier and the sums that they said to expect."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.model import CaseId
    from bot.monitoring.known import Profile
    from bot.settings import Settings
    from storage import Storage

AT_ONCE = 200


def known_profiles(settings: Settings, sellers: Iterable[str]) -> dict[str, Profile]:
    """Of those who have a case. Makes no database where there is none. Raises what opening the store raises."""
    sqlite = settings.database().partition("sqlite:///")[2]
    return {} if sqlite and not Path(sqlite).exists() else asyncio.run(_stored(settings, sellers))


async def _stored(settings: Settings, sellers: Iterable[str]) -> dict[str, Profile]:
    from bot.cli.store import opened

    storage = opened(settings, create=False)
    try:
        return await profiles(storage, sellers)
    finally:
        await storage.close()


async def profiles(storage: Storage, sellers: Iterable[str]) -> dict[str, Profile]:
    """By the ledger's name: the marketplace's own, or a case's id."""
    from bot.invitations import SELLER
    from bot.model import CaseId, erased
    from bot.policy import POLICIES, by_version
    from bot.selling import profile
    from bot.standing import stand

    cases = frozenset(await storage.cases.all())
    if not cases:
        return {}
    adopted, now = await storage.policies.adopted(), datetime.now(UTC)
    policy = by_version(adopted[0]) if adopted else POLICIES[-1]
    names: dict[CaseId, str] = {}
    for seller in sellers:
        id_ = await storage.register.case_of(SELLER + seller) or CaseId(seller)
        if id_ in cases:
            names[id_] = seller
    found = {}
    for some in _chunks(tuple(names)):
        for case in await storage.cases.each(some):
            if not erased(case):
                found[names[case.id]] = profile(stand(case, policy, now))
    return found


def _chunks(all_: tuple[CaseId, ...]) -> Iterator[tuple[CaseId, ...]]:
    return (all_[at : at + AT_ONCE] for at in range(0, len(all_), AT_ONCE))
