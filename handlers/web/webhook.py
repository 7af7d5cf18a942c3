"""POST /telegram/<path>: an update is answered 200 only when it is saved; the reply rides in that answer."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from handlers.telegram.edge import PASSING, Edge
from handlers.telegram.request import HEADERS, decode, encode
from handlers.web.metrics import Answers, exposition

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LARGEST_UPDATE = 1024 * 1024  # bytes; updates are a few kilobytes, files never travel in them
RETRY_AFTER = "2"  # seconds
GRACE = 20.0  # seconds that what is under way gets at shutdown

_log = logging.getLogger(__name__)


async def always() -> bool:
    """The health of what cannot fall ill."""
    return True


@dataclass
class Webhook:
    """The handlers; `app` puts them into an application, `routes` into one that others share."""

    edge: Edge
    secret: str
    path: str
    healthy: Callable[[], Awaitable[bool]] = always
    answers: Answers = field(default_factory=Answers)

    def app(self) -> web.Application:
        """An application with these routes alone."""
        application = web.Application(client_max_size=LARGEST_UPDATE)
        application.add_routes(self.routes())
        return application

    def routes(self) -> list[web.RouteDef]:
        """The update's door, /health and /metrics."""
        return [
            web.post(f"/telegram/{self.path.strip('/')}", self.update),
            web.get("/health", self.health),
            web.get("/metrics", self.metrics),
        ]

    async def update(self, request: web.Request) -> web.Response:
        """401 wrong secret, 400 no JSON object, 413 too long or of no stated length, 503 try again, 500 a bug; else 200."""
        given = request.headers.get(SECRET, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self.secret.encode()):
            self.answers.refused += 1
            return web.Response(status=401)
        if request.content_length is None or request.content_length > LARGEST_UPDATE:
            return web.Response(status=413)
        body = await request.read()
        try:
            data = decode(body)
        except ValueError:
            data = None
        if not isinstance(data, dict):
            self.answers.refused += 1
            return web.Response(status=400)
        return await self._take(data)

    async def _take(self, data: dict[str, object]) -> web.Response:
        try:
            call = await self.edge.update(data, riding=True)
        except PASSING as error:
            self.answers.busy += 1
            _log.warning("update %s is to come again: %s", data.get("update_id"), type(error).__name__)
            return web.Response(status=503, headers={"Retry-After": RETRY_AFTER})
        except Exception:  # noqa: BLE001 - said loudly, and Telegram sends the update again
            self.answers.errors += 1
            _log.exception("update %s failed", data.get("update_id"))
            return web.Response(status=500)
        self.answers.accepted += 1
        return web.Response(body=encode(call), headers=HEADERS) if call else web.Response()

    async def health(self, _: web.Request) -> web.Response:
        """200 where storage answers, else 503."""
        try:
            well = await self.healthy()
        except Exception:  # noqa: BLE001 - whatever storage raises, it is not well
            _log.exception("storage does not answer")
            well = False
        return web.Response(text="ok" if well else "storage is away", status=200 if well else 503)

    async def metrics(self, _: web.Request) -> web.Response:
        """Prometheus text."""
        return web.Response(text=exposition(self.edge, self.answers))


async def serve(app: web.Application, port: int, host: str = "0.0.0.0") -> web.AppRunner:  # noqa: S104
    """Listen; end it with `stop`. Port 0 takes a free one (`runner.addresses`). Raises OSError."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GRACE)
    await runner.setup()
    await web.TCPSite(runner, host, port, backlog=1024).start()
    return runner


async def stop(runner: web.AppRunner, edge: Edge) -> None:
    """Take nothing new, finish what is under way, then what it left to send."""
    await runner.cleanup()
    try:
        async with asyncio.timeout(GRACE):
            await edge.idle()
    except TimeoutError:
        _log.warning("some messages were not sent before the end; the outbox holds them")
