"""Who owes what: rows whose order is the order of the questions; versioned, and adopted by a person before it decides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from types import MappingProxyType

from bot import conditions as when
from bot import risk
from bot.conditions import Circumstances, Condition
from bot.documents import REQUIREMENTS
from bot.documents import company as c
from bot.documents import face as f
from bot.documents import person as p
from bot.documents import shop as s
from bot.documents.address import ADDRESS_PROOF
from bot.documents.base import Requirement
from bot.documents.company import OWNERSHIP
from bot.documents.funds import SOURCE_OF_FUNDS
from bot.documents.identity import CARD, IDENTITY, SECOND_PROOF
from bot.documents.review import REVIEW
from bot.facts import Facts
from bot.model import Key, Tier
from bot.risk import Factor

SELLER = (0,)


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement, when it is owed, and what happens to an approved seller while it is open again.

    `each`: the requirement whose people each owe it. `days`: how long an approved seller may go on selling;
    `warnings`: days before that date; `consequence`: what a person then decides on; `basis`: the law behind it.
    """

    requirement: Requirement
    when: Condition
    each: str = ""
    days: int = 14
    warnings: tuple[int, ...] = (14, 7, 1)
    consequence: str = "pause"
    basis: str = ""


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
    most: int = 4  # follow-ups to a seller in 30 days, but for warnings before a legal date
    review_hours: int = 24  # after which staff are told again of a case that waits for them
    slow_days: int = 2  # after which the seller hears that it takes longer than usual
    valid_years: Mapping[Tier, int] = field(
        default_factory=lambda: MappingProxyType({Tier.LOW: 5, Tier.MEDIUM: 3, Tier.HIGH: 1})
    )

    together: tuple[tuple[str, tuple[tuple[Row, Key], ...]], ...] = field(
        init=False, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        groups = groupby(self.rows, key=lambda row: row.each)
        object.__setattr__(
            self,
            "together",
            tuple((each, tuple((row, Key(row.requirement.name)) for row in rows)) for each, rows in groups),
        )

    def years(self, tier: Tier, facts: Facts, today: date) -> int:
        """Between two reviews; a year at most for a seller of high volume, who certifies yearly (INFORM)."""
        return 1 if when.still_high(facts, today) else self.valid_years[tier]

    def owed(self, now: Circumstances) -> Mapping[Key, Row]:
        """What is owed, in the order of asking: by rows, then what a person asked for besides."""
        asked = {request.key: request.key.requirement for request in now.facts.requests}
        owed = dict(self._by_rows(now))
        return owed | {
            key: Row(REQUIREMENTS[name], when.always) for key, name in asked.items() if key not in owed
        }

    def _by_rows(self, now: Circumstances) -> Iterator[tuple[Key, Row]]:
        """An item a row; rows about people go person by person."""
        for each, rows in self.together:
            for subject in now.facts.people.get(each, ()) if each else SELLER:
                there = replace(now, subject=subject) if subject else now
                for row, own in rows:
                    if row.when(there):
                        yield Key(own.requirement, subject) if subject else own, row

    def fingerprint(self) -> str:
        """Changes with anything that could make this version decide differently, but for code in the functions."""
        rows = [
            (r.requirement.name, r.when.__name__, r.each, r.days, r.warnings, r.consequence, r.basis)
            for r in self.rows
        ]
        factors = [(f.name, f.weight, f.quiet, f.floor) for f in self.factors]
        rest = (
            sorted(self.thresholds.items()),
            self.tries,
            self.reminders,
            self.expiry,
            self.most,
            self.review_hours,
            self.slow_days,
            sorted(self.valid_years.items()),
        )
        return hashlib.sha256(repr((self.version, rows, factors, rest)).encode()).hexdigest()[:16]


FACTORS = (
    Factor(risk.call_for_action, 60, floor=Tier.HIGH),
    Factor(risk.increased_monitoring, 30),
    Factor(risk.delicate_goods, 30),
    Factor(risk.politically_exposed, 60),
    Factor(risk.money_goes_far, 20),
    Factor(risk.paid_abroad, 10),
    Factor(risk.hard_to_trace, 20),
    Factor(risk.large_volume, 10),
    Factor(risk.changed_often, 10),
    Factor(risk.paid_elsewhere, 20),
    Factor(risk.given_by_others, 30),
    Factor(risk.doubtful_document, 20),
    Factor(risk.sells_above_expectation, 10),
    Factor(risk.quiet_alert, 40, quiet=True),
    Factor(risk.on_a_list, 60, quiet=True),
)

BY_LAW = "suspend"  # the law leaves a person no choice but to suspend until it is given
SOON = (7, 3, 1)  # days before the date: INFORM leaves 10 days (15 U.S.C. 45f(a))
TAX = (30, 14, 1)  # days before the date: DAC7 wants two reminders within its 60 days

# Versions are never edited once adopted: a change is a new version, put last.
POLICIES = (
    Policy(
        "2026-12",
        rows=(
            Row(p.NOTICE, when.always),
            Row(p.TELEGRAM, when.moves),
            Row(p.COUNTRY, when.always),
            Row(p.LEGAL_FORM, when.always),
            Row(IDENTITY, when.always, basis="DSA art. 30"),
            Row(CARD, when.to_confirm),
            Row(p.FULL_NAME, when.not_read),
            Row(p.BIRTH_DATE, when.not_read),
            Row(p.NATIVE_NAME, when.other_script),
            Row(p.NATIONALITY, when.nationality_unread),
            Row(p.NAME_CHANGE, when.renamed, days=30),
            Row(p.CONTACT, when.always),
            Row(p.EMAIL, when.always),
            Row(p.ADDRESS, when.not_company),
            Row(c.ROLE, when.company),
            Row(c.MANDATE, when.acts_for_another),
            Row(c.COMPANY_NAME, when.company),
            Row(c.REGISTER_COUNTRY, when.company),
            Row(c.REGISTER_NUMBER, when.company),
            Row(c.COMPANY_FORM, when.company),
            Row(c.COMPANY_ADDRESS, when.company),
            Row(c.INCORPORATION, when.company),
            Row(c.PREMISES, when.company),
            Row(c.OWNER, when.company),
            Row(c.OWNER_SHARE, when.company, each="owner"),
            Row(c.SHARES_OVER, when.shares_over),
            Row(c.SHARES_UNDER, when.shares_under),
            Row(IDENTITY, when.somebody_else, each="owner"),
            Row(p.BIRTH_DATE, when.owner_unread, each="owner"),
            Row(p.NATIONALITY, when.owner_stateless, each="owner"),
            Row(s.SHOP_NAME, when.always),
            Row(s.SHOP_LINK, when.trader),
            Row(s.BUSINESS_LINE, when.always),
            Row(s.GOODS, when.trader),
            Row(s.MARKETS, when.always),
            Row(s.PAYMENT_METHODS, when.always),
            Row(s.EXPECTED_VOLUME, when.always),
            Row(s.TAX_COUNTRY, when.taxed, days=60, warnings=TAX, basis="DAC7"),
            Row(s.TAX_NUMBER, when.taxed, days=60, warnings=TAX, basis="DAC7"),
            Row(s.PAYOUT_ACCOUNT, when.always),
            Row(s.PAYOUT_HOLDER, when.always),
            Row(p.PEP, when.always),
            Row(s.SELF_CERTIFICATION, when.trader),
            Row(ADDRESS_PROOF, when.has_a_place),
            Row(ADDRESS_PROOF, when.some_risk),
            Row(f.FACE_CONSENT, when.face_helps),
            Row(f.SELFIE, when.face_agreed),
            Row(f.LIVENESS, when.face_agreed),
            Row(SECOND_PROOF, when.high_risk, days=30, basis="AMLR art. 34"),
            Row(OWNERSHIP, when.company_of_high_risk, days=30, basis="AMLR art. 34"),
            Row(SOURCE_OF_FUNDS, when.sells_more, days=30),
            Row(SOURCE_OF_FUNDS, when.high_risk, days=30, basis="AMLR art. 34"),
            Row(s.REFUNDS, when.many_refunds, days=14),
            Row(s.TAX_COUNTRY, when.reportable, days=60, warnings=TAX, basis="DAC7"),
            Row(s.TAX_NUMBER, when.reportable, days=60, warnings=TAX, basis="DAC7"),
            Row(s.TAX_COUNTRY, when.high_volume, days=10, warnings=SOON, consequence=BY_LAW, basis="INFORM"),
            Row(s.TAX_NUMBER, when.high_volume, days=10, warnings=SOON, consequence=BY_LAW, basis="INFORM"),
            Row(REVIEW, when.review_is_due, days=30, basis="AMLR art. 26"),
            Row(
                REVIEW, when.certification_is_due, days=10, warnings=SOON, consequence=BY_LAW, basis="INFORM"
            ),
        ),
        factors=FACTORS,
    ),
)


def by_version(version: str) -> Policy:
    """The policy of that version. Raises KeyError where this build has none: a person must decide what rules."""
    return {policy.version: policy for policy in POLICIES}[version]
