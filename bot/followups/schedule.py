"""When a case is next due for a follow-up: the threads side by side, and the rules that all of them keep."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.followups.hours import waking, zone
from bot.followups.threads import APART, THREADS, UNCAPPED, Due, Thread, owing
from bot.model import Case, Stage
from bot.standing import OURS, Standing, has_left

MONTH = timedelta(days=30)


UNDER_AGE = "under_age"  # declined as a minor: what was sent is not ours to keep
SECOND_LOOK = timedelta(days=1)  # for another person to be asked, before it is gone


def next_nudge(case: Case, standing: Standing, now: datetime) -> Due | None:
    """The one follow-up that is to go out next, and when: never before `now`, to a seller never at night."""
    dues = [
        (rank, _kept(thread, at, case, standing, now), nudge)
        for rank, thread in enumerate(THREADS)
        if _may(thread, standing)
        for at, nudge in thread.dues(case, standing, now)
    ]
    if not dues:
        return None
    first = min(at for _, at, _ in dues)
    _, at, nudge = min((due for due in dues if due[1] < first + APART), key=lambda due: due[:2])
    return at, nudge


def _may(thread: Thread, standing: Standing) -> bool:
    """Whether this thread may run at all now."""
    if not thread.staff and not standing.facts.reachable:
        return False
    return not (thread.ours and owing(standing))


def _kept(thread: Thread, at: datetime, case: Case, standing: Standing, now: datetime) -> datetime:
    """The first instant from `at` on at which the rules allow it."""
    facts = standing.facts
    at = max(at, now, facts.nudges[-1][1].at + APART if facts.nudges else case.opened_at)
    if thread.pauses and facts.paused:
        at = max(at, facts.paused)
    if thread.capped:
        sent = [nudge.at for _, nudge in facts.nudges if nudge.thread not in UNCAPPED]
        at = max(at, sent[-standing.policy.most] + MONTH) if len(sent) >= standing.policy.most else at
    return at if thread.staff else waking(at, zone(facts))


def abandoned_at(case: Case, standing: Standing) -> datetime | None:
    """When a registration that its seller left is erased, as the notice promises; None where it is our turn.

    What was reported is kept for as long as the law wants, and nobody is told so.
    """
    decision = standing.facts.decision[1] if standing.facts.decision else None
    if decision and not standing.facts.erased:
        kept = standing.facts.quiet.kept_until() or decision.at
        if has_left(standing):
            return max(decision.at, kept)
        if decision.reason == UNDER_AGE:
            return max(decision.at + SECOND_LOOK, kept)
    if standing.stage is not Stage.COLLECTING or any(item.state in OURS for item in standing.items):
        return None
    heard = standing.facts.heard
    last = case[heard].at if heard else case.opened_at
    kept = standing.facts.quiet.reported_until() or last
    return max(last + timedelta(days=standing.policy.abandoned), kept)
