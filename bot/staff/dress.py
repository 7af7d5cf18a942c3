"""What a message to staff gets from the settings before it is stored: names of colleagues, the console's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.model import CaseId
from bot.ports import Button, Message, Say

PEOPLE = ("by", "held", "again")  # arguments that are a member of staff


def dressed(message: Message, case: CaseId, names: Mapping[str, str], console: str) -> Message:
    """A card says who by name and, where there is a console, opens the case in it. Others are left as they are."""
    if message.to == "seller":
        return message
    says = tuple(_named(say, names) for say in message.says)
    url = f"{console.rstrip('/')}/cases/{case}"
    opens = ((Button("card.button.console", "", url=url),),) if console and message.slot == "card" else ()
    return replace(message, says=says, buttons=(*message.buttons, *opens))


def _named(say: Say, names: Mapping[str, str]) -> Say:
    called = {arg: names[who] for arg in PEOPLE if (who := say.args.get(arg, "")) in names}
    return Say(say.key, {**say.args, **called}) if called else say
