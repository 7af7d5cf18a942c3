"""The chat page in a real browser: a small echo bot converses with it over the playground's Bot API."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
import telegram
from PIL import Image, ImageDraw
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from handlers.playground.server import Playground
from handlers.playground.world import Person

TOKEN = "42:playground"
CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.asyncio(loop_scope="module"),  # one browser for all
]


def drawing(words: str = "SPECIMEN") -> bytes:
    image = Image.new("RGB", (900, 600), "#dfe9f3")
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, 860, 560), outline="#1b76bd", width=6)
    draw.text((80, 80), words, fill="#14191f", font_size=64)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


class Echo:
    """Answers everything it gets; what is tapped replaces the question."""

    def __init__(self, bot: telegram.Bot, staff_chat: int) -> None:
        self._bot = bot
        self._staff_chat = staff_chat

    async def run(self) -> None:
        await self._bot.set_my_commands([("help", "Ask a person")])
        offset = 0
        while True:
            for update in await self._bot.get_updates(offset=offset, timeout=20):
                offset = update.update_id + 1
                await self._answer(update)

    async def _answer(self, update: telegram.Update) -> None:
        if update.callback_query is not None:
            await self._tapped(update.callback_query)
        elif update.message is not None and update.message.chat.id > 0:
            await self._said(update.message)

    async def _tapped(self, query: telegram.CallbackQuery) -> None:
        await query.answer(f"Noted: {query.data}", show_alert=query.data == "France")
        await query.edit_message_text(f"You chose <b>{query.data}</b>.", parse_mode="HTML")

    async def _said(self, message: telegram.Message) -> None:
        chat = message.chat.id
        if message.text and message.text.startswith("/start"):
            keys = [
                [telegram.InlineKeyboardButton(word, callback_data=word) for word in ("Germany", "France")]
            ]
            text = "Hello from <b>Harbour</b>. In which country are you based?"
            await self._bot.send_message(chat, text, "HTML", reply_markup=telegram.InlineKeyboardMarkup(keys))
        elif message.photo:
            await self._bot.send_message(chat, f"A photo of {message.photo[-1].width} pixels.")
            await self._bot.send_message(self._staff_chat, "A photo came in.")
        elif message.document:
            await self._bot.send_message(chat, f"A file: {message.document.file_name}")
        elif message.contact:
            await self._bot.send_message(chat, "Thank you.", reply_markup=telegram.ReplyKeyboardRemove())
        elif message.text == "phone":
            key = telegram.KeyboardButton("Share my number", request_contact=True)
            await self._bot.send_message(
                chat, "Your number?", reply_markup=telegram.ReplyKeyboardMarkup([[key]])
            )
        else:
            await self._bot.send_message(chat, f"Echo: {message.text}")


@dataclass
class Show:
    """The page, open in a browser."""

    playground: Playground
    page: Page
    errors: list[str]

    @property
    def chat(self) -> Locator:
        return self.page.get_by_label("Chat with the bot")

    @property
    def staff(self) -> Locator:
        return self.page.get_by_label("Staff group")

    async def says(self, text: str) -> None:
        box = self.chat.get_by_label("Message", exact=True)
        await box.fill(text)
        await box.press("Enter")

    async def begun(self) -> None:
        await self.chat.get_by_role("button", name="Start", exact=True).click()
        await expect(self.chat.get_by_text("In which country")).to_be_visible()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


WET: list[str] = []


async def rain(person: Person) -> None:
    WET.append(person.first_name)


async def nothing(_: Person) -> None:
    raise AssertionError("nobody asked for it")


@pytest_asyncio.fixture(loop_scope="module")
async def show(browser: Browser) -> AsyncIterator[Show]:
    playground = Playground(
        token=TOKEN,
        bot_name="Harbour",
        staff=(Person(71, "Mina"), Person(72, "Otto")),
        compliance=(Person(72, "Otto"),),
        specimens={"A drawn passport": drawing, "A bill (PDF)": lambda: b"%PDF-1.7"},
        start_payload="invited",
        happenings={"A quiet day": nothing, "Rain": rain},
    )
    async with (
        playground.serving() as origin,
        telegram.Bot(TOKEN, base_url=f"{origin}/bot", base_file_url=f"{origin}/file/bot") as bot,
    ):
        echo = asyncio.create_task(Echo(bot, playground.staff_chat).run())
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        await page.goto(origin)
        yield Show(playground, page, errors)
        await page.close()
        echo.cancel()
        with suppress(asyncio.CancelledError):
            await echo
        assert errors == []
        assert playground.api.refusals == []


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("KYC_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def test_a_newcomer_talks_taps_and_uploads(show: Show, shots: Path, tmp_path: Path) -> None:
    await show.begun()
    assert "/start invited" in await show.chat.get_by_role("log").inner_text()
    question = show.chat.locator("article", has_text="In which country")
    number = await question.get_attribute("data-id")
    await question.get_by_role("button", name="Germany").click()
    edited = show.chat.locator(f"article[data-id='{number}']")
    await expect(edited).to_contain_text("You chose Germany.")
    await expect(edited.locator("strong")).to_have_text("Germany")
    await expect(show.chat.get_by_text("Noted: Germany")).to_be_visible()
    picture = tmp_path / "passport.png"
    picture.write_bytes(drawing())
    await show.chat.get_by_role("button", name="Attach").click()
    async with show.page.expect_file_chooser() as chooser:
        await show.chat.get_by_role("menuitem", name="Photo").click()
    await (await chooser.value).set_files(picture)
    await expect(show.chat.get_by_text("A photo of 900 pixels.")).to_be_visible()
    await expect(show.staff.get_by_text("A photo came in.")).to_be_visible()
    await expect(show.chat.get_by_label("Read").first).to_be_visible()
    await show.page.screenshot(path=shots / "playground-1280.png", animations="disabled")
    await fills_the_window(show, 800)
    await show.page.set_viewport_size({"width": 390, "height": 844})
    await show.page.screenshot(path=shots / "playground-390.png", animations="disabled")
    await fills_the_window(show, 844)


async def fills_the_window(show: Show, height: int) -> None:
    box = await show.chat.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == height


async def test_what_people_type_is_never_markup(show: Show) -> None:
    await show.begun()
    await show.says("<img src=x onerror=alert(1)><b>bold</b>")
    echo = show.chat.locator("article.in", has_text="Echo:")
    await expect(echo).to_contain_text("Echo: <img src=x onerror=alert(1)><b>bold</b>")
    assert await echo.locator("img, b").count() == 0


async def test_the_command_menu_is_the_one_set_for_this_chat(show: Show) -> None:
    await show.begun()
    seller = show.playground.sellers()[0]
    commands = [{"command": "language", "description": "Change the language"}]
    call = {"commands": commands, "scope": {"type": "chat", "chat_id": seller.id}}
    await show.chat.get_by_role("button", name="Commands").click()
    await expect(show.chat.get_by_role("menuitem")).to_have_text(["/helpAsk a person"])
    await show.playground.api.call("setMyCommands", call)  # while the list is open
    await expect(show.chat.get_by_role("menuitem")).to_have_text(["/languageChange the language"])
    await show.page.keyboard.press("Enter")
    await expect(show.chat.get_by_text("Echo: /language")).to_be_visible()
    await show.staff.get_by_role("button", name="Commands").click()
    await expect(show.staff.get_by_role("menuitem")).to_have_text(["/helpAsk a person"])


async def test_the_bot_is_seen_typing_and_an_alert_waits_for_its_ok(show: Show) -> None:
    await show.begun()
    seller = show.playground.sellers()[0]
    await show.playground.api.call("sendChatAction", {"chat_id": seller.id, "action": "typing"})
    await expect(show.chat.get_by_text("typing")).to_be_visible()
    await show.chat.get_by_role("button", name="France").click()
    alert = show.page.get_by_role("dialog")
    await expect(alert.get_by_text("Noted: France")).to_be_visible()
    await alert.get_by_role("button", name="OK").click()
    await expect(alert).to_have_count(0)
    await expect(show.chat.get_by_text("You chose France.")).to_be_visible()


async def test_a_reload_shows_the_same_chat(show: Show) -> None:
    await show.begun()
    await show.says("remember me")
    await expect(show.chat.get_by_text("Echo: remember me")).to_be_visible()
    await show.page.reload()
    await expect(show.chat.get_by_text("Echo: remember me")).to_be_visible()
    await expect(show.chat.get_by_role("button", name="Germany")).to_be_visible()


async def test_the_contact_is_shared_by_one_press(show: Show) -> None:
    await show.begun()
    await show.says("phone")
    await show.chat.get_by_role("button", name="Share my number").click()
    await expect(show.chat.get_by_text("Thank you.")).to_be_visible()
    await expect(show.chat.get_by_role("button", name="Share my number")).to_have_count(0)
    seller = show.playground.sellers()[0]
    said = show.playground.world.chats[seller.id].messages.values()
    assert [one.body["contact"]["user_id"] for one in said if "contact" in one.body] == [seller.id]


async def test_what_happens_outside_happens_to_the_seller_who_is_shown(show: Show) -> None:
    WET.clear()
    await show.page.get_by_text("At the marketplace").click()
    await show.page.get_by_role("button", name="Rain").click()
    await expect(show.page.get_by_text("Press Start first")).to_be_visible()
    await show.begun()
    await show.page.get_by_role("button", name="New seller").click()
    await show.begun()
    await show.page.get_by_role("button", name="Rain").click()
    await expect(show.page.get_by_text("The bot was told: Rain.")).to_be_visible()
    assert [show.playground.sellers()[-1].first_name] == WET


async def test_a_specimen_goes_as_a_photo_or_as_a_file(show: Show) -> None:
    await show.begun()
    await show.page.get_by_role("button", name="A drawn passport").click()
    await expect(show.chat.get_by_text("A photo of 900 pixels.")).to_be_visible()
    await show.page.get_by_text("Send as file").click()
    await show.page.get_by_role("button", name="A drawn passport").click()
    await expect(show.chat.get_by_text("A file: a_drawn_passport.png")).to_be_visible()


async def test_a_file_dropped_anywhere_is_sent(show: Show) -> None:
    await show.begun()
    drop = """() => {
        const data = new DataTransfer();
        data.items.add(new File(["%PDF-1.7"], "bill.pdf", {type: "application/pdf"}));
        document.querySelector("#tray").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
    }"""
    await show.page.evaluate(drop)
    await expect(show.chat.get_by_text("A file: bill.pdf")).to_be_visible()


async def test_a_second_seller_starts_afresh_and_unread_ones_are_counted(show: Show) -> None:
    await show.begun()
    await show.page.get_by_label("Language of the new seller").select_option("zh")
    await show.page.get_by_role("button", name="New seller").click()
    await expect(show.chat.get_by_role("button", name="Start", exact=True)).to_be_visible()
    first, second = show.playground.sellers()
    assert (first.language, second.language) == ("en", "zh")
    call = {"chat_id": first.id, "text": "A reminder"}
    await show.playground.api.call("sendMessage", call)
    chip = show.chat.get_by_role("tab", name=first.first_name)
    await expect(chip.locator(".badge")).to_have_text("1")
    await chip.click()
    await expect(show.chat.get_by_text("A reminder")).to_be_visible()
    await expect(show.chat.get_by_role("tab", name=second.first_name).locator(".badge")).to_be_hidden()


async def test_on_a_narrow_screen_panes_are_tabs_with_their_unread(show: Show) -> None:
    await show.page.set_viewport_size({"width": 390, "height": 844})
    await show.begun()
    await expect(show.staff).to_be_hidden()
    call = {"chat_id": show.playground.staff_chat, "text": "A card"}
    await show.playground.api.call("sendMessage", call)
    tab = show.page.locator("#tab-staff")
    await expect(tab.locator(".badge")).to_have_text("1")
    await tab.click()
    await expect(show.staff.get_by_text("A card")).to_be_visible()
    await expect(tab.locator(".badge")).to_be_hidden()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await show.page.evaluate(overflow) == 0


async def test_the_clock_moves_by_its_buttons(show: Show) -> None:
    await show.begun()
    before = show.playground.world.now()
    await show.page.get_by_role("button", name="Move the clock: +1 week").click()
    await expect(show.page.get_by_role("button", name="Move the clock: +1 week")).to_be_enabled()
    assert 7 * 86400 <= show.playground.world.now() - before < 8 * 86400


async def test_an_officer_sits_in_a_group_of_their_own(show: Show) -> None:
    """What is said there is nowhere else on the page until that seat is taken."""
    await show.begun()
    chat = next(chat for chat in show.playground.groups if chat != show.playground.staff_chat)
    staff = show.page.locator("#staff")
    seat = staff.get_by_label("Which member of staff am I")
    await show.playground.api.call("sendMessage", {"chat_id": chat, "text": "For compliance alone."})
    await expect(seat.locator("option").last).to_have_text("Otto in Compliance (1 new)")
    await expect(show.page.get_by_text("For compliance alone.")).to_have_count(0)
    await seat.select_option(label="Otto in Compliance (1 new)")
    await expect(staff.get_by_text("For compliance alone.")).to_be_visible()
    await expect(seat.locator("option").last).to_have_text("Otto in Compliance")
    await seat.select_option(label="Mina")
    await expect(show.page.get_by_text("For compliance alone.")).to_have_count(0)


async def test_a_reply_says_what_it_is_to(show: Show, shots: Path) -> None:
    await show.begun()
    chat = show.playground.staff_chat
    call = {"chat_id": chat, "text": "Why is it refused? Reply to this message."}
    asked = await show.playground.api.call("sendMessage", call)
    question = show.staff.locator("article", has_text="Why is it refused?")
    box = show.staff.get_by_label("Message", exact=True)
    aim = show.staff.get_by_text("Reply to Harbour: Why is it refused?")
    await question.dblclick()
    await expect(aim).to_be_visible()
    await box.press("Escape")
    await expect(aim).to_be_hidden()
    await question.hover()
    await question.get_by_role("button", name="Reply").click()
    await expect(aim).to_be_visible()
    await expect(box).to_be_focused()
    await box.fill("Too dark")
    await show.page.screenshot(path=shots / "playground-reply.png", animations="disabled")
    await box.press("Enter")
    await expect(aim).to_be_hidden()
    await expect(show.staff.locator("article.out .quoted")).to_contain_text("Why is it refused?")
    await box.fill("Thank you")
    await box.press("Enter")
    await expect(show.staff.get_by_text("Thank you")).to_be_visible()
    said = [message.body for message in show.playground.world.chats[chat].messages.values()]
    replied = {
        one["text"]: one.get("reply_to_message", {}).get("message_id") for one in said if "text" in one
    }
    assert (replied["Too dark"], replied["Thank you"]) == (asked["message_id"], None)


async def test_a_deleted_message_vanishes(show: Show) -> None:
    await show.begun()
    seller = show.playground.sellers()[0]
    await show.playground.api.call("deleteMessage", {"chat_id": seller.id, "message_id": 1})
    await expect(show.chat.get_by_text("/start invited")).to_have_count(0)
    await expect(show.chat.get_by_text("In which country")).to_be_visible()


async def test_blocking_puts_a_way_back_in_place_of_the_composer(show: Show) -> None:
    await show.begun()
    await show.chat.get_by_role("button", name="More").click()
    await show.chat.get_by_role("menuitem", name="Block the bot").click()
    await show.chat.get_by_role("button", name="Unblock").click()
    await show.says("back")
    await expect(show.chat.get_by_text("Echo: back")).to_be_visible()
