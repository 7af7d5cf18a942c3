"""The supervisor's figures of watchlists, and of approvals that a match held back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import (
    Case,
    CaseId,
    Cleared,
    Decision,
    Disposition,
    Match,
    Outcome,
    Record,
    Screened,
    Stage,
    Told,
)
from bot.reports.effect import effective
from bot.reports.regulator import Row, count, rows
from tests.world import START, World

ADA = Match("p1", "Ada Lovelace", "LOVELACE, Ada", "7001", "OFAC SDN", 97)
IDA = Match("p2", "Ada Lovelace", "Ida Loveless", "u1", "UN", 81)
DAYS = 30  # of a stretch


def days(world: World, *more: int) -> list[Counter[Row]]:
    """What is counted of a case in stretches of so many days, one after the other."""
    told = []
    for n in range(len(more)):
        start = START + timedelta(days=sum(more[:n]))
        figures = count(world.policy, start, start + timedelta(days=more[n]))
        figures.add(world.case)
        told.append(figures.counts)
    return told


def held() -> World:
    """Everything is given and a match is open: the policy approved, and that waits."""
    world = World()
    world.given(command="start")
    world.finish("pep")
    world.add(Screened(world.now, "d", "v1", (ADA,)))
    world.finish()
    assert (world.standing().held, world.standing().stage) == (True, Stage.IN_REVIEW)
    return world


def test_a_held_approval_counts_on_the_day_it_took_effect() -> None:
    world = held()
    world.now = START + timedelta(days=40)
    world.add(Cleared(world.now, "p1", true=False, by="tg:9"))
    assert world.standing().stage is Stage.APPROVED
    first, second = days(world, DAYS, DAYS)
    approved = ("decisions", "approve", "machine")
    assert (first[approved], second[approved]) == (0, 1)
    assert (first["cases", "approval_held", ""], second["cases", "approval_held", ""]) == (1, 0)


def test_the_time_to_a_decision_ends_when_it_took_effect() -> None:
    world = held()
    world.now = START + timedelta(hours=50)
    world.add(Cleared(world.now, "p1", true=False, by="tg:9"))
    figures = count(world.policy, START, START + timedelta(days=DAYS))
    figures.add(world.case)
    assert "hours,opening_to_decision,median,50.00" in rows(figures)


def test_an_approval_that_never_took_effect_is_none() -> None:
    world = held()
    world.add(Cleared(world.now, "p1", true=True, by="tg:9"))
    world.add(Decision(world.now, Outcome.DECLINE, "tg:8"))
    (told,) = days(world, DAYS)
    assert (told["decisions", "approve", "machine"], told["decisions", "decline", "person"]) == (0, 1)
    assert told["cases", "approval_held", ""] == 0


APPROVED = Decision(START, Outcome.APPROVE, "policy")
FOUND, NOBODY = Screened(START, "d", "v", (ADA,)), Screened(START, "d", "w", ())
SUSPENDED = Decision(START, Outcome.SUSPEND, "tg:8")
ENDED, AGREED = (Disposition(START, 3, outcome, "tg:8", "ordered") for outcome in ("suspend", "agree"))
SOLD = Told(START, Stage.APPROVED, {})


@pytest.mark.parametrize(
    ("history", "at"),
    [
        ((APPROVED,), [0]),
        ((FOUND, APPROVED), []),
        ((FOUND, APPROVED, APPROVED, Cleared(START, "p1", true=False, by="c")), [3, 3]),
        ((FOUND, APPROVED, NOBODY), [2]),
        ((APPROVED, SOLD, FOUND), [0]),
        ((APPROVED, SOLD, FOUND, SUSPENDED, APPROVED), [0, 3]),
        ((APPROVED, SOLD, FOUND, SUSPENDED, APPROVED, NOBODY), [0, 3, 5]),
        ((APPROVED, SOLD, SUSPENDED, ENDED, APPROVED), [0, 2]),
        ((APPROVED, SOLD, SUSPENDED, ENDED, APPROVED, AGREED), [0, 2, 5]),
        ((FOUND, APPROVED, SUSPENDED, Cleared(START, "p1", true=False, by="c")), [2]),
    ],
)
def test_when_decisions_take_effect(history: tuple[Record, ...], at: list[int]) -> None:
    """`at`: the place in the history of what let each take effect."""
    dated = tuple(replace(record, at=START + timedelta(days=n)) for n, record in enumerate(history))
    case = Case(CaseId("c"), "en", START, dated)
    assert [(when - START).days for when, _ in effective(case)] == at


def test_matches_are_counted_by_list() -> None:
    world = World()
    world.given(command="start")
    world.add(Screened(world.now, "d", "v1", (ADA,)))
    world.add(Screened(world.now, "d", "v2", (ADA, IDA)))
    world.add(Cleared(world.now, "p1", true=True, by="tg:9"))
    world.add(Cleared(world.now, "p1", true=False, by="tg:9"))  # ruled anew: the last word counts
    world.now = START + timedelta(days=40)
    world.add(Screened(world.now, "d", "v3", (ADA, IDA)))
    world.add(Cleared(world.now, "p2", true=True, by="tg:9"))
    first, second = days(world, DAYS, DAYS)

    def told(counts: Counter[Row], name: str) -> list[int]:
        return [counts["watchlists", what, name] for what in ("found", "true", "false", "open")]

    assert [told(first, name) for name in ("OFAC SDN", "UN", "")] == [
        [1, 0, 1, 0],
        [1, 0, 0, 1],
        [2, 0, 1, 1],
    ]
    assert [told(second, name) for name in ("OFAC SDN", "UN", "")] == [[0] * 4, [0, 1, 0, 0], [0, 1, 0, 0]]


def test_that_nothing_was_found_is_said() -> None:
    lines = rows(count(World().policy, START, START + timedelta(days=1)))
    assert [line for line in lines if line.startswith("watchlists")] == [
        "watchlists,false,,0",
        "watchlists,found,,0",
        "watchlists,open,,0",
        "watchlists,true,,0",
    ]
