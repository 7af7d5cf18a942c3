"""Sides and countries of an identity document: is it accepted where it was issued, and were both of its sides sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.checks import Look, accepted
from bot.merging import differs, merged, same_kind
from bot.model import Finding, Verdict

CARDS = frozenset({"id_card", "residence_permit", "driving_licence"})
OPPOSITE = {"front": "back", "back": "front"}


def issued_in(look: Look) -> str:
    """The document's issuing country as read off it, alpha-2; where none was read, the seller's own; else ""."""
    printed = look.evidence.get("issuing_country", "")
    return accepted.alpha2(printed) if printed else look.values.get("country", "")


def accepted_here(look: Look) -> Iterator[Finding]:
    """Its kind is accepted of the country that issued it; where that was not read, a person looks."""
    kind, country = look.evidence.get("type", ""), issued_in(look)
    if kind not in look.accepts or not country or kind in accepted.kinds(country):
        return
    args = {"kind": kind, "country": country}
    if look.evidence.get("issuing_country"):
        yield Finding("not_accepted_here", Verdict.REJECT, args)
    else:
        yield Finding("not_accepted_here", Verdict.REVIEW, args)


def both_sides(look: Look) -> Iterator[Finding]:
    """Of a card with two sides, both were sent; a back with a sound zone still lacks the portrait on the front."""
    kind, seen = look.evidence.get("type", ""), look.evidence.get("side", "")
    if kind not in CARDS or accepted.sides(issued_in(look), kind) < 2:
        return
    if seen in OPPOSITE:
        yield Finding("other_side", Verdict.REJECT, {"side": OPPOSITE[seen], "kind": kind})
    elif look.evidence.get("side_unsure"):
        side = OPPOSITE.get(look.evidence["side_unsure"], "")
        yield Finding("side_unsure", Verdict.REVIEW, {"side": side, "kind": kind})


def joined(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str] | None:
    """Evidence of two submissions that together show one card, as one; None where they do not belong together.

    One of them shows a side, the other does not show that side again. They are of one kind, or one's kind was not
    recognised: unless it shows the other side, `side_unsure` then stays, for a person to look. A birth date or surname that differs parts them,
    a number only where those two are not there to hold them together: some cards print another one on each side.
    """
    whole = merged(one, other)
    if not _complementary(one, other) or _another_holder(one, other):
        return None
    return {name: value for name, value in whole.items() if name not in {"side", "unread"}}


def _complementary(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    kinds = {one.get("type", ""), other.get("type", "")}
    fit = same_kind(one, other) or "unknown" in kinds
    if not fit or not kinds <= {*CARDS, "unknown"} or kinds == {"unknown"}:
        return False
    if one.get("unread") or other.get("unread"):
        return False
    seen = [part["side"] for part in (one, other) if part.get("side")]
    both_zones = bool(one.get("mrz") and other.get("mrz"))
    return len(seen) == len(set(seen)) > 0 and not both_zones


def _another_holder(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    if differs("birth_date", one, other) or differs("surname", one, other):
        return True
    held = all(part.get(name) for part in (one, other) for name in ("birth_date", "surname"))
    return differs("number", one, other) and not held
