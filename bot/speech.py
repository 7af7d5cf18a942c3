"""What to say: questions, news since the last word, reminders. Only keys and arguments; the words live in templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache

from babel.core import get_global

from bot.documents import REQUIREMENTS, Document, Question
from bot.facts import OPEN
from bot.model import Key, Nudge, Stage, State, Told
from bot.ports import Button, Message, Say
from bot.standing import Item, Standing

Buttons = tuple[tuple[Button, ...], ...]

FREQUENT = ("DE", "FR", "GB", "US", "CN")  # offered as taps beside the likely one; any other is typed


def answer_data(sequence: int, key: Key, value: str) -> str:
    """What a button carries back: the question's sequence, its key, the answer."""
    return f"a:{sequence}:{key}:{value}"


def ask(standing: Standing, sequence: int, language: str) -> Message:
    """The next question, with its buttons; `sequence` is that of the `Told` which asks it."""
    key = standing.next
    if key is None:
        return Message("seller", ())
    requirement = REQUIREMENTS[key.requirement]
    contact = isinstance(requirement, Question) and requirement.contact
    return Message(
        "seller",
        (Say(f"ask.{key.requirement}", _args(standing, key)),),
        buttons=() if contact else _buttons(standing, key, sequence, language),
        keyboard="contact" if contact else "",
        asks=True,
    )


def _args(standing: Standing, key: Key) -> dict[str, str]:
    item = standing.item(key)
    done = sum(i.state not in OPEN for i in standing.items)
    identity = standing.item(Key("identity"))
    read = identity.evidence if identity and key.requirement == "card" else {}
    return {
        **{
            name: read.get(name, "")
            for name in ("surname", "given_names", "birth_date", "number", "expires_on")
            if read
        },
        "who": person(standing, key),
        "people": "\n".join(
            person(standing, Key("", s)) for s in standing.facts.people.get(key.requirement, ())
        ),
        "correcting": "yes" if standing.correcting else "",
        "again": "yes" if item and item.state in {State.REJECTED, State.EXPIRED} else "",
        "n": "" if standing.correcting else str(done + 1),
        "total": str(len(standing.items)),
    }


def person(standing: Standing, key: Key) -> str:
    """The name of the person a key is about; "" for the seller."""
    if not key.subject:
        return ""
    return next((standing.facts.value(kind, key.subject) for kind in standing.facts.people), "")


def _buttons(standing: Standing, key: Key, sequence: int, language: str) -> Buttons:
    requirement = REQUIREMENTS[key.requirement]
    if key.requirement == "country":
        codes = tuple(dict.fromkeys((*_likely(language), *FREQUENT)))
        cells = [Button("country.option", answer_data(sequence, key, code), {"code": code}) for code in codes]
        return tuple(tuple(cells[i : i + 2]) for i in range(0, len(cells), 2))
    if not isinstance(requirement, Question):
        return ()
    options = requirement.options
    if requirement.introduces and not standing.facts.people.get(key.requirement):
        options = ()
    return tuple(
        (Button(f"{key.requirement}.{option}", answer_data(sequence, key, option)),) for option in options
    )


@cache
def _likely(language: str) -> tuple[str, ...]:
    """The country in which a language is most spoken, by CLDR's likely subtags."""
    tag = get_global("likely_subtags").get(language.replace("-", "_"), "")
    territory = str(tag).rpartition("_")[2]
    return (territory,) if len(territory) == 2 else ()


def news(told: Told | None, standing: Standing) -> Iterator[Say]:
    """What moved since the seller was last told, whatever moved it."""
    before: Mapping[str, State] = told.items if told else {}
    for item in standing.items:
        was = before.get(str(item.key))
        if was is not item.state:
            yield from _moved(standing, item, was)
    if told and told.stage is not standing.stage:
        yield from _stage(standing, told.stage)


