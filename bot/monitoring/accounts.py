"""Accounts that money goes out to, across sellers: who paid one within 30 days, and how much of theirs went there."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.monitoring.money import Moved
from bot.monitoring.thresholds import DAY, LIMITS
from bot.monitoring.windows import NEWEST

SPAN = 30 * DAY
FEWEST = min(limits.payee_sellers for limits in LIMITS.values())
MOST_PAYERS = (
    30  # sellers: an account that more of them pay is a carrier's, an office's, or passes payouts on
)


class Sent(NamedTuple):
    """A seller's euro cents of the 30 days up to a payment: to that account, out in all, in in all."""

    there: int
    went: int
    came: int


NOTHING = Sent(0, 0, 0)
Place = tuple[str, str]  # seller and account
Asked = tuple[str, str, float]  # and the instant of a payment


class Account:
    """The payments to one account within 30 days, the NEWEST of them, oldest first; `newest`: each seller's last instant."""

    __slots__ = ("_number", "events", "newest")

    def __init__(self) -> None:
        self.events: deque[Moved] = deque()
        self.newest: dict[str, float] = {}
        self._number: dict[str, int] = {}

    def add(self, event: Moved) -> None:
        """`event` is the newest."""
        self.events.append(event)
        self.newest[event.seller] = event.at
        self._number[event.seller] = self._number.get(event.seller, 0) + 1
        self.pass_to(event.at)
        if len(self.events) > NEWEST:
            self._leave()

    def pass_to(self, at: float) -> None:
        """Time went by."""
        while self.events and self.events[0].at <= at - SPAN:
            self._leave()

    def _leave(self) -> None:
        seller = self.events.popleft().seller
        self._number[seller] -= 1
        if not self._number[seller]:
            del self._number[seller], self.newest[seller]

    def __len__(self) -> int:
        """How many sellers have paid it."""
        return len(self.newest)


@dataclass(slots=True)
class _Paid:
    """What a seller paid an account within 30 days: cents, payments, and what that was as of the newest."""

    cents: int = 0
    number: int = 0
    sent: Sent = NOTHING


@dataclass(slots=True)
class Accounts:
    """All accounts, as payments in order of time tell of them: each enters once and leaves once."""

    _line: deque[Moved] = field(default_factory=deque)
    _paid: dict[Place, _Paid] = field(default_factory=dict)
    _accounts: dict[str, Account] = field(default_factory=dict)

    def pay(self, event: Moved, went: int, came: int) -> None:
        """The next payment; what went out in all of its seller's 30 days, with it, and what came in, in euro cents."""
        line, start, party = self._line, event.at - SPAN, event.counterparty
        while line and line[0].at <= start:
            self._leave(line.popleft())
        if not party:
            return
        line.append(event)
        self._accounts.setdefault(party, Account()).add(event)
        paid = self._paid.setdefault((event.seller, party), _Paid())
        paid.cents, paid.number = paid.cents + event.cents, paid.number + 1
        paid.sent = Sent(paid.cents, went, came)

    def _leave(self, gone: Moved) -> None:
        place, account = (gone.seller, gone.counterparty), self._accounts.get(gone.counterparty)
        paid = self._paid[place]
        paid.cents, paid.number = paid.cents - gone.cents, paid.number - 1
        if not paid.number:
            del self._paid[place]
        if account is not None:
            account.pass_to(gone.at + SPAN)
            if not account.events:
                del self._accounts[gone.counterparty]

    def of(self, party: str) -> Account | None:
        """Who paid this account in the last 30 days, as of its last payment."""
        return self._accounts.get(party)

    def sent(self, seller: str, party: str) -> Sent:
        """What a seller of those sent there, as of its newest payment."""
        return self._paid[seller, party].sent


@dataclass(slots=True)
class Fetched:
    """The same out of storage, for the payments that are looked at.

    `rows`: what was paid to each account, oldest first; `known`: by seller, account and the instant of a payment.
    """

    rows: Mapping[str, deque[Moved]] = field(default_factory=dict)
    known: Mapping[Asked, Sent] = field(default_factory=dict)
    _accounts: dict[str, Account] = field(default_factory=dict)

    def take(self, event: Moved) -> None:
        """The next payment that is looked at: all up to it are in, in order of (at, id)."""
        rows, account = self.rows.get(event.counterparty), self._accounts.get(event.counterparty)
        if rows is None:
            return
        if account is None:
            account = self._accounts[event.counterparty] = Account()
        while rows and (rows[0].at, rows[0].id) <= (event.at, event.id):
            account.add(rows.popleft())
        account.pass_to(event.at)

    def of(self, party: str) -> Account | None:
        """As `Accounts.of`."""
        return self._accounts.get(party)

    def sent(self, seller: str, party: str) -> Sent:
        """As `Accounts.sent`; nothing where it was not fetched."""
        return self.known.get((seller, party, self._accounts[party].newest[seller]), NOTHING)


def few(rows: Sequence[Moved]) -> bool:
    """Whether payments to an account, NEWEST at most, tell who pays it: of the newest alone a crowd may look like a few."""
    return len(rows) < NEWEST or len({each.seller for each in rows}) <= MOST_PAYERS


def asked(rows: Mapping[str, Iterable[Moved]], events: Iterable[Moved]) -> tuple[Asked, ...]:
    """What rules may want to know of the sellers who pay the accounts of these payments; MOST_PAYERS at most each time."""
    walk = Fetched({party: deque(each) for party, each in rows.items()})
    wanted: dict[Asked, None] = {}
    for event in events:
        party = event.counterparty
        walk.take(event)
        account = walk.of(party)
        if account is not None and FEWEST <= len(account) <= MOST_PAYERS:
            wanted |= dict.fromkeys((seller, party, at) for seller, at in account.newest.items())
    return tuple(wanted)
