"""Reports of suspicion: what is in them, what is missing, and that they fit goAML's structure."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.model import Alert, Cleared, Disposition, Key, Match, Screened, Submission, Transaction
from bot.reports.brief import Brief, Reporter
from bot.reports.codes import Codes
from bot.reports.goaml import city_of
from bot.reports.latin import latin, parted, spelt
from bot.reports.money import Money
from bot.reports.reasons import alerted, sentence
from bot.reports.sar import Draft, draft
from bot.reports.subject import bank_of
from bot.reports.values import Element
from bot.reports.xml import written
from tests.world import PASSPORT, SENT, START, TAPPED, World

etree = pytest.importorskip("lxml.etree")
OURS = Path(__file__).parent / "goaml.xsd"
LICENCE = {
    **PASSPORT,
    "type": "driving_licence",
    "issuing_country": "GBR",
    "issued_on": "2020-05-04",
    "sex": "F",
}
MONEY = Money("EUR", {})
BRIEF = Brief(Reporter(1234, "Grace Hopper", "grace@example.org"), "c0ffee-1", START, MONEY)
ALERT = Alert(
    START,
    "structuring",
    "2026-W45",
    quiet=True,
    why={"count": "4", "from": "9000", "under": "10000"},
    transactions=("t1", "t2", "t3", "t4"),
)
MOVED = (
    Transaction("t1", "s", START, "9500", "EUR", "in", "a" * 64, "FR", "card", "b" * 64),
    Transaction("t2", "s", START, "12.5", "USD", "refund", "a" * 64, "", "wallet"),
    Transaction("t3", "s", START, "9000", "EUR", "out", "", "", "crypto"),
    Transaction("t4", "s", START, "80", "GBP", "chargeback", "c" * 64, "GB", ""),
)


def schemas() -> Iterator[Any]:
    """Our own structure, and the licensed schema where it is at hand."""
    yield pytest.param(OURS, id="ours")
    home = os.environ.get("KYC_SPECIMENS", "")
    real = Path(home) / "goaml" / "goAMLSchema.xsd"
    there = bool(home) and real.exists()
    skip = pytest.mark.skipif(not there, reason="no KYC_SPECIMENS/goaml/goAMLSchema.xsd")
    yield pytest.param(real, id="goAML 5.0.2", marks=skip)


def seller(form: str, monkeypatch: pytest.MonkeyPatch, paper: dict[str, str] = PASSPORT) -> World:
    """A seller of this legal form who has answered everything, and an alert that nobody but compliance knows of."""
    world = World()
    monkeypatch.setitem(TAPPED, "legal_form", form)
    monkeypatch.setitem(SENT, "identity", paper)
    world.given(command="start")
    world.finish()
    world.add(ALERT)
    return world


def drafted(world: World, moved: tuple[Transaction, ...] = (), brief: Brief = BRIEF) -> Draft:
    return draft(world.case, world.standing(), moved, brief)


def found(element: Element, *path: str) -> list[str]:
    """The texts at a path of names."""
    if not path:
        return [element.text]
    return [text for part in element.parts if part.name == path[0] for text in found(part, *path[1:])]


@pytest.mark.parametrize("schema", [*schemas()])
@pytest.mark.parametrize("moved", [(), MOVED], ids=["SAR", "STR"])
@pytest.mark.parametrize("form", ["individual", "sole_trader", "company"])
@pytest.mark.parametrize("paper", [PASSPORT, LICENCE], ids=["passport", "licence"])
def test_a_report_fits_the_schema(
    form: str,
    paper: dict[str, str],
    moved: tuple[Transaction, ...],
    schema: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = drafted(seller(form, monkeypatch, paper), moved)
    assert made.missing == ()
    assert made.kind == ("STR" if moved else "SAR")
    judge = etree.XMLSchema(etree.parse(schema))
    judge.validate(etree.fromstring(written(made.report)))
    assert str(judge.error_log) == ""


def test_what_is_reported_is_what_the_case_says(monkeypatch: pytest.MonkeyPatch) -> None:
    report = drafted(seller("individual", monkeypatch, LICENCE), MOVED).report
    party = ("activity", "report_parties", "report_party")
    client = (*party, "person_my_client")
    assert found(report, *client, "last_name") == ["LOVELACE"]
    assert found(report, *client, "birthdate") == ["1990-12-10T00:00:00"]
    assert found(report, *client, "nationality1") == ["GB"]
    assert found(report, *client, "residence") == ["DE"]
    assert found(report, *client, "identification", "type") == ["DRIVL"]
    assert found(report, *client, "addresses", "address", "city") == ["Berlin"]
    assert found(report, *party, "account", "iban") == ["DE89370400440532013000"]
    assert found(report, *party, "account", "institution_code") == ["37040044"]
    assert found(report, "reason") == [
        "2026-11-02 4 amounts from 9,000 to below 10,000 came in within 7 days."
    ]
    assert found(report, "report_indicators", "indicator") == ["STRUC"]


def test_what_was_dismissed_is_not_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    world = seller("individual", monkeypatch)
    of = next(n for n, record in world.case.records() if isinstance(record, Alert))
    assert alerted(world.case) == ALERT.transactions
    world.add(Disposition(world.now, of, "dismissed", "tg:9", "usual_business"))
    report = drafted(world, MOVED, replace(BRIEF, reason="Another one.")).report
    assert found(report, "reason") == ["Another one."]
    assert "STRUC" not in found(report, "report_indicators", "indicator")
    assert alerted(world.case) == ()


def test_money_goes_the_way_it_went(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sale comes to the seller, all else goes from them; amounts are in the local currency as well."""
    report = drafted(seller("individual", monkeypatch, LICENCE), MOVED).report
    sale, refund, payout, back = (part for part in report.parts if part.name == "transaction")
    assert found(sale, "t_to_my_client", "to_person", "last_name") == ["LOVELACE"]
    assert found(sale, "t_from", "from_country") == ["FR"]
    assert found(sale, "t_from", "from_account", "account") == [f"pseudonym {'a' * 32}"]
    for each in (refund, payout, back):
        assert found(each, "t_from_my_client", "from_person", "last_name") == ["LOVELACE"]
    assert found(refund, "amount_local") == ["10.66"]
    assert found(refund, "t_to", "to_foreign_currency", "foreign_amount") == ["12.5"]
    assert found(refund, "t_to", "to_country") == ["-"]
    assert found(payout, "t_to", "to_account", "account") == ["not known"]
    assert found(back, "amount_local") == ["92.00"]


