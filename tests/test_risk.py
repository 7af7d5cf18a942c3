"""Every factor, by what makes it apply and by what nearly does; contributions add up; the tier has a floor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot import risk
from bot.conditions import taxed
from bot.facts import Answer, Facts
from bot.model import Alert, Disposition, Finding, Key, Match, Override, Screened, Shared, Tier, Verdict
from bot.policy import FACTORS, POLICIES
from bot.risk import Factor, Grounds, score
from bot.turn import Turn

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
QUIET = Alert(NOW, "structuring", "w", quiet=True)
MATCH = Match("p", "ADA", "Ada", "X-1", "OFAC", 90)


def said(**answers: str) -> Grounds:
    """A seller who gave these answers."""
    facts = Facts()
    for name, text in answers.items():
        facts.put(Key(name), Answer(1, text, NOW, 1))
    return Grounds(facts, ())


def with_facts(change: Callable[[Facts], object]) -> Grounds:
    facts = Facts()
    change(facts)
    return Grounds(facts, ())


def found(verdict: Verdict) -> Grounds:
    return Grounds(Facts(), (Finding("edited", verdict),))


TABLE = [
    ("call_for_action", said(country="IR"), said(country="DE")),
    ("increased_monitoring", said(country="KE"), said(country="IR")),
    ("delicate_goods", said(business_line="art"), said(business_line="electronics")),
    ("politically_exposed", said(pep="close"), said(pep="no")),
    ("money_goes_far", said(markets="DE,KE"), said(markets="DE,US")),
    ("money_goes_far", said(register_country="IR"), said(markets="world")),
    ("money_goes_far", said(payout_account="VG96VPVG0000012345678901"), said(nationality="IR")),
    (
        "paid_abroad",
        said(country="DE", payout_account="FR1420041010050500013M02606"),
        said(country="DE", payout_account="DE89370400440532013000"),
    ),
    ("paid_abroad", said(country="DE", payout_account="GB29NWBK60161331926819"), said(payout_account="GB29")),
    ("hard_to_trace", said(payment_methods="card+crypto"), said(payment_methods="card+transfer")),
    ("large_volume", said(expected_volume="20001"), said(expected_volume="20000")),
    (
        "changed_often",
        with_facts(lambda f: f.edits.update(address=3, contact=2)),
        with_facts(lambda f: f.edits.update(address=4, shop_name=9)),
    ),
    ("paid_elsewhere", said(payout_holder="other"), said(payout_holder="own")),
    (
        "given_by_others",
        with_facts(lambda f: setattr(f, "shared", Shared(NOW, "d", {"phone": "c1"}))),
        with_facts(lambda f: setattr(f, "shared", Shared(NOW, "d"))),
    ),
    ("doubtful_document", found(Verdict.REVIEW), found(Verdict.PASS)),
    (
        "sells_above_expectation",
        with_facts(lambda f: f.alerts.append(Alert(NOW, "high_volume", "m", quiet=False))),
        Grounds(Facts(), ()),
    ),
    (
        "quiet_alert",
        with_facts(lambda f: f.quiet.alerts.update({3: QUIET})),
        with_facts(
            lambda f: (
                f.quiet.alerts.update({3: QUIET}),
                f.quiet.dispositions.update({3: Disposition(NOW, 3, "dismissed", "tg:1")}),
            )
        ),
    ),
    (
        "on_a_list",
        with_facts(lambda f: setattr(f.quiet, "screened", Screened(NOW, "s", "v", (MATCH,)))),
        with_facts(lambda f: setattr(f.quiet, "screened", Screened(NOW, "s", "v"))),
    ),
]


@pytest.mark.parametrize(("name", "applies", "nearly"), TABLE)
def test_a_factor_applies_where_it_says_and_nowhere_else(
    name: str, applies: Grounds, nearly: Grounds
) -> None:
    factor: Callable[[Grounds], bool] = getattr(risk, name)
    assert factor(applies)
    assert not factor(nearly)


def test_every_factor_is_in_the_table() -> None:
    assert {factor.name for factor in FACTORS} == {name for name, _, _ in TABLE}


@pytest.mark.parametrize("country", ["IR", "KE", "DE"])
def test_nationality_alone_scores_nothing(country: str) -> None:
    assert score(said(nationality=country), FACTORS, POLICIES[-1].thresholds).score == 0


def test_contributions_add_up_and_quiet_ones_stand_apart() -> None:
    grounds = said(country="KE", payment_methods="crypto", expected_volume="50000")
    grounds.facts.quiet.alerts[3] = QUIET
    found = score(grounds, FACTORS, POLICIES[-1].thresholds)
    assert found.contributions == {"increased_monitoring": 30, "hard_to_trace": 20, "large_volume": 10}
    assert found.score == 60
    assert found.quiet == {"quiet_alert": 40}
    assert (found.tier, found.tier_with_quiet) == (Tier.HIGH, Tier.HIGH)


@pytest.mark.parametrize(
    ("country", "set_to", "tier"),
    [
        ("DE", None, Tier.LOW),
        ("DE", Tier.HIGH, Tier.HIGH),
        ("KE", Tier.LOW, Tier.LOW),
        ("IR", Tier.LOW, Tier.HIGH),  # the floor of a call for action
    ],
)
def test_an_officer_sets_the_tier_and_no_lower_than_the_floor(
    country: str, set_to: Tier | None, tier: Tier
) -> None:
    assert score(said(country=country), FACTORS, POLICIES[-1].thresholds, set_to).tier is tier


@pytest.mark.parametrize(
    ("points", "tier"), [(29, Tier.LOW), (30, Tier.MEDIUM), (59, Tier.MEDIUM), (60, Tier.HIGH)]
)
def test_a_tier_begins_at_its_threshold(points: int, tier: Tier) -> None:
    def always(_: Grounds) -> bool:
        return True

    assert score(said(), [Factor(always, points)], POLICIES[-1].thresholds).tier is tier


def test_an_override_ends_on_its_day() -> None:
    from bot.standing import stand
    from tests.world import approved

    world = approved()
    world.add(Override(world.now, Tier.HIGH, world.now + timedelta(days=30), "tg:901"))
    assert stand(world.case, world.policy, world.now).risk.tier is Tier.HIGH
    assert stand(world.case, world.policy, world.now + timedelta(days=30)).risk.tier is Tier.LOW


def test_a_tier_is_set_for_a_reason_until_a_day() -> None:
    from bot.compliance import card
    from bot.quietly import ruled
    from bot.staff.taps import Tap
    from tests.world import approved

    world = approved()

    def tapped(action: str, reason: str = "", words: str = "") -> Turn:
        tap = Tap(world.case.id, 0, action, None, reason, words)
        again = Tap.parse(tap.data())
        assert again == replace(tap, words="")
        return ruled(world.case, world.standing(), tap, "tg:901", world.now)

    assert [turn.records for turn in (tapped("tier"), tapped("tier", "low"), tapped("tier_low", "own"))] == [
        ()
    ] * 3
    for reason, words in (("explained", ""), ("own", "He is my neighbour")):
        (record,) = tapped("tier_low", reason, words).records
        assert isinstance(record, Override)
        assert (record.tier, record.reason) == (Tier.LOW, words or reason)
        assert record.until == world.now + timedelta(days=180)
    world.add(Override(world.now, Tier.LOW, world.now + timedelta(days=180), "tg:901", "explained"))
    head = card(world.case, world.standing()).says[0].args
    assert (head["by"], head["set_to"], head["until"], head["why"]) == (
        "tg:901",
        "low",
        "2027-05-01",
        "explained",
    )


@pytest.mark.parametrize(("volume", "form", "owed"), [
    ("", "individual", False), ("400", "individual", False), ("1000", "individual", False),
    ("1001", "individual", True), ("400", "company", True),
])  # fmt: skip
def test_who_sells_little_owes_no_tax_number(volume: str, form: str, owed: bool) -> None:
    given = {"expected_volume": volume, "legal_form": form}
    assert taxed(SimpleNamespace(says=lambda name: given.get(name, ""))) is owed  # type: ignore[arg-type]
