"""Opens a short video within bounds and hands out its frames, small and evenly spread; nothing touches the disk."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

BYTES_AT_MOST = 20 * 1024 * 1024  # Telegram's getFile stops here too
SECONDS_AT_MOST = 61.0  # Telegram's round video notes last up to a minute
FRAMES_AT_MOST = 1_860  # a minute at 30 a second, and a little
LOOKED_AT_MOST = 240  # frames handed out: a minute at 4 a second
A_SECOND = 12.0  # frames handed out at most: a quick turn of the head lasts half a second
LONG_SIDE = 480  # pixels
PIXELS_AT_MOST = 2_500_000  # of a frame as sent: full HD and a little
MATROSKA = b"\x1a\x45\xdf\xa3"


class UnwatchableError(Exception):
    """A file that is no short video we open. `code`: unreadable, too_long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Frame:
    """BGR pixels, at most LONG_SIDE long, and the seconds since the beginning."""

    at: float
    pixels: NDArray[np.uint8]


def frames(data: bytes) -> Iterator[Frame]:
    """Frames at most A_SECOND a second and LOOKED_AT_MOST in all. Raises UnwatchableError, too_long also midway."""
    if len(data) > BYTES_AT_MOST:
        raise UnwatchableError("too_long")
    if not _a_film(data):
        raise UnwatchableError("unreadable")
    source = io.BytesIO(data)  # OpenCV keeps only its address: it has to outlive the film
    film = _opened(source)
    try:
        yield from _spread(film)
    finally:
        film.release()


def _a_film(data: bytes) -> bool:
    """MP4, MOV or WebM. FFmpeg opens playlists too, which name other files: they are kept from it."""
    return data[4:8] == b"ftyp" or data[:4] == MATROSKA


def _opened(source: Any) -> Any:
    import cv2

    film = cv2.VideoCapture(source, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    sides = (film.get(cv2.CAP_PROP_FRAME_WIDTH), film.get(cv2.CAP_PROP_FRAME_HEIGHT))
    if not film.isOpened() or not 0 < sides[0] * sides[1] <= PIXELS_AT_MOST:
        film.release()
        raise UnwatchableError("unreadable")
    return film


def _spread(film: Any) -> Iterator[Frame]:
    import cv2

    rate = film.get(cv2.CAP_PROP_FPS)
    rate = rate if 1 <= rate <= 240 else 30.0
    told = film.get(cv2.CAP_PROP_FRAME_COUNT) / rate  # seconds by the file's own word; may be wrong
    apart = max(1 / A_SECOND, min(told, SECONDS_AT_MOST) / LOOKED_AT_MOST)
    due, shown = 0.0, 0
    for count in range(FRAMES_AT_MOST + 1):
        if not film.grab():
            return
        at = max(film.get(cv2.CAP_PROP_POS_MSEC) / 1000, 0.0)
        if count == FRAMES_AT_MOST or at > SECONDS_AT_MOST:
            raise UnwatchableError("too_long")
        if at + 1e-6 < due or shown >= LOOKED_AT_MOST:
            continue
        due, shown = max(due + apart, at), shown + 1
        whole, pixels = film.retrieve()
        if whole:
            yield Frame(at, _small(pixels))


def _small(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    scale = LONG_SIDE / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    size = (max(round(pixels.shape[1] * scale), 1), max(round(pixels.shape[0] * scale), 1))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
