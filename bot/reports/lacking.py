"""What is missing before a report may be written: one sentence a field, which says what would bring it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.model import Case
from bot.reports import goaml
from bot.reports.brief import Brief
from bot.reports.codes import Codes
from bot.reports.latin import spelt
from bot.reports.reasons import indicators, reasons
from bot.reports.subject import Company, Person, Subject
from bot.reports.values import Element, Missing


def lacking(case: Case, about: Subject, brief: Brief, strange: tuple[str, ...]) -> Iterator[Missing]:
    """Of who reports, of the matter, of the seller. `strange`: currencies that there is no rate for."""
    yield from _of_reporter(brief)
    yield from _of_matter(case, brief, strange)
    if about.company:
        yield from _of_company(about.company)
    elif about.person:
        yield from _of_person(about.person)
    if about.account is None:
        yield Missing("account", "the seller has not named an account yet", needed=False)


def _of_reporter(brief: Brief) -> Iterator[Missing]:
    if brief.reporter.entity < 1:
        yield Missing("rentity_id", "set REPORT_ENTITY_ID to the number that the authority gave you")
    if not spelt(brief.reporter.person)[1]:
        yield Missing("reporting_person", "set REPORT_PERSON to the name of who reports, in Latin letters")


def _of_matter(case: Case, brief: Brief, strange: tuple[str, ...]) -> Iterator[Missing]:
    if not reasons(case, brief.reason):
        yield Missing("reason", "no alert says why: give the reason with --reason")
    if not brief.codes.holds("currency_type", brief.money.local):
        yield Missing("currency_code_local", f"the schema has no {brief.money.local}: set REPORT_CURRENCY")
    if not (brief.indicators or any(indicators(case, brief.codes))):
        yield Missing(
            "report_indicators", "the schema has none of our codes: give one of its own with --indicator"
        )
    for code in brief.indicators:
        if not brief.codes.holds("report_indicator_type", code):
            yield Missing("report_indicators", f"the schema has no indicator {code}")
    for currency in strange:
        yield Missing(
            "amount_local", f"there is no rate for {currency}: set REPORT_RATES, like {currency}=1.25"
        )


ASKED: Mapping[str, str] = {
    "birthdate": "the birth date is not known: the seller is asked for their identity document",
    "nationality1": "the nationality is not known: ask for a passport on the case's card, which says it",
    "residence": "the country of residence is not known: the seller is asked for it",
    "id_number": "no identity document with a number was accepted: the seller is asked for one",
}


def _of_person(one: Person) -> Iterator[Missing]:
    if not one.last:
        yield Missing("first_name, last_name", "no name in Latin letters is known: give it with --name")
    known = (goaml.day(one.born), one.nationality, one.residence, one.identity.number)
    for (name, how), value in zip(ASKED.items(), known, strict=True):
        if not value:
            yield Missing(name, how, needed=False)


def _of_company(one: Company) -> Iterator[Missing]:
    if not one.name:
        yield Missing("name", "no name of the company in Latin letters is known: give it with --name")
    if not one.number:
        how = "the register number is not known: the seller is asked for it"
        yield Missing("incorporation_number", how, needed=False)
    if not one.country:
        how = "the country of the register is not known: the seller is asked for it"
        yield Missing("incorporation_country_code", how, needed=False)
    if not one.people:
        how = "nobody who acts for the company is known: the seller is asked for an identity document"
        yield Missing("director_id", how, needed=False)


CODED: Mapping[str, str] = {
    "submission_code": "submission_type",
    "transmode_code": "conduction_type",
    "from_funds_code": "funds_type",
    "to_funds_code": "funds_type",
    "type": "identifier_type",
    "tph_contact_type": "contact_type",
    "tph_communication_type": "communication_type",
    "address_type": "contact_type",
    "role": "entity_person_role_type",
    "from_country": "country_type",
    "to_country": "country_type",
    "country_code": "country_type",
}


def uncoded(report: Element, codes: Codes) -> Iterator[Missing]:
    """Coded fields that the schema at hand has no code of ours for."""
    lacking = sorted(
        {one.name for one in _walk(report) if one.name in CODED and not one.text and not one.parts}
    )
    for name in lacking:
        kind = CODED[name]
        yield Missing(name, f"the schema has none of our codes: set REPORT_CODES, like {kind}=CODE")
    if not codes.holds("report_type", next(one.text for one in report.parts if one.name == "report_code")):
        yield Missing("report_code", "the schema has no such kind of report")


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for part in element.parts:
        yield from _walk(part)
