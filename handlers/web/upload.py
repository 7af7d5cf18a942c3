"""/u/<token>: a document by HTTPS, in any browser, in pieces or as a plain form; the answer comes in the chat.

A link is good for one answer, and looking at it uses nothing up. What one request may take is bounded here: its time,
its size, how many there are at once; how often one address may ask is the proxy's to say, as are slow headers.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.ports import AwayError, Parcel, StaleError, UnknownError
from bot.uploading import Sight
from bot.uploads import LARGEST, MOST, Door, Link, kind
from handlers.web.upload_page import HEADERS, UploadPage

PIECE = 1024 * 1024  # bytes of one PATCH; the page sends a quarter of that
FORM = MOST * LARGEST + PIECE  # bytes of a whole form
PIECE_SECONDS = 60.0  # a quarter of a megabyte at 4 kB/s, the slowest line that is worth waiting for
FORM_SECONDS = 900.0
STILL_SECONDS = 30.0  # without a byte
CROWD = 64  # requests with a body, at once
SWEEP_SECONDS = 600.0
WHOLE = 2  # uploads that are in memory whole, at once
DIGEST = re.compile(r"[0-9a-f]{64}")
BUSY = 503
FIELD = 70  # bytes of a form's field that names what is kept

_log = logging.getLogger(__name__)


class Uploading(Protocol):
    """The core's door; bot.uploading.Uploading is one."""

    async def see(self, token: str) -> tuple[Sight, Link | None]:
        """What the page shows; no link where nobody here made it."""
        ...

    async def take(self, link: Link, contents: Sequence[bytes]) -> tuple[Parcel, ...]:
        """Raises UnknownError, StaleError, AwayError."""
        ...


class Pieces(Protocol):
    """Uploads under way, by link and name; storage.uploads.Pieces is one."""

    async def size(self, link: str, name: str) -> int:
        """Bytes that are there."""
        ...

    async def add(self, link: str, name: str, at: int, content: bytes, whole: int) -> int | None:
        """The bytes that are there now; None: no room."""
        ...

    async def read(self, link: str, name: str) -> bytes:
        """What is there."""
        ...

    async def drop(self, link: str) -> None:
        """All uploads of a link."""
        ...

    async def sweep(self) -> None:
        """Throw away what nobody went on with."""
        ...


class WrongError(Exception):
    """What came cannot be taken: `problem` names the words, `status` is HTTP's."""

    def __init__(self, problem: str, status: int = 422) -> None:
        super().__init__(problem)
        self.problem, self.status = problem, status


