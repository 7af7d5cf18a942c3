"""Whom a seller has paid, ever: an account that is always paid, and one that nobody has seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from bot.monitoring.money import Moved
from bot.monitoring.thresholds import DAY

SETTLED = 14 * DAY  # how long an account is paid before it is none of a stranger's
ROUTINE = 3  # payouts that make one


class Paid(NamedTuple):
    """What a record tells of an account: when it was paid first, seconds since 1970, and how often."""

    party: str
    first: float
    times: int


@dataclass(slots=True)
class Payee:
    """An account that was paid."""

    first: float
    times: int = 1


class Payees:
    """Every account that a seller has paid. Payments without a name share one, which is no stranger's.

    Nor is the one that was paid first: payouts go there.
    """

    __slots__ = ("_home", "_known")

    def __init__(self) -> None:
        self._known: dict[str, Payee] = {}
        self._home: str | None = None

    def remember(self, paid: Iterable[Paid]) -> None:
        """Accounts from before the first transaction that is taken."""
        for each in sorted(paid, key=lambda each: (each.first, each.party)):
            self._known[each.party] = Payee(each.first, each.times)
            self._found(each.party)

    def pay(self, event: Moved) -> bool:
        """Money went out; whether to an account that was never paid before."""
        payee = self._known.get(event.counterparty)
        if payee is None:
            self._known[event.counterparty] = Payee(event.at)
            self._found(event.counterparty)
            return bool(event.counterparty)
        payee.times += 1
        return False

    def _found(self, party: str) -> None:
        if self._home is None and party:
            self._home = party

    def stranger(self, event: Moved, span: float = SETTLED) -> bool:
        """Whether this account, none but the first, was paid for the first time less than this ago, in seconds."""
        party = event.counterparty
        if not party or party == self._home:
            return False
        payee = self._known.get(party)
        return payee is None or event.at - payee.first < span

    def times(self, event: Moved) -> int:
        """How often this account has been paid, with this one."""
        payee = self._known.get(event.counterparty)
        return payee.times if payee else 0

    def since(self, event: Moved) -> float:
        """Seconds since this account was paid for the first time."""
        payee = self._known.get(event.counterparty)
        return event.at - payee.first if payee else 0.0

    def settled(self, event: Moved) -> bool:
        """Whether it has been paid for SETTLED, ROUTINE times."""
        payee = self._known.get(event.counterparty)
        return payee is not None and event.at - payee.first >= SETTLED and payee.times >= ROUTINE

    def __len__(self) -> int:
        return len(self._known)
