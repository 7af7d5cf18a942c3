"""Answers that are about no one case: `/queue`, `/find`, `/help`. They are not stored: a lost one is asked again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence

from bot import matters
from bot.answers import fold
from bot.asking import in_rows, own_name
from bot.model import Case, CaseId, Key
from bot.ports import Button, Given, Message, Parcel, Register, Say
from bot.staff.card import instant
from bot.staff.taps import Tap
from bot.staff.why import reasons, waiting_since
from bot.standing import Standing, openly

LISTS = frozenset({"queue", "find", "help"})
MOST = 10  # cases in one answer
NAMES = ("full_name", "native_name", "company_name", "contact", "email")

Show = Callable[[CaseId], Awaitable[tuple[Case, Standing]]]
Found = tuple[tuple[Say, ...], Sequence[CaseId]]


def answer(given: Given, *says: Say, buttons: Sequence[Button] = (), inside: bool = False) -> Parcel:
    """To the staff's chat, or the compliance officer's (`inside`), beside the outbox: it belongs to no case."""
    chat = "compliance" if inside else "staff"
    return Parcel(0, CaseId(""), chat, given.language, Message(chat, says, in_rows(buttons, 2)))


async def listed(given: Given, register: Register, show: Show, *, inside: bool = False) -> Parcel:
    """What a command that names no case is answered with, where it was given."""
    match given.command:
        case "queue" if inside:
            says, cases = await _matters(register, show)
        case "queue":
            says, cases = await _queue(register, show)
        case "find":
            says, cases = await _find(given, register, show)
        case _:
            says, cases = (Say("quiet.help") if inside else Say("staff.help"),), ()
    action = "quiet_show" if inside else "show"
    buttons = [Button("list.show", Tap(case, 0, action).data(), {"case": case}) for case in cases]
    return answer(given, *says, buttons=buttons, inside=inside)


async def _queue(register: Register, show: Show) -> Found:
    waiting = await register.queue(MOST + 1)
    shown = [await _openly(show, case) for case in waiting[:MOST]]
    lines = [line for case, standing in shown for line in _waiting(case, standing)]
    if not lines:
        return (Say("staff.queue_empty"),), ()
    more = (Say("list.more", {"n": ""}),) if len(waiting) > MOST else ()
    return (Say("staff.queue"), *lines, *more), waiting[:MOST]


async def _matters(register: Register, show: Show) -> Found:
    """The compliance officer's own queue."""
    waiting = await register.quiet(MOST + 1)
    lines = [line for each in waiting[:MOST] for line in matters.line(*await show(each))]
    if not lines:
        return (Say("quiet.queue_empty"),), ()
    more = (Say("list.more", {"n": ""}),) if len(waiting) > MOST else ()
    return (Say("quiet.queue"), *lines, *more), waiting[:MOST]


async def _openly(show: Show, case_id: CaseId) -> tuple[Case, Standing]:
    case, standing = await show(case_id)
    return case, openly(standing)


def _waiting(case: Case, standing: Standing) -> Iterator[Say]:
    """One line: the weightiest reason in short, and since when. Nothing where time alone has moved it on."""
    since, why = waiting_since(case, standing), next(reasons(standing), None)
    if since and why:
        line = {"what": "", "who": "", "code": "", "two": "", **why.args, **_about(case, standing)}
        yield Say("list.waiting", {**line, **instant(since), "why": why.key.partition(".")[2]})


async def _find(given: Given, register: Register, show: Show) -> Found:
    found = await _found(given.argument, register)
    if not found:
        return (Say("staff.found_none") if fold(given.argument) else Say("staff.find_what"),), ()
    shown = [await _openly(show, case) for case in found[:MOST]]
    lines = [Say("list.found", _about(case, standing)) for case, standing in shown]
    more = (Say("list.more", {"n": str(len(found) - MOST)}),) if len(found) > MOST else ()
    return (Say("staff.found"), *lines, *more), found[:MOST]


async def _found(said: str, register: Register) -> tuple[CaseId, ...]:
    """By every word; and by all of them as one, as numbers are written in groups."""
    words = fold(said).split()
    if not words:
        return ()
    found = await register.find(words)
    joined = await register.find(["".join(words)]) if len(words) > 1 else ()
    return tuple(dict.fromkeys((*found, *joined)))


def _about(case: Case, standing: Standing) -> dict[str, str]:
    """What may be said of a case in a list: no number, nothing of what was searched for but the name."""
    facts = standing.facts
    return {
        "case": case.id,
        "stage": str(standing.stage),
        "country": facts.value("country"),
        "form": facts.value("legal_form"),
        "name": own_name(standing),
        "company": facts.value("company_name"),
    }


def tokens(standing: Standing) -> frozenset[str]:
    """The words a case is found by: names as typed and as read, phone, e-mail, numbers of identity documents."""
    facts = standing.facts
    texts = [facts.value(name) for name in NAMES]
    for item in standing.items:
        if item.key.requirement == "identity":
            texts += [item.evidence.get(name, "") for name in ("surname", "given_names", "number")]
    texts += [facts.value("owner", subject) for subject in facts.people.get("owner", ())]
    identity = standing.item(Key("identity"))
    number = identity.evidence.get("number", "") if identity else ""
    return frozenset(fold(" ".join(texts)).split()) | frozenset(filter(None, ["".join(fold(number).split())]))
