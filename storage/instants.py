"""Instants in the tables: whole microseconds since 1970, UTC; exact, ordered, the same on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Raises TypeError for a naive datetime."""
    return (at - EPOCH) // MICROSECOND


def instant(at: int) -> datetime:
    """The inverse of `micros`."""
    return EPOCH + timedelta(microseconds=at)
