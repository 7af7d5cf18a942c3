"""What a rule gives where it applies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.monitoring.money import Moved


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule applies. `why` fills the sentence of its row; `events` caused it, the newest last.

    `also`: other sellers whom it concerns as much.
    """

    why: Mapping[str, float | str]
    events: Iterable[Moved]
    also: tuple[str, ...] = ()
