"""What is remembered of a seller over a year: in memory, from storage, after a start in the middle."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Transaction
from bot.monitoring import Profile, found, moved
from bot.monitoring.days import SILENCE, Day, Habit, date_of, numbered
from bot.monitoring.known import Past
from bot.monitoring.live import Watch
from bot.monitoring.payees import Paid
from bot.monitoring.windows import Peak
from handlers.bench.money import drawn
from handlers.bench.till import BEGAN
from storage import Storage

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
EDGES = (
    "100",
    "200.00",
    "250",
    "499.99",
    "500",
    "999.99",
    "1000",
    "2699.99",
    "2700",
    "4500",
    "4999.99",
    "8500",
    "9999.99",
    "10000",
)
EXPECTED = Profile(expected=10_000)
APART = {"many_sellers_one_card", "peers"}  # the market of one seller alone is another one


def rows(seed: int, number: int = 600) -> list[Transaction]:
    chance = random.Random(seed)
    return [
        Transaction(
            f"t{n}", "s", MIDNIGHT + timedelta(seconds=chance.randrange(60 * 86_400)), chance.choice(EDGES),
            chance.choice(("EUR", "USD", "JPY", "SEK", "XYZ")), chance.choice(("in", "out", "refund", "chargeback")),
            chance.choice(("", "a", "b", f"p{n}")),
        )
        for n in range(number)
    ]  # fmt: skip


def counted(kept: Iterable[Transaction]) -> Past:
    """As `storage` sums up, one by one."""
    events = sorted(map(moved, kept))
    days: dict[int, Day] = {}
    hours = Counter(event.at // 3600 for event in events)
    paid: dict[str, Paid] = {}
    for event in events:
        day = days.setdefault(date_of(event.at), Day(date_of(event.at)))
        day.count(event)
        day.hour = max(day.hour, hours[event.at // 3600])
        if event.direction == "out":
            before = paid.get(event.counterparty)
            paid[event.counterparty] = (
                Paid(event.counterparty, before.first, before.times + 1)
                if before
                else Paid(event.counterparty, event.at, 1)
            )
            day.others += bool(event.counterparty and not before)
    return Past(events[0].at, events[-1].at, numbered(days.values()), tuple(paid.values()))


@pytest.mark.parametrize("seed", [1, 2])
async def test_storage_sums_up_as_the_windows_count(storage: Storage, seed: int) -> None:
    await storage.ledger.add(rows(seed))
    before = MIDNIGHT + timedelta(days=40)
    kept = [each for each in await storage.ledger.since("s", MIDNIGHT) if each.at < before]
    wanted, past = counted(kept), await storage.ledger.past("s", before)
    assert past is not None
    assert past.days == wanted.days
    assert Counter(past.paid) == Counter(wanted.paid)
    assert (past.first_at, past.last_at) == (wanted.first_at, wanted.last_at)
    assert any(day.band and day.near and day.round and day.others for day in past.days)
    assert await storage.ledger.past("s", MIDNIGHT) is None


def quarterly() -> list[Transaction]:
    """A seller who takes money home now and then, and pays for parcels every ten days."""
    sales = [(day + 0.5, 160, "in", f"b{day}") for day in range(230)]
    home = [(day + 0.4, 6_000, "out", "own") for day in range(50, 230, 45)]
    parcels = [(day + 0.3, 90, "out", "post") for day in range(0, 230, 10)]
    return [
        Transaction(f"q{n}", "quarterly", BEGAN + timedelta(days=day), str(amount), "EUR", direction, party)
        for n, (day, amount, direction, party) in enumerate(sales + home + parcels)
    ]


@pytest.mark.parametrize("cut", [60, 182])
async def test_a_start_in_the_middle_forgets_nothing(storage: Storage, cut: int) -> None:
    """Alerts from an instant on are the same whether windows were there all the time or are built then."""
    drawing = drawn(seed=3, ordinary=3, each=1, days=230)
    apart = ("ring0-", "peers-0", "buys1-", "buys2-")
    sellers = {row.seller for row in drawing.rows if not row.seller.startswith(apart)} | {"quarterly"}
    kept = [replace(row, card="") for row in (*drawing.rows, *quarterly()) if row.seller in sellers]
    await storage.ledger.add(kept)
    at, end = BEGAN + timedelta(days=cut), BEGAN + timedelta(days=400)
    seen = set()
    for seller in sorted(sellers):
        alerts = await Watch(storage.ledger).look(seller, EXPECTED, end, at)
        seen |= {
            (name, alert.rule, alert.window, alert.at) for name, alert in alerts if alert.rule not in APART
        }
    whole = {
        (one.seller, one.rule.name, one.window, datetime.fromtimestamp(one.at, UTC))
        for one in found(map(moved, kept), lambda _: EXPECTED)
        if one.rule.name not in APART
    }
    assert {one for one in whole if one[3] >= at} <= seen
    assert {one[:3] for one in seen} <= {one[:3] for one in whole}
    assert len([one for one in whole if one[3] >= at]) >= 1


def days(habit: Habit, numbers: Iterable[int], sales: int, cents: int = 1_000) -> None:
    for number in numbers:
        habit.turn(number)
        for n in range(sales):
            habit.today.count(
                moved(Transaction(f"{number}/{n}", "s", BEGAN, str(cents / 100), "EUR", "in", "b"))
            )


@pytest.mark.parametrize("away", [0, SILENCE, 30, 90, 300])
def test_a_holiday_does_not_make_a_seller_a_new_one(away: int) -> None:
    habit = Habit()
    days(habit, range(60), 6)
    days(habit, range(60 + away, 61 + away), 1)
    usual = habit.settled
    assert usual is not None
    assert 6 * (28 - SILENCE) / 28 <= usual.ins <= 6
    assert usual.price == 10


def test_the_best_days_of_a_year_are_remembered() -> None:
    habit = Habit()
    days(habit, range(100), 2)
    days(habit, range(100, 103), 20, 5_000)
    days(habit, range(103, 400), 2)
    assert (habit.most("ins", 1), habit.most("ins", 3), habit.most("cents", 3)) == (20, 60, 300_000)
    assert (habit.largest(3), habit.largest(4)) == (5_000, 1_000)
    days(habit, range(400, 520), 2)
    assert (habit.most("ins", 3), habit.largest(3)) == (6, 1_000)


def test_this_week_is_not_yet_what_it_is_measured_by() -> None:
    habit = Habit()
    days(habit, range(50), 2)
    days(habit, range(50, 54), 30)
    assert habit.most("ins", 1) == 2
    assert habit.sales(10) == (30, 10.0)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), min_size=1, max_size=40), st.integers(0, 20)
)
def test_the_largest_of_a_window_is_its_largest(amounts: list[tuple[int, int]], later: int) -> None:
    peak, at, seen = Peak(100.0), 0.0, []
    for wait, euro in amounts:
        at += wait
        event = moved(Transaction("1", "s", BEGAN, str(euro), "EUR", "in", "b"))._replace(at=at)
        peak.add(event)
        seen.append(event)
    now = at + later
    assert peak.cents(now) == max((each.cents for each in seen if each.at > now - 100.0), default=0)
