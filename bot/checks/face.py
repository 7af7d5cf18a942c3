"""Checks of a face: is there one, is it the document's, did the head turn as asked. None of them approves alone."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks import Look
from bot.model import Finding, Verdict

SELLERS = ("no_face", "several_faces", "too_small", "eyes_covered")  # what another picture mends
TURNS = (
    "too_short", "too_long", "unreadable", "no_face", "second_face", "not_enough_turn", "flat", "wrong_order",
    "face_changed", "other_face",
)  # fmt: skip


def one_face(look: Look) -> Iterator[Finding]:
    """The picture shows one face, large enough to be compared."""
    why = look.evidence.get("face_why", "")
    if why in SELLERS:
        yield Finding(f"selfie.{why}", Verdict.REJECT)


def same_face(look: Look) -> Iterator[Finding]:
    """It is the face of the document's portrait: surely from a cosine of 0.45, surely not below 0.36."""
    match, portrait = look.evidence.get("face_match", ""), look.evidence.get("portrait_why", "")
    if portrait:
        yield Finding("portrait_unread", Verdict.REVIEW)
    elif match == "reject":
        yield Finding("face_differs", Verdict.REJECT)
    elif match != "pass":
        yield Finding("face_unsure", Verdict.REVIEW)


def alive(look: Look) -> Iterator[Finding]:
    """The head turned as asked, with one face throughout, and the same as before."""
    why = look.evidence.get("liveness_why", "")
    if why in TURNS:
        yield Finding(f"turns.{why}", Verdict.REJECT)
    elif look.evidence.get("liveness") != "pass":
        yield Finding("face_unsure", Verdict.REVIEW)
