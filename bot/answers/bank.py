"""Accounts that money is paid to: an IBAN where the country has them, else the number that its banks give."""

from __future__ import annotations

import re

from bot.answers.words import LONGEST, Unclear, plain

_IBAN_MAY = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[ -]?[0-9]{2}[A-Z0-9 .-]+")
_IBAN_LIKE = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}[A-Z0-9 .-]{8,}|[A-Z]{2}[0-9]{2}")
_RUNS = tuple(re.compile(rf"(?<![0-9])(?=((?:[0-9][ -]?){{{n}}}[0-9])(?![0-9]))") for n in (14, 15))
_ACCOUNT = re.compile(r"[A-Z0-9 -]{6,34}")
# How the numbers of payment cards begin (ISO/IEC 7812): American Express; Visa, Mastercard, Maestro, Mir, JCB,
# Discover, RuPay, Troy. Not UnionPay's 62: in China that number is how an account is written.
_CARD = re.compile(r"3[47][0-9]{13}|(?:4[0-9]|5[0-8]|2[2-7]|35|60|6[4-9]|8[12]|97)[0-9]{14}")


def bank_account(text: str, country: str) -> str | Unclear:
    """An IBAN of any country, compact; or, where `country` has none, an account number of 6 to 34 characters.

    Which countries have them, their lengths and check digits: SWIFT's IBAN registry, as python-stdnum holds it.
    The number of a payment card is never taken.
    """
    said = plain(text)[: 2 * LONGEST].upper()
    iban = next((valid for found in _IBAN_MAY.finditer(said) if (valid := _iban(found[0]))), "")
    if iban:
        return iban
    if any(_card(re.sub("[ -]", "", run)) for runs in _RUNS for run in runs.findall(said)):
        return Unclear("card_number")
    if _IBAN_LIKE.match(said) or (_has_iban(country) and _IBAN_LIKE.search(said)):
        return Unclear("not_an_iban")
    if _has_iban(country):
        return Unclear("iban_please")
    if not _ACCOUNT.fullmatch(said) or sum(c.isdigit() for c in said) < 6:
        return Unclear("not_an_account")
    return said


def masked(account: str) -> str:
    """For reading back: «DE89 … 3000»; of a short one only the end."""
    compact = account.replace(" ", "").replace("-", "")
    end = compact[-4:] if len(compact) > 4 else ""
    return (f"{compact[:4]} … {end}" if len(compact) >= 12 else f"… {end}").strip()


def _iban(said: str) -> str:
    """The longest valid one that these words begin with, or ""."""
    from stdnum import iban
    from stdnum.exceptions import ValidationError

    words = said.split()
    for end in range(len(words), 0, -1):
        try:
            return iban.validate("".join(words[:end]))
        except ValidationError:
            continue
    return ""


def _has_iban(country: str) -> bool:
    from stdnum import numdb

    return bool(country and numdb.get("iban").info(country)[0][1])


def _card(digits: str) -> bool:
    from stdnum import luhn

    return bool(_CARD.fullmatch(digits)) and luhn.is_valid(digits)
