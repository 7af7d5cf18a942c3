"""INFORM and DAC7: on which day a threshold is crossed, and which days follow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.documents import REQUIREMENTS
from bot.model import Transaction
from bot.reports.sellers import (
    DAC7,
    INFORM,
    OWED,
    Day,
    Step,
    dac7_clock,
    days,
    high_volume,
    inform_clock,
    owed,
    reportable,
    shown_to_buyers,
    years_before,
)

FIRST = date(2026, 1, 1)


def steady(n: int, sales: int, euro: str, every: int = 1, first: date = FIRST) -> tuple[Day, ...]:
    """So many days of sales, each so many for so much."""
    return tuple(Day(first + timedelta(days=i * every), sales, Decimal(euro)) for i in range(n))


@pytest.mark.parametrize(
    ("sold", "today", "crossed"),
    [
        (steady(200, 1, "30"), date(2026, 12, 31), date(2026, 7, 19)),  # the 200th sale
        (steady(199, 1, "30"), date(2026, 12, 31), None),
        (
            steady(250, 1, "20"),
            date(2026, 12, 31),
            date(2026, 8, 2),
        ),  # 5,000 dollars are 4,265 euro: 214 days
        (steady(100, 2, "42.65"), date(2026, 12, 31), date(2026, 4, 10)),
        (steady(100, 2, "42.64"), date(2026, 12, 31), None),
        (steady(250, 1, "100", every=2), date(2027, 12, 31), None),  # never 200 within twelve months
        (steady(200, 1, "30"), date(2027, 7, 19), date(2026, 7, 19)),
        (steady(200, 1, "30"), date(2028, 7, 18), None),  # longer ago than 24 months, but for a few
        (steady(200, 1, "30"), date(2026, 7, 18), None),
        ((), FIRST, None),
    ],
)
def test_high_volume(sold: tuple[Day, ...], today: date, crossed: date | None) -> None:
    assert high_volume(sold, today) == crossed


@pytest.mark.parametrize(
    ("sold", "crossed"),
    [
        (steady(30, 1, "1"), date(2026, 1, 30)),
        (steady(29, 1, "1"), None),
        (steady(2, 1, "1000"), None),  # 2,000 is not more than 2,000
        (steady(2, 1, "1000.01"), date(2026, 1, 2)),
        (steady(60, 1, "1", first=date(2025, 12, 3)), date(2026, 1, 30)),  # each year counts anew
        (steady(40, 1, "1", first=date(2025, 12, 3)), None),
    ],
)
def test_reportable(sold: tuple[Day, ...], crossed: date | None) -> None:
    assert reportable(sold, 2026) == crossed


def test_shown_to_buyers() -> None:
    assert shown_to_buyers(steady(20, 1, "853"), 2026) == date(2026, 1, 20)
    assert shown_to_buyers(steady(19, 1, "853"), 2026) is None


def test_sales_by_day() -> None:
    late = datetime(2026, 1, 1, 23, 30, tzinfo=UTC)
    rows = [
        Transaction("1", "s", late, "10", "EUR", "in"),
        Transaction("2", "s", late - timedelta(hours=5), "100", "USD", "in"),
        Transaction("3", "s", late, "10", "EUR", "refund"),
        Transaction("4", "s", late + timedelta(hours=1), "7", "EUR", "in"),
        Transaction("5", "s", late - timedelta(days=1), "1", "EUR", "out"),
    ]
    assert days(rows) == (Day(FIRST, 2, Decimal("95.300")), Day(date(2026, 1, 2), 1, Decimal(7)))


def test_the_days_of_inform() -> None:
    crossed = date(2026, 7, 19)
    assert inform_clock(crossed).steps == (Step("collect", date(2026, 7, 29)),)
    assert inform_clock(crossed, date(2026, 7, 25)).steps == (
        Step("verify", date(2026, 8, 4)),
        Step("ask_to_certify", date(2027, 7, 25)),
        Step("certify", date(2027, 8, 4)),
    )
    again = inform_clock(crossed, date(2026, 7, 25), date(2027, 7, 30))
    assert again.next(date(2027, 8, 1)) == Step("ask_to_certify", date(2028, 7, 30))
    assert again.next(date(2029, 1, 1)) is None


def test_the_days_of_dac7() -> None:
    crossed = date(2026, 5, 1)
    assert dac7_clock(crossed, date(2026, 5, 2)).steps == (
        Step("remind", date(2026, 6, 1)),
        Step("remind", date(2026, 6, 17)),
        Step("withhold", date(2026, 7, 1)),
        Step("check", date(2026, 12, 31)),
        Step("report", date(2027, 1, 31)),
    )
    late = dac7_clock(date(2026, 12, 20), date(2026, 12, 21))
    assert [step.what for step in late.steps] == ["check", "remind", "report", "remind", "withhold"]
    assert dac7_clock(crossed, date(2026, 5, 2), date(2026, 5, 9)).next(FIRST) == Step(
        "check", date(2026, 12, 31)
    )


def test_what_is_owed_is_what_we_ask_for() -> None:
    assert {name for names in OWED.values() for name in names} <= set(REQUIREMENTS)
    assert owed(INFORM, company=False, given=["email", "contact"]) == ("payout_account", "tax_number")
    assert "register_number" in owed(DAC7, company=True, given=[])
    assert owed(DAC7, company=False, given=OWED[DAC7, False]) == ()


def test_a_leap_day() -> None:
    assert years_before(date(2028, 2, 29), 1) == date(2027, 2, 28)
    assert years_before(date(2028, 2, 29), -1) == date(2029, 2, 28)
