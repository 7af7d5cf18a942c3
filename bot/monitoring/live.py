"""The watch over what is stored: each seller's windows stay in memory and move on with what has come since.

Two sets of windows a seller. `fast` takes what arrives in order and is asked at once the monotone rules, whose alerts
more transactions never take away, and the few that speak on what is known then. `slow` takes everything in order of
time, once nothing older is expected (LATENESS after it happened), and is asked all rules: what it says does not depend
on when or in what batches transactions came. What is older than that when it comes has its seller's windows built anew
from what is stored.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import OrderedDict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.model import Alert
from bot.monitoring.accounts import SPAN, Account, Fetched, Sent, asked, few
from bot.monitoring.engine import Findings, by_direction
from bot.monitoring.known import Profile, Use
from bot.monitoring.market import peer_limits, week_number
from bot.monitoring.money import Moved, moved
from bot.monitoring.ports import Ledger
from bot.monitoring.seller import Seller
from bot.monitoring.table import RULES
from bot.monitoring.thresholds import DAY, WEEK

LATENESS = 600.0  # seconds
LOOKBACK = timedelta(days=31)  # the longest window, and a day; of what was before, days and payees are enough
CATCH_UP = timedelta(days=3)  # how far back rules are asked after a start, lest a crash swallow an alert
HELD = 5_000  # sellers in memory
ALL, AT_ONCE = by_direction(RULES), by_direction(rule for rule in RULES if rule.monotone or rule.at_once)


@dataclass
class Known:
    """The market as storage knows it, as far as it was fetched for what is being looked at."""

    began: float = -1.0
    at: float = 0.0
    paid: Mapping[str, Sequence[Moved]] = field(default_factory=dict)
    weeks: dict[int, tuple[float, float] | None] = field(default_factory=dict)
    took: Mapping[str, int] = field(default_factory=dict)
    accounts: Fetched = field(default_factory=Fetched)

    def take(self, event: Moved) -> None:
        """The next transaction that is looked at."""
        self.at = event.at
        if event.direction == "out":
            self.accounts.take(event)

    def use(self, card: str) -> Use | None:
        """Whom this card paid in the 7 days up to `at`."""
        events = [each for each in self.paid.get(card, ()) if self.at - WEEK < each.at <= self.at]
        use = Use()
        for each in events:
            use.events.append(each)
            use.sellers[each.seller] = use.sellers.get(each.seller, 0) + 1
        return use if events else None

    def taken(self, seller: str) -> int:
        """What came in for this seller in the 7 days up to the last that is looked at."""
        return self.took.get(seller, 0)

    def usual_use(self, at: float) -> tuple[int, int]:  # noqa: ARG002 - the protocol's shape
        """Not known here: the threshold alone counts, and whether a card matters."""
        return 0, 0

    def account(self, party: str) -> Account | None:
        """Who paid this account in the 30 days up to `at`."""
        return self.accounts.of(party)

    def sent(self, seller: str, party: str) -> Sent:
        """What one of those sent there, as of its newest payment."""
        return self.accounts.sent(seller, party)

    def peers(self, at: float) -> tuple[float, float] | None:
        """Last week's middle volume, and how much would surprise."""
        return self.weeks.get(week_number(at))


@dataclass
class Book:
    """One seller's windows. `heard`: the number of the last transaction that is in them or waits for them."""

    profile: Profile
    fast: Seller
    slow: Seller
    heard: int = 0
    settled: tuple[float, str] = (-1.0, "")
    waiting: list[Moved] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    def hear(self, events: Sequence[Moved], asked_from: float) -> None:
        """What came, in order of time; rules are asked about what is not older than `asked_from`."""
        for event in events:
            insort(self.waiting, event)
            if event.at < self.fast.last_at:
                continue  # the slow windows will see to it
            self.fast.take(event)
            if event.at >= asked_from:
                self.findings.ask(self.fast, event, AT_ONCE[event.direction])

    def settle(self, until: float, market: Known, asked_from: float) -> None:
        """Nothing up to `until` is expected any more."""
        self.slow.market = market
        done = bisect_right(self.waiting, until, key=lambda event: event.at)
        for event in self.waiting[:done]:
            self.slow.take(event)
            self.settled = (event.at, event.id)
            if event.at >= asked_from:
                market.take(event)
                self.findings.ask(self.slow, event, ALL[event.direction])
        del self.waiting[:done]