def test_a_company_is_reported_with_the_people_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    report = drafted(seller("company", monkeypatch)).report
    entity = ("activity", "report_parties", "report_party", "entity")
    assert found(report, *entity, "name") == ["Analytical Engines GmbH"]
    assert found(report, *entity, "incorporation_number") == ["Aachen HRB 11223"]
    assert found(report, *entity, "incorporation_country_code") == ["DE"]
    assert found(report, *entity, "director_id", "role") == ["DIR", "UBO"]
    assert found(report, *entity, "director_id", "last_name") == ["LOVELACE", "LOVELACE"]


def test_a_currency_without_a_rate_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    world, moved = seller("individual", monkeypatch), (replace(MOVED[0], currency="XAU"),)
    (lacking,) = drafted(world, moved).missing
    assert (lacking.field, lacking.how) == (
        "amount_local",
        "there is no rate for XAU: set REPORT_RATES, like XAU=1.25",
    )
    brief = replace(BRIEF, money=Money("EUR", {"XAU": Decimal(3000)}))
    made = drafted(world, moved, brief)
    assert made.missing == ()
    assert found(made.report, "transaction", "amount_local") == ["28500000.00"]


def test_a_document_that_was_refused_says_nothing_of_its_holder(monkeypatch: pytest.MonkeyPatch) -> None:
    world = seller("individual", monkeypatch)
    world.add(Submission(world.now + timedelta(seconds=1), Key("full_name"), "Łucja Müßig-O’Brien"))
    made = drafted(world)
    names = [
        found(made.report, "activity", "report_parties", "report_party", "person", f"{n}_name")
        for n in ("first", "last")
    ]
    assert names == [["Lucja"], ["Mussig-O'Brien"]]


