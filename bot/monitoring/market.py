"""What is known across sellers while transactions are taken in order of time: cards, and last week's volumes."""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Mapping

from bot.monitoring.accounts import Account, Accounts, Sent
from bot.monitoring.known import Use
from bot.monitoring.money import Moved
from bot.monitoring.seller import START
from bot.monitoring.thresholds import DAY, HOUR, WEEK

FEW_CARDS = 20  # of less than so many nothing is usual
FEW_PEERS = 20
EVERY = 6 * HOUR  # between two looks at what is usual for a card
TOO_MANY = 1e-4  # cards that chance may bring to so many sellers: such a card speaks by itself
NOTABLE = 1.0  # such a card is none of the crowd, and speaks where it matters to whom it paid
ROUNDS = 40  # of halving
MOST = 60  # sellers a card that are counted
CROWD, CROWDED = 3, 2  # sellers first seen within START who begin a record, and times those known before
MANY_PEERS = 40
TOP, TOPMOST = 0.95, 5.0  # the part of them that is below the large ones; and times the least of these
SPREAD = 3.3  # robust standard deviations of the logarithm of a week's volume
NARROWEST = 0.5  # of those: sellers all alike are still not exactly alike


def week_number(at: float) -> int:
    """Weeks since 1970 that begin on Monday."""
    return int((at // DAY + 3) // 7)


def peer_limits(volumes: Iterable[float]) -> tuple[float, float] | None:
    """The middle of a week's volumes in euro, and how much would surprise; None for less than FEW_PEERS sellers."""
    logs = [math.log(volume) for volume in volumes if volume > 0]
    if len(logs) < FEW_PEERS:
        return None
    middle = statistics.median(logs)
    spread = 1.4826 * statistics.median(abs(each - middle) for each in logs)
    surprise = math.exp(middle + SPREAD * max(spread, NARROWEST))
    if len(logs) >= MANY_PEERS:  # of all sizes, so that no law of large shops tells
        surprise = min(surprise, TOPMOST * math.exp(sorted(logs)[int(TOP * len(logs))]))
    return math.exp(middle), surprise


def card_limits(spread: Mapping[int, int]) -> tuple[int, int]:
    """How many sellers paid with one card are notable, and how many too many; (0, 0) for few cards.

    `spread`: how many cards paid two sellers, how many three ... Cards that are used all over the market follow a
    Poisson law about its own mean; most others pay one seller and tell nothing.
    """
    cards = sum(spread.values())
    if cards < FEW_CARDS:
        return 0, 0
    rate = _rate(sum(sellers * number for sellers, number in spread.items()) / cards)
    chances = [math.exp(n * math.log(rate) - rate - math.lgamma(n + 1)) for n in range(2, MOST + 40)]
    whole = sum(chances)

    def limit(rare: float) -> int:
        return next((n for n in range(2, MOST) if cards * sum(chances[n - 2 :]) / whole < rare), MOST)

    return limit(NOTABLE), limit(TOO_MANY)


def _rate(mean: float) -> float:
    """The Poisson rate whose counts from two up have this mean."""
    low, high = 1e-6, mean
    for _ in range(ROUNDS):
        rate = (low + high) / 2
        none = math.exp(-rate)
        seen = rate * (1 - none) / max(1 - none - rate * none, 1e-300)
        low, high = (rate, high) if seen < mean else (low, rate)
    return high


class Beginning:
    """When a record began in earnest: a few sellers known long before the crowd do not make the crowd new accounts."""

    def __init__(self) -> None:
        self.at = -1.0
        self._firsts: list[float] = []

    def seen(self, at: float) -> float:
        """A seller's first transaction, in order of time; the beginning as of now."""
        firsts = self._firsts
        firsts.append(at)
        before = bisect_left(firsts, at - START)
        if len(firsts) == 1 or len(firsts) - before >= max(CROWD, CROWDED * before):
            self.at = firsts[before + (len(firsts) - before) // 4]  # a quarter of them may be stragglers
        return self.at


class Together:
    """The market as the transactions themselves tell it."""

    def __init__(self) -> None:
        self.began = -1.0
        self._beginning = Beginning()
        self._accounts = Accounts()
        self._known: set[str] = set()
        self._line: deque[Moved] = deque()
        self._taken: dict[str, int] = {}
        self._cards: dict[str, Use] = {}
        self._spread: dict[int, int] = {}
        self._usual = (-1.0, (0, 0))
        self._week = -1
        self._volumes: dict[str, int] = {}
        self._peers: tuple[float, float] | None = None

    def take(self, event: Moved) -> None:
        """The next transaction in order of time."""
        if event.seller not in self._known:
            self._known.add(event.seller)
            self.began = self._beginning.seen(event.at)
        week = week_number(event.at)
        if week != self._week:
            self._close(week)
        if event.direction == "in":
            self._volumes[event.seller] = self._volumes.get(event.seller, 0) + event.cents
        self._expire(event.at - WEEK)
        if event.direction != "in":
            return
        self._line.append(event)
        self._taken[event.seller] = self._taken.get(event.seller, 0) + event.cents
        if event.card:
            use = self._cards.setdefault(event.card, Use())
            before = len(use.sellers)
            use.events.append(event)
            use.sellers[event.seller] = use.sellers.get(event.seller, 0) + 1
            self._count(before, len(use.sellers))

    def pay(self, event: Moved, went: int, came: int) -> None:
        """The next payment out; what its seller paid in 30 days, with it, and took in, in euro cents."""
        self._accounts.pay(event, went, came)

    def _count(self, before: int, now: int) -> None:
        """A card that paid `before` sellers now pays so many."""
        if before == now:
            return
        spread = self._spread
        spread[before] = spread.get(before, 0) - 1
        spread[now] = spread.get(now, 0) + 1

    def _close(self, week: int) -> None:
        self._peers = (
            peer_limits(cents / 100 for cents in self._volumes.values()) if week == self._week + 1 else None
        )
        self._week, self._volumes = week, {}

    def _expire(self, start: float) -> None:
        line = self._line
        while line and line[0].at <= start:
            gone = line.popleft()
            self._taken[gone.seller] -= gone.cents
            if not gone.card:
                continue
            use = self._cards[gone.card]
            use.events.popleft()
            before = len(use.sellers)
            if use.sellers[gone.seller] > 1:
                use.sellers[gone.seller] -= 1
            else:
                del use.sellers[gone.seller]
            self._count(before, len(use.sellers))
            if not use.sellers:
                del self._cards[gone.card]

    def use(self, card: str) -> Use | None:
        """Whom this card paid in the last 7 days."""
        return self._cards.get(card)

    def taken(self, seller: str) -> int:
        """Euro cents that came in for this seller in the last 7 days."""
        return self._taken.get(seller, 0)

    def usual_use(self, at: float) -> tuple[int, int]:
        """As of some hours ago at most: how many sellers paid with one card are notable, and how many too many."""
        asked, usual = self._usual
        if at - asked >= EVERY or asked < 0:
            usual = card_limits({sellers: cards for sellers, cards in self._spread.items() if sellers >= 2})
            self._usual = (at, usual)
        return usual

    def account(self, party: str) -> Account | None:
        """Who paid this account in the last 30 days."""
        return self._accounts.of(party)

    def sent(self, seller: str, party: str) -> Sent:
        """What one of those sent there, as of its newest payment."""
        return self._accounts.sent(seller, party)

    def peers(self, at: float) -> tuple[float, float] | None:  # noqa: ARG002 - the present week is the event's
        """Last week's middle volume, and how much would surprise."""
        return self._peers
