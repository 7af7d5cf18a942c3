"""What is due without anyone's hand, and when: reminders, warnings, notices, and cases that wait too long."""

from __future__ import annotations

from bot.followups.hours import WAKING, country_zone, morning, offset, waking, zone
from bot.followups.schedule import abandoned_at, next_nudge
from bot.followups.threads import APART, LATE, PAST, THREADS

__all__ = [
    "APART",
    "LATE",
    "PAST",
    "THREADS",
    "WAKING",
    "abandoned_at",
    "country_zone",
    "morning",
    "next_nudge",
    "offset",
    "waking",
    "zone",
]
