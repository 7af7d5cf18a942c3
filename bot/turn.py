"""What follows from a turn: a decision that the policy may make, the news, the next question, the card. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot import compliance, staff
from bot.asking import ask
from bot.elsewhere import Holders, sharing, words
from bot.facts import OPEN
from bot.folding import hear
from bot.followups import abandoned_at, next_nudge, waking, zone
from bot.holds import TELEGRAM
from bot.matters import leaves, since
from bot.model import Case, Decision, Key, Outcome, Record, Told
from bot.policy import Policy
from bot.ports import Button, Change, Index, Message, Say
from bot.quiet import Quiet
from bot.screened import Watchlists, screening
from bot.speech import news, not_me
from bot.standing import MACHINE, OVER, Standing, approvable, faces_are_done, has_left, openly, stand

CONTACT = Key("contact")
PUT_OFF = {1: Button("later.day", "p:1"), 3: Button("later.days", "p:3"), 7: Button("later.week", "p:7")}


@dataclass(frozen=True, slots=True)
class Turn:
    """What a door adds before anything is derived from it: records, and what is said before the news.

    `asks`: the question follows whatever is said. `bulk`: nobody is waiting, so waking hours are kept.
    `card`: the staff card is drawn whether or not it was needed; `quiet_card`: the one that compliance alone sees.
    `calls`: it comes as a new message, not in its old place. `later`: the days for which the seller may put this off.
    `closing`: said after the question.
    """

    records: tuple[Record, ...] = ()
    says: tuple[Say, ...] = ()
    extra: tuple[Message, ...] = ()
    asks: bool = True
    bulk: bool = False
    card: bool = False
    calls: bool = False
    later: tuple[int, ...] = ()
    closing: tuple[Say, ...] = ()
    quiet_card: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the case. `last`: where it stood after its last record: it only saves time.

    `watchlists`: None where nobody is screened. `holders`: which other cases hold what was given; None where that
    was not looked up. `draws`: if the policy approves by itself now, a person looks as well.
    """

    last: Standing | None = None
    watchlists: Watchlists | None = None
    holders: Holders | None = None
    draws: bool = False


NOTHING_KNOWN = Known()


def conclude(
    case: Case, turn: Turn, policy: Policy, now: datetime, known: Known = NOTHING_KNOWN
) -> tuple[Change, Standing]:
    """The change that a turn makes to a case, and where the case then stands; both follow from these arguments alone."""
    last, watch = known.last, known.watchlists
    before = case.told()[1]
    after = extended(case, *turn.records)
    standing = stand(after, policy, now, last.facts if last else None)
    if watch and (found := screening(standing, watch, now)):
        after = extended(after, found)
        standing = stand(after, policy, now, standing.facts)
    if known.holders is not None and (shared := sharing(standing, known.holders, now)):
        after = extended(after, shared)
        standing = stand(after, policy, now, standing.facts)
    if approvable(standing):
        made = replace(decision(standing, Outcome.APPROVE, MACHINE, now), drawn=known.draws)
        after = extended(after, made)
        standing = stand(after, policy, now, standing.facts)
    asleep = turn.bulk and waking(now, zone(standing.facts)) > now
    tell = moved(standing) and not asleep and standing.facts.reachable
    says = (*turn.says, *news(before, standing)) if tell else turn.says
    asks = turn.asks or (tell and (before is None or _asks_anew(before, standing)))
    if tell:
        told = Told(now, standing.stage, standing.states(), standing.next, standing.correcting)
        after = extended(after, told)
        hear(standing.facts, len(after), told)
    message = _message(after, standing, says, asks=asks, bulk=turn.bulk)
    message = _put_off(replace(message, says=(*message.says, *turn.closing)), turn.later)
    if tell and not message.keyboard and (row := not_me(before, standing)):
        message = replace(message, buttons=(*message.buttons, *((button,) for button in row)))
    if before and before.asked == CONTACT and standing.next != CONTACT and not message.buttons:
        message = replace(message, keyboard="remove")
    cards = (
        *_card(case, after, last, standing, turn),
        *_quiet_card(case, after, last, standing, turn),
    )
    messages = (message, *turn.extra, *cards)
    change = Change(
        case=case.id,
        length=len(case),
        records=after.history[len(case) :],
        messages=tuple(m for m in messages if m.says or m.deletes),
        index=_index(after, standing, now),
        at=now,
    )
    return change, standing


def _asks_anew(before: Told, standing: Standing) -> bool:
    """Another question, or a decision against the seller, beside which they may ask for another look."""
    return before.asked != standing.next or (standing.stage in OVER and before.stage is not standing.stage)


