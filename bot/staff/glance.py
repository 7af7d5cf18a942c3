"""Whether a card can have changed at all: a look at what it is drawn from, which costs a tenth of drawing it."""

from __future__ import annotations

from bot.documents import REQUIREMENTS, Document
from bot.staff.why import signable
from bot.standing import Standing, due_items

SHOWN = (
    "country",
    "legal_form",
    "full_name",
    "native_name",
    "company_name",
    "birth_date",
    "card",
    "face_consent",
)


def glance(standing: Standing) -> tuple[object, ...]:
    """Two standings of one case that give the same here have the same card (a law in the tests holds this)."""
    facts = standing.facts
    people = [
        (s, facts.value(kind, s), facts.value("birth_date", s))
        for kind in facts.people
        for s in facts.people[kind]
    ]
    papers = [
        (i.key, i.state, i.of, i.reason, i.evidence, i.findings)
        for i in standing.items
        if isinstance(REQUIREMENTS[i.key.requirement], Document)
    ]
    decisions = (
        facts.decision,
        facts.appeal,
        facts.requests,
        facts.holds,
        facts.rulings,
        facts.reachable,
        facts.signature,
        facts.shared,
    )
    rests_on = (facts.judged, facts.ground if signable(standing) else 0, len(facts.nudges))
    overdue = [item.key for item in due_items(standing)] if standing.overdue else None
    said = [facts.value(name) for name in SHOWN]
    stands = (standing.stage, standing.needs_person, standing.risk, overdue)
    return (stands, rests_on, decisions, said, people, papers)
