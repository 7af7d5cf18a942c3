"""Numbers that offices give: for taxes, and in a register of companies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module

from bot.answers.offices import REGISTER, REGISTER_SHAPES, TAX, TAX_SHAPES
from bot.answers.words import LONGEST, Unclear, plain

_BETWEEN = re.compile(r"[\s./-]")
_COURT = re.compile(r"^(?:Amtsgericht|AG)\s+", re.IGNORECASE)
_FREE_TAX = re.compile(r"[A-Z0-9]{4,20}")


def tax_number(text: str, country: str) -> str | Unclear:
    """A person's or a firm's, compact. Where the country's are not known: 4 to 20 letters or digits, 3 of them digits."""
    said = plain(text)
    if country in TAX or country in TAX_SHAPES:
        known = _known(said, country, TAX, TAX_SHAPES)
    else:
        compact = _BETWEEN.sub("", said).upper()
        known = compact if _FREE_TAX.fullmatch(compact) and sum(c.isdigit() for c in compact) >= 3 else ""
    return known or Unclear("not_a_tax_number", {"country": country})


def register_number(text: str, country: str) -> str | Unclear:
    """A company's, compact. Where the country's are not known: 2 to 30 characters with a digit among them."""
    said = plain(text)
    if country in REGISTER or country in REGISTER_SHAPES:
        known = _known(said, country, REGISTER, REGISTER_SHAPES)
    else:
        known = said.upper() if 2 <= len(said.upper()) <= 30 and any(c.isdigit() for c in said) else ""
    return known or Unclear("not_a_register_number", {"country": country})


def _known(said: str, country: str, modules: Mapping[str, str], shapes: Mapping[str, str]) -> str:
    """The number as its office writes it, or "". A word before it («TIN: ...») is passed over."""
    if len(said) > LONGEST:
        return ""
    for text in _readings(said):
        for name in modules.get(country, "").split():
            if number := _validated(country, name, text):
                return number
        compact = _BETWEEN.sub("", text).upper()
        if country in shapes and re.fullmatch(shapes[country], compact):
            return compact
    return ""


def _readings(said: str) -> Iterator[str]:
    """The whole; without the word for a court; after a colon; from the word before the first digit, or with it, on."""
    yield said
    yield _COURT.sub("", said)
    if ":" in said:
        yield said.partition(":")[2].strip()
    words = said.split()
    first = next((n for n, word in enumerate(words) if any(c.isdigit() for c in word)), 0)
    if first:
        yield " ".join(words[first - 1 :])
        yield " ".join(words[first:])


def _validated(country: str, name: str, text: str) -> str:
    """The number as that module of python-stdnum writes it, or ""."""
    from stdnum.exceptions import ValidationError

    package = f"{country.lower()}_" if country in {"IN", "IS"} else country.lower()
    try:
        return str(import_module(f"stdnum.{package}.{name}").validate(text))
    except ValidationError:
        return ""
