"""When a row of the policy applies: each a function of what a case says, whose sentence is what staff and operators read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from babel.core import get_global

from bot.answers import fold
from bot.facts import Facts, amount
from bot.model import NOTHING, Tier
from bot.reviews import opens
from bot.risk import lists

WHOLE, OWNING = (
    Decimal(100),
    Decimal(25),
)  # per cent; who owns 25 % or more is a beneficial owner (AMLR, article 52)

TWO_YEARS = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a row may depend on: the answers, the tier by open factors, and what identity documents said.

    `readings`: by person, evidence of an identity document that was not refused; `card`: the answer to its card;
    `today`: by UTC; `review`: the day of the next periodic review, None before an approval; `subject`: the person
    the row is asked about, 0 the seller.
    """

    facts: Facts
    tier: Tier
    readings: Mapping[int, Mapping[str, str]]
    card: str
    today: date
    review: date | None = None
    subject: int = 0

    @property
    def reading(self) -> Mapping[str, str]:
        """What this person's document said; empty where there is none."""
        return self.readings.get(self.subject, NOTHING)

    def says(self, requirement: str) -> str:
        """The seller's own answer."""
        return self.facts.own.get(requirement, "")

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


SMALL = 1_000  # euro in a month


def taxed(now: Circumstances) -> bool:
    """Traders, and persons who expect to sell for more than 1,000 a month (DAC7 leaves small sellers out)."""
    return trader(now) or amount(now.says("expected_volume")) > SMALL


def has_a_place(now: Circumstances) -> bool:
    """A company with premises; one without proves the people behind it instead."""
    return company(now) and now.says("premises") == "yes"


def some_risk(now: Circumstances) -> bool:
    """A person whose tier is medium or high."""
    return not_company(now) and now.tier is not Tier.LOW


def moves(now: Circumstances) -> bool:
    """The seller's invitation was opened in another chat, which is to take this one's place."""
    return now.facts.moving is not None


def renamed(now: Circumstances) -> bool:
    """The name is another than the one under which the seller was approved: both hold words that the other lacks."""
    if not now.facts.known_as:
        return False
    seen = now.readings.get(0, NOTHING)
    name = now.says("full_name") or f"{seen.get('given_names', '')} {seen.get('surname', '')}".strip()
    before, after = set(fold(now.facts.known_as).split()), set(fold(name).split())
    return bool(before - after and after - before)


def high_risk(now: Circumstances) -> bool:
    """The tier is high: enhanced due diligence."""
    return now.tier is Tier.HIGH


def company_of_high_risk(now: Circumstances) -> bool:
    """A company whose tier is high."""
    return company(now) and high_risk(now)


def face_helps(now: Circumstances) -> bool:
    """Before the first decision, where risk asks for more than a document, and there is one to compare with."""
    return now.tier is not Tier.LOW and not now.facts.approved and bool(now.readings.get(0))


def face_agreed(now: Circumstances) -> bool:
    """Such a seller agreed to have their face compared."""
    return face_helps(now) and now.says("face_consent") == "agree"


def sells_more(now: Circumstances) -> bool:
    """More came in than was to be expected of this seller."""
    return any(alert.rule == "high_volume" for alert in now.facts.alerts)


def many_refunds(now: Circumstances) -> bool:
    """Buyers were given their money back unusually often."""
    return any(alert.rule == "refund_rate" for alert in now.facts.alerts)


def in_the_union(facts: Facts) -> bool:
    """The seller lives, or is registered, in the European Union."""
    own = facts.own
    return bool({own.get("country", ""), own.get("register_country", "")} & lists()["european_union"])


def sells_to_america(facts: Facts) -> bool:
    """The seller lives in the United States, or has buyers there."""
    own = facts.own
    return own.get("country") == "US" or bool({"US", "world"} & set(own.get("markets", "").split(",")))


def still_high(facts: Facts, today: date) -> bool:
    """INFORM's high volume was reached within the last 24 months."""
    noted = facts.thresholds.get("inform")
    return noted is not None and today < date.fromisoformat(noted.on) + TWO_YEARS


def reportable(now: Circumstances) -> bool:
    """In the European Union, and sold 30 times or for more than 2,000 euro in a year (DAC7, Annex V, section I)."""
    return "dac7" in now.facts.thresholds


def high_volume(now: Circumstances) -> bool:
    """Sold 200 times and for 5,000 dollars in twelve months, in the United States or to there (INFORM, 15 U.S.C. 45f)."""
    return still_high(now.facts, now.today)


def certification_is_due(now: Circumstances) -> bool:
    """The same, and the yearly certification is near."""
    return high_volume(now) and review_is_due(now)


def review_is_due(now: Circumstances) -> bool:
    """The periodic review is near enough to be asked for."""
    return now.review is not None and now.today >= opens(now.review)
