"""What the marketplace calls, put together; and the watch over money that goes on between its calls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from bot.cli.assemble import House
from bot.cli.rates import own_rates
from bot.monitoring.live import CATCH_UP
from bot.ports import AwayError, Parcel, StaleError
from handlers.web.transactions import Transactions

if TYPE_CHECKING:
    from bot.desk import Desk
    from storage.transactions import StoredLedger

PAUSE = 30.0  # seconds between looks at what has settled

log = logging.getLogger(__name__)


def marketplace(built: House) -> Transactions:
    """The door for transactions; it has no routes where API_KEY is not set. Raises SettingsError for bad rates."""
    own_rates(built.settings)
    key = built.settings.api_key.get_secret_value()
    return Transactions(built.desk.observed, built.sender.deliver, key, built.desk.clock)


async def watching(built: House) -> None:
    """Until cancelled: the rules that wait are asked once nothing older is expected, also after a restart."""
    resumed = False
    while True:
        try:
            if not resumed:
                async for parcels in resume(built.desk, built.storage.ledger):
                    await built.sender.deliver(parcels)
                resumed = True
            await built.sender.deliver(await built.desk.settle())
        except (AwayError, StaleError) as error:
            log.warning("the watch over money tries again: %s", type(error).__name__)
        await asyncio.sleep(PAUSE)


async def resume(desk: Desk, ledger: StoredLedger) -> AsyncIterator[tuple[Parcel, ...]]:
    """Who moved money shortly before now is looked at again: what waited was known to the last process alone."""
    for each in await ledger.latest(desk.clock.now() - CATCH_UP):
        yield await desk.observe([each])
