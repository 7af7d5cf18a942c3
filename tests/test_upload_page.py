"""The upload page in a real browser, opened from the chat's button: script or none, a broken line, and what it shows."""

from __future__ import annotations

import io
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import (
    Browser,
    BrowserContext,
    FilePayload,
    Page,
    Route,
    ViewportSize,
    async_playwright,
    expect,
)

from bot.cli.demo import Demo
from bot.uploads import LARGEST
from handlers.playground.people import Participant
from tests.test_playground_page import CHROMIUM, QUIET
from tests.test_whole import picture, product

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.asyncio(loop_scope="module"),  # one browser for all
]
PHONE: ViewportSize = {"width": 390, "height": 844}


def file(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def large() -> bytes:
    """A JPEG of 5,000 by 3,000 pixels and several megabytes."""
    noise = random.Random(7).randbytes(1000 * 600 * 3)
    content = io.BytesIO()
    Image.frombytes("RGB", (1000, 600), noise).resize((5000, 3000)).save(content, "JPEG", quality=92)
    return content.getvalue()


@dataclass
class Opened:
    """A seller who was asked for a document, and the page that the button opened on a phone."""

    demo: Demo
    seller: Participant
    page: Page
    url: str
    errors: list[str]

    async def kept(self) -> list[bytes]:
        """What the vault holds of the seller's case."""
        storage = self.demo.built.storage
        (case,) = await storage.cases.all()
        return [await storage.vault.get(case, one.name) for one in await storage.vault.names(case)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


@asynccontextmanager
async def opened(home: Path, context: BrowserContext) -> AsyncIterator[Opened]:
    async with product(home) as demo:
        seller = demo.playground.seller("Ada")
        for say, words in (
            ("/start", "Is that all right"),
            ("", "Which country"),
            ("Germany", "Who will be"),
        ):
            await (seller.says(say) if say else seller.taps("I agree"))
            await seller.hears(words)
        await seller.taps("I sell as a private person")
        asked = await seller.hears("identity document")
        url = next(
            b["url"] for row in asked.raw["reply_markup"]["inline_keyboard"] for b in row if "url" in b
        )
        page, errors = await context.new_page(), list[str]()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        await page.goto(url)
        yield Opened(demo, seller, page, url, errors)
        await context.close()


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("KYC_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def test_a_photo_is_shrunk_sent_and_read_and_the_page_works_once(
    browser: Browser, tmp_path: Path, shots: Path
) -> None:
    async with opened(tmp_path / "home", await browser.new_context(viewport=PHONE)) as here:
        page = here.page
        await page.screenshot(path=shots / "upload-empty.png")
        photo = large()
        await page.set_input_files("#files", file("IMG_0042.jpg", "image/jpeg", photo))
        await expect(page.get_by_text("IMG_0042.jpg")).to_be_visible()
        await page.screenshot(path=shots / "upload-chosen.png")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("heading", name="We have it")).to_be_visible()
        await page.screenshot(path=shots / "upload-taken.png")
        (kept,) = await here.kept()
        assert Image.open(io.BytesIO(kept)).size == (4000, 2400)
        assert len(kept) < len(photo)
        await here.seller.hears("is fine")
        await page.goto(here.url)
        await expect(page.get_by_role("heading", name="We have it")).to_be_visible()
        assert here.errors == []


async def test_without_a_script_the_plain_form_does_it(browser: Browser, tmp_path: Path, shots: Path) -> None:
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    async with opened(tmp_path / "home", context) as here:
        page = here.page
        await page.set_input_files("#files", file("notes.txt", "text/plain", b"hello"))
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("alert")).to_contain_text("That is not a photo or a PDF")
        await page.screenshot(path=shots / "upload-plain-problem.png")
        front, back = picture(), picture()
        files = [file(f"{n}.jpg", "image/jpeg", side) for n, side in enumerate((front, back))]
        await page.set_input_files("#files", files)
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("heading", name="We have it")).to_be_visible()
        assert await here.kept() == [front, back]
        await here.seller.hears("is fine")


