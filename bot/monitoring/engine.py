"""Transactions in order of time go in; alerts, one for each seller, rule and window, come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.model import Alert
from bot.monitoring.known import UNKNOWN, Profile
from bot.monitoring.market import Together
from bot.monitoring.money import Moved, day_of
from bot.monitoring.seller import Seller
from bot.monitoring.table import DIRECTIONS, RULES, Rule

SHOWN = 200  # transactions that an alert names at most

By = dict[str, tuple[Rule, ...]]
Place = tuple[str, str, str]  # seller, rule, window: an alert is unique by these


def by_direction(rules: Iterable[Rule]) -> By:
    """The rules that each direction can raise."""
    rules = tuple(rules)
    return {direction: tuple(rule for rule in rules if direction in rule.on) for direction in DIRECTIONS}


@dataclass(slots=True)
class Found:
    """An alert that may still grow: its window is not over. `at`: when it was raised, seconds since 1970.

    `latest`: the time of the newest transaction that its reason speaks of.
    """

    seller: str
    rule: Rule
    window: str
    at: float
    why: Mapping[str, float | str]
    transactions: dict[str, None]
    latest: float

    def sentence(self) -> str:
        """Why, for staff."""
        return self.rule.why(self.why)

    def alert(self) -> Alert:
        """As a case keeps it."""
        why = {
            name: f"{value:.10g}" if isinstance(value, float) else str(value)
            for name, value in self.why.items()
        }
        at = datetime.fromtimestamp(self.at, UTC)
        return Alert(at, self.rule.name, self.window, self.rule.quiet, why, tuple(self.transactions))


@dataclass(slots=True)
class Findings:
    """The alerts so far, by place."""

    found: dict[Place, Found] = field(default_factory=dict)

    def ask(self, seller: Seller, event: Moved, rules: Iterable[Rule]) -> None:
        """Each rule about the newest transaction of this seller."""
        for rule in rules:
            hit = rule.applies(seller, event)
            if hit is None:
                continue
            why = {**hit.why, "until": day_of(event.at)}
            for name in (event.seller, *hit.also):
                place = (name, rule.name, rule.window(event.at))
                one = self.found.get(place)
                if one is None:
                    causes = dict.fromkeys(each.id for each in hit.events)
                    shown = dict.fromkeys(list(causes)[-SHOWN:])
                    self.found[place] = Found(name, rule, place[2], event.at, why, shown, event.at)
                else:
                    if event.at >= one.latest:
                        one.why, one.latest = why, event.at
                    if len(one.transactions) < SHOWN:
                        one.transactions[event.id] = None

    def sorted(self) -> list[Found]:
        """In order of time, seller and rule."""
        return sorted(self.found.values(), key=lambda one: (one.at, one.seller, one.rule.name))


class Engine:
    """All sellers at once, with all that is known across them. Transactions come in order of (at, id)."""

    def __init__(
        self, profile: Callable[[str], Profile] = lambda _: UNKNOWN, rules: Iterable[Rule] = RULES
    ) -> None:
        self._profile = profile
        self._rules = by_direction(rules)
        self._market = Together()
        self._sellers: dict[str, Seller] = {}
        self.findings = Findings()

    def take(self, event: Moved) -> None:
        """One transaction; a constant number of steps, whatever came before it."""
        self._market.take(event)
        seller = self._sellers.get(event.seller)
        if seller is None:
            seller = self._sellers[event.seller] = Seller(self._market, self._profile(event.seller))
        seller.take(event)
        if event.direction == "out":
            self._market.pay(event, *seller.month(event.at))
        self.findings.ask(seller, event, self._rules[event.direction])


def found(
    events: Iterable[Moved],
    profile: Callable[[str], Profile] = lambda _: UNKNOWN,
    rules: Iterable[Rule] = RULES,
) -> list[Found]:
    """The final alerts of these transactions, in whatever order they come; a repeat by id counts once."""
    engine, seen = Engine(profile, rules), set[str]()
    for event in sorted(events):
        if event.id not in seen:
            seen.add(event.id)
            engine.take(event)
    return engine.findings.sorted()
