"""What is known of a seller besides the transactions that are taken: who it is, what was before, what others do."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from bot.model import Tier
from bot.monitoring.accounts import Account, Sent
from bot.monitoring.days import Day
from bot.monitoring.money import Moved
from bot.monitoring.payees import Paid


@dataclass(frozen=True, slots=True)
class Profile:
    """What else is known of a seller: the tier, and euro expected in 30 days (None: nobody said)."""

    tier: Tier = Tier.LOW
    expected: float | None = None


UNKNOWN = Profile()


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a seller from before the transactions that are taken.

    The first ever and the last before them, in seconds since 1970; the days, as `numbered`; and who was paid.
    """

    first_at: float
    last_at: float
    days: tuple[Day, ...]
    paid: tuple[Paid, ...]


@dataclass(slots=True)
class Use:
    """What one card did in the last 7 days: its transactions, oldest first, and how many each seller has of them."""

    events: deque[Moved] = field(default_factory=deque)
    sellers: dict[str, int] = field(default_factory=dict)


class Market(Protocol):
    """What is known across sellers."""

    began: float  # the instant of the first transaction on record

    def use(self, card: str) -> Use | None:
        """Whom this card paid in the last 7 days; None where nobody."""
        ...

    def taken(self, seller: str) -> int:
        """Euro cents that came in for a seller in the last 7 days."""
        ...

    def usual_use(self, at: float) -> tuple[int, int]:
        """How many sellers paid with one card are notable, and how many too many; 0: unknown."""
        ...

    def account(self, party: str) -> Account | None:
        """Who paid this account in the last 30 days; None where it is not looked at."""
        ...

    def sent(self, seller: str, party: str) -> Sent:
        """What one of those sent there, as of its newest payment."""
        ...

    def peers(self, at: float) -> tuple[float, float] | None:
        """Euro that came in last week: the middle seller's, and how much would surprise; None where few sold."""
        ...
