"""What a seller gave that another seller gave too: a document's number, a picture of one, a phone, an account.

Kept are keyed hashes of words in which the kind stands first; nothing of them can be read back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256

from bot.documents.identity import IDENTITY
from bot.facts import Facts
from bot.model import CaseId, Key, Shared
from bot.standing import Standing

PAPERS = ("identity", "second_proof")
BAND = 4  # hex digits of a picture's hash in one word
ALIKE = (
    4  # of its 8 bands that are the same: shrunk or saved again, it keeps 5; another picture had 1 at most
)
Holders = Mapping[str, tuple[CaseId, ...]]  # word -> the other cases that hold it


def words(standing: Standing) -> frozenset[str]:
    """What is compared, each a word of the index that a case is found by."""
    return frozenset(word for found in _by_kind(standing).values() for group in found for word in group)


def sharing(standing: Standing, holders: Holders, now: datetime) -> Shared | None:
    """What is shared with whom; None where that is what is known already."""
    kinds = {kind: _cases(found, holders) for kind, found in _by_kind(standing).items()}
    shared = Shared(now, digest(standing), {kind: ",".join(cases) for kind, cases in kinds.items() if cases})
    last = standing.facts.shared
    same = last and (last.of, dict(last.kinds)) == (shared.of, dict(shared.kinds))
    return None if same else shared


def digest(standing: Standing) -> str:
    """Of what would be compared now."""
    return sha256(" ".join(sorted(words(standing))).encode()).hexdigest()[:16]


def compared(standing: Standing) -> bool:
    """Whether what was given has been compared with what others gave, or there is nothing to compare."""
    facts = standing.facts
    last = facts.shared.of if facts.shared else ""
    return last == digest(standing) if last else not words(standing)


def _by_kind(standing: Standing) -> dict[str, list[tuple[str, ...]]]:
    """For each kind, groups of words; a picture is one group."""
    facts = standing.facts
    return {
        "document": [(word,) for word in _numbers(standing)],
        "picture": list(_pictures(standing)),
        "phone": _one(facts, "contact"),
        "account": _one(facts, "payout_account"),
    }


def _one(facts: Facts, name: str) -> list[tuple[str, ...]]:
    said = "".join(facts.value(name).split())
    return [(f"{name}={said}",)] if said else []


def _numbers(standing: Standing) -> Iterator[str]:
    for name in PAPERS:
        item = standing.item(Key(name))
        seen = item.evidence if item else {}
        if number := "".join(seen.get("number", "").split()):
            yield f"document={seen.get('issuing_country', '')}:{number}"


def _pictures(standing: Standing) -> Iterator[tuple[str, ...]]:
    for name in PAPERS:
        item = standing.item(Key(name))
        if item is None or item.evidence.get("type") not in IDENTITY.accepts:
            continue  # black pictures are all alike
        for page in filter(None, item.evidence.get("picture_hash", "").split(",")):
            bands = [page[at : at + BAND] for at in range(0, len(page), BAND)]
            yield tuple(f"picture={nth}:{band}" for nth, band in enumerate(bands))


def _cases(groups: list[tuple[str, ...]], holders: Holders) -> list[str]:
    """The cases that hold enough of any group."""
    found = set[str]()
    for group in groups:
        counts: dict[str, int] = {}
        for word in group:
            for case in holders.get(word, ()):
                counts[case] = counts.get(case, 0) + 1
        found |= {case for case, n in counts.items() if n >= min(ALIKE, len(group))}
    return sorted(found)
