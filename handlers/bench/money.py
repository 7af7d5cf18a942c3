"""Sellers who trade and sellers who launder, drawn from a seed; the same seed gives the same transactions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from bot.model import Transaction
from handlers.bench.payees import mules, supplied
from handlers.bench.till import BEGAN, Till, at, size

DAYS = 240


def structuring(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(6, 12)):
        till.add(at(till, day, 120), till.draw.uniform(700, 995), party="payer")


def under_reporting(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(4, 6)):
        till.add(at(till, day, 120), till.draw.uniform(9200, 9980))


def single_large(till: Till, day: int) -> None:
    till.add(at(till, day, 20), till.draw.uniform(5500, 20000))


def velocity(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(60, 90)):
        till.add(at(till, day, 1), till.draw.uniform(5, 40), party=till.draw.choice(("a", "b", "c")))


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
        till.add(at(till, day, 22), till.draw.uniform(100, 400))


def fan_out(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(12, 25)):
        till.add(at(till, day, 40), till.draw.uniform(50, 400), "out")


def round_amounts(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(25, 40)):
        till.add(at(till, day, 140), till.draw.choice((100, 200, 300, 500, 1000)))


def refund_rate(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(18, 30)):
        till.add(at(till, day, 120), till.draw.uniform(20, 90), "refund")


def chargeback_rate(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(14, 25)):
        till.add(at(till, day, 120), till.draw.uniform(20, 90), "chargeback")


def one_seller_many_cards(till: Till, day: int) -> None:
    for n in range(till.draw.randint(8, 20)):
        till.add(
            at(till, day, 20), till.draw.uniform(5, 50), party="one buyer", card=f"stolen-{till.seller}-{n}"
        )


def high_risk_geography(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(2, 6)):
        country = till.draw.choice(("KP", "IR", "MM"))
        till.add(at(till, day, 90), till.draw.uniform(200, 900), country=country)


def own_history(till: Till, day: int) -> None:
    for _ in range(till.draw.randint(15, 25)):
        till.add(at(till, day, 150), till.draw.uniform(1100, 2400))


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
    """`ordinary` sellers, some more who share suppliers, and `each` of every pattern, over `days` days."""
    draw, ids = random.Random(seed), count(1)
    rows: list[Transaction] = []
    names = tuple(f"s{n}" for n in range(ordinary))
    for name in names:
        till = Till(draw, name, ids)
        start = 0 if draw.random() < 0.7 else draw.randrange(days - 30)
        till.trade(start, days, *size(draw))
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
    also, others = supplied(seed, max(2, ordinary // 40), days)
    rows = sorted([*rows, *also], key=lambda row: (row.at, row.id))
    return Drawn(rows, guilty, names + others)


def _others(draw: random.Random, ids: Iterator[int], each: int, days: int) -> Iterator[tuple[Till, str]]:
    """Patterns that need a history of their own, or several sellers."""
    for n in range(each):
        till = Till(draw, f"dormant-{n}", ids)
        till.trade(0, 20, 2, 40)
        for _ in range(8):
            till.add(at(till, days - 12, 60), draw.uniform(300, 900))
        yield till, "dormant_wakes"
    for n in range(each):
        till = Till(draw, f"new-{n}", ids)
        start = draw.randrange(30, days - 20)
        for _ in range(draw.randint(30, 60)):
            till.add(at(till, start, 60), draw.uniform(150, 480))
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
            till.add(at(till, day, 90), draw.uniform(50, 300), card=f"ring{ring}")
            yield till, "many_sellers_one_card"
    yield from mules(draw, ids, each, days)


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
