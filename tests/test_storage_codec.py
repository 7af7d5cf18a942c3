"""Laws of the codec: what is written is read, the same bytes with and without orjson."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Erased, Key, Record
from bot.ports import Message
from storage import codec
from storage.instants import instant, micros
from tests.storage_samples import ASK, NAMED, NOON, TOLD

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
KEYS = st.builds(Key, st.sampled_from(["identity", "funds", "selfie"]), st.integers(0, 99))


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of an annotated type: a field of a new kind of record is tried without a word here."""
    leaf: dict[Any, st.SearchStrategy[Any]] = {
        str: TEXT,
        int: st.integers(-(2**53), 2**53),
        bool: st.booleans(),
        datetime: INSTANTS,
        Key: KEYS,
    }
    if kind in leaf:
        return leaf[kind]
    parts = get_args(kind)
    if get_origin(kind) is tuple:
        return st.lists(values(parts[0]), max_size=3).map(tuple)
    if get_origin(kind) is Mapping:
        return st.dictionaries(TEXT, values(parts[1]), max_size=3)
    if isinstance(kind, UnionType):
        return st.one_of(*(st.none() if part is type(None) else values(part) for part in parts))
    if hasattr(kind, "__dataclass_fields__"):
        return instances(kind)
    return st.sampled_from(kind)


def instances(cls: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(cls)
    required = {f.name: values(hints[f.name]) for f in fields(cls) if is_required(f)}
    optional = {f.name: values(hints[f.name]) for f in fields(cls) if not is_required(f)}
    return st.fixed_dictionaries(required, optional=optional).map(lambda given: cls(**given))


def is_required(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


RECORDS = st.one_of(*(instances(kind) for kind in codec.KINDS.values()))


@given(RECORDS)
@settings(max_examples=300)
def test_a_record_is_read_as_it_was_written(record: Record) -> None:
    assert codec.decode(*codec.encode(record)) == record


@given(instances(Message))
def test_a_message_is_read_as_it_was_written(message: Message) -> None:
    assert codec.load(Message, codec.dump(message)) == message


@given(st.one_of(RECORDS, instances(Message)))
def test_the_bytes_do_not_depend_on_the_library(value: Any) -> None:
    plain = codec._dump_fields(value.__class__, ("at",))(value)
    assert codec.json_dumps_plainly(plain) == codec.json_dumps(plain)


@given(INSTANTS)
def test_an_instant_is_kept_to_the_microsecond(at: datetime) -> None:
    assert instant(micros(at)) == at


def test_every_kind_of_record_has_a_name() -> None:
    assert set(codec.KINDS.values()) == set(get_args(Record)) - {Erased}


def test_kind_key_and_time_are_not_repeated_in_the_body() -> None:
    assert codec.encode(NAMED) == ("submission", "name", NOON, b'{"answer":"Ada Lovelace"}')
    assert (
        codec.encode(TOLD).body == b'{"stage":"collecting","items":{"identity":"missing"},"asked":"identity"}'
    )
    assert b"slot" not in codec.dump(ASK)


def test_an_unknown_kind_is_loud() -> None:
    with pytest.raises(codec.UnknownKindError, match="'prophecy'"):
        codec.decode("prophecy", "", NOON, b"{}")
    with pytest.raises(codec.UnknownKindError, match="Erased"):
        codec.encode(Erased(NOON, "submission"))


def test_an_unknown_field_is_loud() -> None:
    with pytest.raises(TypeError, match="omen"):
        codec.decode("submission", "name", NOON, b'{"omen":1}')


def test_a_field_that_cannot_be_stored_is_loud() -> None:
    @dataclass(frozen=True)
    class Strange:
        weight: float

    codec.hints_of.cache_clear()
    with pytest.raises(TypeError, match="no rule how to store"):
        codec.dump(Strange(1.5))
