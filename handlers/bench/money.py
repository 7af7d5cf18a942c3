"""Sellers who trade and sellers who launder, drawn from a seed; the same seed gives the same transactions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.model import Transaction

BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
BUYERS = ("DE", "FR", "NL", "AT", "US", "GB", "IT", "ES", "PL", "SE", "CH", "JP")
DAYS = 240


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


def _at(till: Till, day: int, hours: float) -> datetime:
    return BEGAN + timedelta(days=day, hours=till.draw.uniform(0, hours))


def structuring(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(6, 12)):
        till.add(_at(till, day, 120), till.draw.uniform(700, 995), party="payer")


def under_reporting(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(4, 6)):
        till.add(_at(till, day, 120), till.draw.uniform(9200, 9980))


def single_large(till: Till, day: int) -> None:
    till.add(_at(till, day, 20), till.draw.uniform(5500, 20000))


def velocity(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(60, 90)):
        till.add(_at(till, day, 1), till.draw.uniform(5, 40), party=till.draw.choice(("a", "b", "c")))


def pass_through(till: Till, day: int) -> None:
    for n in range(till.draw.randint(3, 6)):
        came = BEGAN + timedelta(days=day, hours=30 * n)
        amount = till.draw.uniform(1500, 4500)
        till.add(came, amount)
        till.add(
            came + timedelta(hours=till.draw.uniform(1, 5)), amount * till.draw.uniform(0.93, 0.99), "out"
        )


def fan_in(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(45, 60)):
        till.add(_at(till, day, 22), till.draw.uniform(100, 400))


def fan_out(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(12, 25)):
        till.add(_at(till, day, 40), till.draw.uniform(50, 400), "out")


def round_amounts(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(25, 40)):
        till.add(_at(till, day, 140), till.draw.choice((100, 200, 300, 500, 1000)))


def refund_rate(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(18, 30)):
        till.add(_at(till, day, 120), till.draw.uniform(20, 90), "refund")


def chargeback_rate(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(14, 25)):
        till.add(_at(till, day, 120), till.draw.uniform(20, 90), "chargeback")


def one_seller_many_cards(till: Till, day: int) -> None:
    for n in range(till.draw.randint(8, 20)):
        till.add(
            _at(till, day, 20), till.draw.uniform(5, 50), party="one buyer", card=f"stolen-{till.seller}-{n}"
        )


def high_risk_geography(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(2, 6)):
        country = till.draw.choice(("KP", "IR", "MM"))
        till.add(_at(till, day, 90), till.draw.uniform(200, 900), country=country)


def own_history(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(15, 25)):
        till.add(_at(till, day, 150), till.draw.uniform(1100, 2400))


PATTERNS: dict[str, tuple[Callable[[Till, int], None], str]] = {
    "structuring": (structuring, "structuring"),
    "under_reporting": (under_reporting, "structuring"),
    "single_large": (single_large, "single_large"),
    "velocity": (velocity, "velocity"),
    "pass_through": (pass_through, "pass_through"),
    "fan_in": (fan_in, "fan_in"),
    "fan_out": (fan_out, "fan_out"),
    "round_amounts": (round_amounts, "round_amounts"),
    "refund_rate": (refund_rate, "refund_rate"),
    "chargeback_rate": (chargeback_rate, "chargeback_rate"),
    "one_seller_many_cards": (one_seller_many_cards, "one_seller_many_cards"),
    "high_risk_geography": (high_risk_geography, "high_risk_geography"),
    "own_history": (own_history, "own_history"),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """Transactions in order of time, and what rule each laundering seller must raise."""

    rows: list[Transaction]
    guilty: dict[str, str]
    ordinary: tuple[str, ...]


def drawn(seed: int = 7, ordinary: int = 200, each: int = 5, days: int = DAYS) -> Drawn:
    """`ordinary` sellers and `each` of every pattern, over `days` days."""
    draw, ids = random.Random(seed), count(1)
    rows: list[Transaction] = []
    names = tuple(f"s{n}" for n in range(ordinary))
    for name in names:
        till = Till(draw, name, ids)
        start = 0 if draw.random() < 0.7 else draw.randrange(days - 30)
        till.trade(start, days, *_size(draw))
        rows += till.rows
    guilty: dict[str, str] = {}
    for pattern, (write, rule) in PATTERNS.items():
        for n in range(each):
            till = Till(draw, f"{pattern}-{n}", ids)
            till.trade(0, days, draw.uniform(0.5, 4), draw.uniform(15, 60))
            write(till, draw.randrange(40, days - 10))
            rows += till.rows
            guilty[till.seller] = rule
    for till, rule in _others(draw, ids, each, days):
        rows += till.rows
        guilty[till.seller] = rule
    rows.sort(key=lambda row: (row.at, row.id))
    return Drawn(rows, guilty, names)


def _size(draw: random.Random) -> tuple[float, float]:
    """Sales a day and the usual price: many small shops, few large ones."""
    return min(draw.lognormvariate(0.9, 0.9), 30), min(draw.lognormvariate(3.4, 0.6), 150)


def _others(draw: random.Random, ids: Iterator[int], each: int, days: int) -> Iterator[tuple[Till, str]]:
    """Patterns that need a history of their own, or several sellers."""
    for n in range(each):
        till = Till(draw, f"dormant-{n}", ids)
        till.trade(0, 20, 2, 40)
        for _ in range(8):
            till.add(_at(till, days - 12, 60), draw.uniform(300, 900))
        yield till, "dormant_wakes"
    for n in range(each):
        till = Till(draw, f"new-{n}", ids)
        start = draw.randrange(30, days - 20)
        for _ in range(draw.randint(30, 60)):
            till.add(_at(till, start, 60), draw.uniform(150, 480))
        yield till, "new_account_burst"
    for n in range(each):
        till = Till(draw, f"peers-{n}", ids)
        till.trade(0, days, 50, 300)
        yield till, "peers"
    for ring in range(max(1, each // 2)):
        day = draw.randrange(40, days - 10)
        for n in range(8):
            till = Till(draw, f"ring{ring}-{n}", ids)
            till.trade(0, days, 1, 40)
            till.add(_at(till, day, 90), draw.uniform(50, 300), card=f"ring{ring}")
            yield till, "many_sellers_one_card"


def judged(found: set[tuple[str, str]], drawing: Drawn) -> dict[str, dict[str, float]]:
    """Precision and recall by rule over sellers: `found` has (seller, rule). Ordinary sellers alone count against
    a rule: a laundering seller may well raise others than its own.
    """
    names = sorted(set(drawing.guilty.values()))
    innocent = set(drawing.ordinary)
    figures = {}
    for rule in names:
        guilty = {seller for seller, own in drawing.guilty.items() if own == rule}
        right = sum((seller, rule) in found for seller in guilty)
        wrong = sum(seller in innocent for seller, raised in found if raised == rule)
        figures[rule] = {
            "precision": round(right / (right + wrong), 3) if right + wrong else 0.0,
            "recall": round(right / len(guilty), 3),
        }
    return figures
