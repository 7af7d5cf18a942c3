"""What specimens are drawn with: text in Pillow's own font, zones, guilloches, a portrait of nobody, a stamp."""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bot.readers.specimens.portrait import portrait
from bot.readers.specimens.rows import TWO_LETTERS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image, ImageDraw, ImageFont

FINE = 2  # everything is drawn this many times larger and then reduced: Pillow's lines have no soft edges
INK, LABEL, RED = (28, 32, 44), (70, 88, 120), (186, 30, 44)
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")

Colour = tuple[int, int, int]


def plain(text: str) -> str:
    """As the font can print it. ValueError for letters it lacks."""
    upper = {letter: two.capitalize() for letter, two in TWO_LETTERS.items() if isinstance(two, str)}
    lower = {
        ord(chr(letter).lower()): two.lower() for letter, two in TWO_LETTERS.items() if isinstance(two, str)
    }
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(lower | upper))
    bare = (
        "".join(char for char in folded if not unicodedata.combining(char))
        .replace("–", "-")
        .replace("—", "-")
    )
    if not bare.translate(str.maketrans("", "", "«»‘’“”…")).isascii():
        raise ValueError("The font of specimens has Latin letters only")
    return bare


def day(value: date) -> str:
    return f"{value.day:02} {MONTHS[value.month - 1]} {value.year}"


