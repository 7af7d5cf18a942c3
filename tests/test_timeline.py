"""The picture of an alert's transactions: bars at their time, as tall as their amount, up or down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bot.model import Transaction
from handlers.telegram.timeline import COLOURS, HEIGHT, PALE, WIDTH, span_of, timeline

MORNING = datetime(2026, 11, 10, 9, tzinfo=UTC)


def moved(name: str, hour: float, amount: str, direction: str = "in", currency: str = "EUR") -> Transaction:
    return Transaction(name, "s", MORNING + timedelta(hours=hour), amount, currency, direction)


def box(picture: bytes, colour: str) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of all that has a colour; None where nothing has."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    assert image.size == (WIDTH, HEIGHT)
    found = (np.asarray(image) == ImageColor.getrgb(colour)).all(axis=2)
    return Image.fromarray(found).getbbox()


@pytest.mark.parametrize("direction", COLOURS)
def test_each_direction_has_its_colour_and_side(direction: str) -> None:
    other = "out" if direction == "in" else "in"
    found = box(
        timeline([moved("a", 0, "100", direction)], [moved("b", 1, "100", other)]), COLOURS[direction]
    )
    assert found is not None
    assert (found[3] <= HEIGHT / 2 + 1) == (direction == "in")


def test_twice_as_much_is_twice_as_tall_and_later_is_further_right() -> None:
    picture = timeline([moved("a", 0, "100"), moved("b", 5, "200", "out")], [])
    small, large = box(picture, COLOURS["in"]), box(picture, COLOURS["out"])
    assert small is not None
    assert large is not None
    assert (large[3] - large[1]) == pytest.approx(2 * (small[3] - small[1]), abs=4)
    assert small[2] < large[0]


def test_other_currencies_are_drawn_in_euros() -> None:
    picture = timeline([moved("a", 0, "100"), moved("b", 5, "100000", "out", "JPY")], [])
    euros, yen = box(picture, COLOURS["in"]), box(picture, COLOURS["out"])
    assert euros is not None
    assert yen is not None
    assert yen[3] - yen[1] > 3 * (euros[3] - euros[1])


def test_what_did_not_raise_it_is_pale_and_only_that_of_those_days() -> None:
    raised = [moved("a", 0, "100")]
    assert box(timeline(raised, [moved("b", 2, "90")]), PALE)
    assert box(timeline(raised, [moved("b", 20, "90"), raised[0]]), PALE) is None


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 9_000),
            st.sampled_from(["0", "0.01", "12.50", "999999999999"]),
            st.sampled_from(["in", "out", "refund", "chargeback"]),
            st.sampled_from(["EUR", "JPY", "KWD", "XXQ"]),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_whatever_moved_can_be_drawn(rows: list[tuple[float, str, str, str]]) -> None:
    raised = [moved(str(n), *row) for n, row in enumerate(rows)]
    start, end = span_of(raised)
    assert all(start < each.at < end for each in raised)
    assert timeline(raised, raised) == timeline(raised, [])
