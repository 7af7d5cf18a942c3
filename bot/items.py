"""What a case owes, its risk, and where each item stands: nothing that was only said is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from bot.conditions import Circumstances
from bot.documents import REQUIREMENTS, Document, Question
from bot.facts import Answer, Facts
from bot.holds import TELEGRAM
from bot.model import NOTHING, Finding, Key, State, Tier, Verdict
from bot.papers import Judged, current
from bot.policy import Policy, Row
from bot.reviews import next_due
from bot.risk import Grounds, Risk, score

READ = (State.SATISFIED, State.PENDING)  # a document whose words may be shown and relied on


class Item(NamedTuple):
    """One owed thing. `of`: the sequence of what was judged; `until`: the ISO date it runs out, "" if never."""

    key: Key
    row: Row
    state: State
    findings: tuple[Finding, ...] = ()
    of: int = 0
    until: str = ""
    evidence: Mapping[str, str] = NOTHING
    reason: str = ""
    covered: bool = False  # an earlier paper is still good while this one is looked at
    tries: int = 0  # refused pictures in a row
    good_until: str = ""  # the last day on which time alone leaves the item as it is


class Weighed(NamedTuple):
    """What a policy makes of facts."""

    risk: Risk
    items: tuple[Item, ...]


def weigh(facts: Facts, policy: Policy, now: datetime) -> Weighed:
    """The risk and what is owed at `now` (aware, UTC). The same for a case whose talk is erased."""
    papers = current(facts, policy.tries)
    risk, owed = _owed(facts, papers, policy, now)
    if any(key not in owed for key in papers):
        papers = current(facts, policy.tries, frozenset(owed))
        risk, owed = _owed(facts, papers, policy, now)
    return Weighed(risk, tuple(_item(facts, papers, key, row, now) for key, row in owed.items()))


def _owed(
    facts: Facts, papers: Mapping[Key, Judged], policy: Policy, now: datetime
) -> tuple[Risk, Mapping[Key, Row]]:
    set_to = facts.override.tier if facts.override and now < facts.override.until else None
    risk = score(Grounds(facts, _findings(papers)), policy.factors, policy.thresholds, set_to)
    return risk, policy.owed(_circumstances(facts, papers, risk.tier, policy, now))


def _findings(papers: Mapping[Key, Judged]) -> tuple[Finding, ...]:
    return tuple(finding for judged in papers.values() if not judged.ruling for finding in judged.findings)


def _circumstances(
    facts: Facts, papers: Mapping[Key, Judged], tier: Tier, policy: Policy, now: datetime
) -> Circumstances:
    readings = {
        key.subject: judged.paper.evidence
        for key, judged in papers.items()
        if key.requirement == "identity" and judged.state in READ and judged.paper.evidence
    }
    identity, card = papers.get(Key("identity")), facts.answers.get(Key("card"))
    fresh = card and identity and card.sequence > identity.paper.examined
    review = next_due(facts, policy.years(tier, facts, now.date()))
    return Circumstances(facts, tier, readings, card.text if card and fresh else "", now.date(), review)


def _item(facts: Facts, papers: Mapping[Key, Judged], key: Key, row: Row, now: datetime) -> Item:
    requirement = REQUIREMENTS[key.requirement]
    if isinstance(requirement, Question):
        return _answered(facts, papers, key, row, now)
    judged = papers.get(key)
    if judged is None:
        return Item(key, row, State.MISSING)
    evidence = judged.paper.evidence or NOTHING
    until = (
        evidence.get("expires_on", "") if isinstance(requirement, Document) and requirement.runs_out else ""
    )
    today = now.date().isoformat()
    state = judged.state
    if state is State.SATISFIED and until and until < today:
        state = State.EXPIRED
    cover = judged.cover
    cover_until = (cover.evidence or NOTHING).get("expires_on", "") if cover else ""
    covered = cover is not None and not (cover_until and cover_until < today)
    good_until = until if state is State.SATISFIED else cover_until if covered else ""
    return Item(
        key,
        row,
        state,
        judged.findings,
        of=judged.paper.sequence,
        until=until,
        evidence=evidence,
        reason=judged.ruling.reason if judged.ruling else "",
        covered=covered,
        tries=judged.tries,
        good_until=good_until,
    )


def _answered(facts: Facts, papers: Mapping[Key, Judged], key: Key, row: Row, now: datetime) -> Item:
    """A question's item. While a change is held back, what it is to replace still stands."""
    answer, hold = facts.answers.get(key), facts.holds.get(key)
    if hold and not hold.over(now):
        state = State.CHECKING if hold.agreed else State.PENDING
        return Item(key, row, state, of=hold.sequence, covered=True)
    state = _question(facts, papers, key, answer)
    if answer is None:
        return Item(key, row, state)
    _, refused = facts.rulings.get(answer.sequence, (0, None))
    reason = refused.reason if refused and refused.verdict is Verdict.REJECT else ""
    return Item(key, row, state, of=answer.sequence, reason=reason)


def _question(facts: Facts, papers: Mapping[Key, Judged], key: Key, answer: Answer | None) -> State:
    question = REQUIREMENTS[key.requirement]
    assert isinstance(question, Question), "documents are judged elsewhere"
    if key == TELEGRAM:
        return State.SATISFIED
    if answer is None or question.recurs:
        return State.MISSING
    if question.after and any(facts.touched.get(name, 0) > answer.sequence for name in question.after):
        return State.MISSING
    if question.introduces:
        people = facts.people.get(key.requirement, [])
        return State.SATISFIED if people and answer.sequence > people[-1] else State.MISSING
    about = papers.get(Key(question.about)) if question.about else None
    if about and answer.sequence < about.paper.examined:
        return State.MISSING
    return State.SATISFIED
