"""One pass over a history: the latest answer to everything, the papers that were given, what people ruled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from bot.holds import GUARDED, TELEGRAM, Hold, held
from bot.model import (
    BIOMETRIC,
    NO_DOCUMENT,
    Alert,
    Appeal,
    Case,
    Challenge,
    Decision,
    Erased,
    Examination,
    File,
    Invited,
    Key,
    Move,
    Moved,
    Nudge,
    Outcome,
    Override,
    Pause,
    Reach,
    Request,
    Retention,
    Ruling,
    Shared,
    Signature,
    Stage,
    State,
    Submission,
    Threshold,
    Told,
    Verdict,
    Withdrawal,
    retention,
)
from bot.quiet import Quiet

ENDS = (Outcome.DECLINE, Outcome.SUSPEND)
OPEN = (State.MISSING, State.REJECTED, State.EXPIRED)  # the seller's turn; a tuple: enum members hash slowly
_NOBODY: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Answer:
    """The latest answer to a question; `changed`: the sequence at which it was first given in these words."""

    sequence: int
    text: str
    at: datetime
    changed: int


@dataclass(frozen=True, slots=True)
class Paper:
    """Files that were given together: an album, or pictures that came before the first of them was read.

    `sequence` is that of the newest of them: what an examination and a ruling name.
    """

    sequence: int
    key: Key
    at: datetime
    files: tuple[tuple[int, File], ...]
    album: str
    evidence: Mapping[str, str] | None = None
    examined: int = 0
    asked: str = ""  # of a film: the turns, in order


def amount(answer: str) -> float:
    """The number that an answer is; 0 where it is none."""
    try:
        return float(answer)
    except ValueError:
        return 0.0


@dataclass(slots=True)
class Facts:
    """What a history says, before any policy."""

    answers: dict[Key, Answer] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)  # question -> the seller's answer in its canonical form
    people: dict[str, list[int]] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)
    rulings: dict[int, tuple[int, Ruling]] = field(default_factory=dict)
    decision: tuple[int, Decision] | None = None
    told: tuple[int, Told] | None = None
    nudges: list[tuple[int, Nudge]] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    quiet: Quiet = field(default_factory=Quiet)  # what compliance alone knows
    override: Override | None = None
    signature: tuple[int, Signature] | None = None  # of the first of two, since what it rests on last moved
    edits: dict[str, int] = field(default_factory=dict)  # question -> how often its answer was changed
    shared: Shared | None = None  # what other sellers gave too
    thresholds: dict[str, Threshold] = field(default_factory=dict)  # law -> the newest day it was crossed
    requests: list[Request] = field(default_factory=list)
    appeal: tuple[int, Appeal] | None = None  # since the last decision
    approved: bool = False  # once, whatever came after
    sold: bool = False  # was told so since anybody declined or suspended them: may sell
    known_as: str = ""  # the name under which the seller was approved
    invited: Invited | None = None
    holds: dict[Key, Hold] = field(default_factory=dict)  # changes that wait for a person, and for two days
    moving: Move | None = None  # to another chat
    challenge: Challenge | None = None  # that nothing was sent for yet
    face: int = 0  # the sequence of the last record that holds a face
    paused: datetime | None = None  # until when the seller wants to be left alone
    reachable: bool = True
    opened: dict[str, datetime] = field(
        default_factory=dict
    )  # item -> when the seller was told that it is open
    touched: dict[str, int] = field(default_factory=dict)  # question -> when an answer to it last changed
    heard: int = 0  # the sequence of the last thing the seller gave
    ground: int = 0  # the sequence of the last record that can move a judgement
    judged: int = 0  # the same, without answers in words
    erased: bool = False
    length: int = 0  # how many records were folded

    def copied(self) -> Facts:
        """To fold more records into, while these stay as they are."""
        return replace(
            self,
            answers=dict(self.answers),
            own=dict(self.own),
            people={requirement: list(people) for requirement, people in self.people.items()},
            papers=list(self.papers),
            rulings=dict(self.rulings),
            nudges=list(self.nudges),
            alerts=list(self.alerts),
            requests=list(self.requests),
            touched=dict(self.touched),
            holds=dict(self.holds),
            edits=dict(self.edits),
            thresholds=dict(self.thresholds),
            quiet=self.quiet.copied(),
        )

    def put(self, key: Key, answer: Answer) -> None:
        """Take an answer as the latest one."""
        self.answers[key] = answer
        if not key.subject:
            self.own[key.requirement] = answer.text

    def value(self, requirement: str, subject: int = 0) -> str:
        """The latest answer in its canonical form; "" where there is none."""
        if not subject:
            return self.own.get(requirement, "")
        answer = self.answers.get(Key(requirement, subject))
        return answer.text if answer else ""

    def unread(self) -> list[Paper]:
        """Papers that no reader has looked at yet."""
        return [paper for paper in self.papers if paper.evidence is None]


def gather(
    case: Case, introduces: Mapping[str, tuple[str, ...]] = _NOBODY, known: Facts | None = None
) -> Facts:
    """Fold a history. `introduces`: requirements whose every answer, but for these options, brings in a person.

    `known`: what the beginning of this very history says, so that only the rest is folded.
    """
    facts = known.copied() if known else Facts()
    for sequence in range(facts.length + 1, len(case) + 1):
        _fold(facts, sequence, case[sequence], introduces)
    facts.length = len(case)
    return facts


def _fold(facts: Facts, sequence: int, record: object, introduces: Mapping[str, tuple[str, ...]]) -> None:  # noqa: C901, PLR0912 - one arm a record
    if _talk(facts, sequence, record) or _quiet(facts, sequence, record):
        return
    facts.ground, facts.signature = sequence, None
    if not isinstance(record, Submission) or record.files:
        facts.judged = sequence
    match record:
        case Submission(files=(), answer=answer) if answer != NO_DOCUMENT:
            facts.heard = sequence
            _answer(facts, sequence, record, introduces)
        case Submission():
            facts.heard = sequence
            _paper(facts, sequence, record)
        case Examination():
            facts.papers = [
                replace(p, evidence=record.evidence, examined=sequence) if p.sequence == record.of else p
                for p in facts.papers
            ]
        case Withdrawal():
            for requirement, people in facts.people.items():
                if record.of in people:
                    people.remove(record.of)
                    facts.touched[requirement] = sequence
        case Ruling():
            facts.rulings[record.of] = (sequence, record)
            _rule_hold(facts, sequence, record)
        case Decision():
            facts.decision = (sequence, record)
            facts.appeal = None
            if record.outcome is Outcome.APPROVE:
                facts.approved, facts.known_as = True, _name(facts)
            if record.outcome in ENDS:
                facts.sold = False
        case Invited():
            facts.invited = record
        case Move():
            facts.moving = record
            facts.holds[TELEGRAM] = Hold(sequence, record.at)
        case Moved():
            _settled(facts)
        case Alert():
            facts.alerts.append(record)
        case Threshold():
            facts.thresholds[record.law] = record
        case Override():
            facts.override = record
        case Request():
            facts.requests.append(record)
        case Appeal():
            facts.appeal = (sequence, record)
        case Erased(key=key) if key and key.requirement in BIOMETRIC:
            pass  # facts.face stays as it is: nothing of a face is left by this record
        case Erased():
            facts.erased = facts.erased or retention(record) is Retention.IDENTITY
        case _:
            raise TypeError(f"a record of a kind that nobody folds: {type(record).__name__}")


def _quiet(facts: Facts, sequence: int, record: object) -> bool:
    """What compliance alone knows moves no ground that others stand on."""
    match record:
        case Shared():
            facts.shared = record
        case Signature():
            facts.signature = (sequence, record)
        case _:
            return facts.quiet.take(sequence, record)
    return True


def _talk(facts: Facts, sequence: int, record: object) -> bool:
    """What was only said, or says when to speak: no judgement rests on it."""
    match record:
        case Told():
            hear(facts, sequence, record)
        case Nudge():
            facts.nudges.append((sequence, record))
        case Pause():
            facts.paused = record.until
        case Reach():
            facts.reachable = record.reachable
        case Challenge():
            facts.challenge = record
        case _:
            return False
    return True


def hear(facts: Facts, sequence: int, told: Told) -> None:
    """The seller was told; what is open counts from when they first heard of it, until it is settled."""
    facts.told = (sequence, told)
    facts.sold = facts.sold or told.stage is Stage.APPROVED
    facts.length = sequence
    before, settled = facts.opened, State.SATISFIED
    facts.opened = {
        key: before.get(key, told.at)
        for key, state in told.items.items()
        if state is not settled and (state in OPEN or key in before)  # most are settled: looked at first
    }


def _answer(
    facts: Facts, sequence: int, record: Submission, introduces: Mapping[str, tuple[str, ...]]
) -> None:
    key = record.key
    if record.answer not in introduces.get(key.requirement, (record.answer,)):
        key = Key(key.requirement, sequence)
        facts.people.setdefault(key.requirement, []).append(sequence)
    before = facts.answers.get(key)
    changed = before.changed if before and before.text == record.answer else sequence
    if changed == sequence:
        facts.touched[key.requirement] = sequence
        if before:
            facts.edits[key.requirement] = facts.edits.get(key.requirement, 0) + 1
        if facts.approved and before and key in GUARDED:
            _hold(facts, key, held(facts.holds.get(key), sequence, record.at, before.text), record.answer)
    facts.put(key, Answer(sequence, record.answer, record.at, changed))


def _hold(facts: Facts, key: Key, hold: Hold, answer: str) -> None:
    """A changed answer waits, unless it is the one in force again."""
    facts.holds[key] = hold
    if answer == hold.former:
        del facts.holds[key]


def _rule_hold(facts: Facts, sequence: int, record: Ruling) -> None:
    """A change that is refused is taken back: what was in force stays so."""
    hold = facts.holds.get(record.key)
    if hold is None or hold.sequence != record.of:
        return
    if record.verdict is Verdict.PASS:
        facts.holds[record.key] = replace(hold, agreed=True)
        return
    del facts.holds[record.key]
    if record.key == TELEGRAM:
        facts.moving = None
    else:
        answer = facts.answers[record.key]
        facts.put(record.key, replace(answer, text=hold.former, changed=sequence))
        facts.touched[record.key.requirement] = sequence


def _settled(facts: Facts) -> None:
    facts.moving = None
    facts.holds.pop(TELEGRAM, None)


def _name(facts: Facts) -> str:
    """The seller's name as typed, else as their newest document says."""
    read = next((p.evidence for p in reversed(facts.papers) if p.key == Key("identity") and p.evidence), {})
    said = facts.value("full_name")
    return said or f"{read.get('given_names', '')} {read.get('surname', '')}".strip()


def _paper(facts: Facts, sequence: int, record: Submission) -> None:
    """A new paper, or more of the one that is still waiting to be read; none at all where the seller has none."""
    if not record.files:
        facts.papers.append(Paper(sequence, record.key, record.at, (), "", {"type": NO_DOCUMENT}, sequence))
        return
    if record.key.requirement in BIOMETRIC:
        facts.challenge, facts.face = None, sequence
    files = tuple((sequence, file) for file in record.files)
    last = facts.papers[-1] if facts.papers else None
    together = last and (
        (record.album and record.album == last.album) or (last.key == record.key and last.evidence is None)
    )
    if last and together:
        facts.papers[-1] = replace(
            last,
            sequence=sequence,
            at=record.at,
            files=last.files + files,
            asked=record.answer,
            album=record.album,
            evidence=None,
            examined=0,
        )
    else:
        facts.papers.append(Paper(sequence, record.key, record.at, files, record.album, asked=record.answer))
