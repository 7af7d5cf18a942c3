"""Windows that move with time: each event enters once and leaves once, whatever the history's length."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from bot.monitoring.money import Moved

RECENT = 7  # days that are not yet usual: what is looked at is not measured by itself
USUAL = 28  # days that are
SURPRISE = 5.0  # standard deviations of a Poisson count
SPARSE = 2.0  # of the volume of a week's sales


def surprising(mean: float, deviations: float = SURPRISE) -> float:
    """A count that chance does not bring where `mean` is to be expected."""
    return mean + deviations * math.sqrt(mean)


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


@dataclass(slots=True)
class Day:
    """What moved on one day: its number since 1970, how often money came in and went out, and euro that came in.

    Of what came in `band` lay under the small limit and `near` just under a reported sum; `round` were whole
    hundreds, in or out; `others` went out to anybody but the account that is usually paid.
    """

    number: int
    ins: int = 0
    outs: int = 0
    cents: int = 0
    band: int = 0
    near: int = 0
    round: int = 0
    others: int = 0


@dataclass(slots=True)
class Usual:
    """What an average day was like: as `Day`, but for euro that came in."""

    days: int
    ins: float
    outs: float
    euro: float
    band: float = 0.0
    near: float = 0.0
    round: float = 0.0
    others: float = 0.0

    @property
    def price(self) -> float:
        """Euro of an average sale; 0 where nothing was sold."""
        return self.euro / self.ins if self.ins else 0.0

    def weeks(self, times: float) -> float:
        """Euro of so many usual weeks, and what chance adds where sales are few."""
        return times * 7 * self.euro * (1 + SPARSE / math.sqrt(7 * self.ins)) if self.ins else 0.0


@dataclass(slots=True)
class _Sum:
    days: deque[Day] = field(default_factory=deque)
    ins: int = 0
    outs: int = 0
    cents: int = 0
    band: int = 0
    near: int = 0
    round: int = 0
    others: int = 0

    def enter(self, day: Day) -> None:
        self.days.append(day)
        self._count(day, 1)

    def leave(self, before: int) -> list[Day]:
        """The days before this one, taken out."""
        gone = []
        while self.days and self.days[0].number < before:
            day = self.days.popleft()
            self._count(day, -1)
            gone.append(day)
        return gone

    def _count(self, day: Day, sign: int) -> None:
        self.ins += sign * day.ins
        self.outs += sign * day.outs
        self.cents += sign * day.cents
        self.band += sign * day.band
        self.near += sign * day.near
        self.round += sign * day.round
        self.others += sign * day.others


class Habit:
    """A seller's days: today, the RECENT ones before it and the USUAL ones before those."""

    __slots__ = ("_known", "_older", "_recent", "first", "today")

    def __init__(self) -> None:
        self.first = -1
        self.today = Day(-1)
        self._recent, self._older = _Sum(), _Sum()
        self._known: tuple[Usual | None, Usual | None, Usual | None] = (None, None, None)

    def turn(self, number: int) -> None:
        """It is this day now."""
        if self.first < 0:
            self.first = number
        else:
            self._recent.enter(self.today)
        self.today = Day(number)
        for day in self._recent.leave(number - RECENT):
            self._older.enter(day)
        self._older.leave(number - RECENT - USUAL)
        self._known = (self._average(), self._long(), self._before())

    @property
    def usual(self) -> Usual | None:
        """The days before the last week, where there are two weeks of them; else the closed days, from three on."""
        return self._known[0]

    @property
    def settled(self) -> Usual | None:
        """The days before the last week, where there are three weeks of them."""
        return self._known[1]

    @property
    def before(self) -> Usual | None:
        """The days before the last week, where there are four of them: what is looked at now is not in it."""
        return self._known[2]

    def _before(self) -> Usual | None:
        older = self._older_days()
        return _per_day(older, self._older) if older >= 4 else None

    def _average(self) -> Usual | None:
        older = self._older_days()
        if older >= 14:
            return _per_day(older, self._older)
        days = self.today.number - self.first
        return _per_day(days, self._older, self._recent) if days >= 3 else None

    def _long(self) -> Usual | None:
        older = self._older_days()
        return _per_day(older, self._older) if older >= 21 else None

    def _older_days(self) -> int:
        end = self.today.number - RECENT
        return end - max(self.first, end - USUAL)


def _per_day(days: int, *sums: _Sum) -> Usual:
    return Usual(
        days,
        sum(each.ins for each in sums) / days,
        sum(each.outs for each in sums) / days,
        sum(each.cents for each in sums) / days / 100,
        sum(each.band for each in sums) / days,
        sum(each.near for each in sums) / days,
        sum(each.round for each in sums) / days,
        sum(each.others for each in sums) / days,
    )
