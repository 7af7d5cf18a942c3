"""Whatever people send as a picture: opened upright and within bounds, or refused with the words for it."""

from __future__ import annotations

import io
import resource
import struct
import zlib
from collections.abc import Callable, Container
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, features

from bot.checks.picture import SELLERS
from bot.readers import document
from bot.readers.image import BYTES_AT_MOST, LONG_SIDE, PAGES_AT_MOST, PAGES_READ, Page, Unreadable, pages

BOUND = (
    200 * 1024
)  # kilobytes that refusing a file may take; a picture of 30000 x 30000 pixels would take 2.7 GB

HEIC = Path(__file__).with_name("passport.heic")


def drawn(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    """White, with a black bar in the upper left corner."""
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2, size[1] // 4), "black")
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def film(kind: str) -> bytes:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def png_header(width: int, height: int, kind: bytes = b"IDAT") -> bytes:
    """A PNG of a hundred bytes that says it is that large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(kind, zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def pdf(count: int = 1, box: str = "0 0 200 100", encrypt: str = "", written: Container[int] = ()) -> bytes:
    """So many pages, each with a black bar in its upper left corner; those `written` have text in its place."""
    kids = " ".join(f"{at + 6} 0 R" for at in range(count))
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 3 0 R >>"
    letter = page.replace("3 0 R", "4 0 R /Resources << /Font << /F 5 0 R >> >>")
    drawing = "0 g 0 75 100 25 re f"
    words = f"BT /F 2 Tf 5 50 Td ({'Terms and conditions apply. ' * 8}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        *(f"<< /Length {len(some)} >>\nstream\n{some}\nendstream" for some in (drawing, words)),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(letter if at in written else page for at in range(count)),
    ]
    out, places = b"%PDF-1.4\n", []
    for at, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{at} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R {encrypt} >>"
    size = len(objects) + 1
    return (
        out
        + f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n{trailer}\nstartxref\n{len(out)}\n%%EOF".encode()
    )


SECRET = f"/ID [<{'00' * 16}> <{'00' * 16}>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'11' * 32}> /U <{'22' * 32}> >>"
UNKNOWN = "/Encrypt << /Filter /Fingerprint /V 9 >>"
JPEG = saved(drawn(), "JPEG")


def tiff(count: int, size: tuple[int, int] = (400, 300)) -> bytes:
    """Pages of a fax or a scanner."""
    kept = io.BytesIO()
    sheets = [drawn(size=size) for _ in range(count)]
    sheets[0].save(kept, "TIFF", save_all=True, append_images=sheets[1:])
    return kept.getvalue()


REFUSED: list[tuple[str, Callable[[], bytes], str]] = [
    ("no bytes", lambda: b"", "empty"),
    ("over 20 MB", lambda: JPEG + b"\0" * BYTES_AT_MOST, "too_big"),
    ("text", lambda: b"Please find attached my passport.", "not_a_picture"),
    ("html", lambda: b"<!DOCTYPE html><html><body><img src=x></body></html>", "not_a_picture"),
    ("svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "not_a_picture"),
    ("zip", lambda: b"PK\x03\x04" + b"\0" * 200, "not_a_picture"),
    ("program", lambda: b"\x7fELF" + b"\0" * 200, "not_a_picture"),
    ("postscript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n", "not_a_picture"),
    ("first bytes of a jpeg", lambda: JPEG[:10], "truncated"),
    ("half a jpeg", lambda: JPEG[: len(JPEG) * 2 // 3], "truncated"),
    ("half a png", lambda: saved(drawn(size=(400, 300)))[:200], "truncated"),
    ("a png without pixels", lambda: png_header(2000, 2000), "truncated"),
    ("30000 x 30000", lambda: png_header(30_000, 30_000), "too_many_pixels"),
    ("9000 x 9000", lambda: png_header(9_000, 9_000), "too_many_pixels"),
    ("12000 x 10000", lambda: png_header(12_000, 10_000), "too_many_pixels"),
    ("1 x 2000000000", lambda: png_header(1, 2_000_000_000), "too_many_pixels"),
    ("animated gif", lambda: film("GIF"), "animated"),
    ("animated webp", lambda: film("WEBP"), "animated"),
    ("animated png", lambda: film("PNG"), "animated"),
    ("a jpeg with a zip behind it", lambda: JPEG + b"PK\x03\x04" + b"\0" * 200, "polyglot"),
    ("a zip that holds a jpeg", lambda: JPEG + b"PK\x03\x04" + b"\0" * 2000 + JPEG, "polyglot"),
    ("a zip behind a preview", lambda: JPEG + JPEG + b"PK\x03\x04" + b"\0" * 200, "polyglot"),
    (
        "a png and a zip that holds one",
        lambda: saved(drawn()) + b"PK\x03\x04" + b"\0" * 2000 + saved(drawn()),
        "polyglot",
    ),
    ("a png with a page behind it", lambda: saved(drawn()) + b"\n<html><script>", "polyglot"),
    ("a jpeg with a pdf in its notes", lambda: JPEG[:20] + b"%PDF-1.7\n" + JPEG[20:], "polyglot"),
    ("a tiff of 101 pages", lambda: tiff(PAGES_AT_MOST + 1, (40, 30)), "too_many_pages"),
    ("pdf with a password", lambda: pdf(encrypt=SECRET), "encrypted_pdf"),
    ("pdf with a lock nobody knows", lambda: pdf(encrypt=UNKNOWN), "encrypted_pdf"),
    ("101 pages", lambda: pdf(PAGES_AT_MOST + 1), "too_many_pages"),
    ("no page", lambda: pdf(0), "truncated"),
    ("pdf in name only", lambda: b"%PDF-1.7\nnothing", "truncated"),
    ("first bytes of a heic", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 50, "not_a_picture"),
]


@pytest.mark.parametrize(("content", "code"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_files_that_are_refused(content: Callable[[], bytes], code: str) -> None:
    data = content()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Unreadable) as refused:
        pages(data)
    assert refused.value.code == code
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < BOUND


def test_there_are_words_for_every_refusal() -> None:
    assert {code for _, _, code in REFUSED} == SELLERS
    assert all(code in (Unreadable.__doc__ or "") for code in SELLERS)


def test_a_refusal_is_evidence() -> None:
    assert document.read([b""], date(2026, 7, 1))["unread"] == "empty"


def test_the_pages_of_a_tiff() -> None:
    assert len(pages(tiff(3))) == 3


def test_a_film_behind_a_photo_is_what_phones_send() -> None:
    assert len(pages(JPEG + b"\0\0\0\x18ftypmp42" + b"\0" * 300)) == 1


def corner(page: Page) -> tuple[bool, bool]:
    """Whether the upper left corner is dark, and the lower right one light."""
    return bool(page.pixels[2, 2].max() < 60), bool(page.pixels[-3, -3].min() > 200)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P"])
def test_kinds_of_pictures(kind: str, mode: str) -> None:
    if mode == "P" and kind == "JPEG":
        mode = "CMYK"
    (page,) = pages(saved(drawn(mode), kind))
    assert corner(page) == (True, True)
    assert (page.pixels.shape, page.width, page.height) == ((48, 64, 3), 64, 48)
    assert page.pixels.dtype == np.uint8


def test_large_pictures_are_made_smaller_and_keep_their_size_in_words() -> None:
    (page,) = pages(saved(drawn(size=(6000, 3000)), "JPEG"))
    assert (page.pixels.shape, page.width, page.height) == ((LONG_SIDE // 2, LONG_SIDE, 3), 6000, 3000)
    assert corner(page) == (True, True)


def test_thin_lines_of_a_bitmap_outlive_shrinking() -> None:
    """A fax or a scan in black and white."""
    scan = Image.new("1", (6000, 4000), 1)
    for x in range(0, 6000, 31):
        ImageDraw.Draw(scan).line((x, 0, x, 4000), 0, 1)
    (page,) = pages(saved(scan, "TIFF", compression="group4"))
    assert (page.pixels[600, :, 0] < 250).sum() > 6000 / 31


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_come_upright(orientation: int) -> None:
    """The eight orientations of EXIF: the bar comes back to its corner, and width and height are the upright ones."""
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    picture = drawn()
    held = picture if undo is None else picture.transpose(undo)
    exif = Image.Exif()
    exif[0x0112] = orientation
    (page,) = pages(saved(held, "JPEG", exif=exif.tobytes()))
    assert corner(page) == (True, True)
    assert (page.width, page.height, page.pixels.shape) == (64, 48, (48, 64, 3))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_lies_on_white(mode: str) -> None:
    picture = Image.new("RGBA", (64, 48), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((0, 0, 32, 12), (0, 0, 0, 255))
    if mode == "P":
        flat = picture.convert("RGB").quantize(2)
        data = saved(flat, "PNG", transparency=bytes([255, 255]))
        assert pages(data)[0].pixels.max() == 0
        data = saved(flat, "PNG", transparency=bytes([0, 0]))
        assert pages(data)[0].pixels.min() == 255
    else:
        assert corner(pages(saved(picture.convert(mode)))[0]) == (True, True)


@pytest.mark.parametrize("shape", [(48, 64), (1500, 2500)])
@pytest.mark.parametrize(
    ("kind", "dtype"), [("TIFF", "uint16"), ("PNG", "uint16"), ("TIFF", "float32"), ("TIFF", "int32")]
)
def test_deep_greys_keep_their_shades(shape: tuple[int, int], kind: str, dtype: str) -> None:
    """Scanners' 16 bits: what is dark stays dark, what is light light, whatever part of the range is used."""
    grey = np.full(shape, 9000, dtype)
    grey[: shape[0] // 4, : shape[1] // 2] = 1000
    (page,) = pages(saved(Image.fromarray(grey), kind))
    assert corner(page) == (True, True)


def test_an_even_grey_is_no_error() -> None:
    assert pages(saved(Image.fromarray(np.full((9, 9), 500, "uint16")), "TIFF"))[0].width == 9


def test_pictures_with_a_preview_are_no_films() -> None:
    """Cameras and telephones put previews and depth maps behind the picture (MPO): the first counts."""
    (page,) = pages(saved(drawn(), "MPO", save_all=True, append_images=[Image.new("RGB", (8, 8), "red")]))
    assert corner(page) == (True, True)


def test_heic_pictures_stand_upright() -> None:
    """`passport.heic`: a drawn specimen that lies on its side, as telephones keep upright photos (HEVC by x265)."""
    (page,) = pages(HEIC.read_bytes())
    assert (page.width, page.height) == (900, 634)
    with pytest.raises(Unreadable):
        pages(HEIC.read_bytes()[:20_000])


def test_two_pages() -> None:
    found = pages(pdf(2))
    assert [corner(page) for page in found] == [(True, True)] * 2
    assert [page.pixels.shape[1] / page.pixels.shape[0] for page in found] == [pytest.approx(2, rel=0.01)] * 2


@pytest.mark.parametrize(
    ("count", "written", "scans"),
    [
        (11, range(0), 10),
        (30, range(30), 0),
        (30, {*range(30)} - {17, 29}, 2),  # a licence amid a contract
        (30, range(5, 12), 10),  # more scans than are looked at: the first of them
        (100, {*range(100)} - {99}, 1),
    ],
)
def test_of_a_long_file_the_first_pages_and_the_scans_are_looked_at(
    count: int, written: Container[int], scans: int
) -> None:
    found = pages(pdf(count, written=written))
    assert len(found) == PAGES_READ
    assert {page.of for page in found} == {count}
    assert sum(corner(page)[0] for page in found) == scans


def test_a_long_fax_gives_its_first_pages() -> None:
    assert [page.of for page in pages(tiff(12))] == [12] * PAGES_READ


@pytest.mark.parametrize(
    "box", ["0 0 1 1", "0 0 0 0", "0 0 14400 1", "0 0 1e7 1e7", "0 0 1e30 1", "-5 -5 -1 -1", "9 9 0 0"]
)
def test_pages_of_odd_sizes_are_bounded(box: str) -> None:
    try:
        found = pages(pdf(box=box))
    except Unreadable as refused:
        assert refused.code == "truncated"  # noqa: PT017 - either is right, an error is not
    else:
        assert all(max(page.pixels.shape) <= LONG_SIDE + 1 for page in found)


def test_webp_is_there() -> None:
    assert features.check("webp")


def rotated_jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera"
    return saved(drawn(), "JPEG", exif=exif.tobytes())


SMALL = {
    "jpeg": rotated_jpeg(),
    "png": saved(drawn("RGBA")),
    "palette": saved(drawn("P"), "PNG", transparency=0),
    "pdf": pdf(2),
    "webp": saved(drawn(), "WEBP"),
    "tiff": saved(drawn(), "TIFF", compression="tiff_lzw"),
    "gif": saved(drawn(), "GIF"),
    "bmp": saved(drawn(), "BMP"),
}
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12)


@pytest.mark.parametrize("name", SMALL)
@given(changes=CHANGES, kept=st.one_of(st.just(1.0), st.floats(0, 1)))
@settings(max_examples=60, deadline=None)
def test_broken_files_are_refused_or_read(name: str, changes: list[tuple[float, int]], kept: float) -> None:
    data = bytearray(SMALL[name])
    for place, value in changes:
        data[min(int(place * len(data)), len(data) - 1)] = value
    try:
        found = pages(bytes(data[: int(kept * len(data))]))
    except Unreadable as refused:
        assert refused.code in SELLERS  # noqa: PT017 - either is right, an error is not
    else:
        assert all(page.pixels.ndim == 3 and max(page.pixels.shape) <= LONG_SIDE + 1 for page in found)
