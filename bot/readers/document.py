"""From files to evidence: what was seen, in plain strings. What it means is said elsewhere, by checks."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from bot.answers import fold
from bot.readers import kinds, printed
from bot.readers.image import Page, Unreadable, pages
from bot.readers.quality import measured
from bot.readers.text import cut, engine
from bot.readers.zone import see

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.readers.mrz import Mrz
    from bot.readers.text import Strip

VERSION = "documents/1"
SIDE = 960  # pixels of the longer side at which text is looked for
ROWS_AT_MOST = 60
LONGEST_SURNAME = 24
SURE = 0.6  # mean letter probability below which a row is not text but texture
TURNED = 0.75  # where the rows' median falls below it, the page may stand on its head
KEPT = (
    "number",
    "surname",
    "given_names",
    "birth_date",
    "expires_on",
    "nationality",
    "issuing_country",
    "sex",
)

Evidence = dict[str, str]


def read(files: Sequence[bytes], today: date) -> Evidence:
    """Evidence of one submission: front and back, an album, or the pages of a PDF, merged.

    Keys: `type`, what KEPT names, `mrz` (rows), `mrz_valid`, `mrz_failed`, `issued_on`, `holder`, `address`, the
    measures of quality, `conflict` (fields that differ between sides), `unread` (why nothing was read), `mrz_cpu_ms`.
    Dates are ISO, countries alpha-3 as printed. Never raises for what is in a file.
    """
    merged: Evidence = {}
    for content in files:
        try:
            found = pages(content)
        except Unreadable as error:
            merged = _merged(merged, {"unread": error.code})
            continue
        for page in found:
            merged = _merged(merged, _page(page, today))
    if "type" in merged:
        merged.pop("unread", None)
    return {**merged, "reader": VERSION}


def _page(page: Page, today: date) -> Evidence:
    seen = {"width": str(page.width), "height": str(page.height), **measured(page.pixels)}
    began = time.process_time()
    zone = see(page.pixels, today).zone
    seen["mrz_cpu_ms"] = f"{(time.process_time() - began) * 1000:.0f}"
    if zone is not None and zone.valid:
        return {**seen, "type": kinds.by_code(zone.code, zone.issuing_country), **_fields(zone)}
    rows = page.text.splitlines() if len(page.text) > 100 else _rows(page.pixels)
    words = fold(" ".join(rows))
    kind = kinds.by_words(words)
    if zone is not None:
        kind = (
            kind
            if kind in {"driving_licence", "residence_permit"}
            else kinds.by_code(zone.code, zone.issuing_country)
        )
        return {**seen, "type": kind, **_fields(zone)}
    if kind in {"utility_bill", "bank_statement", "company_document"}:
        return {**seen, "type": kind, **printed.bill(rows)}
    if kind in {"unknown", "not_a_document"}:
        return {**seen, "type": kind}
    return {**seen, "type": kind, **printed.licence(rows)}


def _fields(zone: Mrz) -> Evidence:
    fields = {name: str(getattr(zone, name)) for name in KEPT}
    if not zone.given_names and len(zone.surname) > LONGEST_SURNAME:
        fields["surname"] = ""  # a row whose fillers were read as letters: where a name ends is not known
    if not zone.valid:
        fields["mrz_failed"] = ",".join(zone.failed)
    return {**fields, "mrz": "\n".join(zone.lines), "mrz_valid": "true" if zone.valid else "false"}


def _rows(pixels: NDArray[np.uint8]) -> list[str]:
    """Rows of text, top to bottom; the page is turned first where most of its rows stand upright or on their head."""
    strips = engine().strips(pixels, SIDE)
    if strips and median(abs(strip.angle) for strip in strips) > 45:
        pixels = np.ascontiguousarray(np.rot90(pixels))
        strips = engine().strips(pixels, SIDE)
    rows, score = _recognised(pixels, strips)
    if rows and score < TURNED:
        upturned = np.ascontiguousarray(np.rot90(pixels, 2))
        other, better = _recognised(upturned, engine().strips(upturned, SIDE))
        rows = other if better > score else rows
    return rows


def _recognised(pixels: NDArray[np.uint8], strips: Sequence[Strip]) -> tuple[list[str], float]:
    largest = sorted(strips, key=lambda strip: -strip.length * strip.height)[:ROWS_AT_MOST]
    tall = median(strip.height for strip in largest) if largest else 1.0
    ordered = sorted(largest, key=lambda strip: (round(strip.y / tall), strip.x))
    found = [engine().read(cut(pixels, strip)) for strip in ordered]
    sure = [row for row in found if row.score >= SURE and row.text.strip()]
    return [row.text for row in sure], median(row.score for row in found) if found else 0.0


def _merged(one: Mapping[str, str], other: Mapping[str, str]) -> Evidence:
    """Both sides together: a zone's values go before printed ones, and a difference is said."""
    if not one:
        return dict(other)
    first, second = (
        (other, one) if other.get("mrz_valid") == "true" and one.get("mrz_valid") != "true" else (one, other)
    )
    known = {name for side in (one, other) for name in side.get("conflict", "").split(",")}
    new = {
        name
        for name in KEPT
        if first.get(name) and second.get(name) and fold(first[name]) != fold(second[name])
    }
    differ = [name for name in KEPT if name in known | new]
    filled = {name: value for name, value in second.items() if not first.get(name)}
    kind = _kind(first.get("type", ""), second.get("type", ""))
    merged = {**first, **filled, **({"type": kind} if kind else {})}
    spent = sum(float(side.get("mrz_cpu_ms", "0")) for side in (one, other))
    return {**merged, "mrz_cpu_ms": f"{spent:.0f}", **({"conflict": ",".join(differ)} if differ else {})}


def _kind(first: str, second: str) -> str:
    vague = {"", "unknown", "not_a_document"}
    return first if first not in vague or second in vague else second
