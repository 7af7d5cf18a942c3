"""A second drawing of sellers, made apart from the first: other shops, other schemes, other habits of payout."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from bot.model import Transaction
from handlers.bench.money import Drawn
from handlers.bench.schemes import SCHEMES, mules, rings
from handlers.bench.shop import BEGAN, Kind, Shop
from handlers.bench.till import poisson

PAYDAYS = frozenset({1, 2, 15, 28, 29, 30})
SIX = 6

KINDS = (
    Kind("hobby", (0.15, 1), (8, 60), 0.5),
    Kind("small", (2, 6), (15, 90), 0.6),
    Kind("medium", (8, 25), (20, 70), 0.5),
    Kind("large", (40, 90), (15, 50), 0.5),
    Kind("goods of worth", (0.4, 2.5), (250, 900), 0.5),
    Kind("vouchers", (3, 15), (0, 0), 0, (10, 15, 20, 25, 50, 100)),
    Kind("phones", (1, 4), (0, 0), 0, (199, 299, 349, 499, 699, 849, 999, 1199)),
    Kind("wholesale", (0.3, 1.2), (900, 2200), 0.5),
    Kind("services", (1, 5), (60, 180), 0.3),
    Kind("food", (10, 40), (9, 30), 0.4),
)


def trade(shop: Shop, first: int, end: int) -> None:
    """Its days: the week's and the month's rhythm, a season, a sale of two days, growth where it is new."""
    draw, kind = shop.draw, shop.kind
    rate, price = draw.uniform(*kind.rate), draw.uniform(*kind.price)
    peak, sale = draw.randrange(first, end), draw.randrange(first, end)
    returns, every, hour = draw.uniform(0.02, 0.08), draw.choice((1, 1, 7, 14)), draw.choice((2, 6, 9, 17))
    jitter, new, owed = draw.choice((0.02, 0.3, 2.0)), first > 0, 0.0
    for day in range(first, end):
        date = BEGAN + timedelta(days=day)
        often = rate * (1.3 if date.day in PAYDAYS else 1.0) * (1.25 if date.weekday() >= SIX - 1 else 0.95)
        often *= 1 + 1.5 * math.exp(-(((day - peak) / 9) ** 2)) + (2.0 if day - sale in {0, 1} else 0.0)
        often *= 0.25 + 0.75 * min(1.0, (day - first) / 40) if new else 1.0
        for _ in range(poisson(draw, often)):
            owed += _sale(shop, date, price, returns)
        if (day - first) % every == every - 1 and owed > 1:
            at = date + timedelta(hours=24 + hour + draw.uniform(0, jitter))
            shop.write(at, owed, "out", (f"iban-{shop.name}", "DE", ""), "payout")
            owed = 0.0


def _sale(shop: Shop, date: datetime, price: float, returns: float) -> float:
    """What the shop is owed for it."""
    draw, kind = shop.draw, shop.kind
    at = date + timedelta(hours=min(23.9, max(0.0, draw.gauss(15, 4))))
    if kind.points:
        amount = draw.choice(kind.points)
    else:
        amount = (
            price
            * draw.lognormvariate(0, kind.scatter)
            * (draw.uniform(3, 7) if draw.random() < 0.002 else 1)
        )
        amount = float(round(amount, -1)) or amount if draw.random() < 0.08 else amount
    who = shop.buyer()
    shop.write(at, amount, "in", who, "card" if who[2] else "transfer")
    back = draw.random()
    if back < returns:
        at += timedelta(days=draw.uniform(1, 14))
        shop.write(at, amount * draw.choice((1, 1, 0.5)), "refund", who, "card")
    elif back > 0.9985:
        shop.write(at + timedelta(days=draw.uniform(8, 45)), amount, "chargeback", who, "card")
    return amount * 0.92


def bazaar(seed: int = 1, ordinary: int = 100, each: int = 4, days: int = 150) -> Drawn:
    """`ordinary` shops of every kind, and `each` of every scheme: most beside some trade, some as all they do."""
    draw, rows = random.Random(seed), list[Transaction]()
    names = tuple(f"shop-{n}" for n in range(ordinary))
    for n, name in enumerate(names):
        shop = Shop(draw, name, count(1), KINDS[n % len(KINDS)], draw.choice(("EUR", "EUR", "EUR", "USD")))
        trade(shop, 0 if draw.random() < 0.8 else draw.randrange(10, days - 45), days)
        rows += shop.rows
    rows += _pool(draw, rows)
    guilty: dict[str, str] = {}
    for scheme, (write, rule) in SCHEMES.items():
        for n in range(each):
            shop = _front(draw, f"{scheme}-{n}", days)
            write(shop, draw.randrange(60, days - 12))
            rows += shop.rows
            guilty[shop.name] = rule
    for shop in rings(lambda name: _front(draw, name, days), max(1, each // 2), days):
        rows += shop.rows
        guilty[shop.name] = "many_sellers_one_card"
    for shop in mules(lambda name: _front(draw, name, days), max(1, each // 2), days):
        rows += shop.rows
        guilty[shop.name] = "many_sellers_one_payee"
    end = BEGAN + timedelta(days=days)
    rows = sorted((row for row in rows if row.at < end), key=lambda row: (row.at, row.id))
    return Drawn(rows, guilty, names)


def _front(draw: random.Random, name: str, days: int) -> Shop:
    """A small shop in front of the scheme; the dormant and the new have their own beginnings."""
    shop = Shop(draw, name, count(1), KINDS[draw.choice((0, 1))], draw.choice(("EUR", "EUR", "USD")))
    if not name.startswith(("dormant", "new", "mule")):
        trade(shop, 0, days)
    return shop


def _pool(draw: random.Random, rows: list[Transaction]) -> list[Transaction]:
    """Buyers who buy all over the market with one card each: they make what is usual for a card."""
    regulars = [(f"fan-{n}", "DE", f"card-fan-{n}") for n in range(len(rows) // 400)]
    sales = [row for row in rows if row.direction == "in" and row.card]
    bought = []
    for row in draw.sample(sales, min(len(sales), len(rows) // 12)):
        party, country, card = draw.choice(regulars)
        bought.append(
            replace(row, id=f"{row.id}f", counterparty=party, counterparty_country=country, card=card)
        )
    return bought
