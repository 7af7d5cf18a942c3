"""What is said -> the words, from `templates/chat/<language>.j2`: one block a message, English stands in."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date
from jinja2 import Environment, StrictUndefined, Template, nodes
from jinja2.runtime import Context
from markupsafe import Markup, escape

from bot.ports import Button, Message, Say

TEMPLATES = Path(__file__).parent.parent / "templates" / "chat"
FALLBACK = "en"
LONGEST = 4096  # UTF-16 units after entity parsing: core.telegram.org/bots/api#sendmessage
SHORT = 3  # characters of arguments (steps, country codes) with which a text is kept; names are never kept
LONGEST_LABEL = 64  # characters; longer ones are cut by the clients
CAPS = (1024, 512, 256, 128, 64, 24)  # UTF-16 units an argument keeps, until the whole fits

# controls, zero-width and invisible marks, embeddings, overrides, isolates, lone surrogates, noncharacters;
# the joiners U+200C and U+200D stay: Persian, Indic scripts and emoji need them
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
SPACE = re.compile(r"\s+")
RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
ISOLATE, RELEASE = "\u2068", "\u2069"
TAG = re.compile(r"<[^>]*>")

# three-letter codes of passports that are no ISO country code: ICAO Doc 9303-3, section 5
PASSPORT_CODES = {
    "D": "DE", "GBD": "GB", "GBN": "GB", "GBO": "GB", "GBP": "GB", "GBS": "GB", "RKS": "XK", "EUE": "EU", "UNO": "UN",
}  # fmt: skip

_BREAK = {True: "\n", False: "\n\n"}

_log = logging.getLogger(__name__)


def clean(text: str) -> str:
    """One line without anything that cannot be seen; right-to-left text is isolated from its surroundings."""
    if text.isascii() and text.isprintable():
        return text
    text = SPACE.sub(" ", UNSEEN.sub("", text)).strip()
    return f"{ISOLATE}{text}{RELEASE}" if RIGHT_TO_LEFT.search(text) else text


def lines(text: str) -> Markup:
    """The filter for texts whose line breaks matter; at most one empty line in a row."""
    kept = "\n".join(clean(line) for line in text.splitlines())
    return escape(re.sub(r"\n{3,}", "\n\n", kept.strip()))


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, longest: int) -> str:
    """At most `longest` UTF-16 units, the last an ellipsis where something was cut."""
    if units(text) <= longest:
        return text
    kept = text[: longest - 1]
    while units(kept) > longest - 1:
        kept = kept[: -max(1, (units(kept) - longest + 1) // 2)]
    return f"{kept.rstrip()}…"


def plain(marked: str) -> str:
    """Telegram's HTML as its reader sees it."""
    return html.unescape(TAG.sub("", marked))


def block(key: str) -> str:
    """The name of a key's block: "legal_form.individual" stands in `legal_form__individual`."""
    return key.replace(".", "__")


def alpha2(code: str) -> str:
    """ISO alpha-2 of an alpha-2, alpha-3 or passport code; the code itself where it is none of them."""
    code = code.strip("<").upper()
    if code in PASSPORT_CODES:
        return PASSPORT_CODES[code]
    aliases: list[str] = get_global("territory_aliases").get(code, []) if len(code) == 3 else []
    return aliases[0] if aliases else code


