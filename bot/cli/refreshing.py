"""Watchlists that stay fresh while the bot runs: once a day `lists refresh`, in a process of its own."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.ports import Clock
    from bot.settings import Settings

log = logging.getLogger(__name__)
DAY = timedelta(days=1)
AGAIN = 3600.0  # seconds until the next look: an hour after an address did not answer
LONGEST = 900.0  # seconds that fetching and reading may take


class Loads(Protocol):
    """When each list was last read."""

    async def loaded(self) -> Mapping[str, datetime]: ...


async def refreshing(settings: Settings, stored: Loads, clock: Clock, again: float = AGAIN) -> None:
    """Until cancelled: fetched at the start if a day has passed, then every day. What a failure leaves is the old lists.

    Another process reads the files, so that nothing here waits; two bots that do it at once load the same twice.
    """
    if not settings.lists_urls:
        await asyncio.Event().wait()
    last = oldest(await stored.loaded(), clock.now())
    while True:
        if clock.now() - last >= DAY and await refreshed(settings):
            last = clock.now()  # not what the store says: a list that was loaded by hand has no address
        await asyncio.sleep(again)


def oldest(loaded: Mapping[str, datetime], now: datetime) -> datetime:
    """When the list that was not read for longest was read; a day ago where there is none."""
    return min(loaded.values(), default=now - DAY)


async def refreshed(settings: Settings) -> bool:
    """Whether every address gave a list. What is wrong is logged, a line each."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "lists", "refresh",
        env=os.environ | {
            "KYC_HOME": str(settings.kyc_home),
            "DATABASE_URL": settings.database(),
            "LISTS_URLS": settings.lists_urls,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(LONGEST):
            out, wrong = await child.communicate()
    except TimeoutError:
        log.warning("watchlists: fetching them took longer than %s s; the old ones stay", LONGEST)
        return False
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    for line in out.decode(errors="replace").splitlines():
        if not line.startswith(" "):  # the counts, not each name
            log.info("watchlists: %s", line)
    for line in wrong.decode(errors="replace").splitlines():
        log.warning("watchlists: %s", line)
    return child.returncode == 0
