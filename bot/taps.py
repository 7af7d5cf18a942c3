"""What a pressed button means: an answer, one more of several, a correction, or something about the whole case.

What a button carries: `a:<told>:<key>:<value>` an answer to the question of that `Told`; `m:<told>:<key>:<values>`
one option more or less of several; `f:<key>` change this; `n:<sequence>:<key>` this change is not mine; `p:<days>` remind me later; `w:<sequence>` this person left; `x:<what>` the rest.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

from bot.answers import Unclear, masked
from bot.asking import appeal, ask, person, several
from bot.documents import REQUIREMENTS, UNASKED, Document, Question
from bot.facts import OPEN
from bot.followups import morning, offset, zone
from bot.holds import TELEGRAM
from bot.items import Item
from bot.model import (
    NO_DOCUMENT,
    Appeal,
    Challenge,
    Decision,
    Key,
    Outcome,
    Pause,
    Ruling,
    State,
    Submission,
    Told,
    Verdict,
    Withdrawal,
)
from bot.ports import Given, Say
from bot.speech import NOT_ME
from bot.standing import SELLER, Standing
from bot.turn import PUT_OFF, Turn

NOTICE, CARD, LIVENESS = Key("notice"), Key("card"), Key("liveness")
MIXED = tuple(turns for turns in product(("left", "right"), repeat=3) if len(set(turns)) > 1)
PUT_OFF_DAYS = frozenset(map(str, PUT_OFF))


def tapped(standing: Standing, given: Given) -> Turn:
    """The turn that a press makes; a button from another time says so and changes nothing."""
    match given.tap.split(":", 3):
        case ["a", sequence, key, value] if sequence.isdecimal():
            return _answer(standing, given, int(sequence), parsed(key), value)
        case ["m", sequence, key, values] if sequence.isdecimal():
            return _flipped(standing, given, int(sequence), parsed(key), values)
        case ["f", key]:
            return correct(standing, given, parsed(key))
        case ["p", days] if days in PUT_OFF_DAYS:
            return _put_off(standing, given, int(days))
        case ["w", sequence] if sequence.isdecimal():
            return _withdraw(standing, given, int(sequence))
        case ["n", sequence, key] if sequence.isdecimal():
            return _not_mine(standing, given, int(sequence), parsed(key))
        case ["x", action]:
            return _action(standing, given, action)
    return Turn(says=(Say("stale"),))


def parsed(text: str) -> Key:
    """The key in a button; one that nothing has where it is none."""
    try:
        return Key.parse(text)
    except ValueError:
        return Key("")


def _answer(standing: Standing, given: Given, sequence: int, key: Key, value: str) -> Turn:
    item, requirement = standing.item(key), REQUIREMENTS.get(key.requirement)
    if item is None or requirement is None:
        return Turn(says=(Say("stale"),))
    if key != standing.next and item.state not in OPEN:
        return Turn(says=(Say("stale.answered", {"what": key.requirement}),))
    if isinstance(requirement, Document):
        return _none(given, key) if value == NO_DOCUMENT else Turn(says=(Say("stale"),))
    if requirement.about and sequence < _examined(standing, requirement.about):
        return Turn(says=(Say("stale"),))
    if key == NOTICE and value == "refuse":
        return Turn(says=(Say("notice_refused"),))
    return submit(standing, requirement, key, value, given)


def _none(given: Given, key: Key) -> Turn:
    return Turn((Submission(given.at, key, NO_DOCUMENT),))


def _examined(standing: Standing, about: str) -> int:
    item = standing.item(Key(about))
    return next((p.examined for p in standing.facts.papers if item and p.sequence == item.of), 0)


def submit(standing: Standing, question: Question, key: Key, text: str, given: Given) -> Turn:
    """A parsed answer, or what was not understood of it."""
    value = question.understood(text, standing.facts.value(question.place))
    if isinstance(value, Unclear):
        return Turn(says=(Say(f"unclear.{value.code}", value.args),))
    if question.name == "time":
        value = str(offset(value, given.at))
    said = {"value": shown(key, value), "who": person(standing, key)}
    return Turn((Submission(given.at, key, value),), (Say(f"heard.{key.requirement}", said),))


def shown(key: Key, value: str) -> str:
    """An answer as it may be read back: an account's number not in full."""
    return masked(value) if key.requirement == "payout_account" else value


