"""What is remembered of a seller: windows and counters that each transaction moves by a step."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from bot.model import Tier
from bot.monitoring.money import Moved
from bot.monitoring.places import WATCHED
from bot.monitoring.thresholds import DAY, HOUR, JUST_OVER, LEAST_NEAR, LIMITS, REPORTED, WEEK
from bot.monitoring.windows import Buyers, Habit, Parties, Window

YOUNG = 3 * DAY  # how long an account counts as just opened
START = 14 * DAY  # from a record's beginning: who is first seen here may have sold long before it
SILENT = 5.0  # sales missing by chance: one in 150
WAKING = WEEK
PAIRED = 6 * HOUR  # between the two halves of a pair
PAIR = (0.9, 1.0)  # what goes out, as a share of what came in
LOOKED_AT = 50  # newest amounts that a matching half is sought among
SMALLEST_HALF = 100  # euro
NEARLY = 14 * DAY  # how long sums just over one are remembered: they show where prices lie
SMALL = 1_000  # the sum that small ones stay under
ROUTINE = 3  # payouts that make one
PUNCTUAL = 2.5 * HOUR
SETTLED = 14 * DAY  # how long an account is paid before its payouts may come at any hour


@dataclass(frozen=True, slots=True)
class Profile:
    """What else is known of a seller: the tier, and euro expected in 30 days (None: nobody said)."""

    tier: Tier = Tier.LOW
    expected: float | None = None


UNKNOWN = Profile()


@dataclass(slots=True)
class Use:
    """What one card did in the last 7 days: its transactions, oldest first, and how many each seller has of them."""

    events: deque[Moved] = field(default_factory=deque)
    sellers: dict[str, int] = field(default_factory=dict)


class Market(Protocol):
    """What is known across sellers."""

    began: float  # the instant of the first transaction on record

    def use(self, card: str) -> Use | None:
        """Whom this card paid in the last 7 days; None where nobody."""
        ...

    def taken(self, seller: str) -> int:
        """Euro cents that came in for a seller in the last 7 days."""
        ...

    def usual_use(self, at: float) -> tuple[int, int]:
        """How many sellers paid with one card are notable, and how many too many; 0: unknown."""
        ...

    def peers(self, at: float) -> tuple[float, float] | None:
        """Euro that came in last week: the middle seller's, and how much would surprise; None where few sold."""
        ...


