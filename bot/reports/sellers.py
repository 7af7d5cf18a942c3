"""When sales make a seller one that INFORM (United States) or DAC7 (European Union) wants to know more of, and by which days.

INFORM Consumers Act: 15 U.S.C. 45f. DAC7: Directive 2011/16/EU, Annex V, as Directive (EU) 2021/514 put it in.
Days are of UTC. Money that went back is not taken off: both laws count what was sold.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from bot.model import Transaction
from bot.reports.money import EURO

INFORM, DAC7 = "inform", "dac7"
INFORM_SALES, INFORM_DOLLARS = (
    200,
    Decimal(5_000),
)  # 45f(f)(3): both, within 12 months running, of the last 24
INFORM_SHOWN = Decimal(20_000)  # 45f(b)(1): gross revenues in a year from which buyers are told who sells
INFORM_DAYS = timedelta(
    days=10
)  # 45f(a)(1)(A), (a)(2), (a)(1)(C): to collect, to verify, to certify after a notice
DAC7_SALES, DAC7_EUROS = (
    30,
    Decimal(2_000),
)  # Annex V, section I, B(4)(d): from 30 sales, or for more than that
DAC7_DAYS = timedelta(days=60)  # Annex V, section IV, A(2): not before, and not before two reminders
DAC7_REMINDERS = (timedelta(days=30), timedelta(days=46))

# What of a seller the laws want, by the names of our questions and documents. VAT number: the tax number, where it is one.
_PERSON = ("full_name", "birth_date", "address")
_COMPANY = ("company_name", "company_address", "register_number")
OWED: Mapping[tuple[str, bool], tuple[str, ...]] = MappingProxyType(
    {
        (INFORM, False): ("payout_account", "tax_number", "email", "contact"),
        (INFORM, True): ("payout_account", "tax_number", "email", "contact", "incorporation"),
        (DAC7, False): (*_PERSON, "tax_country", "tax_number", "payout_account"),
        (DAC7, True): (*_COMPANY, "tax_country", "tax_number", "payout_account"),
    }
)


class Day(NamedTuple):
    """What a seller sold on one day: how often, and for how much in euro."""

    on: date
    sales: int
    euro: Decimal


class Step(NamedTuple):
    """Something that is to happen by a day, or on it: `what` names it."""

    what: str
    on: date


@dataclass(frozen=True, slots=True)
class Clock:
    """A threshold was crossed on that day; what follows, in the order of days."""

    law: str
    crossed: date
    steps: tuple[Step, ...]

    def next(self, today: date) -> Step | None:
        """The step whose day has not passed yet."""
        return next((step for step in self.steps if step.on >= today), None)


def days(transactions: Iterable[Transaction]) -> tuple[Day, ...]:
    """Sales by day, oldest first. A currency without a rate is taken at its number."""
    found: dict[date, Day] = {}
    for each in transactions:
        if each.direction == "in":
            on = each.at.astimezone(UTC).date()
            _, sales, euro = found.get(on, Day(on, 0, Decimal(0)))
            found[on] = Day(on, sales + 1, euro + Decimal(each.amount) * EURO.get(each.currency, Decimal(1)))
    return tuple(found[on] for on in sorted(found))


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


def shown_to_buyers(sold: Sequence[Day], year: int) -> date | None:
    """The day in a year from which buyers are told a high-volume seller's name and address: 20,000 dollars."""
    return _reached(sold, year, lambda _, euro: euro / EURO["USD"] >= INFORM_SHOWN)


def reportable(sold: Sequence[Day], year: int) -> date | None:
    """The day in a year on which a seller of goods stopped being an excluded one: the 30th sale, or more than 2,000 euro."""
    return _reached(sold, year, lambda sales, euro: sales >= DAC7_SALES or euro > DAC7_EUROS)


def _reached(sold: Sequence[Day], year: int, enough: Callable[[int, Decimal], bool]) -> date | None:
    sales, euro = 0, Decimal(0)
    for day in sold:
        if day.on.year == year:
            sales, euro = sales + day.sales, euro + day.euro
            if enough(sales, euro):
                return day.on
    return None


def inform_clock(crossed: date, collected: date | None = None, certified: date | None = None) -> Clock:
    """What follows from a high volume. `collected`: when the last of what is owed was given; `certified`: when the
    seller last said that it is still right.

    To collect within 10 days; to verify within 10 more; each year to ask whether it still holds, with 10 days to
    certify: who does not is suspended until they do (15 U.S.C. 45f(a)).
    """
    if collected is None:
        return Clock(INFORM, crossed, (Step("collect", crossed + INFORM_DAYS),))
    since = max(collected, certified or collected)
    notice = years_before(since, -1)
    steps = (
        Step("verify", collected + INFORM_DAYS),
        Step("ask_to_certify", notice),
        Step("certify", notice + INFORM_DAYS),
    )
    return Clock(INFORM, crossed, steps)


def dac7_clock(crossed: date, asked: date, given: date | None = None) -> Clock:
    """What follows from sales to be reported. `asked`: when the seller was first asked; `given`: when all was there.

    Two reminders, then, on the 60th day at the earliest, the account is closed or the money withheld until it is given
    (Annex V, section IV, A(2)); all is to be checked by the end of the year (section II, F) and reported by the end of
    January (section III, A(1)).
    """
    ends = (Step("check", date(crossed.year, 12, 31)), Step("report", date(crossed.year + 1, 1, 31)))
    if given is not None:
        return Clock(DAC7, crossed, ends)
    asks = [Step("remind", asked + after) for after in DAC7_REMINDERS]
    steps = (*asks, Step("withhold", asked + DAC7_DAYS), *ends)
    return Clock(DAC7, crossed, tuple(sorted(steps, key=lambda step: step.on)))


def owed(law: str, *, company: bool, given: Iterable[str]) -> tuple[str, ...]:
    """What a law wants of a seller and is not there yet."""
    there = set(given)
    return tuple(name for name in OWED[law, company] if name not in there)
