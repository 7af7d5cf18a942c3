"""Text with HTML into plain text with entities, as Telegram parses it: offsets and lengths in UTF-16 units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from handlers.playground.refusal import Json, bad

TAGS: Mapping[str, str] = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
}
_NAMED = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
_TOKEN = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});|<|[^&<]+|&")
_OPEN = re.compile(r"<([^\s>/]*)((?:\s+[^\s=>]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[\w.-]+))?)*)\s*>")
_NAME = re.compile(r"<([^\s>]*)[\s>]")
_CLOSE = re.compile(r"</([^\s>]*)\s*>")
_ATTRIBUTE = re.compile(r"([^\s=>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([\w.-]+)))?")
_FOUND: Mapping[str, re.Pattern[str]] = {
    "bot_command": re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])"),
    "url": re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)']"),
    "email": re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+\.[\w.-]*[a-z]"),
}


def units(text: str) -> int:
    """The length in UTF-16 code units, as Telegram counts offsets."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: Mapping[str, str]
    start: int  # in characters of the plain text so far


@dataclass(slots=True)
class _Parse:
    source: str
    text: str = ""
    at: int = 0
    stack: list[_Open] = field(default_factory=list)
    spans: list[tuple[int, int, Json]] = field(default_factory=list)

    def run(self) -> None:
        while self.at < len(self.source):
            token = _TOKEN.match(self.source, self.at)
            assert token is not None, "every character starts a token"
            if token.group() == "<":
                self._tag()
            else:
                self.text += _plain(token.group())
                self.at = token.end()
        if self.stack:
            raise _wrong(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')

    def _tag(self) -> None:
        if self.source.startswith("</", self.at):
            self._close()
        else:
            self._open()

    def _open(self) -> None:
        name = _NAME.match(self.source, self.at)
        if name is None:
            raise _wrong(f"Unclosed start tag at byte offset {self._offset()}")
        tag = name.group(1).lower()
        if tag not in TAGS:
            raise _wrong(f'Unsupported start tag "{tag}" at byte offset {self._offset()}')
        match = _OPEN.match(self.source, self.at)
        if match is None:
            raise _wrong(f"Unclosed start tag at byte offset {self._offset()}")
        attributes = dict(_attributes(match.group(2)))
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {self._offset()}')
        self.stack.append(_Open(tag, attributes, len(self.text)))
        self.at = match.end()

    def _close(self) -> None:
        if not self.stack:
            raise _wrong(f"Unexpected end tag at byte offset {self._offset()}")
        match = _CLOSE.match(self.source, self.at)
        if match is None:
            raise _wrong(f"Unclosed end tag at byte offset {self._offset()}")
        opened, name = self.stack.pop(), match.group(1).lower()
        if name not in {"", opened.tag}:
            expected = f'expected "</{opened.tag}>", found "</{name}>"'
            raise _wrong(f"Unmatched end tag at byte offset {self._offset()}, {expected}")
        self.at = match.end()
        self._span(opened)

    def _span(self, opened: _Open) -> None:
        detail = _detail(opened, self.text[opened.start :])
        inside = self.stack[-1] if self.stack else None
        if (
            opened.tag == "code"
            and inside is not None
            and inside.tag == "pre"
            and inside.start == opened.start
        ):
            inside.attributes = {**inside.attributes, **opened.attributes}
        elif detail is not None and len(self.text) > opened.start:
            self.spans.append((opened.start, len(self.text), detail))

    def _offset(self) -> int:
        return len(self.source[: self.at].encode())


def _wrong(reason: str) -> Exception:
    return bad(f"can't parse entities: {reason}")


def _plain(token: str) -> str:
    if token in _NAMED:
        return _NAMED[token]
    if token.startswith("&#"):
        code = int(token[3:-1], 16) if token[2] == "x" else int(token[2:-1])
        return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else token
    return token


def _attributes(source: str) -> Iterator[tuple[str, str]]:
    for match in _ATTRIBUTE.finditer(source):
        name, *values = match.groups()
        value = next((value for value in values if value is not None), "")
        yield name.lower(), "".join(_plain(token) for token in _TOKEN.findall(value))


def _detail(opened: _Open, inner: str) -> Json | None:
    """The entity without its place; None where the tag says nothing (a link to nowhere)."""
    if opened.tag == "a":
        url = opened.attributes.get("href") or inner
        known = url.startswith(("http://", "https://", "tg://", "mailto:")) or re.match(
            r"[\w-]+\.[a-z]{2,}", url
        )
        return {"type": "text_link", "url": url} if known else None
    if opened.tag == "blockquote" and "expandable" in opened.attributes:
        return {"type": "expandable_blockquote"}
    language = opened.attributes.get("class", "").removeprefix("language-")
    if opened.tag == "pre" and language:
        return {"type": "pre", "language": language}
    return {"type": TAGS[opened.tag]}


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Plain text, trimmed, and its entities in order. Raises RefusedError in Telegram's words."""
    parse = _Parse(source)
    parse.run()
    lead = len(parse.text) - len(parse.text.lstrip())
    text = parse.text.strip()
    spans = [(max(start - lead, 0), min(end - lead, len(text)), detail) for start, end, detail in parse.spans]
    spans = [span for span in spans if span[0] < span[1]]
    spans.sort(key=lambda span: (span[0], -span[1]))
    return text, [_placed(text, start, end, detail) for start, end, detail in spans]


def _placed(text: str, start: int, end: int, detail: Json) -> Json:
    return {"type": detail["type"], "offset": units(text[:start]), "length": units(text[start:end])} | detail


def with_found(text: str, entities: list[Json]) -> list[Json]:
    """These entities and the commands, links and addresses that Telegram finds in the rest of the text."""
    taken = [(entity["offset"], entity["offset"] + entity["length"]) for entity in entities]
    found = [
        _placed(text, match.start(), match.end(), {"type": kind})
        for kind, pattern in _FOUND.items()
        for match in pattern.finditer(text)
    ]
    free = [
        one
        for one in found
        if all(one["offset"] + one["length"] <= start or end <= one["offset"] for start, end in taken)
    ]
    return sorted([*entities, *free], key=lambda entity: (entity["offset"], -entity["length"]))
