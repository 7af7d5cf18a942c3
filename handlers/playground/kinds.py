"""Kinds of values in a call: how each is read from a form, a query or JSON, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.playground.refusal import bad

Kind = Callable[[object], Any]


class WrongError(ValueError):
    """A value of the wrong kind; the sentence ends the refusal."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the call."""

    name: str
    content: bytes
    mime: str = ""


def string(raw: object) -> str:
    if not isinstance(raw, str):
        raise WrongError("must be of type String")
    return raw


def integer(raw: object) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and re.fullmatch(r"-?\d{1,19}", raw):
        return int(raw)
    raise WrongError("must be of type Integer")


def number(raw: object) -> float:
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return float(raw)
    if isinstance(raw, str) and re.fullmatch(r"-?\d+(\.\d+)?", raw):
        return float(raw)
    raise WrongError("must be of type Number")


def boolean(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in {"true", "false", "1", "0"}:
        return raw.lower() in {"true", "1"}
    raise WrongError("must be of type Boolean")


def chat(raw: object) -> int | str:
    """A chat's number, or its @username (which no chat here has)."""
    if raw == "":
        raise bad("chat_id is empty")
    if isinstance(raw, str) and raw.startswith("@"):
        return raw
    try:
        return integer(raw)
    except WrongError:
        raise bad("chat not found") from None


def one_of(*allowed: str) -> Kind:
    def read(raw: object) -> str:
        if raw not in allowed:
            raise WrongError(f"must be one of {', '.join(allowed)}")
        return str(raw)

    return read


def between(least: int, most: int) -> Kind:
    def read(raw: object) -> int:
        value = integer(raw)
        if not least <= value <= most:
            raise WrongError(f"must be from {least} to {most}")
        return value

    return read


def limited(most: int, pattern: str = "") -> Kind:
    """A text of at most so many characters that matches the pattern, where there is one."""

    def read(raw: object) -> str:
        value = string(raw)
        if len(value) > most or (pattern and not re.fullmatch(pattern, value)):
            raise WrongError(f"must be at most {most} allowed characters")
        return value

    return read


def array(of: Kind) -> Kind:
    def read(raw: object) -> list[Any]:
        if not isinstance(raw, list):
            raise WrongError("must be of type Array")
        return [of(item) for item in raw]

    return read


def record(required: Mapping[str, Kind], optional: Mapping[str, Kind]) -> Kind:
    """An object with these fields and no others."""
    fields = {**required, **optional}

    def read(raw: object) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise WrongError("must be of type Object")
        for name in raw:
            if name not in fields:
                raise WrongError(f'has an unknown field "{name}"')
        for name in required:
            if name not in raw:
                raise WrongError(f'Can\'t find field "{name}"')
        return {name: _field(fields[name], name, value) for name, value in raw.items()}

    return read


def _field(kind: Kind, name: str, value: object) -> Any:
    try:
        return kind(value)
    except WrongError as wrong:
        raise WrongError(f'Field "{name}" {wrong}') from None


def tagged(by: str, kinds: Mapping[str, Kind]) -> Kind:
    """An object whose field `by` says which of several it is."""

    def read(raw: object) -> dict[str, Any]:
        tag = raw.get(by) if isinstance(raw, dict) else None
        if not isinstance(tag, str) or tag not in kinds:
            raise WrongError(f'Field "{by}" must be one of {", ".join(kinds)}')
        value: dict[str, Any] = kinds[tag](raw)
        return value

    return read


def encoded(of: Kind) -> Kind:
    """A value that forms and queries carry as JSON text."""

    def read(raw: object) -> Any:
        if not isinstance(raw, str):
            return of(raw)
        try:
            return of(json.loads(raw))
        except json.JSONDecodeError:
            raise WrongError("is not valid JSON") from None

    return read


def file(raw: object) -> Upload | str:
    """An upload, or the text that names a file: a file_id, attach://part, or a URL."""
    if isinstance(raw, Upload):
        return raw
    return string(raw)


def unsupported(_raw: object) -> Any:
    raise WrongError("is not supported by the playground")
