"""Real pictures through the chat itself: a passport, a barcode, portraits and a clip, read by the real readers."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.assemble import readers
from bot.cli.demo import REVIEWER, playing
from bot.settings import Settings
from handlers.jobs.clock import MovableClock

SPECIMENS = Path(os.environ.get("KYC_SPECIMENS", "nowhere"))
MODELS = Path(__file__).parent.parent / "var" / "models"
PASSPORT = SPECIMENS / "mrz" / "doubango__assets__images__Passport-Australia_1280x720.jpg"
PATIENCE = 60.0
SHOP = (
    ("e-mail", "ada@example.org"),
    ("Where do you live", "12 Main Street, 00100 Nairobi"),
    ("shop called", "Ada's Cameras"),
    ("What do you sell", "[Electronics]"),
    ("buyers live", "[In Europe]"),
    ("How will buyers pay", "card"),
    ("For how much", "[Up to 1,000]"),
    ("Which bank account", "0123 4567 8901"),
    ("Whose account", "[It is mine]"),
    ("public office", "[No]"),
    ("utility bill", "[I have none of these]"),
    ("May I compare your face", "[Yes, compare my face]"),
)

pytestmark = [
    pytest.mark.skipif(not PASSPORT.exists(), reason="KYC_SPECIMENS names no folder with real pictures"),
    pytest.mark.skipif(not (MODELS / "face_landmark.tflite").exists(), reason="`models fetch` has not run"),
]


async def test_real_pictures_are_read_in_the_chat(tmp_path: Path) -> None:
    (tmp_path / "models").symlink_to(MODELS)
    settings = Settings(kyc_home=tmp_path, reader_seconds=60)
    reader = readers(settings.model_copy(update={"kyc_home": tmp_path / "demo"}))
    try:
        async with playing(settings, MovableClock(datetime(2016, 3, 1, 10, tzinfo=UTC)), reader) as demo:
            seller = demo.playground.seller("Ada")
            staff = demo.playground.staff_member(REVIEWER.id)
            for said, asked in (
                ("/start", "Is that all right"),
                ("[I agree]", "Which country"),
                ("Kenya", "Who will"),
            ):
                await (seller.taps(said[1:-1]) if said.startswith("[") else seller.says(said))
                await seller.hears(asked)
            await seller.taps("I sell as a private person")
            await seller.hears("photo of your identity document")
            await seller.photo((SPECIMENS / "pdf417" / "pdf417-2__01.webp").read_bytes())
            await seller.hears("lease send another photo", PATIENCE)
            await seller.photo(PASSPORT.read_bytes())
            heard = await seller.hears("our passport", PATIENCE)
            if "A person will look" in heard.text:
                await staff.hears("Please look")
                await staff.taps("Accept: Identity document")
                await seller.hears("is fine")
            await seller.taps("Share my phone number")
            await seller.hears("CITIZEN")
            await seller.taps("All correct")
            for asked, answer in SHOP:
                await seller.hears(asked)
                await (seller.taps(answer[1:-1]) if answer.startswith("[") else seller.says(answer))
            await seller.hears("Please send a selfie")
            faces = SPECIMENS / "faces"
            await seller.photo((faces / "two_people.jpg").read_bytes())
            await seller.hears("more than one face", PATIENCE)
            await seller.photo((faces / "obama.jpg").read_bytes())
            await seller.hears("could not match this face", PATIENCE)
            await seller.photo((faces / "obama2.jpg").read_bytes())
            await seller.hears("A person will look at your selfie", PATIENCE)
            await seller.taps("I am ready")
            await seller.hears("to your own")
            seller.hand.send_video_note((faces / "short_hamilton_clip.mp4").read_bytes(), 8)
            await seller.hears("Got it")
            heard = await seller.next(PATIENCE)
            while "round video" not in heard.text:
                heard = await seller.next(PATIENCE)
            assert "I do not see your face all the time" in heard.text  # a stage with others on it
    finally:
        await reader.close()
