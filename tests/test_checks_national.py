"""National numbers: check digits and birth dates that hold, those that do not, and what is not judged."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks import Look
from bot.checks.national import BIRTH, OWN_NUMBER, RULES, national_number
from bot.model import Verdict

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
# Each module's own example of a number that holds.
GOOD = {
    "BE": "85.07.30-033 28",
    "BG": "752316 926 3",
    "BR": "390.533.447-05",
    "CL": "12.531.909-2",
    "CN": "360426199101010071",
    "CZ": "710319/2745",
    "EC": "171430710-3",
    "EE": "36805280109",
    "ES": "54362315-K",
    "FI": "131052-308T",
    "HR": "33392005961",
    "IL": "3933742-3",
    "IN": "234123412346",
    "IT": "RCCMNL83S18D969H",
    "LT": "33309240064",
    "NL": "1112.22.333",
    "PL": "44051401359",
    "RO": "1630615123457",
    "SI": "0101006500006",
    "SK": "710319/2745",
    "TH": "3100600445635",
    "TR": "17291716060",
    "ZA": "7503305044089",
}
BORN = {"BG": "1875-03-16", "CN": "1991-01-01", "EE": "1968-05-28", "PL": "1944-05-14"}


def found(country: str, personal: str = "", **evidence: str) -> list[str]:
    seen = {"type": "id_card", "issuing_country": country, "personal_number": personal, **evidence}
    findings = list(national_number(Look(seen, NOW, frozenset())))
    assert all(finding.verdict is Verdict.REVIEW for finding in findings)
    assert all(finding.args == {"country": country} for finding in findings)
    return [finding.code for finding in findings]


@pytest.mark.parametrize("country", RULES)
def test_a_number_that_holds_says_nothing_and_one_changed_digit_is_seen(country: str) -> None:
    good = GOOD[country]
    at = max(n for n, char in enumerate(good[:-1]) if char.isdigit())
    changed = f"{good[:at]}{(int(good[at]) + 1) % 10}{good[at + 1 :]}"
    assert found(country, good) == []
    assert found(country, changed) == ["number_invalid"]


@pytest.mark.parametrize("country", sorted(BIRTH))
def test_the_birth_date_inside_is_the_one_on_the_document(country: str) -> None:
    assert found(country, GOOD[country], birth_date=BORN[country]) == []
    assert found(country, GOOD[country], birth_date="1990-12-10") == ["number_invalid"]


def test_elsewhere_the_birth_date_is_not_compared() -> None:
    assert found("ZA", GOOD["ZA"], birth_date="1990-12-10") == []


@pytest.mark.parametrize("country", sorted(OWN_NUMBER))
def test_where_the_card_has_no_other_number_its_own_is_judged(country: str) -> None:
    assert found(country, number=GOOD[country]) == []
    assert found(country, number="123456789012345678") == ["number_invalid"]
    assert found(country, number="123456789012345678", type="passport") == []


def test_a_cards_own_number_is_no_persons_elsewhere() -> None:
    assert found("ES", number="BAA000589") == []


def test_a_county_that_the_library_does_not_know_is_not_judged_but_a_day_there_is_not_is() -> None:
    assert found("CN", _chinese("99999919910101007"), birth_date="1991-01-01") == []
    assert found("CN", _chinese("36042619910231007")) == ["number_invalid"]


def test_a_covered_indian_number_is_not_judged() -> None:
    assert found("IN", number="XXXX XXXX 2346") == []
    assert found("IN", "2341 2341 2346") == []


@pytest.mark.parametrize("country", ["DK", "KR", "US", "XX", ""])
def test_countries_without_a_sure_rule(country: str) -> None:
    assert found(country, "123") == []


@given(st.sampled_from(sorted(RULES)), st.text(), st.sampled_from(["", "1990-12-10"]))
def test_any_text_is_taken_calmly(country: str, number: str, born: str) -> None:
    assert found(country, number, birth_date=born) in ([], ["number_invalid"])


def _chinese(first: str) -> str:
    return first + str(import_module("stdnum.cn.ric").calc_check_digit(f"{first}0"))
