"""What a year's memory changes: what was there before is no news, and what leaves for a new account is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.monitoring import found, moved
from tests.test_monitoring import Made, paid, trade


def times(rows: Made) -> dict[str, int]:
    """How often each rule was raised, but for the question about a high volume."""
    counts: dict[str, int] = {}
    for one in found(map(moved, rows)):
        if one.seller == "s" and one.rule.name != "high_volume":
            counts[one.rule.name] = counts.get(one.rule.name, 0) + 1
    return counts


def companies() -> Made:
    """Seven thousand or so a week, from a few of them."""
    return [paid(5_500 + 370 * (n % 9), 7 * n, party=f"firm{n % 5}") for n in range(50)]


def openings(price: float) -> Made:
    """A few sales a week, and twenty within some hours once a month."""
    return trade(300, 1) + [paid(price, 22 + 30 * m + n / 50) for m in range(9) for n in range(20)]


def seasons(apart: int) -> Made:
    return trade(60) + trade(60, start=60 + apart)


def away(days: int) -> Made:
    """Steady weeks, none for a while, then twenty times as much."""
    return trade(60, 1) + [paid(470, 60 + days + n / 3, party=f"x{n % 12}") for n in range(21)]


def through(parts: int, parties: int) -> Made:
    """What comes in each day leaves the same day, cut small, for new accounts."""
    rows = trade(100, 1, 300)
    for day in range(100, 112):
        rows += [paid(1_900 / 4, day + n / 100) for n in range(4)]
        rows += [
            paid(1_850 / parts, day + 0.1 + n / 20, "out", f"z{(day * parts + n) % parties}")
            for n in range(parts)
        ]
    return rows


def home(amount: float = 7_000, party: str = "own") -> Made:
    return [*trade(120, 1, 200), paid(amount, 119.5, "out", party)]


def clothes(days: int, sent_back: int) -> Made:
    """Five sales a day, and of each fifteen so many come back."""
    rows = trade(days, 5)
    return rows + [
        paid(40, day + 0.5 + n / 50, "refund", f"b{n}")
        for day in range(3, days)
        for n in range(sent_back * (day % 3 == 0))
    ]


def letters(price: float) -> Made:
    """A sale a day, and forty within the hour after each month's letter."""
    return trade(200, 1) + [
        paid(40 if month < 5 else price, 30 * month + 25.5 + n / 2000, party=f"r{month}-{n}")
        for month in range(6)
        for n in range(40)
    ]


def payouts(each: Callable[[int], str], weeks: int = 30) -> Made:
    """A shop that pays itself once a week, for so long to one account."""
    sales = [paid(100 + n % 9, n / 2) for n in range(14 * weeks)]
    return sales + [paid(1_300, 7 * week + 6.9, "out", each(week)) for week in range(weeks)]


def disputed(every: int) -> Made:
    """Ten sales a day; each so many days one is charged back."""
    return trade(150, 10) + [paid(40, day + 0.7, "chargeback") for day in range(10, 150, every)]


TABLE: list[tuple[str, Callable[[], Made], dict[str, int]]] = [
    ("companies that buy every week", companies, {"single_large": 1}),
    ("one of them ten times as large", lambda: [*companies(), paid(60_000, 351)], {"single_large": 2}),
    ("the same opening every month", lambda: openings(42), {"fan_in": 1}),
    ("an opening with other money", lambda: openings(42) + [paid(150, 296 + n / 50) for n in range(20)], {"fan_in": 2, "own_history": 1}),
    ("the same season again", lambda: seasons(240), {}),
    ("another season", lambda: [*trade(60), *(paid(450 + n, 301 + n) for n in range(6))], {"dormant_wakes": 1, "own_history": 1}),
    ("much after seven weeks", lambda: away(50), {"own_history": 2}),
    ("one price of a hundred", lambda: [paid(100, n / 2) for n in range(200)], {}),
    ("just under 5,000", lambda: trade(100, 1, 400) + [paid(4_900 + n, 100 + n) for n in range(3)], {"structuring": 1, "own_history": 1}),
    ("a large payout home", home, {}),
    ("the first payout", lambda: [*(paid(1_050 + n, n) for n in range(9)), paid(6_000, 9.5, "out", "own")], {}),
    ("a large payout to a new account", lambda: home(party="new"), {"single_large": 1}),
    ("and another to it", lambda: [*home(party="new"), paid(7_000, 121, "out", "new")], {"single_large": 1}),
    ("eight times the usual week", lambda: trade(60) + trade(7, 22, start=60), {"own_history": 1}),
    ("and six times", lambda: trade(60) + trade(7, 16, start=60), {}),
    ("and six times, with larger sales", lambda: trade(60) + [paid(150, 60 + n / 5) for n in range(35)], {"own_history": 1}),
    ("a smaller one", lambda: home(4_990, "new"), {}),
    ("just under 10,000 to new accounts", lambda: home(200) + [paid(9_800, 121 + n, "out", f"n{n}") for n in range(3)], {"structuring": 1, "single_large": 3}),
    ("the same home", lambda: home(200) + [paid(9_800, 121 + n, "out", "own") for n in range(3)], {}),
    ("through in three parts", lambda: through(3, 7), {"pass_through": 2}),
    ("through in one part", lambda: through(1, 6), {"pass_through": 2, "fan_out": 2}),
    ("clothes that come back", lambda: clothes(150, 5), {"refund_rate": 1}),
    ("and twice as many", lambda: clothes(150, 5) + [paid(40, 140 + n / 5, "refund") for n in range(36)], {"refund_rate": 2}),
    ("the same letter every month", lambda: letters(40), {"velocity": 1, "fan_in": 2}),
    ("cards that are tried in an hour like it", lambda: letters(2), {"velocity": 2, "fan_in": 2}),
    ("one account", lambda: payouts(lambda _: "own"), {}),
    ("another one for good", lambda: payouts(lambda week: "own" if week < 20 else "other"), {}),
    ("another one each week", lambda: payouts(lambda week: "own" if week < 20 else f"n{week}"), {"fan_out": 2}),
    ("a new supplier each month", lambda: payouts(lambda week: f"n{week}" if week % 4 == 3 else "own", 40), {}),
    ("chargebacks one by one", lambda: disputed(2), {"chargeback_rate": 4}),
    ("half as many", lambda: disputed(4), {}),
    ("pay day", lambda: trade(60) + [paid(90, 30 + 7 * w + n / 20, "out", f"staff{n}") for w in range(4) for n in range(9)], {"fan_out": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("made", "rules"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_is_news_and_what_is_not(made: Callable[[], Made], rules: dict[str, int]) -> None:
    assert times(made()) == rules
