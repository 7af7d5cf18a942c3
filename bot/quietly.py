"""What a press of the compliance officer on a quiet card means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.compliance import about, card
from bot.matters import agreeable, endings
from bot.model import Case, Cleared, Disposition, Key, Outcome, Override, Request, State, Tier
from bot.ports import Button, Message, Say
from bot.quiet import AGREED
from bot.staff.roles import OWN, REASONS, UNSAID
from bot.staff.taps import LONGEST, Tap
from bot.standing import OVER, Standing
from bot.turn import Turn, decision

FUNDS = Key("source_of_funds")  # the question that is asked as a matter of routine
SET_FOR = timedelta(days=180)  # how long a tier stays that was set by hand
DRAW = Turn(asks=False, quiet_card=True)
TIERS = tuple(map(str, Tier))


def ruled(case: Case, standing: Standing, tap: Tap, by: str, now: datetime) -> Turn:
    """The turn that a permitted press makes; one on what was dealt with meanwhile only draws the card anew."""
    match tap.action:
        case "quiet_show":
            return replace(DRAW, calls=True)
        case "timeline":
            return _timeline(standing, tap)
        case "routine" | "dismiss" | "report":
            return _alert(case, standing, tap, by, now)
        case "not_them" | "them":
            return _match(case, standing, tap, by, now)
        case "tier" | "tier_low" | "tier_medium" | "tier_high":
            return _tier(case, standing, tap, by, now)
        case "quiet_decline" | "quiet_suspend":
            return _end(case, standing, tap, by, now)
        case "quiet_agree":
            return _agree(case, standing, tap, by, now)
    return DRAW


def _alert(case: Case, standing: Standing, tap: Tap, by: str, now: datetime) -> Turn:
    if tap.of not in standing.facts.quiet.open_alerts():
        return DRAW
    if tap.action == "routine":
        return _routine(case, standing, tap, by, now)
    if tap.action == "report":
        return replace(DRAW, records=(Disposition(now, tap.of, "reported", by),))
    done = Disposition(now, tap.of, "dismissed", by, tap.reason, tap.words)
    return _why(case, standing, tap) or replace(DRAW, records=(done,))


def _why(case: Case, standing: Standing, tap: Tap) -> Turn | None:
    """What is still to be said about the reason, without which nothing is ruled; None where the press is whole."""
    if not tap.reason:
        return _choose(case, standing, tap, REASONS[tap.action])
    args = {"case": case.id, "limit": str(LONGEST)}
    if tap.reason == OWN and not tap.words:
        asked = _say("quiet.own_words", {**args, "what": tap.action, "reference": tap.reference()})
        return replace(asked, quiet_card=True)  # which asks no longer: what is replied to is the prompt
    return _say("quiet.too_long", args) if len(tap.words) > LONGEST else None


def _say(word: str, args: Mapping[str, str]) -> Turn:
    return Turn(extra=(Message("compliance", (Say(word, args),)),), asks=False)


def _timeline(standing: Standing, tap: Tap) -> Turn:
    """When the money moved that the alert is about, as a picture; also of one that was dealt with."""
    alert = standing.facts.quiet.alerts.get(tap.of)
    if alert is None:
        return DRAW
    return Turn(
        extra=(Message("compliance", (*about(alert), Say("quiet.timeline")), draws=tap.of),), asks=False
    )


def _routine(case: Case, standing: Standing, tap: Tap, by: str, now: datetime) -> Turn:
    """A question that others are asked too, in the same words."""
    item = standing.item(FUNDS)
    if standing.stage in OVER:
        return _say("quiet.too_late", {"case": case.id})
    asked = Disposition(now, tap.of, "asked", by)
    fresh = item is None or item.state is State.SATISFIED
    return replace(DRAW, records=(asked, *((Request(now, FUNDS, by),) if fresh else ())))


def _match(case: Case, standing: Standing, tap: Tap, by: str, now: datetime) -> Turn:
    asked = tap.key.requirement.removeprefix("pair_") if tap.key else ""
    found = [m for m in standing.facts.quiet.open_matches() if asked and m.pair.startswith(asked)]
    if not found:
        return DRAW
    ruled = Cleared(now, found[0].pair, tap.action == "them", by, tap.reason, tap.words)
    return _why(case, standing, tap) or replace(DRAW, records=(ruled,))


def _tier(case: Case, standing: Standing, tap: Tap, by: str, now: datetime) -> Turn:
    """Which one, then why: no risk is set without a reason."""
    if tap.action == "tier":
        if tap.reason not in TIERS:
            return _choose(case, standing, tap, TIERS)
        tap = replace(tap, action=f"tier_{tap.reason}", reason="")
    if asked := _why(case, standing, tap):
        return asked
    tier = Tier(tap.action.removeprefix("tier_"))
    return replace(DRAW, records=(Override(now, tier, now + SET_FOR, by, tap.words or tap.reason),))


def _end(case: Case, standing: Standing, tap: Tap, by: str, now: datetime) -> Turn:
    """The decision says to everybody what any other without a reason says; why it was made only compliance reads."""
    outcome = Outcome(tap.action.removeprefix("quiet_"))
    if outcome not in endings(standing):
        return DRAW
    made = decision(standing, outcome, by, now, UNSAID)
    why = Disposition(now, len(case) + 1, str(outcome), by, tap.reason, tap.words)
    return _why(case, standing, tap) or replace(DRAW, records=(made, why), card=True)


def _agree(case: Case, standing: Standing, tap: Tap, by: str, now: datetime) -> Turn:
    """What compliance had ended may go on: an approval that was held, or is still to come, counts.

    `tap.of` is the end that this takes back: an older card does not take back a newer one.
    """
    ended, made = agreeable(standing), standing.facts.decision
    if ended is None or made is None or tap.of != ended.of:
        return DRAW
    agreed = Disposition(now, made[0], AGREED, by, tap.reason, tap.words)
    return _why(case, standing, tap) or replace(DRAW, records=(agreed,))


def _choose(case: Case, standing: Standing, tap: Tap, reasons: tuple[str, ...]) -> Turn:
    """The card with what there is to choose from in place of its buttons."""
    own = (OWN,) if tap.action in REASONS else ()
    rows = tuple(
        (Button(f"quiet.reason.{reason}", replace(tap, reason=reason).data()),) for reason in (*reasons, *own)
    )
    back = (Button("card.button.back", Tap(case.id, 0, "quiet").data()),)
    shown = card(case, standing)
    says = (*shown.says, Say(f"quiet.choose.{tap.action}"))
    return Turn(extra=(replace(shown, says=says, buttons=(*rows, back)),), asks=False)