async def test_what_cannot_be_sent_is_said_before_it_is_sent(
    browser: Browser, tmp_path: Path, shots: Path
) -> None:
    async with opened(tmp_path / "home", await browser.new_context(viewport=PHONE)) as here:
        page = here.page
        await page.set_input_files("#files", file("a.txt", "text/plain", b"hello"))
        await expect(page.get_by_role("alert")).to_contain_text("That is not a photo or a PDF")
        heavy = tmp_path / "a.pdf"
        heavy.write_bytes(b"%PDF-1.7" + bytes(LARGEST))
        await page.set_input_files("#files", heavy)
        await expect(page.get_by_role("alert")).to_contain_text("larger than 20 MB")
        photos = [file(f"{n}.jpg", "image/jpeg", picture()) for n in range(6)]
        await page.set_input_files("#files", photos)
        await expect(page.get_by_role("alert")).to_contain_text("more than 5 files")
        await expect(page.get_by_role("listitem")).to_have_count(5)
        await page.get_by_role("button", name="Take away: 0.jpg").click()
        await expect(page.get_by_role("listitem")).to_have_count(4)
        await page.screenshot(path=shots / "upload-problem.png")


async def test_a_broken_line_is_waited_for_and_what_arrived_is_not_sent_again(
    browser: Browser, tmp_path: Path, shots: Path
) -> None:
    async with opened(tmp_path / "home", await browser.new_context(viewport=PHONE)) as here:
        sent: list[int] = []

        async def line(route: Route) -> None:
            if route.request.method == "PATCH":
                sent.append(int(route.request.headers["upload-offset"]))
                if len(sent) in {3, 4}:
                    await route.abort("connectionreset")
                    return
            await route.continue_()

        await here.page.route("**/u/**", line)
        paper = b"%PDF-1.7" + random.Random(1).randbytes(1_200_000)
        await here.page.set_input_files("#files", file("a.pdf", "application/pdf", paper))
        await here.page.get_by_role("button", name="Send").click()
        await expect(here.page.get_by_text("The connection is gone")).to_be_visible()
        await here.page.screenshot(path=shots / "upload-waiting.png")
        await expect(here.page.get_by_role("heading", name="We have it")).to_be_visible(timeout=15_000)
        assert sent == [0, 262144, 524288, 524288, 524288, 786432, 1048576]
        assert await here.kept() == [paper]


async def test_the_page_that_went_away_goes_on_with_the_same_file(browser: Browser, tmp_path: Path) -> None:
    async with opened(tmp_path / "home", await browser.new_context(viewport=PHONE)) as here:
        sent: list[int] = []
        cut = True

        async def line(route: Route) -> None:
            if route.request.method == "PATCH":
                sent.append(int(route.request.headers["upload-offset"]))
                if cut and len(sent) > 2:
                    await route.abort("connectionreset")
                    return
            await route.continue_()

        await here.page.route("**/u/**", line)
        paper = file("a.pdf", "application/pdf", b"%PDF-1.7" + bytes(700_000))
        await here.page.set_input_files("#files", paper)
        await here.page.get_by_role("button", name="Send").click()
        await expect(here.page.get_by_text("The connection is gone")).to_be_visible()
        cut = False
        await here.page.reload()
        sent.clear()
        await here.page.set_input_files("#files", paper)
        await here.page.get_by_role("button", name="Send").click()
        await expect(here.page.get_by_role("heading", name="We have it")).to_be_visible()
        assert sent == [524288]


async def test_a_link_that_ran_out_says_what_to_do(browser: Browser, tmp_path: Path, shots: Path) -> None:
    async with opened(tmp_path / "home", await browser.new_context(viewport=PHONE)) as here:
        await here.demo.playground.advance(timedelta(days=2))
        await here.page.goto(here.url)
        await expect(here.page.get_by_role("heading", name="This link has run out")).to_be_visible()
        await here.page.screenshot(path=shots / "upload-expired.png")
        here.seller.skip()
        await here.seller.says("/start")
        asked = await here.seller.hears("identity document")
        await here.page.goto(
            next(b["url"] for row in asked.raw["reply_markup"]["inline_keyboard"] for b in row if "url" in b)
        )
        await expect(here.page.get_by_role("heading", name="Send your document")).to_be_visible()