@dataclass(frozen=True)
class Pen:
    """Draws on a sheet; places and sizes in pixels of the finished picture."""

    sheet: Image.Image

    @cached_property
    def draw(self) -> ImageDraw.ImageDraw:
        from PIL import ImageDraw

        return ImageDraw.Draw(self.sheet)

    def text(
        self, at: tuple[float, float], text: str, size: float, colour: Colour = INK, bold: float = 0
    ) -> None:
        """`at` is the left end of the base line; `bold` thickens the strokes by so many pixels."""
        stroke, place = round(bold * FINE / 2), (at[0] * FINE, at[1] * FINE)
        self.draw.text(
            place, plain(text), colour, font(size * FINE), "ls", stroke_width=stroke, stroke_fill=colour
        )

    def fitted(self, at: tuple[float, float], text: str, size: float, room: float) -> None:
        """Bold text, smaller where it would not fit."""
        long = font(size * FINE).getlength(plain(text)) / FINE
        self.text(at, text, size * min(1.0, room / max(long, 1)), INK, 1)

    def field(
        self, at: tuple[float, float], label: str, value: str, room: float = 420, drop: float = 36
    ) -> None:
        """`drop`: from the label's base line to the value's."""
        self.text(at, label, 17, LABEL)
        self.fitted((at[0], at[1] + drop), value, 33, room)

    def line(self, points: Sequence[tuple[float, float]], colour: Colour, width: float) -> None:
        scaled = [(x * FINE, y * FINE) for x, y in points]
        self.draw.line(scaled, colour, max(1, round(width * FINE)), "curve")

    def box(self, place: tuple[float, float, float, float], colour: Colour, radius: float = 0) -> None:
        left, top, right, bottom = (edge * FINE for edge in place)
        self.draw.rounded_rectangle((left, top, right, bottom), radius * FINE, colour)

    def zone(self, at: tuple[float, float], rows: Sequence[str], cell: float, leading: float) -> None:
        """Rows of a machine-readable zone, every letter in a cell of its own; `at` is the first base line's start."""
        from PIL import Image

        for line, row in enumerate(rows):
            for column, char in enumerate(row):
                mask, drop = glyph(char, cell * FINE)
                middle = (at[0] + (column + 0.5) * cell) * FINE
                place = round(middle - mask.width / 2), round((at[1] + line * leading) * FINE - drop)
                self.sheet.paste(Image.new("RGB", mask.size, INK), place, mask)

    def stamp(self, middle: tuple[float, float], size: float, turn: float) -> None:
        """SPECIMEN in a red frame, `turn` degrees anticlockwise."""
        from PIL import Image, ImageDraw

        wide, tall = round(size * FINE * 6.6), round(size * FINE * 1.7)
        mask = Image.new("L", (wide, tall), 0)
        draw, line = ImageDraw.Draw(mask), round(size * FINE / 10)
        draw.rounded_rectangle((line, line, wide - line, tall - line), tall // 5, None, 170, line)
        draw.text(
            (wide / 2, tall / 2), "SPECIMEN", 190, font(size * FINE), "mm", stroke_width=round(size / 14)
        )
        mask = mask.rotate(turn, Image.Resampling.BICUBIC, expand=True)
        place = round(middle[0] * FINE - mask.width / 2), round(middle[1] * FINE - mask.height / 2)
        self.sheet.paste(Image.new("RGB", mask.size, RED), place, mask)

    def signature(self, at: tuple[float, float], long: float) -> None:
        """A flourish that spells nothing."""
        steps = [step / 60 for step in range(61)]
        height = [long * 0.12 * math.exp(-1.6 * t) * math.sin(21 * t + 4 * t * t) for t in steps]
        path = [(at[0] + long * t + h * 0.5, at[1] - h) for t, h in zip(steps, height, strict=True)]
        self.line(path, (34, 48, 110), 2.6)
        self.line([(at[0] + long * 0.1, at[1] + 16), (at[0] + long * 1.02, at[1] + 4)], (34, 48, 110), 2)

    def portrait(self, place: tuple[float, float, float, float], ink: Colour = (96, 108, 128)) -> None:
        """Head and shoulders of nobody."""
        from PIL import Image

        left, top, right, bottom = (round(edge * FINE) for edge in place)
        self.sheet.paste(Image.fromarray(portrait(right - left, bottom - top, ink)), (left, top))

    def jpeg(self) -> bytes:
        from PIL import Image

        small = (self.sheet.width // FINE, self.sheet.height // FINE)
        return jpeg(self.sheet.resize(small, Image.Resampling.LANCZOS))


def jpeg(picture: Image.Image) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=90)
    return kept.getvalue()


def font(size: float) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    found = ImageFont.load_default(size)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise ModuleNotFoundError("Pillow without FreeType cannot draw specimens")
    return found


def glyph(char: str, cell: float) -> tuple[Image.Image, int]:
    """A letter for a zone as a mask, and how far its top stands above the base line.

    OCR-B's measures (ICAO Doc 9303 Part 3, 4.3 and 4.4): ten letters an inch, so a cell is 2.54 mm and a capital
    2.4 mm tall; wide letters are narrowed to the cell, I gets OCR-B's bars, and 0 stays narrower than O.
    """
    from PIL import Image, ImageDraw

    tall, thick = cell * 2.4 / 2.54, max(1, round(cell * 0.02))
    face = font(tall / 0.70)
    whole = Image.new("L", (round(cell * 3), round(cell * 3)), 0)
    base = round(cell * 2)
    ImageDraw.Draw(whole).text((cell, base), char, 255, face, "ls", stroke_width=thick)
    left, top, right, bottom = whole.getbbox() or (0, 0, 1, 1)
    mask = whole.crop((left, top, right, bottom))
    if char == "I":
        mask = _barred(mask, round(cell * 0.5))
    widest = round(cell * (0.62 if char == "0" else 0.78))
    if mask.width > widest:
        mask = mask.resize((widest, mask.height), Image.Resampling.LANCZOS)
    return mask, base - top


def _barred(stem: Image.Image, wide: int) -> Image.Image:
    from PIL import Image, ImageDraw

    mask = Image.new("L", (wide, stem.height), 0)
    mask.paste(stem, ((wide - stem.width) // 2, 0))
    draw, thick = ImageDraw.Draw(mask), round(stem.width * 0.8)
    draw.rectangle((0, 0, wide, thick), 255)
    draw.rectangle((0, stem.height - thick - 1, wide, stem.height), 255)
    return mask


def guilloche(size: tuple[int, int], paper: Colour, inks: Sequence[Colour]) -> Image.Image:
    """A sheet of fine wavy lines in pale inks with a rosette, at FINE times `size`."""
    from PIL import Image

    wide, tall = size
    x, y = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(tall, dtype=np.float32))
    pixels = np.empty((tall, wide, 3), np.float32)
    pixels[:] = np.array(paper) + 8 * np.sin(x / wide * 3.0 + y / tall * 2.0)[..., None]
    for at, ink in enumerate(inks):
        bent = 46 * np.sin(x / (150 + 31 * at) + at) + 21 * np.sin(x / 67 + y / (190 + 40 * at) + 2 * at)
        _engrave(pixels, (y + bent) / (3.6 + 0.7 * at) + at, ink, 0.34)
    round_, turned = np.hypot(x - wide * 0.62, y - tall * 0.46), np.arctan2(y - tall * 0.46, x - wide * 0.62)
    near = np.clip(1.25 - round_ / (tall * 0.4), 0, 1)
    for petals in (9, 14):
        _engrave(pixels, round_ / 4.2 + 5 * np.sin(petals * turned + round_ / 70), inks[0], 0.45 * near)
    whole = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    return whole.resize((wide * FINE, tall * FINE), Image.Resampling.BILINEAR)


def _engrave(
    pixels: NDArray[np.float32], phase: NDArray[np.float32], ink: Colour, depth: float | NDArray[np.float32]
) -> None:
    """Lines where the sine of `phase` is near nought, mixed in place."""
    share = np.clip(1 - 1.6 * np.abs(np.sin(phase)), 0, 1) * depth
    pixels += share[..., None] * (np.array(ink, np.float32) - pixels)
