"""`demo --auto`: a scripted seller and staff over the real HTTP Bot API; any word that differs fails it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.checks.evidence import sound
from bot.cli.assemble import readers
from bot.cli.demo import REVIEWER, Demo, playing, tray
from bot.cli.voices import DifferentError, Print, Voice
from bot.documents.identity import IDENTITY
from bot.settings import Settings
from handlers.jobs.clock import MovableClock
from handlers.playground.people import SilentError

MONTH = timedelta(days=30)
AHEAD = timedelta(days=200)  # before its expiry a document is sent, so that there is time to remind


async def auto(settings: Settings, photo: Path | None, say: Print) -> None:
    """Play the script. Raises SilentError or DifferentError where anything differs."""
    reader = readers(settings, playing=True)
    try:
        content = await asyncio.to_thread(photo.read_bytes) if photo else None
        reading = sound(await reader.read([content], "identity")) if content else {}
        if content and reading.get("type") not in IDENTITY.accepts:
            raise DifferentError(
                f"{photo} was read as {reading.get('type', 'nothing')}: not an identity document"
            )
        clock = MovableClock(_start(reading))
        async with playing(settings, clock, reader) as here:
            await _script(here, content or tray(clock)["Passport"](), reading, say)
    finally:
        await reader.close()


def _start(reading: Mapping[str, str]) -> datetime:
    """Morning of a day on which the document is still good for a while."""
    today = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
    until = reading.get("expires_on")
    if not until:
        return today
    return min(today, datetime.combine(date.fromisoformat(until) - AHEAD, today.timetz()))


async def _script(here: Demo, passport: bytes, reading: Mapping[str, str], say: Print) -> None:
    staff = Voice("staff", here.playground.staff_member(REVIEWER.id), say)
    await _person(here, staff, passport, reading, say)
    if not reading:
        await _company(here, say)


async def _person(here: Demo, staff: Voice, passport: bytes, reading: Mapping[str, str], say: Print) -> None:
    seller = Voice("seller", here.playground.seller("Ada"), say)
    specimens = tray(here.clock)
    await _hello(here, seller)
    await _wrong_pictures(seller, specimens)
    await seller.sends("the document", passport)
    await _document(seller, staff)
    await _finish(here, seller, staff, reading)
    if reading and "expires_on" not in reading:
        say("        (no expiry could be read from this document: the script ends here)")
        return
    await _years(here, seller, staff)


async def _hello(here: Demo, seller: Voice) -> None:
    await seller.says("/start")
    await seller.hears("Is that all right with you?")
    await seller.taps("I agree")
    await seller.hears("Which country")
    await _passes(here, seller, timedelta(days=1, hours=2))
    await seller.hears("Still there?")
    await seller.says("Kenia")
    await seller.hears("Who will be selling?")
    await seller.taps("I sell as a private person")
    await seller.hears("photo of your identity document")


async def _wrong_pictures(seller: Voice, specimens: Mapping[str, Callable[[], bytes]]) -> None:
    await seller.sends("an expired driving licence", specimens["Expired driving licence"]())
    await seller.hears("ran out on")
    await seller.says("But it's my license! I'm still driving!")
    await seller.hears("I understand")
    await seller.sends("a brush-stroke", specimens["Brush-stroke"]())
    await seller.hears("I cannot see a document")


async def _document(seller: Voice, staff: Voice) -> None:
    """A machine that is not sure asks a person; either way the seller hears that it is fine."""
    heard = await seller.hears("is fine", "A person will look")
    if "A person will look" in heard.text:
        await staff.hears("Please look")
        await staff.taps("Accept: Identity document")
        await seller.hears("is fine")


async def _finish(here: Demo, seller: Voice, staff: Voice, reading: Mapping[str, str]) -> None:
    name = f"{reading.get('given_names', '')} {reading.get('surname', '')}".strip() or "Ada Lovelace"
    await seller.shares_phone()
    await _answers(seller, USUAL | {"full name": name, "When were you born": reading.get("birth_date", BORN)})
    await seller.sends("a utility bill", _bill(here, name))
    await seller.hears("May I compare your face")
    await seller.taps("No, let a person check")
    await seller.hears("A person looks at it now", "is fine, thank you", "A person will look")
    await _approve(staff)
    await seller.hears("You can sell")


BORN = "10 December 1990"
USUAL = {
    "This is what I read": "[All correct]",
    "What is your nationality": "British",
    "name written in your own script": "Ada Lovelace",
    "e-mail address": "ada@example.org",
    "Where do you live?": "12 Main Street, 00100 Nairobi",
    "shop called": "Ada's Cameras",
    "its web address": "[I have none yet]",
    "What do you sell?": "[Electronics]",
    "describe your products": "second-hand cameras",
    "Where do your buyers live?": "[Worldwide]",
    "How will buyers pay you?": "[Bank transfer]",
    "pay tax?": "Germany",
    "tax number?": "36574261809",
    "For how much": "[Up to 1,000]",
    "Which bank account": "532 0130 0088",
    "Whose account is it?": "[It is mine]",
    "high public office": "[No]",
    "a declaration": "[I declare this]",
}


async def _answers(seller: Voice, said: Mapping[str, str], until: str = "utility bill") -> None:
    """Whatever is asked, in whatever order, up to what holds the words `until`."""
    before = ""
    while True:
        heard = await seller.hears(until, *said)
        if until in heard.text:
            return
        question = max(said, key=heard.text.rfind)  # what was heard comes before what is asked
        if question == before:
            raise DifferentError(f"«{said[question]}» was no answer to «{question}»")
        before = question
        answer = said[question]
        await (seller.taps(answer.strip("[]")) if answer.startswith("[") else seller.says(answer))
        if question == "How will buyers pay you?":
            await seller.settles("That is all")


def _bill(here: Demo, name: str) -> bytes:
    from bot.readers import specimens

    issued = here.clock.now().date() - timedelta(days=20)
    return specimens.utility_bill(name=name, address="12 Main Street, 00100 Nairobi", issued_on=issued)


async def _approve(staff: Voice) -> None:
    """Accept whatever the machine was not sure of, as it comes up, until the case can be approved."""
    while True:
        card = await staff.hears("Please decide", "Please look")
        labels = [label for row in card.buttons for label in row]
        if "Approve" in labels:
            break
        for label in [label for label in labels if label.startswith("Accept: ")][:1]:
            await staff.taps(label)
    await staff.taps("Approve")
    await staff.hears("Approved by")


async def _years(here: Demo, seller: Voice, staff: Voice) -> None:
    """Time passes until the document has run out: reviews, notices before, the question after, and staff's reminder."""
    seller.say("        ... years pass, month by month ...")
    before = len(seller.person.messages)
    for _ in range(12 * 12):
        await here.playground.advance(MONTH)
        if any("ran out on" in message.text for message in seller.person.messages[before:]):
            break
        if "Is all of this still right?" in seller.person.messages[-1].text:
            await seller.taps("Yes, all is right")
            await seller.hears("all stays as it is")
    await seller.hears("runs out on")
    await seller.hears("ran out on")
    await staff.taps("Remind the seller")
    await seller.hears("reminder from our team")


