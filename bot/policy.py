"""Who owes what: rows whose order is the order of the questions; versioned, and adopted by a person before it decides."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import groupby
from types import MappingProxyType

from babel.core import get_global

from bot import risk
from bot.answers import fold
from bot.documents import REQUIREMENTS
from bot.documents import company as c
from bot.documents import person as p
from bot.documents import shop as s
from bot.documents.address import ADDRESS_PROOF
from bot.documents.base import Requirement
from bot.documents.funds import SOURCE_OF_FUNDS
from bot.documents.identity import CARD, IDENTITY
from bot.documents.review import REVIEW
from bot.facts import Facts
from bot.model import NOTHING, Key, Tier
from bot.reviews import opens
from bot.risk import Factor


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a row may depend on: the answers, the tier by open factors, and what identity documents said.

    `readings`: by person, evidence of an identity document that was not refused; `card`: the answer to its card;
    `today`: by UTC; `own`: what the seller answered for themselves; `review`: the day of the next periodic review, None before an approval; `subject`: the person the
    row is asked about, 0 the seller.
    """

    facts: Facts
    tier: Tier
    readings: Mapping[int, Mapping[str, str]]
    card: str
    today: date
    own: Mapping[str, str]
    review: date | None = None
    subject: int = 0

    @property
    def reading(self) -> Mapping[str, str]:
        """What this person's document said; empty where there is none."""
        return self.readings.get(self.subject, NOTHING)

    def says(self, requirement: str) -> str:
        """The seller's own answer."""
        return self.own.get(requirement, "")

    def readable(self) -> bool:
        """Name and birth date were read, so that they can be confirmed instead of typed."""
        seen = self.reading
        return bool(seen.get("surname") and seen.get("given_names") and seen.get("birth_date"))


Condition = Callable[[Circumstances], bool]


def always(_: Circumstances) -> bool:
    """Every seller."""
    return True


def company(now: Circumstances) -> bool:
    """The seller is a company."""
    return now.says("legal_form") == "company"


def not_company(now: Circumstances) -> bool:
    """The seller is a person."""
    return not company(now)


def trader(now: Circumstances) -> bool:
    """The seller trades: a company, or self-employed (DSA, article 30)."""
    return now.says("legal_form") in {"company", "sole_trader"}


def to_confirm(now: Circumstances) -> bool:
    """What the document says is shown for a yes, unless its name or birth date could not be read."""
    return not now.reading or now.readable()


def not_read(now: Circumstances) -> bool:
    """The seller said that the card is not right, or the document's name or birth date could not be read."""
    return bool(now.reading) and ((not now.subject and now.card == "fix") or not now.readable())


def other_script(now: Circumstances) -> bool:
    """The name was read in Latin letters, and where the seller lives names are written in others."""
    name = now.reading.get("surname", "")
    return bool(name) and fold(name).isascii() and script(now.says("country")) != "Latn"


@cache
def script(country: str) -> str:
    """The script of a country's most spoken language, by CLDR's likely subtags; Latin where unknown."""
    tag = str(get_global("likely_subtags").get(f"und_{country}", ""))
    return tag.split("_")[1] if tag.count("_") == 2 else "Latn"


def nationality_unread(now: Circumstances) -> bool:
    """The identity document was read, but no nationality on it."""
    return bool(now.reading) and not now.reading.get("nationality")


def acts_for_another(now: Circumstances) -> bool:
    """Who writes for the company neither directs nor owns it."""
    return company(now) and now.says("role") == "agent"


def somebody_else(now: Circumstances) -> bool:
    """An owner other than the person who writes, by tap or by name."""
    owner = now.facts.value("owner", now.subject)
    own = now.readings.get(0, NOTHING)
    named = set(fold(f"{own.get('given_names', '')} {own.get('surname', '')}").split())
    return company(now) and owner != "myself" and not (named and set(fold(owner).split()) == named)


def owner_unread(now: Circumstances) -> bool:
    """Such an owner's document was looked at, and does not say name and birth date."""
    return somebody_else(now) and not_read(now)


def owner_stateless(now: Circumstances) -> bool:
    """Such an owner's document was looked at, and does not say a nationality."""
    return somebody_else(now) and nationality_unread(now)


def _shares(now: Circumstances) -> Decimal | None:
    """Per cent in all; None until every owner and every share is known."""
    people = now.facts.people.get("owner", [])
    shares = [now.facts.value("owner_share", subject) for subject in people]
    if not company(now) or now.says("owner") != "complete" or not all(shares):
        return None
    return sum((Decimal(share) for share in shares), Decimal())


def shares_over(now: Circumstances) -> bool:
    """The owners hold more than everything together."""
    total = _shares(now)
    return total is not None and total > WHOLE


def shares_under(now: Circumstances) -> bool:
    """So much is left that somebody else may own 25 % or more."""
    total = _shares(now)
    return total is not None and total <= WHOLE - OWNING


def taxed(now: Circumstances) -> bool:
    """Traders, and persons who expect to sell for more than 1,000 a month (DAC7 leaves small sellers out)."""
    return trader(now) or now.says("expected_volume") not in {"", "1000"}


def has_a_place(now: Circumstances) -> bool:
    """A company with premises; one without proves the people behind it instead."""
    return company(now) and now.says("premises") == "yes"


