"""`demo --auto`: a scripted seller and staff over the real HTTP Bot API; any word that differs fails it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.checks.evidence import sound
from bot.cli.assemble import readers
from bot.cli.demo import REVIEWER, Demo, playing, tray
from bot.documents.identity import IDENTITY
from bot.settings import Settings
from handlers.jobs.clock import MovableClock
from handlers.playground.acts import ImpossibleError
from handlers.playground.people import Participant, Seen, SilentError

PATIENCE = 20.0  # seconds for one answer: a picture is read in one to three
AHEAD = timedelta(days=200)  # before its expiry a document is sent, so that there is time to remind

Print = Callable[[str], None]


class DifferentError(Exception):
    """The conversation went another way than the script."""


@dataclass
class Voice:
    """One person's side of the script, printed as it happens."""

    name: str
    person: Participant
    say: Print

    async def says(self, text: str) -> None:
        """Type."""
        self.say(f"{self.name}> {text}")
        await self.person.says(text)

    async def taps(self, label: str) -> None:
        """Press the newest button with this label."""
        self.say(f"{self.name}> [{label}]")
        try:
            await self.person.taps(label)
        except ImpossibleError as error:
            raise DifferentError(str(error)) from None

    async def sends(self, what: str, content: bytes) -> None:
        """Send a photo."""
        self.say(f"{self.name}> ({what})")
        await self.person.photo(content)

    async def hears(self, *any_of: str) -> Seen:
        """The next message that holds one of these; all before it are printed too. Raises SilentError."""
        while True:
            message = await self.person.next(PATIENCE)
            if message.edited and self.name == "seller":
                continue  # a tapped button got its mark
            self.say(
                "\n".join(
                    f"{'    ' if n else f'{self.name}< '}{line}" for n, line in enumerate(_lines(message))
                )
            )
            if any(words in message.text for words in any_of):
                return message


def _lines(message: Seen) -> list[str]:
    rows = ["  ".join(f"[{label}]" for label in row) for row in message.buttons]
    return [line for line in message.text.splitlines() if line.strip()] + rows


async def auto(settings: Settings, photo: Path | None, say: Print) -> None:
    """Play the script. Raises SilentError or DifferentError where anything differs."""
    reader = readers(settings)
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
    seller = Voice("seller", here.playground.seller("Ada"), say)
    staff = Voice("staff", here.playground.staff_member(REVIEWER.id), say)
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
        await staff.hears("needs a person")
        await staff.taps("Accept: Identity document")
        await seller.hears("is fine")


async def _finish(here: Demo, seller: Voice, staff: Voice, reading: Mapping[str, str]) -> None:
    seller.say("seller> (shares the phone number)")
    await seller.person.taps("Share my phone number")
    heard = await seller.hears("This is what I read", "type your full name")
    name = f"{reading.get('given_names', '')} {reading.get('surname', '')}".strip() or "Ada Lovelace"
    if "This is what I read" in heard.text:
        await seller.taps("All correct")
    else:
        await seller.says(name)
        await seller.hears("When were you born?")
        await seller.says(reading.get("birth_date", "10 December 1990"))
    await seller.hears("Where do you live?")
    await seller.says("12 Main Street, 00100 Nairobi")
    await seller.hears("utility bill")
    await seller.sends("a utility bill", _bill(here, name))
    await seller.hears("A person looks at it now", "is fine, thank you", "A person will look")
    await _approve(staff)
    await seller.hears("You can sell")


def _bill(here: Demo, name: str) -> bytes:
    from bot.readers import specimens

    issued = here.clock.now().date() - timedelta(days=20)
    return specimens.utility_bill(name=name, address="12 Main Street, 00100 Nairobi", issued_on=issued)


async def _approve(staff: Voice) -> None:
    """Accept whatever the machine was not sure of, as it comes up, until the case can be approved."""
    while True:
        card = await staff.hears("for you to look at")
        labels = [label for row in card.buttons for label in row]
        if "Approve" in labels:
            break
        for label in [label for label in labels if label.startswith("Accept: ")][:1]:
            await staff.taps(label)
    await staff.taps("Approve")
    await staff.hears("Approved by")


async def _years(here: Demo, seller: Voice, staff: Voice) -> None:
    """Time passes until the document has run out: notices before, the question after, and staff's own reminder."""
    await _passes(here, seller, timedelta(days=365 * 11))
    await seller.hears("runs out on")
    await seller.hears("ran out on")
    await staff.taps("Remind the seller")
    await seller.hears("reminder from our team")


async def _passes(here: Demo, seller: Voice, by: timedelta) -> None:
    seller.say(f"        ... {by.days} days pass ...")
    await here.playground.advance(by)


__all__ = ["DifferentError", "SilentError", "auto"]
