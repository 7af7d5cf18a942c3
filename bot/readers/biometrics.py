"""A selfie or a film of a turning head, beside the document that shows the same face: evidence, like any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.readers import document, faces, liveness
from bot.readers.asked import Asked
from bot.readers.image import Unreadable, pages
from bot.readers.models import MissingModelError
from bot.readers.quality import measured

Evidence = dict[str, str]
NO_PAPER = frozenset(
    {"unknown", "not_a_document", "selfie"}
)  # types that a picture of a face may be taken for


def read(asked: Asked, today: date) -> Evidence:
    """`asked.hint` is selfie or liveness. See `faces.evidence` and `liveness.evidence` for the keys beside `type`."""
    files, portrait, folder = asked.files, asked.portrait, asked.models
    if asked.hint == "liveness":
        film = liveness.evidence(files[0], asked.turns, folder, _best(portrait, folder))
        return {"type": "liveness", **film}
    paper = document.read(files, today)
    if paper.get("type", "unknown") not in NO_PAPER:
        return paper  # a document held up as a face: its portrait would match all too well
    try:
        page = next(iter(pages(files[0])))
    except Unreadable as error:
        return {"unread": error.code}
    size = {"width": str(page.width), "height": str(page.height), **measured(page.pixels)}
    return {"type": "selfie", **size, **_compared(files[0], portrait, folder)}


def _compared(selfie: bytes, portrait: Sequence[bytes], folder: Path) -> Evidence:
    best = _best(portrait, folder)
    if best is None:
        return {**faces.evidence(selfie, selfie, folder), "face_match": "review", "portrait_why": "no_face"}
    return faces.evidence(selfie, best, folder)


def _best(portrait: Sequence[bytes], folder: Path) -> bytes | None:
    """The first of a document's pictures that shows a face; None where none does or nothing can look."""
    try:
        networks = faces.loaded(folder)
    except MissingModelError:
        return next(iter(portrait), None)
    for content in portrait:
        try:
            if faces.portrait_in(networks, content).count:
                return content
        except Unreadable:
            continue
    return None
