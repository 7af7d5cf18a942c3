"""One reading, as it goes to a worker: plain values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

MODELS = Path("models")


@dataclass(frozen=True, slots=True)
class Asked:
    """One reading, as it goes to a worker."""

    files: list[bytes] = field(repr=False)
    hint: str = ""
    portrait: tuple[bytes, ...] = field(default=(), repr=False)
    turns: tuple[str, ...] = ()
    models: Path = MODELS
