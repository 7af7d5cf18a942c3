"""A history as its seller may read it: without what compliance alone knows, and without a gap where that stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from bot.model import QUIET, Case, Decision, Erased, Key, Outcome, Record, Stage, Told

HIDDEN = frozenset(kind.__name__.lower() for kind in QUIET)


def numbers(case: Case) -> dict[int, int]:
    """The sequence under which the seller reads each record, by its own."""
    told = max((n for n, record in case.records() if _approval_told(record)), default=0)
    shown = (
        sequence
        for sequence, record in case.records()
        if not _hidden(record) and not (_approves(record) and sequence > told)
    )
    return {sequence: n for n, sequence in enumerate(shown, 1)}


def disclosed(case: Case) -> Iterator[tuple[int, Record]]:
    """(sequence, record), numbered without a gap; what names a sequence names the new one."""
    found = numbers(case)
    return ((n, _renumbered(case[sequence], found)) for sequence, n in found.items())


def file_name(name: str, found: Mapping[int, int]) -> str:
    """What a file of the vault is called, which begins with its record's sequence unless it was uploaded."""
    first, dash, rest = name.partition("-")
    return f"{found.get(int(first), 0)}{dash}{rest}" if first.isdecimal() else name


def _approves(record: Record) -> bool:
    """One of the signatures under an approval: it is news to the seller when the approval takes effect."""
    return isinstance(record, Decision) and record.outcome is Outcome.APPROVE


def _approval_told(record: Record) -> bool:
    return isinstance(record, Told) and record.stage is Stage.APPROVED


def _hidden(record: Record) -> bool:
    return isinstance(record, QUIET) or (isinstance(record, Erased) and record.kind.lower() in HIDDEN)


def _renumbered(record: Record, found: Mapping[int, int]) -> Record:
    changed: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, Key):
            changed[field.name] = _key(value, found)
        elif field.name == "of":
            changed[field.name] = found.get(value, value)
        elif field.name == "items":
            changed[field.name] = {str(_key(Key.parse(key), found)): state for key, state in value.items()}
    return replace(record, **changed)


def _key(key: Key, found: Mapping[int, int]) -> Key:
    return Key(key.requirement, found.get(key.subject, 0))
