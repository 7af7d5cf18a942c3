"""What a seller's message means where the case stands: the records it adds and what is said first."""

from __future__ import annotations

from bot.answers import Unclear, fold
from bot.documents import REQUIREMENTS, Document, Question
from bot.facts import OPEN
from bot.model import Case, Key, State, Submission, Told, Withdrawal
from bot.ports import Given, Say
from bot.speech import insist, stage_args, status
from bot.standing import Standing
from bot.turn import Turn

LARGEST = 20 * 1024 * 1024  # bytes; Telegram's own limit for a bot's downloads
NOTICE = Key("notice")
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
        return _command(standing, given.command)
    if given.tap:
        return _tap(standing, given)
    if given.files:
        return _files(standing, given)
    if given.contact:
        return _contact(standing, given)
    return _text(standing, given)


def _command(standing: Standing, command: str) -> Turn:
    match command:
        case "start":
            return Turn(says=(Say("welcome_back"), *_idle(standing)))
        case "status" | "back":
            return Turn(extra=(status(standing),), asks=False)
        case "help" | "privacy" | "cancel" | "language":
            return Turn(says=(Say(f"command.{command}"),))
        case _:
            return Turn(says=(Say("command.unknown"),))


def _idle(standing: Standing) -> tuple[Say, ...]:
    """What is said where nothing is asked: where the case stands."""
    if standing.next:
        return ()
    return (Say(f"status.{standing.stage}", stage_args(standing)),)


def _tap(standing: Standing, given: Given) -> Turn:
    match given.tap.split(":", 3):
        case ["a", sequence, key, value] if sequence.isdigit():
            return _answer_tap(standing, given, int(sequence), _key(key), value)
        case ["f", key]:
            return _correct(standing, given, _key(key))
        case ["w", sequence] if sequence.isdigit():
            return _withdraw(standing, given, int(sequence))
    return Turn(says=(Say("stale"),))


def _key(text: str) -> Key:
    try:
        return Key.parse(text)
    except ValueError:
        return Key("")


def _answer_tap(standing: Standing, given: Given, sequence: int, key: Key, value: str) -> Turn:
    item, question = standing.item(key), REQUIREMENTS.get(key.requirement)
    if item is None or not isinstance(question, Question):
        return Turn(says=(Say("stale"),))
    asked_now = key == standing.next
    if not asked_now and item.state not in OPEN:
        return Turn(says=(Say("stale.answered", {"what": key.requirement}),))
    if question.about and sequence < _examined(standing, question.about):
        return Turn(says=(Say("stale"),))
    if key == NOTICE and value == "refuse":
        return Turn(says=(Say("notice_refused"),))
    return _submit(question, key, value, given)


def _examined(standing: Standing, about: str) -> int:
    item = standing.item(Key(about))
    return next((p.examined for p in standing.facts.papers if item and p.sequence == item.of), 0)


def _submit(question: Question, key: Key, text: str, given: Given) -> Turn:
    """A parsed answer, or what was not understood of it."""
    value = text if text in question.options else question.parse(text)
    if isinstance(value, Unclear):
        return Turn(says=(Say(f"unclear.{value.code}", value.args),))
    return Turn((Submission(given.at, key, value),), (Say(f"heard.{key.requirement}", {"value": value}),))


def _correct(standing: Standing, given: Given, key: Key) -> Turn:
    """The seller wants to change something: it is asked again, and nothing is lost until the new answer is there."""
    if standing.item(key) is None or key == NOTICE:
        return Turn(says=(Say("stale"),))
    return Turn((Told(given.at, standing.stage, standing.states(), key, correcting=True),))


def _withdraw(standing: Standing, given: Given, sequence: int) -> Turn:
    if not any(sequence in people for people in standing.facts.people.values()):
        return Turn(says=(Say("stale"),))
    who = next(standing.facts.value(kind, sequence) for kind in standing.facts.people)
    return Turn((Withdrawal(given.at, sequence),), says=(Say("withdrawn", {"who": who}),))


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
    return _submit(question, key, given.contact, given)


def _text(standing: Standing, given: Given) -> Turn:
    key = standing.next
    if key is None:
        return Turn(says=_idle(standing))
    question = REQUIREMENTS[key.requirement]
    if isinstance(question, Document):
        return Turn(says=(insist(standing),))
    spelled = {fold(option): option for option in question.options}.get(fold(given.text.replace("_", " ")))
    if spelled and question.name != "notice":
        return _submit(question, key, spelled, given)
    if not question.typed:
        return Turn(says=(Say("unclear.contact_please" if question.contact else "unclear.tap_please"),))
    return _submit(question, key, given.text, given)
