"""Where a case stands: a pure function of its history, the policy and the time. Nothing in here is ever stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.documents import REQUIREMENTS, UNASKED, Question
from bot.facts import OPEN, Facts
from bot.folding import gather
from bot.items import READ, Item, weigh
from bot.model import Case, Key, Outcome, Stage, State, Tier
from bot.policy import Policy
from bot.reviews import next_due, opens
from bot.risk import Risk

OURS = (State.CHECKING, State.PENDING)  # our turn
OVER = (Stage.DECLINED, Stage.SUSPENDED, Stage.CLOSED)  # nothing is asked any more
SELLER = "seller"  # who closed a case, where its seller did
MACHINE = "policy"  # who decided, where no person did


@dataclass(frozen=True, slots=True)
class Standing:
    """All that follows from a history at an instant.

    `next`: what to ask; `correcting`: the seller asked to change it; `needs_person`: staff must look;
    `held`: it is approved, and what compliance alone knows keeps that from taking effect, see `openly`;
    `due_by`: until when an approved seller may go on; `overdue`: that day has passed, a person decides; `changes_at`: when time alone will move this.
    """

    items: tuple[Item, ...]
    facts: Facts
    risk: Risk
    stage: Stage
    next: Key | None
    correcting: bool
    held: bool
    needs_person: bool
    due_by: date | None
    valid_until: date | None
    overdue: bool
    changes_at: datetime | None
    policy: Policy

    def item(self, key: Key) -> Item | None:
        """The owed item under this key."""
        return next((item for item in self.items if item.key == key), None)

    def over(self, now: datetime) -> bool:
        """Whether time alone has moved it on by then."""
        return self.changes_at is not None and now >= self.changes_at

    def states(self) -> dict[str, State]:
        """Item states as a `Told` keeps them."""
        return {str(item.key): item.state for item in self.items}


def stand(case: Case, policy: Policy, now: datetime, known: Facts | None = None) -> Standing:
    """Where this case stands at `now` (aware, UTC) under `policy`. Never raises for any history.

    `known`: what the beginning of this very history says; it only saves time.
    """
    facts = gather(case, known)
    risk, items = weigh(facts, policy, now)
    held, stage = _held(facts, reached(facts, items))
    due_by = _due_by(facts, items, now) if stage is Stage.ACTION_NEEDED else None
    review = next_due(facts, policy.years(risk.tier, facts, now.date()))
    overdue = due_by is not None and now.date() > due_by
    asked, correcting = _next(facts, items, stage)
    return Standing(
        items=items,
        facts=facts,
        risk=risk,
        stage=stage,
        next=asked,
        correcting=correcting,
        held=held,
        needs_person=overdue or held or _needs_person(facts, items, stage, risk),
        due_by=due_by,
        valid_until=_valid_until(items, review),
        overdue=overdue,
        changes_at=_changes_at(facts, items, review, due_by, now),
        policy=policy,
    )


def openly(standing: Standing) -> Standing:
    """As those see it who must not know what compliance alone knows: an approval that is held back is one."""
    if not standing.held:
        return standing
    stage = reached(standing.facts, standing.items)
    needs_person = _needs_person(standing.facts, standing.items, stage, standing.risk)
    return replace(standing, stage=stage, held=False, needs_person=needs_person)


def reached(facts: Facts, items: tuple[Item, ...]) -> Stage:
    """The stage by what was decided and what is open, whatever compliance alone knows."""
    outcome = facts.decision[1].outcome if facts.decision else None
    if facts.erased or outcome is Outcome.CLOSE:
        return Stage.CLOSED
    if outcome is Outcome.DECLINE:
        return Stage.DECLINED
    if outcome is Outcome.SUSPEND:
        return Stage.SUSPENDED
    if outcome is Outcome.APPROVE:
        whole = all(item.state is State.SATISFIED or item.covered for item in items)
        return Stage.APPROVED if whole else Stage.ACTION_NEEDED
    return Stage.COLLECTING if any(item.state in OPEN for item in items) else Stage.IN_REVIEW


def _held(facts: Facts, stage: Stage) -> tuple[bool, Stage]:
    """Whoever approved does not know of a match, nor of an end that compliance made: compliance has the last word."""
    held = stage in {Stage.APPROVED, Stage.ACTION_NEEDED} and facts.quiet.holds() and not facts.sold
    return held, Stage.IN_REVIEW if held else stage


def _next(facts: Facts, items: tuple[Item, ...], stage: Stage) -> tuple[Key | None, bool]:
    """What to ask: what was newly refused, else what is being asked, else the first thing open."""
    if stage in OVER:
        return None, False
    states = {item.key: item.state for item in items}
    is_open = [item for item in items if item.state in OPEN and _askable(item, states)]
    sequence, told = facts.told or (0, None)
    changeable = told and told.asked and (told.asked in states or told.asked.requirement in UNASKED)
    if told and told.correcting and changeable and facts.heard < sequence:
        return told.asked, True
    for item in is_open:
        before = told.items.get(str(item.key)) if told else None
        if item.state is not State.MISSING and before is not item.state:
            return item.key, False
    open_keys = [item.key for item in is_open]
    if told and told.asked in open_keys:
        return told.asked, False
    return (open_keys[0] if open_keys else None), False


def _askable(item: Item, states: Mapping[Key, State]) -> bool:
    """A question about a document waits until that is read."""
    question = REQUIREMENTS[item.key.requirement]
    about = question.about if isinstance(question, Question) else ""
    return not about or states.get(Key(about, item.key.subject)) in {*READ, State.EXPIRED}


def _needs_person(facts: Facts, items: tuple[Item, ...], stage: Stage, risk: Risk) -> bool:
    if stage in OVER:
        return False
    if any(item.state is State.PENDING for item in items):
        return True
    if stage is Stage.ACTION_NEEDED and not facts.reachable:
        return True  # they cannot be asked
    ready = all(item.state is State.SATISFIED for item in items)
    if stage is Stage.IN_REVIEW:
        return ready and (risk.tier is not Tier.LOW or unscreened(facts))
    signed = facts.decision is not None and facts.decision[1].by != MACHINE
    doubtful = second_look(facts) or (risk.tier is not Tier.LOW and not signed)
    return stage is Stage.APPROVED and ready and doubtful


def second_look(facts: Facts) -> bool:
    """The policy approved it, the lot fell on it, and no person has decided since."""
    made = facts.decision[1] if facts.decision else None
    return made is not None and made.drawn and made.outcome is Outcome.APPROVE


def unscreened(facts: Facts) -> bool:
    """No watchlist is loaded, or the newest is too old: the machine approves nobody."""
    return facts.quiet.screened is not None and not facts.quiet.screened.lists


def approvable(standing: Standing) -> bool:
    """Everything is there, nothing is for a person and the tier is low: the policy may approve by itself.

    Where compliance looks at a match, or had ended the case, it does so as well: the approval is then held, and nobody else sees that.
    """
    return (
        standing.stage is Stage.IN_REVIEW
        and not standing.needs_person
        and all(item.state is State.SATISFIED for item in standing.items)
    )


def has_left(standing: Standing) -> bool:
    """The seller stopped and wants what they gave to be deleted."""
    decision = standing.facts.decision
    return bool(decision and decision[1].outcome is Outcome.CLOSE and decision[1].by == SELLER)


def faces_are_done(standing: Standing) -> bool:
    """Pictures of a face are there that nobody may keep: the case is decided, or their owner no longer agrees."""
    facts = standing.facts
    refused = facts.value("face_consent") == "decline"
    return bool(facts.face) and (refused or (facts.decision is not None and facts.decision[0] > facts.face))


def _runs_out(until: str) -> datetime:
    """The first instant of the day after the last day on which it was good, UTC."""
    return datetime.combine(date.fromisoformat(until) + timedelta(days=1), time(), UTC)


def _due_by(facts: Facts, items: tuple[Item, ...], now: datetime) -> date | None:
    """The earliest day by which an open item must be given, counted from when the seller was told of it."""
    return min((_due(facts, item, now) for item in items if item.state in OPEN), default=None)


def _due(facts: Facts, item: Item, now: datetime) -> date:
    return facts.opened.get(str(item.key), now).date() + timedelta(days=item.row.days)


def due_items(standing: Standing) -> tuple[Item, ...]:
    """What is due on the day `due_by`, and was told of; none where no day is set."""
    told = (i for i in standing.items if i.state in OPEN and str(i.key) in standing.facts.opened)
    day = standing.due_by
    return tuple(i for i in told if day and _due(standing.facts, i, standing.facts.opened[str(i.key)]) == day)


def _changes_at(
    facts: Facts, items: tuple[Item, ...], review: date | None, due_by: date | None, now: datetime
) -> datetime | None:
    """The next instant at which time alone moves something: a paper runs out, a day passes, a review comes near."""
    moves = [_runs_out(item.good_until) for item in items if item.good_until]
    moves += [hold.ends for hold in facts.holds.values() if hold.agreed]
    moves += [facts.override.until] if facts.override else []
    moves += [_runs_out(due_by.isoformat())] if due_by else []
    moves += [datetime.combine(opens(review), time(), UTC)] if review else []
    return min((at for at in moves if at > now), default=None)


def _valid_until(items: tuple[Item, ...], review: date | None) -> date | None:
    """Until when an approval holds: the next periodic review, or the day its first document runs out."""
    if review is None:
        return None
    return min([review, *(date.fromisoformat(item.until) for item in items if item.until)])
