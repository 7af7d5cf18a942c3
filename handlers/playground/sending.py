"""Methods that put messages into chats."""

from __future__ import annotations

import asyncio
from typing import Any

from handlers.playground.call import Call, captioned, worded
from handlers.playground.files import File, NotAPictureError, described, pictures, thumbnail
from handlers.playground.kinds import Upload
from handlers.playground.refusal import Json, RefusedError, bad
from handlers.playground.world import Chat

PHOTO_BYTES = 10 * 1024 * 1024
UPLOAD_BYTES = 50 * 1024 * 1024
ALBUM = 10


async def send_message(call: Call) -> Json:
    return _send(call, call.open_chat(), worded(call.args))


async def send_photo(call: Call) -> Json:
    chat, caption = call.open_chat(), captioned(call.args)
    return _send(call, chat, await _photo(call, call.get("photo")) | caption)


async def send_document(call: Call) -> Json:
    chat, caption = call.open_chat(), captioned(call.args)
    return _send(call, chat, await _document(call, call.get("document")) | caption)


async def send_video_note(call: Call) -> Json:
    chat = call.open_chat()
    given = call.uploaded(call.get("video_note"))
    file = (
        given
        if isinstance(given, File)
        else call.world.files.keep("video_notes", given.content, "note.mp4", "video/mp4")
    )
    size = {"length": call.get("length") or 384, "duration": call.get("duration") or 0}
    return _send(call, chat, {"video_note": described(file) | size})


async def send_media_group(call: Call) -> list[Json]:
    """All or none: every item is read before the first message appears."""
    chat, media = call.open_chat(), call.get("media")
    if not media:
        raise bad("there are no messages to send")
    if len(media) > ALBUM:
        raise bad("too many messages to send as an album")
    if len({item["type"] for item in media}) > 1:
        raise bad("document can't be mixed with other media types")
    make = _photo if media[0]["type"] == "photo" else _document
    contents = [await make(call, item["media"]) | captioned(item) for item in media]
    group = {"media_group_id": call.world.new_album()} if len(media) > 1 else {}
    return [_send(call, chat, content | group) for content in contents]


async def copy_message(call: Call) -> Json:
    chat, message = call.open_chat(), call.message(call.chat("from_chat_id"), "copy")
    kept = (
        "text",
        "entities",
        "caption",
        "caption_entities",
        "photo",
        "document",
        "video_note",
        "voice",
        "sticker",
        "location",
        "contact",
    )
    content = {name: message.body[name] for name in kept if name in message.body}
    if "caption" in call.args and "text" not in content:
        content = {k: v for k, v in content.items() if not k.startswith("caption")} | captioned(call.args)
    return {"message_id": _send(call, chat, content)["message_id"]}


async def forward_message(call: Call) -> Json:
    chat, message = call.open_chat(), call.message(call.chat("from_chat_id"), "forward")
    body = message.body
    own = {
        "message_id",
        "from",
        "chat",
        "date",
        "edit_date",
        "reply_markup",
        "reply_to_message",
        "media_group_id",
    }
    origin = {"type": "user", "sender_user": body["from"], "date": body["date"]}
    content = {"forward_origin": origin} | {name: value for name, value in body.items() if name not in own}
    return _send(call, chat, content)


async def send_chat_action(call: Call) -> bool:
    from handlers.playground.feed import Event

    call.world.feed.tell(Event.TYPING, call.open_chat().id, action=call.get("action"))
    return True


def _send(call: Call, chat: Chat, content: Json) -> Json:
    markup = call.get("reply_markup") or {}
    shown = {"reply_markup": markup} if markup.get("inline_keyboard") else {}
    flags = {"has_protected_content": True} if call.get("protect_content") else {}
    message = call.world.post(chat, call.world.bot, content | _replied(call, chat) | shown | flags)
    if "keyboard" in markup or "force_reply" in markup:
        call.world.show_keyboard(chat, markup)
    elif "remove_keyboard" in markup:
        call.world.show_keyboard(chat, None)
    return message.body


def _replied(call: Call, chat: Chat) -> Json:
    reply = call.get("reply_parameters") or {}
    if not reply:
        return {}
    target = chat.messages.get(reply["message_id"])
    if target is None:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")
    return {"reply_to_message": {k: v for k, v in target.body.items() if k != "reply_to_message"}}


async def _photo(call: Call, reference: Any) -> Json:
    given = call.uploaded(reference)
    if isinstance(given, Upload) and len(given.content) > PHOTO_BYTES:
        raise bad("file is too big")
    try:
        sizes = await asyncio.to_thread(pictures, given.content)
    except NotAPictureError:
        raise bad("IMAGE_PROCESS_FAILED") from None
    return {"photo": call.world.files.photo(sizes)}


async def _document(call: Call, reference: Any) -> Json:
    given = call.uploaded(reference)
    if isinstance(given, Upload) and not given.content:
        raise bad("file must be non-empty")
    if isinstance(given, Upload) and len(given.content) > UPLOAD_BYTES:
        raise RefusedError("Request Entity Too Large", 413)
    small = await asyncio.to_thread(thumbnail, given.content)
    return {"document": call.world.files.document(given.content, given.name or "file", given.mime, small)}
