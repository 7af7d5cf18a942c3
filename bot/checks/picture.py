"""Checks of any picture: could it be opened, can it be read, is it of the kind that was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.checks import Look
from bot.model import Finding, Verdict

# What is wrong with the file itself, which the seller can mend by sending another.
SELLERS = frozenset(
    {
        "empty",
        "too_big",
        "too_many_pixels",
        "not_a_picture",
        "truncated",
        "encrypted_pdf",
        "too_many_pages",
        "animated",
        "polyglot",
    }
)
SMALLEST = 320  # pixels of the shorter side: below it MRZ letters are under 8 pixels high
DARKEST = 45.0  # mean of 0 to 255
BLUREST = 60.0  # 90th percentile of the tiles' Laplacian variance; readable specimens have 264 and more


def opened(look: Look) -> Iterator[Finding]:
    """The file could be opened and read."""
    code = look.evidence.get("unread", "")
    if code in SELLERS:
        yield Finding(f"unread.{code}", Verdict.REJECT)
    elif code:
        yield Finding("unread", Verdict.REVIEW, {"code": code})


def clear(look: Look) -> Iterator[Finding]:
    """The picture is large, bright and sharp enough, whole, without glare, and of the paper itself.

    A machine-readable zone or a barcode that was read in full proves it. Only what stood in the way of reading is
    mended by another picture: a patch of light on what was read nonetheless is not.
    """
    seen = look.evidence
    if seen.get("mrz_valid") == "true" or seen.get("barcode_valid") == "true" or "width" not in seen:
        return
    if min(float(seen["width"]), float(seen["height"])) < SMALLEST:
        yield Finding("too_small", Verdict.REJECT)
    elif float(seen["brightness"]) < DARKEST:
        yield Finding("dark", Verdict.REJECT)
    elif float(seen["sharpness"]) < BLUREST:
        yield Finding("blurred", Verdict.REJECT)
    elif seen.get("screen") and seen.get("type") != "selfie":
        yield Finding("screen", Verdict.REJECT)
    elif seen.get("type") in {"selfie", "not_a_document"}:
        return
    elif seen.get("cut_off"):
        yield Finding("cut_off", Verdict.REJECT)
    elif seen.get("glare_at") and _lacks(seen):
        yield Finding("glare", Verdict.REJECT, {"region": seen["glare_at"]})


def _lacks(seen: Mapping[str, str]) -> bool:
    """What papers of its kind say was not all read."""
    papers = {"utility_bill": ("holder", "issued_on"), "bank_statement": ("holder", "issued_on")}
    needed = papers.get(seen.get("type", ""), ("surname", "birth_date", "number"))
    return not all(seen.get(name) for name in needed)


def one_document(look: Look) -> Iterator[Finding]:
    """The picture shows one document, so that it is known whose values were read."""
    if look.evidence.get("several"):
        yield Finding("several_documents", Verdict.REJECT)


def right_kind(look: Look) -> Iterator[Finding]:
    """The picture shows a document of a kind that is accepted here."""
    kind = look.evidence.get("type", "unknown")
    if look.evidence.get("unread"):
        return
    if kind == "not_a_document":
        yield Finding("not_a_document", Verdict.REJECT)
    elif kind == "unknown":
        yield Finding("unknown_kind", Verdict.REVIEW)
    elif kind not in look.accepts:
        yield Finding("wrong_kind", Verdict.REJECT, {"kind": kind})
