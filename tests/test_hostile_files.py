"""Hostile files through the real readers: a clear sentence or a person, in bounded time and memory, others served meanwhile."""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import re
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image, PngImagePlugin

from bot.model import Examination
from bot.readers import specimens
from bot.readers.asked import Asked
from bot.readers.workers import MEMORY, Readers, work
from handlers.playground.people import Participant
from tests.hostile import COUNTRY, IDENTITY, PATIENCE, Stage, heard, kept, staged
from tests.test_readers_document import PASSPORT
from tests.test_readers_image import JPEG, SECRET, film, pdf, png_header, saved
from tests.world import START

pytestmark = pytest.mark.asyncio(loop_scope="module")
SECONDS = 60.0  # that a reading may take where none should be cut short; those that should, get two
COSTLY = 20_000  # milliseconds of CPU that no refusal takes, however slow the machine
SWELLING = 800 * 1024  # kilobytes a worker may have taken in all; 300 thousand of them for the networks


@asynccontextmanager
async def reading(home: Path, seconds: float) -> AsyncIterator[Stage]:
    """The product with readers in a process of their own that is warm."""
    readers = Readers(seconds=seconds, memory=MEMORY, playing=True)
    await readers.read([b""])
    async with staged(home, readers) as opened:
        yield opened
    await readers.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with reading(tmp_path_factory.mktemp("files"), SECONDS) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hurried(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with reading(tmp_path_factory.mktemp("hurried"), 2) as opened:
        yield opened


def zipped(size: int = 200_000_000) -> bytes:
    """That many bytes in a thousandth of the room."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", b"\0" * size)
    return out.getvalue()


def objects(*bodies: bytes) -> bytes:
    """A PDF of these objects, from 1 on; the first is the catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        size, rows, size, len(out),
    )  # fmt: skip


def stream(data: bytes, more: bytes = b"", *, times: int = 1) -> bytes:
    """A stream deflated that many times over."""
    for _ in range(times):
        data = zlib.compress(data, 1)
    filters = b" ".join([b"/FlateDecode"] * times)
    return b"<< /Length %d /Filter [%b] %b >>\nstream\n%b\nendstream" % (len(data), filters, more, data)


def one_page(content: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    """A PDF of one page; `content` is object 4, `more` are 5 and on."""
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << %b >> >>"
        % resources
    )
    return objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        content,
        *more,
    )


