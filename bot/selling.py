"""What a seller sold, against the sums from which a law wants to know more of them: each is noted once it is crossed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal

from bot.conditions import in_the_union, sells_to_america, still_high
from bot.facts import Facts
from bot.model import Threshold
from bot.ports import Ledger
from bot.reports.sellers import DAC7, INFORM, Day, high_volume, reportable, years_before


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
