"""No tipping-off: what a seller, their export and an ordinary agent see is the same with alerts and reports and without."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.model import Alert, Filing, Reach, Record, Stage, Told
from bot.ports import Index, Message
from bot.staff import card
from bot.turn import Turn, conclude, extended
from tests.test_laws import PLAYS, Step
from tests.world import START, World

BEGINNINGS = (Stage.COLLECTING, Stage.IN_REVIEW, Stage.APPROVED)
STAGES = st.sampled_from(BEGINNINGS)
KEPT = timedelta(
    days=90
)  # from then on a registration left in silence is deleted, and kept where a report was filed


class Seen(NamedTuple):
    """All that anybody but compliance can come to see."""

    heard: list[tuple[datetime, Message]]
    card: Message
    found_by: Index
    told: list[Told]


def quiet(at: datetime, *, filed: bool) -> tuple[Record, ...]:
    """An alert and what became of its report."""
    return (
        Alert(at, "structuring", "2026-W45", quiet=True, transactions=("t1",)),
        Filing(at, "drafted", "tg:9", "", "c0ffee0000-1"),
        *([Filing(at, "filed", "tg:9", "", "FIU-1")] if filed else []),
        Filing(at, "not_to_report", "tg:9", "explained"),
    )


def begun(stage: Stage) -> World:
    """A case at its beginning, before its reviewer, or approved."""
    world = World()
    world.given(command="start")
    if stage is Stage.IN_REVIEW:
        world.finish("business_line")
        world.tap("jewellery")
    if stage is not Stage.COLLECTING:
        world.finish()
    return world


def played(stage: Stage, steps: list[Step], at: int, *, watched: bool, filed: bool) -> Seen:
    """Where nothing is watched, as many records that say nothing take the place: buttons name sequences."""
    world = begun(stage)
    for n, step in enumerate(steps):
        if n == at:
            known = world.standing().facts.reachable
            records = quiet(world.now, filed=filed)
            if not watched:
                records = (Reach(world.now, known),) * len(records)
            world.case = extended(world.case, *records)
        step(world)
    world.passes(timedelta(days=3))
    assume(not filed or world.now - START < KEPT)
    heard = [(when, message) for when, message in world.heard if message.to != "compliance"]
    standing = world.standing()
    index = conclude(world.case, Turn(asks=False, bulk=True), world.policy, world.now)[0].index
    index = replace(
        index, quiet=None, due_at=None
    )  # compliance's own queue; when something is next to be done
    told = [record for record in world.case.history if isinstance(record, Told)]
    return Seen(heard, card(world.case, standing), index, told)


@settings(max_examples=50, deadline=None)
@given(STAGES, PLAYS, st.integers(0, 12), st.booleans())
def test_nobody_but_compliance_sees_anything_of_alerts_and_reports(
    stage: Stage, steps: list[Step], at: int, filed: bool
) -> None:
    watched = played(stage, steps, at, watched=True, filed=filed)
    assert watched == played(stage, steps, at, watched=False, filed=filed)


def test_the_cases_begin_where_they_say() -> None:
    assert [begun(stage).standing().stage for stage in BEGINNINGS] == list(BEGINNINGS)