class Watch:
    """Every seller's book, the least recently used forgotten first."""

    def __init__(self, stored: Ledger, held: int = HELD, lateness: float = LATENESS) -> None:
        self._stored = stored
        self._held = held
        self._lateness = lateness
        self._books: OrderedDict[str, Book] = OrderedDict()
        self._began = -1.0
        self._weeks: dict[int, tuple[float, float] | None] = {}

    async def look(
        self, seller: str, profile: Profile, now: datetime, earliest: datetime
    ) -> tuple[tuple[str, Alert], ...]:
        """All alerts that stand, with whom each concerns, this seller or others who share a card; some may be known
        already. `earliest`: the time of the oldest transaction that has just been stored.
        """
        until = now.timestamp() - self._lateness
        book, asked_from = await self._book(seller, profile, min(earliest, now))
        market = await self._markets([e for e in book.waiting if asked_from <= e.at <= until])
        book.settle(until, market, asked_from)
        self._books[seller] = book
        self._books.move_to_end(seller)
        if len(self._books) > self._held:
            self._books.popitem(last=False)
        return tuple((one.seller, one.alert()) for one in book.findings.sorted())

    def waiting(self, now: datetime) -> tuple[str, ...]:
        """Sellers of whom something has settled by now that no rule has seen in its place."""
        until = now.timestamp() - self._lateness
        return tuple(
            seller for seller, book in self._books.items() if book.waiting and book.waiting[0].at <= until
        )

    async def _book(self, seller: str, profile: Profile, earliest: datetime) -> tuple[Book, float]:
        book = self._books.get(seller)
        if book is None or book.profile != profile:
            return await self._built(seller, profile, earliest - CATCH_UP)
        fresh = [each for each in await self._stored.after(seller, book.heard) if each.nth > book.heard]
        events = sorted(moved(each.transaction) for each in fresh)
        if events and (events[0].at, events[0].id) < book.settled:
            before = book.findings
            built, asked_from = await self._built(seller, profile, instant(events[0].at))
            built.findings.found = {**before.found, **built.findings.found}
            return built, asked_from
        if fresh:
            book.heard = max(each.nth for each in fresh)
            book.hear(events, 0.0)
        return book, 0.0

    async def _built(self, seller: str, profile: Profile, asked_from: datetime) -> tuple[Book, float]:
        """From what is stored; rules are asked from this instant on."""
        since = (asked_from - LOOKBACK).replace(hour=0, minute=0, second=0, microsecond=0)  # days are whole
        heard, rows = await self._stored.kept(seller, since)
        past = await self._stored.past(seller, since)
        events = sorted(moved(each.transaction) for each in rows)
        book = Book(profile, Seller(Known(), profile), Seller(Known(), profile), heard)
        for windows in (book.fast, book.slow):
            if past:
                windows.remember(past)
        book.hear(events, asked_from.timestamp())
        return book, asked_from.timestamp()

    async def _markets(self, events: Sequence[Moved]) -> Known:
        """What rules may want to know across sellers, for these events."""
        if self._began < 0 and events:
            began = await self._stored.began()
            self._began = began.timestamp() if began else -1.0
        paid: dict[str, list[Moved]] = {}
        took: Mapping[str, int] = {}
        cards = tuple(dict.fromkeys(each.card for each in events if each.card))
        if cards:
            start, end = instant(events[0].at - WEEK), instant(events[-1].at)
            for each in await self._stored.paid_with(cards, start, end):
                paid.setdefault(each.card, []).append(moved(each))
            sellers = {
                name for uses in paid.values() if len(uses) > 2 for name in (each.seller for each in uses)
            }
            took = await self._stored.taken(sellers, instant(events[-1].at - WEEK), end)
        for week in {week_number(each.at) for each in events} - self._weeks.keys():
            self._weeks[week] = await self._peers(week)
        accounts = await self._accounts([each for each in events if each.direction == "out"])
        return Known(self._began, 0.0, paid, self._weeks, took, accounts)

    async def _accounts(self, events: Sequence[Moved]) -> Fetched:
        """Who else pays the accounts of these payments, in order of time; and what that is to each of them."""
        parties = tuple(dict.fromkeys(each.counterparty for each in events if each.counterparty))
        if not parties:
            return Fetched()
        start, end = instant(events[0].at - SPAN), instant(events[-1].at)
        rows: dict[str, deque[Moved]] = {}
        for each in await self._stored.paid_to(parties, start, end):
            rows.setdefault(each.counterparty, deque()).append(moved(each))
        rows = {party: each for party, each in rows.items() if few(each)}
        wanted = asked(rows, events)
        pairs = [(seller, party, instant(at)) for seller, party, at in wanted]
        figures = await self._stored.sent(pairs, timedelta(seconds=SPAN)) if pairs else ()
        return Fetched(rows, {one: Sent(*sent) for one, sent in zip(wanted, figures, strict=True)})

    async def _peers(self, week: int) -> tuple[float, float] | None:
        start = instant((week * 7 - 3 - 7) * DAY)
        volumes = await self._stored.volumes(start, start + timedelta(days=7))
        return peer_limits(cents / 100 for cents in volumes)


def instant(at: float) -> datetime:
    """From seconds since 1970."""
    return datetime.fromtimestamp(at, UTC)
