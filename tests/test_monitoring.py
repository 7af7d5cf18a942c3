"""The rules over money: what raises each, what does not, and that the order of arrival moves nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Tier, Transaction
from bot.monitoring import RULES, Profile, found, moved
from handlers.bench.bazaar import bazaar
from handlers.bench.money import drawn, judged

START = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday
EXPECTED, NOBODY_SAID = Profile(Tier.LOW, 10_000), Profile()
Made = list[Transaction]


def paid(  # noqa: PLR0917 - a transaction's columns, in the order tables read best
    amount: float,
    day: float = 0.0,
    direction: str = "in",
    party: str = "",
    card: str = "",
    seller: str = "s",
    country: str = "DE",
    currency: str = "EUR",
    ids: count[int] = count(1),  # noqa: B008 - one counter for all tests
) -> Transaction:
    number = next(ids)
    at = START + timedelta(days=day)
    return Transaction(
        f"t{number:06}",
        seller,
        at,
        f"{amount:g}",
        currency,
        direction,
        party or f"p{number}",
        country,
        "",
        card,
    )


def raised(rows: Made, profile: Profile = NOBODY_SAID) -> set[str]:
    return {one.rule.name for one in found(map(moved, rows), lambda _: profile) if one.seller == "s"}


def trade(days: int, a_day: int = 3, amount: float = 40, start: float = 0) -> Made:
    """Steady sales with a weekly payout."""
    sales = [paid(amount + n, start + day + n / 10) for day in range(days) for n in range(a_day)]
    return sales + [paid(7 * a_day * amount, start + day, "out", "own") for day in range(6, days, 7)]


TABLE: list[tuple[str, Callable[[], Made], set[str]]] = [
    ("nothing of note", lambda: trade(60), set()),
    ("four small sums", lambda: [paid(501 + n, n / 2) for n in range(4)], set()),
    ("five small sums", lambda: [paid(501 + n, n / 2) for n in range(5)], {"structuring"}),
    ("five small sums, one too late", lambda: [paid(501 + n, n * 1.75) for n in range(5)], set()),
    ("five sums of 499", lambda: [paid(499, n / 2) for n in range(5)], set()),
    ("five sums of 1000 and more", lambda: [paid(1001 + n, n / 2) for n in range(5)], set()),
    ("small sums in dollars", lambda: [paid(501 + n, n / 2, currency="USD") for n in range(5)], {"structuring"}),
    ("small sums of yen", lambda: [paid(501 + n, n / 2, currency="JPY") for n in range(5)], set()),
    ("just under 3,000", lambda: [paid(2890 + n, n) for n in range(3)], {"structuring"}),
    ("4,999 at once", lambda: [paid(4999)], set()),
    ("5,000 at once", lambda: [paid(5000.5)], {"single_large"}),
    ("a large payout", lambda: [paid(5000, 0, "out")], set()),
    ("whole hundreds", lambda: [paid(100 * (1 + n % 3), n) for n in range(6)], {"round_amounts"}),
    ("whole hundreds among others", lambda: trade(60, 6) + [paid(200, 50 + n) for n in range(6)], set()),
    ("in and out", lambda: [paid(2210), paid(2101, 0.1, "out")], {"pass_through"}),
    ("in and out the next day", lambda: [paid(2210), paid(2101, 1.1, "out")], set()),
    (
        "the same again and again",
        lambda: [p for n in range(3) for p in (paid(451, n), paid(433, n + 0.1, "out"))],
        {"pass_through"},
    ),
    ("a payout of small sales", lambda: [*trade(40, 30)[:210], paid(2101, 6.95, "out")], set()),
    (
        "30 in an hour",
        lambda: trade(30) + [paid(5, 30 + n / 1000, party="a") for n in range(30)],
        {"velocity"},
    ),
    ("60 in a day", lambda: trade(30) + [paid(5, 30 + n / 61, party="abc"[n % 3]) for n in range(60)], {"velocity"}),
    ("60 people in a day", lambda: trade(30) + [paid(45, 30 + n / 61) for n in range(60)], {"fan_in"}),
    ("30 in a day", lambda: trade(30) + [paid(5, 30 + n / 31, party="a") for n in range(30)], set()),
    ("30 people in a day", lambda: trade(30) + [paid(45, 30 + n / 31) for n in range(30)], {"fan_in"}),
    ("30 people in a day, as ever", lambda: trade(30, 20) + [paid(45, 30 + n / 31) for n in range(30)], set()),
    ("paying 8", lambda: trade(30) + [paid(45, 30 + n / 5, "out") for n in range(8)], {"fan_out"}),
    ("paying one 8 times", lambda: trade(30) + [paid(45, 30 + n / 5, "out", "own") for n in range(8)], set()),
    ("waking", lambda: [*trade(10), paid(501, 191)], {"dormant_wakes"}),
    ("not yet asleep", lambda: [*trade(10), paid(501, 188)], set()),
    ("stirring in its sleep", lambda: [*trade(10), paid(20, 191)], set()),
    (
        "refunds",
        lambda: trade(30) + [paid(41, 30 + n / 3, "refund") for n in range(14)],
        {"refund_rate"},
    ),
    ("a few refunds", lambda: trade(30) + [paid(41, 30 + n, "refund") for n in range(4)], set()),
    (
        "chargebacks",
        lambda: trade(30) + [paid(41, 30 + n, "chargeback") for n in range(4)],
        {"chargeback_rate"},
    ),
    ("a chargeback", lambda: [*trade(30), paid(41, 30, "chargeback")], set()),
    (
        "one buyer, four cards",
        lambda: [paid(9, n / 10, party="b", card=f"c{n}") for n in range(4)],
        {"one_seller_many_cards"},
    ),
    ("one buyer, one card", lambda: [paid(9, n / 10, party="b", card="c") for n in range(9)], set()),
    (
        "one card, four sellers",
        lambda: [paid(59, n, card="c", seller=name) for n, name in enumerate("sxyz")],
        {"many_sellers_one_card"},
    ),
    ("a few small things", lambda: [paid(30, n, card="c", seller=name) for n, name in enumerate("sxyz")], set()),
    ("one card, three sellers", lambda: [paid(9, n, card="c", seller=name) for n, name in enumerate("sxy")], set()),
    ("with Iran", lambda: [paid(9, country="IR")], {"high_risk_geography"}),
    ("a little with Bulgaria", lambda: [paid(990, country="BG")], set()),
    ("much with Bulgaria", lambda: [paid(499, n, country="BG") for n in range(3)], {"high_risk_geography"}),
    ("far above its own weeks", lambda: trade(40) + [paid(1501, 40 + n) for n in range(5)], {"own_history", "high_volume"}),
    ("twice its own weeks", lambda: trade(40) + trade(7, 6, start=40), set()),
]  # fmt: skip


@pytest.mark.parametrize(("made", "rules"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_raises_a_rule_and_what_does_not(made: Callable[[], Made], rules: set[str]) -> None:
    assert raised(made()) == rules


def test_a_new_account_that_takes_in_much_at_once() -> None:
    others = [paid(20, n, seller="other") for n in range(40)]
    burst = [paid(451, 30 + n / 10) for n in range(12)]
    assert raised(others + burst) == {"new_account_burst"}
    assert raised(burst) == set()  # first seen as the record begins: it may have sold for years


def test_far_above_what_others_sell() -> None:
    others = [paid(30 + n, day, seller=f"o{n}") for n in range(25) for day in range(30)]
    own = [paid(61, day + n / 40) for day in range(16) for n in range(30)]
    assert raised(others + own, Profile()) == {"peers"}
    assert raised(own, Profile()) == set()  # nobody to compare with


def test_a_high_tier_is_watched_more_closely() -> None:
    rows = [paid(2501.5)]
    assert raised(rows) == set()
    assert raised(rows, Profile(Tier.HIGH, 10_000)) == {"single_large"}
    people = trade(30, 1) + [paid(45, 30 + n / 30) for n in range(11)]
    assert raised(people) == set()
    assert raised(people, Profile(Tier.HIGH, 10_000)) == {"fan_in"}


def test_more_than_was_to_be_expected() -> None:
    rows = [paid(2499.75, n) for n in range(4)]
    more = [*rows, paid(1.01, 5)]
    assert raised(rows, EXPECTED) == set()
    assert raised(more, EXPECTED) == {"high_volume"}
    assert raised([*rows, paid(1.01, 30.5)], EXPECTED) == set()  # the first has left the 30 days
    assert raised(more) == set()  # nobody said what to expect


def _crowd(days: int, sellers: int = 8) -> Made:
    return [paid(20, day + n / 50, seller=f"o{n}") for day in range(days) for n in range(sellers)]


def test_a_few_early_sellers_do_not_make_the_crowd_new() -> None:
    early = [paid(20, -200 + n, seller=f"early{n}") for n in range(3)]
    burst = [paid(451, n / 10) for n in range(12)]
    assert raised(early + _crowd(40) + burst) == set()
    assert raised(early + _crowd(40) + [paid(451, 20 + n / 10) for n in range(12)]) == {"new_account_burst"}


def test_who_sells_much_was_not_silent_for_days_before() -> None:
    assert raised(_crowd(40) + [paid(451, 4 + n / 10) for n in range(12)]) == {"new_account_burst"}


DEAR = [601 + n * 337 % 700 for n in range(60)]  # the prices of a shop of phones


@pytest.mark.parametrize(
    ("made", "rules"),
    [
        (lambda: [paid(DEAR[n], n) for n in range(60)], set()),
        (lambda: [paid(DEAR[n], n) for n in range(60)] + [paid(5400, 60)], {"single_large"}),
        (lambda: [paid(2100 + n, n) for n in range(40)] + [paid(5400, 40)], set()),
        (lambda: trade(40) + [paid(2300 + n, 40 + n / 5) for n in range(2)], {"own_history"}),
    ],
    ids=["dear goods", "dear for them", "wholesale", "not for a small shop"],
)
def test_what_is_usual_for_a_shop_is_no_alert(made: Callable[[], Made], rules: set[str]) -> None:
    assert raised(made()) - {"high_volume"} == rules


def test_a_payout_at_its_hour_to_the_usual_account_passes_nothing_through() -> None:
    sales = [p for day in range(20) for p in (paid(1499, day + 0.3), paid(1377, day + 0.45, "out", "own"))]
    assert raised(_crowd(20) + sales) == set()
    elsewhere = [p for n in range(3) for p in (paid(1499, 20 + n + 0.3), paid(1377, 20 + n + 0.45, "out"))]
    assert raised(_crowd(20) + sales + elsewhere) == {"pass_through"}


def _bought(card: str, sellers: list[str], amount: float, day: float) -> Made:
    return [paid(amount, day + n / 9, card=card, seller=name, party=card) for n, name in enumerate(sellers)]


def test_one_card_at_many_sellers_where_cards_are_used_everywhere() -> None:
    names = ["s", *(f"o{n}" for n in range(29))]
    market = [paid(30 + n, day + n / 40, seller=names[n]) for day in range(14) for n in range(30)]
    shared = [
        row
        for n in range(60)
        for row in _bought(f"fan{n}", [names[(n * 7 + k * 11) % 30] for k in range(5)], 25, 7 + n / 30)
    ]
    assert raised(market + shared) == set()  # five sellers are usual here, and it matters to none of them
    ring = _bought("ring", names[:14], 240, 11)
    assert raised(market + shared + ring) == {"many_sellers_one_card"}


def test_who_nobody_asked_is_held_to_their_own_months() -> None:
    steady = [paid(430 + n % 9, n / 2) for n in range(240)]
    grown = [paid(480, 60 + n / 12) for n in range(360)]
    assert "high_volume" not in raised(_crowd(120) + steady)  # 26,000 a month, as ever
    assert "high_volume" in raised(_crowd(120) + steady[:120] + grown)
    assert "high_volume" in raised(_crowd(120) + [paid(430, 40 + n / 2) for n in range(60)])  # a new one


def test_one_alert_a_window_that_grows() -> None:
    rows = [paid(501 + n, n / 10) for n in range(9)] + [paid(501 + n, 7 + n / 10) for n in range(5)]
    first, second = (one for one in found(map(moved, rows)) if one.rule.name == "structuring")
    assert (first.window, second.window) == ("2026-W10", "2026-W11")
    assert list(first.transactions) == [row.id for row in rows[:9]]
    assert first.sentence() == "9 amounts from 500 to below 1,000 came in within 7 days, up to 2026-03-03"


EVENT = st.builds(
    paid,
    st.sampled_from([5, 60, 100, 200, 510, 750, 990, 2100, 2950, 5000, 9500]),
    st.integers(0, 400).map(lambda n: n * 0.21) | st.integers(200, 230),
    st.sampled_from(["in", "in", "in", "out", "refund", "chargeback"]),
    st.sampled_from(["a", "b", "c", ""]),
    st.sampled_from(["c1", "c2", "c3", "c4", ""]),
    st.sampled_from(["s", "t", "u", "v", "w"]),
    st.sampled_from(["DE", "IR", "BG"]),
)


def _finals(rows: Made) -> list[object]:
    return [(one.alert(), one.seller) for one in found(map(moved, rows), lambda _: EXPECTED)]


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENT, max_size=80), st.randoms())
def test_the_order_of_arrival_and_repeats_move_nothing(rows: Made, chance: object) -> None:
    mixed = [*rows, *rows[:5]]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert _finals(rows) == _finals(mixed)


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENT, min_size=1, max_size=60), st.data())
def test_more_transactions_never_take_a_monotone_alert_away(rows: Made, data: st.DataObject) -> None:
    fewer = data.draw(st.lists(st.sampled_from(rows), unique_by=lambda row: row.id))

    def places(some: Made) -> set[tuple[str, str, str]]:
        alerts = found(map(moved, some), lambda _: EXPECTED)
        return {(one.seller, one.rule.name, one.window) for one in alerts if one.rule.monotone}

    assert places(fewer) <= places(rows)


def test_every_rule_has_words_for_staff() -> None:
    for rule in RULES:
        assert rule.explained().endswith((".", ":")), rule.name
    assert len({rule.name for rule in RULES}) == len(RULES) == 18
    assert {rule.name for rule in RULES if not rule.quiet} == {"high_volume", "refund_rate"}


def test_precision_and_recall_on_drawn_sellers() -> None:
    drawing = drawn(seed=11, ordinary=25, each=1, days=240)
    alerts = found(map(moved, drawing.rows))
    figures = judged({(one.seller, one.rule.name) for one in alerts}, drawing)
    assert {rule: figure for rule, figure in figures.items() if figure["recall"] < 1} == {}
    innocent = set(drawing.ordinary)
    assert len({one.seller for one in alerts if one.seller in innocent}) <= 3


def test_another_drawing_of_shops_and_schemes() -> None:
    drawing = bazaar(seed=4, ordinary=20, each=1, days=100)
    alerts = found(map(moved, drawing.rows))
    raised = {(one.seller, one.rule.name) for one in alerts}
    assert [seller for seller, rule in drawing.guilty.items() if (seller, rule) not in raised] == []
    innocent = set(drawing.ordinary)
    assert len({one.seller for one in alerts if one.rule.quiet and one.seller in innocent}) <= 2
