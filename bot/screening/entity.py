"""Who stands on a list: the nouns of screening."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """What an entity is; a list that does not say leaves it UNKNOWN."""

    PERSON = "person"
    ORGANISATION = "organisation"
    VESSEL = "vessel"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Entity:
    """An entry of a list. `id` is the list's own; `born` are ISO dates or beginnings of them; `countries` ISO 3166.

    `notes` is what staff see beside the names: programme, reference number, remarks.
    """

    id: str
    names: tuple[str, ...]
    kind: Kind = Kind.UNKNOWN
    born: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def body(self) -> str:
        """Everything but the id, as one line of JSON: the same entry always gives the same line."""
        parts = (self.kind.value, self.names, self.born, self.countries, self.notes)
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))

    def version(self) -> str:
        """Changes whenever anything that the list says of it changes."""
        return hashlib.blake2b(self.body().encode(), digest_size=16).hexdigest()


def entity(id_: str, body: str | bytes) -> Entity:
    """Back from what `body` gave. Raises ValueError where it is not such a line."""
    kind, names, born, countries, notes = json.loads(body)
    return Entity(id_, tuple(names), Kind(kind), tuple(born), tuple(countries), tuple(notes))


def merged(parts: Iterable[Mapping[str, Entity]]) -> dict[str, Entity]:
    """One list from its parts. The first that is not empty says who stands on it, the others add to those.

    An alias that outlives its entity in an older file therefore lists nobody by itself.
    """
    found: dict[str, Entity] = {}
    for part in parts:
        if not found:
            found = dict(part)
            continue
        for id_, more in part.items():
            if id_ in found:
                found[id_] = _joined(found[id_], more)
    return found


def _joined(one: Entity, more: Entity) -> Entity:
    kind = one.kind if one.kind is not Kind.UNKNOWN else more.kind
    return replace(
        one,
        kind=kind,
        names=unique((*one.names, *more.names)),
        born=unique((*one.born, *more.born)),
        countries=unique((*one.countries, *more.countries)),
        notes=unique((*one.notes, *more.notes)),
    )


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Each once, in order, without the empty ones."""
    return tuple(dict.fromkeys(value for value in values if value))
