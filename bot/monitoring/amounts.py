"""Rules on amounts: how large they are, how they are cut, how fast they pass through."""

from __future__ import annotations

import math
from itertools import chain

from bot.monitoring.hit import Hit
from bot.monitoring.money import Moved
from bot.monitoring.seller import SALES, Seller
from bot.monitoring.thresholds import REPORTED, SMALL, USUAL_VOLUME, band_of, whole
from bot.monitoring.windows import newest, surprising


def high_volume(seller: Seller, event: Moved) -> Hit | None:  # noqa: ARG001 - every rule's shape
    """More came in within 30 days than the seller said to expect; or, where nobody asked, than USUAL_VOLUME.

    Who nobody asked is not held to a figure that was always exceeded, but to the own usual month while the week runs at
    three times the usual one; and while the record has only begun nothing is known of that.
    """
    expected, month = seller.profile.expected, seller.ins_month
    if expected is None:
        if month.total < USUAL_VOLUME:
            return None
        expected = _unasked(seller)
    if month.total < expected:
        return None
    return Hit({"total": month.total, "expected": expected}, month.events)


def _unasked(seller: Seller) -> float:
    usual = seller.habit.settled
    if usual is None:
        return math.inf if seller.established() else USUAL_VOLUME
    if seller.ins_week.total < usual.weeks(seller.limits.volume_times):
        return math.inf
    return max(USUAL_VOLUME, 30 * usual.euro)


def structuring(seller: Seller, event: Moved) -> Hit | None:
    """Several amounts, each a little under a sum from which somebody looks closer, and more than are usual here.

    Five of 500 to 999 in 7 days, or three just under a sum from which somebody looks (3,000, 5,000, 10,000, 15,000).
    Prices may lie there by themselves: a shop's own weeks tell, and until there are any, whether as much lies just over
    the sum. Of what goes out only payments to new accounts count.
    """
    limits, face, band, out = seller.limits, event.face, seller.band, event.direction == "out"
    if face < SMALL[0]:
        return None
    if band_of(face) and not out:
        if len(band) < limits.small_count or not _small(seller):
            return None
        return Hit({"count": len(band), "from": SMALL[0], "under": SMALL[1], "way": "in"}, band.events)
    for reported, window in (seller.near_out if out else seller.near).items():
        if reported * REPORTED[reported] <= face < reported and len(window) >= limits.near_count:
            if window.events[-1] is not event or not (out or _dodged(seller, reported, event.at)):
                continue
            least = reported * REPORTED[reported]
            why: dict[str, float | str] = {
                "count": len(window),
                "from": least,
                "under": reported,
                "way": event.direction,
            }
            return Hit(why, window.events)
    return None


def _small(seller: Seller) -> bool:
    """Whether the week's small sums are more than prices bring."""
    limits, band, habit = seller.limits, seller.band, seller.habit
    if habit.before and len(band) < surprising(limits.near_times * habit.before.band * 7):
        return False
    prices = [each.cents for each in newest(band.events)]
    listed = len(set(prices)) <= len(prices) / 2  # the same ones again and again
    if habit.settled:
        return not (listed and habit.settled.band)
    over = seller.over[SMALL[1]]
    over.pass_to(band.events[-1].at)
    if len(over) > limits.small_over * len(band):
        return False  # prices lie on both sides
    share = band.cents / seller.ins_week.cents
    if share >= limits.small_all:
        return True
    if listed:
        return False
    times = 1 if habit.before or not seller.established() else 2
    return share >= limits.small_most and len(band) >= limits.small_count * times


def _dodged(seller: Seller, reported: int, at: float) -> bool:
    """Whether so many lie just under this sum that prices do not bring them."""
    limits, count, over, usual = (
        seller.limits,
        len(seller.near[reported]),
        seller.over[reported],
        seller.habit.before,
    )
    over.pass_to(at)
    most = surprising(limits.near_times * usual.near * 7) if usual else 0.0
    return count >= max(limits.near_count + limits.near_over * len(over), most)


def single_large(seller: Seller, event: Moved) -> Hit | None:
    """One amount of 5,000 or more came in, where single sales are not usually about as large; or went to a new account."""
    limits = seller.limits
    if event.face < limits.large and event.euro < limits.large:
        return None
    least = _sent(seller, event) if event.direction == "out" else _taken(seller)
    if event.face < least and event.euro < least:
        return None
    return Hit({"amount": event.euro, "way": event.direction}, (event,))


def _taken(seller: Seller) -> float:
    """Euro from which a sale is larger than any usual one."""
    limits = seller.limits
    sales, price = seller.habit.sales(SALES)
    times = min(limits.large_times, 1 + sales)  # the fewer are known, the less they tell
    return max(limits.large, times * price, seller.largest())


def _sent(seller: Seller, event: Moved) -> float:
    """Euro from which money to this account is no everyday thing."""
    if not seller.payees.stranger(event) or seller.payees.times(event) > 1:
        return math.inf
    many = len(seller.payees) > seller.limits.suppliers
    return seller.limits.large * (seller.limits.large_supplied if many else 1)


def round_amounts(seller: Seller, event: Moved) -> Hit | None:
    """Most amounts of a week are whole hundreds: prices seldom are, transfers between people often are."""
    limits, seen, usual = seller.limits, seller.round, seller.habit.before
    if not whole(event.face) or len(seen) < limits.round_count or seen.events[-1] is not event:
        return None
    ins, outs = seller.ins_week, seller.strange_week
    ins.pass_to(event.at)
    outs.pass_to(event.at)
    of, worth = len(ins) + len(outs), ins.total + outs.total
    most = surprising(limits.round_times * usual.round * 7) if usual else 0.0
    if usual is None and seller.established() and len(seen) < of:
        most = limits.round_count * 3.0  # the record has only begun
    if usual is not None and seen.total < limits.unlike * usual.price * len(seen):
        most = max(most, limits.again * seller.habit.most("round", 7))
    elif usual is not None:
        most /= 2  # they are larger than what is usually paid
    if len(seen) < most:
        return None
    kinds = len({each.face for each in newest(seen.events) if each.direction == "in"})
    if kinds < limits.round_kinds and _priced(seller, len(seen), of):
        return None
    if len(seen) < limits.round_share * of and seen.total < limits.round_worth * worth:
        return None
    return Hit({"count": len(seen), "of": of}, seen.events)


def _priced(seller: Seller, count: int, of: int) -> bool:
    """Whether one or two whole hundreds are prices: others are paid beside them, or nothing else was ever sold."""
    if count < seller.limits.round_priced * of:
        return True
    before = seller.habit.before
    return before is None or before.round >= seller.limits.round_priced * before.ins


def pass_through(seller: Seller, event: Moved) -> Hit | None:
    """What came in went out again within hours: large sums within a day, or the same amounts again and again.

    A payout of many small sales is none: only amounts of 500 or more count as sums that pass through. Nor are those
    to an account that is always paid; but where most of a day's money goes to new ones, on three days of seven, no amount
    is too small.
    """
    if seller.payees.stranger(event) and (found := _passed(seller)):
        return found
    found = _large_through(seller, event) or _pairs(seller, event)
    return None if found and seller.payout(event) else found


def _passed(seller: Seller) -> Hit | None:
    limits, passed = seller.limits, seller.passed
    if len(passed) < limits.passing_days or passed[-1].date != seller.habit.date:
        return None
    came, went = (sum(each.came for each in passed) / 100, sum(each.went for each in passed) / 100)
    if went < limits.passing:
        return None
    return Hit({"came": came, "went": went}, chain(seller.ins_day.events, seller.strange_week.events))


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
