"""What a press of a member of staff means: a ruling, a decision, a request, a reminder, or a kind word."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.followups import APART, WAKING, waking, zone
from bot.holds import GUARDED, TELEGRAM
from bot.model import Case, Key, Nudge, Outcome, Request, Ruling, Signature, Stage, State, Tier, Verdict
from bot.ports import Button, Message, Say
from bot.speech import genuine, remind
from bot.staff import menus
from bot.staff.card import OPEN_STAGES, SELLING, card, judged
from bot.staff.roles import ANOTHER, ANYWAY, OWN, REASONS
from bot.staff.taps import LONGEST, Tap
from bot.staff.why import appealed, signable
from bot.standing import Standing
from bot.turn import Turn, decision

OUTCOMES = {
    "approve": Outcome.APPROVE,
    "decline": Outcome.DECLINE,
    "suspend": Outcome.SUSPEND,
    "reopen": Outcome.REOPEN,
}
JUDGING = frozenset({"accept", "refuse", *OUTCOMES})
DRAW = Turn(asks=False, card=True)


def ruled(case: Case, standing: Standing, tap: Tap, by: str, now: datetime) -> Turn:
    """The turn that a permitted press makes. It names the sequence it judged; if that has moved, nothing happens."""
    match tap.action:
        case "card":
            return DRAW
        case "show":
            return replace(DRAW, calls=True)
        case "remind":
            return _reminded(case, standing, tap, now)
        case "ask" if tap.key is None:
            return _menu(case, standing, tap)
    if _done(standing, tap, by):
        return DRAW
    if tap.of != judged(standing, tap.action, tap.key) or not _possible(standing, tap):
        return _say("staff.moved", case)
    if alone := _alone(standing, tap, by):
        return _say(alone, case)
    return _why(case, standing, tap) or _judgement(case, standing, tap, by, now)


def _why(case: Case, standing: Standing, tap: Tap) -> Turn | None:
    """What is still to be said about the reason; None where the press is whole."""
    if tap.action in REASONS and not tap.reason:
        return _menu(case, standing, tap)
    if tap.reason == OWN and not tap.words:
        return Turn(extra=(menus.prompt(standing, tap),), asks=False, card=True)
    if len(tap.words) > LONGEST:
        return Turn(extra=(_staff(Say("staff.too_long", {"limit": str(LONGEST)})),), asks=False)
    return None


def _judgement(case: Case, standing: Standing, tap: Tap, by: str, now: datetime) -> Turn:
    if tap.key:
        if tap.action == "ask" and menus.asked(standing, tap.key):
            return _say("staff.already_asked", case, what=tap.key.requirement)
        gone = tap.key == TELEGRAM and tap.action == "refuse"  # an item that is gone has no news of its own
        said = {"what": str(tap.key), "reason": tap.reason, "words": tap.words}
        says = (Say("change.refused", said),) if gone else ()
        return replace(DRAW, records=(_on_paper(standing, tap, tap.key, by, now),), says=says)
    if tap.action == "approve" and standing.risk.tier is Tier.HIGH and standing.facts.signature is None:
        return replace(DRAW, records=(Signature(now, by),))
    made = replace(decision(standing, OUTCOMES[tap.action], by, now, tap.reason), words=tap.words)
    upheld = appealed(standing) and tap.action in {"decline", "suspend"}
    says = (Say("upheld", {"reason": tap.reason, "words": tap.words}),) if upheld else ()
    return replace(DRAW, records=(made,), says=says)


def _on_paper(standing: Standing, tap: Tap, key: Key, by: str, now: datetime) -> Ruling | Request:
    """A word on the paper that was given; a request where none was, as no row owes it."""
    item = standing.item(key)
    if item is None or not item.of:
        return Request(now, key, by)
    verdict = Verdict.PASS if tap.action == "accept" else Verdict.REJECT
    return Ruling(now, key, item.of, verdict, by, ANOTHER if tap.action == "ask" else tap.reason, tap.words)


def _possible(standing: Standing, tap: Tap) -> bool:
    """Whether today's case has a place for this act at all; the buttons of an older card may not."""
    stage = standing.stage
    match tap.action:
        case "accept" | "refuse":
            item = standing.item(tap.key) if tap.key else None
            there = tap.key not in GUARDED or tap.key in standing.facts.holds
            return item is not None and there and bool(item.of) and stage not in menus.CLOSED
        case "approve":
            return signable(standing)
        case "decline":
            return stage in OPEN_STAGES | {Stage.APPROVED} or (stage is Stage.DECLINED and appealed(standing))
        case "suspend":
            return stage in SELLING or (stage is Stage.SUSPENDED and appealed(standing))
        case "reopen":
            return stage in {Stage.DECLINED, Stage.SUSPENDED}
    return tap.key in menus.askable(standing) or (tap.key is not None and menus.asked(standing, tap.key))


