"""What money did: each rule is a function over a seller's windows, and a row that says who may know."""

from __future__ import annotations

from bot.monitoring.engine import Engine, Found, found
from bot.monitoring.known import Profile
from bot.monitoring.money import Moved, known, moved
from bot.monitoring.reading import RowError, transaction, zoneless
from bot.monitoring.table import RULES, Rule

__all__ = [
    "RULES", "Engine", "Found", "Moved", "Profile", "RowError", "Rule", "found", "known", "moved", "transaction",
    "zoneless",
]  # fmt: skip
