"""An index's tables as bytes and back: text as JSON, numbers as they stand in memory. Nothing in them is executed."""

from __future__ import annotations

import hashlib
import json
import sys
import unicodedata
from array import array
from collections.abc import Iterator, Sized
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.screening.tables import KINDS, Keyed, Rows, Tables

TEXTS = ("lists", "ids", "written", "values", "common", "spelled")
NUMBERS = {
    "list_of": "I",
    "kind_of": "B",
    "owner": "I",
    "weights": "B",
    "marks": "B",
    "strong": "B",
    "short": "I",
    "beside": "I",
    "twice": "I",
}
ROWS, KEYED = ("words", "at", "sounding"), ("near", "skipped", "joined", "whole")
DIGEST = 32
LENGTH = 8  # bytes before each section that say how long it is


@cache
def code() -> str:
    """Changes whenever the same lists may give other tables: with the code that makes them, or what that stands on."""
    here = Path(__file__).parent
    found = hashlib.blake2b(digest_size=16)
    for path in sorted(here.glob("*.py")):
        found.update(path.read_bytes())
    sizes = [array(each).itemsize for each in "BI"]
    found.update(repr((version("rigour"), unicodedata.unidata_version, sys.byteorder, sizes)).encode())
    return found.hexdigest()


def packed(tables: Tables, key: str) -> bytes:
    """`key` is asked for again by `unpacked`."""
    texts = {name: getattr(tables, name) for name in TEXTS}
    texts |= {name: list(getattr(tables, name).places) for name in KEYED}
    parts = [
        key.encode(),
        json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode(),
        "\n".join(tables.bodies).encode(),
        *(getattr(tables, name).tobytes() for name in NUMBERS),
    ]
    for rows in (*(getattr(tables, name) for name in ROWS), *(getattr(tables, name).rows for name in KEYED)):
        parts += (rows.starts.tobytes(), rows.flat.tobytes())
    whole = b"".join(len(part).to_bytes(LENGTH, "little") + part for part in parts)
    return hashlib.blake2b(whole, digest_size=DIGEST).digest() + whole


def unpacked(data: bytes, key: str) -> Tables:
    """Raises ValueError where these are not the whole tables of `key`."""
    if hashlib.blake2b(data[DIGEST:], digest_size=DIGEST).digest() != data[:DIGEST]:
        raise ValueError("it is cut or was changed")
    parts = iter(_parts(memoryview(data)[DIGEST:]))
    if bytes(_next(parts)) != key.encode():
        raise ValueError("it is of other lists, or of another version")
    try:
        found = _tables(parts)
        _check(found)
    except (TypeError, LookupError, RecursionError) as error:
        raise ValueError(f"it holds something else: {error}") from error
    return found


def _tables(parts: Iterator[memoryview]) -> Tables:
    texts = json.loads(bytes(_next(parts)))
    bodies = str(_next(parts), "utf-8")
    if not isinstance(texts, dict) or set(texts) != {*TEXTS, *KEYED}:
        raise ValueError("parts are missing")
    found: dict[str, Any] = {name: texts[name] for name in TEXTS}
    found["bodies"] = bodies.split("\n") if bodies else []
    for name, kind in NUMBERS.items():
        found[name] = _array(kind, _next(parts))
    for name in (*ROWS, *KEYED):
        rows = Rows(_array("I", _next(parts)), _array("I", _next(parts)))
        found[name] = rows if name in ROWS else _keyed(texts[name], rows)
    return Tables(**found)


def _parts(data: memoryview) -> list[memoryview]:
    found, start = [], 0
    while start < len(data):
        end = start + LENGTH + int.from_bytes(data[start : start + LENGTH], "little")
        if end > len(data):
            raise ValueError("it ends in the middle")
        found.append(data[start + LENGTH : end])
        start = end
    return found


def _next(parts: Iterator[memoryview]) -> memoryview:
    found = next(parts, None)
    if found is None:
        raise ValueError("parts are missing")
    return found


def _array(kind: str, data: memoryview) -> array[int]:
    found: array[int] = array(kind)
    found.frombytes(data)
    return found


def _keyed(keys: Any, rows: Rows) -> Keyed:
    return Keyed(dict(zip(keys, range(len(keys)), strict=True)), rows)


def _check(of: Tables) -> None:
    """That every number leads somewhere. Raises ValueError."""
    keyed = (of.near, of.skipped, of.joined, of.whole)
    every = (of.words, of.at, of.sounding, *(each.rows for each in keyed))
    if any(list(rows.starts) != sorted(rows.starts) or rows.starts[-1] != len(rows.flat) for rows in every):
        raise ValueError("a row leads nowhere")
    texts = (of.lists, of.ids, of.written, of.common, of.spelled, *(each.places for each in keyed))
    if any(set(map(type, each)) - {str} for each in texts) or set(map(type, of.values)) - {float}:
        raise ValueError("a text is none")
    names, words, entities = len(of.written), len(of.spelled), len(of.ids)
    sizes: tuple[tuple[int, tuple[Sized, ...]], ...] = (
        (names, (of.owner, of.marks, of.strong, of.words)),
        (entities, (of.bodies, of.list_of, of.kind_of)),
        (words, (of.at,)),
        (len(of.words.flat), (of.weights,)),
        *((len(each.places), (each.rows,)) for each in keyed),
    )
    if any(len(each) != size for size, those in sizes for each in those):
        raise ValueError("parts do not fit together")
    ranges = (
        (names, (of.short, of.twice, of.at.flat, of.joined.rows.flat, of.whole.rows.flat)),
        (words, (of.words.flat, of.near.rows.flat, of.sounding.flat)),
        (len(of.sounding), (of.skipped.rows.flat,)),
        (entities, (of.owner,)),
        (len(of.lists), (of.list_of,)),
        (len(KINDS), (of.kind_of,)),
        (len(of.values), (of.weights,)),
    )
    if any(each and max(each) >= most for most, those in ranges for each in those):
        raise ValueError("a number leads nowhere")