class Seller:
    """One seller's windows, as of the last transaction that was taken."""

    __slots__ = (
        "back",
        "band",
        "charged",
        "day",
        "first_at",
        "foreign",
        "habit",
        "hour",
        "ins_day",
        "ins_days",
        "ins_month",
        "ins_week",
        "last_at",
        "limits",
        "market",
        "near",
        "outs_day",
        "outs_days",
        "outs_month",
        "outs_week",
        "over",
        "pairs",
        "profile",
        "round",
        "slept",
        "substantial",
        "woke_at",
        "woken",
        "young",
    )  # fmt: skip

    def __init__(self, market: Market, profile: Profile = UNKNOWN) -> None:
        self.market, self.profile, self.limits = market, profile, LIMITS[profile.tier]
        self.first_at = self.last_at = self.woke_at = self.slept = -1.0
        self.habit = Habit()
        self.hour, self.day = Window(HOUR), Window(DAY)
        self.band, self.round = Window(WEEK), Window(WEEK)
        self.near = {sum_: Window(WEEK) for sum_ in REPORTED}
        self.over = {sum_: Window(NEARLY) for sum_ in (SMALL, *REPORTED)}
        self.outs_month = Parties(30 * DAY)
        self.ins_day, self.ins_days = Parties(DAY), Parties(3 * DAY)
        self.ins_week, self.ins_month = Buyers(WEEK), Window(30 * DAY)
        self.substantial = Window(DAY)
        self.outs_day, self.outs_days, self.outs_week = Window(DAY), Parties(3 * DAY), Window(WEEK)
        self.pairs = Window(WEEK)
        self.back, self.charged = Window(WEEK), Window(WEEK)
        self.foreign = Window(WEEK)
        self.woken, self.young = Window(WAKING), Window(YOUNG)

    def known_since(self, first_at: float, last_at: float) -> None:
        """What was before the transactions that are taken: the first ever, and the last before them."""
        self.first_at, self.last_at = first_at, last_at

    def take(self, event: Moved) -> None:
        """The next transaction in order of time."""
        self._date(event)
        self.hour.add(event)
        self.day.add(event)
        direction = event.direction
        if direction == "in":
            self._came_in(event)
        elif direction == "out":
            self._went_out(event)
        elif direction == "refund":
            self.back.add(event)
            self.ins_week.pass_to(event.at)
        else:
            self.charged.add(event)
            self.ins_week.pass_to(event.at)

    def _date(self, event: Moved) -> None:
        at = event.at
        number = int(at // DAY)
        if number != self.habit.today.number:
            self.habit.turn(number)
        if self.first_at < 0:
            self.first_at = at
        elif at - self.last_at >= self.limits.dozing_days * DAY:
            self.woke_at, self.slept = at, at - self.last_at
        self.last_at = at

    def _came_in(self, event: Moved) -> None:
        limits, face, today = self.limits, event.face, self.habit.today
        today.ins += 1
        today.cents += event.cents
        self.ins_day.add(event)
        self.ins_days.add(event)
        self.ins_week.add(event)
        self.ins_month.add(event)
        if face >= limits.small_from:
            self.substantial.add(event)
            self._nearly(event)
        if event.at - self.first_at < YOUNG:
            self.young.add(event)
        self._either(event)

    def _nearly(self, event: Moved) -> None:
        face, today = event.face, self.habit.today
        if face < self.limits.small_below:
            today.band += 1
            self.band.add(event)
            return
        if face < self.limits.small_below * 2:
            self.over[SMALL].add(event)
        if face < LEAST_NEAR:
            return
        near = False
        for reported, window in self.near.items():
            if reported * REPORTED[reported] <= face < reported:
                window.add(event)
                near = True
            elif reported <= face < reported * JUST_OVER:
                self.over[reported].add(event)
        today.near += near

    def _went_out(self, event: Moved) -> None:
        today = self.habit.today
        today.outs += 1
        if event.counterparty not in self.outs_month.counterparties:
            today.others += 1
        self.outs_month.add(event)
        self.outs_week.add(event)
        self.outs_day.add(event)
        self.outs_days.add(event)
        if event.cents >= SMALLEST_HALF * 100 and self._half(event):
            self.pairs.add(event)
        self._either(event)

    def _either(self, event: Moved) -> None:
        if event.face >= 100 and event.face % 100 == 0:
            self.habit.today.round += 1
            self.round.add(event)
        if self.woke_at >= 0 and event.at - self.woke_at < WAKING:
            self.woken.add(event)
        if event.country in WATCHED:
            self.foreign.add(event)

    def payout(self, event: Moved) -> bool:
        """Whether this is a payout as ever: to an account that is always paid, at its hour, what sales are usually
        worth; or, where the record has only begun, one that may be.
        """
        before = [each for each in self._paid(event.counterparty) if event.at - each.at >= DAY / 2]
        if len(before) < 2 or event.at - self.first_at < START:
            alone = len(self.outs_month.counterparties) <= 1 and event.at - self.first_at < START
            return alone and self.established() and len(self.ins_month) > 1
        hours = sum(abs((each.at - event.at + DAY / 2) % DAY - DAY / 2) <= PUNCTUAL for each in before)
        usual, long = self.habit.usual, before[-1].at <= event.at - SETTLED
        ordinary = usual is not None and max(e.cents for e in self.ins_day.events) <= 400 * usual.price
        return hours >= ROUTINE or (long and (ordinary or hours == len(before)))

    def _paid(self, party: str) -> list[Moved]:
        """The newest payouts to an account before now, the newest first."""
        newest = list(islice(reversed(self.outs_month.events), 1, LOOKED_AT))
        return [each for each in newest if each.counterparty == party]

    def _half(self, event: Moved) -> bool:
        """Whether about the same sum came in within hours before."""
        ins = self.ins_day.events
        for n in range(len(ins) - 1, max(-1, len(ins) - 1 - LOOKED_AT), -1):
            if event.at - ins[n].at > PAIRED:
                return False
            if ins[n].cents * PAIR[0] <= event.cents <= ins[n].cents * PAIR[1]:
                return True
        return False

    def established(self) -> bool:
        """First seen as the record begins: it may have sold long before. Who sells so much is not silent for days."""
        silent = self.first_at - self.market.began
        if silent < DAY:
            return True
        elapsed = min(max(self.last_at - self.first_at, DAY), YOUNG)
        return silent < START and silent * len(self.young) < SILENT * elapsed
