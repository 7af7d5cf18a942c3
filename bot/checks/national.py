"""National numbers on documents: their check digit, and the birth date inside of them, where the country's rule is sure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

from stdnum.exceptions import InvalidComponent, ValidationError

from bot.checks import Look
from bot.checks.sides import issued_in
from bot.model import Finding, Verdict

# Modules of python-stdnum with a check digit that still holds for everybody. Left out: Denmark, Latvia, South Korea and
# Iceland, which gave theirs up for newer numbers; Sweden and Norway for those of people without residence.
RULES: Mapping[str, str] = MappingProxyType(
    {
        "BE": "be.nn",
        "BG": "bg.egn",
        "BR": "br.cpf",
        "CL": "cl.rut",
        "CN": "cn.ric",
        "CZ": "cz.rc",
        "EC": "ec.ci",
        "EE": "ee.ik",
        "ES": "es.nif",
        "FI": "fi.hetu",
        "HR": "hr.oib",
        "IL": "il.idnr",
        "IN": "in_.aadhaar",
        "IT": "it.codicefiscale",
        "LT": "lt.asmens",
        "NL": "nl.bsn",
        "PL": "pl.pesel",
        "RO": "ro.cnp",
        "SI": "si.emso",
        "SK": "sk.rc",
        "TH": "th.pin",
        "TR": "tr.tckimlik",
        "ZA": "za.idnr",
    }
)
OWN_NUMBER = frozenset(
    {"CN", "IN", "TH", "ZA"}
)  # an identity card's number is the person's; elsewhere the card's
BIRTH = frozenset({"BG", "CN", "EE", "PL"})  # the number holds the whole birth date, its century included
PLACES = frozenset({"CN"})  # the number holds a county, some newer than the library's list: not judged
DIGITS_ONLY = frozenset({"IN"})  # covered to its last four places, by law, on many copies


def national_number(look: Look) -> Iterator[Finding]:
    """The holder's national number has a check digit that agrees, and holds the birth date that is on the document.

    That number is the evidence's `personal_number`, or `number` where identity cards have no other.
    """
    country = issued_in(look)
    number = look.evidence.get("personal_number", "") or _own(look, country)
    covered = country in DIGITS_ONLY and not number.replace(" ", "").isdecimal()
    if country not in RULES or not number or covered:
        return
    if not _holds(country, number, look.evidence.get("birth_date", "")):
        yield Finding("number_invalid", Verdict.REVIEW, {"country": country})


def _own(look: Look, country: str) -> str:
    if country not in OWN_NUMBER or look.evidence.get("type") != "id_card":
        return ""
    return look.evidence.get("number", "")


def _holds(country: str, number: str, birth_date: str) -> bool:
    rule: Any = import_module(f"stdnum.{RULES[country]}")
    try:
        rule.validate(number)
    except InvalidComponent:
        if country not in PLACES:
            return False
    except ValidationError:
        return False
    if country not in BIRTH:
        return True
    born = _born(rule, number)
    return born == birth_date if birth_date else bool(born)


def _born(rule: Any, number: str) -> str:
    """ISO; "" where what stands there is no date."""
    try:
        return str(rule.get_birth_date(number).isoformat())
    except ValidationError:
        return ""
