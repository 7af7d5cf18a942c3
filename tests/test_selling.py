"""Sums from which a law wants more of a seller: crossed by sales, asked for in the chat, with the law's own days."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.model import Stage, Threshold, Transaction
from bot.selling import Day, high_volume, reportable, years_before
from tests.talk import Talk

DAY = timedelta(days=1)
FIRST = date(2026, 1, 1)


@pytest.fixture
async def talk(database_url: str, tmp_path: Path) -> AsyncIterator[Talk]:
    talk = Talk(database_url, tmp_path)
    yield talk
    await talk.storage.close()


async def approved(talk: Talk, country: str = "Germany", markets: str = "Germany") -> None:
    """A private person who expects to sell little: no tax number is asked."""
    await talk.seller(command="start")
    await talk.finish("country")
    await talk.seller(text=country)
    await talk.finish("markets")
    await talk.seller(text=markets)
    await talk.finish()
    assert (await shown(talk))[0] is Stage.APPROVED


async def shown(talk: Talk) -> tuple[Stage, set[str]]:
    _, standing = await talk.desk.show(await talk.case())
    return standing.stage, {str(item.key) for item in standing.items}


async def sells(talk: Talk, times: int, amount: str) -> list[str]:
    """So many sales of today, told one after the other."""
    heard: list[str] = []
    for _ in range(times):
        talk.updates += 1
        moved = Transaction(f"t{talk.updates}", await talk.case(), talk.clock.now(), amount, "EUR", "in")
        heard += await talk.keep(await talk.desk.observe([moved]))
    return heard


async def noted(talk: Talk) -> list[Threshold]:
    case = await talk.storage.cases.load(await talk.case())
    return [record for record in case.history if isinstance(record, Threshold)]


async def test_the_thirtieth_sale_of_a_year_asks_where_tax_is_paid(talk: Talk) -> None:
    await approved(talk)
    assert await sells(talk, 29, "21.50") == []
    heard = "\n".join(await sells(talk, 1, "21.50"))
    assert "This year you have sold 30 times, for about 645 euros." in heard
    assert "DAC7" in heard
    assert "In which country do you pay tax?" in heard
    assert await sells(talk, 3, "21.50") == []
    more = "\n".join(await sells(talk, 1, "12000"))
    assert "One more thing has come up, and I will ask for it next: Where the money comes from." in more
    assert "Please do all of it by December 2, 2026." in more
    (one,) = await noted(talk)
    assert (one.law, one.sales, one.euro) == ("dac7", 30, "645.00")
    stage, items = await shown(talk)
    assert stage is Stage.ACTION_NEEDED
    assert {"tax_country", "tax_number"} <= items


async def test_what_was_given_settles_it_for_the_years_to_come(talk: Talk) -> None:
    await approved(talk)
    await sells(talk, 1, "2000.01")
    await talk.finish()
    assert (await shown(talk))[0] is Stage.APPROVED
    talk.clock.instant = talk.clock.instant.replace(year=2027, month=3)
    assert not any("tax" in line for line in await sells(talk, 1, "2000.01"))
    assert [one.on[:4] for one in await noted(talk)] == ["2026", "2027"]


@pytest.mark.parametrize("country", ["Norway", "Switzerland"])
async def test_no_law_looks_at_sellers_elsewhere(talk: Talk, country: str) -> None:
    await approved(talk, country, country)
    assert await sells(talk, 31, "21.50") == []
    assert await noted(talk) == []


async def test_many_sales_to_america_leave_ten_days_and_ask_every_year(talk: Talk) -> None:
    await approved(talk, markets="Germany, USA")
    case = await talk.case()
    talk.updates += 1000
    sales = [
        Transaction(f"m{n}", case, talk.clock.now() - timedelta(hours=n), "24.00", "EUR", "in")
        for n in range(200)
    ]
    heard = "\n".join(await talk.keep(await talk.desk.observe(sales)))
    assert "INFORM Consumers Act" in heard
    assert {one.law for one in await noted(talk)} == {"dac7", "inform"}
    _, standing = await talk.desk.show(case)
    assert standing.due_by == talk.clock.now().date() + timedelta(days=10)
    warned = "\n".join(await talk.passes(4 * DAY))
    assert "your selling must by law be suspended until it is" in warned
    assert "write to the marketplace's support" in warned
    await talk.finish()
    _, standing = await talk.desk.show(case)
    assert standing.stage is Stage.APPROVED
    assert standing.valid_until == date(2027, 11, 2)
    asked = "\n".join(await talk.passes(345 * DAY))
    assert "Once a year a law of the United States" in asked
    assert "Is all of this still right?" in asked


# ---- the sums by themselves


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


def test_a_leap_day() -> None:
    assert years_before(date(2028, 2, 29), 1) == date(2027, 2, 28)
    assert years_before(date(2028, 2, 29), -1) == date(2029, 2, 28)
