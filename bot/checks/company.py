"""Checks of a company's paper: does it name the company, and its number, as they were given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from bot.answers import fold
from bot.checks import Look
from bot.merging import as_in_zone
from bot.model import Finding, Verdict

# Legal forms, spelled out and short, brought to one: registers and people choose freely between them.
FORMS = (
    ("LIMITED", "LTD"), ("GESELLSCHAFT MIT BESCHRANKTER HAFTUNG", "GMBH"), ("AKTIENGESELLSCHAFT", "AG"), ("INCORPORATED", "INC"),
    ("CORPORATION", "CORP"), ("COMPANY", "CO"), ("SOCIETE ANONYME", "SA"), ("PUBLIC LTD CO", "PLC"), ("PRIVATE", "PVT"),
)  # fmt: skip
NEAR = 0.8  # of difflib's ratio


def same_company(look: Look) -> Iterator[Finding]:
    """The company on it is the one that was given."""
    typed, printed = look.values.get("company_name", ""), look.evidence.get("legal_name", "") or _holder(look)
    if look.evidence.get("unread"):
        return
    if not printed:
        yield Finding("company_unsure", Verdict.REVIEW)
        return
    one, other = _plain(typed), _plain(printed)
    if not typed or one == other:
        return
    if SequenceMatcher(None, one, other).ratio() >= NEAR or one in other or other in one:
        yield Finding("company_near", Verdict.REVIEW, {"company": printed})
    else:
        yield Finding("company_differs", Verdict.REVIEW, {"company": printed})


def same_number(look: Look) -> Iterator[Finding]:
    """Its number in the register is the one that was given."""
    typed, printed = look.values.get("register_number", ""), look.evidence.get("register_number", "")
    if typed and printed and not look.evidence.get("unread") and not _same_digits(typed, printed):
        yield Finding("register_number_differs", Verdict.REVIEW, {"number": printed})


def _holder(look: Look) -> str:
    return look.evidence.get("holder", "")


def _plain(name: str) -> str:
    said = " ".join(re.findall(r"\w+", as_in_zone(name.replace(".", "").replace("&", " AND "))))
    for long, short in FORMS:
        said = re.sub(rf"\b{long}\b", short, said)
    return said


def _same_digits(one: str, other: str) -> bool:
    """One holds the other, signs and leading zeros left out: registers' letters and places are often left out."""
    plain = [re.sub(r"\D", "", fold(text)).lstrip("0") for text in (one, other)]
    return plain[0] == plain[1] or (
        min(map(len, plain)) >= 5 and (plain[0] in plain[1] or plain[1] in plain[0])
    )
