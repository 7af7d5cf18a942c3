"""The threads: what is followed up, and from which instant on; each a generator, its rules in the columns of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.followups.hours import morning, zone
from bot.items import Item
from bot.model import Case, Nudge, Pause, Stage, State
from bot.staff.why import appealed, waiting_since
from bot.standing import OURS, Standing, due_items, openly

APART = timedelta(hours=20)  # between two follow-ups of one case
LATE = "late"  # the thread that staff read
PAST = -1  # the step of a legal thread on the day after its date

Due = tuple[datetime, Nudge]
Steps = list[Due]


@dataclass(frozen=True, slots=True)
class Thread:
    """What is due (`dues`, of which the nearest counts) and the rules it keeps.

    `ours`: it waits while we owe the seller something. `pauses`: it waits until the day the seller asked for.
    `capped`: it counts among the few that a month may bring. `staff`: staff read it, not the seller.
    """

    dues: Callable[[Case, Standing, datetime], Iterator[Due]]
    ours: bool = True
    pauses: bool = True
    capped: bool = True
    staff: bool = False


def owing(standing: Standing) -> bool:
    """Whether something of the seller's is with us."""
    return any(item.state in OURS for item in standing.items)


def _asked(standing: Standing) -> Item | None:
    """The open item that the seller is asked for; a clock to be put right is none."""
    if standing.next is None or standing.facts.told is None or standing.stage is Stage.IN_REVIEW:
        return None
    return standing.item(standing.next)


def _open(_case: Case, standing: Standing, _now: datetime) -> Iterator[Due]:
    """What is missing, was refused or stopped half-way: by day after our last word, then silence."""
    item = _asked(standing)
    if item is None or (item.state is State.EXPIRED and standing.stage is Stage.ACTION_NEEDED):
        return  # what ran out has a date of its own
    sequence, told = standing.facts.told or (0, None)
    sent = [n for s, n in standing.facts.nudges if s > sequence and n.thread in {"open", "later"}]
    days = (0, *standing.policy.reminders)
    if told and len(sent) < len(standing.policy.reminders):
        last = sent[-1].at if sent else told.at
        at = last + timedelta(days=days[len(sent) + 1] - days[len(sent)])
        yield at, Nudge(at, "open", len(sent) + 1, item.key)


def _legal(_case: Case, standing: Standing, now: datetime) -> Iterator[Due]:
    """What an approved seller owes by a date: warnings before it, then word that a person decides (step -1)."""
    items, by = due_items(standing), standing.due_by
    opened = [standing.facts.opened[str(i.key)] for i in items if str(i.key) in standing.facts.opened]
    if not items or not by or not opened:
        return
    where, row = zone(standing.facts), items[0].row
    last = max((n.at for _, n in standing.facts.nudges if n.thread == "legal"), default=None)
    steps = Steps()
    for days in (*row.warnings, PAST):
        at = morning(by - timedelta(days=days), where)
        if (days == PAST or at > min(opened) + APART) and (last is None or last < at):
            held = max(at, standing.facts.paused or at) if days > min(row.warnings, default=PAST) else at
            steps.append((held, Nudge(held, "legal", days, items[0].key)))
    yield from _nearest(steps, now)


def _expiry(case: Case, standing: Standing, now: datetime) -> Iterator[Due]:
    """Before a document runs out."""
    if standing.stage is not Stage.APPROVED:
        return
    for item in standing.items:
        if item.state is State.SATISFIED and item.until:
            yield from _nearest(_before(standing, item, case), now)


def _before(standing: Standing, item: Item, case: Case) -> Steps:
    """What is left of the notices about one document."""
    until, where = date.fromisoformat(item.until), zone(standing.facts)
    about = [n.step for s, n in standing.facts.nudges if s > item.of and _is_about(n, item)]
    approved = standing.facts.decision[1].at if standing.facts.decision else case.opened_at
    steps = Steps()
    for days in standing.policy.expiry:
        at = morning(until - timedelta(days=days), where)
        if days < min(about, default=days + 1) and at > approved:
            steps.append((at, Nudge(at, "expiry", days, item.key)))
    return steps


def _later(case: Case, standing: Standing, now: datetime) -> Iterator[Due]:
    """On the day that the seller asked for: what is open then, else the document that runs out."""
    sequence, pause = next(
        ((s, r) for s, r in reversed([*case.records()]) if isinstance(r, Pause)), (0, None)
    )
    if pause is None or any(n.at >= pause.until and n.thread != LATE for _, n in standing.facts.nudges):
        return
    at, item = pause.until, _asked(standing)
    if item:
        yield at, Nudge(at, "later", 1, item.key)
        return
    before = [n for s, n in standing.facts.nudges if s < sequence and n.thread == "expiry"]
    item = standing.item(before[-1].key) if before and before[-1].key else None
    if item and item.state is State.SATISFIED and item.until and standing.stage is Stage.APPROVED:
        days = (date.fromisoformat(item.until) - max(at, now).astimezone(zone(standing.facts)).date()).days
        if 0 < days < min(n.step for n in before if _is_about(n, item)):
            yield at, Nudge(at, "expiry", days, item.key)


def _is_about(nudge: Nudge, item: Item) -> bool:
    return nudge.thread == "expiry" and nudge.key == item.key


def _slow(case: Case, standing: Standing, _now: datetime) -> Iterator[Due]:
    """It takes us longer than usual: said once, where the seller can do nothing but wait."""
    since = waiting_since(case, standing)
    pending = any(item.state is State.PENDING for item in standing.items)
    waits = standing.stage is Stage.IN_REVIEW or pending or appealed(standing)
    if since is None or standing.next or not waits or _sent(standing, "slow", since):
        return
    at = since + timedelta(days=standing.policy.slow_days)
    yield at, Nudge(at, "slow", 1)


def _late(case: Case, standing: Standing, _now: datetime) -> Iterator[Due]:
    """Staff are told again of a case that waits: after a day, two, four and so on."""
    since = waiting_since(case, openly(standing))
    if since is None:
        return
    sent = _sent(standing, LATE, since)
    at = since + timedelta(hours=standing.policy.review_hours) * 2 ** min(sent, 10)
    yield at, Nudge(at, LATE, sent + 1)


def _sent(standing: Standing, thread: str, since: datetime) -> int:
    return sum(n.thread == thread and n.at >= since for _, n in standing.facts.nudges)


def _nearest(steps: Steps, now: datetime) -> Steps:
    """Of several steps that are due only the nearest to the day goes out."""
    steps = sorted(steps, key=lambda step: step[0])
    return [step for step in steps if step[0] <= now][-1:] or steps[:1]


# The weightiest first: of several that fall due within a day the first goes out, the others after it.
THREADS = (
    Thread(_legal, pauses=False, capped=False),
    Thread(_later, pauses=False, capped=False),
    Thread(_expiry, ours=False),
    Thread(_open),
    Thread(_slow, ours=False, pauses=False),
    Thread(_late, ours=False, pauses=False, capped=False, staff=True),
)
UNCAPPED = frozenset({"legal", "later", LATE})  # what does not count among the few
