"""The playground as one web application: Bot API, file downloads and the chat page."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from aiohttp import web

from handlers.playground.api import BotApi
from handlers.playground.clock import Clock, ShiftedClock
from handlers.playground.delivery import Delivery, Pause
from handlers.playground.feed import Event
from handlers.playground.page import Page
from handlers.playground.people import Participant
from handlers.playground.refusal import RefusedError
from handlers.playground.trouble import Kind, Trouble, Troubles
from handlers.playground.updates import Update
from handlers.playground.wire import REQUEST_BYTES, parameters
from handlers.playground.world import Person, World

_log = logging.getLogger(__name__)

PATIENCE_S = 2.0
Start = Callable[[Person], str]
Happening = Callable[[Person], Awaitable[None]]
NAMES = ("Ada", "Bao", "Chidi", "Dilara", "Emil", "Fatima", "Goran", "Hana", "Ines", "Jonas")


class Playground:
    """One bot, its sellers' private chats, a staff group and, where it has members, the compliance officers'.

    `token` is what the bot calls with. `specimens` are labels and makers of files. `start_payload` gives the
    deep link's payload that a person comes with ("" for none), `hint` what they read before they start. `happenings`
    are labels and what then happens to a person in the world outside. `pause` waits between deliveries of an update
    that was not taken: tests put their own in place. `pages` are the bot's own, which its buttons open.
    """

    def __init__(  # noqa: PLR0913 - each by name, and all but one with a default
        self,
        *,
        token: str,
        bot_name: str = "Assistant",
        bot_username: str = "playground_bot",
        clock: Clock | None = None,
        specimens: Mapping[str, Callable[[], bytes]] | None = None,
        staff: Sequence[Person] = (),
        staff_chat: int = -1001000000001,
        staff_title: str = "Staff",
        compliance: Sequence[Person] = (),
        compliance_chat: int = -1001000000002,
        start_payload: Start | str = "",
        hint: Start | None = None,
        happenings: Mapping[str, Happening] | None = None,
        pause: Pause = asyncio.sleep,
        pages: Sequence[web.RouteDef] = (),
    ) -> None:
        bot = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": bot_name,
            "username": bot_username,
        }
        self.token = token
        self.world = World(bot, clock or ShiftedClock())
        self.specimens = dict(specimens or {})
        self.staff = tuple(staff)
        self.staff_chat = staff_chat
        self.troubles = Troubles()
        self._start = start_payload
        self.happenings = dict(happenings or {})
        self.hint = hint or (lambda _: "")
        self._pages = pages
        self.api = BotApi(self.world)
        self._delivery = Delivery(self.world.updates, self.world.clock, self.api.call, pause)
        self.api.delivery = self._delivery
        for person in self.staff:
            self.world.welcome(person)
        self.groups = {staff_chat: self.staff} | ({compliance_chat: tuple(compliance)} if compliance else {})
        self.world.found_group(staff_chat, staff_title, self.staff)
        if compliance:
            self.world.found_group(compliance_chat, "Compliance", compliance)
        self.world.updates.taken = self._taken
        self.world.updates.repeated = lambda: self.troubles.meet("", Kind.DUPLICATE_UPDATE) is not None

    # People

    def arrive(self, name: str = "", language: str = "en") -> Person:
        """A new person with an empty private chat."""
        number = len(self.world.people)
        person = Person(
            id=5_000_000_001 + number,
            first_name=name or NAMES[(number - len(self.staff)) % len(NAMES)],
            language=language,
            phone=f"447700900{number % 1000:03d}",  # Ofcom keeps these numbers for fiction
        )
        self.world.welcome(person)
        return person

    def sellers(self) -> list[Person]:
        """Everybody who is not staff, in order of arrival."""
        return [person for person in self.world.people.values() if person not in self.staff]

    def seller(self, name: str = "", language: str = "en") -> Participant:
        """A new person, for scripts and tests, in the private chat with the bot."""
        return self.in_private(self.arrive(name, language))

    def in_private(self, person: Person) -> Participant:
        """A known person (staff too) in the private chat with the bot."""
        return Participant(self.world, person, self.world.chats[person.id])

    def staff_member(self, person_id: int) -> Participant:
        """A member of staff in the staff group. Raises KeyError where there is none of this id."""
        person = {person.id: person for person in self.staff}[person_id]
        return Participant(self.world, person, self.world.chats[self.staff_chat])

    def officer(self, person_id: int) -> Participant:
        """A member of staff in the compliance group. Raises KeyError, StopIteration where there is none."""
        chat = next(chat for chat in self.groups if chat != self.staff_chat)
        person = {person.id: person for person in self.groups[chat]}[person_id]
        return Participant(self.world, person, self.world.chats[chat])

    def start_text(self, person: Person) -> str:
        """What the Start button sends."""
        payload = self._start if isinstance(self._start, str) else self._start(person)
        return f"/start {payload}".rstrip()

    # Time, trouble, files

    async def advance(self, by: timedelta) -> None:
        """Move the clock; open pages hear the new time.

        What was said is brought to the bot before: time that is skipped is not time that an update waited. A bot
        that takes nothing for `PATIENCE_S` real seconds is moved on without.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await self.settled()
        await self.world.clock.advance(by)
        self.world.feed.tell(Event.CLOCK, now=self.world.clock.now().isoformat())

    def trouble(self, kind: Kind, times: int = 1, method: str = "", seconds: float = 0) -> None:
        """The next calls, or deliveries, go wrong this way."""
        self.troubles.ask(Trouble(kind, times, method, seconds))

    async def settled(self) -> None:
        """Return when the bot has taken in every update (with polling: has asked for the ones after)."""
        await self.world.updates.settled()

    async def specimen(self, name: str) -> bytes:
        """One drawn for this very use. Raises KeyError."""
        return await asyncio.to_thread(self.specimens[name])

    def _taken(self, update: Update) -> None:
        if update.message_id:
            self.world.mark_read(self.world.chats[update.chat], update.message_id)

    # The server

    def app(self) -> web.Application:
        app = web.Application(client_max_size=REQUEST_BYTES, middlewares=[_own_pages_only])
        for verb in ("GET", "POST"):
            app.router.add_route(verb, "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        app.add_routes(Page(self).routes())
        app.add_routes(self._pages)
        app.on_shutdown.append(self._shut)
        return app

    @asynccontextmanager
    async def serving(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """Listen while the block runs; gives the origin, such as http://127.0.0.1:8081."""
        runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=2)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            yield f"http://{host}:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    async def _shut(self, _app: web.Application) -> None:
        self.world.feed.tell(Event.END)
        self.world.updates.close()
        await self._delivery.close()

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        try:
            self._admit(request)
            self._stumble(method)
            result = await self.api.call(method, await parameters(request))
        except RefusedError as refused:
            return web.json_response(refused.body(), status=refused.code)
        await self._cut_line(request, method)
        return web.json_response({"ok": True, "result": result})

    def _admit(self, request: web.Request) -> None:
        if not hmac.compare_digest(request.match_info["token"].encode(), self.token.encode()):
            raise RefusedError("Unauthorized", 401)

    def _stumble(self, method: str) -> None:
        trouble = self.troubles.meet(method, Kind.TOO_MANY, Kind.SERVER_ERROR)
        if trouble is None:
            return
        if trouble.kind is Kind.SERVER_ERROR:
            raise RefusedError("Internal Server Error", 500)
        seconds = max(1, round(trouble.seconds))
        raise RefusedError(f"Too Many Requests: retry after {seconds}", 429, retry_after=seconds)

    async def _cut_line(self, request: web.Request, method: str) -> None:
        """Carried out, but the caller never learns: silence, then the connection is gone."""
        trouble = self.troubles.meet(method, Kind.TIMEOUT_AFTER_DELIVERY)
        if trouble is None:
            return
        await asyncio.sleep(trouble.seconds)
        if request.transport is not None:
            request.transport.abort()

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._admit(request)
        except RefusedError as refused:
            return web.json_response(refused.body(), status=refused.code)
        file = self.world.files.by_path(request.match_info["path"])
        if file is None:
            return web.json_response(RefusedError("Not Found", 404).body(), status=404)
        return web.Response(body=file.content, content_type="application/octet-stream")


@web.middleware
async def _own_pages_only(request: web.Request, handler: Callable[..., object]) -> web.StreamResponse:
    """Other sites open in the same browser may not act here."""
    origin = request.headers.get("Origin")
    if request.path.startswith("/playground/") and origin and origin.partition("://")[2] != request.host:
        raise web.HTTPForbidden(text="another site's page")
    response = await handler(request)  # type: ignore[misc]
    assert isinstance(response, web.StreamResponse)
    return response
