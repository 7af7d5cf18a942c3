"""Files that were sent: bytes by file_id, and pictures in Telegram's sizes."""

from __future__ import annotations

import hashlib
import io
import mimetypes
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from handlers.playground.refusal import Json

SIDES: Mapping[str, int] = {
    "s": 90,
    "m": 320,
    "x": 800,
    "y": 1280,
}  # Telegram's thumbnails and its largest photo
QUALITY = 87  # JPEG, about what Telegram's apps use for photos
PIXELS = 120_000_000  # no picture beyond this is opened: a decompression bomb


class NotAPictureError(ValueError):
    """These bytes do not open as a picture."""


@dataclass(frozen=True, slots=True)
class File:
    """A stored file. `path` is what getFile answers."""

    id: str
    unique_id: str
    path: str
    content: bytes
    name: str = ""
    mime: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """One size of a picture, JPEG."""

    side: str
    width: int
    height: int
    content: bytes


class Files:
    """Everything sent so far, in memory."""

    def __init__(self) -> None:
        self._files: dict[str, File] = {}
        self._paths: dict[str, File] = {}

    def keep(self, folder: str, content: bytes, name: str = "", mime: str = "") -> File:
        """Store bytes under a new file_id; equal bytes share their file_unique_id."""
        number = len(self._files)
        unique = hashlib.sha256(content).hexdigest()[:16]
        suffix = PurePath(name).suffix if name else (mimetypes.guess_extension(mime) or "")
        file = File(f"PG{number:06d}{unique}", unique, f"{folder}/file_{number}{suffix}", content, name, mime)
        self._files[file.id] = file
        self._paths[file.path] = file
        return file

    def by_id(self, file_id: str) -> File | None:
        return self._files.get(file_id)

    def by_path(self, path: str) -> File | None:
        return self._paths.get(path)

    def photo(self, pictures: Sequence[Picture]) -> list[Json]:
        """Pictures as PhotoSize objects, the smallest first."""
        return [self._size(picture) for picture in pictures]

    def _size(self, picture: Picture) -> Json:
        file = self.keep("photos", picture.content, "photo.jpg", "image/jpeg")
        return described(file) | {"width": picture.width, "height": picture.height}

    def document(self, content: bytes, name: str, mime: str, thumbnail: Picture | None) -> Json:
        """A Document object over bytes kept exactly."""
        file = self.keep(
            "documents", content, name, mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        )
        thumb = {"thumbnail": self._size(thumbnail)} if thumbnail else {}
        return described(file) | {"file_name": name, "mime_type": file.mime} | thumb


def described(file: File) -> Json:
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.content)}


def pictures(content: bytes) -> list[Picture]:
    """A picture re-compressed as Telegram does: upright, JPEG, 90 to 1280 pixels, never enlarged.

    Raises NotAPictureError. Slow (a decode and up to four encodes): call it in a thread.
    """
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content))
            if image.width * image.height > PIXELS:
                raise NotAPictureError("too many pixels")
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise NotAPictureError("not a picture") from error
    sides = [side for side, most in SIDES.items() if most < max(upright.size) or side == "s"]
    largest = next((side for side, most in SIDES.items() if most >= max(upright.size)), "y")
    return [_scaled(upright, side) for side in dict.fromkeys([*sides, largest])]


def _scaled(image: object, side: str) -> Picture:
    from PIL import Image

    assert isinstance(image, Image.Image)
    small = image.copy()
    small.thumbnail((SIDES[side], SIDES[side]), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY)
    return Picture(side, small.width, small.height, out.getvalue())


def thumbnail(content: bytes, side: str = "m") -> Picture | None:
    """A small picture of these bytes; None where they are not a picture."""
    try:
        sizes = pictures(content)
    except NotAPictureError:
        return None
    return next((size for size in sizes if size.side == side), sizes[-1])