def some_risk(now: Circumstances) -> bool:
    """A person whose tier is medium or high."""
    return not_company(now) and now.tier is not Tier.LOW


def asked_by_alert(now: Circumstances) -> bool:
    """A monitoring rule that asks has fired."""
    return any(not alert.quiet for alert in now.facts.alerts)


def review_is_due(now: Circumstances) -> bool:
    """The periodic review is near enough to be asked for."""
    return now.review is not None and now.today >= opens(now.review)


SELLER = (0,)
WHOLE, OWNING = (
    Decimal(100),
    Decimal(25),
)  # per cent; who owns 25 % or more is a beneficial owner (AMLR, article 52)


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

    together: tuple[tuple[str, tuple[Row, ...]], ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        groups = groupby(self.rows, key=lambda row: row.each)
        object.__setattr__(self, "together", tuple((each, tuple(rows)) for each, rows in groups))

    def owed(self, now: Circumstances) -> Mapping[Key, Row]:
        """What is owed, in the order of asking: by rows, then what a person asked for besides."""
        asked = {request.key: request.key.requirement for request in now.facts.requests}
        owed = dict(self._by_rows(now))
        return owed | {key: Row(REQUIREMENTS[name], always) for key, name in asked.items() if key not in owed}

    def _by_rows(self, now: Circumstances) -> Iterator[tuple[Key, Row]]:
        """An item a row; rows about people go person by person."""
        for each, rows in self.together:
            for subject in now.facts.people.get(each, ()) if each else SELLER:
                there = replace(now, subject=subject) if subject else now
                for row in rows:
                    if row.when(there):
                        yield Key(row.requirement.name, subject), row

    def fingerprint(self) -> str:
        """Changes with anything that could make this version decide differently, but for code in the functions."""
        rows = [
            (r.requirement.name, r.when.__name__, r.each, r.days, r.warnings, r.consequence, r.basis)
            for r in self.rows
        ]
        factors = [(f.name, f.weight, f.quiet) for f in self.factors]
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
    Factor(risk.call_for_action, 60),
    Factor(risk.increased_monitoring, 30),
    Factor(risk.delicate_goods, 30),
    Factor(risk.politically_exposed, 60),
    Factor(risk.paid_elsewhere, 20),
    Factor(risk.doubtful_document, 20),
    Factor(risk.sells_above_expectation, 10),
    Factor(risk.quiet_alert, 40, quiet=True),
)

TAX = (30, 14, 1)  # days before the date: DAC7 wants two reminders within its 60 days

# Versions are never edited once adopted: a change is a new version, put last.
POLICIES = (
    Policy(
        "2026-12",
        rows=(
            Row(p.NOTICE, always),
            Row(p.COUNTRY, always),
            Row(p.LEGAL_FORM, always),
            Row(IDENTITY, always, basis="DSA art. 30"),
            Row(CARD, to_confirm),
            Row(p.FULL_NAME, not_read),
            Row(p.BIRTH_DATE, not_read),
            Row(p.NATIVE_NAME, other_script),
            Row(p.NATIONALITY, nationality_unread),
            Row(p.CONTACT, always),
            Row(p.EMAIL, always),
            Row(p.ADDRESS, not_company),
            Row(c.ROLE, company),
            Row(c.MANDATE, acts_for_another),
            Row(c.COMPANY_NAME, company),
            Row(c.REGISTER_COUNTRY, company),
            Row(c.REGISTER_NUMBER, company),
            Row(c.COMPANY_FORM, company),
            Row(c.COMPANY_ADDRESS, company),
            Row(c.INCORPORATION, company),
            Row(c.PREMISES, company),
            Row(c.OWNER, company),
            Row(c.OWNER_SHARE, company, each="owner"),
            Row(c.SHARES_OVER, shares_over),
            Row(c.SHARES_UNDER, shares_under),
            Row(IDENTITY, somebody_else, each="owner"),
            Row(p.BIRTH_DATE, owner_unread, each="owner"),
            Row(p.NATIONALITY, owner_stateless, each="owner"),
            Row(s.SHOP_NAME, always),
            Row(s.SHOP_LINK, trader),
            Row(s.BUSINESS_LINE, always),
            Row(s.GOODS, trader),
            Row(s.MARKETS, always),
            Row(s.PAYMENT_METHODS, always),
            Row(s.EXPECTED_VOLUME, always),
            Row(s.TAX_COUNTRY, taxed, days=60, warnings=TAX, basis="DAC7"),
            Row(s.TAX_NUMBER, taxed, days=60, warnings=TAX, basis="DAC7"),
            Row(s.PAYOUT_ACCOUNT, always),
            Row(s.PAYOUT_HOLDER, always),
            Row(p.PEP, always),
            Row(s.SELF_CERTIFICATION, trader),
            Row(ADDRESS_PROOF, has_a_place),
            Row(ADDRESS_PROOF, some_risk),
            Row(SOURCE_OF_FUNDS, asked_by_alert, days=30),
            Row(REVIEW, review_is_due, days=30, basis="AMLR art. 26"),
        ),
        factors=FACTORS,
    ),
)


def by_version(version: str) -> Policy:
    """The policy of that version. Raises KeyError where this build has none: a person must decide what rules."""
    return {policy.version: policy for policy in POLICIES}[version]
