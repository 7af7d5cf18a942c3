"""A company's entry in a register, drawn."""

from __future__ import annotations

from datetime import date

from bot.readers.specimens.bill import SIZE
from bot.readers.specimens.pen import INK, LABEL, Pen

BLUE = (28, 52, 110)


def register_extract(*, company: str, number: str, issued_on: date, office: str = "Utopia") -> bytes:
    """One page. ValueError for letters that the font lacks."""
    from PIL import Image

    from bot.readers.specimens.pen import FINE

    pen = Pen(Image.new("RGB", (SIZE[0] * FINE, SIZE[1] * FINE), (252, 252, 252)))
    pen.box((0, 0, SIZE[0], 26), BLUE)
    pen.text((80, 120), f"Commercial Register of {office}", 44, BLUE, 2)
    pen.text((80, 190), "Certificate of incorporation", 32, INK, 1)
    facts = (
        f"Name of the company: {company}",
        f"Number in the register: {number}",
        "Registered office: 1 Harbour Road, Utopia",
        "Share capital: 25 000",
        f"Date of this extract: {issued_on.day} {issued_on:%B %Y}",
    )
    for at, line in enumerate(facts):
        pen.text((80, 320 + at * 60), line, 28, INK)
    pen.stamp((800, 1180), 44, 9)
    pen.text((80, 1330), "Nothing here is real: drawn for trying things out.", 20, LABEL)
    return pen.jpeg()
