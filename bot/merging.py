"""Evidence of several pictures of one paper as one: what each picture adds, what differs, which sides were seen.

`side` is "front" or "back" where one side alone was surely seen; `side_unsure` names that side where another picture
may or may not show the other one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from bot.answers import fold

FIELDS = (
    "number",
    "surname",
    "given_names",
    "birth_date",
    "expires_on",
    "nationality",
    "issuing_country",
    "sex",
)
VAGUE = frozenset({"", "unknown", "not_a_document"})
PERMIT = {"id_card", "residence_permit"}  # zones of permits often bear the code of an identity card
# ICAO Doc 9303 Part 3, section 6.A: what a zone prints for letters that elsewhere only lose their accent.
ZONE_LETTERS = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "Å": "AA", "Ø": "OE", "Æ": "AE", "Œ": "OE"})


def merged(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """Both together: a valid zone's or barcode's values go before printed ones; a difference is said in `conflict`."""
    if not one:
        return dict(other)
    first, second = (other, one) if _proven(other) > _proven(one) else (one, other)
    known = {name for part in (one, other) for name in part.get("conflict", "").split(",")}
    differ = [name for name in FIELDS if name in known or differs(name, first, second)]
    filled = {name: value for name, value in second.items() if not first.get(name)}
    kind = _kind(first.get("type", ""), second.get("type", ""))
    whole = {**first, **filled, **({"type": kind} if kind else {})}
    spent = sum(float(part.get("mrz_cpu_ms", "0")) for part in (one, other))
    whole |= {"mrz_cpu_ms": f"{spent:.0f}", **({"conflict": ",".join(differ)} if differ else {})}
    rest = {name: value for name, value in whole.items() if name not in {"side", "side_unsure"}}
    return rest | _sides(one, other)


def _proven(part: Mapping[str, str]) -> int:
    """How well a picture's values are proven: by check digits, by a barcode's own rules, or by nothing."""
    return 2 if part.get("mrz_valid") == "true" else 1 if part.get("barcode_valid") == "true" else 0


def differs(name: str, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Both say something for this field, and not the same. «Müller» and «MUELLER» are one name."""
    said, again = one.get(name, ""), other.get(name, "")
    return bool(said and again) and fold(said) != fold(again) and as_in_zone(said) != as_in_zone(again)


def as_in_zone(text: str) -> str:
    """Folded, with the letters that a machine-readable zone prints for those that it lacks."""
    return fold(unicodedata.normalize("NFC", text).upper().translate(ZONE_LETTERS))


def same_kind(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Both are of one kind; identity card and residence permit pass for one."""
    kinds = {one.get("type", ""), other.get("type", "")}
    return not kinds & VAGUE and (len(kinds) == 1 or kinds == PERMIT)


def _kind(first: str, second: str) -> str:
    if {first, second} == PERMIT:
        return "residence_permit"
    return first if first not in VAGUE or second in VAGUE else second


def _sides(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """Two sides make a whole; beside one side, another picture counts as much as its kind is known.

    Of the same kind, it is taken for the other side. Of no known kind, it may be it. No document, or one of
    another kind, changes nothing.
    """
    seen = {part[key] for part in (one, other) for key in ("side", "side_unsure") if part.get(key)}
    if len(seen) != 1:
        return {}
    surely = [part for part in (one, other) if part.get("side")]
    if len(surely) == 2:
        return {"side": seen.pop()}
    if not surely:
        return {"side_unsure": seen.pop()}
    beside = other if surely[0] is one else one
    if beside.get("side_unsure") or beside.get("type") == "unknown":
        return {"side_unsure": seen.pop()}
    return {} if same_kind(surely[0], beside) else {"side": seen.pop()}