@pytest.mark.parametrize(
    ("name", "written_as"),
    [
        ("Łukasz O’Brien–Müßig", "Lukasz O'Brien-Mussig"),
        ("José & Søn GmbH (i.L.)", "Jose and Son GmbH i.L."),
        ("Nguyễn Thị Hương", "Nguyen Thi Huong"),
        ("Gülşah Işık", "Gulsah Isik"),
        ("王小明", ""),
        ("Иван Петров", ""),
        ("Ivan Петров", ""),
        ("", ""),
    ],
)
def test_names_in_the_letters_that_are_taken(name: str, written_as: str) -> None:
    assert latin(name) == written_as


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada King", ("Ada", "King")),
        ("King, Ada", ("Ada", "King")),
        ("Madonna", ("-", "Madonna")),
        ("", ("", "")),
    ],
)
def test_first_and_last_names(name: str, parts: tuple[str, str]) -> None:
    assert parted(name) == spelt(name) == parts


def test_a_comma_is_seen_before_other_letters_are_made_latin() -> None:
    assert spelt("Лавлейс, Ада") == spelt("Ада Лавлейс")
    assert spelt("van Dyke, Jörg")[1] == "van Dyke"


@pytest.mark.parametrize(
    ("said", "city"),
    [
        ("12 Main Street, 10115 Berlin", ("Berlin", "10115")),
        ("10 Downing Street, London SW1A 2AA", ("London", "SW1A 2AA")),
        ("Calle Mayor 3, 28013 Madrid, España", ("Madrid", "28013")),
        ("5 Peachtree St, Atlanta, GA 30303, USA", ("Atlanta", "30303")),
        ("Hauptstr. 5 10115 Berlin", ("Hauptstr. Berlin", "10115")),
        ("Flat 3", ("Flat", "")),
        ("12345", ("", "12345")),
    ],
)
def test_the_city_of_an_address(said: str, city: tuple[str, str]) -> None:
    assert city_of(said) == city


@pytest.mark.parametrize(
    ("number", "bank"),
    [
        ("DE89370400440532013000", ("DE", "37040044")),
        ("GB29NWBK60161331926819", ("GB", "NWBK")),
        ("IT60X0542811101000000123456", ("IT", "05428")),
        ("DE89370400440532013001", ("", "")),
        ("123456789", ("", "")),
    ],
)
def test_the_bank_of_an_account(number: str, bank: tuple[str, str]) -> None:
    assert bank_of(number) == bank


@pytest.mark.parametrize(
    ("own", "kind", "meaning", "code"),
    [
        ({}, "funds_type", "card", "CRTCR"),
        ({}, "funds_type", "beads", "ELCFT"),
        ({"funds_type": "K"}, "funds_type", "card", "K"),
        ({"funds_type.card": "K"}, "funds_type", "", "ELCFT"),
        ({}, "gender_type", "X", "-"),
        ({}, "report_type", "", ""),
    ],
)
def test_codes(own: dict[str, str], kind: str, meaning: str, code: str) -> None:
    lists = {"report_type": frozenset({"STR"}), "funds_type": frozenset({"K", "ELCFT", "CRTCR"})}
    assert Codes(lists, own).of(kind, meaning) == code


def test_text_that_would_break_the_file_does_not() -> None:
    said = 'a < b & c > "d" \x00\x0b]]>'
    back = etree.fromstring(written(Element("report", parts=(Element("reason", said),))))
    assert back.findtext("reason") == 'a < b & c > "d" ]]>'


def test_what_compliance_found_is_among_the_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    world = seller("individual", monkeypatch)
    match = Match("p1", "ADA LOVELACE", "Ada LOVELACE", "ofac-1", "OFAC SDN", 97)
    other = replace(match, pair="p2", matched="Ida Loveless")
    of = len(world.case)
    world.add(Screened(world.now, "d", "v", (match, other)))
    world.add(Cleared(world.now, "p1", true=True, by="tg:9"), Cleared(world.now, "p2", true=False, by="tg:9"))
    world.add(Disposition(world.now, of, "reported", "tg:9", "no answer"))
    lines = found(drafted(world).report, "reason")[0].splitlines()
    assert lines[1:] == [
        "2026-11-02 ADA LOVELACE was found to be Ada LOVELACE, entry ofac-1 of the list OFAC SDN, by the compliance officer.",
        "2026-11-02 Ruled by the compliance officer: no answer.",
    ]


def test_an_alert_of_a_rule_that_is_no_more_is_told_by_its_figures() -> None:
    assert sentence(Alert(START, "gone", "w", quiet=True, why={"n": "3"})) == "n 3"
    assert sentence(Alert(START, "structuring", "w", quiet=True, why={"n": "3"})) == "n 3"
    assert sentence(Alert(START, "gone", "2026-W45", quiet=True)) == "2026-W45"
