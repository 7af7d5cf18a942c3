"""Rules on who is at the other end: refunds, chargebacks, cards, countries."""

from __future__ import annotations

from bot.monitoring.accounts import MOST_PAYERS, SPAN, Account
from bot.monitoring.hit import Hit
from bot.monitoring.known import Use
from bot.monitoring.money import Moved
from bot.monitoring.places import CALLED, WATCHED
from bot.monitoring.seller import Seller
from bot.monitoring.thresholds import DAY
from bot.monitoring.windows import Window, newest, surprising

CROWDED = 60  # sellers that one card paid: nobody asks any more whether it matters to each of them
SOLD = 20  # sales: of fewer no share is usual
NEW = 90 * DAY  # since an account was first paid: what has been so for longer is known, or is nobody's news
CHANCE = 3.0  # standard deviations of the number of refunds


def refund_rate(seller: Seller, event: Moved) -> Hit | None:  # noqa: ARG001 - every rule's shape
    """Many refunds within 7 days: 14, or 5,000, unless they are a small share of the sales; or a large share.

    Where much is always sent back, as clothes are, more than that share.
    """
    limits, before = seller.limits, seller.habit.before
    usual = before.back / before.ins if before and before.ins * before.days >= SOLD else 0.0
    if usual and len(seller.back) < surprising(limits.back_times * usual * _sales(seller), CHANCE):
        return None
    return _returned(seller, seller.back, limits.refund_share, limits.refund_many, limits.refund_few)


def chargeback_rate(seller: Seller, event: Moved) -> Hit | None:  # noqa: ARG001 - every rule's shape
    """Many chargebacks within 7 days: 14, or 5,000, unless they are a small share of the sales; or a large share.

    Or within 30 days more than the card schemes bear, however evenly they come.
    """
    limits = seller.limits
    return _returned(
        seller, seller.charged, limits.chargeback_share, limits.chargeback_many, limits.chargeback_few
    ) or _charged(seller)


def _returned(seller: Seller, back: Window, least: float, large: float, few: int) -> Hit | None:
    limits, count, sales = seller.limits, len(back), _sales(seller)
    many = count >= limits.back_count or back.total >= limits.back_total
    if not (many and count >= surprising(least * sales, CHANCE)) and not (
        count >= few and count >= large * sales
    ):
        return None
    return Hit({"count": count, "total": back.total, "sales": round(sales), "days": 7}, back.events)


def _sales(seller: Seller) -> float:
    """Sales of 7 days: of the last ones, or as many as are usual."""
    usual = seller.habit.usual
    seller.ins_month.pass_to(seller.last_at)
    return max(len(seller.ins_week), usual.ins * 7 if usual else 0, len(seller.ins_month) * 7 / 30, 1)


def _charged(seller: Seller) -> Hit | None:
    limits, charged, before = seller.limits, seller.charged_month, seller.habit.before
    seller.ins_month.pass_to(charged.events[-1].at)
    count, sales = len(charged), max(len(seller.ins_month), before.ins * 30 if before else 0.0, 1)
    if count < limits.chargebacks or count < surprising(limits.chargebacks_share * sales, CHANCE):
        return None
    return Hit({"count": count, "total": charged.total, "sales": round(sales), "days": 30}, charged.events)


def many_sellers_one_card(seller: Seller, event: Moved) -> Hit | None:
    """One card pays four or more sellers within 7 days and matters to them: all of them may be one person's.

    Where many cards pay many sellers it must stand out; where it pays far more than any, it need not matter.
    """
    if not event.card:
        return None
    use, limits = seller.market.use(event.card), seller.limits
    if use is None or len(use.sellers) < limits.card_sellers:
        return None
    count = len(use.sellers)
    notable, too_many = seller.market.usual_use(event.at)
    if count < notable:
        return None
    if count > CROWDED:  # no crowd explains it; those before have their alerts
        return Hit({"sellers": count}, tuple(newest(use.events))[::-1])
    concerned = list(use.sellers) if 0 < too_many <= count else _leaning(seller, use)
    if len(concerned) < max(limits.card_sellers, count / 2):
        return None
    if count < limits.card_many and sum(each.cents for each in use.events) < limits.card_each * count * 100:
        return None  # somebody bought a few things from small shops
    return Hit(
        {"sellers": count}, use.events, also=tuple(each for each in use.sellers if each != event.seller)
    )