def _card(
    case: Case, after: Case, last: Standing | None, standing: Standing, turn: Turn
) -> tuple[Message, ...]:
    """The staff's card, where a person must look or had to a moment ago; where nobody had to, it calls them anew.

    A group takes 20 messages a minute, so nothing is sent for nothing.
    """
    seen = openly(standing)
    at = case[len(case)].at if len(case) else after.opened_at
    before = openly(last or stand(case, standing.policy, at))
    waited = staff.waits(before)
    calls = (turn.card and turn.calls) or (staff.waits(seen) and not waited)
    if before.policy is not standing.policy:
        before = openly(stand(case, standing.policy, at))
    if not (turn.card or calls):
        if not waited or staff.glance(before) == staff.glance(seen):
            return ()
        if staff.card(case, before) == staff.card(after, seen):
            return ()
    return (replace(staff.card(after, seen), anew=calls, bulk=turn.bulk),)


def _quiet_card(
    case: Case, after: Case, last: Standing | None, standing: Standing, turn: Turn
) -> tuple[Message, ...]:
    """The card that compliance alone reads.

    A new alert or match calls them anew; so do a seller who wants all deleted where it is to be kept, and whoever
    approves or opens again, without knowing it, the case of a person on a list or one that compliance had ended.
    """
    before = compliance.open_matters(last.facts.quiet if last else Quiet.of(case))
    now = compliance.open_matters(standing.facts.quiet)
    new = after.history[len(case) :]
    decided = [record.outcome for record in new if isinstance(record, Decision)]
    left = bool(decided and leaves(standing))
    quiet = standing.facts.quiet
    again = bool({Outcome.APPROVE, Outcome.REOPEN} & {*decided} and (quiet.same() or quiet.ended()))
    calls = (turn.quiet_card and turn.calls) or not now <= before or left or again
    drawn = turn.quiet_card or calls or now != before
    return (replace(compliance.card(after, standing), anew=calls),) if drawn else ()


def extended(case: Case, *records: Record) -> Case:
    """The case with these records at its end."""
    return Case(case.id, case.language, case.opened_at, (*case.history, *records))


def approves(change: Change) -> bool:
    """Whether the policy approves by itself in it."""
    return any(isinstance(record, Decision) and record.by == MACHINE for record in change.records)


def decision(standing: Standing, outcome: Outcome, by: str, now: datetime, reason: str = "") -> Decision:
    """A decision with what it rests on."""
    risk = standing.risk
    return Decision(now, outcome, by, reason, standing.policy.version, risk.score, dict(risk.contributions))


def _message(case: Case, standing: Standing, says: tuple[Say, ...], *, asks: bool, bulk: bool) -> Message:
    """One message a turn: what is said first, the news, the question."""
    question = ask(standing, case.told()[0], case.language) if asks else Message("seller", ())
    return replace(question, says=(*says, *question.says), bulk=bulk)


def _put_off(message: Message, days: tuple[int, ...]) -> Message:
    """With a last row of buttons that put it off; Telegram takes none beside the button for one's own number."""
    if not days or message.keyboard:
        return message
    return replace(message, buttons=(*message.buttons, tuple(PUT_OFF[n] for n in days)))


def moved(standing: Standing) -> bool:
    """Whether anything is otherwise than the seller was last told."""
    told = standing.facts.told[1] if standing.facts.told else None
    return told is None or (told.stage, dict(told.items), told.asked, told.correcting) != (
        standing.stage,
        standing.states(),
        standing.next,
        standing.correcting,
    )


def _index(case: Case, standing: Standing, now: datetime) -> Index:
    return Index(
        stage=standing.stage,
        tier=standing.risk.tier,
        country=standing.facts.value("country"),
        policy=standing.policy.version,
        owed=tuple(str(item.key) for item in standing.items if item.state in OPEN),
        due_at=_due(case, standing, now),
        waits=staff.waiting_since(case, openly(standing)),
        quiet=since(standing),
        tokens=staff.tokens(standing) | words(standing),
    )


def _due(case: Case, standing: Standing, now: datetime) -> datetime | None:
    """When this case next needs work without anyone's hand; None where nothing will ever move it."""
    moving = standing.facts.holds.get(TELEGRAM)
    if (
        standing.facts.unread()
        or (moving and moving.over(now))
        or faces_are_done(standing)
        or (has_left(standing) and not standing.facts.erased and not standing.facts.quiet.kept_until())
    ):
        return now
    where = zone(standing.facts)
    if moved(standing) and standing.facts.reachable:
        return waking(now, where)  # news comes before any reminder, and is held back by the night alone
    nudge = next_nudge(case, standing, now)
    due = [nudge[0]] if nudge else []
    due += [waking(standing.changes_at, where)] if standing.changes_at else []
    left = abandoned_at(case, standing)
    due += [left] if left else []
    return min(due, default=None)
