"""A seller of the third drawing, and how it trades from day to day."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.model import Transaction
from handlers.bench.till import poisson

BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 365
FEE = 0.1  # of sales, kept by the marketplace


@dataclass(slots=True)
class Stall:
    """Writes one seller's transactions; days are counted from BEGAN."""

    draw: random.Random
    name: str
    ids: Iterator[int]
    rows: list[Transaction] = field(default_factory=list)

    def move(  # noqa: PLR0913 - a transaction's columns
        self,
        day: float,
        amount: float,
        direction: str = "in",
        *,
        party: str = "",
        country: str = "DE",
        card: str = "",
        currency: str = "EUR",
    ) -> str:
        """One transaction's id; nothing, and no id, outside the year. The other side is somebody new where nobody is named."""
        if not 0 <= day < DAYS:
            return ""
        number = f"f{next(self.ids)}"
        row = Transaction(
            number, self.name, BEGAN + timedelta(seconds=int(day * 86_400)), f"{max(amount, 0.5):.2f}", currency,
            direction, party or f"{self.name}-{number}", country, "card" if card else "bank", card,
        )  # fmt: skip
        self.rows.append(row)
        return number

    def between(self, low: float, high: float) -> float:
        """A number drawn between two."""
        return self.draw.uniform(low, high)

    def price(self, usual: float, scatter: float = 0.5) -> float:
        """A price around the usual one."""
        return usual * math.exp(self.draw.gauss(0, scatter))


@dataclass(frozen=True, slots=True)
class Trade:
    """How a seller trades: sales on a day, a sale's price, and from which day to which.

    `buyers`: how many there are, 0 for ever new ones; `shared`: how many of them pay with a card of the family's;
    `payout`: days between two; `bank`: buyers pay by transfer.
    `supplier` gets its share of each payout first.
    """

    rate: Callable[[int], float]
    price: Callable[[], float]
    start: float = 0
    end: float = DAYS
    countries: tuple[str, ...] = ("DE",)
    currencies: tuple[str, ...] = ("EUR",)
    buyers: int = 0
    shared: float = 0.0
    refunds: float = 0.02
    payout: int = 7
    bank: bool = False
    supplier: tuple[str, float] = ("", 0.0)


def trade(stall: Stall, how: Trade) -> None:
    """Days of sales with refunds, a chargeback in a thousand, and payouts to an account of one's own."""
    draw, owed, payday = stall.draw, 0.0, stall.draw.randrange(7)
    for day in range(int(how.start), int(how.end)):
        for _ in range(poisson(draw, how.rate(day))):
            owed += _sale(stall, how, day)
        if day % how.payout == payday % how.payout and owed > 20:
            paid_at, (supplier, share) = day + 9.5 / 24 + stall.between(0, 0.02), how.supplier
            if supplier:
                stall.move(paid_at - 0.3, owed * share, "out", party=supplier, currency=how.currencies[0])
            stall.move(
                paid_at,
                owed * (1 - FEE - share),
                "out",
                party=f"{stall.name}-own",
                currency=how.currencies[0],
            )
            owed = 0.0


def _sale(stall: Stall, how: Trade, day: int) -> float:
    draw = stall.draw
    buyer = draw.randrange(how.buyers) if how.buyers else draw.randrange(10**9)
    at, amount = day + min(max(draw.gauss(15, 4.2), 0.1), 23.9) / 24, how.price()
    party = f"{stall.name}-b{buyer}"
    card = f"{stall.name}-family{buyer % 3}" if draw.random() < how.shared else f"c-{party}"
    if draw.random() < 0.05:
        card += "-second"
    also = {
        "party": party,
        "card": "" if how.bank else card,
        "country": how.countries[buyer % len(how.countries)],
        "currency": how.currencies[buyer % len(how.currencies)],
    }
    stall.move(at, amount, **also)
    chance = draw.random()
    if chance < how.refunds:
        back = amount if draw.random() < 0.7 else amount / 2
        stall.move(at + draw.uniform(0.5, 12), back, "refund", **also)
    elif chance < how.refunds + 0.001:
        stall.move(at + draw.uniform(10, 50), amount, "chargeback", **also)
    return amount


def steady(mean: float) -> Callable[[int], float]:
    """The same every day."""
    return lambda _: mean
