"""Values and their bytes: a record is clear columns (kind, key, at) and a compact JSON body of all the rest.

A field that holds its default is left out, and a field that is missing reads as its default: so one may be added
at any time, and the default of a stored field never changes.
Compiled once a class from its annotations: a new kind of record needs nothing here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from bot.model import Erased, Key, Record

try:
    import orjson
except ImportError:  # the extra "fast" is not installed: the same bytes, a little slower
    orjson = None  # type: ignore[assignment]

Turn = Callable[[Any], Any] | None  # None: the value is its own JSON
CLEAR = ("at", "key")
NEVER: Any = object()  # the default of a field that has none


class UnknownKindError(ValueError):
    """A record of a kind that this version does not know, or that is never stored."""


class Written(NamedTuple):
    """A record as it is stored, its body not yet encrypted."""

    kind: str
    key: str
    at: datetime
    body: bytes


KINDS: Mapping[str, type] = {kind.__name__.lower(): kind for kind in get_args(Record) if kind is not Erased}
NAMES: Mapping[type, str] = {kind: name for name, kind in KINDS.items()}


def encode(record: Record) -> Written:
    """Raises UnknownKindError for `Erased`, which stands for a body that is gone."""
    name = NAMES.get(type(record))
    if name is None:
        raise UnknownKindError(f"a record of type {type(record).__name__} cannot be stored")
    key = getattr(record, "key", None)
    return Written(name, "" if key is None else str(key), record.at, dump(record, CLEAR))


def decode(kind: str, key: str, at: datetime, body: bytes) -> Record:
    """The inverse of `encode`. Raises UnknownKindError."""
    cls, load_fields, keyed = _of_kind(kind)
    values = load_fields(json_loads(body))
    if keyed:
        values["key"] = Key.parse(key) if key else None
    record: Record = cls(at=at, **values)
    return record


@cache
def _of_kind(kind: str) -> tuple[Any, Callable[[dict[str, Any]], dict[str, Any]], bool]:
    """The class, what reads its body, and whether it has a key."""
    cls = KINDS.get(kind)
    if cls is None:
        raise UnknownKindError(f"unknown kind of record: {kind!r}")
    return cls, _load_fields(cls), "key" in hints_of(cls)


def dump(value: Any, without: tuple[str, ...] = ()) -> bytes:
    """A dataclass as compact JSON, but for the fields named."""
    return json_dumps(_dump_fields(value.__class__, without)(value))


def load(cls: Any, data: bytes) -> Any:
    """The inverse of `dump` with nothing left out."""
    return cls(**_load_fields(cls)(json_loads(data)))


def json_dumps_plainly(value: Any) -> bytes:
    """What orjson gives, from the standard library."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


json_dumps: Callable[[Any], bytes] = orjson.dumps if orjson else json_dumps_plainly
json_loads: Callable[[bytes], Any] = orjson.loads if orjson else json.loads


@cache
def hints_of(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


@cache
def _dump_fields(cls: Any, without: tuple[str, ...] = ()) -> Callable[[Any], dict[str, Any]]:
    hints = hints_of(cls)
    plan = [(f.name, _writer(hints[f.name]), _default(f)) for f in fields(cls) if f.name not in without]

    def dump_fields(value: Any) -> dict[str, Any]:
        found = {}
        for name, turn, default in plan:
            held = getattr(value, name)
            if held != default:
                found[name] = held if turn is None else turn(held)
        return found

    return dump_fields


@cache
def _load_fields(cls: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    hints = hints_of(cls)
    plan = [(f.name, turn) for f in fields(cls) if (turn := _reader(hints[f.name])) is not None]

    def load_fields(found: dict[str, Any]) -> dict[str, Any]:
        for name, turn in plan:
            if name in found:
                found[name] = turn(found[name])
        return found

    return load_fields


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return NEVER if field.default is MISSING else field.default


def _writer(kind: Any) -> Turn:
    if kind is Key:
        return str
    if kind is datetime:
        return _iso
    if _has_fields(kind):
        return _dump_fields(kind)
    origin, parts = get_origin(kind), get_args(kind)
    if origin is tuple:
        return _each(_writer(parts[0]), list)
    if origin in (Mapping, dict):
        return _values(_writer(parts[1])) or dict
    if origin in (UnionType, Union):
        return _present(_writer(_only(parts)))
    return None if _is_plain(kind) else _refuse(kind)


def _reader(kind: Any) -> Turn:
    if kind is Key:
        return Key.parse
    if kind is datetime:
        return datetime.fromisoformat
    if _has_fields(kind):
        turn = _load_fields(kind)
        return lambda found: kind(**turn(found))
    origin, parts = get_origin(kind), get_args(kind)
    if origin is tuple:
        return _each(_reader(parts[0]), tuple) or tuple
    if origin in (Mapping, dict):
        return _values(_reader(parts[1]))
    if origin in (UnionType, Union):
        return _present(_reader(_only(parts)))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {
            member.value: member for member in kind
        }.__getitem__  # a third of what calling the class takes
    return None if _is_plain(kind) else _refuse(kind)


def _each(turn: Turn, into: type[Any]) -> Turn:
    return None if turn is None else lambda values: into(map(turn, values))


def _values(turn: Turn) -> Turn:
    return None if turn is None else lambda values: dict(zip(values, map(turn, values.values()), strict=True))


def _present(turn: Turn) -> Turn:
    return None if turn is None else lambda value: None if value is None else turn(value)


def _only(parts: tuple[Any, ...]) -> Any:
    (part,) = [part for part in parts if part is not NoneType]
    return part


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _has_fields(kind: Any) -> bool:
    return hasattr(kind, "__dataclass_fields__")


def _is_plain(kind: Any) -> bool:
    kind = getattr(kind, "__supertype__", kind)
    return isinstance(kind, type) and issubclass(kind, str | int | bool)


def _refuse(kind: Any) -> Turn:
    raise TypeError(f"no rule how to store a {kind}")
