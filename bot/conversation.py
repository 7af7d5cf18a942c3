"""What a seller's message means where the case stands: the records it adds and what is said first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.answers import fold
from bot.documents import REQUIREMENTS, Document, Question
from bot.facts import OPEN
from bot.followups import PAST
from bot.model import Case, Invited, Key, Nudge, Reach, Stage, State, Submission
from bot.ports import Button, Given, Message, Say
from bot.speech import code, insist, remind, stage_args, status
from bot.standing import Standing
from bot.taps import NOTICE, back, correct, may_leave, submit, tapped
from bot.turn import Turn, moved

LARGEST = 20 * 1024 * 1024  # bytes; Telegram's own limit for a bot's downloads
READY = timedelta(minutes=10)  # from the drawing of the turns to the film that shows them
CHANGING = frozenset({"back", "time"})  # commands that put a question of their own
NO_ANSWERS = frozenset({"foreign_contact", "forwarded", "voice", "sticker", "location", "edited"})


def respond(case: Case, standing: Standing, given: Given, invited: Invited | None = None) -> Turn:
    """The turn that an update from a seller's chat makes; whoever writes can be written to again.

    `invited`: the invitation that they opened just now.
    """
    if given.other == "blocked":
        return blocked(standing, given.at)
    if invited:
        turn = Turn((invited,), (Say("welcome_back" if len(case) else "hello", {"code": invited.code}),))
    else:
        turn = _answer(standing, given) if len(case) else Turn(says=(Say("hello", {"code": ""}),))
    back = (Reach(given.at, reachable=True),) if not standing.facts.reachable else ()
    return replace(turn, records=(*back, *turn.records))


def blocked(standing: Standing, at: datetime) -> Turn:
    """Nothing can be said to them any more; noted once."""
    return Turn((Reach(at, reachable=False),) if standing.facts.reachable else (), asks=False, bulk=True)


def _answer(standing: Standing, given: Given) -> Turn:
    if given.other == "unblocked":
        return Turn(says=_missed(standing, given.at))
    if given.other:
        return Turn(says=(Say(f"other.{given.other if given.other in NO_ANSWERS else 'unknown'}"),))
    if _too_soon(standing, given):
        return Turn(says=(Say("unclear.notice_first"),))
    if given.command:
        return _command(standing, given)
    if given.tap:
        return tapped(standing, given)
    if given.files:
        return _files(standing, given)
    if given.contact:
        return _contact(standing, given)
    return _text(standing, given)


def _too_soon(standing: Standing, given: Given) -> bool:
    """Before the notice is agreed to nothing else is kept."""
    notice = standing.item(NOTICE)
    if notice is None or notice.state is not State.MISSING:
        return False
    answers = given.tap.split(":")[2:3] == [str(NOTICE)] or given.tap.startswith(("x:", "p:"))
    return (
        bool(given.files or given.contact) or (bool(given.tap) and not answers) or given.command in CHANGING
    )


def _missed(standing: Standing, now: datetime) -> tuple[Say, ...]:
    """What may have gone out while nothing arrived: where the case stands, unless the news says that in a moment."""
    if standing.overdue:
        return remind(standing, Nudge(now, "legal", PAST, standing.next), now)
    if moved(standing) or standing.stage is Stage.COLLECTING:
        return (Say("back_again"),)
    return (Say("back_again"), Say(f"status.{standing.stage}", stage_args(standing)))


def _command(standing: Standing, given: Given) -> Turn:
    match given.command:
        case "start":
            return Turn(says=(Say("welcome_back", {"code": code(standing)}), *_idle(standing)))
        case "status":
            return Turn(extra=(status(standing),), asks=False)
        case "back":
            return back(standing, given)
        case "time":
            return correct(standing, given, Key("time"))
        case "cancel":
            return _cancel(standing)
        case "help" | "privacy" | "language":
            return Turn(says=(Say(f"command.{given.command}"),))
        case _:
            return Turn(says=(Say("command.unknown"),))


def _cancel(standing: Standing) -> Turn:
    """Leave a correction; else offer to stop, with what was given kept or deleted."""
    if not may_leave(standing):
        return Turn(says=(Say("command.cancel_late"),))
    buttons = ((Button("button.go_on", "x:keep"),), (Button("button.delete", "x:delete"),))
    return Turn(extra=(Message("seller", (Say("command.cancel"),), buttons),), asks=False)


def _idle(standing: Standing) -> tuple[Say, ...]:
    """What is said where nothing is asked: where the case stands."""
    if standing.next or standing.stage is Stage.COLLECTING:
        return ()
    return (Say(f"status.{standing.stage}", stage_args(standing)),)


def _files(standing: Standing, given: Given) -> Turn:
    film = any(file.kind == "video_note" for file in given.files)
    asked = REQUIREMENTS[standing.next.requirement] if standing.next else None
    wanted = isinstance(asked, Document) and asked.film
    if film and wanted and standing.next:
        return _filmed(standing, standing.next, given)
    if film or wanted:
        return Turn(says=(Say("other.video_note" if film else "film.please"),))
    if any(file.size > LARGEST for file in given.files):
        return Turn(says=(Say("refused.unread.too_big"),))
    key = _wanted(standing, given)
    if key is None:
        return Turn(says=(Say("other.picture"), *_idle(standing)))
    sent = (Submission(given.at, key, files=given.files, album=given.album),)
    last = standing.facts.papers[-1] if standing.facts.papers else None
    if last and given.album and given.album == last.album:
        return Turn(sent, asks=False)
    more = last is not None and last.evidence is None and last.key == key
    return Turn(sent, (Say("more"),) if more else (), asks=not more)


def _filmed(standing: Standing, key: Key, given: Given) -> Turn:
    """Only a film made after the turns were drawn, and soon after, shows that somebody is there."""
    challenge = standing.facts.challenge
    if challenge is None:
        return Turn(says=(Say("film.first"),))
    if given.at > challenge.at + READY:
        return Turn(says=(Say("film.late"),))
    if any(file.size > LARGEST for file in given.files):
        return Turn(says=(Say("refused.unread.too_big"),))
    return Turn((Submission(given.at, key, ",".join(challenge.turns), files=given.files),))


def _wanted(standing: Standing, given: Given) -> Key | None:
    """The document these files are for: the one asked for, the one still being read, or the first that is open."""
    last = standing.facts.papers[-1] if standing.facts.papers else None
    if last and given.album and given.album == last.album:
        return last.key
    if standing.next and isinstance(REQUIREMENTS[standing.next.requirement], Document):
        return standing.next
    if last and last.evidence is None:
        return last.key
    for item in standing.items:
        if item.state in OPEN and isinstance(REQUIREMENTS[item.key.requirement], Document):
            return item.key
    return None


def _contact(standing: Standing, given: Given) -> Turn:
    key = Key("contact")
    question = REQUIREMENTS[key.requirement]
    if standing.item(key) is None or not isinstance(question, Question):
        return Turn(says=(Say("other.contact"),))
    return submit(standing, question, key, given.contact, given)


def _text(standing: Standing, given: Given) -> Turn:
    key = standing.next
    if key is None:
        return Turn(says=_idle(standing))
    question = REQUIREMENTS[key.requirement]
    if isinstance(question, Document):
        return Turn(says=(insist(standing),))
    spelled = {fold(option): option for option in question.options}.get(fold(given.text.replace("_", " ")))
    if spelled and question.name != "notice":
        return submit(standing, question, key, spelled, given)
    if not question.typed:
        return Turn(says=(Say("unclear.contact_please" if question.contact else "unclear.tap_please"),))
    return submit(standing, question, key, given.text, given)