def _flipped(standing: Standing, given: Given, sequence: int, key: Key, values: str) -> Turn:
    """The same question with another choice marked: nothing is kept until the seller says that this is all."""
    question = REQUIREMENTS.get(key.requirement)
    if key != standing.next or not isinstance(question, Question) or not question.several:
        return Turn(says=(Say("stale"),))
    chosen = tuple(option for option in question.options if option in values.split("+"))
    buttons = several(question, sequence, chosen)
    again = replace(ask(standing, sequence, given.language), buttons=buttons, edits=given.message)
    return Turn(extra=(again,), asks=False)


def correct(standing: Standing, given: Given, key: Key) -> Turn:
    """The seller wants to change something: it is asked again, and nothing is lost until the new answer is there."""
    item = standing.item(key)
    if (item is None and key.requirement not in UNASKED) or key in {NOTICE, TELEGRAM}:
        return Turn(says=(Say("stale"),))
    asks = Told(given.at, standing.stage, standing.states(), key, correcting=True)
    return Turn((asks,), _so_far(standing, key, item))


def _so_far(standing: Standing, key: Key, item: Item | None) -> tuple[Say, ...]:
    """What is there now, so that the seller sees what they change."""
    answer = standing.facts.answers.get(key)
    question = REQUIREMENTS[key.requirement]
    counted = isinstance(question, Question) and question.introduces
    if item is None or answer is None or counted or item.state is State.MISSING:
        return ()
    args = {"what": key.requirement, "who": person(standing, key), "value": shown(key, answer.text)}
    return (Say("so_far", args),)


def back(standing: Standing, given: Given) -> Turn:
    """The thing answered before the one that is asked or corrected now."""
    told = standing.facts.told[1] if standing.facts.told else None
    now = standing.item(told.asked) if told and told.asked and told.correcting else None
    before = [
        item
        for item in standing.items
        if item.of and item.key not in {NOTICE, CARD, TELEGRAM} and (now is None or item.of < now.of)
    ]
    if not before or standing.next is None:
        return Turn(says=(Say("command.back"),), asks=True)
    return correct(standing, given, max(before, key=lambda item: item.of).key)


def _withdraw(standing: Standing, given: Given, sequence: int) -> Turn:
    if not any(sequence in people for people in standing.facts.people.values()):
        return Turn(says=(Say("stale"),))
    who = person(standing, Key("", sequence))
    return Turn((Withdrawal(given.at, sequence),), says=(Say("withdrawn", {"who": who}),))


def _not_mine(standing: Standing, given: Given, sequence: int, key: Key) -> Turn:
    """The change is taken back at once; staff hear that somebody else may have been at work."""
    hold = standing.facts.holds.get(key)
    if hold is None or hold.sequence != sequence or hold.over(given.at):
        return Turn(says=(Say("stale"),))
    ruling = Ruling(given.at, key, sequence, Verdict.REJECT, SELLER, NOT_ME)
    return Turn((ruling,), (Say("change.taken_back", {"what": key.requirement}),), card=True)


def _action(standing: Standing, given: Given, action: str) -> Turn:
    match action:
        case "keep":
            told = standing.facts.told[1] if standing.facts.told else None
            asked = told.asked if told and not told.correcting else None
            return Turn((Told(given.at, standing.stage, standing.states(), asked),), (Say("kept"),))
        case "ready" if _filmed(standing):
            return Turn((Challenge(given.at, LIVENESS, drawn(given.chance)),))
        case "delete" if may_leave(standing):
            return Turn((Decision(given.at, Outcome.CLOSE, SELLER),), (Say("deleted"),))
        case "appeal" if appeal(standing):
            return Turn((Appeal(given.at),), (Say("appealed"),), card=True)
        case "appeal" if standing.facts.appeal:
            return Turn(says=(Say("appealed"),))
    return Turn(says=(Say("stale"),))


def _filmed(standing: Standing) -> bool:
    document = REQUIREMENTS[standing.next.requirement] if standing.next else None
    return isinstance(document, Document) and document.film


def drawn(chance: int) -> tuple[str, ...]:
    """Three turns of the head, never all to one side: nobody can film beforehand what is drawn by lot."""
    return MIXED[chance % len(MIXED)]


def _put_off(standing: Standing, given: Given, days: int) -> Turn:
    """No reminder before the morning of that day, and one then; a date set by law stands."""
    where = zone(standing.facts)
    day = given.at.astimezone(where).date() + timedelta(days=days)
    until, by = morning(day, where), str(standing.due_by or "")
    return Turn((Pause(given.at, until),), (Say("paused", {"date": day.isoformat(), "by": by}),), asks=False)


def may_leave(standing: Standing) -> bool:
    """Before a first decision nothing obliges us to keep what was given."""
    return standing.facts.decision is None
