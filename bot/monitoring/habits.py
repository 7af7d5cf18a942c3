"""Rules on habits: how often, from how many, against what was usual for this seller and for others."""

from __future__ import annotations

import math

from bot.monitoring.hit import Hit
from bot.monitoring.money import Moved
from bot.monitoring.seller import YOUNG, Seller

SURPRISE = 5.0  # standard deviations of a Poisson count
UNSURE = 1.5  # times the limit, where it is not known yet what is usual for a seller
CROWD = 4  # the same for many who pay little each: that is what shops live on
STRANGERS = 200  # euro on average: from here on many parties are no buyers of small things
ESTABLISHED = 3  # times the limit for a new account, where it may not be new


def _surprising(mean: float) -> float:
    """A count that chance does not bring where `mean` is to be expected."""
    return mean + SURPRISE * math.sqrt(mean)


def velocity(seller: Seller, event: Moved) -> Hit | None:  # noqa: ARG001 - every rule's shape
    """Far more transactions in an hour, or in a day, than this seller usually has."""
    limits, usual = seller.limits, seller.habit.usual
    hour, day = len(seller.hour), len(seller.day)
    if hour < limits.hour_count and day < limits.day_count:
        return None
    if usual is None:
        most, most_day = limits.hour_count * UNSURE, limits.day_count * UNSURE
    else:
        often = usual.ins + usual.outs
        most = max(limits.hour_count, _surprising(limits.hour_times * often))
        most_day = max(limits.day_count, _surprising(limits.day_times * often))
    if hour >= most:
        return Hit({"count": hour, "hours": 1, "limit": most}, seller.hour.events)
    if day >= most_day:
        return Hit({"count": day, "hours": 24, "limit": most_day}, seller.day.events)
    return None


def fan_in(seller: Seller, event: Moved) -> Hit | None:  # noqa: ARG001 - every rule's shape
    """Money from far more people within a day, or within three, than usually buy from this seller."""
    limits, usual = seller.limits, seller.habit.usual
    if len(seller.ins_days.counterparties) < limits.fan_in_day:
        return None
    for window, least, days in (
        (seller.ins_day, limits.fan_in_day, 1),
        (seller.ins_days, limits.fan_in_days, 3),
    ):
        parties = len(window.counterparties)
        most = float(least)
        if usual is not None:
            most = max(most, _surprising(limits.fan_times * usual.ins * days))
        elif window.total < STRANGERS * len(window):
            most *= UNSURE if window.total >= STRANGERS * len(window) / 2 else CROWD
        if parties >= most:
            return Hit({"parties": parties, "days": days, "limit": most}, window.events)
    return None


def fan_out(seller: Seller, event: Moved) -> Hit | None:  # noqa: ARG001 - every rule's shape
    """Money to far more people within three days than this seller usually pays."""
    limits, window, usual = seller.limits, seller.outs_days, seller.habit.usual
    parties = len(window.counterparties)
    if parties < limits.fan_out:
        return None
    most = max(limits.fan_out, _surprising(limits.fan_times * usual.outs * 3)) if usual else limits.fan_out
    return Hit({"parties": parties, "days": 3, "limit": most}, window.events) if parties >= most else None


def dormant_wakes(seller: Seller, event: Moved) -> Hit | None:
    """An account without a transaction for 180 days moves money again, and not just a little."""
    limits, woken = seller.limits, seller.woken
    if not woken or woken.events[-1] is not event:
        return None
    if woken.total < limits.woken and len(woken) < limits.woken_count:
        return None
    return Hit({"days": limits.dormant_days, "total": woken.total}, woken.events)


def new_account_burst(seller: Seller, event: Moved) -> Hit | None:
    """A new account takes in a lot within its first three days."""
    limits, young = seller.limits, seller.young
    if event.at - seller.first_at >= YOUNG or len(young) < limits.young_count:
        return None
    times = ESTABLISHED if seller.established() else 1
    much = young.total >= limits.young * times
    many = len(young) >= limits.young_many * times and young.total >= limits.unusual
    return Hit({"total": young.total, "count": len(young)}, young.events) if much or many else None


def own_history(seller: Seller, event: Moved) -> Hit | None:
    """The week's volume, its average amount or one amount far above this seller's usual weeks (at least three)."""
    usual, week, limits = seller.habit.settled, seller.ins_week, seller.limits
    if week.total < limits.unusual or usual is None or usual.ins * usual.days < 10:
        return None
    average = usual.euro / usual.ins
    if week.total >= max(limits.history, limits.history_times * usual.euro * 7):
        return Hit({"seen": week.total, "usual": usual.euro * 7, "what": "in 7 days"}, week.events)
    mean = week.total / len(week)
    if len(week) >= 5 and mean >= limits.average_times * average:
        return Hit({"seen": mean, "usual": average, "what": "on average"}, week.events)
    if event.euro >= max(limits.unusual, limits.single_times * average):
        return Hit({"seen": event.euro, "usual": average, "what": "at once"}, (event,))
    return None


def peers(seller: Seller, event: Moved) -> Hit | None:
    """The week's volume far above what all sellers took in last week, where at least twenty did."""
    limits, week = seller.limits, seller.ins_week
    if week.total < limits.peers:
        return None
    usual, others = seller.habit.settled, seller.market.peers(event.at)
    if others is None or (usual and week.total < limits.peers_own * 7 * usual.euro):
        return None
    middle, surprise = others
    if week.total < max(limits.peers_times * middle, surprise):
        return None
    return Hit({"seen": week.total, "usual": middle}, week.events)
