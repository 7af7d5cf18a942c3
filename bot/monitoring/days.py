"""A seller's days, closed one after the other: what is usual, and the most there ever was within a year."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.monitoring.money import Moved
from bot.monitoring.thresholds import DAY, HOUR, band_of, near_of, whole

RECENT = 7  # days that are not yet usual: what is looked at is not measured by itself
USUAL = 28  # days that are
YEAR = 400  # days whose peaks are remembered: a season, and the same one a year before
SILENCE = 10  # days: what is longer counts as so many, so that a holiday does not make a seller a new one
ODD = 3  # sales: of so many one may be odd
KEPT = ("number", "ins", "cents", "round", "others", "largest", "hour")  # of a day that is older than USUAL
SPARSE = 2.0  # of the volume of a week's sales


@dataclass(slots=True)
class Day:
    """What moved on one day: its number, how often money came in and went out, and euro cents that came in.

    Of what came in `band` lay under the small limit and `near` just under a reported sum; `round` were whole hundreds.
    `others` were paid for the first time. `largest`: cents of the largest amount that came in. `back`: refunds.
    `hour`: the most transactions that one hour by the clock had.
    """

    number: int
    ins: int = 0
    outs: int = 0
    cents: int = 0
    band: int = 0
    near: int = 0
    round: int = 0
    others: int = 0
    largest: int = 0
    back: int = 0
    hour: int = 0

    def add(self, other: Day, sign: int) -> None:
        """Counts of another day as well, or (-1) no more."""
        self.ins += sign * other.ins
        self.outs += sign * other.outs
        self.cents += sign * other.cents
        self.band += sign * other.band
        self.near += sign * other.near
        self.round += sign * other.round
        self.others += sign * other.others
        self.back += sign * other.back

    def count(self, event: Moved) -> None:
        """One more transaction of this day."""
        if event.direction == "in":
            self.ins += 1
            self.cents += event.cents
            self.largest = max(self.largest, event.cents)
            self.band += band_of(event.face)
            self.near += near_of(event.face)
            self.round += whole(event.face)
        elif event.direction == "out":
            self.outs += 1
        elif event.direction == "refund":
            self.back += 1


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
    back: float = 0.0

    @property
    def price(self) -> float:
        """Euro of an average sale; 0 where nothing was sold."""
        return self.euro / self.ins if self.ins else 0.0

    def weeks(self, times: float) -> float:
        """Euro of so many usual weeks, and what chance adds where sales are few."""
        return times * 7 * self.euro * (1 + SPARSE / math.sqrt(7 * self.ins)) if self.ins else 0.0


class _Sum:
    """Days, and what they come to together."""

    __slots__ = ("days", "total")

    def __init__(self) -> None:
        self.days: deque[Day] = deque()
        self.total = Day(0)

    def enter(self, day: Day) -> None:
        self.days.append(day)
        self.total.add(day, 1)

    def leave(self, before: int) -> list[Day]:
        """The days before this one, taken out."""
        gone = []
        while self.days and self.days[0].number < before:
            day = self.days.popleft()
            self.total.add(day, -1)
            gone.append(day)
        return gone


class Year:
    """Closed days in columns of numbers: a row takes 56 bytes, and thousands of sellers are held in memory."""

    __slots__ = ("_columns",)

    def __init__(self) -> None:
        self._columns = tuple(array("q") for _ in KEPT)

    def add(self, day: Day) -> None:
        """The next day."""
        for column, name in zip(self._columns, KEPT, strict=True):
            column.append(getattr(day, name))

    def forget(self, before: int) -> None:
        """The days before this one."""
        gone = bisect_left(self._columns[0], before)
        if gone:
            for column in self._columns:
                del column[:gone]

    def __iter__(self) -> Iterator[Day]:
        return (_kept(row) for row in zip(*self._columns, strict=True))

    def __reversed__(self) -> Iterator[Day]:
        return (_kept(row) for row in zip(*map(reversed, self._columns), strict=True))


def _kept(row: Sequence[int]) -> Day:
    return Day(**dict(zip(KEPT, row, strict=True)))


class Habit:
    """A seller's days: today, the RECENT ones before it, the USUAL ones before those, and up to YEAR of them before.

    Days are numbered from the first on, and silence is cut to SILENCE: who was away for two months is measured by the
    weeks before.
    """

    __slots__ = ("_hour", "_known", "_most", "_older", "_recent", "_year", "date", "today")

    def __init__(self) -> None:
        self.date = -1  # today, in days since 1970
        self._hour = (-1, 0)  # this one, since 1970, and its transactions
        self.today = Day(-1)
        self._recent, self._older = _Sum(), _Sum()
        self._year = Year()
        self._known: tuple[Usual | None, Usual | None, Usual | None] | None = None  # not asked yet today
        self._most: dict[tuple[str, int], int] = {}

    def remember(self, days: Sequence[Day], date: int) -> None:
        """Days before the first transaction that is taken, oldest first, as `numbered`; `date`: the last one's."""
        self.date, self.today = date, days[-1]
        recent = self.today.number - RECENT
        for day in days[:-1]:
            if day.number >= recent:
                self._recent.enter(day)
            elif day.number >= recent - USUAL:
                self._older.enter(day)
            elif day.number >= recent + RECENT - YEAR:
                self._year.add(day)

    def count(self, event: Moved) -> None:
        """One more transaction of today."""
        number, count = self._hour
        hour = int(event.at // HOUR)
        self._hour = (hour, count + 1) if hour == number else (hour, 1)
        self.today.hour = max(self.today.hour, self._hour[1])
        self.today.count(event)

    def turn(self, date: int) -> None:
        """It is this day now."""
        number = 0
        if self.date >= 0:
            self._recent.enter(self.today)
            number = self.today.number + min(date - self.date, SILENCE)
        self.date, self.today = date, Day(number)
        for day in self._recent.leave(number - RECENT):
            self._older.enter(day)
        for day in self._older.leave(number - RECENT - USUAL):
            self._year.add(day)
        self._year.forget(number - YEAR)
        self._known = None
        self._most.clear()

    @property
    def usual(self) -> Usual | None:
        """The days before the last week, where there are two weeks of them; else the closed days, from three on."""
        return self._averages()[0]

    @property
    def settled(self) -> Usual | None:
        """The days before the last week, where there are three weeks of them."""
        return self._averages()[1]

    @property
    def before(self) -> Usual | None:
        """The days before the last week, where there are four of them: what is looked at now is not in it."""
        return self._averages()[2]

    def most(self, what: str, days: int) -> int:
        """The most that so many days in a row had of this count of `Day`'s, before the last week."""
        key = (what, days)
        if key not in self._most:
            self._most[key] = _peak(chain(self._year, self._older.days), what, days)
        return self._most[key]

    def largest(self, nth: int) -> int:
        """Cents that this many days before the last week reached with a single amount; 0 where they were fewer."""
        key = ("largest", -nth)
        if key not in self._most:
            tops = sorted((day.largest for day in chain(self._year, self._older.days)), reverse=True)
            self._most[key] = tops[nth - 1] if len(tops) >= nth else 0
        return self._most[key]

    def sales(self, least: int) -> tuple[int, float]:
        """The newest sales of closed days, at least so many where there are: their number, and euro on average.

        From three on the largest is left out of the average: one odd amount does not make the next one usual.
        """
        ins = cents = largest = 0
        for day in self._newest():
            if ins >= least:
                break
            ins, cents, largest = ins + day.ins, cents + day.cents, max(largest, day.largest)
        if ins < ODD:
            return ins, cents / 100 / ins if ins else 0.0
        return ins, (cents - largest) / 100 / (ins - 1)

    def _newest(self) -> Iterator[Day]:
        return chain(reversed(self._recent.days), reversed(self._older.days), reversed(self._year))

    def _averages(self) -> tuple[Usual | None, Usual | None, Usual | None]:
        if self._known is None:
            self._known = (self._average(), self._long(), self._before())
        return self._known

    def _before(self) -> Usual | None:
        older = self._older_days()
        return _per_day(older, self._older) if older >= 4 else None

    def _average(self) -> Usual | None:
        older = self._older_days()
        if older >= 14:
            return _per_day(older, self._older)
        days = self.today.number
        return _per_day(days, self._older, self._recent) if days >= 3 else None

    def _long(self) -> Usual | None:
        older = self._older_days()
        return _per_day(older, self._older) if older >= 21 else None

    def _older_days(self) -> int:
        return min(self.today.number - RECENT, USUAL)


def numbered(days: Iterable[Day]) -> tuple[Day, ...]:
    """Days that are numbered since 1970, oldest first: numbered from the first on, with silence cut."""
    found: list[Day] = []
    date = 0
    for day in days:
        number = found[-1].number + min(day.number - date, SILENCE) if found else 0
        date, day.number = day.number, number
        found.append(day)
    return tuple(found)


def _peak(days: Iterable[Day], what: str, span: int) -> int:
    window: deque[tuple[int, int]] = deque()
    total = most = 0
    for day in days:
        count = getattr(day, what)
        window.append((day.number, count))
        total += count
        while window[0][0] <= day.number - span:
            total -= window.popleft()[1]
        most = max(most, total)
    return most


def _per_day(days: int, *sums: _Sum) -> Usual:
    whole = Day(0)
    for each in sums:
        whole.add(each.total, 1)
    return Usual(
        days, whole.ins / days, whole.outs / days, whole.cents / days / 100, whole.band / days, whole.near / days,
        whole.round / days, whole.others / days, whole.back / days,
    )  # fmt: skip


def date_of(at: float) -> int:
    """The day of an instant, in days since 1970."""
    return int(at // DAY)
