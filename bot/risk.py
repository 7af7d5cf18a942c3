"""How risky a case is: factors, each a function that says whether it applies and a row that gives it its weight."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.facts import Facts
from bot.model import Finding, Tier, Verdict


@dataclass(frozen=True, slots=True)
class Grounds:
    """What factors may look at: the history, and every finding on what was given."""

    facts: Facts
    findings: tuple[Finding, ...]


Applies = Callable[[Grounds], bool]


@dataclass(frozen=True, slots=True)
class Factor:
    """A reason for risk and its points. A quiet one counts for compliance alone: the seller's path ignores it."""

    applies: Applies
    weight: int
    quiet: bool = False

    @property
    def name(self) -> str:
        """The function's name: what contributions are kept under."""
        return self.applies.__name__


@dataclass(frozen=True, slots=True)
class Risk:
    """Points by factor, open and quiet apart, and the tier they add up to without and with the quiet ones."""

    contributions: Mapping[str, int]
    quiet: Mapping[str, int]
    tier: Tier
    tier_with_quiet: Tier

    @property
    def score(self) -> int:
        """The sum of the open contributions."""
        return sum(self.contributions.values())


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    table = tomllib.loads((Path(__file__).parent / "countries.toml").read_text())
    return {name: frozenset(codes) for name, codes in table.items() if isinstance(codes, list)}


def call_for_action(grounds: Grounds) -> bool:
    """The seller's country is on the FATF's list of jurisdictions with a call for action."""
    return grounds.facts.value("country") in _lists()["call_for_action"]


def increased_monitoring(grounds: Grounds) -> bool:
    """The seller's country is under the FATF's increased monitoring."""
    return grounds.facts.value("country") in _lists()["increased_monitoring"]


DELICATE = frozenset(
    {"art", "jewellery"}
)  # trades that the EU's AML rules name for money that hides in things


def delicate_goods(grounds: Grounds) -> bool:
    """Art, antiques, jewellery or precious metals: small things of great and arguable value (AMLR, article 3)."""
    return grounds.facts.value("business_line") in DELICATE


def politically_exposed(grounds: Grounds) -> bool:
    """The seller holds or held a prominent public office, or is close to somebody who does (AMLR, article 42)."""
    return grounds.facts.value("pep") in {"self", "close"}


def paid_elsewhere(grounds: Grounds) -> bool:
    """The money is to go to an account that is not the seller's own."""
    return grounds.facts.value("payout_holder") not in {"", "own"}


def doubtful_document(grounds: Grounds) -> bool:
    """A reader or a check wanted a person to look at something that was sent."""
    return any(finding.verdict is Verdict.REVIEW for finding in grounds.findings)


def sells_above_expectation(grounds: Grounds) -> bool:
    """More money moved than is usual for a new seller."""
    return any(not alert.quiet for alert in grounds.facts.alerts)


def quiet_alert(grounds: Grounds) -> bool:
    """A quiet monitoring rule fired; compliance alone knows."""
    return any(alert.quiet for alert in grounds.facts.alerts)


def score(grounds: Grounds, factors: Iterable[Factor], thresholds: Mapping[Tier, int]) -> Risk:
    """Every factor that applies with its points; the tier is the highest whose threshold the sum reaches."""
    hits = [factor for factor in factors if factor.applies(grounds)]
    seen = {factor.name: factor.weight for factor in hits if not factor.quiet}
    quiet = {factor.name: factor.weight for factor in hits if factor.quiet}
    total = sum(seen.values())
    return Risk(seen, quiet, _tier(total, thresholds), _tier(total + sum(quiet.values()), thresholds))


def _tier(points: int, thresholds: Mapping[Tier, int]) -> Tier:
    return max(
        (tier for tier in Tier if points >= thresholds[tier]),
        key=lambda tier: thresholds[tier],
        default=Tier.LOW,
    )
