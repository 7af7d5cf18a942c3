"""What is remembered of a seller: windows and counters that each transaction moves by a step."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import NamedTuple

from bot.monitoring.days import Habit, date_of
from bot.monitoring.known import UNKNOWN, Market, Past, Profile
from bot.monitoring.money import Moved
from bot.monitoring.payees import ROUTINE, Payees
from bot.monitoring.places import WATCHED
from bot.monitoring.thresholds import (
    DAY,
    HOUR,
    JUST_OVER,
    LEAST_NEAR,
    LIMITS,
    REPORTED,
    SMALL,
    WEEK,
    band_of,
    whole,
)
from bot.monitoring.windows import Buyers, Parties, Peak, Window

YOUNG = 3 * DAY  # how long an account counts as just opened
START = 14 * DAY  # from a record's beginning: who is first seen here may have sold long before it
SILENT = 5.0  # sales missing by chance: one in 150
WAKING = WEEK
PAIRED = 6 * HOUR  # between the two halves of a pair
PAIR = (0.9, 1.0)  # what goes out, as a share of what came in
LOOKED_AT = 50  # newest amounts that a matching half is sought among
SMALLEST_HALF = 100  # euro
NEARLY = 14 * DAY  # how long sums just over one are remembered: they show where prices lie
PUNCTUAL = 2.5 * HOUR
SALES = 10  # the newest ones, which tell what is usual
FEW = 3  # of less than so many nothing is usual
ORDINARY = 4.0  # times the usual sale
PASSED = (0.7, 1.1)  # what went to strangers, as a share of what came in
PASSING = 300  # euro in a day: less tells nothing


class Passed(NamedTuple):
    """A date on which money passed through to strangers: euro cents that came and went within 24 hours."""

    date: int
    came: int
    went: int


class Seller:
    """One seller's windows, as of the last transaction that was taken.

    `strange`: paid to accounts that are new; `first_paid`: the first payment to each.
    """

    __slots__ = (
        "back",
        "band",
        "charged",
        "charged_month",
        "day",
        "first_at",
        "first_paid",
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
        "near_out",
        "outs_day",
        "outs_month",
        "outs_week",
        "over",
        "pairs",
        "passed",
        "payees",
        "peak_day",
        "peak_week",
        "profile",
        "round",
        "slept",
        "strange_day",
        "strange_days",
        "strange_week",
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
        self.near_out = {sum_: Window(WEEK) for sum_ in REPORTED}
        self.over = {sum_: Window(NEARLY) for sum_ in (SMALL[1], *REPORTED)}
        self.outs_month = Parties(30 * DAY)
        self.payees = Payees()
        self.strange_day, self.strange_days, self.strange_week = Window(DAY), Parties(3 * DAY), Window(WEEK)
        self.passed: deque[Passed] = deque()
        self.ins_day, self.ins_days = Parties(DAY), Parties(3 * DAY)
        self.ins_week, self.ins_month = Buyers(WEEK), Window(30 * DAY)
        self.peak_day, self.peak_week = Peak(DAY), Peak(WEEK)
        self.substantial = Window(DAY)
        self.outs_day, self.outs_week = Window(DAY), Window(WEEK)
        self.pairs = Window(WEEK)
        self.first_paid = Window(30 * DAY)
        self.back, self.charged, self.charged_month = Window(WEEK), Window(WEEK), Window(30 * DAY)
        self.foreign = Window(WEEK)
        self.woken, self.young = Window(WAKING), Window(YOUNG)

    def remember(self, past: Past) -> None:
        """What was before the transactions that are taken."""
        self.first_at, self.last_at = past.first_at, past.last_at
        self.habit.remember(past.days, date_of(past.last_at))
        self.payees.remember(past.paid)

    def take(self, event: Moved) -> None:
        """The next transaction in order of time."""
        self._date(event)
        self.habit.count(event)
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
            self.charged_month.add(event)
            self.ins_week.pass_to(event.at)

    def month(self, at: float) -> tuple[int, int]:
        """Euro cents that went out and came in within 30 days, as of now."""
        self.outs_month.pass_to(at)
        self.ins_month.pass_to(at)
        return self.outs_month.cents, self.ins_month.cents

    def _date(self, event: Moved) -> None:
        at = event.at
        date = date_of(at)
        if date != self.habit.date:
            self.habit.turn(date)
        if self.first_at < 0:
            self.first_at = at
        elif at - self.last_at >= self.limits.dozing_days * DAY:
            self.woke_at, self.slept = at, at - self.last_at
        self.last_at = at

    def _came_in(self, event: Moved) -> None:
        self.ins_day.add(event)
        self.ins_days.add(event)
        self.ins_week.add(event)
        self.ins_month.add(event)
        self.peak_day.add(event)
        self.peak_week.add(event)
        if event.face >= SMALL[0]:
            self.substantial.add(event)
            self._nearly(event)
        if event.at - self.first_at < YOUNG:
            self.young.add(event)
        self._new(event)
        if event.country in WATCHED:
            self.foreign.add(event)

    def _nearly(self, event: Moved) -> None:
        face = event.face
        if band_of(face):
            self.band.add(event)
            return
        if face < SMALL[1] * 2:
            self.over[SMALL[1]].add(event)
        if face < LEAST_NEAR:
            return
        for reported, window in self.near.items():
            if reported * REPORTED[reported] <= face < reported:
                window.add(event)
            elif reported <= face < reported * JUST_OVER:
                self.over[reported].add(event)

    def _went_out(self, event: Moved) -> None:
        if self.payees.pay(event):
            self.habit.today.others += 1
            self.first_paid.add(event)
        self.outs_month.add(event)
        self.outs_week.add(event)
        self.outs_day.add(event)
        if self.payees.stranger(event):
            self._strange(event)
        if event.cents >= SMALLEST_HALF * 100 and self._half(event):
            self.pairs.add(event)
        if event.country in WATCHED:
            self.foreign.add(event)

    def _strange(self, event: Moved) -> None:
        self.strange_day.add(event)
        self.strange_week.add(event)
        if self.payees.stranger(event, 3 * DAY):
            self.strange_days.add(event)
        self._new(event)
        if event.face >= LEAST_NEAR:
            for reported, near in self.near_out.items():
                if reported * REPORTED[reported] <= event.face < reported:
                    near.add(event)
        self._pass(event)

    def _pass(self, event: Moved) -> None:
        """Whether what came in within a day has gone to strangers again; each date counts once."""
        self.ins_day.pass_to(event.at)
        came, went = self.ins_day.cents, self.strange_day.cents
        if went < PASSING * 100 or not PASSED[0] * came <= went <= PASSED[1] * came:
            return
        passed, date = self.passed, self.habit.date
        if passed and passed[-1].date == date:
            passed.pop()
        passed.append(Passed(date, came, went))
        while passed[0].date <= date - 7:
            passed.popleft()

    def _new(self, event: Moved) -> None:
        """Money that came in, or that went to an account which is new."""
        if whole(event.face):
            self.round.add(event)
        if self.woke_at >= 0 and event.at - self.woke_at < WAKING:
            self.woken.add(event)

    def payout(self, event: Moved) -> bool:
        """Whether this is a payout as ever: to an account that is always paid, at its hour, what sales are usually
        worth; or, where the record has only begun, one that may be.
        """
        before = [each for each in self._paid(event.counterparty) if event.at - each.at >= DAY / 2]
        hours = sum(abs((each.at - event.at + DAY / 2) % DAY - DAY / 2) <= PUNCTUAL for each in before)
        if hours >= ROUTINE and event.at - self.first_at >= START:
            return True
        if self.payees.settled(event):
            return self.ordinary() or (len(before) > 1 and hours == len(before))
        if len(self.payees) > 1:
            return False
        return self.ordinary() or (
            event.at - self.first_at < START and self.established() and len(self.ins_month) > 1
        )

    def largest(self) -> float:
        """Euro that a single amount has about reached on three days before the last week; times what it may grow by."""
        return self.limits.again * self.habit.largest(FEW) / 100

    def ordinary(self) -> bool:
        """Whether what came in within a day is what sales here are usually worth."""
        sales, price = self.habit.sales(SALES)
        return sales >= FEW and self.peak_day.cents(self.last_at) <= ORDINARY * price * 100

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
