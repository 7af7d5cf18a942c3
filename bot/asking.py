"""The next question: its arguments and its buttons; the words live in templates."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from babel.core import get_global

from bot.checks import accepted
from bot.documents import REQUIREMENTS, Question
from bot.facts import OPEN
from bot.holds import TELEGRAM
from bot.items import READ, Item
from bot.model import BIOMETRIC, NO_DOCUMENT, NOTHING, Key, Stage, State
from bot.ports import Button, Message, Say
from bot.standing import Standing

Buttons = tuple[tuple[Button, ...], ...]

FREQUENT = ("DE", "FR", "GB", "US", "CN")  # offered as taps beside the likely one; any other is typed
COUNTRIES = frozenset({"country", "nationality", "register_country", "tax_country"})
SHOWN = ("surname", "given_names", "birth_date", "number", "expires_on", "nationality")  # on the card
MYSELF = "myself"  # an owner who is the person that writes
MANY = 5  # options, from which on two stand side by side


def answer_data(sequence: int, key: Key, value: str) -> str:
    """What a button carries back: the question's sequence, its key, the answer."""
    return f"a:{sequence}:{key}:{value}"


def ask(standing: Standing, sequence: int, language: str) -> Message:
    """The next question, with its buttons; `sequence` is that of the `Told` which asks it."""
    key = standing.next
    if key is None:
        wait = (Say("wait"),) if standing.stage is Stage.COLLECTING else ()
        return Message("seller", wait, appeal(standing))
    requirement = REQUIREMENTS[key.requirement]
    contact = isinstance(requirement, Question) and requirement.contact
    buttons = () if contact else _buttons(standing, key, sequence, language)
    keep = ((Button("button.keep", "x:keep"),),) if standing.correcting and not contact else ()
    return Message(
        "seller",
        (Say(f"ask.{key.requirement}", _args(standing, key)),),
        buttons=(*buttons, *keep),
        keyboard="contact" if contact else "",
        asks=True,
    )


def appeal(standing: Standing) -> Buttons:
    """Where a person decided against the seller: another one may be asked to look again, once a decision."""
    against = standing.stage in {Stage.DECLINED, Stage.SUSPENDED}
    return ((Button("button.appeal", "x:appeal"),),) if against and not standing.facts.appeal else ()


def _args(standing: Standing, key: Key) -> dict[str, str]:
    item, facts = standing.item(key), standing.facts
    asked = [i for i in standing.items if i.key != TELEGRAM]
    done = sum(i.state not in OPEN for i in asked)
    owners = facts.people.get("owner", ())
    shares = [facts.value("owner_share", owner) for owner in owners]
    question = REQUIREMENTS[key.requirement]
    place = question.place if isinstance(question, Question) else ""
    return {
        **_read(standing, key),
        "who": person(standing, key),
        "people": "\n".join(_owner(standing, owner) for owner in owners),
        "owned": f"{sum(Decimal(share) for share in shares if share):f}",
        "place": facts.value(place or "country"),
        "form": facts.value("legal_form"),
        "sold": "yes" if any(alert.rule == "high_volume" for alert in facts.alerts) else "",
        "kinds": _kinds(facts.value("country")),
        "marked": _marked(facts.value("country")),
        "side": item.findings[0].args["side"] if item and _lacks_side(item) else "",
        "kind": item.evidence.get("type", "") if item else "",
        "turns": ",".join(facts.challenge.turns) if facts.challenge else "",
        "correcting": "yes" if standing.correcting else "",
        "again": "yes" if item and item.state in {State.REJECTED, State.EXPIRED} else "",
        "n": "" if standing.correcting else str(done + 1),
        "total": str(len(asked)),
    }


def impersonal(standing: Standing, key: Key) -> Say:
    """A document's question with nothing in it of the seller: only which side of what was sent is lacking."""
    args = _args(standing, key)
    shown = {name: args[name] if name in {"side", "kind", "again"} else "" for name in args}
    return Say(f"ask.{key.requirement}", shown | {"kinds": _kinds("")})


def _kinds(country: str) -> str:
    """The identity documents accepted there, each with what people call it: "id_card=Personalausweis,passport="."""
    return ",".join(f"{kind}={accepted.local_name(country, kind)}" for kind in accepted.kinds(country))


def _marked(country: str) -> str:
    """What people call the documents there whose copies must be marked as such."""
    return ", ".join(accepted.local_name(country, kind) for kind in accepted.marked(country))


