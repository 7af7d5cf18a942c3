"""The time: the real one, and one that a demo can move forward through every due instant."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's time, UTC."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)


class StoppedClock:
    """One instant for ever, for what does not age in a demo."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """That instant."""
        return self._at


class MovableClock:
    """Runs like the real one from any instant; `advance` stops at every due instant on its way."""

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = timedelta() if start is None else start - datetime.now(UTC)
        self.next_due: Callable[[], Awaitable[datetime | None]] | None = None
        self.drain: Callable[[], Awaitable[int]] | None = None

    def now(self) -> datetime:
        """The present instant of this clock, UTC."""
        return datetime.now(UTC) + self._offset

    async def advance(self, by: timedelta) -> None:
        """Move forward by `by`; whatever falls due on the way happens in its order and at its hour."""
        target = self.now() + by
        while self.next_due and self.drain:
            await self.drain()
            due = await self.next_due()
            if due is None or due > target:
                break
            self._to(due)
            if not await self.drain():
                break
        self._to(target)
        if self.drain:
            await self.drain()

    def _to(self, instant: datetime) -> None:
        self._offset = max(self._offset, instant - datetime.now(UTC))
