"""Checks of an identity document: its machine-readable zone, its dates, and its values against the answers."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from bot.answers import age, fold
from bot.checks import Look, accepted
from bot.checks.sides import issued_in
from bot.model import Finding, Verdict

NEEDED = ("surname", "given_names", "birth_date", "number", "expires_on")
WITHOUT_END = tuple(name for name in NEEDED if name != "expires_on")
WITH_MRZ = frozenset({"passport", "visa"})
NEAR = 0.8  # of difflib's ratio over folded names: one or two letters in ten
ADULT = 18


def legible(look: Look) -> Iterator[Finding]:
    """Name, birth date, number and expiry could be read; no expiry where there are such documents without one."""
    needed = NEEDED if accepted.runs_out(issued_in(look), look.evidence.get("type", "")) else WITHOUT_END
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


def zones_agree(look: Look) -> Iterator[Finding]:
    """What is printed agrees with the machine-readable zone, and one side with the other."""
    if look.evidence.get("printed_number") == "differs":
        yield Finding("number_differs", Verdict.REVIEW)
    if look.evidence.get("conflict"):
        yield Finding("sides_differ", Verdict.REVIEW, {"fields": look.evidence["conflict"]})


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
    typed = set(fold(look.values.get("full_name", "")).split())
    printed = fold(f"{look.evidence.get('given_names', '')} {look.evidence.get('surname', '')}")
    if not typed or not printed or typed <= set(printed.split()) or set(printed.split()) <= typed:
        return
    near = SequenceMatcher(None, " ".join(sorted(typed)), " ".join(sorted(printed.split()))).ratio() >= NEAR
    yield Finding("name_near" if near else "name_differs", Verdict.REVIEW)


def same_birth(look: Look) -> Iterator[Finding]:
    """The birth date that was typed is the one on the document."""
    typed, printed = look.values.get("birth_date", ""), look.evidence.get("birth_date", "")
    if typed and printed and typed != printed:
        yield Finding("birth_differs", Verdict.REVIEW)


def another_kind(look: Look) -> Iterator[Finding]:
    """A second proof is of another kind than the first: two agencies looked, not one."""
    kind = look.evidence.get("type", "unknown")
    if kind == look.values.get("first_kind"):
        yield Finding("same_kind", Verdict.REJECT, {"kind": kind})
