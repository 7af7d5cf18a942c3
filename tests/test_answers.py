"""What people type, and what it becomes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import answers
from bot.answers import Unclear
from bot.documents import REQUIREMENTS, Question


def _code(said: str | Unclear) -> str:
    return said.code if isinstance(said, Unclear) else said


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
    assert _code(answers.country(typed)) == means


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
    assert _code(answers.day(typed)) == means


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
    assert _code(requirement.understood(typed, "")) == means


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


@given(
    st.text(max_size=400),
    st.sampled_from([r for r in REQUIREMENTS.values() if isinstance(r, Question)]),
    st.sampled_from(["", "DE", "US"]),
)
def test_whatever_is_typed_is_a_value_or_a_reason_and_means_the_same_twice(
    text: str, question: Question, place: str
) -> None:
    said = question.understood(text, place)
    assert isinstance(said, str | Unclear)
    if isinstance(said, str):
        assert question.understood(said, place) == said


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


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("Germany, France", "DE,FR"),
        ("DE,FR", "DE,FR"),
        ("deutschland und frankreich", "DE,FR"),
        ("Bosnia and Herzegovina and Serbia", "BA,RS"),
        ("Bosnia & Herzegovina & Serbia", "BA,RS"),
        ("Trinidad and Tobago; the Netherlands\nthe UK", "TT,NL,GB"),
        ("Germany France New Zealand", "DE,FR,NZ"),
        ("FR, DE, FR", "FR,DE"),
        ("ET, SI", "ET,SI"),
        ("France et Allemagne", "FR,DE"),
        ("España y Portugal", "ES,PT"),
        ("Россия и Казахстан", "RU,KZ"),
        ("中国、日本", "CN,JP"),
        ("Germany, Narnia and France", "not_a_country"),
        ("Germany and", "not_a_country"),
        ("", "not_a_country"),
        (",;", "not_a_country"),
    ],
)
def test_several_countries(typed: str, means: str) -> None:
    assert _code(answers.countries(typed)) == means


def test_the_first_unknown_country_is_named() -> None:
    assert answers.countries("Germany, Narnia, Mordor") == Unclear("not_a_country", {"said": "Narnia"})


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("Bosnia and Herzegovina", "BA"),
        ("The Netherlands", "NL"),
        ("Czech Republic", "CZ"),
        ("Turkey", "TR"),
        ("Ivory Coast", "CI"),
        ("Hong Kong", "HK"),
    ],
)
def test_names_that_are_in_use(typed: str, means: str) -> None:
    assert _code(answers.country(typed)) == means


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada.L+shop@Example.COM", "Ada.L+shop@example.com"),
        ("my mail is x@y.de.", "x@y.de"),
        ("Ada <ada@example.com>", "ada@example.com"),
        ("mailto:ada@example.com?subject=hi", "ada@example.com"),
        ("MAILTO:ada@example.com", "ada@example.com"),
        ("ada@example.com, ada@example.com", "ada@example.com"),
        ("ada@müller.de", "ada@müller.de"),
        ("ａｄａ＠example.com", "ada@example.com"),
        ("\u200bada@example.com\u200b", "ada@example.com"),
        ("a@example.com or b@example.com", "not_an_email"),
        ("ada@localhost", "not_an_email"),
        ("ada@example", "not_an_email"),
        ("ada at example dot com", "not_an_email"),
        ("@ada", "not_an_email"),
        ("ada@127.0.0.1", "not_an_email"),
        ("a" * 65 + "@example.com", "not_an_email"),
        ("", "not_an_email"),
    ],
)
def test_emails(typed: str, means: str) -> None:
    assert _code(answers.email(typed)) == means


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("www.Example.com", "https://www.example.com/"),
        ("http://example.com/Shop?x=1#top", "http://example.com/Shop?x=1#top"),
        ("HTTPS://Example.com:8443", "https://example.com:8443/"),
        ("example.com?x=1", "https://example.com/?x=1"),
        ("My shop: https://example.com/ada.", "https://example.com/ada"),
        ("müller.de/ä", "https://xn--mller-kva.de/%C3%A4"),
        ("магазин.рф", "https://xn--80aairftm.xn--p1ai/"),
        ("аpple.com", "https://xn--pple-43d.com/"),
        ("ｅｘａｍｐｌｅ.com", "https://example.com/"),
        ("example.com.", "https://example.com/"),
        ("https://user:secret@example.com", "not_a_link"),
        ("user@example.com", "not_a_link"),
        ("javascript:alert(1)", "not_a_link"),
        ("javascript://example.com/%0aalert(1)", "not_a_link"),
        ("ftp://example.com", "not_a_link"),
        ("tg://resolve?domain=ada", "not_a_link"),
        ("http://127.0.0.1/", "not_a_link"),
        ("http://[::1]/", "not_a_link"),
        ("http://2130706433/", "not_a_link"),
        ("http://localhost", "not_a_link"),
        ("http://printer.local/", "not_a_link"),
        ("photo.jpg", "not_a_link"),
        ("@ada_shop", "not_a_link"),
        ("shop", "not_a_link"),
        ("I have none.But soon", "not_a_link"),
        ("www.a.com www.b.com", "not_a_link"),
        ("example.com/<script>", "not_a_link"),
        ("https://example.com/" + "x" * 400, "not_a_link"),
        ("exa mple.com", "not_a_link"),
        ("-example-.com", "not_a_link"),
        ("example..com", "not_a_link"),
        ("example.com:99999", "not_a_link"),
        ("", "not_a_link"),
    ],
)
def test_links(typed: str, means: str) -> None:
    assert _code(answers.link(typed)) == means


@pytest.mark.parametrize(
    ("typed", "country", "means"),
    [
        ("0151 23456789", "DE", "+4915123456789"),
        ("0151 23456789", "", "not_a_phone"),
        ("4915123456789", "", "+4915123456789"),
        ("4915123456789", "DE", "+4915123456789"),
        ("393331234567", "IT", "+393331234567"),
        ("3931234567", "IT", "+393931234567"),
        ("47123456", "NO", "+4747123456"),
        ("+39 333 1234567", "DE", "+393331234567"),
        ("0039 333 1234567", "DE", "+393331234567"),
        ("0049 151 23456789", "", "+4915123456789"),
        ("+49 (0)151 23456789", "", "+4915123456789"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("٠١٥١ ٢٣٤٥٦٧٨٩", "DE", "+4915123456789"),
        ("my number is +49 151 23456789", "", "+4915123456789"),
        ("12", "DE", "not_a_phone"),
        ("call me", "DE", "not_a_phone"),
        ("49000000", "", "not_a_phone"),
        ("1" * 4096, "DE", "not_a_phone"),
    ],
)
def test_phones(typed: str, country: str, means: str) -> None:
    assert _code(answers.phone(typed, country)) == means


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("33 %", "33"),
        ("33,3", "33.3"),
        ("33.333", "33.33"),
        ("66,666 %", "66.67"),
        ("100", "100"),
        ("100.00%", "100"),
        ("0.5", "0.5"),
        ("1/3", "33.33"),
        ("I own 2/3 of it", "66.67"),
        ("½", "50"),
        ("33⅓ %", "33.33"),
        ("33 1/3 %", "33.33"),
        ("50/50", "50"),
        ("51/49", "51"),
        ("half", "50"),
        ("Half of it.", "50"),
        ("all", "100"),
        ("one third", "33.33"),
        ("٣٣ ٪", "33"),
        ("３３％", "33"),
        ("33٫5", "33.5"),
        ("about 40 percent", "40"),
        ("0", "not_a_share"),
        ("0.001", "not_a_share"),
        ("101", "not_a_share"),
        ("-5", "not_a_share"),
        ("3/2", "not_a_share"),
        ("1/0", "not_a_share"),
        ("1/3 %", "not_a_share"),
        ("half a percent", "not_a_share"),
        ("more than 25 %", "not_a_share"),
        ("<25%", "not_a_share"),
        ("33 % and 67 %", "not_a_share"),
        ("25-50", "not_a_share"),
        ("12/24/1990", "not_a_share"),
        ("some", "not_a_share"),
    ],
)
def test_shares(typed: str, means: str) -> None:
    assert _code(answers.share(typed)) == means


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("5000", "5000"),
        ("5.000 €", "5000"),
        ("5,000.50 USD", "5001"),
        ("5.000,49", "5000"),
        ("$5,000", "5000"),
        ("EUR5000", "5000"),
        ("5k", "5000"),
        ("1.5k€", "1500"),
        ("1,250 k", "1250"),
        ("about 2 thousand", "2000"),
        ("20 000", "20000"),
        ("20\u202f000,00", "20000"),
        ("1'250'000 CHF", "1250000"),
        ("1,50,000 rupees", "150000"),
        ("2 lakh", "200000"),
        ("3万", "30000"),
        ("10 тыс. руб", "10000"),
        ("2m", "2000000"),
        ("5000/m", "5000"),
        ("5000 per month", "5000"),
        ("٥٬٠٠٠٫٥٠", "5001"),
        ("0", "0"),
        ("0.50", "1"),
        ("0.500", "not_an_amount"),
        ("5 million", "5000000"),
        ("two thousand", "not_an_amount"),
        ("5 € thousand", "not_an_amount"),
        ("1000 - 2000", "not_an_amount"),
        ("-500", "not_an_amount"),
        ("60 000 a year", "not_an_amount"),
        ("2 thousand five hundred", "not_an_amount"),
        ("5 m", "not_an_amount"),
        ("5 mil", "not_an_amount"),
        ("0151 23456789", "not_an_amount"),
        ("1.2.3", "not_an_amount"),
        ("1e9", "not_an_amount"),
        ("9" * 400, "not_an_amount"),
        ("a lot", "not_an_amount"),
    ],
)
def test_amounts(typed: str, means: str) -> None:
    assert _code(answers.amount(typed)) == means


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("card+transfer", "card+transfer"),
        ("transfer, Card", "card+transfer"),
        ("card and on delivery", "card+on_delivery"),
        ("On-Delivery; card; card", "card+on_delivery"),
        ("card", "card"),
        ("card+gold", "tap_please"),
        ("card, please", "tap_please"),
        ("", "tap_please"),
        ("+", "tap_please"),
    ],
)
def test_several(typed: str, means: str) -> None:
    assert _code(answers.several("card", "transfer", "on_delivery")(typed)) == means


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("14:30", "14:30"),
        ("2:30 pm", "14:30"),
        ("2.30 p.m.", "14:30"),
        ("14h30", "14:30"),
        ("14 h", "14:00"),
        ("1430", "14:30"),
        ("930", "09:30"),
        ("2pm", "14:00"),
        ("12 am", "00:00"),
        ("12 pm", "12:00"),
        ("14:30 pm", "14:30"),
        ("14:30:59", "14:30"),
        ("14 Uhr", "14:00"),
        ("14時30分", "14:30"),
        ("24:00", "00:00"),
        ("noon", "12:00"),
        ("it is 9:05 here", "09:05"),
        ("Now it's 9:05.", "09:05"),
        ("١٤:٣٠", "14:30"),
        ("１４：３０", "14:30"),
        ("14", "not_a_time"),
        ("25:00", "not_a_time"),
        ("14:60", "not_a_time"),
        ("14 am", "not_a_time"),
        ("22.11.2026", "not_a_time"),
        ("9:00 - 10:00", "not_a_time"),
        ("now", "not_a_time"),
    ],
)
def test_times_of_day(typed: str, means: str) -> None:
    assert _code(answers.time_of_day(typed)) == means
