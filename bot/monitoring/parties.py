"""Rules on who is at the other end: refunds, chargebacks, cards, countries."""

from __future__ import annotations

from bot.monitoring.hit import Hit
from bot.monitoring.money import Moved
from bot.monitoring.places import CALLED, WATCHED
from bot.monitoring.seller import Seller
from bot.monitoring.windows import Window


def refund_rate(seller: Seller, event: Moved) -> Hit | None:  # noqa: ARG001 - every rule's shape
    """Many refunds within 7 days: 14, or 5,000, unless they are a small share of the sales; or a large share."""
    limits = seller.limits
    return _returned(seller, seller.back, limits.refund_share, limits.refund_many, limits.refund_few)


def chargeback_rate(seller: Seller, event: Moved) -> Hit | None:  # noqa: ARG001 - every rule's shape
    """Many chargebacks within 7 days: 14, or 5,000, unless they are a small share of the sales; or a large share."""
    limits = seller.limits
    return _returned(
        seller, seller.charged, limits.chargeback_share, limits.chargeback_many, limits.chargeback_few
    )


def _returned(seller: Seller, back: Window, least: float, large: float, few: int) -> Hit | None:
    limits, count = seller.limits, len(back)
    usual = seller.habit.usual
    share = count / max(len(seller.ins_week), usual.ins * 7 if usual else 0, 1)
    many = count >= limits.back_count or back.total >= limits.back_total
    if not (many and share >= least) and not (count >= few and share >= large):
        return None
    return Hit({"count": count, "total": back.total, "percent": round(100 * share, 1)}, back.events)


def many_sellers_one_card(seller: Seller, event: Moved) -> Hit | None:
    """One card pays far more sellers within 7 days than cards usually do: all of them may be one person's."""
    if not event.card:
        return None
    use, least = seller.market.use(event.card), seller.limits.card_sellers
    if use is None or len(use.sellers) < least:
        return None
    if len(use.sellers) < seller.market.usual_use(len(use.sellers)):
        return None
    others = tuple(each for each in use.sellers if each != event.seller)
    return Hit({"sellers": len(use.sellers)}, use.events, also=others)


def one_seller_many_cards(seller: Seller, event: Moved) -> Hit | None:
    """Far more cards than buyers within 7 days, or one buyer with four cards: cards are being tried or cashed in."""
    if not event.card:
        return None
    limits, week = seller.limits, seller.ins_week
    cards, buyers = len(week.cards), len(week.cards_of)
    if cards >= limits.cards and cards >= limits.cards_times * max(buyers, 1):
        return Hit({"cards": cards, "buyers": buyers}, week.events)
    tried = len(week.cards_of[event.counterparty])
    if tried >= limits.buyer_cards and event.counterparty:
        own = (each for each in week.events if each.counterparty == event.counterparty)
        return Hit({"cards": tried, "buyers": 1}, own)
    return None


def high_risk_geography(seller: Seller, event: Moved) -> Hit | None:
    """Money with a country under the FATF's call for action; or most of a week's with those under monitoring.

    Many honest buyers live where the FATF monitors: only a large share tells anything.
    """
    if event.country in CALLED and event.euro >= seller.limits.called:
        return Hit({"country": event.country, "total": event.euro}, (event,))
    if event.country not in WATCHED:
        return None
    limits, week, out = seller.limits, seller.ins_week, seller.outs_week
    for window in (seller.foreign, week, out):
        window.pass_to(event.at)
    if seller.foreign.total >= max(limits.watched, limits.watched_share * (week.total + out.total)):
        return Hit({"country": event.country, "total": seller.foreign.total}, seller.foreign.events)
    return None