def _leaning(seller: Seller, use: Use) -> list[str]:
    """The sellers who have much of the week's income from this card."""
    paid: dict[str, int] = {}
    for each in use.events:
        paid[each.seller] = paid.get(each.seller, 0) + each.cents
    share, taken = seller.limits.card_share, seller.market.taken
    return [name for name, cents in paid.items() if cents >= share * taken(name)]


def many_sellers_one_payee(seller: Seller, event: Moved) -> Hit | None:
    """Four or more sellers send nearly all that they take in to one account within 30 days: they may be one person's.

    A supplier, a carrier or an office gets a part, and most who pay it keep theirs. What more than 30 sellers pay passes
    payouts on. A record that has only begun does not tell how many they are.
    """
    if not event.counterparty or event.at - seller.market.began < SPAN:
        return None
    limits, account = seller.limits, seller.market.account(event.counterparty)
    if account is None or not limits.payee_sellers <= len(account) <= MOST_PAYERS:
        return None
    if seller.payees.since(event) >= NEW:
        return None
    sending = _sending(seller, event.counterparty, account)
    total = sum(sending.values()) / 100
    if event.seller not in sending or total < limits.payee_total:
        return None
    if len(sending) < max(limits.payee_sellers, limits.payee_half * len(account)):
        return None
    paid = tuple(each for each in account.events if each.seller in sending)
    others = tuple(each for each in sending if each != event.seller)
    return Hit({"sellers": len(sending), "total": total}, paid, also=others)


def _sending(seller: Seller, party: str, account: Account) -> dict[str, int]:
    """The sellers who keep nearly nothing from this account, and cents that they sent there."""
    limits, sent = seller.limits, {name: seller.market.sent(name, party) for name in account.newest}
    return {
        name: each.there
        for name, each in sent.items()
        if each.there >= max(1, limits.payee_out * each.went, limits.payee_in * each.came)
    }


def one_seller_many_cards(seller: Seller, event: Moved) -> Hit | None:
    """Far more cards than buyers within 7 days, or one buyer with four cards: cards are being tried or cashed in."""
    if not event.card or not event.counterparty:
        return None  # who paid is not said: every card may have a buyer of its own
    limits, week = seller.limits, seller.ins_week
    unnamed = week.cards_of.get("", ())
    tried = len(week.cards_of[event.counterparty])
    if tried >= limits.buyer_cards:
        own = (each for each in week.events if each.counterparty == event.counterparty)
        return Hit({"cards": tried, "buyers": 1}, own)
    cards, buyers = len(week.cards) - len(unnamed), len(week.cards_of) - bool(unnamed)
    if tried < limits.cards_times:
        return None  # this buyer is none of those
    if cards >= limits.cards and cards >= limits.cards_times * max(buyers, 1):
        return Hit({"cards": cards, "buyers": buyers}, week.events)
    return None


def high_risk_geography(seller: Seller, event: Moved) -> Hit | None:
    """Money with a country under the FATF's call for action; or most of a week's with those under monitoring.

    Many honest buyers live where the FATF monitors: only a large share tells anything.
    """
    if event.country in CALLED and event.euro >= seller.limits.called:
        return Hit({"country": event.country, "total": event.euro, "listed": "call"}, (event,))
    if event.country not in WATCHED:
        return None
    limits, week, out = seller.limits, seller.ins_week, seller.outs_week
    for window in (seller.foreign, week, out):
        window.pass_to(event.at)
    if len(seller.foreign) < limits.watched_count:
        return None
    if seller.foreign.total >= max(limits.watched, limits.watched_share * (week.total + out.total)):
        return Hit(
            {"country": event.country, "total": seller.foreign.total, "listed": "watch"},
            seller.foreign.events,
        )
    return None