async def _company(here: Demo, say: Print) -> None:
    """A company that works online only, with two owners, one of them the person who writes."""
    seller, specimens = Voice("company", here.playground.seller("Grace"), say), tray(here.clock)
    await seller.says("/start")
    await _answers(seller, COMPANY, "photo of your identity document")
    await seller.sends("her passport", specimens["Passport"]())
    await seller.hears("is fine")
    await seller.shares_phone()
    await _answers(seller, USUAL | COMPANY, "register extract")
    await seller.sends("the register extract", specimens["Register extract"]())
    await _answers(seller, USUAL | COMPANY, "identity document of Charles")
    await seller.sends("his passport", specimens["Passport of Charles Babbage"]())
    await _answers(seller, USUAL | COMPANY, "You can sell")


COMPANY = {
    "Is that all right with you?": "[I agree]",
    "Which country": "Germany",
    "Who will be selling?": "[A company sells]",
    "your part in the company": "[I am a director]",
    "full legal name": "Analytical Engines GmbH",
    "In which country is the company registered?": "[Germany]",
    "company's number in the register": "HRB 11223 Aachen",
    "What kind of company": "GmbH",
    "registered address": "12 Main Street, 10115 Berlin",
    "have premises": "[No, it works online only]",
    "Who owns 25 %": "[I do, ADA LOVELACE]",
    "ADA LOVELACE\n\nDoes anybody else": "Charles Babbage",
    "Charles Babbage\n\nDoes anybody else": "[That is everybody]",
    "does ADA LOVELACE own": "60 %",
    "does Charles Babbage own": "40",
    "Which bank account": "DE89 3704 0044 0532 0130 00",
    "Whose account is it?": "[It is the company's]",
}


async def _passes(here: Demo, seller: Voice, by: timedelta) -> None:
    seller.say(f"        ... {by.days} days pass ...")
    await here.playground.advance(by)


__all__ = ["DifferentError", "SilentError", "auto"]
