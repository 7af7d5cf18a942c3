"""The rules, and the watch that asks each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.model import Alert, Transaction

LONGEST = timedelta(days=30)  # of all windows: what a caller must bring
VOLUME = Decimal(
    10_000
)  # in 30 days, any currency taken at its number: from here on a proof of funds is asked
SMALL = (Decimal(500), Decimal(1000))  # just under what draws attention, by the usual default of such rules
OFTEN = 5  # of them in 7 days


@dataclass(frozen=True, slots=True)
class Window:
    """One seller's transactions of the last LONGEST, oldest first, and the time."""

    transactions: tuple[Transaction, ...]
    now: datetime

    def incoming(self, within: timedelta) -> tuple[Transaction, ...]:
        """Money that came in during the last `within`."""
        return tuple(t for t in self.transactions if t.direction == "in" and t.at > self.now - within)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule applies: the window that makes it one alert and not many, why, and the transactions behind it."""

    window: str
    why: dict[str, str]
    transactions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and who may know: a quiet one reaches compliance alone, any other may ask the seller."""

    applies: Callable[[Window], Iterator[Hit]]
    quiet: bool

    @property
    def name(self) -> str:
        """The function's name: what alerts are kept under."""
        return self.applies.__name__


def high_volume(window: Window) -> Iterator[Hit]:
    """10,000 or more came in within 30 days."""
    seen = window.incoming(LONGEST)
    total = sum((Decimal(t.amount) for t in seen), Decimal())
    if total >= VOLUME:
        yield Hit(f"{window.now:%Y-%m}", {"total": str(total)}, tuple(t.id for t in seen))


def structuring(window: Window) -> Iterator[Hit]:
    """Five or more amounts of 500 to 999 came in within 7 days."""
    seen = [t for t in window.incoming(timedelta(days=7)) if SMALL[0] <= Decimal(t.amount) < SMALL[1]]
    if len(seen) >= OFTEN:
        yield Hit(f"{window.now:%G-W%V}", {"count": str(len(seen))}, tuple(t.id for t in seen))


RULES = (Rule(high_volume, quiet=False), Rule(structuring, quiet=True))


def watch(window: Window, rules: tuple[Rule, ...] = RULES) -> Iterator[Alert]:
    """The alerts that hold now; the caller keeps those whose rule and window are new."""
    for rule in rules:
        for hit in rule.applies(window):
            yield Alert(window.now, rule.name, hit.window, rule.quiet, hit.why, hit.transactions)
