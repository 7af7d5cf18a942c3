"""What a press on a staff card means: a ruling, a decision, a reminder, or a kind word that the case has moved."""

from __future__ import annotations

from datetime import datetime

from bot import staff
from bot.model import Case, Nudge, Outcome, Ruling, Verdict
from bot.ports import Message, Say
from bot.speech import remind
from bot.standing import Standing
from bot.turn import Turn, decision

JUDGING = frozenset({"accept", "refuse", "approve", "decline"})
NEEDS_REASON = frozenset({"refuse", "decline"})


def ruled(case: Case, standing: Standing, tap: staff.Tap, by: str, now: datetime) -> Turn:
    """The turn that a permitted press makes. It names the sequence it judged; if that has moved, nothing happens."""
    if tap.action in JUDGING and tap.of != _judged(standing, tap):
        return _say("staff.moved", case)
    if tap.action == "remind":
        return _reminded(case, standing, now)
    if tap.action in NEEDS_REASON and not tap.reason:
        return Turn(extra=(staff.menu(case, standing, tap),), asks=False)
    if tap.key and tap.action in {"accept", "refuse"}:
        verdict = Verdict.PASS if tap.action == "accept" else Verdict.REJECT
        return Turn((Ruling(now, tap.key, tap.of, verdict, by, tap.reason),), asks=False, card=True)
    if tap.action == "decline":
        return Turn((decision(standing, Outcome.DECLINE, by, now, tap.reason),), asks=False, card=True)
    if tap.action == "approve" and staff.ready(standing):
        return Turn((decision(standing, Outcome.APPROVE, by, now),), asks=False, card=True)
    return Turn(asks=False, card=True)


def _judged(standing: Standing, tap: staff.Tap) -> int:
    """The sequence that a button of today's card would carry."""
    item = standing.item(tap.key) if tap.key else None
    if item:
        return item.of
    return standing.facts.ground if tap.action == "approve" else standing.facts.judged


def _reminded(case: Case, standing: Standing, now: datetime) -> Turn:
    if standing.next is None:
        return _say("staff.nothing_open", case)
    nudge = Nudge(now, "staff", 1, standing.next)
    return Turn(
        (nudge,),
        remind(standing, nudge, now),
        (Message("staff", (Say("staff.reminded", {"case": case.id}),)),),
    )


def _say(word: str, case: Case) -> Turn:
    return Turn(extra=(Message("staff", (Say(word, {"case": case.id}),)),), asks=False, card=True)
