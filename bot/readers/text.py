"""Text in pictures: PP-OCRv6 (Apache-2.0) on the CPU, one thread, with the small weights inside the rapidocr wheel and the
tiny ones of models.toml.

The two networks are run directly: rapidocr's own pipeline hides the letter probabilities that a zone of known
alphabet is read by, keeps its call flags from one call to the next, and may download.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.readers import letters
from bot.readers.models import MissingModelError, weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.readers.letters import Row

QUICK = ("quick-detector", "quick-recogniser", "quick-letters")  # rows of models.toml
ROW_HEIGHT = 48  # pixels, fixed by the recogniser
WIDEST = 1600  # pixels of a row given to the recogniser; a TD3 row needs about 900
MASK_THRESHOLD, BOX_THRESHOLD, UNCLIP = 0.3, 0.5, 1.6  # PP-OCR's own settings (rapidocr config.yaml)
BOXES_AT_MOST = 400
SOFT = 0.6  # pixels of blur in a row of ROW_HEIGHT


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


@dataclass(frozen=True)
class Take:
    """How a row is shown to the recogniser: `stretch` gives letters that stand too close more room; without colour
    (`grey`) and a little softened, rows on patterned paper are read better, and some others worse; `pad` heights more
    on every side.
    """

    stretch: float = 1.0
    grey: bool = False
    pad: float = 0.0


PLAIN = Take()


@dataclass(frozen=True)
class Nets:
    """Files of one pair of networks; `letters`, one a line, where the recogniser does not carry its own."""

    detector: Path
    recogniser: Path
    letters: Path | None = None


class Ocr:
    """Both networks loaded: about 150 ms and 150 MB; the quick ones 30 ms and 30 MB."""

    def __init__(self, nets: Nets) -> None:
        self._detector, self._recogniser = (
            _session(nets.detector, keep=False),
            _session(nets.recogniser, keep=True),
        )
        if nets.letters is None:
            said = self._recogniser.get_modelmeta().custom_metadata_map["character"]
        else:
            said = nets.letters.read_text("utf-8")
        self._letters = ("", *said.removesuffix("\n").split("\n"), " ")

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
        return letters.plain(self._chances(row), self._letters)

    def read_zone(self, row: NDArray[np.uint8], take: Take = PLAIN) -> tuple[Row, Row]:
        """One level row in the machine-readable alphabet: once with all of it, once as a row of names (no digits)."""
        return letters.zone(self._chances(_softened(row) if take.grey else row, take.stretch), self._letters)

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
    """The process's careful reader of text, made on first use."""
    folder = _carried()
    return Ocr(Nets(folder / "PP-OCRv6_det_small.onnx", folder / "PP-OCRv6_rec_small.onnx"))


_quick: list[Ocr] = []


def equip(models: Path) -> bool:
    """From now on this process reads zones by the quick networks in that folder first; False where they are missing.

    They take a fifth of the time. What they read unsurely, `engine()` reads again; without them it reads everything.
    """
    _quick.clear()
    try:
        nets = Nets(*(weights(models, name) for name in QUICK))
    except MissingModelError:
        return False
    _quick.append(Ocr(nets))
    return True


def quick() -> Ocr:
    """The process's quick reader of zones: the careful one where `equip` brought none."""
    return _quick[0] if _quick else engine()


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


def _softened(row: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    soft = cv2.GaussianBlur(row, (0, 0), SOFT * max(row.shape[0] / ROW_HEIGHT, 0.5))
    done: NDArray[np.uint8] = cv2.cvtColor(cv2.cvtColor(soft, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return done


def _carried() -> Path:
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("rapidocr is not installed: the readers need its weights")
    return Path(spec.origin).parent / "models"


def _session(network: Path, *, keep: bool) -> Any:
    """`keep` its memory from call to call: a tenth faster, and little where what is read is small."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = keep
    options.log_severity_level = 3
    return ort.InferenceSession(str(network), options, providers=["CPUExecutionProvider"])


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
