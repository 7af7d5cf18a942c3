"""A third drawing, after one by somebody who had not seen the rules: a year of many kinds of trade, schemes open and half hidden."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from bot.model import Transaction
from handlers.bench.fair_schemes import SCHEMES, Scheme
from handlers.bench.stall import Stall, Trade, steady, trade

NEAR = ("DE", "FR", "NL", "AT", "PL", "IT", "ES", "BE")
FAR = (
    "DE", "FR", "US", "GB", "CA", "JP", "AU", "SE", "NO", "DK", "FI", "CH", "IT", "ES", "PT",
    "IE", "BE", "NL", "AT", "PL", "CZ", "HU", "GR", "IL", "SG", "KR", "NZ", "BR", "MX", "BG",
)  # fmt: skip


def ordinary(stall: Stall, kind: str) -> None:
    """A year of this kind of seller, some with more refunds than others."""
    how = KINDS[kind][1](stall)
    trade(stall, how if kind in FEW_BACK else replace(how, refunds=stall.between(0.02, 0.08)))


def _around(stall: Stall, low: float, high: float, scatter: float = 0.5) -> Callable[[], float]:
    usual = stall.between(low, high)
    return lambda: stall.price(usual, scatter)


def _hobby(stall: Stall) -> Trade:
    return Trade(steady(stall.between(0.1, 0.6)), _around(stall, 15, 60), stall.between(0, 150))


def _shop(stall: Stall) -> Trade:
    return Trade(
        steady(stall.between(3, 10)),
        _around(stall, 20, 80),
        stall.between(0, 100),
        countries=NEAR,
    )


def _seasonal(stall: Stall) -> Trade:
    peak, width, most = stall.between(120, 220), stall.between(25, 45), stall.between(5, 14)
    return Trade(
        lambda day: 0.05 + most * math.exp(-(((day - peak) / width) ** 2)),
        _around(stall, 30, 90),
    )


def _away(stall: Stall) -> Trade:
    rate = stall.between(1, 4)
    return Trade(lambda day: rate if day < 60 or day > 300 else 0.0, _around(stall, 30, 80))


def _companies(stall: Stall) -> Trade:
    rate, buyers = steady(stall.between(0.06, 0.25)), stall.draw.randint(4, 14)
    price = _around(stall, 1_500, 6_000, 0.45)
    return Trade(rate, price, countries=NEAR, buyers=buyers, bank=True)


def _subscriptions(stall: Stall) -> Trade:
    fee, draw = stall.draw.choice((10, 20, 50, 100, 200)), stall.draw
    rate, buyers = steady(stall.between(1, 6)), draw.randint(40, 150)
    return Trade(rate, lambda: fee if draw.random() < 0.8 else fee * 10, buyers=buyers)


def _classes(stall: Stall) -> Trade:
    fee = stall.draw.choice((100, 200, 300))
    return Trade(lambda day: 12 if day % 45 == 10 else 0.4, lambda: fee)


def _christmas(stall: Stall) -> Trade:
    rate, more = stall.between(1, 4), stall.between(5, 12)
    return Trade(
        lambda day: rate * (1 + more * math.exp(-(((day - 345) / 14) ** 2))),
        _around(stall, 20, 60),
        countries=NEAR,
    )


def _food(stall: Stall) -> Trade:
    rate, price = stall.between(15, 40), _around(stall, 6, 14, 0.4)
    payout = 1 if stall.draw.random() < 0.4 else 7
    return Trade(
        lambda day: rate * (1.6 if day % 7 in {2, 3} else 1), price, stall.between(100, 180), buyers=400, payout=payout,
    )  # fmt: skip


def _exporter(stall: Stall) -> Trade:
    rate, price = steady(stall.between(1, 4)), _around(stall, 40, 250, 0.6)
    return Trade(rate, price, countries=FAR, currencies=("EUR", "USD", "GBP"))


def _one_product(stall: Stall) -> Trade:
    price = stall.between(25, 400)
    return Trade(steady(stall.between(0.3, 2)), lambda: price)


def _growing(stall: Stall) -> Trade:
    rate, grows = stall.between(0.5, 1.5), stall.between(0.008, 0.014)
    return Trade(lambda day: rate * math.exp(grows * min(day, 300)), _around(stall, 25, 70), countries=NEAR)


def _new(stall: Stall) -> Trade:
    start, rate = stall.between(180, 345), stall.between(1, 6)
    return Trade(lambda day: rate * min(1.0, (day - start + 3) / 12), _around(stall, 20, 90), start)


def _family(stall: Stall) -> Trade:
    return Trade(steady(stall.between(0.5, 2)), _around(stall, 15, 60), buyers=40, shared=0.4)


def _currencies(stall: Stall) -> Trade:
    rate, price = steady(stall.between(1, 4)), _around(stall, 30, 120)
    return Trade(
        rate, price, countries=("DE", "US", "GB", "PL", "SE"), currencies=("EUR", "USD", "GBP", "PLN", "SEK")
    )


def _furniture(stall: Stall) -> Trade:
    return Trade(steady(stall.between(0.15, 0.6)), _around(stall, 700, 1_600, 0.6))


KINDS: dict[str, tuple[int, Callable[[Stall], Trade]]] = {  # of 300
    "hobby": (40, _hobby),
    "shop": (25, _shop),
    "seasonal": (20, _seasonal),
    "away": (7, _away),
    "companies": (25, _companies),
    "subscriptions": (20, _subscriptions),
    "classes": (12, _classes),
    "christmas": (20, _christmas),
    "food": (20, _food),
    "exporter": (20, _exporter),
    "one product": (20, _one_product),
    "growing": (15, _growing),
    "new": (20, _new),
    "family": (12, _family),
    "currencies": (14, _currencies),
    "furniture": (10, _furniture),
}
SUPPLIED: dict[str, tuple[int, Callable[[Stall], Trade]]] = {  # besides: several with one supplier
    "parcels": (20, lambda stall: replace(_shop(stall), supplier=("carrier", stall.between(0.05, 0.2)))),
    "resellers": (12, lambda stall: replace(_shop(stall), supplier=("wholesaler", stall.between(0.4, 0.68)))),
    "advertised": (
        14,
        lambda stall: replace(_exporter(stall), supplier=("adverts", stall.between(0.1, 0.35))),
    ),
}
FEW_BACK = ("companies", "subscriptions", "food")
SMALL = ("hobby", "shop", "exporter", "food")


@dataclass(frozen=True, slots=True)
class Planted:
    """A seller with a scheme: the rule it is meant for, whether it is half hidden, and its transactions' ids."""

    rule: str
    hidden: bool
    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fair:
    """Transactions in order of time; the kind of each ordinary seller; and what is planted with the others."""

    rows: list[Transaction]
    kinds: dict[str, str]
    planted: dict[str, Planted]


