"""What staff see and may do in their chat: one card a case, its buttons, their commands, and who may do what."""

from __future__ import annotations

from bot.staff.card import card, judged
from bot.staff.dress import dressed
from bot.staff.glance import glance
from bot.staff.lists import LISTS, answer, listed, tokens
from bot.staff.roles import DECLINES, MAY, QUIETLY, REASONS, REFUSALS, SUSPENDS, Member, Role
from bot.staff.taps import BY_NAME, Tap, heard
from bot.staff.why import reasons, waiting_since, waits

__all__ = [
    "BY_NAME",
    "DECLINES",
    "LISTS",
    "MAY",
    "QUIETLY",
    "REASONS",
    "REFUSALS",
    "SUSPENDS",
    "Member",
    "Role",
    "Tap",
    "answer",
    "card",
    "dressed",
    "glance",
    "heard",
    "judged",
    "listed",
    "reasons",
    "tokens",
    "waiting_since",
    "waits",
]
