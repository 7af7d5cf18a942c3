"""What people type, and what it becomes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import answers
from bot.answers import Unclear
from bot.documents import REQUIREMENTS, Question


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("Germany", "DE"),
        ("  deutschland ", "DE"),
        ("Allemagne", "DE"),
        ("德国", "DE"),
        ("Россия", "RU"),
        ("Österreich", "AT"),
        ("usa", "US"),
        ("England", "GB"),
        ("CH", "CH"),
        ("Niger", "NE"),
        ("Georgia", "GE"),
        ("Narnia", "not_a_country"),
        ("", "not_a_country"),
        ("European Union", "not_a_country"),
    ],
)
def test_countries(typed: str, means: str) -> None:
    said = answers.country(typed)
    assert (said.code if isinstance(said, Unclear) else said) == means


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("24.12.1990", "1990-12-24"),
        ("1990-12-24", "1990-12-24"),
        ("12/24/1990", "1990-12-24"),
        ("03/04/1990", "1990-04-03"),
        ("24 December 1990", "1990-12-24"),
        ("Dec 24, 1990", "1990-12-24"),
        ("24 décembre 1990", "1990-12-24"),
        ("24 декабря 1990", "1990-12-24"),
        ("1990年12月24日", "1990-12-24"),
        ("3rd of May 1988", "1988-05-03"),
        ("30.02.1990", "not_a_date"),
        ("1990", "not_a_date"),
        ("yesterday", "not_a_date"),
        ("99999999999", "not_a_date"),
    ],
)
def test_dates(typed: str, means: str) -> None:
    said = answers.day(typed)
    assert (said.code if isinstance(said, Unclear) else said) == means


@pytest.mark.parametrize(
    ("question", "typed", "means"),
    [
        ("full_name", "Ada Lovelace", "Ada Lovelace"),
        ("full_name", " Jean-Luc  O’Neill ", "Jean-Luc O’Neill"),
        ("full_name", "李小龍", "李小龍"),
        ("full_name", "12345", "not_a_name"),
        ("full_name", "x" * 301, "too_long"),
        ("address", "12 Main Street\n10115 Berlin", "12 Main Street, 10115 Berlin"),
        ("address", "Berlin", "not_an_address"),
        ("contact", "+49 (151) 23456789", "+4915123456789"),
        ("contact", "12", "not_a_phone"),
        ("birth_date", "24.12.1890", "not_a_date"),
        ("notice", "agree", "agree"),
        ("notice", "yes", "tap_please"),
    ],
)
def test_questions(question: str, typed: str, means: str) -> None:
    requirement = REQUIREMENTS[question]
    assert isinstance(requirement, Question)
    said = requirement.parse(typed)
    assert (said.code if isinstance(said, Unclear) else said) == means


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łukasz Müller-Groß", "LUKASZ MULLER GROSS"),
        ("Søren Æbelø", "SOREN AEBELO"),
        ("D'Arcy  ", "D ARCY"),
        ("ＦＵＬＬ width", "FULL WIDTH"),
        ("a\u200bb", "AB"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert answers.fold(text) == folded


@given(st.text(max_size=400), st.sampled_from([r for r in REQUIREMENTS.values() if isinstance(r, Question)]))
def test_whatever_is_typed_is_a_value_or_a_reason_and_means_the_same_twice(
    text: str, question: Question
) -> None:
    said = question.parse(text)
    assert isinstance(said, str | Unclear)
    if isinstance(said, str):
        assert question.parse(said) == said


@given(
    st.dates(
        min_value=datetime(1900, 1, 1, tzinfo=UTC).date(), max_value=datetime(2020, 1, 1, tzinfo=UTC).date()
    )
)
def test_an_age_grows_on_the_birthday(born: object) -> None:
    on = datetime(2026, 11, 22, tzinfo=UTC)
    years = answers.age(str(born), on)
    assert 6 <= years <= 126
    assert answers.age(str(born), on.replace(year=2027)) == years + 1