def fair(seed: int = 7, part: float = 1.0, each: int = 6) -> Fair:
    """`part` of 300 ordinary sellers and of 46 who share suppliers, and of each scheme `each` in the open and as many half hidden."""
    draw, ids = random.Random(seed), count(1)
    stalls, kinds = [], {}
    for kind, (number, _) in KINDS.items():
        for n in range(max(1, round(number * part))):
            stall = Stall(draw, f"{kind}-{n}", ids)
            ordinary(stall, kind)
            stalls.append(stall)
            kinds[stall.name] = kind
    _keen(draw, [stall for stall in stalls if kinds[stall.name] in SMALL], max(1, round(30 * part)))
    planted = {}
    for rule, write in SCHEMES.items():
        for hidden in (False, True):
            for n in range(each):
                stall = Stall(draw, f"{rule}-{'hidden' if hidden else 'clear'}-{n}", ids)
                found = write(Scheme(stall, hidden, n, draw.randrange(200, 330)))
                planted[stall.name] = Planted(rule, hidden, frozenset(found) - {""})
                stalls.append(stall)
    for stall, kind in _supplied(random.Random(f"supplied {seed}"), ids, part):
        stalls.append(stall)
        kinds[stall.name] = kind
    rows = sorted((row for stall in stalls for row in stall.rows), key=lambda row: (row.at, row.id))
    return Fair(rows, kinds, planted)


def _supplied(draw: random.Random, ids: Iterator[int], part: float) -> Iterator[tuple[Stall, str]]:
    """Drawn by themselves, so that all others are as they were."""
    for kind, (number, how) in SUPPLIED.items():
        for n in range(max(5, round(number * part))):
            stall = Stall(draw, f"{kind}-{n}", ids)
            trade(stall, how(stall))
            yield stall, kind


def _keen(draw: random.Random, shops: list[Stall], number: int) -> None:
    """Buyers who come again and again, to two or three small sellers each time."""
    for buyer in range(number):
        for _ in range(draw.randint(3, 9)):
            day = draw.uniform(200, 360)
            for shop in draw.sample(shops, draw.randint(2, 3)):
                shop.move(
                    day + draw.uniform(0, 5), shop.price(30), party=f"keen{buyer}", card=f"keen-card{buyer}"
                )
