"""Rules on habits: how often, from how many, against what was usual for this seller and for others."""

from __future__ import annotations

import math

from bot.monitoring.days import Usual
from bot.monitoring.hit import Hit
from bot.monitoring.money import Moved
from bot.monitoring.seller import SALES, YOUNG, Seller
from bot.monitoring.thresholds import DAY
from bot.monitoring.windows import Parties, surprising

UNSURE = 1.5  # times the limit, where it is not known yet what is usual for a seller
UNKNOWN = 3.0  # the same where it may have sold for years before the record began
CROWD = 4  # the same for many who pay little each: that is what shops live on
STRANGERS = 200  # euro on average: from here on many parties are no buyers of small things
USUAL_PRICE = 0.5  # times the usual one: cards are tried with less
FEWER, FEWEST = 3.0, 1.9  # standard deviations of a count that is far above the usual one already


def velocity(seller: Seller, event: Moved) -> Hit | None:
    """Far more transactions in an hour, or in a day, than this seller usually has.

    In a day only where the same people pay again and again: many who pay once are another rule's.
    """
    limits, usual = seller.limits, seller.habit.usual
    hour, day = len(seller.hour), len(seller.day)
    if hour < limits.hour_count and day < limits.day_count:
        return None
    if usual is None:
        times = UNKNOWN if seller.established() else UNSURE
        most, most_day = limits.hour_count * times, limits.day_count * times * times
    else:
        often = usual.ins + usual.outs
        most = max(limits.hour_count, surprising(limits.hour_times * often))
        most_day = max(limits.day_count, surprising(limits.day_times * often))
    if hour >= most and not _as_ever(seller, hour):
        return Hit({"count": hour, "hours": 1, "limit": _below(most)}, seller.hour.events)
    if day < most_day or day < limits.again * _busiest(seller, 1):
        return None
    seller.ins_day.pass_to(event.at)
    if len(seller.ins_day.counterparties) > limits.people * day:
        return None
    return Hit({"count": day, "hours": 24, "limit": _below(most_day)}, seller.day.events)


def _below(most: float) -> int:
    """The largest whole number that is less."""
    return math.ceil(most) - 1


def _as_ever(seller: Seller, hour: int) -> bool:
    """Whether there were such hours before, at usual prices: invoices of the first, a letter's readers."""
    usual = seller.habit.usual
    if usual is None or hour >= seller.limits.again * seller.habit.most("hour", 1):
        return False
    return seller.hour.total >= USUAL_PRICE * usual.price * hour


def _busiest(seller: Seller, days: int) -> int:
    """The most sales in so many days that the last year knows."""
    return seller.habit.most("ins", days)


def _week(seller: Seller) -> float:
    """Euro that the best week of the last year came to, and what it may grow by."""
    return seller.limits.again * seller.habit.most("cents", 7) / 100


def fan_in(seller: Seller, event: Moved) -> Hit | None:  # noqa: ARG001 - every rule's shape
    """Money from far more people within a day, or within three, than usually buy from this seller.

    Where they pay what is usually paid here it may be a sale or a feast; where not, fewer are enough.
    """
    limits = seller.limits
    if len(seller.ins_days.counterparties) < limits.fan_in_few:
        return None
    usual = seller.habit.usual
    worth = limits.fan_in_total if usual else limits.fan_in_first
    for window, least, days in (
        (seller.ins_day, limits.fan_in_day, 1),
        (seller.ins_days, limits.fan_in_days, 3),
    ):
        parties = len(window.counterparties)
        if parties < limits.fan_in_few or window.total < worth:
            continue
        most = _crowd(seller, window, least, days, usual) if usual else _first(seller, window, least)
        if parties >= most:
            return Hit({"parties": parties, "days": days, "limit": _below(most)}, window.events)
    return None


def _first(seller: Seller, window: Parties, least: int) -> float:
    """How many parties are too many while nothing is usual yet."""
    mean = window.total / len(window)
    times = UNSURE if mean >= STRANGERS / 2 else CROWD
    if seller.established():
        return least * times * UNKNOWN if mean >= STRANGERS / 2 else math.inf
    return least * (1 if mean >= STRANGERS else times)


def _crowd(seller: Seller, window: Parties, least: int, days: int, usual: Usual) -> float:
    """How many parties are no everyday thing; `least`: where they pay what is usually paid."""
    limits = seller.limits
    if usual.ins and window.total >= limits.unlike * usual.price * len(window):
        most = max(limits.fan_in_few, surprising(limits.fan_unlike * usual.ins * days, FEWER))
        if len(window.counterparties) < most or window.cents >= limits.again * seller.habit.most(
            "cents", days
        ):
            return most
        return math.inf
    most = max(least, surprising(limits.fan_times * usual.ins * days, FEWEST))
    if len(window.counterparties) < most:
        return most
    return max(most, limits.again * _busiest(seller, days))


