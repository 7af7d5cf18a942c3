"""The acts of the page: what each takes from a request, and the hand that does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from handlers.playground.acts import Hand, ImpossibleError
from handlers.playground.kinds import Upload, boolean, integer, number
from handlers.playground.refusal import Json

Args = Mapping[str, Any]


def _say(hand: Hand, args: Args) -> Json:
    return {"message_id": hand.say(str(args["text"]), integer(args.get("reply_to", 0)))}


def _tap(hand: Hand, args: Args) -> Json:
    return {"callback_id": hand.tap(integer(args["message_id"]), str(args["data"]))}


def _contact(hand: Hand, args: Args) -> Json:
    return {"message_id": hand.share_contact(str(args.get("phone", "")), str(args.get("name", "")))}


async def _photos(hand: Hand, args: Args) -> Json:
    return {
        "message_ids": await hand.send_photos(
            [file.content for file in _uploads(args)], str(args.get("caption", ""))
        )
    }


async def _document(hand: Hand, args: Args) -> Json:
    caption = str(args.get("caption", ""))
    return {
        "message_ids": [
            await hand.send_document(file.content, file.name, file.mime, caption) for file in _uploads(args)
        ]
    }


def _video_note(hand: Hand, args: Args) -> Json:
    duration = round(number(args.get("duration", 0)))
    return {"message_ids": [hand.send_video_note(file.content, duration) for file in _uploads(args)]}


def _voice(hand: Hand, args: Args) -> Json:
    return {
        "message_ids": [
            hand.send_voice(file.content, round(number(args.get("duration", 0)))) for file in _uploads(args)
        ]
    }


def _sticker(hand: Hand, args: Args) -> Json:
    return {"message_id": hand.send_sticker(str(args.get("emoji", "\N{THUMBS UP SIGN}")))}


def _location(hand: Hand, args: Args) -> Json:
    return {"message_id": hand.send_location(number(args["latitude"]), number(args["longitude"]))}


def _forward(hand: Hand, args: Args) -> Json:
    return {"message_id": hand.forward(str(args["text"]), str(args.get("author", "Somebody")))}


def _edit(hand: Hand, args: Args) -> Json:
    hand.edit(integer(args["message_id"]), str(args["text"]))
    return {}


def _block(hand: Hand, args: Args) -> Json:
    hand.block(boolean(args.get("blocked", True)))
    return {}


def _clear(hand: Hand, _args: Args) -> Json:
    hand.clear()
    return {}


ACTS: Mapping[str, Callable[[Hand, Args], Json | Awaitable[Json]]] = {
    "says": _say,
    "taps": _tap,
    "contact": _contact,
    "photos": _photos,
    "document": _document,
    "video_note": _video_note,
    "voice": _voice,
    "sticker": _sticker,
    "location": _location,
    "forward": _forward,
    "edits": _edit,
    "blocks": _block,
    "clears": _clear,
}


def _uploads(args: Args) -> list[Upload]:
    """The files of a form, in order: file, file1, file2 ..."""
    files = [value for value in args.values() if isinstance(value, Upload)]
    if not files:
        raise ImpossibleError("no file was chosen")
    return files
