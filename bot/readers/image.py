"""Opens whatever people send as pictures, within bounds, and measures how well it can be read."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

BYTES_AT_MOST = 20 * 1024 * 1024  # Telegram's getFile stops here too
PIXELS_AT_MOST = 60_000_000
PAGES_AT_MOST = 100  # that a file may have,
PAGES_READ = 10  # and of these so many are looked at
OBJECTS_AT_MOST = 2_000
IMAGE = 3  # FPDF_PAGEOBJ_IMAGE
LOGO = 0.04  # of a page
LONG_SIDE = 2400  # pixels kept: 200 dpi of an A4 page and then some
SHORT_SIDE = 32  # pixels at least: what looks for text and faces divides by a few times that
PDF_DPI = 200
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "HEIF", "BMP", "GIF")
SOI, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
MARKER = re.compile(rb"\xff+([\x01-\xfe])", re.DOTALL)
AFTER_SCAN = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")  # neither a stuffed byte nor a restart
OTHERS = (
    b"PK\x03\x04",
    b"<!DOCTYPE",
    b"<html",
    b"<script",
    b"<?php",
    b"MZ",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc\xaf",
)
MOVING = frozenset({"GIF", "WEBP", "PNG"})  # several frames are a film; in others previews, bursts or pages

# What Pillow's decoders raise on broken data, its readers of metadata included.
BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError, AttributeError),
    *(RuntimeError, struct.error, zlib.error),
)


class Unreadable(Exception):  # noqa: N818 - a word of the trade: it says what the file is
    """A file that is no picture we open. `code`: empty, too_big, too_many_pixels, not_a_picture, truncated,
    animated, encrypted_pdf, too_many_pages, polyglot.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Page:
    """Upright RGB pixels, at most LONG_SIDE long, white below SHORT_SIDE; the size as sent; a PDF page's own text.

    `pictured`: it is a picture or bears one; a page of a PDF may be type alone, and is then not drawn.
    `of`: how many pages the file has; a longer one than PAGES_READ gives its first pages and those with pictures.
    """

    pixels: NDArray[np.uint8]
    width: int
    height: int
    text: str = ""
    pictured: bool = True
    of: int = 1


def pages(data: bytes) -> tuple[Page, ...]:
    """The pages of one file, a picture being one page. Sizes are refused by their header, before decoding.

    Raises Unreadable.
    """
    if not data:
        raise Unreadable("empty")
    if len(data) > BYTES_AT_MOST:
        raise Unreadable("too_big")
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return tuple(_pdf(data))
    if _two_kinds(data):
        raise Unreadable("polyglot")
    return _picture(data)


def _two_kinds(data: bytes) -> bool:
    """A picture that is a document, an archive, a web page or a program too: behind its end, or in its notes."""
    end = _end(data, 0)
    while end < len(data) and data.startswith(SOI, end):  # previews that cameras put behind
        end = _end(data, end)
    behind = data[end : end + 1024].lstrip(b"\x00\r\n \t")
    return b"%PDF-" in data[:1024] or behind.startswith(OTHERS) or b"%PDF-" in behind


def _end(data: bytes, at: int) -> int:
    """Where the JPEG or PNG that begins here ends by its own parts; the file's end for others, and where it is cut off."""
    if data.startswith(PNG, at):
        at += len(PNG)
        while at + 12 <= len(data):
            name, at = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4])
            if name == b"IEND":
                return at
        return len(data)
    return _jpeg_end(data, at + 2) if data.startswith(SOI, at) else len(data)


def _jpeg_end(data: bytes, at: int) -> int:
    """Over segments by their lengths, over coded pictures up to the next marker (ITU-T T.81, annex B)."""
    while found := MARKER.match(data, at):
        marker = found[1][0]
        if marker == 0xD9:
            return found.end()
        at = found.end()
        if marker != 0x01 and not 0xD0 <= marker <= 0xD7:
            at += int.from_bytes(data[at : at + 2])
        if marker == 0xDA:
            coded = AFTER_SCAN.search(data, at)
            at = coded.start() if coded else len(data)
    return len(data)


def _picture(data: bytes) -> tuple[Page, ...]:
    from PIL import Image, UnidentifiedImageError

    import_heif()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # bounded by PIXELS_AT_MOST instead
        warnings.filterwarnings("ignore", module="PIL")  # complaints about metadata
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                return tuple(_frames(opened))
        except (Image.DecompressionBombError, MemoryError) as error:
            raise Unreadable("too_many_pixels") from error
        except UnidentifiedImageError as error:
            raise Unreadable("not_a_picture") from error
        except BROKEN as error:
            raise Unreadable("truncated") from error


def import_heif() -> None:
    import pi_heif

    pi_heif.register_heif_opener()


