"""`demo`: the whole product on this machine, without Telegram: bot, database, readers and a playground to chat in."""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web
from pydantic import SecretStr

from bot.cli.assemble import House, house, readers
from bot.cli.marketplace import marketplace, watching
from bot.cli.sales import happenings
from bot.cli.serve import menu, until_signal
from bot.cli.upload import uploads
from bot.cli.watching import following
from bot.invitations import Invitation, code, mint
from bot.ports import Reader
from bot.screening import Entity, Kind
from bot.settings import Settings
from bot.staff import Member, Role
from handlers.jobs.clock import MovableClock, StoppedClock
from handlers.playground.server import Playground
from handlers.playground.world import Person
from handlers.telegram.pace import Pace
from handlers.web.transactions import Transactions
from handlers.web.upload import Upload, routes
from handlers.web.webhook import Webhook, serve, stop

log = logging.getLogger(__name__)

TOKEN = "123456:playground"  # noqa: S105 - of no bot of Telegram's
API_KEY = "demo"  # of the marketplace, where API_KEY names no other
STAFF_CHAT, COMPLIANCE_CHAT = -1001000000001, -1001000000002
YEARS = timedelta(days=3650)
REVIEWER = Person(id=900, first_name="Rosa (reviewer)", language="en")
AGENT = Person(id=901, first_name="Amir (support)", language="en")
OFFICER = Person(id=902, first_name="Olga (officer)", language="en")
MEMBERS = {
    "tg:900": Member(Role.REVIEWER, "Rosa"),
    "tg:901": Member(Role.AGENT, "Amir"),
    "tg:902": Member(Role.OFFICER, "Olga"),
}


@dataclass(frozen=True, slots=True)
class Demo:
    """A playground with the bot behind it; `url` is the chat page."""

    url: str
    playground: Playground
    built: House
    clock: MovableClock


def tray(clock: MovableClock) -> Mapping[str, Callable[[], bytes]]:
    """What draws a specimen, by label; empty where the library that draws them is not installed."""
    if importlib.util.find_spec("PIL") is None:
        log.warning("no specimens to offer: Pillow is not installed")
        return {}
    from bot.readers import specimens

    today = clock.now().date()

    def passport(surname: str = "Lovelace", given_names: str = "Ada") -> bytes:
        """Another passport, photographed anew, each time: no two sellers have the same."""
        lot = secrets.randbelow(10**8)
        drawn = specimens.passport(
            surname=surname,
            given_names=given_names,
            number=f"X{lot:08}",
            expires_on=today + timedelta(days=2200),
        )
        return specimens.held(drawn, lot)

    return {
        "Passport": passport,
        "Expired driving licence": lambda: specimens.driving_licence(expires_on=today - timedelta(days=200)),
        "Brush-stroke": specimens.painting,
        "Blurred passport": lambda: specimens.blurred(passport()),
        "Utility bill": lambda: specimens.utility_bill(
            name="Ada Lovelace", address="12 Main Street, 10115 Berlin", issued_on=today - timedelta(days=20)
        ),
        "Register extract": lambda: specimens.register_extract(
            company="Analytical Engines GmbH", number="HRB 11223", issued_on=today - timedelta(days=40)
        ),
        "Passport of Charles Babbage": lambda: passport("Babbage", "Charles"),
        "Passport of Luigi Menabrea": lambda: passport("Menabrea", "Luigi"),
    }


