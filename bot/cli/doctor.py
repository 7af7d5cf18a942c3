"""`doctor`: what is set up, what is missing, and what does not work without it."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from bot.cli.assemble import READERS
from bot.cli.loading import watchlists
from bot.cli.models import models_folder
from bot.readers.models import manifest
from bot.screening import stale
from bot.settings import Settings
from storage import OutdatedError, Storage, TamperedError, WrongKeyError, parse_key

Line = tuple[bool, str]
LISTS = {
    "": "loaded, each within 7 days",
    "none": "none is loaded; until `lists load` or `lists refresh` brings one the machine approves nobody",
    "ahead": "one was loaded at a time that is yet to come (`lists show`); until it is loaded anew the machine approves nobody",
    "old": "one is older than 7 days (`lists show`); until it is fresh the machine approves nobody",
}


def doctor(settings: Settings, say: Callable[[str], None]) -> int:
    """0 where all that is needed to run is there, 1 otherwise."""
    lines = [*_settings(settings), *_readers(), *_models(settings), *_stored(settings)]
    for well, text in lines:
        say(f"{'ok     ' if well else 'missing'}  {text}")
    return 0 if all(well for well, _ in lines) else 1


def _settings(settings: Settings) -> Iterator[Line]:
    yield bool(settings.telegram_bot_token.get_secret_value()), "TELEGRAM_BOT_TOKEN: needed for `run`"
    yield bool(settings.webhook_secret.get_secret_value()), "WEBHOOK_SECRET: needed for `run --webhook`"
    yield (
        not settings.open_registration,
        "OPEN_REGISTRATION=false: until then anybody may register, without an invitation of the marketplace",
    )
    yield (
        bool(settings.staff and settings.staff_chat),
        "STAFF and STAFF_CHAT: without them nobody can decide cases",
    )


def _readers() -> Iterator[Line]:
    for name in READERS:
        yield importlib.util.find_spec(name) is not None, f"{name}: without it every picture goes to a person"


def _models(settings: Settings) -> Iterator[Line]:
    folder = models_folder(settings)
    for model in manifest():
        yield (
            model.lies_in(folder),
            f"{folder / model.file}: without it {model.purpose} (`models fetch` brings it)",
        )


def _stored(settings: Settings) -> Iterator[Line]:
    path = settings.kyc_home / "master.key"
    master = settings.master()
    if master is None and path.exists():
        master = parse_key(path.read_text("ascii"))
        private = not path.stat().st_mode & 0o077
        yield private, f"{path}: readable by its owner alone"
    if master is None:
        yield False, f"{path}: no master key yet; the first `run` makes one"
        return
    try:
        storage = Storage.open(settings.database(), settings.kyc_home, master)
    except (OutdatedError, TamperedError, WrongKeyError) as error:
        yield False, str(error)
        return
    asyncio.run(storage.close())
    yield True, "the database opens with the master key and has today's shape"
    old = asyncio.run(_old(settings))
    yield not old, f"watchlists: {LISTS[old]}"


async def _old(settings: Settings) -> str:
    async with watchlists(settings) as kept:
        return stale(await kept.loaded(), datetime.now(UTC))