def _frames(opened: Any) -> Iterator[Page]:
    """One page; those of a TIFF that are not smaller copies of the first."""
    if opened.format in MOVING and getattr(opened, "is_animated", False):
        raise Unreadable("animated")
    frames = getattr(opened, "n_frames", 1) if opened.format == "TIFF" else 1
    if frames > PAGES_AT_MOST:
        raise Unreadable("too_many_pages")
    first = opened.size
    for at in range(min(frames, PAGES_READ)):
        if frames > 1:
            opened.seek(at)
        if at == 0 or max(opened.size) > max(first) / 2:
            yield replace(_decoded(opened), of=frames)


def _decoded(opened: Any) -> Page:
    from PIL import ImageOps

    width, height = opened.size
    if width * height > PIXELS_AT_MOST:
        raise Unreadable("too_many_pixels")
    opened.draft("RGB", (LONG_SIDE, LONG_SIDE))  # JPEG: decode at a fraction of the size where that is enough
    opened.load()
    small = _smooth(opened)
    small.thumbnail((LONG_SIDE, LONG_SIDE))
    upright = ImageOps.exif_transpose(small)
    turned = (upright.size[0] > upright.size[1]) != (width > height)
    flat = _on_white(upright)
    sent = (height, width) if turned else (width, height)
    return Page(_filled(np.asarray(flat, dtype=np.uint8)), *sent)


def _filled(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A hair or a dot, on white: a side of less than a pixel is what nothing that follows can divide by."""
    lacking = [(0, max(0, SHORT_SIDE - side)) for side in pixels.shape[:2]]
    if not any(after for _, after in lacking):
        return pixels
    return np.pad(pixels, (*lacking, (0, 0)), constant_values=255)


def _smooth(picture: Any) -> Any:
    """Palettes and bitmaps as shades: shrunk as they are, thin letters would fall apart."""
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode == "P":
        return picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    return picture


def _on_white(picture: Any) -> Any:
    from PIL import Image

    if picture.mode in {"I;16", "I", "F"}:
        low, high = picture.getextrema()
        picture = picture.point(lambda value: (value - low) * (255 / max(high - low, 1))).convert("L")
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("RGB")


def _pdf(data: bytes) -> Iterator[Page]:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        # PDFium's last error outlives the call that caused it, so that the file has to say so too.
        locked = b"/Encrypt" in data and any(word in str(error).lower() for word in ("password", "security"))
        raise Unreadable("encrypted_pdf" if locked else "truncated") from error
    try:
        if len(document) > PAGES_AT_MOST:
            raise Unreadable("too_many_pages")
        for at in _worth_reading(document):
            yield replace(_pdf_page(document[at]), of=len(document))
    except pdfium.PdfiumError as error:
        raise Unreadable("truncated") from error
    finally:
        document.close()


def _worth_reading(document: Any) -> list[int]:
    """All pages; of a long file its first ones, then those with pictures: a scan amid a contract's text."""
    every = range(len(document))
    if len(every) <= PAGES_READ:
        return list(every)
    first, rest = every[: PAGES_READ // 2], every[PAGES_READ // 2 :]
    plain = {at for at in rest if not _pictured(document[at])}
    return sorted([*first, *sorted(rest, key=lambda at: (at in plain, at))][:PAGES_READ])


def _pictured(page: Any) -> bool:
    """Whether it bears a picture larger than a logo, or so many objects that nobody counts them; else it is type."""
    wide, tall = page.get_size()
    number = 0
    for number, each in enumerate(islice(page.get_objects(max_depth=3), OBJECTS_AT_MOST), start=1):  # noqa: B007 - counted
        if each.type == IMAGE:
            left, low, right, high = each.get_bounds()
            if (right - left) * (high - low) > LOGO * wide * tall:
                return True
    return number == OBJECTS_AT_MOST or not _own_text(page).strip()


def _own_text(page: Any) -> str:
    return str(page.get_textpage().get_text_range())


def _pdf_page(page: Any) -> Page:
    wide, tall = page.get_size()  # points of 1/72 inch
    if not _pictured(page):
        blank = np.full((SHORT_SIDE, SHORT_SIDE, 3), 255, np.uint8)
        return Page(blank, round(wide), round(tall), _own_text(page), pictured=False)
    scale = min(PDF_DPI / 72, LONG_SIDE / max(wide, tall, 1))
    pixels = page.render(scale=scale).to_numpy()
    rgb = np.ascontiguousarray(pixels[:, :, 2::-1] if pixels.shape[2] >= 3 else np.repeat(pixels, 3, axis=2))
    return Page(_filled(rgb), rgb.shape[1], rgb.shape[0], _own_text(page))
