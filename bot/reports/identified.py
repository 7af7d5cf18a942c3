"""By which document a person of a report is identified: one that stands, and no other; what else was sent is a remark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bot.checks import Look, worst
from bot.checks.identity import same_birth, same_name
from bot.documents import REQUIREMENTS, Document
from bot.model import NOTHING, Key, State, Verdict
from bot.papers import Judged, judged, values
from bot.standing import Standing

KINDS = {
    "passport": "A passport",
    "id_card": "An identity card",
    "residence_permit": "A residence permit",
    "driving_licence": "A driving licence",
}


NO_OTHERS: Mapping[Key, Judged] = MappingProxyType({})  # an identity document is compared with answers alone


def papers(standing: Standing, who: int) -> tuple[Judged, ...]:
    """What this person sent for their identity and somebody or something read, oldest first."""
    owed = frozenset(item.key for item in standing.items)
    every = judged(standing.facts, standing.policy.tries, owed)
    return tuple(one for one in every if one.key == Key("identity", who) and one.paper.evidence is not None)


def stands(sent: tuple[Judged, ...]) -> Mapping[str, str]:
    """What the newest says that was accepted, by the checks or by a person; one with a number before one without.

    One that has run out since still says who they are.
    """
    accepted = [one.paper.evidence or NOTHING for one in reversed(sent) if one.state is State.SATISFIED]
    return next((seen for seen in accepted if seen.get("number")), accepted[0] if accepted else NOTHING)


def read(standing: Standing, sent: tuple[Judged, ...]) -> Mapping[str, str]:
    """Where a name and a birth date may be taken from: what stands, else the newest that nobody found to be another's."""
    if found := stands(sent):
        return found
    theirs = (one for one in reversed(sent) if not _refused(one) and not _another(standing, one))
    readings = (one.paper.evidence or NOTHING for one in theirs)
    return next((seen for seen in readings if seen.get("surname")), NOTHING)


def remarks(standing: Standing, sent: tuple[Judged, ...]) -> Iterator[str]:
    """What was sent and is no proof of who they are, each with its day."""
    for one in sent:
        if one.state is not State.SATISFIED and one.paper.files and (why := _why(standing, one)):
            kind = KINDS.get((one.paper.evidence or NOTHING).get("type", ""), "A document")
            yield f"{kind} {why} was sent on {one.paper.at:%Y-%m-%d}"


def _why(standing: Standing, one: Judged) -> str:
    """A poor picture, of which another was asked for, is worth no remark: ""."""
    if another := _another(standing, one):
        return another
    if _refused(one):
        return "that was not accepted"
    return "that nobody has accepted yet" if one.state is State.PENDING else ""


def _refused(one: Judged) -> bool:
    """By a person."""
    return one.ruling is not None and one.ruling.verdict is Verdict.REJECT


def _another(standing: Standing, one: Judged) -> str:
    """In what it is not the typed person's; "" where nothing speaks for that. Asked anew: checks stop at the first refusal."""
    document = REQUIREMENTS[one.key.requirement]
    assert isinstance(document, Document), "an identity is shown by one"
    typed = values(standing.facts, one.key, NO_OTHERS)
    look = Look(one.paper.evidence or NOTHING, one.paper.at, document.accepts, typed)
    if worst(same_name(look)) is Verdict.REJECT:
        return "in another name"
    return "with another birth date" if worst(same_birth(look)) is Verdict.REJECT else ""