@dataclass
class Upload:
    """The page and its endpoints. `deliver` sends what the chat then says."""

    door: Uploading
    pieces: Pieces
    page: UploadPage
    deliver: Callable[[Sequence[Parcel]], Awaitable[None]]
    piece_seconds: float = PIECE_SECONDS
    still_seconds: float = STILL_SECONDS
    crowd: int = CROWD
    _whole: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WHOLE))
    _busy: int = 0
    _errands: set[asyncio.Task[None]] = field(default_factory=set)

    def routes(self) -> list[web.RouteDef]:
        """All of /u/."""
        return routes(self.answer)

    async def sweep(self) -> None:
        """From time to time, without end: throw away what nobody went on with."""
        while True:
            await self.pieces.sweep()
            await asyncio.sleep(SWEEP_SECONDS)

    async def idle(self) -> None:
        """Wait until what the chat says of uploads is on its way."""
        while self._errands:
            await asyncio.wait(self._errands)

    async def answer(self, request: web.Request) -> web.Response:
        """Any of the routes. 503 where storage is away or too many send at once."""
        if "name" in request.match_info:
            return self.page.static(request.match_info["name"])
        try:
            sight, link = await self.door.see(request.match_info["token"])
            if "digest" in request.match_info:
                return await self._piece(request, sight, link)
            if request.method != "POST" or link is None or sight.door is not Door.OPEN:
                return self.page.shown(sight)
            return await self._taken(request, sight, link)
        except (StaleError, AwayError) as error:
            _log.warning("an upload is to come again: %s", type(error).__name__)
            return self.page.away()

    # In pieces, each where the one before ended

    async def _piece(self, request: web.Request, sight: Sight, link: Link | None) -> web.Response:
        """200 and 204: how much is there; 404 and 410 as the page, 409 another offset, 413 too large, 503 no room."""
        if link is None or sight.door is not Door.OPEN:
            return web.Response(status=404 if sight.door is Door.UNKNOWN else 410, headers=HEADERS)
        name = request.match_info["digest"]
        if request.method == "HEAD":
            return _there(await self.pieces.size(link.cause, name), 200)
        try:
            at, whole = (int(request.headers[header]) for header in ("Upload-Offset", "Upload-Length"))
        except (KeyError, ValueError):
            return web.Response(status=400, headers=HEADERS)
        try:
            async with self._admitted():
                content = await self._body(request, at, whole)
        except WrongError as wrong:
            return web.Response(status=wrong.status, headers=HEADERS)
        there = await self.pieces.add(link.cause, name, at, content, whole)
        if there is None:
            return web.Response(status=BUSY, headers=HEADERS)
        return _there(there, 204 if there == at + len(content) else 409)

    async def _body(self, request: web.Request, at: int, whole: int) -> bytes:
        length = request.content_length
        if (
            length is None
            or not 0 < length <= PIECE
            or not 0 < whole <= LARGEST
            or not 0 <= at <= whole - length
        ):
            raise WrongError("too_big", 413)
        try:
            async with asyncio.timeout(self.piece_seconds):
                return await request.content.readexactly(length)
        except (TimeoutError, asyncio.IncompleteReadError):
            raise WrongError("slow", 408) from None

    # The answer: a form with the files themselves, or with the digests of those that came in pieces

    async def _taken(self, request: web.Request, sight: Sight, link: Link) -> web.Response:
        """The page as it stands afterwards, or with what was wrong."""
        try:
            async with self._admitted():
                names = await self._names(request, link)
            async with self._whole:
                contents = [await self._content(link, name) for name in names]
                parcels = await self.door.take(link, contents)
        except WrongError as wrong:
            if wrong.status != BUSY:  # what came was wrong: the next try begins anew
                await self.pieces.drop(link.cause)
            return self.page.shown(sight, wrong.problem, wrong.status)
        except UnknownError:
            return self.page.shown(Sight(Door.UNKNOWN))
        await self.pieces.drop(link.cause)
        self._errand(parcels)
        return self.page.shown((await self.door.see(request.match_info["token"]))[0])

    async def _names(self, request: web.Request, link: Link) -> list[str]:
        """Under what names the files lie among the pieces; a form's own are put there as they come in."""
        if request.content_type != "multipart/form-data":
            raise WrongError("nothing")
        if request.content_length is None or request.content_length > FORM:
            raise WrongError("too_big", 413)
        names: list[str] = []
        try:
            async with asyncio.timeout(FORM_SECONDS):
                parts = await request.multipart()
                while part := await parts.next():
                    if isinstance(part, BodyPartReader) and (name := await self._part(part, link)):
                        names.append(name)
                    if len(names) > MOST:
                        raise WrongError("too_many")
        except TimeoutError:
            raise WrongError("slow", 408) from None
        except (
            ValueError,
            AssertionError,
            HttpProcessingError,
        ):  # what aiohttp raises for a form that is none
            raise WrongError("unfinished", 400) from None
        if not names:
            raise WrongError("nothing")
        return list(dict.fromkeys(names))

    async def _part(self, part: BodyPartReader, link: Link) -> str:
        """Its name among the pieces; none for a field that is not ours, or where the browser sends an empty choice."""
        if part.name == "kept":
            said = (await part.read_chunk(FIELD)).decode("ascii", "replace")
            if not DIGEST.fullmatch(said):
                raise WrongError("unfinished")
            return said
        if part.name != "files" or not part.filename:
            return ""
        name, at = f"form-{secrets.token_hex(8)}", 0
        async for content in self._chunks(part):
            if at + len(content) > LARGEST:
                raise WrongError("too_big", 413)
            if await self.pieces.add(link.cause, name, at, content, LARGEST) is None:
                raise WrongError("busy", BUSY)
            at += len(content)
        if not at:
            raise WrongError("empty")
        return name

    async def _chunks(self, part: BodyPartReader) -> AsyncIterator[bytes]:
        """A file's bytes, gathered so that few and large pieces are kept."""
        gathered = bytearray()
        while not part.at_eof():
            async with asyncio.timeout(self.still_seconds):
                gathered += await part.read_chunk(64 * 1024)
            if len(gathered) >= PIECE:
                yield bytes(gathered)
                gathered.clear()
        if gathered:
            yield bytes(gathered)

    async def _content(self, link: Link, name: str) -> bytes:
        content = await self.pieces.read(link.cause, name)
        if DIGEST.fullmatch(name) and sha256(content).hexdigest() != name:
            raise WrongError("unfinished", 409)
        if not kind(content):
            raise WrongError("kind", 415)
        return content

    @asynccontextmanager
    async def _admitted(self) -> AsyncIterator[None]:
        if self._busy >= self.crowd:
            raise WrongError("busy", BUSY)
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1

    def _errand(self, parcels: Sequence[Parcel]) -> None:
        """What the chat says does not keep the page waiting; what is lost here the outbox sends later."""
        task = asyncio.create_task(self._said(parcels))
        self._errands.add(task)
        task.add_done_callback(self._done)

    async def _said(self, parcels: Sequence[Parcel]) -> None:
        await self.deliver(parcels)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._errands.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("messages were left for the sweep", exc_info=error)


def routes(answer: Callable[[web.Request], Awaitable[web.Response]]) -> list[web.RouteDef]:
    """All of /u/, answered by this."""
    piece = "/u/{token}/{digest:[0-9a-f]{64}}"
    return [
        web.get("/u/static/{name}", answer),
        web.get("/u/{token}", answer),
        web.post("/u/{token}", answer),
        web.head(piece, answer),
        web.patch(piece, answer),
    ]


def _there(size: int, status: int) -> web.Response:
    return web.Response(status=status, headers={**HEADERS, "Upload-Offset": str(size)})
