"""Text in pictures: PP-OCRv6 (Apache-2.0) on the CPU, one thread, with the weights inside the rapidocr wheel.

The two networks are run directly: rapidocr's own pipeline hides the letter probabilities that a zone of known
alphabet is read by, keeps its call flags from one call to the next, and may download.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.readers.mrz import ALPHABET
from bot.readers.mrz_repair import FILLERS, LOOKS_LIKE_LETTER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

DETECTOR, RECOGNISER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
ROW_HEIGHT = 48  # pixels, fixed by the recogniser
WIDEST = 1600  # pixels of a row given to the recogniser; a TD3 row needs about 900
MASK_THRESHOLD, BOX_THRESHOLD, UNCLIP = 0.3, 0.5, 1.6  # PP-OCR's own settings (rapidocr config.yaml)
BOXES_AT_MOST = 400
DOUBT = 0.01  # a look-alike this likely beside the letter chosen is worth a check digit's opinion
LOOK_ALIKES = {
    "0": "OQD",
    "O": "0QD",
    "Q": "0O",
    "D": "0O",
    "1": "I",
    "I": "1",
    "8": "B",
    "B": "8",
    "5": "S",
    "S": "5",
}
LOOK_ALIKES |= {"2": "Z", "Z": "2", "6": "G", "G": "6"}


@dataclass(frozen=True)
class Row:
    """One recognised row: its text and the mean probability of its letters, 0 to 1.

    `others`: the same row with one letter replaced by the look-alike that the recogniser held nearly as likely.
    """

    text: str
    score: float
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Strip:
    """A box of text: centre, length along the text, height across it (pixels), angle in degrees (0: level)."""

    x: float
    y: float
    length: float
    height: float
    angle: float

    @property
    def ratio(self) -> float:
        return self.length / max(self.height, 1.0)


class Ocr:
    """Both networks loaded: about 150 ms and 150 MB."""

    def __init__(self) -> None:
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        folder = _models()
        made = [
            ort.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
            for name in (DETECTOR, RECOGNISER)
        ]
        self._detector, self._recogniser = made
        letters = made[1].get_modelmeta().custom_metadata_map["character"].splitlines()
        self._letters = ["", *letters, " "]

    def strips(self, picture: NDArray[np.uint8], side: int) -> tuple[Strip, ...]:
        """Boxes of text in an RGB picture, looked at with its longer side at about `side` pixels."""
        import cv2

        height, width = picture.shape[:2]
        scale = side / max(height, width)
        size = [max(32, round(edge * scale / 32) * 32) for edge in (width, height)]
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        found = self._detector.run(None, {"x": _normal(small)[None]})[0][0, 0]
        mask = cv2.dilate((found > MASK_THRESHOLD).astype(np.uint8), np.ones((2, 2), np.uint8))
        contours = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]
        boxes = (_strip(contour, found) for contour in contours[:BOXES_AT_MOST])
        back = width / size[0], height / size[1]
        return tuple(_scaled(box, back) for box in boxes if box is not None)

    def read(self, row: NDArray[np.uint8]) -> Row:
        """The text of one level RGB row."""
        return _collapse(self._chances(row), self._letters)

    def read_zone(self, row: NDArray[np.uint8], stretch: float = 1.0, grey: bool = False) -> tuple[Row, Row]:
        """One level row in the machine-readable alphabet: once with all of it, once as a row of names (no digits).

        `stretch` widens the row first: more room for letters that stand too close. Without colour (`grey`), rows
        on coloured backgrounds are read better, and some others worse.
        """
        import cv2

        if grey:
            row = cv2.cvtColor(cv2.cvtColor(row, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        chances = self._chances(row, stretch)
        columns, letters = _zone_columns(tuple(self._letters))
        known = chances[:, columns]
        names = [letter.translate(LOOKS_LIKE_LETTER) for letter in letters]
        return _collapse(known, letters, evenly=True), _collapse(known, names, evenly=True)

    def _chances(self, row: NDArray[np.uint8], stretch: float = 1.0) -> NDArray[np.float32]:
        """Probability of each letter (second axis; 0 is blank) at each step along the row."""
        import cv2

        width = min(WIDEST, max(ROW_HEIGHT, round(row.shape[1] * ROW_HEIGHT * stretch / row.shape[0])))
        shrinks = row.shape[0] > ROW_HEIGHT
        resized = cv2.resize(
            row, (width, ROW_HEIGHT), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        )
        chances: NDArray[np.float32] = self._recogniser.run(None, {"x": _normal(resized)[None]})[0][0]
        return chances


@lru_cache(maxsize=1)
def engine() -> Ocr:
    """The process's only reader of text, made on first use."""
    return Ocr()


