"""`invite`: a link for one seller, and the two words that the seller's page shows beside it."""

from __future__ import annotations

import argparse
import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.invitations import Invitation, code, mint

if TYPE_CHECKING:
    from bot.settings import Settings


def add(commands: Any) -> None:
    invite = commands.add_parser(
        "invite", help="make a seller's link to the bot, and the two words of their page"
    )
    invite.add_argument(
        "seller", metavar="SELLER", help="the marketplace's own name for the seller, 1 to 30 bytes"
    )
    invite.add_argument("--country", default="", help="of the shop, two letters")
    invite.add_argument("--days", type=int, default=30, help="for which the link is good")
    invite.add_argument("--json", action="store_true", help="one JSON line")
    invite.set_defaults(do=do)


def do(settings: Settings, asked: argparse.Namespace) -> int:
    """Prints `{"seller", "code", "token", "link", "until"}`; the link is "" where no bot token is set."""
    from bot.cli.store import opened
    from bot.settings import SettingsError

    storage = opened(settings, create=False)
    try:
        secret = storage.secret("invitations")
        until = datetime.now(UTC) + timedelta(days=asked.days)
        token = mint(secret, Invitation(asked.seller, asked.country.upper()), until)
    except ValueError as error:
        raise SettingsError(f"SELLER: {error}") from None
    finally:
        asyncio.run(storage.close())
    link = f"https://t.me/{name}?start={token}" if (name := asyncio.run(_bot(settings))) else ""
    line = {"seller": asked.seller, "code": code(secret, asked.seller), "token": token, "link": link}
    line["until"] = until.date().isoformat()
    if asked.json:
        print(json.dumps(line, ensure_ascii=False))
    else:
        print(
            f"{link or f'/start {token}'}\ntwo words for the seller's page: {line['code']}\ngood until {line['until']}"
        )
    return 0


async def _bot(settings: Settings) -> str:
    """The bot's name at Telegram; "" without a token."""
    from handlers.telegram.api import Api

    token = settings.telegram_bot_token.get_secret_value()
    if not token:
        return ""
    api = Api(token, url=settings.telegram_api_url)
    try:
        return str((await api.call("getMe", {}))["username"])
    finally:
        await api.close_all()
