"""One call of a method: its arguments, already read, and what it works on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.playground.delivery import Delivery
from handlers.playground.entities import parse_html, units, with_found
from handlers.playground.files import File
from handlers.playground.kinds import Upload
from handlers.playground.refusal import Json, RefusedError, bad
from handlers.playground.world import Chat, Message, World

TEXT_UNITS = 4096
CAPTION_UNITS = 1024


@dataclass(frozen=True, slots=True)
class Call:
    """`args` hold values of the kinds in the method's table; `uploads` the files by part name."""

    world: World
    delivery: Delivery
    args: Json
    uploads: Mapping[str, Upload]

    def get(self, name: str, default: Any = None) -> Any:
        return self.args.get(name, default)

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat named; refuses where there is none."""
        chat = self.world.chats.get(self.args[name]) if name in self.args else None
        if chat is None:
            raise bad("chat not found" if self.args.get(name) else "chat_id is empty")
        return chat

    def open_chat(self, name: str = "chat_id") -> Chat:
        """A chat that the bot may write to."""
        chat = self.chat(name)
        if chat.blocked:
            raise RefusedError("Forbidden: bot was blocked by the user", 403)
        if not chat.started:
            raise RefusedError("Forbidden: bot can't initiate conversation with a user", 403)
        return chat

    def message(self, chat: Chat, purpose: str) -> Message:
        """The message named by message_id; `purpose` stands in Telegram's refusal ("edit", "delete")."""
        if "message_id" not in self.args:
            raise bad("message identifier is not specified")
        message = chat.messages.get(self.args["message_id"])
        if message is None:
            raise bad(f"message to {purpose} not found")
        return message

    def uploaded(self, reference: Upload | str) -> Upload | File:
        """The upload or the stored file that a media parameter names."""
        if isinstance(reference, Upload):
            return reference
        if reference.startswith("attach://"):
            part = self.uploads.get(reference.removeprefix("attach://"))
            if part is None:
                raise bad("can't parse InputMedia: Can't find the attached file")
            return part
        if reference.startswith(("http://", "https://")):
            raise bad("failed to get HTTP URL content")
        file = self.world.files.by_id(reference)
        if file is None:
            raise bad("wrong file identifier/HTTP URL specified")
        return file


def formatted(args: Mapping[str, Any], name: str, entities: str) -> tuple[str, list[Json]]:
    """A text parameter after parse_mode or with its entities; trimmed as Telegram trims it."""
    source, mode = args.get(name) or "", args.get("parse_mode", "")
    if mode and mode.lower() != "html":
        raise bad(
            "unsupported parse_mode"
            if mode.lower() not in {"markdown", "markdownv2"}
            else f"{mode} is not supported by the playground"
        )
    if mode:
        text, found = parse_html(source)
    else:
        text, found = source.strip(), args.get(entities) or []
    if any(one["offset"] < 0 or one["offset"] + one["length"] > units(text) for one in found):
        raise bad("ENTITY_BOUNDS_INVALID")
    return text, with_found(text, found)


def worded(args: Mapping[str, Any]) -> Json:
    """The text of a message. Refuses an empty one and one too long."""
    text, entities = formatted(args, "text", "entities")
    if not text:
        raise bad("message text is empty")
    if units(text) > TEXT_UNITS:
        raise bad("message is too long")
    return {"text": text} | ({"entities": entities} if entities else {})


def captioned(args: Mapping[str, Any]) -> Json:
    text, entities = formatted(args, "caption", "caption_entities")
    if units(text) > CAPTION_UNITS:
        raise bad("message caption is too long")
    if not text:
        return {}
    return {"caption": text} | ({"caption_entities": entities} if entities else {})


async def aside(work: Any, *args: Any) -> Any:
    """Run slow work in a thread."""
    return await asyncio.to_thread(work, *args)
