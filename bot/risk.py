"""How risky a case is: factors, each a function that says whether it applies and a row that gives it its weight."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.facts import Facts, amount
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
    floor: Tier = Tier.LOW  # nobody may set a lower tier while this applies

    @property
    def name(self) -> str:
        """The function's name: what contributions are kept under."""
        return self.applies.__name__


@dataclass(frozen=True, slots=True)
class Risk:
    """Points by factor, open and quiet apart, and the tier they add up to without and with the quiet ones.

    `set_to`: the tier that the compliance officer set and that holds today.
    """

    contributions: Mapping[str, int]
    quiet: Mapping[str, int]
    tier: Tier
    tier_with_quiet: Tier
    set_to: Tier | None = None

    @property
    def score(self) -> int:
        """The sum of the open contributions."""
        return sum(self.contributions.values())


@cache
def lists() -> Mapping[str, frozenset[str]]:
    """Countries by list: those of countries.toml, and "either" of the FATF's two."""
    table = tomllib.loads((Path(__file__).parent / "countries.toml").read_text())
    found = {name: frozenset(codes) for name, codes in table.items() if isinstance(codes, list)}
    return found | {"either": found["call_for_action"] | found["increased_monitoring"]}


def call_for_action(grounds: Grounds) -> bool:
    """The seller's country is on the FATF's list of jurisdictions with a call for action."""
    return grounds.facts.value("country") in lists()["call_for_action"]


def increased_monitoring(grounds: Grounds) -> bool:
    """The seller's country is under the FATF's increased monitoring."""
    return grounds.facts.value("country") in lists()["increased_monitoring"]


def money_goes_far(grounds: Grounds) -> bool:
    """Goods or money go to a country on one of the FATF's lists, or the company is registered in one."""
    facts = grounds.facts
    places = {
        *facts.value("markets").split(","),
        facts.value("register_country"),
        facts.value("payout_account")[:2],
    }
    return not places.isdisjoint(lists()["either"])


def paid_abroad(grounds: Grounds) -> bool:
    """The money goes to a bank in another country than the one the seller lives or works in."""
    account, country = grounds.facts.value("payout_account"), grounds.facts.value("country")
    return account[:2].isalpha() and bool(country) and account[:2] != country


def hard_to_trace(grounds: Grounds) -> bool:
    """Buyers pay with crypto-currency or in cash on delivery: no bank has looked at the payer (AMLR, annex III)."""
    return bool({"crypto", "on_delivery"} & set(grounds.facts.value("payment_methods").split("+")))


def large_volume(grounds: Grounds) -> bool:
    """The seller expects to take in more than 20,000 a month."""
    return amount(grounds.facts.value("expected_volume")) > LARGE


def changed_often(grounds: Grounds) -> bool:
    """Name, birth date, address or account were changed five times or more."""
    return sum(grounds.facts.edits.get(name, 0) for name in TELLING) >= OFTEN


def given_by_others(grounds: Grounds) -> bool:
    """Another seller gave the same phone number, account or document."""
    shared = grounds.facts.shared
    return bool(shared and shared.kinds)


LARGE = 20_000
TELLING = ("full_name", "birth_date", "address", "payout_account", "contact")
OFTEN = 5

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
    return bool(grounds.facts.alerts)


def quiet_alert(grounds: Grounds) -> bool:
    """A quiet monitoring rule fired; compliance alone knows."""
    quiet = grounds.facts.quiet
    return any(
        of not in quiet.dispositions or quiet.dispositions[of].outcome != "dismissed" for of in quiet.alerts
    )


def on_a_list(grounds: Grounds) -> bool:
    """A name may stand on a watchlist, or does; compliance alone knows."""
    return grounds.facts.quiet.listed()


ORDER = (Tier.LOW, Tier.MEDIUM, Tier.HIGH)


def score(
    grounds: Grounds, factors: Iterable[Factor], thresholds: Mapping[Tier, int], set_to: Tier | None = None
) -> Risk:
    """Every factor that applies with its points; the tier is the highest whose threshold the sum reaches.

    `set_to`: the tier that the compliance officer set; no lower than the floor of any factor that applies.
    """
    hits = [factor for factor in factors if factor.applies(grounds)]
    seen = {factor.name: factor.weight for factor in hits if not factor.quiet}
    quiet = {factor.name: factor.weight for factor in hits if factor.quiet}
    floor = max((factor.floor for factor in hits), key=ORDER.index, default=Tier.LOW)
    total = sum(seen.values())
    tiers = [set_to or _tier(points, thresholds) for points in (total, total + sum(quiet.values()))]
    without, with_quiet = (max(tier, floor, key=ORDER.index) for tier in tiers)
    return Risk(seen, quiet, without, with_quiet, set_to)


def _tier(points: int, thresholds: Mapping[Tier, int]) -> Tier:
    return max(
        (tier for tier in Tier if points >= thresholds[tier]),
        key=lambda tier: thresholds[tier],
        default=Tier.LOW,
    )
