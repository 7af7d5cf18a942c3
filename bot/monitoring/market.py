"""What is known across sellers while transactions are taken in order of time: cards, and last week's volumes."""

from __future__ import annotations

import math
import statistics
from collections import deque
from collections.abc import Iterable

from bot.monitoring.money import Moved
from bot.monitoring.seller import Use
from bot.monitoring.thresholds import DAY, WEEK

FEW_CARDS = 20  # of less than so many nothing is usual
FEW_PEERS = 20
SURPRISE = 6.0  # standard deviations of a Poisson count: one card in many millions
ROUNDS = 30
SPREAD = 5.0  # robust standard deviations of the logarithm of a week's volume
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
    return math.exp(middle), math.exp(middle + SPREAD * max(spread, NARROWEST))


class Together:
    """The market as the transactions themselves tell it."""

    def __init__(self) -> None:
        self.began = -1.0
        self._line: deque[Moved] = deque()
        self._cards: dict[str, Use] = {}
        self._pairs = 0
        self._week = -1
        self._volumes: dict[str, int] = {}
        self._peers: tuple[float, float] | None = None

    def take(self, event: Moved) -> None:
        """The next transaction in order of time."""
        if self.began < 0:
            self.began = event.at
        week = week_number(event.at)
        if week != self._week:
            self._close(week)
        if event.direction == "in":
            self._volumes[event.seller] = self._volumes.get(event.seller, 0) + event.cents
        self._expire(event.at - WEEK)
        if event.card:
            self._line.append(event)
            use = self._cards.setdefault(event.card, Use())
            use.events.append(event)
            self._pairs += event.seller not in use.sellers
            use.sellers[event.seller] = use.sellers.get(event.seller, 0) + 1

    def _close(self, week: int) -> None:
        self._peers = (
            peer_limits(cents / 100 for cents in self._volumes.values()) if week == self._week + 1 else None
        )
        self._week, self._volumes = week, {}

    def _expire(self, start: float) -> None:
        line = self._line
        while line and line[0].at <= start:
            gone = line.popleft()
            use = self._cards[gone.card]
            use.events.popleft()
            if use.sellers[gone.seller] > 1:
                use.sellers[gone.seller] -= 1
                continue
            del use.sellers[gone.seller]
            self._pairs -= 1
            if not use.sellers:
                del self._cards[gone.card]

    def use(self, card: str) -> Use | None:
        """Whom this card paid in the last 7 days."""
        return self._cards.get(card)

    def usual_use(self, besides: int) -> float:
        """How many sellers paid with one card would surprise; 0 while there are few cards."""
        others = len(self._cards) - 1
        if others < FEW_CARDS:
            return 0.0
        mean = (self._pairs - besides) / others
        rate = mean
        for _ in range(ROUNDS):  # of the Poisson count that has this mean where it is not zero
            rate = mean * (1 - math.exp(-rate))
        return rate + SURPRISE * math.sqrt(rate) + 2

    def peers(self, at: float) -> tuple[float, float] | None:  # noqa: ARG002 - the present week is the event's
        """Last week's middle volume, and how much would surprise."""
        return self._peers
