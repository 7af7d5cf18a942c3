"""What a seller's message means where the case stands: the records it adds and what is said first."""

from __future__ import annotations

from bot.answers import fold
from bot.documents import REQUIREMENTS, Document, Question
from bot.facts import OPEN
from bot.model import Case, Key, Stage, State, Submission
from bot.ports import Button, Given, Message, Say
from bot.speech import insist, stage_args, status
from bot.standing import Standing
from bot.taps import NOTICE, back, correct, may_leave, submit, tapped
from bot.turn import Turn

LARGEST = 20 * 1024 * 1024  # bytes; Telegram's own limit for a bot's downloads
NO_ANSWERS = frozenset({"foreign_contact", "forwarded", "voice", "sticker", "location", "edited"})


def respond(case: Case, standing: Standing, given: Given) -> Turn:
    """The turn that an update from a seller's chat makes."""
    if not len(case):
        return Turn(says=(Say("hello"),))
    if given.other in {"blocked", "unblocked"}:
        return Turn(asks=given.other == "unblocked")
    if given.other:
        return Turn(says=(Say(f"other.{given.other if given.other in NO_ANSWERS else 'unknown'}"),))
    if given.command:
        return _command(standing, given)
    if given.tap:
        return tapped(standing, given)
    if given.files:
        return _files(standing, given)
    if given.contact:
        return _contact(standing, given)
    return _text(standing, given)


def _command(standing: Standing, given: Given) -> Turn:
    match given.command:
        case "start":
            return Turn(says=(Say("welcome_back"), *_idle(standing)))
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
    notice = standing.item(NOTICE)
    if notice and notice.state is State.MISSING:
        return Turn(says=(Say("unclear.notice_first"),))
    if any(file.kind == "video_note" for file in given.files):
        return Turn(says=(Say("other.video_note"),))
    if any(file.size > LARGEST for file in given.files):
        return Turn(says=(Say("refused.unread.too_big"),))
    key = _wanted(standing, given)
    if key is None:
        return Turn(says=(Say("other.picture"), *_idle(standing)))
    last = standing.facts.papers[-1] if standing.facts.papers else None
    joins = bool(last and given.album and given.album == last.album)
    return Turn((Submission(given.at, key, files=given.files, album=given.album),), asks=not joins)


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