def fan_out(seller: Seller, event: Moved) -> Hit | None:
    """Money to many accounts within three days that were never paid before those; or to one after the other in a month."""
    limits, window, usual = seller.limits, seller.strange_days, seller.habit.usual
    parties = len(window.counterparties)
    if parties < limits.fan_out or window.events[-1] is not event:  # this one is none of them
        return _one_by_one(seller, event)
    most = surprising(limits.fan_out_times * usual.others * 3) if usual else 0.0
    most = max(limits.fan_out, most, limits.again * seller.habit.most("others", 3))
    if parties >= most:
        return Hit({"parties": parties, "days": 3, "limit": _below(most)}, window.events)
    return _one_by_one(seller, event)


def _one_by_one(seller: Seller, event: Moved) -> Hit | None:
    limits, paid = seller.limits, seller.first_paid
    if len(paid) < limits.fan_out_few or paid.events[-1] is not event or seller.habit.settled is None:
        return None
    seller.outs_month.pass_to(event.at)
    most = max(limits.fan_out_few, limits.again * seller.habit.most("others", 30))
    much = paid.total >= max(limits.fan_out_total, limits.fan_out_share * seller.outs_month.total)
    if len(paid) < most or not (much or len(paid) >= limits.fan_out_month):
        return None
    return Hit({"parties": len(paid), "days": 30, "limit": _below(most)}, paid.events)


def dormant_wakes(seller: Seller, event: Moved) -> Hit | None:
    """An account without a transaction for 180 days moves money again, and not just a little; after 90 days, a lot."""
    limits, woken = seller.limits, seller.woken
    if not woken or woken.events[-1] is not event:
        return None
    if seller.slept < limits.dormant_days * DAY:
        if woken.total < limits.dozed:
            return None
    elif woken.total < limits.woken and len(woken) < limits.woken_count:
        return None
    price = seller.habit.sales(SALES)[1]
    if woken.total < limits.unlike * price * len(woken) and woken.total < _week(seller):
        return None  # a season, as before
    return Hit({"days": int(seller.slept // DAY), "total": woken.total}, woken.events)


def new_account_burst(seller: Seller, event: Moved) -> Hit | None:
    """A new account takes in a lot within its first three days."""
    limits, young = seller.limits, seller.young
    if event.at - seller.first_at >= YOUNG or len(young) < limits.young_count or seller.established():
        return None
    much = young.total >= limits.young
    many = len(young) >= limits.young_many and young.total >= limits.young / 2
    return Hit({"total": young.total, "count": len(young)}, young.events) if much or many else None


def own_history(seller: Seller, event: Moved) -> Hit | None:
    """The week's volume, its average amount or one amount far above this seller's usual weeks (at least three)."""
    usual, week, limits = seller.habit.settled, seller.ins_week, seller.limits
    if week.total < limits.unusual or usual is None or usual.ins * usual.days < 10:
        return None
    average = usual.euro / usual.ins
    alike = week.total < limits.unlike * average * len(week)
    times = limits.history_alike if alike else limits.history_times
    if _above(seller, max(limits.history, usual.weeks(times))):
        return Hit({"seen": week.total, "usual": usual.euro * 7, "what": "in 7 days"}, week.events)
    mean = week.total / len(week)
    if len(week) >= 5 and mean >= limits.average_times * average:
        return Hit({"seen": mean, "usual": average, "what": "on average"}, week.events)
    if event.euro >= max(limits.single, limits.single_times * average) and event.euro >= seller.largest():
        return Hit({"seen": event.euro, "usual": average, "what": "at once"}, (event,))
    return None


def _above(seller: Seller, least: float) -> bool:
    """Whether a week came to so much, and not by one amount alone, nor as the best one of the last year did."""
    week = seller.ins_week
    if week.total < least or week.total - seller.peak_week.cents(seller.last_at) / 100 < least / 2:
        return False
    return week.total >= _week(seller)


def peers(seller: Seller, event: Moved) -> Hit | None:
    """The week's volume far above what all sellers took in last week, where at least twenty did."""
    limits, week = seller.limits, seller.ins_week
    if week.total < limits.peers:
        return None
    usual, others = seller.habit.settled, seller.market.peers(event.at)
    if others is None or (usual and week.total < usual.weeks(limits.peers_own)):
        return None
    if week.total < _week(seller):
        return None
    middle, surprise = others
    times = UNKNOWN if usual is None and seller.established() else 1
    if week.total < times * max(limits.peers_times * middle, surprise):
        return None
    return Hit({"seen": week.total, "usual": middle}, week.events)
