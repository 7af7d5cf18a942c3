"""Instants in the tables: whole microseconds since 1970, UTC; exact, ordered, the same on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Raises TypeError for a naive datetime."""
    return (at - EPOCH) // MICROSECOND


@lru_cache(2048)
def instant(at: int) -> datetime:
    """The inverse of `micros`. Remembered: what happens at once is stored with one instant, and read together."""
    return EPOCH + timedelta(microseconds=at)