def locale(language: str) -> Locale:
    """English where Babel does not know the language."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale(FALLBACK)


class Tongue:
    """One language's template, compiled, with the filters that speak it."""

    def __init__(self, language: str, source: str) -> None:
        self.language = language
        self._locale = locale(language)
        environment = Environment(
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_finalize,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters |= {
            "date": lru_cache(4096)(self._date),
            "country": lru_cache(1024)(self._country),
            "countries": lambda value: ", ".join(self._country(code) for code in value.split(",")),
            "lines": lines,
        }
        environment.globals |= _macros(environment, source)
        self._environment = environment
        self._template: Template = environment.from_string(source)
        self._known = lru_cache(2048)(self._render)

    def __contains__(self, key: str) -> bool:
        return block(key) in self._template.blocks

    def keys(self) -> frozenset[str]:
        """The names of its blocks."""
        return frozenset(self._template.blocks)

    def render(self, key: str, args: Mapping[str, str]) -> str:
        """HTML. Raises UndefinedError where an argument lacks."""
        if all(len(value) <= SHORT for value in args.values()):
            return self._known(key, tuple(args.items()))
        return self._render(key, args)

    def _render(self, key: str, args: Mapping[str, str] | tuple[tuple[str, str], ...]) -> str:
        # not by Template.new_context: it copies the table of all blocks for each message
        context = Context(self._environment, {**self._template.globals, **dict(args)}, None, {})
        return "".join(self._template.blocks[block(key)](context)).strip()

    def _date(self, value: str) -> str:
        try:
            return format_date(date.fromisoformat(value[:10]), "long", self._locale)
        except ValueError:
            return value

    def _country(self, value: str) -> str:
        return str(self._locale.territories.get(alpha2(value), value))


def _macros(environment: Environment, source: str) -> dict[str, Any]:
    """The macros of a template, which blocks rendered by themselves would not see."""
    tree = environment.parse(source)
    tree.body = [node for node in tree.body if isinstance(node, nodes.Macro)]
    names = [node.name for node in tree.body if isinstance(node, nodes.Macro)]
    code = environment.compile(tree)
    module = Template.from_code(environment, code, environment.globals).module
    return {name: getattr(module, name) for name in names}


def _finalize(value: object) -> object:
    """Runs on all that a template prints; what is Markup already was cleaned when it became so."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


class Words:
    """Every message of the chat. `folder` holds one `<language>.j2` a language, `en.j2` at least.

    Messages are Telegram HTML of at most 4,096 UTF-16 units after entity parsing.
    """

    def __init__(self, folder: Path = TEMPLATES) -> None:
        self._tongues = {
            path.stem: Tongue(path.stem, path.read_text("utf-8")) for path in folder.glob("*.j2")
        }
        if FALLBACK not in self._tongues:
            raise FileNotFoundError(f"{folder / FALLBACK}.j2 is needed: English stands in for what lacks")
        self._chain = lru_cache(256)(self._chain_of)

    @property
    def languages(self) -> tuple[str, ...]:
        """Those there is a file for."""
        return tuple(sorted(self._tongues))

    def keys(self, language: str = FALLBACK) -> frozenset[str]:
        """The names of a language's blocks, without what English lends."""
        return self._tongues[language].keys()

    def say(self, language: str, say: Say) -> str:
        """One thing said, HTML, of any length. Raises KeyError on words that not even English has."""
        return self._tongue(language, say.key).render(say.key, say.args)

    def text(self, language: str, message: Message, *, again: bool = False) -> str:
        """The whole message; `again` puts the block `again` before it. Raises as `say` does."""
        says = (Say("again"), *message.says) if again else message.says
        text = self._joined(language, says)
        return text if _fits(text) else self._shortened(language, says)

    def label(self, language: str, button: Button) -> str:
        """A button's plain text, at most 64 characters. Raises as `say` does."""
        marked = self.say(language, Say(button.word, button.args))
        return clip(" ".join(plain(marked).split()), LONGEST_LABEL)

    def _joined(self, language: str, says: tuple[Say, ...]) -> str:
        """Paragraphs; says of one family (what stands before the first dot) are lines of one paragraph."""
        text, last = "", ""
        for say in says:
            words, family = self.say(language, say), say.key.partition(".")[0]
            if words:
                text += f"{_BREAK[family == last] if text else ''}{words}"
                last = family
        return text

    def _shortened(self, language: str, says: tuple[Say, ...]) -> str:
        """Arguments give way first; a text that is too long by itself loses its markup and its end."""
        text = ""
        for cap in CAPS:
            text = self._joined(language, tuple(Say(say.key, _clipped(say.args, cap)) for say in says))
            if _fits(text):
                return text
        _log.error("too long for one message, cut: %s", ", ".join(dict.fromkeys(say.key for say in says)))
        return html.escape(clip(plain(text), LONGEST), quote=False)

    def _tongue(self, language: str, key: str) -> Tongue:
        for tongue in self._chain(language):
            if key in tongue:
                return tongue
        raise KeyError(f"no words for {key!r}: no file has the block {block(key)}")

    def _chain_of(self, language: str) -> tuple[Tongue, ...]:
        """Of "zh-hans-cn": zh-hans-cn, zh-hans, zh and en, those there are."""
        parts = language.lower().replace("_", "-").split("-")
        names = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
        found = [self._tongues[name] for name in names if name in self._tongues]
        return (*found, self._tongues[FALLBACK])


def _fits(text: str) -> bool:
    return len(text) * 2 <= LONGEST or units(plain(text)) <= LONGEST


def _clipped(args: Mapping[str, str], cap: int) -> dict[str, str]:
    return {name: clip(value, cap) for name, value in args.items()}
