"""Would Telegram take this call? Checked against aiogram's models of the Bot API, and the limits they leave out."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from typing import Any

import aiogram.methods
from aiogram.methods.base import TelegramMethod
from pydantic import ValidationError

TEXT, CAPTION, CALLBACK_DATA, LABEL, ALERT = 4096, 1024, 64, 64, 200
WRITTEN = frozenset({"text", "caption"})
HTML_TAGS = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "tg-spoiler", "blockquote", "span"}
)  # fmt: skip


@cache
def _models() -> Mapping[str, type[TelegramMethod[Any]]]:
    classes = inspect.getmembers(aiogram.methods, inspect.isclass)
    return {
        cls.__api_method__.lower(): cls
        for _, cls in classes
        if issubclass(cls, TelegramMethod) and isinstance(getattr(cls, "__api_method__", None), str)
    }


def check(method: str, payload: Mapping[str, Any]) -> None:
    """Raises AssertionError with the reason where the Bot API would refuse this call, or ignore a part of it."""
    model = _models().get(method.lower())
    assert model is not None, f"the Bot API has no method {method}"
    given = {name: _unfolded(name, value) for name, value in payload.items() if name != "method"}
    try:
        call = model.model_validate(given)
    except ValidationError as error:
        raise AssertionError(f"{method}: {error}") from error
    for stranger in _strangers(method, call, given):
        raise AssertionError(f"the Bot API has no field {stranger}")
    for complaint in _complaints(method, given):
        raise AssertionError(f"{method}: {complaint}")


def _unfolded(name: str, value: Any) -> Any:
    """As it stands in a JSON body: forms carry nested values as JSON text, and files as bytes."""
    if isinstance(value, bytes):
        return "attach://file"
    folded = isinstance(value, str) and name not in WRITTEN and value[:1] in {"{", "["}
    return json.loads(value) if folded else value


def _strangers(path: str, model: object, given: object) -> Iterator[str]:
    """Fields that the Bot API does not know: it would take no notice of them."""
    if isinstance(given, Mapping):
        known = getattr(type(model), "model_fields", None)
        names = {field.alias or name for name, field in known.items()} if known else set(given)
        for name, value in given.items():
            if name not in names:
                yield f"{path}.{name}"
            elif known:
                yield from _strangers(f"{path}.{name}", getattr(model, _python_name(known, name)), value)
    elif isinstance(given, list | tuple) and isinstance(model, list | tuple):
        for position, (part, value) in enumerate(zip(model, given, strict=True)):
            yield from _strangers(f"{path}[{position}]", part, value)


def _python_name(known: Mapping[str, Any], name: str) -> str:
    return next(own for own, field in known.items() if (field.alias or own) == name)


def _complaints(method: str, given: Mapping[str, Any]) -> Iterator[str]:
    if method == "answerCallbackQuery":
        yield from _length("text", given.get("text", "-"), ALERT)
        return
    marked = given.get("parse_mode") == "HTML"
    for name, longest in (("text", TEXT), ("caption", CAPTION)):
        if name in given:
            text, trouble = _parsed(given[name]) if marked else (given[name], "")
            if trouble:
                yield f"{name} cannot be parsed: {trouble}"
            yield from _length(name, text, longest)
    markup = given.get("reply_markup") or {}
    for row in (*markup.get("inline_keyboard", ()), *markup.get("keyboard", ())):
        for button in row:
            yield from _button(button)


def _button(button: Mapping[str, Any]) -> Iterator[str]:
    yield from _length("a button's text", button["text"], LABEL)
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= CALLBACK_DATA:
        yield f"callback_data has {len(data.encode())} bytes, 1 to {CALLBACK_DATA} are allowed"


def _length(name: str, text: str, longest: int) -> Iterator[str]:
    length = len(text.strip().encode("utf-16-le")) // 2
    if not 1 <= length <= longest:
        yield f"{name} has {length} UTF-16 units, 1 to {longest} are allowed"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text: list[str] = []
        self.trouble = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in HTML_TAGS:
            self.trouble = self.trouble or f"unsupported start tag {tag}"
        if tag == "a" and not dict(attrs).get("href"):
            self.trouble = self.trouble or "a link without an address"
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.trouble = self.trouble or f"unexpected end tag {tag}"

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _parsed(marked: str) -> tuple[str, str]:
    """The text without its marks, and what is wrong with them."""
    reader = _Reader()
    reader.feed(marked)
    reader.close()
    if reader.open and not reader.trouble:
        reader.trouble = f"the end tag of {reader.open[-1]} is missing"
    return "".join(reader.text), reader.trouble
