"""What money does in the demo: stretches of sales that a click reports to the bot, as the marketplace would."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cli.assemble import House
from bot.model import Transaction
from handlers.playground.world import Person


@dataclass(frozen=True, slots=True)
class Sales:
    """Amounts in euro, the newest last; `apart`: the time between two of them; `buyers`: how many buy in turn."""

    amounts: tuple[int, ...]
    apart: timedelta
    direction: str = "in"
    buyers: int = 10

    def moved(self, seller: str, now: datetime) -> Iterator[Transaction]:
        lot = secrets.token_hex(4)
        for n, amount in enumerate(reversed(self.amounts)):
            at, buyer = now - n * self.apart, f"buyer-{n % self.buyers}"
            card = f"card-{buyer}"
            yield Transaction(
                f"{lot}-{n}", seller, at, f"{amount}.00", "EUR", self.direction, buyer, "DE", "card", card
            )


SALES: Mapping[str, Sales] = {
    "Ten small sales": Sales((35, 12, 48, 60, 22, 19, 75, 31, 44, 27), timedelta(hours=15)),
    "Six sales just under 1,000 EUR": Sales((960, 985, 940, 990, 955, 970), timedelta(hours=9)),
    "Forty sales, 12,000 EUR in all": Sales((210, 340, 395, 255) * 10, timedelta(hours=11)),
    "Five chargebacks": Sales((120, 80, 150, 95, 130), timedelta(hours=2), "chargeback"),
}


def happenings(house: Callable[[], House]) -> Mapping[str, Callable[[Person], Awaitable[None]]]:
    """What may happen to a seller, by label; nothing to somebody who has no case yet."""

    def reporting(sales: Sales) -> Callable[[Person], Awaitable[None]]:
        async def report(person: Person) -> None:
            built = house()
            if seller := await built.storage.register.case_of(f"tg:{person.id}"):
                moved = tuple(sales.moved(seller, built.desk.clock.now()))
                await built.sender.deliver(await built.desk.observe(moved))

        return report

    return {label: reporting(sales) for label, sales in SALES.items()}
