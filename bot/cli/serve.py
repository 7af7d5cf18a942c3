"""`run`: the bot behind a webhook, or asking Telegram for updates."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from aiohttp import web

from bot.cli.assemble import House, house, readers
from bot.cli.collector import settle
from bot.cli.marketplace import marketplace, watching
from bot.cli.refreshing import refreshing
from bot.cli.upload import uploads
from bot.cli.watching import following
from bot.ports import Say
from bot.settings import Settings, SettingsError
from handlers.jobs.clock import SystemClock
from handlers.telegram.polling import Polling
from handlers.web.transactions import LARGEST
from handlers.web.upload import Upload
from handlers.web.webhook import Webhook, serve, stop

log = logging.getLogger(__name__)

MENU = ("status", "back", "help", "privacy", "time", "cancel")
STAFF_MENU = ("queue", "case", "find", "remind", "help")
QUIET_MENU = ("queue", "case", "find", "help")


async def run(settings: Settings, *, webhook: bool) -> None:
    """Until a signal. Raises SettingsError where a needed setting is missing."""
    if not settings.telegram_bot_token.get_secret_value():
        raise SettingsError("TELEGRAM_BOT_TOKEN: needed to run; @BotFather on Telegram gives one")
    if webhook and not settings.webhook_secret.get_secret_value():
        raise SettingsError("WEBHOOK_SECRET: needed for --webhook, so that only Telegram can post updates")
    reader = readers(settings)
    try:
        async with house(settings, SystemClock(), reader) as built:
            await (_webhook(built) if webhook else polling(built))
    finally:
        await reader.close()


async def menu(built: House) -> None:
    """The commands that Telegram offers beside the input: a seller's, the staff's in their group, compliance's."""
    await built.api.call("setMyCommands", {"commands": _offered(built, "menu", MENU)})
    staff, quiet = built.settings.staff_chat, built.settings.compliance_chat
    for chat, words, menu in ((staff, "menu.staff", STAFF_MENU), (quiet, "menu.quiet", QUIET_MENU)):
        if chat:
            offered, group = _offered(built, words, menu), {"type": "chat", "chat_id": chat}
            await built.api.call("setMyCommands", {"commands": offered, "scope": group})


def _offered(built: House, words: str, commands: tuple[str, ...]) -> list[dict[str, str]]:
    say = built.sender.words.say
    return [{"command": name, "description": say("en", Say(f"{words}.{name}"))} for name in commands]


async def _webhook(built: House) -> None:
    settings = built.settings
    hook = Webhook(
        built.edge, settings.webhook_secret.get_secret_value(), settings.webhook_path, _healthy(built)
    )
    app, upload = hook.app(), uploads(built)
    app.add_routes(upload.routes() if upload else ())
    market = marketplace(built)
    app.add_routes(market.routes())
    server = await serve(app, settings.port, settings.host)
    if settings.webhook_url:
        address = f"{settings.webhook_url.rstrip('/')}/telegram/{settings.webhook_path}"
        await built.api.announce(address, settings.webhook_secret.get_secret_value())
        await menu(built)
    settle()
    log.info("listening on %s:%s", settings.host, settings.port)
    try:
        await until_signal(
            built.runner.run(),
            watching(built),
            following(built.lists, built.desk, built.sender),
            refreshing(built.settings, built.desk.clock),
            *((upload.sweep(),) if upload else ()),
        )
    finally:
        await stop(server, built.edge)
        await market.idle()
        if upload:
            await upload.idle()


async def polling(built: House) -> None:
    """Until a signal: ask Telegram for updates, and listen for uploads and the marketplace where there are any."""
    await built.api.call("deleteWebhook", {})
    await menu(built)
    log.info("asking Telegram for updates")
    upload, market = uploads(built), marketplace(built)
    works = [
        built.runner.run(),
        watching(built),
        following(built.lists, built.desk, built.sender),
        refreshing(built.settings, built.desk.clock),
        Polling(built.api, built.edge).run(),
    ]
    pages = [*(upload.routes() if upload else ()), *market.routes()]
    if pages:
        works.append(_pages(built, pages, upload))
    try:
        await until_signal(*works)
    finally:
        await market.idle()


async def _pages(built: House, pages: list[web.RouteDef], upload: Upload | None) -> None:
    """The upload page and the marketplace's door: where Telegram is asked for updates nothing else listens."""
    app = web.Application(client_max_size=LARGEST)
    app.add_routes(pages)
    server = await serve(app, built.settings.port, built.settings.host)
    log.info("pages and the marketplace's door listen on %s:%s", built.settings.host, built.settings.port)
    try:
        await (upload.sweep() if upload else asyncio.Event().wait())
    finally:
        await server.cleanup()
        if upload:
            await upload.idle()


def _healthy(built: House) -> Callable[[], Awaitable[bool]]:
    async def healthy() -> bool:
        await built.storage.policies.adopted()
        return True

    return healthy


async def until_signal(*works: Coroutine[Any, Any, None]) -> None:
    """Run these together until SIGINT or SIGTERM; what one of them raises ends all."""
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    tasks = [asyncio.ensure_future(work) for work in works]
    ending = asyncio.ensure_future(stopped.wait())
    try:
        done, _ = await asyncio.wait([*tasks, ending], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in (*tasks, ending):
            task.cancel()
        await asyncio.gather(*tasks, ending, return_exceptions=True)