@asynccontextmanager
async def playing(
    settings: Settings, clock: MovableClock, reader: Reader, port: int = 0
) -> AsyncIterator[Demo]:
    """Everything in this process: playground, webhook, runner; on a fresh folder `demo` in KYC_HOME."""
    home = settings.kyc_home / "demo"
    await asyncio.to_thread(shutil.rmtree, home, ignore_errors=True)
    opened: asyncio.Future[Upload] = asyncio.get_running_loop().create_future()

    async def upload(request: web.Request) -> web.Response:
        return await (await asyncio.shield(opened)).answer(request)

    told: asyncio.Future[Transactions] = asyncio.get_running_loop().create_future()

    async def money(request: web.Request) -> web.Response:
        return await (await asyncio.shield(told)).post(request)

    there: list[House] = []  # once it is built

    def name(person: Person) -> str:
        """What the marketplace calls its seller."""
        return f"shop-{person.id}"

    def signing() -> bytes:
        return there[0].storage.secret("invitations")

    def invited(person: Person) -> str:
        until = clock.now() + YEARS
        return mint(signing(), Invitation(name(person)), until) if there else ""

    def hint(person: Person) -> str:
        return f"Your seller page at the marketplace says: {code(signing(), name(person))}." if there else ""

    playground = Playground(
        token=TOKEN,
        bot_name="Seller check",
        clock=clock,
        specimens=tray(clock),
        staff=(REVIEWER, AGENT, OFFICER),
        staff_chat=STAFF_CHAT,
        compliance=(OFFICER,),
        compliance_chat=COMPLIANCE_CHAT,
        pages=[*routes(upload), web.post("/v1/transactions", money)],
        start_payload=invited,
        hint=hint,
        happenings=happenings(lambda: there[0]),
    )
    async with playground.serving(settings.host, port) as url:
        own = settings.model_copy(
            update={
                "kyc_home": home,
                "telegram_bot_token": SecretStr(TOKEN),
                "telegram_api_url": url,
                "public_url": url,
                "open_registration": True,
                "api_key": settings.api_key if settings.api_key.get_secret_value() else SecretStr(API_KEY),
                "staff": MEMBERS,
                "staff_chat": STAFF_CHAT,
                "compliance_chat": COMPLIANCE_CHAT,
                "second_looks": 0,  # what is played is to end the same each time
            }
        )
        pace = Pace(
            lambda: clock.now().timestamp()
        )  # days that pass in a blink let messages out as days would
        async with house(own, clock, reader, create=True, pace=pace) as built, _listening(built):
            there.append(built)
            clock.next_due, clock.drain = built.storage.cases.next_due, built.runner.drain
            await menu(built)
            await listed(built)
            page, market = uploads(built), marketplace(built)
            told.set_result(market)
            if page:
                opened.set_result(page)
            try:
                yield Demo(url, playground, built, clock)
            finally:
                await market.idle()
                if page:
                    await page.idle()
                clock.next_due = clock.drain = None


async def listed(built: House) -> None:
    """A watchlist of one, whom nobody need fear but who takes his name; it never grows old, however the clock is moved."""
    hyde = Entity("HYDE-1", ("Edward Hyde", "Эдвард Хайд"), Kind.PERSON, notes=("a drawn list",))
    at = built.desk.clock.now()
    await built.lists.stored.load("Specimens", {"main": {hyde.id: hyde}}, at, "drawn")
    built.lists.clock = StoppedClock(at)
    await built.lists.refresh()


@asynccontextmanager
async def _listening(built: House) -> AsyncIterator[None]:
    """The webhook on a free port, announced to the playground, and the runner beside it."""
    secret = secrets.token_hex(16)
    server = await serve(Webhook(built.edge, secret, "demo").app(), 0, "127.0.0.1")
    running = asyncio.gather(
        built.runner.run(), watching(built), following(built.lists, built.desk, built.sender)
    )
    try:
        await built.api.announce(f"http://127.0.0.1:{server.addresses[0][1]}/telegram/demo", secret)
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await stop(server, built.edge)


async def demo(
    settings: Settings, port: int, say: Callable[[str], None], start: datetime | None = None
) -> None:
    """Until a signal. `start`: the demo's first instant, for documents that have run out since."""
    clock, reader = MovableClock(start), readers(settings, playing=True)
    try:
        async with playing(settings, clock, reader, port) as here:
            say(f"\n  The chat is here:  {here.url}\n\n  Ctrl+C ends it. Nothing leaves this machine.\n")
            await until_signal(_forever())
    finally:
        await reader.close()


async def _forever() -> None:
    await asyncio.Event().wait()
