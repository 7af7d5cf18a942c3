"""The whole product over real HTTP: playground, webhook, desk, database, runner; and Telegram at its worst."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from bot.cli.auto import auto
from bot.cli.demo import AGENT, REVIEWER, Demo, playing
from bot.ports import ALONE, Beside
from bot.settings import Settings
from handlers.jobs.clock import MovableClock
from handlers.playground.trouble import Kind
from tests.world import PASSPORT, START


class OneReading:
    """Whatever is sent reads like this."""

    def __init__(self, evidence: Mapping[str, str]) -> None:
        self.evidence = evidence

    async def read(
        self,
        files: Sequence[bytes],
        hint: str = "",  # noqa: ARG002 - the port's shape
        beside: Beside = ALONE,  # noqa: ARG002 - the port's shape
    ) -> Mapping[str, str]:
        """The same evidence each time."""
        assert all(files)
        return self.evidence

    async def close(self) -> None:
        """Nothing to end."""


COSMETIC = {
    "answerCallbackQuery",
    "editMessageReplyMarkup",
}  # of an update that comes twice, the second may come late


def picture() -> bytes:
    """A grey JPEG."""
    content = io.BytesIO()
    Image.new("RGB", (600, 400), "grey").save(content, "JPEG")
    return content.getvalue()


@asynccontextmanager
async def product(home: Path, evidence: Mapping[str, str] = PASSPORT) -> AsyncIterator[Demo]:
    """Everything but the real readers, on a clock that starts on a weekday morning."""
    settings = Settings(kyc_home=home)
    async with playing(settings, MovableClock(START), OneReading(evidence)) as demo:
        yield demo
        assert {method for method, _ in demo.playground.api.refusals} <= COSMETIC


async def test_a_seller_is_approved_a_reminder_is_sent_and_an_expired_document_is_asked_for_again(
    tmp_path: Path,
) -> None:
    lines: list[str] = []
    await auto(Settings(kyc_home=tmp_path), None, lines.append)
    told = "\n".join(lines)
    for words in (
        "Still there?",
        "I understand",
        "I cannot see a document",
        "You can sell",
        "ran out on",
        "our team",
    ):
        assert words in told


TROUBLES = [
    (Kind.DUPLICATE_UPDATE, ""),
    (Kind.SERVER_ERROR, ""),
    (Kind.TOO_MANY, ""),
    (Kind.TIMEOUT_AFTER_DELIVERY, ""),
]


@pytest.mark.parametrize(("kind", "method"), TROUBLES, ids=[kind.value for kind, _ in TROUBLES])
async def test_whatever_telegram_does_the_seller_ends_approved(
    kind: Kind, method: str, tmp_path: Path
) -> None:
    async with product(tmp_path) as demo:
        seller = demo.playground.seller("Ada")
        steps = (
            (lambda: seller.says("/start"), "Is that all right"),
            (lambda: seller.taps("I agree"), "Which country"),
            (lambda: seller.says("Germany"), "Who will be selling"),
            (lambda: seller.taps("I sell as a private person"), "identity document"),
            (lambda: seller.photo(picture()), "is fine"),
            (lambda: seller.taps("Share my phone number"), "This is what I read"),
            (lambda: seller.taps("All correct"), "e-mail"),
            (lambda: seller.says("ada@example.org"), "Where do you live"),
            (lambda: seller.says("12 Main Street, 10115 Berlin"), "shop called"),
            (lambda: seller.says("Ada's Cameras"), "What do you sell"),
            (lambda: seller.taps("Electronics"), "buyers live"),
            (lambda: seller.taps("Worldwide"), "How will buyers pay"),
            (lambda: seller.says("card"), "For how much"),
            (lambda: seller.taps("Up to 1,000"), "Which bank account"),
            (lambda: seller.says("DE89 3704 0044 0532 0130 00"), "Whose account"),
            (lambda: seller.taps("It is mine"), "public office"),
            (lambda: seller.taps("No"), "You can sell"),
        )
        for act, words in steps:
            demo.playground.trouble(kind, 1, method, seconds=0.1)
            await act()
            if words == "is fine":
                await demo.playground.advance(timedelta(minutes=5))
            await seller.hears(words)
        case = await demo.built.storage.register.case_of(f"tg:{seller.person.id}")
        assert case
        assert not (await demo.built.storage.audit()).broken


async def test_a_seller_who_cannot_press_for_staff_and_an_agent_who_may_not(tmp_path: Path) -> None:
    async with product(tmp_path, {**PASSPORT, "mrz_valid": "false"}) as demo:
        seller = demo.playground.seller("Ada")
        await seller.says("/start")
        await seller.hears("Is that all right")
        await seller.taps("I agree")
        await seller.hears("Which country")
        await seller.says("Germany")
        await seller.hears("Who will be selling")
        await seller.taps("I sell as a private person")
        await seller.hears("identity document")
        agent, reviewer = (demo.playground.staff_member(person.id) for person in (AGENT, REVIEWER))
        await seller.photo(picture())
        await seller.hears("A person will look")
        await agent.hears("needs a person")
        tap = await agent.taps("Accept: Identity document")
        await agent.answer(tap)
        case = await demo.built.storage.register.case_of(f"tg:{seller.person.id}")
        assert case
        history = (await demo.built.storage.cases.load(case)).history
        assert not any(type(record).__name__ == "Ruling" for record in history)
        await reviewer.taps("Accept: Identity document")
        await seller.hears("is fine")


HOSTILE = [
    "<b>bold</b>",
    "x" * 4096,
    "\u202e" * 50,
    "\U0001f600" * 500,
    "/start payload",
    "' OR 1=1 --",
    "{{ 7 * 7 }}",
    "\x00",
]


async def test_hostile_words_get_an_answer_and_the_same_question(tmp_path: Path) -> None:
    async with product(tmp_path) as demo:
        seller = demo.playground.seller("Eve")
        await seller.says("/start")
        await seller.hears("Is that all right")
        await seller.taps("I agree")
        await seller.hears("Which country")
        for words in HOSTILE:
            await seller.says(words)
            await seller.hears("Which country")