def _moved(standing: Standing, item: Item, was: State | None) -> Iterator[Say]:
    name = item.key.requirement
    args = {"what": name, "who": person(standing, item.key), "kind": item.evidence.get("type", "unknown")}
    if isinstance(REQUIREMENTS[name], Question):
        return  # an answer was read back when it was given
    if item.state is State.REJECTED:
        yield refusal(standing, item)
    elif item.state is State.EXPIRED:
        yield Say("ran_out", {**args, "date": item.until})
    elif item.state is not State.MISSING:
        yield Say(str(item.state), args)
    elif was is not None:
        yield Say("gone", args)


def refusal(standing: Standing, item: Item) -> Say:
    """Why a document was refused, and how to mend it."""
    args = {
        "what": item.key.requirement,
        "who": person(standing, item.key),
        "kind": item.evidence.get("type", "unknown"),
    }
    if item.reason:
        return Say(f"refused.{item.reason}", args)
    finding = item.findings[0]
    return Say(f"refused.{finding.code}", {**args, **finding.args})


def stage_args(standing: Standing) -> dict[str, str]:
    """Until when an approval holds, by when something is due, why a person decided as they did."""
    reason = standing.facts.decision[1].reason if standing.facts.decision else ""
    return {"until": str(standing.valid_until or ""), "by": str(standing.due_by or ""), "reason": reason}


def _stage(standing: Standing, was: Stage) -> Iterator[Say]:
    args = stage_args(standing)
    if standing.stage is Stage.COLLECTING and was is Stage.IN_REVIEW:
        return
    if standing.stage is Stage.APPROVED and was is Stage.ACTION_NEEDED:
        yield Say("stage.approved_again", args)
        return
    yield Say(f"stage.{standing.stage}", args)


def insist(standing: Standing) -> Say:
    """Words came where a picture is due: if the last one was refused, stay kind and say again what is needed."""
    item = standing.item(standing.next) if standing.next else None
    if item is None or not isinstance(REQUIREMENTS[item.key.requirement], Document):
        return Say("unclear.tap_please")
    if item.state is State.EXPIRED:
        return Say("insist.expired", {"date": item.until, "kind": item.evidence.get("type", "unknown")})
    if item.state is State.REJECTED and item.findings and item.findings[0].code == "expired":
        return Say("insist.expired", {"date": item.until, "kind": item.evidence.get("type", "unknown")})
    return Say("insist.picture", {"what": item.key.requirement})


def status(standing: Standing) -> Message:
    """The checklist in words, and a tap on each answered thing to change it."""
    lines = tuple(
        Say("status.line", {"what": i.key.requirement, "state": str(i.state), "who": person(standing, i.key)})
        for i in standing.items
    )
    changeable = [
        i for i in standing.items if i.state not in OPEN and i.key.requirement not in {"notice", "card"}
    ]
    buttons = [
        Button("status.change", f"f:{i.key}", {"what": i.key.requirement, "who": person(standing, i.key)})
        for i in changeable
    ]
    people = [n for subjects in standing.facts.people.values() for n in subjects]
    buttons += [Button("status.remove", f"w:{n}", {"who": person(standing, Key("", n))}) for n in people]
    stage = Say(f"status.{standing.stage}", stage_args(standing))
    return Message("seller", (stage, *lines), tuple((b,) for b in buttons))


def remind(standing: Standing, nudge: Nudge, now: datetime) -> tuple[Say, ...]:
    """A follow-up's words, before the question."""
    key = nudge.key or standing.next or Key("")
    item = standing.item(key)
    until = item.until if item else ""
    days = (date.fromisoformat(until) - now.date()).days if until else nudge.step
    args = {"what": key.requirement, "date": until, "days": str(days), "step": str(nudge.step)}
    args |= {
        "who": person(standing, key),
        "kind": item.evidence.get("type", "unknown") if item else "unknown",
    }
    return (Say(f"remind.{nudge.thread}", args),)
