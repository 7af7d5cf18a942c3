"""A paper as a telephone held over a table sees it: a little turned, off the middle, never the same twice."""

from __future__ import annotations

import io
import random

TABLE = (112, 88, 66)
TURN, AROUND = 3.0, 0.09  # degrees, and what of each side the table takes at most


def held(picture: bytes, seed: int) -> bytes:
    """The same view for the same seed; JPEG, at most 1.2 times as wide and high as what was drawn."""
    from PIL import Image

    lot = random.Random(seed)
    with Image.open(io.BytesIO(picture)) as paper:
        turned = paper.convert("RGB").rotate(
            lot.uniform(-TURN, TURN), Image.Resampling.BICUBIC, expand=True, fillcolor=TABLE
        )
    left, top, right, bottom = (
        round(lot.uniform(AROUND / 3, AROUND) * side) for side in (*turned.size, *turned.size)
    )
    view = Image.new("RGB", (turned.width + left + right, turned.height + top + bottom), TABLE)
    view.paste(turned, (left, top))
    out = io.BytesIO()
    view.save(out, "JPEG", quality=90)
    return out.getvalue()
