"""Checks of what a file gives away about itself: signs for a person, none of which proves anything alone."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks import Look
from bot.model import Finding, Verdict

THIRD, TWO_THIRDS = 1 / 3, 2 / 3


def edited(look: Look) -> Iterator[Finding]:
    """Its notes name no software that changes pictures, no letter of its zone is unlike the others of its row, and no part
    of it was saved fewer times than the rest.
    """
    if look.evidence.get("edited"):
        yield Finding("edited", Verdict.REVIEW, {"software": look.evidence["edited"]})
    if region := look.evidence.get("zone_outlier"):
        yield Finding("zone_outlier", Verdict.REVIEW, {"region": region, "place": place(region)})
    if region := look.evidence.get("island"):
        yield Finding("island", Verdict.REVIEW, {"region": region, "place": place(region)})


def place(region: str) -> str:
    """Where "x,y,w,h,width,height" (pixels; the last two the picture's) lies: "upper left" to "lower right", "middle"."""
    left, top, wide, high, width, height = (float(one) for one in region.split(","))
    across, down = (left + wide / 2) / width, (top + high / 2) / height
    words = (_third(down, "upper", "lower"), _third(across, "left", "right"))
    return " ".join(word for word in words if word) or "middle"


def _third(share: float, first: str, last: str) -> str:
    return first if share < THIRD else last if share > TWO_THIRDS else ""


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
