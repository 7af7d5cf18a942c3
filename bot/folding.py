"""One pass over a history: what each record adds to what is known."""

from __future__ import annotations

from dataclasses import replace

from bot.documents import INTRODUCES
from bot.facts import OPEN, Answer, Facts, Paper
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

ENDS = (Outcome.DECLINE, Outcome.SUSPEND)


def gather(case: Case, known: Facts | None = None) -> Facts:
    """Fold a history. `known`: what the beginning of this very history says, so that only the rest is folded."""
    facts = known.copied() if known else Facts()
    for sequence in range(facts.length + 1, len(case) + 1):
        _fold(facts, sequence, case[sequence])
    facts.length = len(case)
    return facts


def _fold(facts: Facts, sequence: int, record: object) -> None:
    if isinstance(record, Submission):  # half of a history: looked at first
        _submission(facts, sequence, record)
    elif not (_talk(facts, sequence, record) or _quiet(facts, sequence, record)):
        facts.ground, facts.judged, facts.signature = sequence, sequence, None
        _judgement(facts, sequence, record)


def _submission(facts: Facts, sequence: int, record: Submission) -> None:
    facts.ground, facts.heard, facts.signature = sequence, sequence, None
    if record.files:
        facts.judged = sequence
    if record.files or record.answer == NO_DOCUMENT:
        _paper(facts, sequence, record)
    else:
        _answer(facts, sequence, record)


def _judgement(facts: Facts, sequence: int, record: object) -> None:  # noqa: C901, PLR0912 - one arm a record
    match record:
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
        case Erased() if retention(record) is Retention.TALK:
            pass
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


def _answer(facts: Facts, sequence: int, record: Submission) -> None:
    key = record.key
    if record.answer not in INTRODUCES.get(key.requirement, (record.answer,)):
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
        facts.put(record.key, answer._replace(text=hold.former, changed=sequence))
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
