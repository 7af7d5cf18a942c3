"""Watchlists that stay fresh while the bot runs: once a day `lists refresh`, in a process of its own."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from typing import TYPE_CHECKING

from bot.cli.fetching import due

if TYPE_CHECKING:
    from bot.ports import Clock
    from bot.settings import Settings

log = logging.getLogger(__name__)
AGAIN = 3600.0  # seconds until the next look: an hour after an address did not answer
LONGEST = 900.0  # seconds that fetching and reading may take


async def refreshing(settings: Settings, clock: Clock, again: float = AGAIN) -> None:
    """Until cancelled: each address is asked once a day. What a failure leaves is the old lists, and a new try.

    Another process reads the files, so that nothing here waits; two bots that do it at once load the same twice.
    """
    if not settings.lists_urls:
        await asyncio.Event().wait()
    while True:
        if due(settings, clock.now()):
            await refreshed(settings)
        await asyncio.sleep(again)


async def refreshed(settings: Settings) -> bool:
    """Whether every address that was due gave a list. What is wrong is logged, a sentence each."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "lists", "refresh", "--due",
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
    said = wrong.decode(errors="replace").strip()
    for line in [said] if "Traceback" in said else said.splitlines():
        log.warning("watchlists: %s", line)
    return child.returncode == 0
