"""A name against the lists: who it may be, how sure that is, and why, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.screening.entity import Entity
from bot.screening.index import Index
from bot.screening.match import Agreement, agreement
from bot.screening.names import readings
from bot.screening.pairing import How

THRESHOLD = 0.77  # where F1 on name pairs is highest; bot/decisions/0006
MOST = 50  # hits of one name
BROKEN = "\ufffd"  # stands for bytes that are no text
BORN, COUNTRY = 0.03, 0.02  # what these move a hit by: they rank hits, none is ever cleared by them


@dataclass(frozen=True, slots=True)
class Hit:
    """`matched`: the listed name that came nearest, as the list writes it. `score`: THRESHOLD to 1."""

    entity: Entity
    list: str
    matched: str
    score: float
    reason: str


def screen(
    index: Index,
    name: str,
    born: str = "",
    countries: Iterable[str] = (),
    threshold: float = THRESHOLD,
) -> tuple[Hit, ...]:
    """Best first, each entity once. `born`: an ISO date or its beginning; `countries`: ISO 3166 letters.

    A birth date or country that differs moves a hit down among the others, never below the threshold.
    """
    best: dict[tuple[str, str], tuple[Agreement, int]] = {}
    for asked in readings(name):
        for place in index.candidates(asked):
            found = agreement(asked, index.names[place], index.common, threshold)
            if found.score < threshold:
                continue
            key = index.key(place)
            if key not in best or found.score > best[key][0].score:
                best[key] = (found, place)
    places = {country.upper() for country in countries}
    hits = (_hit(index, found, place, threshold) for found, place in best.values())
    ranked = [_ranked(hit, born, places, threshold) for hit in hits]
    ranked.sort(key=lambda hit: (-hit.score, hit.list, hit.entity.id))
    return tuple(ranked[:MOST])


def readable(name: str) -> bool:
    """Whether anything in it can be a name: of what cannot be read nothing is cleared by finding nothing."""
    return BROKEN not in name and any(map(str.isalnum, name))


def _hit(index: Index, found: Agreement, place: int, threshold: float) -> Hit:
    list_, _ = index.key(place)
    written = index.names[place].written
    score = round(max(found.score, threshold), 3)
    return Hit(index.entity(place), list_, written, score, f"«{written}» on {list_}: {said(found)}.")


def _ranked(hit: Hit, born: str, places: set[str], threshold: float) -> Hit:
    score, notes = hit.score, []
    if born and hit.entity.born:
        same = any(_same_day(born, other) for other in hit.entity.born)
        score += BORN if same else -BORN
        notes.append(
            "the birth date agrees" if same else f"born {', '.join(hit.entity.born[:3])} on the list"
        )
    if places and hit.entity.countries:
        same = bool(places & set(hit.entity.countries))
        score += COUNTRY if same else -COUNTRY
        notes.append("a country agrees" if same else "no country in common")
    if not notes:
        return hit
    reason = f"{hit.reason[:-1]}; {'; '.join(notes)}."
    return replace(hit, score=round(min(max(score, threshold), 1.0), 3), reason=reason)


def _same_day(one: str, other: str) -> bool:
    """As far as both are known."""
    length = min(len(one), len(other))
    return length >= 4 and one[:length] == other[:length]


SENTENCES = {
    How.EXACT: "the same name",
    How.SCRIPT: "the same name in another script, transliterated",
    How.ORDER: "words in another order",
    How.SPELLING: "another spelling",
    How.SHORT: "another form of a given name",
    How.INITIALS: "initials",
    How.SPACES: "words joined or parted",
    How.MISSING: "the list has further words",
    How.MORE: "the list lacks some words",
}


def said(found: Agreement) -> str:
    """How a name matched, in words that staff read."""
    if not found.how:
        return "the same words"
    parts = [SENTENCES[how] for how in found.how]
    if found.pairs:
        shown = ", ".join(f"{one} for {other}" for one, other in found.pairs[:4])
        parts.append(shown)
    return "; ".join(parts)
