"""Where transactions are kept, as monitoring sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.model import Transaction
from bot.monitoring.known import Past


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored transaction; `nth` of its seller's in the order they came, from 1."""

    nth: int
    transaction: Transaction


class Ledger(Protocol):
    """Transactions, in a table of their own."""

    async def add(self, transactions: Sequence[Transaction]) -> tuple[Transaction, ...]:
        """Those that were new; a repeat is left out. Raises OtherwiseError for an id with other content than before."""
        ...

    async def since(self, seller: str, since: datetime) -> tuple[Transaction, ...]:
        """A seller's transactions from `since` on, oldest first; parties come back as keyed hashes."""
        ...

    async def those(self, ids: Sequence[str]) -> tuple[Transaction, ...]:
        """The ones of these ids that are kept, in order of (at, id)."""
        ...

    async def between(self, seller: str, start: datetime, end: datetime) -> tuple[Transaction, ...]:
        """A seller's from `start` to `end`, the largest first, 1,000 at most."""
        ...

    async def kept(self, seller: str, since: datetime) -> tuple[int, tuple[Kept, ...]]:
        """How many of a seller's have come in all, and those from `since` on, in order of (at, id)."""
        ...

    async def after(self, seller: str, nth: int) -> tuple[Kept, ...]:
        """Those of a seller's that came after the nth, in order of (at, id)."""
        ...

    async def past(self, seller: str, before: datetime) -> Past | None:
        """What is known of a seller from before a midnight (UTC); None where there is nothing."""
        ...

    async def paid_with(
        self, cards: Iterable[str], after: datetime, until: datetime
    ) -> tuple[Transaction, ...]:
        """What these cards (keyed hashes) paid, to anybody, card by card, oldest first; 1,000 a card at most."""
        ...

    async def paid_to(
        self, accounts: Iterable[str], after: datetime, until: datetime
    ) -> tuple[Transaction, ...]:
        """What went out to these accounts (keyed hashes), from anybody, account by account, oldest first.

        The newest 200 an account.
        """
        ...

    async def sent(
        self, asked: Iterable[tuple[str, str, datetime]], within: timedelta
    ) -> tuple[tuple[int, int, int], ...]:
        """Euro cents of a seller `within` the time up to an instant: out to this account, out in all, in in all.

        One for each (seller, account, instant) that is asked.
        """
        ...

    async def sold(self, seller: str, since: datetime) -> tuple[tuple[date, int, int], ...]:
        """A seller's days of sales from an instant on, oldest first: the day (UTC), how many, euro cents."""
        ...

    async def volumes(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """Euro cents that came in from `start` to before `end`, one figure a seller."""
        ...

    async def taken(self, sellers: Iterable[str], after: datetime, until: datetime) -> Mapping[str, int]:
        """Euro cents that came in for each of these after an instant, up to another; sellers without any are missing."""
        ...

    async def began(self) -> datetime | None:
        """When the record began in earnest; None for an empty one."""
        ...
