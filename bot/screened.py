"""Whose names of a case are sought in the watchlists, and when again: as soon as a name or a list is another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Protocol

from bot.asking import own_name, person
from bot.model import Key, Match, Screened
from bot.standing import OVER, Standing


@dataclass(frozen=True, slots=True)
class Subject:
    """A name as it is sought. `born`: an ISO date, "" where unknown; `country`: alpha-2 or alpha-3 as given, or ""."""

    who: str  # a name on cards: whose it is
    name: str
    born: str = ""
    country: str = ""


class Watchlists(Protocol):
    """The watchlists in memory. `lists`: their version; "" where none is loaded, or one was not read for 7 days."""

    @property
    def lists(self) -> str: ...

    def screen(self, subject: Subject) -> tuple[Match, ...]:
        """Who on the lists this may be, the likeliest first."""
        ...


def screening(standing: Standing, watch: Watchlists, now: datetime) -> Screened | None:
    """What a search finds now; None where nobody is to be sought, or nothing has changed since the last one."""
    if standing.stage in OVER:
        return None
    people = tuple(_subjects(standing))
    digest = sha256(repr(people).encode()).hexdigest()[:16]
    last = standing.facts.quiet.screened
    if not people or (last and (last.subjects, last.lists) == (digest, watch.lists)):
        return None
    kept = last.matches if last else ()  # old lists find nobody new, and nothing found in them is forgotten
    found = chain.from_iterable(watch.screen(one) for one in people) if watch.lists else kept
    return Screened(now, digest, watch.lists, tuple({match.pair: match for match in found}.values()))


def _subjects(standing: Standing) -> Iterator[Subject]:
    """The seller, the company and its owners, each under every name that is known of them."""
    facts = standing.facts
    country = facts.value("nationality") or facts.value("country")
    for name in dict.fromkeys((own_name(standing), facts.value("native_name"))):
        if name:
            yield Subject(own_name(standing), name, _born(standing, 0), country)
    if company := facts.value("company_name"):
        yield Subject(company, company, country=facts.value("register_country"))
    for owner in facts.people.get("owner", ()):
        name = person(standing, Key("", owner))
        if name and name != own_name(standing):
            yield Subject(name, name, _born(standing, owner), facts.value("nationality", owner))


def _born(standing: Standing, subject: int) -> str:
    item = standing.item(Key("identity", subject))
    return standing.facts.value("birth_date", subject) or (
        item.evidence.get("birth_date", "") if item else ""
    )
