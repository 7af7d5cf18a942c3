"""Every number that a rule compares with, by tier. Amounts are euro; see `money` for other currencies.

What the sources below give as usual holds for the low and medium tier; a high tier is watched more closely, as a
risk-based approach asks (FATF recommendation 1; AMLR, article 20). Where no source is named, the number is a
judgement, held against the two seeded drawings of `bench monitor`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.model import Tier

HOUR = 3600.0  # seconds, as all spans in the rules
DAY = 24 * HOUR
WEEK = 7 * DAY

# Sums from which the law looks closer; who stays just below them means to. US CTR 10,000 (31 CFR 1010.311); US
# monetary instruments 3,000 (31 CFR 1010.415); EU cash limit 10,000 and 3,000 (AMLR, articles 80 and 19);
# EU occasional transactions 15,000 (directive 2015/849, article 11).
# 5,000 is where monitoring products look at single amounts.
REPORTED = {3_000: 0.9, 5_000: 0.9, 10_000: 0.85, 15_000: 0.85}  # of such a sum: from here on just under it
LEAST_NEAR = 2_700
SMALL = (500, 1_000)  # the usual default of monitoring products for small sums that add up, euro
JUST_OVER = 1.15  # up to here as just over it: prices lie on both sides, dodged sums on one


def band_of(face: float) -> bool:
    """Whether an amount is one of the small ones."""
    return SMALL[0] <= face < SMALL[1]


def near_of(face: float) -> bool:
    """Whether an amount lies just under a reported sum."""
    return face >= LEAST_NEAR and any(sum_ * share <= face < sum_ for sum_, share in REPORTED.items())


def whole(face: float) -> bool:
    """Whether an amount is whole hundreds."""
    return face >= 100 and face % 100 == 0


USUAL_VOLUME = 10_000.0  # euro in 30 days that a seller may take in before anybody asks what they expect


@dataclass(frozen=True, slots=True)
class Limits:
    """One tier's thresholds."""

    # structuring: the usual default of monitoring products is 5 of SMALL in 7 days
    small_count: int = 5
    volume_times: float = 3.0  # times the own usual week, where nobody asked what to expect

    near_count: int = 3  # just under one of REPORTED, in 7 days
    near_times: float = 2.0  # times what is usual, for both, with what chance adds
    near_over: float = 2.0  # for each just over it
    small_over: float = 0.25  # of the small ones lie over the limit: prices
    small_all: float = 0.9  # of the week's worth
    small_most: float = 0.75

    large: float = 5_000  # a single amount: the usual default of monitoring products
    large_times: float = 5.0  # times this seller's usual amount
    suppliers: int = 5  # who has paid more accounts than so many pays new ones now and then,
    large_supplied: float = 2.0  # so much larger ones

    again: float = 1.3  # times the most that was ever seen: the same again

    # velocity, in transactions; and times a usual day, with what chance adds to that
    hour_count: int = 15
    hour_times: float = 0.5
    day_count: int = 50
    day_times: float = 6.0  # a sale or a feast brings four or five
    people: float = 0.5  # for each transaction of a day: more are a crowd of buyers

    # pass-through: in and out within a day in large sums, or in matching pairs within hours
    through: float = 2_000
    through_share: float = 0.8  # of what came in
    pair_count: int = 3
    pair_total: float = 1_000
    passing_days: int = 3  # of 7 on which a day's money went to new accounts,
    passing: float = 1_500  # so much in all

    # fan-in and fan-out, in parties; and times what is usual in that time, with what chance adds
    fan_in_day: int = 15
    fan_in_days: int = 25  # in 3 days
    fan_in_few: int = 12  # in either, where they pay unlike usual buyers
    fan_in_total: float = 400  # euro from all of them,
    fan_in_first: float = 2_500  # and while nothing is usual yet
    fan_out: int = 8  # in 3 days
    fan_times: float = 7.0
    fan_unlike: float = 1.5  # the same where amounts are unlike what is usual here,
    unlike: float = 1.75  # times the usual amount
    fan_out_times: float = 2.5
    fan_out_month: int = 10  # new accounts in 30 days, one by one; or fewer,
    fan_out_few: int = 4
    fan_out_share: float = 0.5  # where so much of what goes out goes there,
    fan_out_total: float = 1_500  # and so much in all

    round_count: int = 6  # in 7 days
    round_share: float = 0.4  # of all in and out, by number,
    round_worth: float = 0.6  # or by worth
    round_kinds: int = 3  # of amounts; one or two are prices,
    round_priced: float = 0.8  # unless there is hardly any other
    round_times: float = 2.0  # times what is usual, with what chance adds

    dormant_days: int = 180  # the usual default of monitoring products
    woken: float = 500  # in 7 days after waking
    woken_count: int = 3
    dozing_days: int = 90  # half of that is silence as well,
    dozed: float = 2_500  # where more than a season's first sales follows

    young: float = 5_000  # in the first 3 days of an account, in at least
    young_count: int = 10  # transactions
    young_many: int = 100  # that many are enough by themselves

    # refunds and chargebacks: 14, or 5,000, in 7 days is the usual default of monitoring products; a share keeps the
    # large and orderly seller out. Card schemes watch merchants from 0.9 % to 1.5 % chargebacks (Visa VAMP, Mastercard ECM).
    back_count: int = 14
    back_total: float = 5_000
    refund_share: float = 0.1  # beneath it, even many refunds are trade
    back_times: float = 1.5  # times the share that is usual here, with what chance adds
    refund_many: float = 0.3  # from here on a few refunds are enough
    refund_few: int = 6
    chargeback_share: float = 0.01
    chargeback_many: float = 0.1
    chargeback_few: int = 4
    chargebacks: int = 10  # in 30 days, and of their sales
    chargebacks_share: float = 0.015  # the schemes' highest, as above

    card_sellers: int = 4  # sellers that one card pays in 7 days,
    card_each: float = 50  # euro for each of them, but from
    card_many: int = 10  # on any sum
    card_share: float = 0.15  # of what came in for each of them
    payee_sellers: int = 4  # that send to one account in 30 days,
    payee_out: float = 0.8  # so much of all that goes out of theirs
    payee_in: float = 0.7  # and of what comes in, where a supplier leaves a margin,
    payee_total: float = 2_500  # and euro from all of them
    payee_half: float = 0.5  # of those who pay it
    cards: int = 10  # that one seller takes in 7 days,
    cards_times: float = 2.0  # and so many for each buyer
    buyer_cards: int = 4  # of one buyer at one seller in 7 days

    called: float = 0.01  # with a country under a call for action: anything
    watched: float = 1_000  # with countries under increased monitoring, in 7 days,
    watched_share: float = 0.5  # and of all that moved,
    watched_count: int = 3  # in at least so many

    history_times: float = 4.0  # this week's volume against the usual week's
    history_alike: float = 5.0  # the same where amounts are as ever: more buyers, or a season
    history: float = 2_500  # and at least
    average_times: float = 5.0  # the week's average amount against the usual one
    single_times: float = 20.0  # one amount against the usual one,
    single: float = 2_500  # and at least: a shop may have one dear thing
    unusual: float = 1_000  # the least that a week or an average must come to

    peers_times: float = 10.0  # this week's volume against the middle of all sellers' last week
    peers: float = 10_000  # and at least,
    peers_own: float = 3.0  # and times its own usual week: who always was large is known to be


_USUAL = Limits()
LIMITS: Mapping[Tier, Limits] = {
    Tier.LOW: _USUAL,
    Tier.MEDIUM: _USUAL,
    Tier.HIGH: replace(
        _USUAL,
        small_count=3,
        near_count=2,
        large=2_500,
        hour_count=10,
        day_count=30,
        through=1_000,
        pair_count=2,
        fan_in_day=10,
        fan_in_days=16,
        fan_in_few=8,
        fan_out=5,
        fan_times=4.0,
        round_count=4,
        dormant_days=90,
        dozing_days=60,
        young=2_500,
        back_count=7,
        back_total=2_500,
        refund_many=0.2,
        chargeback_few=2,
        card_sellers=3,
        payee_sellers=3,
        payee_total=1_000,
        watched=500,
        history_times=3.0,
        history_alike=4.0,
        history=1_500,
        average_times=4.0,
        single_times=10.0,
        peers_times=5.0,
        peers=5_000,
    ),
}
