"""The chat page's own HTTP API: what it shows, what people do there, and news as it happens."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from handlers.playground.acts import Hand, ImpossibleError
from handlers.playground.feed import Event, News
from handlers.playground.files import NotAPictureError, thumbnail
from handlers.playground.kinds import Upload, WrongError, integer, number
from handlers.playground.page_acts import ACTS, Args
from handlers.playground.refusal import Json, RefusedError
from handlers.playground.trouble import Trouble
from handlers.playground.wire import parameters
from handlers.playground.world import Chat, Message

if TYPE_CHECKING:
    from handlers.playground.server import Playground

STATIC = Path(__file__).parent / "static"
STEPS: Mapping[str, timedelta] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
BEAT_S = 20.0  # how often an open page hears the time
_SAFE = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Page:
    """The routes under / and /playground/."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._world = playground.world
        self._thumbnails: dict[str, bytes] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.index),
            web.get("/static/{name}", self.static),
            web.get("/playground/state", self.state),
            web.get("/playground/events", self.events),
            web.get("/playground/files/{file_id}", self.file),
            web.get("/playground/specimens/{number}", self.specimen),
            web.post("/playground/people", self.person),
            web.post("/playground/chats/{chat}/{act}", self.act),
            web.post("/playground/happenings/{number}", self.happening),
            web.post("/playground/clock", self.clock),
            web.post("/playground/trouble", self.trouble),
        ]

    async def index(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "index.html", headers=_SAFE)

    async def static(self, request: web.Request) -> web.FileResponse:
        name = request.match_info["name"]
        if not re.fullmatch(r"[a-z_]+\.(css|js|svg)", name) or not (STATIC / name).is_file():
            raise web.HTTPNotFound
        return web.FileResponse(STATIC / name, headers=_SAFE)

    async def state(self, _request: web.Request) -> web.Response:
        """Everything the page shows, at once."""
        world = self._world
        return web.json_response(
            {
                "bot": world.bot,
                "now": world.clock.now().isoformat(),
                "people": [
                    person.user()
                    | {"start": self._playground.start_text(person), "hint": self._playground.hint(person)}
                    for person in self._playground.sellers()
                ],
                "groups": [
                    {"id": chat, "staff": [person.user() for person in members]}
                    for chat, members in self._playground.groups.items()
                ],
                "chats": {str(chat.id): self._chat(chat) for chat in world.chats.values()},
                "specimens": list(self._playground.specimens),
                "happenings": list(self._playground.happenings),
            },
            headers=_SAFE,
        )

    def _chat(self, chat: Chat) -> Json:
        shown = [_shown(message) for message in chat.messages.values() if not message.hidden]
        person = self._world.people.get(chat.id)
        menu = self._world.menu(chat, person.language if person else "")
        return {
            "title": chat.header.get("title", ""),
            "messages": shown,
            "keyboard": chat.keyboard,
            "blocked": chat.blocked,
            "menu": menu,
        }

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: one JSON object each; the time every now and then."""
        response = web.StreamResponse(headers=_SAFE | {"Content-Type": "text/event-stream"})
        follower = self._world.feed.follow()
        try:
            await response.prepare(request)
            await response.write(_sent(News(Event.CLOCK, 0, self._time())))
            while (news := await self._heard(follower)).event is not Event.END:
                await response.write(_sent(news))
        except ConnectionResetError:
            return response  # the page was closed
        finally:
            self._world.feed.leave(follower)
        return response

    async def _heard(self, follower: asyncio.Queue[News]) -> News:
        try:
            async with asyncio.timeout(BEAT_S):
                return await follower.get()
        except TimeoutError:
            return News(Event.CLOCK, 0, self._time())

    def _time(self) -> Json:
        return {"now": self._world.clock.now().isoformat()}

    async def file(self, request: web.Request) -> web.Response:
        file = self._world.files.by_id(request.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound
        shown = file.mime.startswith(("image/jpeg", "image/png", "image/webp", "video/", "audio/"))
        place = (
            {}
            if shown
            else {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name or 'file')}"}
        )
        return web.Response(
            body=file.content, content_type=file.mime or "application/octet-stream", headers=_SAFE | place
        )

    async def specimen(self, request: web.Request) -> web.Response:
        """A small picture of a specimen, or (?full=1) its bytes."""
        name, content = await self._specimen(request.match_info["number"])
        if request.query.get("full"):
            return web.Response(body=content, headers=_SAFE | {"X-Name": quote(name)})
        if name not in self._thumbnails:
            small = await asyncio.to_thread(thumbnail, content)
            self._thumbnails[name] = small.content if small else b""
        if not self._thumbnails[name]:
            return web.Response(
                body=(STATIC / "paper.svg").read_bytes(), content_type="image/svg+xml", headers=_SAFE
            )
        return web.Response(body=self._thumbnails[name], content_type="image/jpeg", headers=_SAFE)

    async def _specimen(self, number: str) -> tuple[str, bytes]:
        names = list(self._playground.specimens)
        if not number.isdigit() or int(number) >= len(names):
            raise web.HTTPNotFound
        name = names[int(number)]
        return name, await self._playground.specimen(name)

    async def person(self, request: web.Request) -> web.Response:
        args = await parameters(request)
        person = self._playground.arrive(
            str(args.get("first_name", "")), str(args.get("language_code", "en"))
        )
        return web.json_response(person.user())

    async def act(self, request: web.Request) -> web.Response:
        """A person does something in a chat: the table ACTS says what there is."""
        args = await parameters(request)
        act = ACTS.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound
        try:
            if "specimen" in args:
                name, content = await self._specimen(str(args["specimen"]))
                args["file"] = Upload(_file_name(name, content), content)
            outcome = act(self._hand(request, args), args)
            return web.json_response(outcome if isinstance(outcome, dict) else await outcome)
        except (ImpossibleError, NotAPictureError, WrongError, KeyError) as error:
            return web.json_response({"error": str(error)}, status=400)

    def _hand(self, request: web.Request, args: Args) -> Hand:
        person = self._world.people[integer(args["person"])]
        chat = self._world.chats[integer(request.match_info["chat"])]
        if person.id not in chat.members:
            raise ImpossibleError("this person is not in this chat")
        return Hand(self._world, person, chat)

    async def happening(self, request: web.Request) -> web.Response:
        """Something happens to a person outside the chat; answers when it has."""
        labels, number = list(self._playground.happenings), request.match_info["number"]
        if not number.isdigit() or int(number) >= len(labels):
            raise web.HTTPNotFound
        args = await parameters(request)
        try:
            person = self._world.people[integer(args["person"])]
        except (WrongError, KeyError):
            return web.json_response({"error": "nobody is known by that id"}, status=400)
        await self._playground.happenings[labels[int(number)]](person)
        return web.json_response({})

    async def clock(self, request: web.Request) -> web.Response:
        """Move forward by {"by": "hour" | "day" | ...} or {"seconds": n}; answers when all that was due is done."""
        args = await parameters(request)
        try:
            by = STEPS[str(args["by"])] if "by" in args else timedelta(seconds=number(args.get("seconds")))
        except (KeyError, WrongError) as error:
            return web.json_response({"error": str(error)}, status=400)
        await self._playground.advance(by)
        return web.json_response(self._time())

    async def trouble(self, request: web.Request) -> web.Response:
        try:
            self._playground.troubles.ask(Trouble.parsed(await parameters(request)))
        except (ValueError, RefusedError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({})


def _shown(message: Message) -> Json:
    return message.body | {"by_bot": message.by_bot, "read": message.read, "reaction": message.reaction}


def _sent(news: News) -> bytes:
    return b"data: " + json.dumps({"event": news.event, "chat": news.chat, **news.detail}).encode() + b"\n\n"


def _file_name(label: str, content: bytes) -> str:
    """A file's name for a specimen: its label's letters and what its first bytes say it is."""
    kinds = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"%PDF": ".pdf"}
    suffix = next((suffix for start, suffix in kinds.items() if content.startswith(start)), ".bin")
    return re.sub(r"\W+", "_", label).strip("_").lower() + suffix
