"""Windows that move with time: each event enters once and leaves once, whatever the history's length."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from bot.monitoring.money import Moved

RECENT = 7  # days that are not yet usual: what is looked at is not measured by itself
USUAL = 56  # days that are: eight weeks


class Window:
    """The events of the last `span` seconds, their number and their worth in euro."""

    __slots__ = ("_cents", "events", "span")

    def __init__(self, span: float) -> None:
        self.span = span
        self.events: deque[Moved] = deque()
        self._cents = 0  # whole cents: a sum that events enter and leave must not drift

    def add(self, event: Moved) -> None:
        """`event` is the newest; what is `span` older or more leaves."""
        self.pass_to(event.at)
        self.events.append(event)
        self._cents += round(event.euro * 100)

    def pass_to(self, at: float) -> None:
        """Time went by."""
        events, start = self.events, at - self.span
        while events and events[0].at <= start:
            self._leave(events.popleft())

    def _leave(self, event: Moved) -> None:
        self._cents -= round(event.euro * 100)

    @property
    def total(self) -> float:
        """Euro."""
        return self._cents / 100

    def __len__(self) -> int:
        return len(self.events)


class Parties(Window):
    """A window that also counts the distinct counterparties in it, and the distinct cards."""

    __slots__ = ("cards", "counterparties")

    def __init__(self, span: float) -> None:
        super().__init__(span)
        self.counterparties: dict[str, int] = {}
        self.cards: dict[str, int] = {}

    def add(self, event: Moved) -> None:
        super().add(event)
        if event.counterparty:
            self.counterparties[event.counterparty] = self.counterparties.get(event.counterparty, 0) + 1
        if event.card:
            self.cards[event.card] = self.cards.get(event.card, 0) + 1

    def _leave(self, event: Moved) -> None:
        super()._leave(event)
        if event.counterparty:
            _less(self.counterparties, event.counterparty)
        if event.card:
            _less(self.cards, event.card)


class Buyers(Parties):
    """Parties that also keeps the cards of each counterparty apart."""

    __slots__ = ("cards_of",)

    def __init__(self, span: float) -> None:
        super().__init__(span)
        self.cards_of: dict[str, dict[str, int]] = {}

    def add(self, event: Moved) -> None:
        super().add(event)
        if event.card and event.counterparty:
            own = self.cards_of.setdefault(event.counterparty, {})
            own[event.card] = own.get(event.card, 0) + 1

    def _leave(self, event: Moved) -> None:
        super()._leave(event)
        if event.card and event.counterparty:
            own = self.cards_of[event.counterparty]
            _less(own, event.card)
            if not own:
                del self.cards_of[event.counterparty]


def _less(counts: dict[str, int], key: str) -> None:
    left = counts[key] - 1
    if left:
        counts[key] = left
    else:
        del counts[key]


@dataclass(slots=True)
class Day:
    """What moved on one day: its number since 1970, how often money came in and went out, and euro that came in."""

    number: int
    ins: int = 0
    outs: int = 0
    cents: int = 0


@dataclass(slots=True)
class Usual:
    """What an average day was like: money in and out by number, and euro that came in."""

    days: int
    ins: float
    outs: float
    euro: float


@dataclass(slots=True)
class _Sum:
    days: deque[Day] = field(default_factory=deque)
    ins: int = 0
    outs: int = 0
    cents: int = 0

    def enter(self, day: Day) -> None:
        self.days.append(day)
        self.ins, self.outs, self.cents = self.ins + day.ins, self.outs + day.outs, self.cents + day.cents

    def leave(self, before: int) -> list[Day]:
        """The days before this one, taken out."""
        gone = []
        while self.days and self.days[0].number < before:
            day = self.days.popleft()
            self.ins, self.outs, self.cents = self.ins - day.ins, self.outs - day.outs, self.cents - day.cents
            gone.append(day)
        return gone


class Habit:
    """A seller's days: today, the RECENT ones before it and the USUAL ones before those."""

    __slots__ = ("_known", "_older", "_recent", "first", "today")

    def __init__(self) -> None:
        self.first = -1
        self.today = Day(-1)
        self._recent, self._older = _Sum(), _Sum()
        self._known: tuple[Usual | None, Usual | None] = (None, None)

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
        self._known = (self._average(), self._long())

    @property
    def usual(self) -> Usual | None:
        """The days before the last week, where there are two weeks of them; else the closed days, from three on."""
        return self._known[0]

    @property
    def settled(self) -> Usual | None:
        """The days before the last week, where there are three weeks of them."""
        return self._known[1]

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
    )
