"""A row of a file or of the interface -> a transaction; or a sentence that names the field."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from babel.core import get_global

from bot.model import Transaction
from bot.monitoring.table import DIRECTIONS

COLUMNS = (
    "id", "seller", "at", "amount", "currency", "direction",
    "counterparty", "counterparty_country", "method", "card",
)  # fmt: skip
NEEDED = COLUMNS[:6]
LONGEST = 200  # characters of any field
LARGEST = 1e12  # of any currency: what is more is a slip
NOTHING = frozenset({"n/a", "na", "none", "null", "nil", "nan", "unknown", "undefined", "not available"})
PLAIN = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,8})?", re.ASCII)


class RowError(ValueError):
    """A row that is no transaction: `field` is the culprit, the message a sentence for whoever wrote it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def transaction(row: Mapping[str, Any]) -> Transaction:
    """Parse strings, or for the amount a number. A time without a zone is UTC. Raises RowError."""
    return read([_text(row, name) for name in COLUMNS])


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if name == "amount" and isinstance(value, int | float) and not isinstance(value, bool):
        return _decimal(value)
    if not isinstance(value, str):
        raise RowError(name, f"{name} must be text")
    return value


def _decimal(value: float) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        raise RowError("amount", "amount must be a number")
    return f"{value:.8f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def read(cells: Sequence[str]) -> Transaction:
    """A row by its COLUMNS. Raises RowError."""
    id_, seller, at, amount, currency, direction, counterparty, country, method, card = map(str.strip, cells)
    currency, direction, country = currency.upper(), direction.lower(), _country(country.upper())
    counterparty, card = _named(counterparty), _named(card)
    moment = _instant(at)
    whole = Transaction(id_, seller, moment, amount, currency, direction, counterparty, country, method, card)
    parties = f"{id_}{seller}{counterparty}{method}{card}"
    if (
        not id_
        or not seller
        or PLAIN.fullmatch(amount) is None
        or len(currency) != 3
        or not currency.isalpha()
        or direction not in DIRECTIONS
        or (country and not (len(country) == 2 and country.isalpha() and country.isascii()))
        or len(parties) > LONGEST
        or not parties.isprintable()
    ):
        _explain(whole)
    return whole


def _named(party: str) -> str:
    """Nothing where a placeholder says so: it is no card that everybody has."""
    return "" if party.lower() in NOTHING or not any(map(str.isalnum, party)) else party


@lru_cache(maxsize=1024)
def _country(code: str) -> str:
    """Two letters for the three, or the number, of ISO 3166, and for "UK"; anything else as it is."""
    known = get_global("territory_aliases").get(code, ())
    return known[0] if len(known) == 1 and len(known[0]) == 2 else code


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        said = (
            f"at is no time: «{shown(text)}»; write it like 2026-03-09T14:05:00Z" if text else "at is missing"
        )
        raise RowError("at", said) from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    if not 1990 <= found.year <= 2200:
        raise RowError("at", f"at is far from any time that money moves today: «{shown(text)}»")
    return found


def zoneless(at: str) -> bool:
    """Whether a time, which was read before, names no zone and so was taken for UTC."""
    return datetime.fromisoformat(at.strip()).tzinfo is None


def _explain(row: Transaction) -> None:
    """Raises RowError for the first field that does not hold, if any."""
    for name in NEEDED:
        if not getattr(row, name):
            raise RowError(name, f"{name} is missing")
    if PLAIN.fullmatch(row.amount) is None:
        raise RowError("amount", f"amount is no number from 0 up: «{shown(row.amount)}»; write it like 12.50")
    if not (len(row.currency) == 3 and row.currency.isalpha()):
        raise RowError("currency", f"currency is no code of three letters: «{shown(row.currency)}»")
    if row.direction not in DIRECTIONS:
        raise RowError(
            "direction", f"direction is «{shown(row.direction)}»; expected in, out, refund or chargeback"
        )
    if row.counterparty_country and re.fullmatch("[A-Z]{2}", row.counterparty_country) is None:
        said = f"counterparty_country is no code of two letters: «{shown(row.counterparty_country)}»"
        raise RowError("counterparty_country", said)
    for name in ("id", "seller", "counterparty", "method", "card"):
        text = getattr(row, name)
        if len(text) > LONGEST:
            raise RowError(name, f"{name} is longer than {LONGEST} characters")
        if said := _unreadable(text):
            raise RowError(name, f"{name} {said}")


def _unreadable(text: str) -> str:
    kinds = {unicodedata.category(sign) for sign in text}
    if "Cs" in kinds:  # stands for bytes that are no UTF-8
        return f"is no UTF-8: «{shown(text)}»; save the file as UTF-8"
    return f"has a sign that nobody can read: «{shown(text)}»; leave it out" if "Cc" in kinds else ""


def shown(text: str) -> str:
    """The beginning of a text for a message: what cannot be printed as its code."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text[:40])
