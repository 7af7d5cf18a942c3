"""Checks of an identity document: its machine-readable zone, its dates, and its values against the answers."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answers import age
from bot.checks import Look, accepted, names
from bot.checks.sides import issued_in
from bot.model import Finding, Verdict

NEEDED = ("surname", "given_names", "birth_date", "number", "expires_on")
WITHOUT_END = tuple(name for name in NEEDED if name != "expires_on")
WITH_MRZ = frozenset({"passport", "visa"})
PRINTED = ("number", "birth_date", "expires_on", "surname")  # compared by bot.readers.visual
WITH_BARCODE = frozenset({"US", "CA"})  # AAMVA card design standard
ADULT = 18


def legible(look: Look) -> Iterator[Finding]:
    """Name, birth date, number and expiry could be read; no expiry where there are such documents without one."""
    needed = NEEDED if accepted.runs_out(issued_in(look), look.evidence.get("type", "")) else WITHOUT_END
    if look.evidence.get("mrz_valid") == "true":  # where a zone has no given names, its holder has none
        needed = tuple(name for name in needed if name != "given_names")
    lacking = [name for name in needed if not look.evidence.get(name)]
    if lacking and not look.evidence.get("unread"):
        yield Finding("incomplete", Verdict.REVIEW, {"fields": ",".join(lacking)})


def check_digits(look: Look) -> Iterator[Finding]:
    """The machine-readable zone is there where the kind has one, and its check digits agree (ICAO 9303-3, 4.9)."""
    valid = look.evidence.get("mrz_valid", "")
    if valid == "false":
        yield Finding("mrz_digits", Verdict.REVIEW, {"failed": look.evidence.get("mrz_failed", "")})
    elif not valid and look.evidence.get("type") in WITH_MRZ:
        yield Finding("mrz_missing", Verdict.REVIEW)
    elif look.evidence.get("print") == "none":
        yield Finding("print_missing", Verdict.REVIEW)


def issuer_exists(look: Look) -> Iterator[Finding]:
    """The zone names countries or organisations that there are. No check digit watches these codes."""
    codes = [look.evidence.get(name, "") for name in ("issuing_country", "nationality")]
    odd = [code for code in codes if code and not accepted.issues(code)]
    if look.evidence.get("mrz_valid") == "true" and odd:
        yield Finding("issuer_unknown", Verdict.REVIEW, {"code": odd[0]})


def given_once(look: Look) -> Iterator[Finding]:
    """No other seller gave a document of this number, or this very picture."""
    for kind in ("document", "picture"):
        if cases := look.values.get(f"{kind}_elsewhere"):
            yield Finding(f"same_{kind}", Verdict.REVIEW, {"cases": cases})


def zones_agree(look: Look) -> Iterator[Finding]:
    """What is printed agrees with the machine-readable zone, and one side with the other."""
    if look.evidence.get("printed_number") == "differs":
        yield Finding("number_differs", Verdict.REVIEW, _printed(look, "number"))
    for field in PRINTED:
        verdict = look.evidence.get(f"printed_{field}", "")
        if verdict == "near":
            yield Finding("print_near", Verdict.REVIEW, _printed(look, field))
        elif verdict == "differs" and field != "number":
            yield Finding("print_differs", Verdict.REVIEW, _printed(look, field))
    if look.evidence.get("conflict"):
        coded = look.evidence.get("barcode_valid") == "true" and not look.evidence.get("mrz")
        args = {"fields": look.evidence["conflict"]}
        if coded:
            yield Finding("barcode_differs", Verdict.REVIEW, args)
        else:
            yield Finding("sides_differ", Verdict.REVIEW, args)


def _printed(look: Look, field: str) -> dict[str, str]:
    """What the zone says, what is printed, and where (shares of the upright page: left, top, width, height)."""
    said = look.evidence
    read, at = said.get(f"printed_{field}_read", ""), said.get(f"printed_{field}_at", "")
    return {"field": field, "zone": said.get(field, ""), "printed": read, "region": at}


def barcode_holds(look: Look) -> Iterator[Finding]:
    """The barcode that a card of the USA or Canada bears was read, and what it says holds together."""
    seen = look.evidence
    if seen.get("barcode_valid") == "false":
        yield Finding("barcode_failed", Verdict.REVIEW, {"failed": seen.get("barcode_failed", "")})
    elif not seen.get("barcode_valid") and (seen.get("barcode") or _lacks_barcode(look)):
        yield Finding("barcode_unread", Verdict.REVIEW)


def _lacks_barcode(look: Look) -> bool:
    of_a_state = look.evidence.get("type") == "driving_licence" and issued_in(look) in WITH_BARCODE
    return of_a_state and not look.evidence.get("mrz_valid") and not look.evidence.get("unread")


def in_date(look: Look) -> Iterator[Finding]:
    """The document had not run out on the day we received it."""
    until = look.evidence.get("expires_on", "")
    if until and until < look.received.date().isoformat():
        yield Finding(
            "expired", Verdict.REJECT, {"date": until, "kind": look.evidence.get("type", "unknown")}
        )


def of_age(look: Look) -> Iterator[Finding]:
    """Its holder was 18 on the day we received it."""
    born = look.evidence.get("birth_date", "")
    if born and age(born, look.received) < ADULT:
        yield Finding("under_age", Verdict.REVIEW, {"age": str(age(born, look.received))})


def same_name(look: Look) -> Iterator[Finding]:
    """The name that was typed is the name on the document, whatever its order, accents or middle names."""
    typed = look.values.get("full_name", "")
    given, surname = look.evidence.get("given_names", ""), look.evidence.get("surname", "")
    if not typed or not (given or surname):
        return
    verdict = names.compared(typed, given, surname, cut=bool(look.evidence.get("names_cut")))
    if verdict is names.Alike.NEAR:
        yield Finding("name_near", Verdict.REVIEW)
    elif verdict is names.Alike.NO:
        yield Finding("name_differs", Verdict.REJECT, {"kind": look.evidence.get("type", "unknown")})


def same_birth(look: Look) -> Iterator[Finding]:
    """The birth date that was typed is the one on the document; one digit off, or day and month swapped, is a slip."""
    typed, printed = look.values.get("birth_date", ""), look.evidence.get("birth_date", "")
    if not typed or not printed or typed.startswith(printed):
        return
    if _slip(typed, printed):
        yield Finding("birth_differs", Verdict.REVIEW)
    else:
        yield Finding("birth_another", Verdict.REJECT, {"kind": look.evidence.get("type", "unknown")})


def _slip(one: str, other: str) -> bool:
    if len(one) != len(other):
        return one[:4] == other[:4]
    year, month, day = (one + "--").split("-")[:3]
    return other == f"{year}-{day}-{month}" or sum(a != b for a, b in zip(one, other, strict=True)) == 1


def another_kind(look: Look) -> Iterator[Finding]:
    """A second proof is of another kind than the first: two agencies looked, not one."""
    kind = look.evidence.get("type", "unknown")
    if kind == look.values.get("first_kind"):
        yield Finding("same_kind", Verdict.REJECT, {"kind": kind})
