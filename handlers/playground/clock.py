"""The playground's time: a port, so that a product may step through every instant that something is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What dates messages; `advance` returns when everything due on the way has been done."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    async def advance(self, by: timedelta) -> None:
        """Move forward; the product is stepped through every due instant."""
        ...


class ShiftedClock:
    """The machine's clock plus all that it was advanced by."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    async def advance(self, by: timedelta) -> None:
        self._ahead += by
