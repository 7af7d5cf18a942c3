"""From files to evidence: what was seen, in plain strings. What it means is said elsewhere, by checks."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from bot.answers import fold
from bot.merging import FIELDS, merged
from bot.readers import kinds, printed, sides
from bot.readers.image import Page, Unreadable, pages
from bot.readers.quality import measured
from bot.readers.text import cut, engine
from bot.readers.zone import Sighting, see

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
KEPT = FIELDS
CARDS = frozenset({"id_card", "residence_permit", "driving_licence"})

Evidence = dict[str, str]


def read(files: Sequence[bytes], today: date) -> Evidence:
    """Evidence of one submission: front and back, an album, or the pages of a PDF, merged.

    Keys: `type`, what KEPT names, `mrz` (rows), `mrz_valid`, `mrz_failed`, `issued_on`, `holder`, `address`, the
    measures of quality, `side` and `side_unsure` (see bot.merging; only where surely one side of a card was sent),
    `conflict` (fields that differ between sides), `unread` (why nothing was read), `mrz_cpu_ms`.
    Dates are ISO, countries alpha-3 as printed. Never raises for what is in a file.
    """
    whole: Evidence = {}
    for content in files:
        try:
            found = pages(content)
        except Unreadable as error:
            whole = merged(whole, {"unread": error.code})
            continue
        for page in found:
            whole = merged(whole, _page(page, today))
    if "type" in whole:
        whole.pop("unread", None)
    return {**whole, "reader": VERSION}


def _page(page: Page, today: date) -> Evidence:
    seen = {"width": str(page.width), "height": str(page.height), **measured(page.pixels)}
    began = time.process_time()
    sighting = see(page.pixels, today)
    zone = sighting.zone
    seen["mrz_cpu_ms"] = f"{(time.process_time() - began) * 1000:.0f}"
    if zone is not None and zone.valid:
        kind = kinds.by_code(zone.code, zone.issuing_country)
        return {**seen, "type": kind, **_fields(zone), **_back(page, sighting, kind)}
    text = Text(tuple(page.text.splitlines())) if len(page.text) > 100 else _text(page.pixels)
    kind = kinds.by_words(fold(" ".join(text.rows)))
    if zone is not None:
        kind = (
            kind
            if kind in {"driving_licence", "residence_permit"}
            else kinds.by_code(zone.code, zone.issuing_country)
        )
        return {**seen, "type": kind, **_fields(zone), **_back(page, sighting, kind)}
    return seen | _printed(kind, text)


def _printed(kind: str, text: Text) -> Evidence:
    """What is read from a page without a zone. A card of a kind not recognised may still show that it is a front."""
    if kind in {"utility_bill", "bank_statement", "company_document"}:
        return {"type": kind, **printed.bill(text.rows)}
    table = kinds.licence_back(text.rows)
    if table and kind in {"unknown", "not_a_document"}:
        return {"type": "driving_licence", "side": "back"}
    if kind == "not_a_document":
        return {"type": kind}
    seen = {"type": kind, **(printed.licence(text.rows) if kind != "unknown" else {})}
    if kind not in {*CARDS, "unknown"} or table or text.pixels is None:
        return seen
    side = sides.of_text(text.pixels, text.strips, text.rows)
    return {**seen, **({"side": side} if side else {})}


def _back(page: Page, sighting: Sighting, kind: str) -> Evidence:
    """Zones of three rows stand on the backs of most cards; only there is a portrait looked for."""
    if sighting.zone is None or len(sighting.zone.lines) != 3 or kind not in CARDS:
        return {}
    side = sides.of_zone(page.pixels, sighting.strips)
    return {"side": side} if side else {}


def _fields(zone: Mrz) -> Evidence:
    fields = {name: str(getattr(zone, name)) for name in KEPT}
    if not zone.given_names and len(zone.surname) > LONGEST_SURNAME:
        fields["surname"] = ""  # a row whose fillers were read as letters: where a name ends is not known
    if not zone.valid:
        fields["mrz_failed"] = ",".join(zone.failed)
    return {**fields, "mrz": "\n".join(zone.lines), "mrz_valid": "true" if zone.valid else "false"}


@dataclass(frozen=True)
class Text:
    """Rows of text, top to bottom; where they were read off a picture, that picture upright, and their boxes."""

    rows: tuple[str, ...]
    pixels: NDArray[np.uint8] | None = None
    strips: tuple[Strip, ...] = ()


def _text(pixels: NDArray[np.uint8]) -> Text:
    """The page is turned first where most of its rows stand upright or on their head."""
    strips = engine().strips(pixels, SIDE)
    if strips and median(abs(strip.angle) for strip in strips) > 45:
        pixels = np.ascontiguousarray(np.rot90(pixels))
        strips = engine().strips(pixels, SIDE)
    rows, score = _recognised(pixels, strips)
    if rows and score < TURNED:
        upturned = np.ascontiguousarray(np.rot90(pixels, 2))
        again = engine().strips(upturned, SIDE)
        other, better = _recognised(upturned, again)
        if better > score:
            return Text(tuple(other), upturned, again)
    return Text(tuple(rows), pixels, strips)


def _recognised(pixels: NDArray[np.uint8], strips: Sequence[Strip]) -> tuple[list[str], float]:
    largest = sorted(strips, key=lambda strip: -strip.length * strip.height)[:ROWS_AT_MOST]
    tall = median(strip.height for strip in largest) if largest else 1.0
    ordered = sorted(largest, key=lambda strip: (round(strip.y / tall), strip.x))
    found = [engine().read(cut(pixels, strip)) for strip in ordered]
    sure = [row for row in found if row.score >= SURE and row.text.strip()]
    return [row.text for row in sure], median(row.score for row in found) if found else 0.0
