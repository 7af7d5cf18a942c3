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
    many_sellers_one_payee,
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
LISTED = {
    "call": "under the FATF's call for action",
    "watch": "under the FATF's increased monitoring",
    "": "on a list of the FATF's",  # of alerts before these were told apart
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's row.

    `quiet`: compliance alone may know; any other asks the seller. `monotone`: more transactions never take an alert
    away, so it is asked as they arrive; any other waits until none is expected any more, but for one that speaks
    `at_once` on what is known then. `on`: the directions that can raise it. `window` names the stretch of time within which it is one alert, by the transaction that raised it.
    `says`: the reason in one sentence, for staff, filled from the hit's `why`; `until`: the same for the day to which
    its figures reach.
    """

    applies: Callable[[Seller, Moved], Hit | None]
    says: str
    quiet: bool = True
    monotone: bool = False
    at_once: bool = False
    on: tuple[str, ...] = ("in",)
    window: Callable[[float], str] = week_of
    until: str = ", up to {until}"

    @property
    def name(self) -> str:
        """The function's name: what alerts are kept under."""
        return self.applies.__name__

    def explained(self) -> str:
        """What staff read of it: the first sentence of its docstring."""
        return (self.applies.__doc__ or "").strip().split("\n")[0]

    def why(self, args: Mapping[str, float | str]) -> str:
        """The reason in one sentence; an alert of before says no way and no day: it came in.

        Raises KeyError where the sentence needs a figure that is not there.
        """
        says = self.says + self.until if "until" in args else self.says
        days, buyers = args.get("days"), args.get("buyers")
        words = {
            **args,
            **WAYS[str(args.get("way", "in"))],
            "listed": LISTED[str(args.get("listed", ""))],
            "span": "a day" if days == 1 else f"{days} days",
            "who": "one buyer" if buyers == 1 else f"{buyers} buyers",
        }
        return says.format(**words)


RULES = (
    Rule(
        high_volume,
        "{total:,.0f} euro came in within 30 days, and from {expected:,.0f} on this seller is asked",
        quiet=False,
        monotone=True,
        window=month_of,
    ),
    Rule(
        refund_rate,
        "{count} refunds worth {total:,.0f} euro within {span}, for {sales:,.0f} sales in that time or usually",
        quiet=False,
        window=month_of,
        on=("refund",),
    ),
    Rule(
        chargeback_rate,
        "{count} chargebacks worth {total:,.0f} euro within {span}, for {sales:,.0f} sales in that time or usually",
        window=month_of,
        on=("chargeback",),
    ),
    Rule(
        structuring,
        "{count} amounts from {from:,.0f} to below {under:,.0f} {ways} within 7 days",
        at_once=True,
        on=MONEY,
    ),
    Rule(
        single_large,
        "{amount:,.0f} euro {way} at once",
        at_once=True,
        on=MONEY,
        window=day_of,
        until=", on {until}",
    ),
    Rule(round_amounts, "{count} of {of} amounts within 7 days are whole hundreds", on=MONEY),
    Rule(pass_through, "{came:,.0f} euro came in and {went:,.0f} went out again within hours", on=("out",)),
    Rule(
        velocity,
        "{count} transactions within {hours:g} h, where more than {limit:,.0f} is unusual",
        on=DIRECTIONS,
        window=day_of,
    ),
    Rule(fan_in, "money from {parties} people within {span}, where more than {limit:,.0f} is unusual"),
    Rule(
        fan_out,
        "money to {parties} new accounts within {span}, where more than {limit:,.0f} is unusual",
        on=("out",),
    ),
    Rule(dormant_wakes, "{total:,.0f} euro moved after {days} days of silence", on=MONEY),
    Rule(new_account_burst, "{count} payments worth {total:,.0f} euro within the first 3 days"),
    Rule(own_history, "{seen:,.0f} euro {what}, where {usual:,.0f} is usual"),
    Rule(peers, "{seen:,.0f} euro within 7 days, where the middle of all sellers is {usual:,.0f}"),
    Rule(many_sellers_one_card, "one card paid {sellers} sellers within 7 days"),
    Rule(
        many_sellers_one_payee,
        "{sellers} sellers sent {total:,.0f} euro, nearly all that they took in, to one account within 30 days",
        on=("out",),
        window=month_of,
    ),
    Rule(one_seller_many_cards, "{cards} cards of {who} within 7 days"),
    Rule(
        high_risk_geography,
        "{total:,.0f} euro with {country}, which is {listed}",
        monotone=True,
        on=DIRECTIONS,
    ),
)
BY_NAME = {rule.name: rule for rule in RULES}
