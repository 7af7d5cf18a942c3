"""What a person can do in a chat; each becomes a message there and an update for the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.playground.entities import with_found
from handlers.playground.feed import Event
from handlers.playground.files import described, pictures, thumbnail
from handlers.playground.refusal import Json
from handlers.playground.world import Chat, Message, Person, World


class ImpossibleError(ValueError):
    """No app would let a person do this here and now."""


@dataclass(frozen=True, slots=True)
class Hand:
    """A person at a chat."""

    world: World
    person: Person
    chat: Chat

    def say(self, text: str, reply_to: int = 0) -> int:
        """Send text (at most 4096 characters, as apps cut it there); gives the message's id."""
        if not text.strip() or len(text) > 4096:
            raise ImpossibleError("a message has 1 to 4096 characters")
        return self._send(_texted(text.strip()) | (self._replying(reply_to) if reply_to else {}))

    def send(self, content: Json, *, forwarded: bool = False) -> int:
        """Anything else that apps send, by the Bot API's fields of a message: dice, venue, story ..."""
        return self._send(content | (self._forwarded() if forwarded else {}))

    def share_contact(self, phone: str = "", name: str = "", user_id: int = 0) -> int:
        """One's own number, or (with `phone`) somebody else's card: with their id where they are on Telegram."""
        own = {
            "phone_number": self.person.phone,
            "first_name": self.person.first_name,
            "user_id": self.person.id,
        }
        other: Json = {"phone_number": phone, "first_name": name or "Somebody"}
        other |= {"user_id": user_id} if user_id else {}
        return self._send({"contact": other if phone else own})

    async def send_photos(
        self, contents: Sequence[bytes], caption: str = "", *, forwarded: bool = False
    ) -> list[int]:
        """Photos as an app sends them: JPEG, at most 1280 pixels; several are an album of separate messages."""
        sized = [await asyncio.to_thread(pictures, content) for content in contents]
        group = self._album(len(sized)) | (self._forwarded() if forwarded else {})
        captions = [caption] + [""] * (len(sized) - 1)
        return [
            self._send({"photo": self.world.files.photo(sizes)} | group | _captioned(words))
            for sizes, words in zip(sized, captions, strict=True)
        ]

    async def send_document(self, content: bytes, name: str, mime: str = "", caption: str = "") -> int:
        """A file, every byte kept."""
        return self._send(await self._document(content, name, mime) | _captioned(caption))

    async def send_documents(self, named: Sequence[tuple[str, bytes]]) -> list[int]:
        """Several files at once, (name, bytes) each: an album of separate messages."""
        documents = [await self._document(content, name) for name, content in named]
        group = self._album(len(documents))
        return [self._send(document | group) for document in documents]

    async def _document(self, content: bytes, name: str, mime: str = "") -> Json:
        small = await asyncio.to_thread(thumbnail, content)
        return {"document": self.world.files.document(content, name, mime, small)}

    def _album(self, size: int) -> Json:
        return {"media_group_id": self.world.new_album()} if size > 1 else {}

    def send_video_note(self, content: bytes, duration: int = 0, *, forwarded: bool = False) -> int:
        file = self.world.files.keep("video_notes", content, "note.mp4", "video/mp4")
        note = {"video_note": described(file) | {"length": 384, "duration": duration}}
        return self._send(note | (self._forwarded() if forwarded else {}))

    def send_voice(self, content: bytes, duration: int = 0) -> int:
        file = self.world.files.keep("voice", content, "voice.oga", "audio/ogg")
        return self._send({"voice": described(file) | {"duration": duration, "mime_type": "audio/ogg"}})

    def send_sticker(self, emoji: str = "\N{THUMBS UP SIGN}") -> int:
        file = self.world.files.keep("stickers", emoji.encode(), "sticker.webp", "image/webp")
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._send({"sticker": described(file) | shape | {"emoji": emoji}})

    def send_location(self, latitude: float, longitude: float) -> int:
        return self._send({"location": {"latitude": latitude, "longitude": longitude}})

    def forward(self, text: str, author: str = "Somebody") -> int:
        """A message that somebody else wrote, whose account is hidden."""
        return self._send(_texted(text) | self._forwarded(author))

    def edit(self, message_id: int, text: str) -> None:
        """Change one's own text."""
        message = self._message(message_id)
        if message.body["from"]["id"] != self.person.id or "text" not in message.body:
            raise ImpossibleError("only one's own text can be edited")
        content = {"entities": None} | _texted(text) | {"edit_date": self.world.now()}
        self.world.change(self.chat, message, content)
        self._tell_bot("edited_message", message)

    def tap(self, message_id: int, data: str) -> str:
        """Press an inline button; gives the callback query's id."""
        message = self._message(message_id)
        if not any(button.get("callback_data") == data for button in message.buttons):
            raise ImpossibleError("this message has no such button")
        tap = self.world.new_tap(self.person.id, self.chat.id)
        query = {
            "id": tap.id,
            "from": self.person.user(),
            "message": message.body,
            "chat_instance": str(self.chat.id),
            "data": data,
        }
        self.world.updates.add("callback_query", f"taps {self.person.id}", query, chat=self.chat.id)
        return tap.id

    def block(self, blocked: bool = True) -> None:
        """Block the bot, or let it in again."""
        if not self.chat.private or self.chat.blocked == blocked:
            return
        self.chat.blocked = blocked
        self.world.feed.tell(Event.BLOCKED, self.chat.id, blocked=blocked)
        was, now = ("member", "kicked") if blocked else ("kicked", "member")
        change = {"chat": self.chat.header, "from": self.person.user(), "date": self.world.now()}
        change |= {"old_chat_member": self._bot_as(was), "new_chat_member": self._bot_as(now)}
        self.world.updates.add("my_chat_member", f"chat {self.chat.id}", change)

    def clear(self) -> None:
        """Delete the chat on one's own side: it looks empty, the bot's messages live on for the bot."""
        for message in self.chat.messages.values():
            message.hidden = True
        self.world.feed.tell(Event.CLEARED, self.chat.id)

    def _bot_as(self, status: str) -> Json:
        return {"status": status, "user": self.world.bot} | ({"until_date": 0} if status == "kicked" else {})

    def _forwarded(self, author: str = "Somebody") -> Json:
        return {
            "forward_origin": {"type": "hidden_user", "sender_user_name": author, "date": self.world.now()}
        }

    def _replying(self, message_id: int) -> Json:
        """What is replied to, without what that replied to."""
        body = self._message(message_id).body
        return {"reply_to_message": {k: v for k, v in body.items() if k != "reply_to_message"}}

    def _message(self, message_id: int) -> Message:
        message = self.chat.messages.get(message_id)
        if message is None or message.hidden:
            raise ImpossibleError("no such message")
        return message

    def _send(self, content: Json) -> int:
        if self.chat.blocked:
            raise ImpossibleError("the bot is blocked: unblock it first")
        self.chat.started = True
        message = self.world.post(self.chat, self.person.user(), content)
        self._tell_bot("message", message)
        return message.id

    def _tell_bot(self, kind: str, message: Message) -> None:
        body: dict[str, Any] = dict(message.body)
        self.world.updates.add(kind, f"chat {self.chat.id}", body, chat=self.chat.id, message_id=message.id)


def _texted(text: str) -> Json:
    entities = with_found(text, [])
    return {"text": text} | ({"entities": entities} if entities else {})


def _captioned(caption: str) -> Json:
    entities = with_found(caption, [])
    return ({"caption": caption} if caption else {}) | ({"caption_entities": entities} if entities else {})