def huge_image() -> bytes:
    """A page with a picture of 900 million pixels, deflated twice."""
    shape = b"/Type /XObject /Subtype /Image /Width 30000 /Height 30000 /ColorSpace /DeviceGray /BitsPerComponent 1"
    squeezed = zlib.compress(b"\0" * (30_000 * 30_000 // 8), 1)
    return one_page(
        stream(b"600 0 0 800 0 0 cm /X Do"),
        stream(squeezed, shape).replace(b"[/FlateDecode]", b"[/FlateDecode /FlateDecode]", 1),
        resources=b"/XObject << /X 5 0 R >>",
    )


def itself() -> bytes:
    """A form that draws itself, twice."""
    shape = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /X 5 0 R >> >>"
    return one_page(stream(b"/X Do"), stream(b"/X Do /X Do", shape), resources=b"/XObject << /X 5 0 R >>")


def endless_scans() -> bytes:
    """A progressive JPEG of 58 million pixels whose last scan comes three thousand times."""
    whole = saved(Image.new("L", (7600, 7600), 128), "JPEG", progressive=True)
    last = whole.rfind(b"\xff\xda")
    return whole[:last] + whole[last:-2] * 3000 + b"\xff\xd9"


def loud_png() -> bytes:
    """A picture with 100 MB of comment, squeezed."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "x" * 100_000_000, zip=True)
    return saved(Image.new("RGB", (900, 600)), "PNG", pnginfo=notes)


def mp4() -> bytes:
    return (
        b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\x08free\0\x10\0\0mdat" + bytes(range(256)) * 4096
    )


HEIC = b"\0\0\0\x1cftypheic\0\0\0\0mif1heicmiaf\0\0\x01\0meta" + bytes(range(256)) * 40
PIXELS = "too many pixels"
OPEN = "cannot open this file"
INCOMPLETE = "arrived incomplete"
PAGES = "more than 100 pages"

# what comes, its name, what is said: before it is read, or after
FILES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "over 20 MB": (lambda: bytes(21 * 1024 * 1024), "passport.jpg", "too large"),
    "empty": (lambda: b"", "passport.jpg", "arrived empty"),
    "half a jpeg": (lambda: saved(PASSPORT, "JPEG")[:20_000], "passport.jpg", INCOMPLETE),
    "text": (lambda: b"Please find attached my passport.", "passport.jpg", OPEN),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "x.png", OPEN),
    "html": (lambda: b"<!DOCTYPE html><html><body><img src=x onerror=alert(1)></body></html>", "x.png", OPEN),
    "a zip bomb": (zipped, "bill.pdf", OPEN),
    "a film": (mp4, "me.mp4", OPEN),
    "a film named a picture": (mp4, "me.jpg", OPEN),
    "music": (lambda: b"ID3\x04\0\0\0\0\0\0" + bytes(9000), "me.mp3", OPEN),
    "a letter": (lambda: zipped(1000), "passport.docx", OPEN),
    "a broken heic": (lambda: HEIC, "IMG_1.HEIC", ""),
    "60000 x 60000 in its header": (lambda: png_header(60_000, 60_000), "x.png", PIXELS),
    "200 million pixels": (lambda: saved(Image.new("1", (20_000, 10_000))), "x.png", PIXELS),
    "1 x 5000000": (lambda: png_header(1, 5_000_000), "x.png", "too small"),
    "a picture of one pixel": (lambda: saved(Image.new("RGB", (1, 1))), "x.png", "too small"),
    "a picture like a hair": (lambda: saved(Image.new("RGB", (60_000, 1))), "x.png", "too small"),
    "100 MB of comment": (loud_png, "x.png", ""),
    "an animated gif": (lambda: film("GIF"), "x.gif", "moving picture"),
    "an animated webp": (lambda: film("WEBP"), "x.webp", "moving picture"),
    "1000 pages": (lambda: pdf(1000), "x.pdf", PAGES),
    "a password": (lambda: pdf(encrypt=SECRET), "x.pdf", "has a password"),
    "a pdf in name only": (lambda: b"%PDF-1.7\n" + bytes(9000), "x.pdf", INCOMPLETE),
    "pages that are their own parents": (lambda: pdf(1).replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]"), "x.pdf", INCOMPLETE),
    "a jpeg and a zip": (lambda: JPEG.ljust(20_000, b"\0") + zipped(9000), "x.jpg", "too small"),
    "a pdf and html": (lambda: pdf(1) + b"<html><script>alert(1)</script>", "x.pdf", ""),
    "html and a pdf": (lambda: b"<html>" + pdf(1), "x.pdf", "of two kinds at once"),
}  # fmt: skip

# what cannot be seen in the header: it is cut short, and a person looks, or it is refused
SLOW: dict[str, Callable[[], bytes]] = {
    "a page of 900 million pixels": huge_image,
    "a page that unfolds without end": lambda: one_page(stream(b"0 0 9 9 re f " * 20_000_000, times=2)),
    "a form that draws itself": itself,
    "a jpeg of endless scans": endless_scans,
}


def swollen() -> int:
    """Kilobytes that the largest worker ever took, by the kernel's account."""
    lines = [
        line
        for process in multiprocessing.active_children()
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines()
    ]
    return max((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), default=0)


async def verdict(seller: Participant) -> str:
    """What is said when the file was looked at, or before."""
    said = (await heard(seller)).text
    return (await heard(seller)).text if "looking at it" in said else said


async def spent(stage: Stage, seller: Participant) -> dict[str, str]:
    """What the readers saw in what a seller sent last; {} where nothing was read."""
    case = await stage.case(seller)
    assert case
    return next((dict(r.evidence) for r in reversed(case.history) if isinstance(r, Examination)), {})


@pytest.mark.parametrize(("content", "name", "sentence"), FILES.values(), ids=FILES.keys())
async def test_a_hostile_file_is_refused_in_plain_words(
    stage: Stage, content: Callable[[], bytes], name: str, sentence: str
) -> None:
    seller = await stage.at(IDENTITY)
    await seller.document(content(), name)
    said = await verdict(seller)
    assert sentence in said
    assert IDENTITY in said
    assert float((await spent(stage, seller)).get("cpu_ms", 0)) < COSTLY
    assert swollen() < SWELLING
    await kept(seller, "Who sells: done")


@pytest.mark.parametrize("content", SLOW.values(), ids=SLOW.keys())
async def test_a_file_that_costs_too_much_is_cut_short_while_others_are_served(
    hurried: Stage, content: Callable[[], bytes]
) -> None:
    seller = await hurried.at(IDENTITY)
    file = hurried.demo.playground.world.files.document(await asyncio.to_thread(content), "x.pdf", "", None)
    seller.hand.send({"document": file})
    await heard(seller, "looking at it")
    other = await hurried.at(COUNTRY, "Ada")
    await other.says("Germany")
    await heard(other, "Who will be selling")
    said = (await heard(seller)).text
    assert "A person will look" in said or IDENTITY in said
    await kept(seller, "Who sells: done")


async def test_a_bug_in_a_reader_is_told_by_its_kind_and_place_alone() -> None:
    evidence = work(Asked([5]))  # type: ignore[list-item]
    assert evidence["unread"] == "crash"
    assert re.fullmatch(r"builtins\.TypeError at image\.py:\d+", evidence["bug"])


async def test_a_good_picture_after_all_that(stage: Stage) -> None:
    seller = await stage.at(IDENTITY)
    await seller.document(b"text", "x.jpg")
    await seller.hears(OPEN, PATIENCE)
    await seller.document(specimens.passport(expires_on=START.date() + timedelta(days=900)), "passport.jpg")
    await seller.hears("is fine", PATIENCE)
