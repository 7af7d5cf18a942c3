"""The same talk on aiogram 3: an FSM in memory behind its own webhook handler, as its documentation shows.

Run as `python -m handlers.bench.peer_aiogram` with the environment of handlers.bench.chat. `--riding` returns
the reply instead of sending it, with `handle_in_background=False`: the fastest that its documentation knows.
"""

from __future__ import annotations

import asyncio
import html
import os
import signal
import sys
import time
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from handlers.bench.chat import loop_factory

RIDING = "--riding" in sys.argv
router = Router()


class Talk(StatesGroup):
    notice = State()
    country = State()
    legal_form = State()
    name = State()
    birth_date = State()
    address = State()
    activity = State()
    phone = State()
    email = State()
    website = State()
    tax_number = State()
    account = State()


ORDER = (
    Talk.notice,
    Talk.country,
    Talk.legal_form,
    Talk.name,
    Talk.birth_date,
    Talk.address,
    Talk.activity,
    Talk.phone,
    Talk.email,
    Talk.website,
    Talk.tax_number,
    Talk.account,
)
TAPPED, TYPED = ORDER[:3], ORDER[3:]
WORDS = {
    "Talk:notice": "We keep what you send for five years. Is that all right?",
    "Talk:country": "In which country do you live?",
    "Talk:legal_form": "Do you sell as a person or as a company?",
    "Talk:name": "What is your full name, as on your document? You said: {heard}",
    "Talk:birth_date": "When were you born? You said: {heard}",
    "Talk:address": "Where do you live? You said: {heard}",
    "Talk:activity": "What do you sell? You said: {heard}",
    "Talk:phone": "What is your phone number? You said: {heard}",
    "Talk:email": "What is your e-mail address? You said: {heard}",
    "Talk:website": "Where can buyers see what you sell? You said: {heard}",
    "Talk:tax_number": "What is your tax number? You said: {heard}",
    "Talk:account": "Which account do we pay to? You said: {heard}",
}
OPTIONS = {
    "Talk:notice": (("I agree", "agree"), ("I do not agree", "refuse")),
    "Talk:country": (("Germany", "de"), ("France", "fr"), ("United Kingdom", "gb")),
    "Talk:legal_form": (("As a person", "individual"), ("As a company", "company")),
}


async def ask(message: Message, state: FSMContext, asked: State, heard: str) -> Any:
    """Remember what is asked, and ask it."""
    data = await state.get_data()
    number = data.get("n", 0) + 1
    await state.set_state(asked)
    await state.update_data(n=number, heard=heard)
    name = str(asked.state)
    rows = [[InlineKeyboardButton(text=text, callback_data=value)] for text, value in OPTIONS.get(name, ())]
    reply = message.answer(
        f"<b>Question {number}.</b> {WORDS[name].format(heard=html.escape(heard))}",
        reply_markup=InlineKeyboardMarkup(inline_keyboard=rows) if rows else None,
    )
    return reply if RIDING else await reply


async def following(state: FSMContext) -> State:
    """The question after the one that was asked."""
    now = await state.get_state()
    position = next(n for n, one in enumerate(ORDER) if one.state == now)
    return ORDER[(position + 1) % len(ORDER)]


@router.message(CommandStart())
async def start(message: Message, state: FSMContext) -> Any:
    """Begin."""
    await state.clear()
    return await ask(message, state, Talk.notice, "")


@router.callback_query(StateFilter(*TAPPED))
async def tapped(query: CallbackQuery, state: FSMContext) -> Any:
    """An option: end the waiting circle, leave the chosen button, go on."""
    if not isinstance(query.message, Message):
        return None
    chosen = next(b for b in buttons(query.message) if b.callback_data == query.data)
    marked = InlineKeyboardButton(text=f"✓ {chosen.text}", callback_data=query.data)
    await query.answer()
    await query.message.edit_reply_markup(reply_markup=InlineKeyboardMarkup(inline_keyboard=[[marked]]))
    return await ask(query.message, state, await following(state), query.data or "")


def buttons(message: Message) -> list[InlineKeyboardButton]:
    """All of a message's buttons."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    return [button for row in rows for button in row]


@router.message(StateFilter(*TYPED), F.text)
async def typed(message: Message, state: FSMContext) -> Any:
    """An answer: go on."""
    return await ask(message, state, await following(state), message.text or "")


async def metrics(_: web.Request) -> web.Response:
    """The CPU this process has used."""
    return web.Response(text=f"process_cpu_seconds_total {time.process_time()}\n")


async def main() -> None:
    """Serve until told to end."""
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])
    no_preview = LinkPreviewOptions(is_disabled=True)
    bot = Bot(
        os.environ["TELEGRAM_BOT_TOKEN"],
        session=AiohttpSession(api=server, limit=256),
        default=DefaultBotProperties(parse_mode="HTML", link_preview=no_preview),
    )
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    app = web.Application()
    secret = os.environ["WEBHOOK_SECRET"]
    handler = SimpleRequestHandler(dispatcher, bot, handle_in_background=not RIDING, secret_token=secret)
    handler.register(app, path=f"/telegram/{os.environ['WEBHOOK_PATH']}")
    app.add_routes([web.get("/metrics", metrics), web.get("/health", metrics)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"]), backlog=1024).start()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    await runner.cleanup()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(main())
