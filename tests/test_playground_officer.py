"""The compliance officer at the playground, in a real browser, with the whole product behind it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from bot.cli.demo import playing
from bot.settings import Settings
from handlers.jobs.clock import MovableClock
from tests.test_playground_page import QUIET
from tests.test_whole import OneReading
from tests.world import PASSPORT, START

CHROMIUM = shutil.which("chromium")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


async def test_an_alert_is_dismissed_in_the_officers_own_words(tmp_path: Path) -> None:
    shots = Path(os.environ.get("KYC_SCREENSHOTS") or tmp_path)
    settings = Settings(kyc_home=tmp_path)
    async with (
        playing(settings, MovableClock(START), OneReading(PASSPORT)) as demo,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        await page.goto(demo.url)
        await page.get_by_label("Chat with the bot").get_by_role("button", name="Start", exact=True).click()
        await expect(page.get_by_text("Is that all right with you?")).to_be_visible()
        await page.get_by_text("At the marketplace", exact=True).click()
        await page.get_by_role("button", name="Six sales just under 1,000 EUR").click()
        desk = page.locator("#staff")
        seat = desk.get_by_label("Which member of staff am I")
        await expect(seat.locator("option").last).to_have_text("Olga (officer) in Compliance (1 new)")
        await seat.select_option(label="Olga (officer) in Compliance (1 new)")
        await desk.get_by_role("button", name="Dismiss …").click()
        await desk.get_by_role("button", name="In my own words …").click()
        prompt = desk.locator("article", has_text="Reply to this message")
        await prompt.get_by_role("button", name="Reply").click()
        box = desk.get_by_label("Message", exact=True)
        await box.fill("A yearly fair, with its invoices")
        await page.screenshot(path=shots / "officer-own-words.png", animations="disabled")
        await box.press("Enter")
        card = desk.get_by_text("Structuring: dismissed by Olga: “A yearly fair, with its invoices”.")
        await expect(card).to_be_visible()
        await box.fill("/queue")
        await box.press("Enter")
        await expect(desk.get_by_text("Nothing is open for you.")).to_be_visible()
        await page.screenshot(path=shots / "officer-dismissed.png", animations="disabled")
        await browser.close()
