"""Trouble on request: what goes wrong with the next calls or deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of trouble."""

    TOO_MANY = "429"  # the call is not carried out; retry_after says when to come again
    SERVER_ERROR = "5xx"  # the call is not carried out
    TIMEOUT_AFTER_DELIVERY = "timeout_after_delivery"  # carried out, then silence, then the line is cut
    DUPLICATE_UPDATE = "duplicate_update"  # an update that was taken in comes once more


@dataclass(frozen=True, slots=True)
class Trouble:
    """The next `times` calls (of `method`, where one is named) fail. `seconds`: to wait, or of silence."""

    kind: Kind
    times: int = 1
    method: str = ""
    seconds: float = 0

    @classmethod
    def parsed(cls, raw: Mapping[str, object]) -> Trouble:
        """Raises ValueError where a field is unknown or wrong."""
        if set(raw) - {"kind", "times", "method", "seconds"}:
            raise ValueError("a trouble has kind, times, method and seconds")
        times, seconds = raw.get("times", 1), raw.get("seconds", 0)
        if not isinstance(times, int) or not isinstance(seconds, (int, float)):
            raise ValueError("times and seconds are numbers")  # noqa: TRY004 - one error for all that is wrong
        return cls(Kind(str(raw.get("kind", ""))), times, str(raw.get("method") or ""), float(seconds))


class Troubles:
    """What was asked for and is still to come, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Trouble] = []

    def ask(self, trouble: Trouble) -> None:
        self._waiting.append(trouble)

    def meet(self, method: str, *kinds: Kind) -> Trouble | None:
        """The trouble that this call runs into; each is used up one time at a time."""
        for index, trouble in enumerate(self._waiting):
            if trouble.kind in kinds and trouble.method.lower() in {"", method.lower()}:
                left = replace(trouble, times=trouble.times - 1)
                self._waiting[index : index + 1] = [left] if left.times > 0 else []
                return trouble
        return None