def _lacks_side(item: Item) -> bool:
    return item.state is State.REJECTED and bool(item.findings) and item.findings[0].code == "other_side"


def _read(standing: Standing, key: Key) -> dict[str, str]:
    """What the card shows of the identity document."""
    about = getattr(REQUIREMENTS[key.requirement], "about", "")
    item = standing.item(Key(about, key.subject)) if about else None
    return {name: item.evidence.get(name, "") for name in SHOWN} if item else {}


def _owner(standing: Standing, subject: int) -> str:
    share = standing.facts.value("owner_share", subject)
    return person(standing, Key("", subject)) + (f": {share} %" if share else "")


def person(standing: Standing, key: Key) -> str:
    """The name of the person a key is about; "" for the seller."""
    if not key.subject:
        return ""
    name = next((standing.facts.value(kind, key.subject) for kind in standing.facts.people), "")
    return own_name(standing) if name == MYSELF else name


def own_name(standing: Standing) -> str:
    """The seller's own name: as typed, else as read from their document."""
    item = standing.item(Key("identity"))
    seen = item.evidence if item and item.state in {*READ, State.EXPIRED} else NOTHING
    read = f"{seen.get('given_names', '')} {seen.get('surname', '')}".strip()
    return standing.facts.value("full_name") or read or standing.facts.value("native_name")


def _buttons(standing: Standing, key: Key, sequence: int, language: str) -> Buttons:
    question = REQUIREMENTS[key.requirement]
    if not isinstance(question, Question):
        word = "button.turns_again" if standing.facts.challenge else "button.ready"
        ready = ((Button(word, "x:ready"),),) if question.film else ()
        none = "button.cannot" if key.requirement in BIOMETRIC else "button.no_document"
        return (*ready, (Button(none, answer_data(sequence, key, NO_DOCUMENT)),))
    if key.requirement in COUNTRIES:
        home = standing.facts.value("country")
        codes = (home,) if home and key.requirement != "country" else (*_likely(language), *FREQUENT)
        cells = [
            Button("country.option", answer_data(sequence, key, code), {"code": code})
            for code in dict.fromkeys(codes)
        ]
        return in_rows(cells, 2)
    if key.requirement == "shares_over":
        owners = (Key("owner_share", owner) for owner in standing.facts.people.get("owner", ()))
        return tuple((Button("shares.change", f"f:{k}", {"who": person(standing, k)}),) for k in owners)
    if question.several:
        return several(question, sequence, ())
    facts = standing.facts
    args = {
        "place": facts.value("country"),
        "who": own_name(standing),
        "form": facts.value("legal_form"),
    }
    cells = [
        Button(f"{key.requirement}.{option}", answer_data(sequence, key, option), args)
        for option in _offered(standing, question)
    ]
    if key.requirement == "shares_under":
        cells.append(Button("shares.add", "f:owner"))
    return in_rows(cells, 2 if len(cells) > MANY else 1)


def _offered(standing: Standing, question: Question) -> tuple[str, ...]:
    """The options that make sense now."""
    people = standing.facts.people.get(question.name, ())
    myself = any(standing.facts.value(question.name, subject) == MYSELF for subject in people)
    left_out = {MYSELF} if myself else set()
    left_out |= set(question.ends) if question.introduces and not people else set()
    return tuple(option for option in question.options if option not in left_out)


def several(question: Question, sequence: int, chosen: tuple[str, ...]) -> Buttons:
    """Every option with what choosing it, or taking it back, makes of the answer; then the way on."""
    key = Key(question.name)
    cells = []
    for option in question.options:
        word = f"{question.name}.{option}"
        flipped = tuple(o for o in question.options if (o in chosen) != (o == option))
        data = f"m:{sequence}:{key}:{'+'.join(flipped)}"
        cells.append(Button(word, data, chosen=option in chosen))
    done = (Button("several.done", answer_data(sequence, key, "+".join(chosen))),) if chosen else ()
    return (*in_rows(cells, 1), *((done,) if done else ()))


def in_rows(cells: Sequence[Button], wide: int) -> Buttons:
    """Buttons, `wide` to a row."""
    return tuple(tuple(cells[i : i + wide]) for i in range(0, len(cells), wide))


@cache
def _likely(language: str) -> tuple[str, ...]:
    """The country in which a language is most spoken, by CLDR's likely subtags."""
    tag = get_global("likely_subtags").get(language.replace("-", "_"), "")
    territory = str(tag).rpartition("_")[2]
    return (territory,) if len(territory) == 2 else ()
