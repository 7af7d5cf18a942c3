"""The table of methods: each one's parameters, with kinds, and what carries it out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.playground import asking, editing, sending
from handlers.playground.call import Call
from handlers.playground.kinds import (
    Kind,
    array,
    between,
    boolean,
    chat,
    encoded,
    file,
    integer,
    limited,
    string,
    unsupported,
)
from handlers.playground.markups import reply_markup
from handlers.playground.records import (
    ABOVE,
    ACTION,
    ALLOWED,
    CAPTION,
    COMMAND,
    ENTITIES,
    MANNER,
    MEDIA,
    PLACE,
    PREVIEW,
    REACTIONS,
    REPLYING,
    SCOPED,
    SEND,
    TO,
    WHICH,
)


@dataclass(frozen=True, slots=True)
class Method:
    """What a method takes and who does it. A required parameter that lacks is refused in `MISSING`'s words."""

    run: Callable[[Call], Awaitable[Any]]
    required: Mapping[str, Kind] = field(default_factory=dict)
    optional: Mapping[str, Kind] = field(default_factory=dict)


MISSING: Mapping[str, str] = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "video_note": "there is no video note in the request",
    "message_id": "message identifier is not specified",
    "file_id": "file_id not specified",
    "from_chat_id": "chat_id is empty",
    "action": "wrong parameter action in request",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}

METHODS: Mapping[str, Method] = {
    "getMe": Method(asking.get_me),
    "getUpdates": Method(
        asking.get_updates,
        {},
        {"offset": integer, "limit": between(1, 100), "timeout": between(0, 50), "allowed_updates": ALLOWED},
    ),
    "setWebhook": Method(
        asking.set_webhook,
        {"url": string},
        {
            "certificate": unsupported,
            "ip_address": string,
            "max_connections": between(1, 100),
            "allowed_updates": ALLOWED,
            "drop_pending_updates": boolean,
            "secret_token": string,
        },
    ),
    "deleteWebhook": Method(asking.delete_webhook, {}, {"drop_pending_updates": boolean}),
    "getWebhookInfo": Method(asking.get_webhook_info),
    "sendMessage": Method(
        sending.send_message,
        {**TO, "text": string},
        {**SEND, "parse_mode": string, "entities": ENTITIES, "link_preview_options": PREVIEW},
    ),
    "sendPhoto": Method(
        sending.send_photo, {**TO, "photo": file}, {**SEND, **CAPTION, **ABOVE, "has_spoiler": boolean}
    ),
    "sendDocument": Method(
        sending.send_document,
        {**TO, "document": file},
        {**SEND, **CAPTION, "thumbnail": file, "disable_content_type_detection": boolean},
    ),
    "sendVideoNote": Method(
        sending.send_video_note,
        {**TO, "video_note": file},
        {**SEND, "duration": integer, "length": integer, "thumbnail": file},
    ),
    "sendMediaGroup": Method(
        sending.send_media_group,
        {**TO, "media": MEDIA},
        {
            **PLACE,
            **REPLYING,
            "disable_notification": boolean,
            "protect_content": boolean,
            "message_effect_id": string,
        },
    ),
    "copyMessage": Method(
        sending.copy_message,
        {**TO, "from_chat_id": chat, "message_id": integer},
        {
            **CAPTION,
            **ABOVE,
            **MANNER,
            **REPLYING,
            "message_thread_id": integer,
            "direct_messages_topic_id": unsupported,
            "video_start_timestamp": integer,
            "reply_markup": reply_markup,
        },
    ),
    "forwardMessage": Method(
        sending.forward_message,
        {**TO, "from_chat_id": chat, "message_id": integer},
        {
            **MANNER,
            "message_thread_id": integer,
            "direct_messages_topic_id": unsupported,
            "video_start_timestamp": integer,
        },
    ),
    "sendChatAction": Method(
        sending.send_chat_action,
        {**TO, "action": ACTION},
        {"business_connection_id": unsupported, "message_thread_id": integer},
    ),
    "editMessageText": Method(
        editing.edit_message_text,
        {},
        {
            **WHICH,
            "text": string,
            "parse_mode": string,
            "entities": ENTITIES,
            "link_preview_options": PREVIEW,
            "rich_message": unsupported,
        },
    ),
    "editMessageCaption": Method(editing.edit_message_caption, {}, {**WHICH, **CAPTION, **ABOVE}),
    "editMessageReplyMarkup": Method(editing.edit_message_reply_markup, {}, WHICH),
    "deleteMessage": Method(editing.delete_message, {**TO, "message_id": integer}),
    "deleteMessages": Method(editing.delete_messages, {**TO, "message_ids": encoded(array(integer))}),
    "answerCallbackQuery": Method(
        editing.answer_callback_query,
        {"callback_query_id": string},
        {"text": string, "show_alert": boolean, "url": string, "cache_time": integer},
    ),
    "setMessageReaction": Method(
        editing.set_message_reaction,
        {**TO, "message_id": integer},
        {"reaction": REACTIONS, "is_big": boolean},
    ),
    "getFile": Method(asking.get_file, {"file_id": string}),
    "getChat": Method(asking.get_chat, TO),
    "getChatMember": Method(asking.get_chat_member, {**TO, "user_id": integer}),
    "setMyCommands": Method(asking.set_my_commands, {"commands": encoded(array(COMMAND))}, SCOPED),
    "getMyCommands": Method(asking.get_my_commands, {}, SCOPED),
    "deleteMyCommands": Method(asking.delete_my_commands, {}, SCOPED),
    "setMyDescription": Method(
        asking.taken_note, {}, {"description": limited(512), "language_code": limited(2)}
    ),
    "setMyShortDescription": Method(
        asking.taken_note, {}, {"short_description": limited(120), "language_code": limited(2)}
    ),
}
