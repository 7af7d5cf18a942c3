"""Who owes what: rows whose order is the order of the questions; versioned, and adopted by a person before it decides."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bot import documents as d
from bot import risk
from bot.documents.base import Requirement
from bot.facts import Facts
from bot.model import Key, Tier
from bot.risk import Factor


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a row may depend on: the answers, the tier by open factors, and the reading of the identity document.

    `reading`: evidence of the seller's identity document that was not refused; `card`: the answer to its card.
    """

    facts: Facts
    tier: Tier
    reading: Mapping[str, str]
    card: str

    def readable(self) -> bool:
        """Name and birth date were read, so that they can be confirmed instead of typed."""
        seen = self.reading
        return bool(seen and seen.get("surname") and seen.get("given_names") and seen.get("birth_date"))


Condition = Callable[[Circumstances], bool]


def always(_: Circumstances) -> bool:
    """Every seller."""
    return True


def company(now: Circumstances) -> bool:
    """The seller is a company."""
    return now.facts.value("legal_form") == "company"


def identity_read(now: Circumstances) -> bool:
    """Name and birth date were read from an identity document that was not refused."""
    return now.readable()


def not_read(now: Circumstances) -> bool:
    """The seller said that the card is not right, or the document's name or birth date could not be read."""
    return bool(now.reading) and (now.card == "fix" or not now.readable())


def some_risk(now: Circumstances) -> bool:
    """The tier is medium or high."""
    return now.tier is not Tier.LOW


def asked_by_alert(now: Circumstances) -> bool:
    """A monitoring rule that asks has fired."""
    return any(not alert.quiet for alert in now.facts.alerts)


SELLER = (0,)


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement, when it is owed, and what happens to an approved seller while it is open again.

    `each`: the requirement whose people each owe it. `days`: how long an approved seller may go on selling.
    """

    requirement: Requirement
    when: Condition
    each: str = ""
    days: int = 14


@dataclass(frozen=True, slots=True)
class Policy:
    """Rows, factors and thresholds under one version."""

    version: str
    rows: tuple[Row, ...]
    factors: tuple[Factor, ...]
    thresholds: Mapping[Tier, int] = field(
        default_factory=lambda: MappingProxyType({Tier.LOW: 0, Tier.MEDIUM: 30, Tier.HIGH: 60})
    )
    tries: int = 3  # refused pictures of one document before a person looks
    reminders: tuple[int, ...] = (1, 3, 7)  # days after the seller was last spoken to
    abandoned: int = 90  # days of silence after which an unfinished registration is erased
    expiry: tuple[int, ...] = (30, 14, 7, 1)  # days before a document runs out
    valid_years: Mapping[Tier, int] = field(
        default_factory=lambda: MappingProxyType({Tier.LOW: 5, Tier.MEDIUM: 3, Tier.HIGH: 1})
    )

    def owed(self, now: Circumstances) -> Iterator[tuple[Key, Row]]:
        """What is owed, in the order of asking: an item a row, or one for each person where the row says so."""
        for row in self.rows:
            if row.when(now):
                for subject in now.facts.people.get(row.each, ()) if row.each else SELLER:
                    yield Key(row.requirement.name, subject), row

    def fingerprint(self) -> str:
        """Changes with anything that could make this version decide differently, but for code in the functions."""
        rows = [(r.requirement.name, r.when.__name__, r.each, r.days) for r in self.rows]
        factors = [(f.name, f.weight, f.quiet) for f in self.factors]
        rest = (
            sorted(self.thresholds.items()),
            self.tries,
            self.reminders,
            self.expiry,
            sorted(self.valid_years.items()),
        )
        return hashlib.sha256(repr((self.version, rows, factors, rest)).encode()).hexdigest()[:16]


FACTORS = (
    Factor(risk.call_for_action, 60),
    Factor(risk.increased_monitoring, 30),
    Factor(risk.doubtful_document, 20),
    Factor(risk.sells_above_expectation, 10),
    Factor(risk.quiet_alert, 40, quiet=True),
)

# Versions are never edited once adopted: a change is a new version, put last.
POLICIES = (
    Policy(
        "2026-11",
        rows=(
            Row(d.NOTICE, always),
            Row(d.COUNTRY, always),
            Row(d.LEGAL_FORM, always),
            Row(d.IDENTITY, always),
            Row(d.CARD, identity_read),
            Row(d.FULL_NAME, not_read),
            Row(d.BIRTH_DATE, not_read),
            Row(d.CONTACT, always),
            Row(d.ADDRESS, always),
            Row(d.COMPANY_NAME, company),
            Row(d.OWNER, company),
            Row(d.IDENTITY, company, each="owner"),
            Row(d.ADDRESS_PROOF, some_risk),
            Row(d.SOURCE_OF_FUNDS, asked_by_alert, days=30),
        ),
        factors=FACTORS,
    ),
)


def by_version(version: str) -> Policy:
    """The policy of that version. Raises KeyError where this build has none: a person must decide what rules."""
    return {policy.version: policy for policy in POLICIES}[version]
