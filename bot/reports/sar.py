"""A report of suspicion on one case.

With transactions it is a suspicious transaction report (STR), without any a suspicious activity report (SAR).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.model import Case, Stage, Transaction
from bot.reports import goaml
from bot.reports.brief import Brief
from bot.reports.codes import Codes
from bot.reports.lacking import lacking, uncoded
from bot.reports.latin import spelt
from bot.reports.money import Side, transaction, unknown
from bot.reports.reasons import indicators, reasons
from bot.reports.subject import Subject, subject
from bot.reports.values import Element, Missing, node, text
from bot.standing import Standing

ACTION = {
    Stage.SUSPENDED: "The seller's account is suspended.",
    Stage.DECLINED: "The seller was not admitted.",
    Stage.CLOSED: "The seller's account is closed.",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A report and what is missing from it; to be filed only where nothing `needed` is missing."""

    kind: str
    report: Element
    missing: tuple[Missing, ...]


def draft(case: Case, standing: Standing, transactions: tuple[Transaction, ...], brief: Brief) -> Draft:
    """The report as far as it can be written."""
    about = subject(standing, brief.name)
    strange = unknown(transactions, brief.money)
    told = tuple(each for each in transactions if each.currency not in strange)
    kind = "STR" if transactions else "SAR"
    action = brief.action or ACTION.get(standing.stage, "None so far.")
    head = (*_header(case, brief, kind), text("action", action, goaml.LONG))
    report = node("report", (*head, *_body(case, about, told, brief)))
    return Draft(kind, report, (*lacking(case, about, brief, strange), *uncoded(report, brief.codes)))


def _header(case: Case, brief: Brief, kind: str) -> Iterator[Element | None]:
    reporter = brief.reporter
    yield Element("rentity_id", str(reporter.entity))
    yield text("rentity_branch", reporter.branch)
    yield Element("submission_code", brief.codes.of("submission_type"))
    yield Element("report_code", kind)
    yield Element("entity_reference", brief.reference[:255])
    yield Element("submission_date", f"{brief.at:%Y-%m-%dT%H:%M:%S}")
    yield Element("currency_code_local", brief.money.local)
    first, last = spelt(reporter.person)
    email = reporter.email if goaml.EMAIL.fullmatch(reporter.email) else ""
    who = (text("first_name", first, 100), text("last_name", last, 100), text("email", email))
    yield node("reporting_person", who)
    yield text("reason", reasons(case, brief.reason), goaml.LONG)


def _body(
    case: Case, about: Subject, transactions: tuple[Transaction, ...], brief: Brief
) -> Iterator[Element | None]:
    side = _side(about, brief.codes)
    for each in transactions:
        yield transaction(each, side, brief.money, brief.codes)
    yield _activity(about, side, case)
    codes = brief.indicators or tuple(indicators(case, brief.codes))
    yield node("report_indicators", (Element("indicator", code) for code in codes))


def _side(about: Subject, codes: Codes) -> Side:
    if about.company:
        return Side(
            goaml.company(about.company, codes), strict=False, country=codes.country(about.company.country)
        )
    assert about.person, "one of both is there"
    element, strict = goaml.person(about.person, codes)
    return Side(element, strict, codes.country(about.person.residence))


def _activity(about: Subject, side: Side, case: Case) -> Element:
    """The seller and the account, as parties of the report."""
    name = f"{side.element.name}_my_client" if side.strict else side.element.name
    why = f"The seller of case {case.id}, with us since {case.opened_at:%Y-%m-%d}"
    parties = [node("report_party", (Element(name, parts=side.element.parts), Element("reason", why)))]
    if about.account:
        paid = Element("reason", "Where the seller wants to be paid")
        parties.append(node("report_party", (goaml.account(about.account), paid)))
    return node("activity", (node("report_parties", parties),))
