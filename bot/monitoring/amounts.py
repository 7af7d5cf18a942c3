"""Rules on amounts: how large they are, how they are cut, how fast they pass through."""

from __future__ import annotations

from itertools import chain

from bot.monitoring.hit import Hit
from bot.monitoring.money import Moved
from bot.monitoring.seller import Seller
from bot.monitoring.thresholds import JUST_UNDER


def high_volume(seller: Seller, event: Moved) -> Hit | None:  # noqa: ARG001 - every rule's shape
    """More came in within 30 days than the seller said to expect, or than is usual where nothing was said.

    Silent where nobody knows what to expect.
    """
    expected, month = seller.profile.expected, seller.ins_month
    if expected is None or month.total < expected:
        return None
    return Hit({"total": month.total, "expected": expected}, month.events)


def structuring(seller: Seller, event: Moved) -> Hit | None:
    """Several amounts within 7 days, each a little under a sum from which somebody looks closer.

    Five of 500 to 999, or three within a tenth under a sum that the law has reported (3,000, 10,000, 15,000).
    """
    limits, face = seller.limits, event.face
    if limits.small_from <= face < limits.small_below:
        if len(seller.band) >= limits.small_count:
            why = {"count": len(seller.band), "from": limits.small_from, "under": limits.small_below}
            return Hit(why, seller.band.events)
        return None
    for reported, window in seller.near.items():
        if reported * JUST_UNDER <= face < reported and len(window) >= limits.near_count:
            why = {"count": len(window), "from": reported * JUST_UNDER, "under": reported}
            return Hit(why, window.events)
    return None


def single_large(seller: Seller, event: Moved) -> Hit | None:
    """One amount of 5,000 or more came in."""
    if event.face < seller.limits.large and event.euro < seller.limits.large:
        return None
    return Hit({"amount": event.euro, "limit": seller.limits.large}, (event,))


def round_amounts(seller: Seller, event: Moved) -> Hit | None:
    """Most amounts of a week are whole hundreds: prices seldom are, transfers between people often are."""
    limits, seen = seller.limits, seller.round
    if event.face < 100 or event.face % 100 or len(seen) < limits.round_count:
        return None
    seller.ins_week.pass_to(event.at)
    seller.outs_week.pass_to(event.at)
    of = len(seller.ins_week) + len(seller.outs_week)
    worth = seller.ins_week.total + seller.outs_week.total
    seen.pass_to(event.at)
    if len(seen) < limits.round_count:
        return None
    if len(seen) < limits.round_share * of and seen.total < limits.round_worth * worth:
        return None
    return Hit({"count": len(seen), "of": of}, seen.events)


def pass_through(seller: Seller, event: Moved) -> Hit | None:
    """What came in went out again within hours: large sums within a day, or the same amounts again and again.

    A payout of many small sales is none: only amounts of 500 or more count as sums that pass through.
    """
    return _large_through(seller, event) or _pairs(seller, event)


def _large_through(seller: Seller, event: Moved) -> Hit | None:
    limits, ins, outs = seller.limits, seller.substantial, seller.outs_day
    ins.pass_to(event.at)
    if ins.total < limits.through or outs.total < limits.through_share * ins.total:
        return None
    seller.ins_day.pass_to(event.at)
    if outs.total > 1.1 * seller.ins_day.total:
        return None  # a payout of what was saved up
    return Hit({"came": ins.total, "went": outs.total}, chain(ins.events, outs.events))


def _pairs(seller: Seller, event: Moved) -> Hit | None:
    limits, pairs = seller.limits, seller.pairs
    if not pairs or pairs.events[-1] is not event:
        return None
    if len(pairs) < limits.pair_count or pairs.total < limits.pair_total:
        return None
    return Hit({"came": pairs.total, "went": pairs.total}, pairs.events)
