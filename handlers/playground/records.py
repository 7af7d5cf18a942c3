"""The objects that parameters hold, and the sets of parameters that methods share."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.playground.kinds import (
    Kind,
    array,
    boolean,
    chat,
    encoded,
    integer,
    limited,
    one_of,
    record,
    string,
    tagged,
    unsupported,
)
from handlers.playground.markups import inline_markup, reply_markup
from handlers.playground.updates import KINDS

ENTITY = record(
    {"type": string, "offset": integer, "length": integer},
    {
        "url": string,
        "user": unsupported,
        "language": string,
        "custom_emoji_id": string,
        "unix_time": integer,
        "date_time_format": string,
    },
)
ENTITIES = encoded(array(ENTITY))
PREVIEW = encoded(
    record(
        {},
        {
            "is_disabled": boolean,
            "url": string,
            "prefer_small_media": boolean,
            "prefer_large_media": boolean,
            "show_above_text": boolean,
        },
    )
)
REPLY = encoded(
    record(
        {"message_id": integer},
        {
            "chat_id": chat,
            "allow_sending_without_reply": boolean,
            "quote": string,
            "quote_parse_mode": string,
            "quote_entities": array(ENTITY),
            "quote_position": integer,
            "checklist_task_id": integer,
            "poll_option_id": string,
            "ephemeral_message_id": integer,
        },
    )
)
CAPTION: Mapping[str, Kind] = {"caption": string, "parse_mode": string, "caption_entities": ENTITIES}
ABOVE: Mapping[str, Kind] = {"show_caption_above_media": boolean}
_MEDIA_PHOTO = record({"type": string, "media": string}, {**CAPTION, **ABOVE, "has_spoiler": boolean})
_MEDIA_DOCUMENT = record(
    {"type": string, "media": string},
    {**CAPTION, "thumbnail": string, "disable_content_type_detection": boolean},
)
MEDIA = encoded(array(tagged("type", {"photo": _MEDIA_PHOTO, "document": _MEDIA_DOCUMENT})))
REACTIONS = encoded(array(tagged("type", {"emoji": record({"type": string, "emoji": string}, {})})))
COMMAND = record(
    {"command": limited(32, r"[a-z0-9_]+"), "description": limited(256)},
    {"is_ephemeral": boolean},
)
_PLAIN_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
SCOPE = encoded(
    tagged(
        "type",
        {name: record({"type": string}, {}) for name in _PLAIN_SCOPES}
        | {name: record({"type": string, "chat_id": chat}, {}) for name in ("chat", "chat_administrators")}
        | {"chat_member": record({"type": string, "chat_id": chat, "user_id": integer}, {})},
    )
)
ACTION = one_of(
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)
ALLOWED = encoded(array(one_of(*sorted(KINDS))))

PLACE: Mapping[str, Kind] = {
    "business_connection_id": unsupported,
    "message_thread_id": integer,
    "direct_messages_topic_id": unsupported,
}
MANNER: Mapping[str, Kind] = {
    "disable_notification": boolean,
    "protect_content": boolean,
    "message_effect_id": string,
    "suggested_post_parameters": unsupported,
}
REPLYING: Mapping[str, Kind] = {"allow_paid_broadcast": boolean, "reply_parameters": REPLY}
EPHEMERAL: Mapping[str, Kind] = {
    "ephemeral_message_parameters": unsupported,
    "receiver_user_id": unsupported,
    "callback_query_id": unsupported,
}
SEND: Mapping[str, Kind] = {**PLACE, **MANNER, **REPLYING, **EPHEMERAL, "reply_markup": reply_markup}
WHICH: Mapping[str, Kind] = {
    "business_connection_id": unsupported,
    "chat_id": chat,
    "message_id": integer,
    "inline_message_id": string,
    "reply_markup": inline_markup,
}
SCOPED: Mapping[str, Kind] = {"scope": SCOPE, "language_code": limited(2)}
TO: Mapping[str, Kind] = {"chat_id": chat}