def _done(standing: Standing, tap: Tap, by: str) -> bool:
    """The same was done a moment ago: pressed twice, or by two people of one mind."""
    item = standing.item(tap.key) if tap.key else None
    if item:
        there = standing.facts.rulings.get(item.of)
        verdict = Verdict.PASS if tap.action == "accept" else Verdict.REJECT
        state = State.SATISFIED if tap.action == "accept" else State.REJECTED
        reason = ANOTHER if tap.action == "ask" else tap.reason
        same = there and (there[1].verdict, there[1].reason, there[1].words) == (verdict, reason, tap.words)
        return bool(same) and item.state is state
    sequence, made = standing.facts.decision or (0, None)
    if made is None or sequence <= tap.of or tap.action not in OUTCOMES:
        return False
    mine = (OUTCOMES[tap.action], by, tap.reason, tap.words)
    return (made.outcome, made.by, made.reason, made.words) == mine


def _alone(standing: Standing, tap: Tap, by: str) -> str:
    """Whoever decided may not decide whether they were right, and nobody is both of two who sign."""
    made, first = standing.facts.decision, standing.facts.signature
    if appealed(standing) and tap.action in OUTCOMES and made is not None and made[1].by == by:
        return "staff.another_person"
    return "staff.second_person" if tap.action == "approve" and first and first[1].by == by else ""


def _menu(case: Case, standing: Standing, tap: Tap) -> Turn:
    """The card with what there is to choose from in place of its buttons."""
    if tap.action == "ask":
        if not menus.askable(standing):
            return _say("staff.moved", case)
        of = {key: judged(standing, "ask", key) for key in menus.askable(standing)}
        buttons = menus.papers(standing, tap, of)
    else:
        buttons = menus.choices(tap)
    shown = card(case, standing)
    says = (*shown.says, Say(f"card.choose.{tap.action}"))
    return Turn(extra=(replace(shown, says=says, buttons=buttons),), asks=False)


def _reminded(case: Case, standing: Standing, tap: Tap, now: datetime) -> Turn:
    if standing.next is None:
        return _say("staff.nothing_open", case)
    if not standing.facts.reachable:
        return _say("staff.unreachable", case)
    last = next((n.at for _, n in reversed(standing.facts.nudges) if n.thread == "staff"), None)
    if last and last + APART > now:
        return _say("staff.reminded_today", case)
    if tap.reason != ANYWAY and (held := _held(case, standing, now)):
        return Turn(extra=(held,), asks=False)
    nudge = Nudge(now, "staff", 1, standing.next)
    said = (_staff(Say("staff.reminded", {"case": case.id})),)
    return Turn((nudge,), remind(standing, nudge, now), said, closing=genuine(standing))


def pushed(case: Case, standing: Standing, now: datetime) -> tuple[Turn | None, str]:
    """A reminder among many: its turn, or None, and in a word what becomes of it (`reminded`, `asleep`, ...)."""
    turn = _reminded(case, standing, Tap(case.id, 0, "remind", None, ""), now)
    word = turn.extra[0].says[0].key.removeprefix("staff.")
    return (replace(turn, extra=(), bulk=True) if turn.records else None), word


def _held(case: Case, standing: Standing, now: datetime) -> Message | None:
    """Why this is no time to write to the seller, with a way to do it nevertheless."""
    args = {"case": case.id, "hour": f"{WAKING[0]:%H:%M}"}
    anyway = ((Button("card.button.anyway", Tap(case.id, 0, "remind", None, ANYWAY).data()),),)
    paused = standing.facts.paused
    if paused and paused > now:
        says = Say("staff.paused", {**args, "date": paused.date().isoformat()})
        return Message("staff", (says,), anyway)
    morning = waking(now, zone(standing.facts))
    if morning == now:
        return None
    hours = str(-(-int((morning - now).total_seconds()) // 3600))
    return Message("staff", (Say("staff.asleep", {**args, "hours": hours}),), anyway)


def _staff(say: Say) -> Message:
    return Message("staff", (say,))


def _say(word: str, case: Case, **args: str) -> Turn:
    return Turn(extra=(_staff(Say(word, {"case": case.id, **args})),), asks=False, card=True)
