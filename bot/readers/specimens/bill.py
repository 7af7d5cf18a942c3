"""A utility bill: a letter with issuer, customer, date and a table of amounts."""

from __future__ import annotations

from datetime import date, timedelta

from bot.readers.specimens.pen import INK, LABEL, Pen

SIZE = 1060, 1400
GREEN = (24, 96, 84)


def utility_bill(*, name: str, address: str, issued_on: date, issuer: str = "City Power & Water") -> bytes:
    """One page. `address` is split at its commas. ValueError for letters that the font lacks."""
    from PIL import Image

    from bot.readers.specimens.pen import FINE

    pen = Pen(Image.new("RGB", (SIZE[0] * FINE, SIZE[1] * FINE), (252, 252, 250)))
    pen.box((0, 0, SIZE[0], 26), GREEN)
    pen.text((80, 120), issuer, 46, GREEN, 2)
    pen.text((80, 158), "Fictional Utility Company, 1 Harbour Road, Utopia", 20, LABEL)
    for at, line in enumerate([name, *(part.strip() for part in address.split(","))]):
        pen.text((80, 270 + at * 40), line, 30, INK)
    pen.text((80, 500), "Electricity and water bill", 40, INK, 1)
    facts = (
        f"Invoice date: {issued_on.day} {issued_on:%B %Y}",
        "Customer number: 55 210 884",
        f"Meter reading: 48 213 kWh on {issued_on - timedelta(days=3):%d.%m.%Y}",
    )
    for at, line in enumerate(facts):
        pen.text((80, 560 + at * 38), line, 26, INK)
    _table(pen)
    pen.stamp((800, 1180), 44, 9)
    pen.text(
        (80, 1330),
        "Thank you. Please pay within 14 days. No payment is needed: nothing here is real.",
        20,
        LABEL,
    )
    return pen.jpeg()


def _table(pen: Pen) -> None:
    rows = (
        ("Electricity, 212 kWh", "63.60"),
        ("Water, 9 m3", "21.15"),
        ("Service charge", "8.00"),
        ("Total", "92.75"),
    )
    for at, (what, amount) in enumerate(rows):
        y = 740 + at * 62
        pen.text((80, y), what, 28, INK, 1 if what == "Total" else 0)
        pen.text((840, y), amount, 28, INK, 1 if what == "Total" else 0)
        pen.line([(80, y + 20), (980, y + 20)], (196, 204, 208), 1.5)
