"""Schemes of laundering, one for each rule and some in several forms, written into a shop of the bazaar."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from handlers.bench.shop import BEGAN, Shop

COUNTRIES = ("DE", "FR", "PL", "US", "GB")


def _at(shop: Shop, day: float, within: float = 0.0) -> datetime:
    return BEGAN + timedelta(days=day + shop.draw.uniform(0, within))


def _new(draw: random.Random) -> tuple[str, str, str]:
    number = draw.randrange(10**10)
    return f"new-{number}", draw.choice(COUNTRIES), f"card-{number}"


def _in(shop: Shop, at: datetime, amount: float, who: tuple[str, str, str] | None = None) -> None:
    shop.write(at, amount, "in", who or _new(shop.draw), "card")


def _out(shop: Shop, at: datetime, amount: float, party: str = "") -> None:
    number = shop.draw.randrange(10**10)
    shop.write(at, amount, "out", (party or f"iban-{number}", "DE", ""), "transfer")


def _under(limit: float, least: float, most: float) -> Callable[[Shop, int], None]:
    def write(shop: Shop, day: int) -> None:
        payers = [_new(shop.draw) for _ in range(shop.draw.randint(1, 4))]
        for _ in range(shop.draw.randint(6, 10)):
            amount = limit * shop.draw.uniform(least, most)
            _in(shop, _at(shop, day, 6), amount, shop.draw.choice(payers))

    return write


def velocity(shop: Shop, day: int) -> None:
    for _ in range(shop.draw.randint(40, 120)):
        _in(shop, _at(shop, day, 0.08), shop.draw.uniform(3, 60))


def large(shop: Shop, day: int) -> None:
    _in(shop, _at(shop, day, 1), shop.draw.uniform(12_000, 60_000))


def through(shop: Shop, day: int) -> None:
    for n in range(shop.draw.randint(3, 8)):
        came, amount = _at(shop, day + n * 1.2, 0.3), shop.draw.uniform(1_200, 8_000)
        _in(shop, came, amount)
        _out(shop, came + timedelta(hours=shop.draw.uniform(0.3, 8)), amount * shop.draw.uniform(0.95, 1))


def through_parts(shop: Shop, day: int) -> None:
    for n in range(4):
        came, amount = _at(shop, day + 2 * n, 0.3), shop.draw.uniform(3_000, 9_000)
        _in(shop, came, amount)
        for part in range(3):
            hours = shop.draw.uniform(0.5 + part, 2 + 2 * part)
            _out(shop, came + timedelta(hours=hours), amount * 0.325)


def fan_in(shop: Shop, day: int) -> None:
    total = 0.0
    for _ in range(shop.draw.randint(30, 80)):
        amount = shop.draw.uniform(40, 450)
        total += amount
        _in(shop, _at(shop, day, 2), amount)
    _out(shop, _at(shop, day + 2.1, 0.3), total * 0.97)


def fan_out(shop: Shop, day: int) -> None:
    _in(shop, _at(shop, day), 4_000)
    for _ in range(shop.draw.randint(15, 40)):
        _out(shop, _at(shop, day + 0.2, 2), shop.draw.uniform(60, 240))


def rounds(shop: Shop, day: int) -> None:
    for _ in range(shop.draw.randint(12, 30)):
        _in(shop, _at(shop, day, 9), shop.draw.choice((100, 200, 500, 1_000, 2_000)))


def dormant(silent: int) -> Callable[[Shop, int], None]:
    def write(shop: Shop, day: int) -> None:
        began = day - silent - 25
        for n in range(30):
            _in(shop, _at(shop, began + n * 0.8), shop.draw.uniform(10, 60))
        for _ in range(shop.draw.randint(5, 15)):
            _in(shop, _at(shop, day, 4), shop.draw.uniform(300, 1_500))

    return write


def new(shop: Shop, day: int) -> None:
    total = 0.0
    for _ in range(shop.draw.randint(25, 60)):
        amount = shop.draw.uniform(80, 600)
        total += amount
        _in(shop, _at(shop, day, 3), amount)
    _out(shop, _at(shop, day + 3.2, 0.5), total * 0.95)


def returned(direction: str, least: int, most: int) -> Callable[[Shop, int], None]:
    def write(shop: Shop, day: int) -> None:
        for n in range(shop.draw.randint(least, most)):
            at, amount = _at(shop, day, 8), shop.draw.uniform(20, 150)
            who = _new(shop.draw)
            _in(shop, at, amount, who)
            if n % 4:
                shop.write(at + timedelta(hours=shop.draw.uniform(5, 50)), amount, direction, who, "card")

    return write


def cards(shop: Shop, day: int) -> None:
    for _ in range(shop.draw.randint(10, 30)):
        card = f"card-{shop.draw.randrange(10**10)}"
        _in(shop, _at(shop, day, 3), shop.draw.uniform(5, 120), (f"one-{shop.name}", "DE", card))


def called(shop: Shop, day: int) -> None:
    for _ in range(shop.draw.randint(4, 12)):
        party, _, card = _new(shop.draw)
        _in(
            shop,
            _at(shop, day, 10),
            shop.draw.uniform(150, 900),
            (party, shop.draw.choice(("IR", "KP", "MM")), card),
        )


def watched(shop: Shop, day: int) -> None:
    for _ in range(shop.draw.randint(15, 25)):
        party, _, card = _new(shop.draw)
        who = (party, shop.draw.choice(("SY", "YE", "HT", "VE")), card)
        _in(shop, _at(shop, day, 6), shop.draw.uniform(200, 900), who)


def history(shop: Shop, day: int) -> None:
    for n in range(shop.draw.randint(60, 90)):
        _in(shop, _at(shop, day + n * 0.11), shop.draw.uniform(200, 499))


def peers(shop: Shop, day: int) -> None:
    for n in range(25 * 12):
        _in(shop, _at(shop, min(day, 100) + n * 0.04), shop.draw.uniform(500, 2_400))


def volume(shop: Shop, day: int) -> None:
    for n in range(100):
        _in(shop, _at(shop, day - 30 + n * 0.3), shop.draw.uniform(490, 1_400))


SCHEMES: dict[str, tuple[Callable[[Shop, int], None], str]] = {
    "under 1,000": (_under(1_000, 0.9, 0.999), "structuring"),
    "under 3,000": (_under(3_000, 0.9, 0.999), "structuring"),
    "under 10,000": (_under(10_000, 0.92, 0.999), "structuring"),
    "under 15,000": (_under(15_000, 0.9, 0.99), "structuring"),
    "a few under 10,000": (_under(10_000, 0.85, 0.99), "structuring"),
    "velocity": (velocity, "velocity"),
    "large": (large, "single_large"),
    "through": (through, "pass_through"),
    "through in parts": (through_parts, "pass_through"),
    "fan in": (fan_in, "fan_in"),
    "fan out": (fan_out, "fan_out"),
    "rounds": (rounds, "round_amounts"),
    "dormant 200": (dormant(200), "dormant_wakes"),
    "dormant 100": (dormant(100), "dormant_wakes"),
    "new": (new, "new_account_burst"),
    "refunds": (returned("refund", 20, 40), "refund_rate"),
    "chargebacks": (returned("chargeback", 12, 30), "chargeback_rate"),
    "cards": (cards, "one_seller_many_cards"),
    "called": (called, "high_risk_geography"),
    "watched": (watched, "high_risk_geography"),
    "history": (history, "own_history"),
    "peers": (peers, "peers"),
    "volume": (volume, "high_volume"),
}


def rings(front: Callable[[str], Shop], number: int, days: int) -> Iterator[Shop]:
    """Sellers who are one: the same card pays all of them within some days."""
    for ring in range(number):
        shops = [front(f"ring{ring}-{n}") for n in range(8)]
        day = shops[0].draw.randrange(30, days - 10)
        for shop in shops:
            for _ in range(2):
                who = (f"straw-{ring}", "DE", f"card-ring-{ring}")
                _in(shop, _at(shop, day, 4), shop.draw.uniform(40, 400), who)
        yield from shops


def mules(front: Callable[[str], Shop], number: int, days: int) -> Iterator[Shop]:
    """New sellers who pass what they sell for on to one account, a week later, for some weeks."""
    for ring in range(number):
        shops = [front(f"mule{ring}-{n}") for n in range(6)]
        day = shops[0].draw.randrange(45, days - 30)
        for shop in shops:
            began, account = day + shop.draw.randrange(5), f"iban-mule-{ring}"
            for week in range(3):
                sums = [shop.draw.uniform(40, 160) for _ in range(shop.draw.randint(3, 7))]
                for amount in sums:
                    _in(shop, _at(shop, began + 7 * week, 6), amount)
                _out(shop, _at(shop, began + 7 * week + 6.5, 0.4), sum(sums) * 0.92, account)
        yield from shops
