"""People of a script: what they do and hear is printed as it happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.playground.acts import ImpossibleError
from handlers.playground.people import Participant, Seen

PATIENCE = 20.0  # seconds for one answer: a picture is read in one to three

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

    async def shares_phone(self) -> None:
        """Press Telegram's own contact button."""
        self.say(f"{self.name}> (shares the phone number)")
        await self.person.taps("Share my phone number")

    async def settles(self, label: str) -> None:
        """Press the button that an edit brings."""
        while label not in [each for row in (await self.person.next(PATIENCE)).buttons for each in row]:
            continue
        await self.taps(label)

    async def hears(self, *any_of: str) -> Seen:
        """The next message that holds one of these; all before it are printed too. Raises SilentError."""
        while True:
            message = await self.person.next(PATIENCE)
            if message.edited and self.name != "staff":
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
