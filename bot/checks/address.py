"""Checks of a proof of address: is it recent, and is it in the seller's name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.answers import fold
from bot.checks import Look
from bot.model import Finding, Verdict

NEWEST = timedelta(days=92)  # three months: what EU guidelines and most banks ask for


def recent(look: Look) -> Iterator[Finding]:
    """It was issued at most three months before we received it."""
    issued = look.evidence.get("issued_on", "")
    if look.evidence.get("unread"):
        return
    if not issued:
        yield Finding("incomplete", Verdict.REVIEW, {"fields": "issued_on"})
    elif look.received.date() - date.fromisoformat(issued) > NEWEST:
        yield Finding("too_old", Verdict.REJECT, {"date": issued})


def in_their_name(look: Look) -> Iterator[Finding]:
    """The holder's name was read and is the seller's; else a person looks."""
    holder = set(fold(look.evidence.get("holder", "")).split())
    seller = set(fold(look.values.get("full_name", "")).split())
    if look.evidence.get("unread"):
        return
    if not holder or not seller or not (seller <= holder or holder <= seller):
        yield Finding("holder_unsure", Verdict.REVIEW)
