"""The upload page as its reader gets it: the words, the page around them, and the headers that keep it to itself."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from aiohttp import web
from babel import Locale, UnknownLocaleError
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.ports import Say
from bot.uploading import Sight
from bot.uploads import LARGEST, MOST, Door
from handlers.words import FALLBACK, Words

FOLDER = Path(__file__).parents[2] / "templates" / "pages"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
STATIC = {"upload.css": "text/css", "upload.js": "text/javascript"}
STATUS = {Door.OPEN: 200, Door.TAKEN: 200, Door.CLOSED: 410, Door.EXPIRED: 410, Door.UNKNOWN: 404}
LIMITS = {"most": str(MOST), "megabytes": str(LARGEST // 1024**2)}


class UploadPage:
    """`chat` has the questions' words; the page's own stand beside it, one file a language."""

    def __init__(self, chat: Words, folder: Path = FOLDER) -> None:
        self._chat = chat
        self._words = Words(folder / "words")
        environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._page = environment.get_template("upload.j2")
        self._static = {name: (folder / "static" / name).read_bytes() for name in STATIC}

    def shown(self, sight: Sight, problem: str = "", status: int = 0) -> web.Response:
        """The page as the door stands; `problem` names what was wrong with what came, and needs its `status`."""
        return self._response(sight.door.value, sight, problem, status or STATUS[sight.door])

    def away(self) -> web.Response:
        """503: what is needed to say more does not answer."""
        return self._response("away", Sight(Door.UNKNOWN), "", 503)

    def static(self, name: str) -> web.Response:
        """The page's script and style; 404 for all else."""
        if name not in self._static:
            return web.Response(status=404, headers=HEADERS)
        return web.Response(
            body=self._static[name], content_type=STATIC[name], charset="utf-8", headers=HEADERS
        )

    def _response(self, door: str, sight: Sight, problem: str, status: int) -> web.Response:
        text = self._page.render(
            language=sight.language,
            direction=_direction(sight.language),
            door=door,
            asks=Markup(self._chat.say(sight.language, sight.asks)) if sight.asks else "",  # noqa: S704 - escaped there
            problem=problem,
            say=partial(self._say, sight.language),
            most=MOST,
            largest=LARGEST,
        )
        return web.Response(text=text, content_type="text/html", headers=HEADERS, status=status)

    def _say(self, language: str, key: str) -> Markup:
        return Markup(self._words.say(language, Say(key, LIMITS)))  # noqa: S704 - escaped there


def _direction(language: str) -> str:
    try:
        return Locale.parse(language or FALLBACK, sep="-").text_direction
    except (UnknownLocaleError, ValueError):
        return "ltr"
