"""Checks of what a file gives away about itself: signs for a person, none of which proves anything alone."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks import Look
from bot.model import Finding, Verdict


def edited(look: Look) -> Iterator[Finding]:
    """The file's own notes name no software that changes pictures."""
    if look.evidence.get("edited"):
        yield Finding("edited", Verdict.REVIEW, {"software": look.evidence["edited"]})


def specimen(look: Look) -> Iterator[Finding]:
    """It is no example that an issuer or a standard has published."""
    if look.evidence.get("specimen"):
        yield Finding("specimen", Verdict.REVIEW, {"sign": look.evidence["specimen"]})


def screen(look: Look) -> Iterator[Finding]:
    """The paper itself was before the camera, not a screen that shows it."""
    if look.evidence.get("screen") and look.evidence.get("mrz_valid") == "true":
        yield Finding("from_screen", Verdict.REVIEW)


def all_pages(look: Look) -> Iterator[Finding]:
    """Every page that was sent was looked at."""
    if look.evidence.get("skipped"):
        yield Finding("pages_left", Verdict.REVIEW)
