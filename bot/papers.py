"""What was given for each owed document, and how it was judged: by the checks, or by a person whose word still stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from bot.checks import Look, judge, worst
from bot.checks.sides import joined
from bot.documents import REQUIREMENTS, Document
from bot.facts import Facts, Paper
from bot.model import NOTHING, Finding, Key, Ruling, State, Verdict

SELLER = 0  # the subject of what is the seller's own
FINAL = frozenset(  # no better picture of it would help, so a third try is no reason
    {"expired", "under_age", "other_side", "not_accepted_here"}
)
SOONER = {"face_differs": 2}  # one more try, then a person


@dataclass(frozen=True, slots=True)
class Judged:
    """A paper, the item it serves and what was found; `ruling` is a person's word while it is in force.

    `cover`: the accepted paper that still stands for the item while this newer one is being looked at.
    """

    paper: Paper
    key: Key
    findings: tuple[Finding, ...] = ()
    ruling: Ruling | None = None
    cover: Paper | None = None
    tries: int = 0  # refused pictures so far, this one too

    @property
    def state(self) -> State:
        """Where this paper stands, before time is looked at."""
        if self.ruling:
            return _STATES[self.ruling.verdict]
        if self.paper.evidence is None:
            return State.CHECKING
        return _STATES[worst(self.findings)]


_STATES = {Verdict.PASS: State.SATISFIED, Verdict.REVIEW: State.PENDING, Verdict.REJECT: State.REJECTED}


def current(facts: Facts, tries: int, owed: frozenset[Key] | None = None) -> dict[Key, Judged]:
    """The paper that stands for each document key. After `tries` refused pictures a person looks instead.

    `owed`: what papers may serve besides what they were sent for; None while that is not known yet.
    """
    return {one.key: one for one in judged(facts, tries, owed)}


def judged(facts: Facts, tries: int, owed: frozenset[Key] | None = None) -> Iterator[Judged]:
    """Every paper of a person who is still there, in the order in which they came; see `current`."""
    standing: dict[Key, Judged] = {}
    refused: dict[tuple[Key, str], int] = {}
    present = {SELLER, *chain(*facts.people.values())}
    for given in facts.papers:
        if given.key.subject not in present:
            continue  # of a person who was taken back
        paper = _whole(given, standing)
        one = _judge(facts, paper, standing, owed)
        if one.state is State.REJECTED and not one.ruling and one.findings[0].code not in FINAL:
            one = _counted(one, refused, tries)
        before = standing.get(one.key)
        if before and one.state in {State.CHECKING, State.PENDING}:
            cover = before.paper if before.state is State.SATISFIED else before.cover
            one = replace(one, cover=cover)
        standing[one.key] = one
        yield one


def _counted(judged: Judged, refused: dict[tuple[Key, str], int], tries: int) -> Judged:
    """With its number among the refused ones; the last of them goes to a person."""
    code = judged.findings[0].code
    for counter in {(judged.key, ""), (judged.key, code)}:
        refused[counter] = refused.get(counter, 0) + 1
    judged = replace(judged, tries=refused[judged.key, ""])
    enough = judged.tries >= tries or refused[judged.key, code] >= SOONER.get(code, tries)
    return _to_a_person(judged) if enough else judged


def _whole(paper: Paper, standing: Mapping[Key, Judged]) -> Paper:
    """With the side that came before it, where this is the one that lacked."""
    before = standing.get(paper.key)
    if not (before and before.paper.evidence and paper.evidence):
        return paper
    lacking = before.state is State.REJECTED and [f.code for f in before.findings[:1]] == ["other_side"]
    evidence = joined(before.paper.evidence, paper.evidence) if lacking else None
    return replace(paper, evidence=evidence, files=before.paper.files + paper.files) if evidence else paper


def _judge(facts: Facts, paper: Paper, standing: Mapping[Key, Judged], owed: frozenset[Key] | None) -> Judged:
    key = _serves(paper, standing, owed)
    document = REQUIREMENTS[key.requirement]
    if paper.evidence is None or not isinstance(document, Document):
        return Judged(paper, key)
    if not paper.files:
        return Judged(
            paper, key, (Finding("has_none", Verdict.REVIEW),), _in_force(facts, paper, key, document)
        )
    look = Look(paper.evidence, paper.at, document.accepts, values(facts, key, standing))
    return Judged(paper, key, judge(look, document.checks), _in_force(facts, paper, key, document))


def _to_a_person(judged: Judged) -> Judged:
    """The third refused picture goes to a person, and the talk goes on; why it was refused stays on the card."""
    milder = tuple(Finding(f.code, min(f.verdict, Verdict.REVIEW), f.args) for f in judged.findings)
    return Judged(judged.paper, judged.key, (Finding("third_try", Verdict.REVIEW), *milder))


def _serves(paper: Paper, standing: Mapping[Key, Judged], owed: frozenset[Key] | None) -> Key:
    """The examined type decides: a document nobody asked for serves its own item while that one is still open."""
    kind = (paper.evidence or NOTHING).get("type", "")
    hinted = REQUIREMENTS[paper.key.requirement]
    if isinstance(hinted, Document) and kind in hinted.accepts:
        return paper.key
    for key in _others(paper.key, kind):
        there = standing.get(key)
        if (owed is None or key in owed) and (there is None or there.state is State.REJECTED):
            return key
    return paper.key


def _others(hint: Key, kind: str) -> Iterator[Key]:
    for name, requirement in REQUIREMENTS.items():
        if isinstance(requirement, Document) and kind in requirement.accepts and name != hint.requirement:
            yield Key(name)


def values(facts: Facts, key: Key, standing: Mapping[Key, Judged]) -> Mapping[str, str]:
    """The answers that a document's checks compare with: typed by the seller, or read from another document."""
    if key.subject:
        name = next((facts.value(kind, key.subject) for kind in facts.people), "")
        return {"full_name": name, "birth_date": facts.value("birth_date", key.subject)}
    said = {**facts.own, **_elsewhere(facts)} if facts.shared else facts.own
    identity = standing.get(Key("identity"))
    if key.requirement != "identity" and identity and identity.paper.evidence:
        seen = identity.paper.evidence
        read = {
            "full_name": f"{seen.get('given_names', '')} {seen.get('surname', '')}".strip(),
            "birth_date": seen.get("birth_date", ""),
            "first_kind": seen.get("type", ""),
        }
        return read | said
    return said


def _elsewhere(facts: Facts) -> Mapping[str, str]:
    """Who else gave the same: the names of cases, under names that no question has."""
    kinds = facts.shared.kinds if facts.shared else NOTHING
    return {f"{kind}_elsewhere": cases for kind, cases in kinds.items()}


def _in_force(facts: Facts, paper: Paper, key: Key, document: Document) -> Ruling | None:
    """A person's word on this very paper, unless an answer that the checks read has changed since."""
    sequence, ruling = facts.rulings.get(paper.sequence, (0, None))
    if ruling is None or ruling.key != key:
        return None
    moved = any(
        answer.changed > sequence
        for name in document.reads
        if (answer := facts.answers.get(Key(name))) is not None
    )
    return None if moved and not key.subject else ruling
