"""Checks of a proof of address: is it recent, is it in the seller's name, does it say the address that was given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.checks import Look, names, places
from bot.checks.names import Alike
from bot.model import Finding, Verdict

NEWEST = timedelta(days=92)  # three months: what EU guidelines and most banks ask for
YEARLY = timedelta(days=366)  # of papers that come once a year
AHEAD = timedelta(days=2)  # from the day it came: time zones, and no more


def recent(look: Look) -> Iterator[Finding]:
    """It was issued at most three months before we received it, a yearly paper twelve; and not after."""
    issued = look.evidence.get("issued_on", "")
    if look.evidence.get("unread"):
        return
    if not issued:
        yield Finding("incomplete", Verdict.REVIEW, {"fields": "issued_on"})
        return
    old = look.received.date() - date.fromisoformat(issued)
    if old > (YEARLY if look.evidence.get("yearly") else NEWEST):
        yield Finding("too_old", Verdict.REJECT, {"date": issued})
    elif -old > AHEAD:
        yield Finding("dated_ahead", Verdict.REVIEW, {"date": issued})


def in_their_name(look: Look) -> Iterator[Finding]:
    """The holder is the seller, or the company they sell for; whatever else was read, a person looks."""
    holder = look.evidence.get("holder", "")
    sellers = [look.values[name] for name in ("full_name", "company_name") if look.values.get(name)]
    if look.evidence.get("unread"):
        return
    if not holder or not sellers:
        yield Finding("holder_unsure", Verdict.REVIEW)
        return
    verdicts = {names.compared(seller, holder, "") for seller in sellers}
    if Alike.YES in verdicts:
        return
    if Alike.NEAR in verdicts:
        yield Finding("holder_near", Verdict.REVIEW, {"holder": holder})
    else:
        yield Finding("holder_differs", Verdict.REVIEW, {"holder": holder})


def at_their_address(look: Look) -> Iterator[Finding]:
    """The address on it was read, and is the one that was given, whatever its order and abbreviations."""
    typed, printed = look.values.get("address", ""), look.evidence.get("address", "")
    if look.evidence.get("unread") or not typed:
        return
    if not printed:
        yield Finding("address_unread", Verdict.REVIEW)
        return
    verdict = places.compared(typed, printed)
    if verdict is Alike.NEAR:
        yield Finding("address_near", Verdict.REVIEW, {"address": printed})
    elif verdict is Alike.NO:
        yield Finding("address_differs", Verdict.REVIEW, {"address": printed})
