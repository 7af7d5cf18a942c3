"""`remind`: staff's reminder to all sellers that a filter names, at the pace that Telegram allows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence

from pydantic import SecretStr

from bot.cli.assemble import NoReader, house
from bot.documents import REQUIREMENTS
from bot.model import Key, Stage, Tier
from bot.settings import Settings, SettingsError
from handlers.jobs.clock import SystemClock

KNOWN = {"stage": frozenset(Stage), "tier": frozenset(Tier)}


def wanted(filters: Sequence[str]) -> dict[str, str]:
    """`stage=collecting`, `tier=low`, `country=DE`, `owed=identity` -> by name. Raises SettingsError."""
    found: dict[str, str] = {}
    for one in filters:
        name, _, value = one.partition("=")
        known = name in {"country", "stage", "tier", "owed"} and value
        if not known or (name in KNOWN and value not in KNOWN[name]) or (name == "owed" and not _owed(value)):
            raise SettingsError(
                f"--filter {one}: expected stage=, tier=, country= or owed= with a value there is"
            )
        found[name] = value.upper() if name == "country" else value
    return found


def _owed(value: str) -> bool:
    try:
        return Key.parse(value).requirement in REQUIREMENTS
    except ValueError:
        return False


async def remind(
    settings: Settings, filters: Sequence[str], say: Callable[[str], None], *, dry: bool, as_json: bool
) -> None:
    """Each seller at most once a day, by day, and only where something is open. Raises SettingsError."""
    chosen = wanted(filters)
    if not settings.telegram_bot_token.get_secret_value():
        if not dry:
            raise SettingsError("TELEGRAM_BOT_TOKEN: needed to send; --dry-run works without")
        settings = settings.model_copy(update={"telegram_bot_token": SecretStr("0:unused")})
    words: Counter[str] = Counter()
    async with house(settings, SystemClock(), NoReader()) as built:
        cases = await built.storage.register.select(chosen)
        for case in cases:
            word, parcels = await built.desk.remind(case, dry=dry)
            await built.sender.deliver(parcels)
            words[word] += 1
    if as_json:
        say(json.dumps({"matched": len(cases), "dry_run": dry, **words}))
        return
    say(f"{len(cases)} cases" + ("; nothing is sent, this would become of them:" if dry else ":"))
    for word, count in words.most_common():
        say(f"  {count:6} {word.replace('_', ' ')}")
