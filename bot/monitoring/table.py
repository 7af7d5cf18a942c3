"""The rules: each a function, and the row that says who may know, when it may be asked, and in what words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.monitoring.amounts import high_volume, pass_through, round_amounts, single_large, structuring
from bot.monitoring.habits import (
    dormant_wakes,
    fan_in,
    fan_out,
    new_account_burst,
    own_history,
    peers,
    velocity,
)
from bot.monitoring.hit import Hit
from bot.monitoring.money import Moved, day_of, month_of, week_of
from bot.monitoring.parties import (
    chargeback_rate,
    high_risk_geography,
    many_sellers_one_card,
    one_seller_many_cards,
    refund_rate,
)
from bot.monitoring.seller import Seller

DIRECTIONS = ("in", "out", "refund", "chargeback")
MONEY = ("in", "out")
WAYS = {
    "in": {"way": "came in", "ways": "came in"},
    "out": {"way": "went to a new account", "ways": "went to new accounts"},
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's row.

    `quiet`: compliance alone may know; any other asks the seller. `monotone`: more transactions never take an alert
    away, so it is asked as they arrive; any other waits until none is expected any more, but for one that speaks
    `at_once` on what is known then. `on`: the directions that
    can raise it. `window` names the stretch of time within which it is one alert, by the transaction that raised it.
    `says`: the reason in one sentence, for staff, filled from the hit's `why`.
    """

    applies: Callable[[Seller, Moved], Hit | None]
    says: str
    quiet: bool = True
    monotone: bool = False
    at_once: bool = False
    on: tuple[str, ...] = ("in",)
    window: Callable[[float], str] = week_of

    @property
    def name(self) -> str:
        """The function's name: what alerts are kept under."""
        return self.applies.__name__

    def explained(self) -> str:
        """What staff read of it: the first sentence of its docstring."""
        return (self.applies.__doc__ or "").strip().split("\n")[0]

    def why(self, args: Mapping[str, float | str]) -> str:
        """The reason in one sentence; an alert of before says no way: it came in."""
        return self.says.format(**{**args, **WAYS[str(args.get("way", "in"))]})


RULES = (
    Rule(
        high_volume,
        "{total:,.0f} came in within 30 days; {expected:,.0f} was to be expected",
        quiet=False,
        monotone=True,
        window=month_of,
    ),
    Rule(
        refund_rate,
        "{count} refunds worth {total:,.0f} within 7 days: {percent:g} % of the sales",
        quiet=False,
        on=("refund",),
    ),
    Rule(
        chargeback_rate,
        "{count} chargebacks worth {total:,.0f} within 7 days: {percent:g} % of the sales",
        on=("chargeback",),
    ),
    Rule(
        structuring,
        "{count} amounts of {from:,.0f} to just under {under:,.0f} {ways} within 7 days",
        at_once=True,
        on=MONEY,
    ),
    Rule(single_large, "{amount:,.0f} {way} at once", at_once=True, on=MONEY, window=day_of),
    Rule(round_amounts, "{count} of {of} amounts within 7 days are whole hundreds", on=MONEY),
    Rule(pass_through, "{came:,.0f} came in and {went:,.0f} went out again within hours", on=("out",)),
    Rule(
        velocity,
        "{count} transactions within {hours:g} h; more than {limit:,.0f} is unusual here",
        on=DIRECTIONS,
        window=day_of,
    ),
    Rule(fan_in, "money from {parties} people within {days} days; more than {limit:,.0f} is unusual here"),
    Rule(
        fan_out,
        "money to {parties} new accounts within {days} days; more than {limit:,.0f} is unusual here",
        on=("out",),
    ),
    Rule(dormant_wakes, "{total:,.0f} moved after {days} days of silence", on=MONEY),
    Rule(new_account_burst, "{count} payments worth {total:,.0f} within the first 3 days"),
    Rule(own_history, "{seen:,.0f} {what}; usual here is {usual:,.0f}"),
    Rule(peers, "{seen:,.0f} within 7 days; the middle of all sellers is {usual:,.0f}"),
    Rule(many_sellers_one_card, "one card paid {sellers} sellers within 7 days"),
    Rule(one_seller_many_cards, "{cards} cards of {buyers} buyers within 7 days"),
    Rule(
        high_risk_geography,
        "{total:,.0f} with {country}, which is on a list of the FATF's",
        monotone=True,
        on=DIRECTIONS,
    ),
)
BY_NAME = {rule.name: rule for rule in RULES}
