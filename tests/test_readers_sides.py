"""Which side of a card a picture shows: drawn cards, alone, together, turned, on a desk; and real ones."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from functools import cache

import pytest

Image = pytest.importorskip("PIL.Image", reason="the readers extra is not installed")
pytest.importorskip("rapidocr", reason="the readers extra is not installed")
pytest.importorskip("cv2", reason="the readers extra is not installed")

import numpy as np  # noqa: E402
from PIL.Image import Image as Picture  # noqa: E402

from bot.readers import kinds, sides, specimens  # noqa: E402
from bot.readers.document import Evidence, read  # noqa: E402
from bot.readers.text import Strip  # noqa: E402
from tests.test_readers_document import specimens as real  # noqa: E402

TODAY = date(2026, 7, 1)
DESK = (150, 130, 110)


@cache
def drawn(name: str) -> Picture:
    card = specimens.id_card()
    made: dict[str, Callable[[], bytes]] = {
        "front": lambda: card[0],
        "back": lambda: card[1],
        "licence": specimens.driving_licence,
        "table": specimens.driving_licence_back,
        "passport": specimens.passport,
    }
    with Image.open(io.BytesIO(made[name]())) as opened:
        picture: Picture = opened.convert("RGB")
        return picture


def seen(*pictures: Picture) -> Evidence:
    files = []
    for picture in pictures:
        small = picture.copy()
        small.thumbnail((1280, 1280))
        kept = io.BytesIO()
        small.save(kept, "JPEG", quality=85)
        files.append(kept.getvalue())
    return read(files, TODAY)


def together(one: Picture, other: Picture, *, beside: bool = False) -> Picture:
    gap = 40
    size = (one.width * 2 + gap, one.height) if beside else (one.width, one.height * 2 + gap)
    both: Picture = Image.new("RGB", size, DESK)
    both.paste(one, (0, 0))
    both.paste(other, (one.width + gap, 0) if beside else (0, one.height + gap))
    return both


def on_a_desk(card: Picture, part: float = 0.8, turn: float = 4) -> Picture:
    """As a phone held upright takes it."""
    wide = round(1800 * part)
    turned = (
        card.resize((wide, round(wide * card.height / card.width))).convert("RGBA").rotate(turn, expand=True)
    )
    desk: Picture = Image.new("RGB", (1800, 2400), DESK)
    desk.paste(turned, ((1800 - turned.width) // 2, (2400 - turned.height) // 2), turned)
    return desk


@pytest.mark.parametrize(
    ("name", "kind", "side"),
    [
        ("front", "id_card", "front"),
        ("back", "id_card", "back"),
        ("licence", "driving_licence", "front"),
        ("table", "driving_licence", "back"),
        ("passport", "passport", ""),
    ],
)
def test_a_side_alone(name: str, kind: str, side: str) -> None:
    for picture in (drawn(name), on_a_desk(drawn(name))):
        evidence = seen(picture)
        assert (evidence["type"], evidence.get("side", "")) == (kind, side)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_back_however_it_lies(turn: int) -> None:
    assert seen(drawn("back").rotate(turn, expand=True))["side"] == "back"


@pytest.mark.parametrize(("one", "other"), [("front", "back"), ("back", "front"), ("licence", "table")])
@pytest.mark.parametrize("beside", [False, True], ids=["stacked", "beside"])
def test_both_sides_in_one_picture(one: str, other: str, beside: bool) -> None:
    both = together(drawn(one), drawn(other), beside=beside)
    picture = both if beside else on_a_desk(both)
    assert not seen(picture).keys() & {"side", "side_unsure"}


@pytest.mark.parametrize(("one", "other"), [("front", "back"), ("licence", "table")])
def test_both_sides_in_two_pictures(one: str, other: str) -> None:
    evidence = seen(drawn(one), drawn(other))
    assert not evidence.keys() & {"side", "side_unsure", "conflict"}


def test_a_front_without_a_portrait_says_nothing() -> None:
    faceless = drawn("front").copy()
    faceless.paste((232, 241, 234), (60, 180, 410, 620))
    faceless.paste((232, 241, 234), (1180, 650, 1320, 820))
    assert "side" not in seen(faceless)


def test_text_beside_a_card_may_be_its_other_side() -> None:
    """The portrait of the upper card is not to be seen: its words are."""
    faceless = drawn("front").copy()
    faceless.paste((232, 241, 234), (60, 180, 410, 620))
    faceless.paste((232, 241, 234), (1180, 650, 1320, 820))
    assert "side" not in seen(together(faceless, drawn("back")))


def test_a_zone_and_a_portrait_on_one_side_say_nothing() -> None:
    card = drawn("back").copy()
    card.paste(drawn("front").crop((70, 190, 400, 614)), (940, 40))
    evidence = seen(card)
    assert evidence["mrz_valid"] == "true"
    assert "side" not in evidence


@pytest.mark.parametrize(
    ("far", "rows", "side"),
    [
        ((1300, 800), ("IDENTITY CARD",), "front"),
        ((1300, 1500), ("IDENTITY CARD",), ""),
        ((2300, 800), ("IDENTITY CARD",), ""),
        ((1300, 800), ("I<UTOUK4209317<<<<",), ""),
    ],
)
def test_text_out_of_reach_of_a_face_is_on_another_card(
    far: tuple[int, int], rows: tuple[str, ...], side: str
) -> None:
    pixels = np.asarray(drawn("front"), np.uint8)
    strips = (Strip(500, 80, 860, 40, 0), Strip(*far, 100, 40, 0))
    assert sides.of_text(pixels, strips, rows) == side


def test_a_portrait_is_one_face_of_the_size_asked_for() -> None:
    grey = np.asarray(drawn("front").convert("L").resize((450, 284)), np.uint8)
    assert 55 < sides.portrait(grey, 50, 160, 6) < 80
    assert sides.portrait(grey, 90, 160, 6) == 0
    assert sides.portrait(np.full_like(grey, 128), 24, 160, 1) == 0


@pytest.mark.parametrize(
    ("rows", "table"),
    [
        (["AM 01.07.15", "A1", "A2", "B1 01.07.15", "B"], True),
        (["AM 01.07.15", "A1", "A2", "B 01.07.15"], False),
        (["AM", "A1", "A2", "B1", "BE"], False),
        (["9. AM/B1/B", "4a. 01.02.2020 4b. 01.02.2035"], False),
        (["AM A1 A2 B1 BE 01.07.15 01.07.30"], False),
        ([], False),
    ],
)
def test_the_table_of_a_licence(rows: list[str], table: bool) -> None:
    assert kinds.licence_back(rows) == table


BACKS = {"test0_id-esp.png", "test100_id-che.jpg", "test53_id-d.jpg"}


def test_real_specimens_say_a_side_only_where_it_is_alone() -> None:
    """15 pictures of cards: 3 are backs alone, 12 show both sides. Measured: all 3 backs said, nothing else."""
    home = real()
    every = json.loads((home / "truth.json").read_text())
    names = [name for name in every if any(word in name for word in ("_id-", "id_cards", "resident", "td1"))]
    assert len(names) == 15
    said = {name: read([(home / name).read_bytes()], TODAY).get("side") for name in names}
    assert {name.rpartition("__")[2] for name, side in said.items() if side} <= BACKS
    assert set(said.values()) <= {None, "back"}
    assert sum(side == "back" for side in said.values()) >= 2
