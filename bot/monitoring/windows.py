"""Windows that move with time: each event enters once and leaves once, whatever the history's length."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Reversible
from itertools import islice

from bot.monitoring.money import Moved

NEWEST = 200  # events that are looked at one by one, however many a window has
SURPRISE = 5.0  # standard deviations of a Poisson count


def surprising(mean: float, deviations: float = SURPRISE) -> float:
    """A count that chance does not bring where `mean` is to be expected."""
    return mean + deviations * math.sqrt(mean)


def newest(events: Reversible[Moved]) -> Iterator[Moved]:
    """At most NEWEST of them, the newest first."""
    return islice(reversed(events), NEWEST)


class Window:
    """The events of the last `span` seconds, their number and their worth."""

    __slots__ = ("cents", "events", "span")

    def __init__(self, span: float) -> None:
        self.span = span
        self.events: deque[Moved] = deque()
        self.cents = 0  # whole ones: a sum that events enter and leave must not drift

    def add(self, event: Moved) -> None:
        """`event` is the newest; what is `span` older or more leaves."""
        events = self.events
        events.append(event)
        self.cents += event.cents
        start = event.at - self.span
        while events[0].at <= start:
            self.cents -= events.popleft().cents

    def pass_to(self, at: float) -> None:
        """Time went by."""
        events, start = self.events, at - self.span
        while events and events[0].at <= start:
            self.cents -= events.popleft().cents

    @property
    def total(self) -> float:
        """Euro."""
        return self.cents / 100

    def __len__(self) -> int:
        return len(self.events)


class Peak:
    """The largest amount of the last `span` seconds: what a larger one has followed is forgotten."""

    __slots__ = ("_tops", "span")

    def __init__(self, span: float) -> None:
        self.span = span
        self._tops: deque[Moved] = deque()

    def add(self, event: Moved) -> None:
        """`event` is the newest."""
        tops = self._tops
        while tops and tops[-1].cents <= event.cents:
            tops.pop()
        tops.append(event)

    def cents(self, at: float) -> int:
        """Euro cents, as of now; 0 where nothing is left."""
        tops, start = self._tops, at - self.span
        while tops and tops[0].at <= start:
            tops.popleft()
        return tops[0].cents if tops else 0


class Parties(Window):
    """A window that also counts the distinct counterparties in it."""

    __slots__ = ("counterparties",)

    def __init__(self, span: float) -> None:
        super().__init__(span)
        self.counterparties: dict[str, int] = {}

    def add(self, event: Moved) -> None:
        """`event` is the newest."""
        self.events.append(event)
        self.cents += event.cents
        counts, party = self.counterparties, event.counterparty
        if party:
            counts[party] = counts.get(party, 0) + 1
        if self.events[0].at <= event.at - self.span:
            self.pass_to(event.at)

    def pass_to(self, at: float) -> None:
        """Time went by."""
        events, start, counts = self.events, at - self.span, self.counterparties
        while events and events[0].at <= start:
            gone = events.popleft()
            self.cents -= gone.cents
            if gone.counterparty:
                _less(counts, gone.counterparty)


class Buyers(Window):
    """A window that also counts the cards in it, and those of each counterparty."""

    __slots__ = ("cards", "cards_of")

    def __init__(self, span: float) -> None:
        super().__init__(span)
        self.cards: dict[str, int] = {}
        self.cards_of: dict[str, dict[str, int]] = {}

    def add(self, event: Moved) -> None:
        """`event` is the newest."""
        self.events.append(event)
        self.cents += event.cents
        card = event.card
        if card:
            self.cards[card] = self.cards.get(card, 0) + 1
            own = self.cards_of.get(event.counterparty)
            if own is None:
                self.cards_of[event.counterparty] = {card: 1}
            else:
                own[card] = own.get(card, 0) + 1
        if self.events[0].at <= event.at - self.span:
            self.pass_to(event.at)

    def pass_to(self, at: float) -> None:
        """Time went by."""
        events, start = self.events, at - self.span
        while events and events[0].at <= start:
            gone = events.popleft()
            self.cents -= gone.cents
            if gone.card:
                _less(self.cards, gone.card)
                own = self.cards_of[gone.counterparty]
                _less(own, gone.card)
                if not own:
                    del self.cards_of[gone.counterparty]


def _less(counts: dict[str, int], key: str) -> None:
    left = counts[key] - 1
    if left:
        counts[key] = left
    else:
        del counts[key]
