"""Builds the house from its settings: storage, desk, edge and runner, put together once."""

from __future__ import annotations

import asyncio
import importlib.util
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from bot import answers
from bot.cli.models import models_folder
from bot.cli.store import opened
from bot.cli.watching import Lists
from bot.desk import Desk
from bot.model import Alert, CaseId, Invited
from bot.policy import POLICIES, by_version
from bot.ports import ALONE, Beside, Clock, Given, Reader
from bot.settings import Settings, SettingsError
from bot.uploads import Links
from handlers.jobs.runner import Runner
from handlers.telegram.api import Api
from handlers.telegram.edge import Edge
from handlers.telegram.files import Files
from handlers.telegram.pace import Pace
from handlers.telegram.sender import Sender
from handlers.telegram.timeline import span_of, timeline
from handlers.words import Words
from storage import Storage
from storage.watchlists import StoredWatchlists

log = logging.getLogger(__name__)
READERS = ("rapidocr", "cv2", "PIL", "pebble")


class NoReader:
    """Stands where no reader is installed: every picture goes to a person."""

    async def read(
        self,
        files: Sequence[bytes],  # noqa: ARG002 - the port's shape
        hint: str = "",  # noqa: ARG002 - the port's shape
        beside: Beside = ALONE,  # noqa: ARG002 - the port's shape
    ) -> Mapping[str, str]:
        """Evidence that nothing was read."""
        return {"unread": "no_reader"}

    async def close(self) -> None:
        """Nothing to end."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything that runs, and what it was built from."""

    settings: Settings
    storage: Storage
    desk: Desk
    api: Api
    sender: Sender
    edge: Edge
    runner: Runner
    lists: Lists


def readers(settings: Settings, *, playing: bool = False) -> Reader:
    """The readers in their worker processes, or none where their libraries are not installed.

    `playing`: in the demo specimens pass for papers.
    """
    missing = [name for name in READERS if importlib.util.find_spec(name) is None]
    if missing:
        log.warning("no readers (%s not installed): every picture goes to a person", ", ".join(missing))
        return NoReader()
    from bot.readers.workers import Readers

    return Readers(
        workers=settings.reader_workers,
        seconds=settings.reader_seconds,
        models=models_folder(settings),
        playing=playing,
    )


@asynccontextmanager
async def house(
    settings: Settings, clock: Clock, reader: Reader, *, create: bool = False, pace: Pace | None = None
) -> AsyncIterator[House]:
    """Build, and take down in order. Raises SettingsError where the adopted policy is not in this build."""
    storage = opened(settings, create=create)
    lists = Lists(StoredWatchlists.open(settings.database()), clock, settings.kyc_home)
    api = Api(settings.telegram_bot_token.get_secret_value(), url=settings.telegram_api_url)
    try:
        desk = Desk(
            cases=storage.cases,
            register=storage.register,
            policies=storage.policies,
            vault=storage.vault,
            ledger=storage.ledger,
            reader=reader,
            fetch=Files(api),
            clock=clock,
            roles=settings.roles(),
            names=settings.names(),
            console=settings.console_url,
            compliance_chat=f"tg:{settings.compliance_chat}" if settings.compliance_chat else "",
            links=Links(settings.public(), storage.secret("upload links")) if settings.public() else None,
            secret=storage.secret("invitations"),
            anybody=settings.open_registration,
            second_looks=settings.second_looks,
            watchlists=lists,
            policy=POLICIES[-1],
        )
        await _adopted(desk)
        await lists.refresh()
        answers.warm()
        sender = Sender(
            api,
            storage.outbox,
            Words(),
            clock,
            settings.staff_chat or None,
            settings.compliance_chat or None,
            desk.blocked,
            pace or Pace(),
            partial(drawn, storage),
        )
        edge = Edge(api, desk, sender, clock, is_staff=_is_staff(settings))
        runner = Runner(storage.cases, desk, clock, sender.deliver, sender.sweep, settings.reader_workers * 2)
        desk.due_now = runner.wake
        yield House(settings, storage, desk, api, sender, edge, runner, lists)
        await runner.idle()
        await edge.idle()
    finally:
        await api.close_all()
        await lists.stored.close()
        await storage.close()


async def drawn(storage: Storage, case: CaseId, of: int) -> bytes:
    """The transactions of the alert that is a case's record `of`, as a PNG; b"" where they are not kept any more."""
    if importlib.util.find_spec("PIL") is None:
        return b""
    history = (await storage.cases.load(case)).history
    alert, names = history[of - 1], {case, *(each.seller for each in history if isinstance(each, Invited))}
    named = await storage.ledger.those(alert.transactions) if isinstance(alert, Alert) else ()
    raised = [each for each in named if each.seller in names] or named  # it may name those of others as well
    if not raised:
        return b""
    around = await storage.ledger.between(raised[0].seller, *span_of(raised))
    return await asyncio.to_thread(timeline, raised, around)


def _is_staff(settings: Settings) -> Callable[[Given], bool]:
    chats = {f"tg:{chat}" for chat in (settings.staff_chat, settings.compliance_chat) if chat}

    def is_staff(given: Given) -> bool:
        return given.chat in chats

    return is_staff


async def _adopted(desk: Desk) -> None:
    """The policy that people adopted decides; on a new database, today's is adopted by the set-up."""
    adopted = await desk.policies.adopted()
    if adopted is None:
        newest = POLICIES[-1]
        await desk.policies.adopt(
            newest.version, newest.fingerprint(), "set-up", "first start", datetime.now(UTC)
        )
        return
    version, fingerprint = adopted
    try:
        desk.policy = by_version(version)
    except KeyError:
        raise SettingsError(
            f"the adopted policy {version} is not in this build: run the build that has it"
        ) from None
    if desk.policy.fingerprint() != fingerprint:
        raise SettingsError(
            f"policy {version} was edited after its adoption: make it a new version, or adopt it anew"
        )
