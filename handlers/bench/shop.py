"""A shop of the second drawing: its kind, and the rows that it writes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.model import Transaction

BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
NEAR = ("DE", "DE", "DE", "AT", "NL", "FR", "BE", "PL", "IT", "ES")
FAR = ("US", "GB", "CH", "BG", "VN", "JP", "CA", "TR", "BR", "AE", "HT")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of shop: sales a day from and to, usual price from and to, and how prices scatter."""

    name: str
    rate: tuple[float, float]
    price: tuple[float, float]
    scatter: float
    points: tuple[float, ...] = ()  # fixed prices, where it has them


@dataclass(slots=True)
class Shop:
    """One seller's rows, and how it trades. `payout`: days between two."""

    draw: random.Random
    name: str
    ids: Iterator[int]
    kind: Kind
    currency: str = "EUR"
    rows: list[Transaction] = field(default_factory=list)
    regulars: list[tuple[str, str, str]] = field(default_factory=list)

    def write(
        self, at: datetime, amount: float, direction: str, who: tuple[str, str, str], method: str
    ) -> None:
        """`who`: party, country and card."""
        party, country, card = who
        number = f"{self.name}/{next(self.ids)}"
        row = Transaction(
            number, self.name, at.replace(microsecond=0), f"{max(amount, 0.5):.2f}", self.currency, direction,
            party, country, method, card,
        )  # fmt: skip
        self.rows.append(row)

    def buyer(self) -> tuple[str, str, str]:
        """One who was here before, or somebody new; some pay by transfer."""
        draw = self.draw
        if self.regulars and draw.random() < 0.25:
            return draw.choice(self.regulars)
        country = draw.choice(FAR) if draw.random() < 0.15 else draw.choice(NEAR)
        card = f"card-{draw.randrange(10**10)}" if draw.random() < 0.8 else ""
        who = (f"buyer-{draw.randrange(10**10)}", country, card)
        if draw.random() < 0.3:
            self.regulars.append(who)
        return who
