"""The transactions of a report. Who was on the other side is known as a keyed hash alone, and the report says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from bot.model import Transaction
from bot.monitoring.money import DATED, RATES
from bot.reports.codes import Codes
from bot.reports.values import Element, node, text

CENT = Decimal("0.01")
# The rules take the dollar at its number; a report may not. An order of magnitude, of about DATED.
EURO = {name: Decimal(str(rate)) for name, rate in RATES.items()} | {"USD": Decimal("0.853")}
WORDS = {"in": "Sale", "out": "Payout", "refund": "Refund of a sale", "chargeback": "Chargeback of a sale"}
HASH = 32  # characters of the keyed hash that are shown: enough to see the same party twice


class Side(NamedTuple):
    """The seller as a transaction names it: "person" or "entity", its parts, and whether in the stricter form."""

    element: Element
    strict: bool
    country: str


class Money(NamedTuple):
    """What amounts are told in: the currency of the authority's country, and a unit's worth in it by currency."""

    local: str
    rates: Mapping[str, Decimal]

    def rate(self, currency: str) -> Decimal | None:
        """Units of the local currency for one of this; None where nobody knows."""
        if currency == self.local:
            return Decimal(1)
        if currency in self.rates:
            return self.rates[currency]
        if currency in EURO and self.local in EURO:
            return EURO[currency] / EURO[self.local]
        return None


def unknown(transactions: tuple[Transaction, ...], money: Money) -> tuple[str, ...]:
    """Currencies that there is no rate for."""
    return tuple(sorted({each.currency for each in transactions if money.rate(each.currency) is None}))


def transaction(each: Transaction, seller: Side, money: Money, codes: Codes) -> Element:
    """One of them. Its currency must have a rate."""
    return node("transaction", _transaction(each, seller, money, codes))


def _transaction(each: Transaction, seller: Side, money: Money, codes: Codes) -> Iterator[Element | None]:
    rate = money.rate(each.currency)
    assert rate is not None, "looked for before"
    amount = abs(Decimal(each.amount))
    yield Element("transactionnumber", each.id[:100])
    yield Element("transaction_location", "On the marketplace's site")
    yield Element("transaction_description", _said(each))
    yield Element("date_transaction", f"{each.at:%Y-%m-%dT%H:%M:%S}")
    yield Element("transmode_code", codes.of("conduction_type", each.method))
    yield Element("transmode_comment", "-")
    yield Element("amount_local", str((amount * rate).quantize(CENT)))
    foreign = None
    if each.currency != money.local:
        foreign = (each.currency, amount, rate)
    inward = each.direction == "in"
    sides = (_other(each, codes), seller) if inward else (seller, _other(each, codes))
    yield _side("from", sides[0], each, foreign, codes)
    yield _side("to", sides[1], each, foreign, codes)
    yield text("comments", _remark(each, money, rate), 8000)


def _said(each: Transaction) -> str:
    method = f", by {each.method}" if each.method else ""
    return f"{WORDS.get(each.direction, each.direction)} of {each.amount} {each.currency}{method}"


def _remark(each: Transaction, money: Money, rate: Decimal) -> str:
    said = []
    if each.currency != money.local:
        when = "as set by us" if each.currency in money.rates else f"of about {DATED}, which is rough"
        said.append(f"In {money.local} by a rate of {rate:.6g} {when}")
    if each.counterparty:
        said.append("The other side is known to us as a pseudonym alone: the same one is the same party")
    else:
        said.append("The other side is not known to us")
    if each.card:
        said.append(f"Card, as a pseudonym: {each.card[:HASH]}")
    return "; ".join(said)


def _other(each: Transaction, codes: Codes) -> Side:
    parts = (
        Element("institution_code", "not known"),
        Element("account", f"pseudonym {each.counterparty[:HASH]}" if each.counterparty else "not known"),
        Element("account_name", "not known"),
    )
    return Side(node("account", parts), strict=False, country=codes.country(each.counterparty_country))


def _side(
    way: str, side: Side, each: Transaction, foreign: tuple[str, Decimal, Decimal] | None, codes: Codes
) -> Element:
    currency = None
    if foreign:
        names = ("foreign_currency_code", "foreign_amount", "foreign_exchange_rate")
        values = (foreign[0], f"{foreign[1]:f}", f"{foreign[2]:.6f}")
        currency = node(f"{way}_foreign_currency", map(Element, names, values))
    parts = (
        Element(f"{way}_funds_code", codes.of("funds_type", each.method)),
        currency,
        Element(f"{way}_{side.element.name}", parts=side.element.parts),
        Element(f"{way}_country", side.country),
    )
    return node(f"t_{way}_my_client" if side.strict else f"t_{way}", parts)
