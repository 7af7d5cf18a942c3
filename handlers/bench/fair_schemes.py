"""The schemes of the third drawing, one for each rule, in the open or half hidden. Each gives its transactions' ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.bench.stall import DAYS, Stall, Trade, steady, trade

LIMITS = (10_000, 5_000, 1_000, 3_000, 10_000, 15_000)
CALLED, WATCHED = ("IR", "KP", "MM"), ("SY", "YE", "HT", "VE", "SS", "CD")


@dataclass(frozen=True, slots=True)
class Scheme:
    """Whose it is, how it is done, which of its kind it is, and when it begins."""

    stall: Stall
    hidden: bool
    nth: int
    day: int

    def shop(self, rate: float = 1.0, start: float = 0, end: float = DAYS, price: float = 40) -> None:
        """What it does beside: trade, as others do."""
        stall = self.stall
        trade(stall, Trade(steady(rate), lambda: stall.price(price), start, end, refunds=0.03))

    def new_card(self) -> str:
        """One that nobody has seen."""
        return f"{self.stall.name}-card{self.stall.draw.randrange(10**9)}"


def structuring(on: Scheme) -> list[str]:
    on.shop()
    stall, limit = on.stall, LIMITS[on.nth % 6]
    number, apart, low, high = (4, 2.3, 0.9, 0.98) if on.hidden else (7, 1, 0.95, 0.995)
    party = "" if on.nth % 2 else f"{stall.name}-payer"
    return [
        stall.move(
            on.day + i * apart + stall.between(0.05, 0.3), limit * stall.between(low, high), party=party
        )
        for i in range(number)
    ]


def velocity(on: Scheme) -> list[str]:
    on.shop()
    stall, number, span = on.stall, *((22, 0.4) if on.hidden else (80, 1 / 24))
    return [
        stall.move(on.day + 0.5 + stall.between(0, span), stall.price(20), card=on.new_card())
        for _ in range(number)
    ]


def single_large(on: Scheme) -> list[str]:
    on.shop()
    low, high = (2_500, 6_500) if on.hidden else (12_000, 60_000)
    return [on.stall.move(on.day + 0.4, on.stall.between(low, high))]


def pass_through(on: Scheme) -> list[str]:
    on.shop()
    stall, ids = on.stall, []
    for i in range(4):
        if on.hidden:
            amount, at = stall.between(400, 900), on.day + 2 * i + 0.4
            half = amount * stall.between(0.9, 0.96) / 2
            ids += [
                stall.move(at, amount, card=on.new_card()),
                stall.move(at + stall.between(0.1, 0.3), half, "out"),
                stall.move(at + stall.between(0.3, 0.45), half, "out"),
            ]
        else:
            amount, at = stall.between(2_000, 6_000), on.day + i + 0.4
            ids += [stall.move(at, amount), stall.move(at + stall.between(0.03, 0.15), amount * 0.97, "out")]
    return ids


def fan_in(on: Scheme) -> list[str]:
    on.shop(0.6)
    number, span = (18, 2.9) if on.hidden else (50, 1)
    return [on.stall.move(on.day + on.stall.between(0, span), on.stall.price(90, 0.3)) for _ in range(number)]


def fan_out(on: Scheme) -> list[str]:
    on.shop(2)
    number, span = (9, 2.9) if on.hidden else (30, 1)
    return [
        on.stall.move(on.day + on.stall.between(0, span), on.stall.price(150, 0.3), "out")
        for _ in range(number)
    ]


def round_amounts(on: Scheme) -> list[str]:
    on.shop(0.5)
    number, sums = (7, (100, 200, 300, 50)) if on.hidden else (14, (200, 300, 500, 1_000))
    return [on.stall.move(on.day + on.stall.between(0, 7), on.stall.draw.choice(sums)) for _ in range(number)]


def dormant_wakes(on: Scheme) -> list[str]:
    stall, asleep = on.stall, int(on.stall.between(60, 100))
    on.shop(0.6, end=asleep)
    woken = asleep + (stall.between(100, 150) if on.hidden else stall.between(190, 230))
    number, usual = (6, 350) if on.hidden else (8, 600)
    return [
        stall.move(woken + stall.between(0, 2), stall.price(usual, 0.3), card=on.new_card())
        for _ in range(number)
    ]


def new_account_burst(on: Scheme) -> list[str]:
    stall, number, usual = on.stall, *((18, 110) if on.hidden else (40, 180))
    ids = [
        stall.move(on.day + stall.between(0, 2.5), stall.price(usual, 0.3), card=on.new_card())
        for _ in range(number)
    ]
    if on.hidden:
        on.shop(0.5, start=on.day + 5)
    return ids


def _returned(on: Scheme, direction: str, number: int, price: float, days: tuple[float, float]) -> list[str]:
    stall, ids = on.stall, []
    for n in range(number):
        at, amount, party, card = (
            on.day + stall.between(0, 5),
            stall.price(price),
            f"{stall.name}-r{n}",
            on.new_card(),
        )
        stall.move(at, amount, party=party, card=card)
        ids.append(stall.move(at + stall.between(*days), amount, direction, party=party, card=card))
    return ids


def refund_rate(on: Scheme) -> list[str]:
    on.shop(3)
    return _returned(on, "refund", 10 if on.hidden else 25, 60, (0.2, 2))


def chargeback_rate(on: Scheme) -> list[str]:
    on.shop(2)
    return _returned(on, "chargeback", 6 if on.hidden else 18, 80, (20, 25))


def many_sellers_one_card(on: Scheme) -> list[str]:
    """Six sellers, one card: the same days and the same card for all of its kind."""
    on.shop(1 if on.hidden else 0.3)
    number, usual, day = (2, 70, 255) if on.hidden else (4, 200, 290)
    who = {"party": f"ringman{on.hidden}", "card": f"ring{on.hidden}"}
    return [
        on.stall.move(day + on.stall.between(0, 5), on.stall.price(usual, 0.3), **who) for _ in range(number)
    ]


def many_sellers_one_payee(on: Scheme) -> list[str]:
    """Six sellers, one account: hidden, each sells as much besides and takes that home."""
    on.shop(1 if on.hidden else 0.1)
    stall, day, ids = on.stall, 250 if on.hidden else 285, []
    for n in range(3):
        amount, at = stall.between(400, 900), day + 3 * n + stall.between(0, 3)
        ids += [
            stall.move(at, amount, card=on.new_card()),
            stall.move(
                at + stall.between(1, 3), amount * stall.between(0.9, 0.97), "out", party=f"mule{on.hidden}"
            ),
        ]
    return ids


def one_seller_many_cards(on: Scheme) -> list[str]:
    on.shop()
    stall, number, span = on.stall, *((8, 5) if on.hidden else (20, 1))
    buyers = 3 if on.hidden and on.nth % 2 else 1
    return [
        stall.move(
            on.day + stall.between(0, span), stall.price(60, 0.4), party=f"{stall.name}-cards{i % buyers}",
            card=on.new_card(),
        )
        for i in range(number)
    ]  # fmt: skip


def high_risk_geography(on: Scheme) -> list[str]:
    on.shop(0.8)
    stall, country = on.stall, CALLED[on.nth % 3]
    if not on.hidden:
        return [stall.move(on.day + i, stall.price(500), country=country) for i in range(4)]
    if on.nth % 2:
        return [stall.move(on.day + 0.4, stall.price(60), "out", country=country)]
    return [
        stall.move(on.day + stall.between(0, 6), stall.price(200), country=stall.draw.choice(WATCHED))
        for _ in range(12)
    ]


def own_history(on: Scheme) -> list[str]:
    on.shop(1.5)
    stall, usual = on.stall, 40 if on.nth % 2 else 400
    number = (40 if on.nth % 2 else 5) if on.hidden else (90 if on.nth % 2 else 14)
    return [
        stall.move(on.day + stall.between(0, 6), stall.price(usual, 0.3), card=on.new_card())
        for _ in range(number)
    ]


def peers(on: Scheme) -> list[str]:
    stall, rate = on.stall, on.stall.between(20, 28) if on.hidden else on.stall.between(45, 60)
    trade(stall, Trade(steady(rate), lambda: stall.price(120, 0.3), 200, 260))
    return [row.id for row in stall.rows]


def high_volume(on: Scheme) -> list[str]:
    on.shop()
    stall, usual = on.stall, 420 if on.hidden else 900
    return [
        stall.move(on.day - 50 + n / 2 + stall.between(0, 0.5), stall.price(usual, 0.4), card=on.new_card())
        for n in range(80)
    ]


SCHEMES: dict[str, Callable[[Scheme], list[str]]] = {
    scheme.__name__: scheme
    for scheme in (
        structuring, velocity, single_large, pass_through, fan_in, fan_out, round_amounts, dormant_wakes,
        new_account_burst, refund_rate, chargeback_rate, many_sellers_one_card, one_seller_many_cards,
        high_risk_geography, own_history, peers, high_volume, many_sellers_one_payee,
    )
}  # fmt: skip
