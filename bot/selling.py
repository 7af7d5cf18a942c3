"""What a seller sold, against the sums from which a law wants to know more of them: each is noted once it is crossed.

INFORM Consumers Act (United States): 15 U.S.C. 45f. DAC7 (European Union): Directive 2011/16/EU, Annex V, as Directive
(EU) 2021/514 put it in. Days are of UTC. Money that went back is not taken off: both laws count what was sold. What
follows, and by when, are rows of the policy. The ledger takes a dollar at its number, so dollars count a little early.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from bot.conditions import in_the_union, sells_to_america, still_high
from bot.facts import Facts, amount
from bot.model import Threshold
from bot.monitoring.known import Profile
from bot.monitoring.ports import Ledger
from bot.monitoring.thresholds import USUAL_VOLUME
from bot.reports.money import EURO
from bot.standing import Standing

DAC7, INFORM = "dac7", "inform"
INFORM_SALES, INFORM_DOLLARS = (
    200,
    Decimal(5_000),
)  # 45f(f)(3): both, within 12 months running, of the last 24
DAC7_SALES, DAC7_EUROS = (
    30,
    Decimal(2_000),
)  # Annex V, section I, B(4)(d): from 30 sales, or for more than that


class Day(NamedTuple):
    """What a seller sold on one day: how often, and for how much in euro."""

    on: date
    sales: int
    euro: Decimal


def profile(standing: Standing) -> Profile:
    """What the rules that watch money may know of a seller: the open tier, for what is asked rests on nothing quiet."""
    return Profile(standing.risk.tier, max(USUAL_VOLUME, amount(standing.facts.value("expected_volume"))))


async def crossed(ledger: Ledger, seller: str, facts: Facts, now: datetime) -> tuple[Threshold, ...]:
    """The laws whose sums `seller` (the ledger's name) has crossed, and that are not noted yet. Most ask no database."""
    today = now.astimezone(UTC).date()
    laws = tuple(_open(facts, today))
    if not laws:
        return ()
    since = datetime.combine(years_before(today, 2), time(), UTC)
    sold = tuple(
        Day(on, sales, Decimal(cents) / 100) for on, sales, cents in await ledger.sold(seller, since)
    )
    days = {
        INFORM: high_volume(sold, today) if INFORM in laws else None,
        DAC7: reportable(sold, today.year) if DAC7 in laws else None,
    }
    return tuple(_noted(law, on, sold, now) for law, on in days.items() if on)


def _open(facts: Facts, today: date) -> Iterator[str]:
    """The laws that look at this seller and have not been noted this year, or for as long as it counts."""
    if sells_to_america(facts) and not still_high(facts, today):
        yield INFORM
    noted = facts.thresholds.get(DAC7)
    if in_the_union(facts) and not (noted and noted.on[:4] == str(today.year)):
        yield DAC7


def _noted(law: str, on: date, sold: tuple[Day, ...], now: datetime) -> Threshold:
    """With what was sold by then: in the calendar year for DAC7, in twelve months for INFORM."""
    first = date(on.year, 1, 1) if law == DAC7 else years_before(on, 1)
    counted = [day for day in sold if first <= day.on <= on]
    total = sum((day.euro for day in counted), Decimal())
    return Threshold(now, law, on.isoformat(), sum(day.sales for day in counted), f"{total:.2f}")


def years_before(day: date, years: int) -> date:
    """The same day years ago; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def high_volume(sold: Sequence[Day], today: date) -> date | None:
    """The day on which a seller became one of high volume: the first that ends twelve months with 200 sales and 5,000
    dollars, of the last 24 months; None where there is none (15 U.S.C. 45f(f)(3)).
    """
    oldest, window = years_before(today, 2), deque[Day]()
    sales, euro = 0, Decimal(0)
    for day in sold:
        if not oldest < day.on <= today:
            continue
        window.append(day)
        sales, euro = sales + day.sales, euro + day.euro
        while window[0].on <= years_before(day.on, 1):
            gone = window.popleft()
            sales, euro = sales - gone.sales, euro - gone.euro
        if sales >= INFORM_SALES and euro / EURO["USD"] >= INFORM_DOLLARS:
            return day.on
    return None


def reportable(sold: Sequence[Day], year: int) -> date | None:
    """The day in a year on which a seller of goods stopped being an excluded one: the 30th sale, or more than 2,000 euro."""
    sales, euro = 0, Decimal(0)
    for day in sold:
        if day.on.year == year:
            sales, euro = sales + day.sales, euro + day.euro
            if sales >= DAC7_SALES or euro > DAC7_EUROS:
                return day.on
    return None