def cut(picture: NDArray[np.uint8], strip: Strip, pad: float = 0.0) -> NDArray[np.uint8]:
    """The strip, levelled, as a picture of its own; `pad` heights more on every side."""
    import cv2

    long, tall = strip.length + 2 * pad * strip.height, strip.height * (1 + 2 * pad)
    turn = cv2.getRotationMatrix2D((strip.x, strip.y), strip.angle, 1.0)
    turn[:, 2] += long / 2 - strip.x, tall / 2 - strip.y
    size = max(2, round(long)), max(2, round(tall))
    level: NDArray[np.uint8] = cv2.warpAffine(
        picture, turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return level


def _models() -> Path:
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("rapidocr is not installed: the readers need its weights")
    return Path(spec.origin).parent / "models"


def _normal(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Channels first, -1 to 1. The networks were trained on BGR; ours is RGB."""
    flipped = picture[:, :, ::-1].astype(np.float32).transpose(2, 0, 1)
    return np.ascontiguousarray(flipped / np.float32(127.5) - np.float32(1))


def _strip(contour: Any, found: NDArray[np.float32]) -> Strip | None:
    """A contour of the detector's mask as a box grown by UNCLIP (area x ratio / outline on every side)."""
    import cv2

    (x, y), (wide, tall), angle = cv2.minAreaRect(contour)
    if min(wide, tall) < 3:
        return None
    left, top, width, height = cv2.boundingRect(contour)
    patch = np.zeros((height, width), np.uint8)
    corners = cv2.boxPoints(((x - left, y - top), (wide, tall), angle)).astype(np.int32)
    cv2.fillPoly(patch, [corners], 1)
    if cv2.mean(found[top : top + height, left : left + width], patch)[0] < BOX_THRESHOLD:
        return None
    grow = wide * tall * UNCLIP / (wide + tall)  # twice area x ratio / outline
    if wide < tall:
        wide, tall, angle = tall, wide, angle - 90
    return Strip(x, y, wide + grow, tall + grow, (angle + 90) % 180 - 90)


def _scaled(strip: Strip, back: tuple[float, float]) -> Strip:
    mean = (back[0] + back[1]) / 2
    return Strip(strip.x * back[0], strip.y * back[1], strip.length * mean, strip.height * mean, strip.angle)


def _collapse(chances: NDArray[np.float32], letters: Sequence[str], evenly: bool = False) -> Row:
    """Connectionist decoding: the likeliest letter a step, repeats and blanks (column 0) dropped.

    `evenly`: letters stand at even distances, as in a zone.
    """
    best = chances.argmax(axis=1)
    said = [letters[at] for at in best]
    steps = [at for at, letter in enumerate(said) if letter and (at == 0 or said[at - 1] != letter)]
    if evenly:
        steps = _once(steps, said)
    text = [said[at] for at in steps]
    score = float(np.mean([chances[at].max() for at in steps])) if steps else 0.0
    return Row("".join(text), score, tuple(_others(chances, letters, text, steps)))


def _once(steps: Sequence[int], said: Sequence[str]) -> list[int]:
    """One letter seen as two (0 and then O within half a letter's room) is one."""
    if len(steps) < 3:
        return list(steps)
    room = (steps[-1] - steps[0]) / (len(steps) - 1)
    kept = list(steps[:1])
    for step in steps[1:]:
        one, other = said[kept[-1]], said[step]
        if step - kept[-1] > 0.55 * room or (one != other and other not in LOOK_ALIKES.get(one, "")):
            kept.append(step)
    return kept


def _others(
    chances: NDArray[np.float32], letters: Sequence[str], text: Sequence[str], steps: Sequence[int]
) -> Iterator[str]:
    for place, step in enumerate(steps):
        for twin in LOOK_ALIKES.get(text[place], ""):
            likely = max(
                (float(chances[step, at]) for at, letter in enumerate(letters) if letter == twin), default=0.0
            )
            if likely > DOUBT * float(chances[step].max()):
                yield "".join((*text[:place], twin, *text[place + 1 :]))


@lru_cache(maxsize=1)
def _zone_columns(letters: tuple[str, ...]) -> tuple[list[int], list[str]]:
    """Columns of the recogniser that stand for a letter of the zone, and that letter."""
    columns, meant = [0], [""]
    for at, letter in enumerate(letters[1:], start=1):
        plain = unicodedata.normalize("NFKC", letter).translate(FILLERS).upper()
        if len(plain) == 1 and plain in ALPHABET:
            columns.append(at)
            meant.append(plain)
    return columns, meant
