"""Cases to follow up, and what is heard of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.model import Nudge, Stage
from bot.ports import Message
from handlers.words import Words
from tests.world import PASSPORT, World, approved

WORDS = Words()
DAY = timedelta(days=1)
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def nudges(world: World, *threads: str) -> list[tuple[str, int]]:
    """(thread, step) of what went out, in order."""
    found = (r for r in world.case.history if isinstance(r, Nudge))
    return [(n.thread, n.step) for n in found if not threads or n.thread in threads]


def days(world: World, *threads: str) -> list[str]:
    """The UTC days on which these threads spoke."""
    found = (r for r in world.case.history if isinstance(r, Nudge) and r.thread in threads)
    return [n.at.date().isoformat() for n in found]


def since(world: World, act: Callable[[], object], to: str = "seller") -> list[str]:
    """The words that one party gets while this goes on."""
    before = len(world.heard)
    act()
    return [WORDS.text("en", m) for _, m in world.heard[before:] if m.to == to]


def last(world: World) -> Message:
    """The newest message to the seller."""
    return [m for _, m in world.heard if m.to == "seller"][-1]


def taps(world: World) -> list[str]:
    """What the last row of buttons carries."""
    rows = last(world).buttons
    return [button.data for button in rows[-1]] if rows else []


def asked_for_a_document() -> World:
    """A seller who agreed, said where and as what, and was asked for a document."""
    world = World()
    world.given(command="start")
    world.finish("identity")
    return world


def ran_out() -> World:
    """An approved seller on the morning after the passport ran out."""
    world = approved()
    world.passes(datetime(2030, 1, 2, 9, tzinfo=UTC) - world.now)
    assert world.standing().stage is Stage.ACTION_NEEDED
    return world


def waiting() -> World:
    """Everything is there; a person has to look."""
    world = World()
    world.given(command="start")
    world.finish("identity")
    world.photo()
    world.examine({**PASSPORT, "mrz_valid": "false"})
    world.finish()
    assert world.standing().stage is Stage.IN_REVIEW
    return world
