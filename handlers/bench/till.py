"""What a seller of the first drawing writes its transactions with, and how it trades."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.model import Transaction

BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
BUYERS = ("DE", "FR", "NL", "AT", "US", "GB", "IT", "ES", "PL", "SE", "CH", "JP")


@dataclass
class Till:
    """Writes one seller's transactions."""

    draw: random.Random
    seller: str
    ids: Iterator[int]
    rows: list[Transaction] = field(default_factory=list)

    def add(  # noqa: PLR0913 - a transaction's columns
        self,
        at: datetime,
        amount: float,
        direction: str = "in",
        *,
        party: str = "",
        country: str = "",
        card: str = "",
    ) -> None:
        """One transaction; the other side is somebody new where nobody is named."""
        party = party or f"p{self.draw.randrange(10**9)}"
        if direction == "in":
            card = card or f"c{self.draw.randrange(10**9)}"
        country = country or self.draw.choice(BUYERS)
        row = Transaction(
            f"t{next(self.ids)}", self.seller, at, f"{max(amount, 0.5):.2f}", "EUR", direction, party, country,
            "card" if card else "transfer", card,
        )  # fmt: skip
        self.rows.append(row)

    def trade(self, start: int, end: int, rate: float, price: float) -> None:
        """Ordinary days: sales by day, more before the year's end and as the shop grows, few refunds, weekly payouts."""
        draw, owed = self.draw, 0.0
        spread = draw.uniform(0.3, 0.8)
        grows = draw.uniform(0.0, 0.006)
        for day in range(start, end):
            date = BEGAN + timedelta(days=day)
            season = 2.0 if date.month in {6, 7} else 1.0
            for _ in range(poisson(draw, rate * season * (1 + grows * (day - start)))):
                at = date + timedelta(hours=draw.triangular(6, 24, 18))
                amount = draw.lognormvariate(0, spread) * price
                self.add(at, amount)
                owed += amount * 0.9
                if draw.random() < 0.025:
                    self.add(at + timedelta(days=draw.uniform(1, 10)), amount, "refund")
                if draw.random() < 0.001:
                    self.add(at + timedelta(days=draw.uniform(10, 40)), amount, "chargeback")
            if day % 7 == 4 and owed:
                self.add(date + timedelta(hours=9), owed, "out", party=f"own-{self.seller}", country="DE")
                owed = 0.0


def poisson(draw: random.Random, mean: float) -> int:
    """A Poisson count, by waiting."""
    number, waited = 0, draw.expovariate(1)
    while waited < mean:
        number, waited = number + 1, waited + draw.expovariate(1)
    return number


def at(till: Till, day: int, hours: float) -> datetime:
    """An instant within so many hours of a day's beginning."""
    return BEGAN + timedelta(days=day, hours=till.draw.uniform(0, hours))


def size(draw: random.Random) -> tuple[float, float]:
    """Sales a day and the usual price: many small shops, few large ones."""
    return min(draw.lognormvariate(0.9, 0.9), 30), min(draw.lognormvariate(3.4, 0.6), 150)
