"""What the marketplace calls, put together; and the watch over money that goes on between its calls."""

from __future__ import annotations

import asyncio
import logging

from bot.cli.assemble import House
from bot.cli.rates import own_rates
from bot.ports import AwayError, StaleError
from handlers.web.transactions import Transactions

PAUSE = 30.0  # seconds between looks at what has settled

log = logging.getLogger(__name__)


def marketplace(built: House) -> Transactions:
    """The door for transactions; it has no routes where API_KEY is not set. Raises SettingsError for bad rates."""
    own_rates(built.settings)
    key = built.settings.api_key.get_secret_value()
    return Transactions(built.desk.observe, built.sender.deliver, key)


async def watching(built: House) -> None:
    """Until cancelled: the rules that wait are asked once nothing older is expected."""
    while True:
        try:
            await built.sender.deliver(await built.desk.settle())
        except (AwayError, StaleError) as error:
            log.warning("the watch over money tries again: %s", type(error).__name__)
        await asyncio.sleep(PAUSE)
