"""Names against watchlists: entities, an index, hits with their reason, and what a new version of a list means."""

from bot.screening.change import FRESH, Change, Subject, change, moved, pair, stale, to_screen_again
from bot.screening.entity import Entity, Kind, entity, merged
from bot.screening.index import Index, index
from bot.screening.ports import Load, Watchlists
from bot.screening.screen import THRESHOLD, Hit, readable, screen

__all__ = [
    "FRESH",
    "THRESHOLD",
    "Change",
    "Entity",
    "Hit",
    "Index",
    "Kind",
    "Load",
    "Subject",
    "Watchlists",
    "change",
    "entity",
    "index",
    "merged",
    "moved",
    "pair",
    "readable",
    "screen",
    "stale",
    "to_screen_again",
]
