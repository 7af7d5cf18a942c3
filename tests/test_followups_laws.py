"""Laws of the follow-ups: whatever happens in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.followups import APART, LATE, WAKING, country_zone, offset, waking, zone
from bot.followups.threads import PAST, UNCAPPED
from bot.model import Alert, Case, Key, Nudge, Pause, Reach, Request, State, Told
from bot.standing import OURS, Standing, stand
from tests.world import LICENCE, NOTHING_READ, PAINTING, PASSPORT, START, World, approved

Step = Callable[[World], object]
SEEN = st.sampled_from(
    [
        PASSPORT,
        LICENCE,
        PAINTING,
        NOTHING_READ,
        {**PASSPORT, "expires_on": "2026-12-20"},
        {**PASSPORT, "mrz_valid": "false"},
    ]
)
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.sampled_from([1, 3, 9, 30]).map(lambda answers: lambda w: _goes_on(w, answers)),
    SEEN.map(lambda seen: lambda w: (w.photo(), w.examine(seen))),
    st.sampled_from(["p:1", "p:3", "p:7", "x:keep", "f:email", "f:identity"]).map(
        lambda tap: lambda w: w.given(tap=tap)
    ),
    st.sampled_from(["Germany", "Ada Lovelace", "14:30", "hello"]).map(
        lambda text: lambda w: w.given(text=text)
    ),
    st.sampled_from(["start", "time", "status"]).map(lambda command: lambda w: w.given(command=command)),
    st.sampled_from(["blocked", "unblocked", "voice"]).map(lambda other: lambda w: w.given(other=other)),
    st.sampled_from(["right", "changed", "correct", "agree"]).map(lambda value: lambda w: w.tap(value)),
    st.sampled_from([0.2, 1, 2, 5, 16, 40, 400]).map(lambda days: lambda w: w.passes(timedelta(days=days))),
    st.sampled_from([11, 19, 23.5]).map(lambda hours: lambda w: w.passes(timedelta(hours=hours))),
    st.just(lambda w: w.add(Request(w.now, Key("source_of_funds"), "tg:9"))),
    st.just(lambda w: w.add(Alert(w.now, "single", f"{w.now:%Y-%m}", quiet=False))),
)
INSTANTS = st.integers(0, 10 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
PLAYS = st.tuples(st.booleans(), st.lists(STEPS, max_size=12))


def _goes_on(world: World, answers: int) -> None:
    """Answer so many questions, each in the usual way; a passport that has run out by then is refused each time."""
    for _ in range(answers):
        asked = world.told().asked
        if asked is None:
            return
        world.answer(asked)


def _played(play: tuple[bool, list[Step]]) -> World:
    world = approved() if play[0] else World()
    world.given(command="start")
    for step in play[1]:
        step(world)
    return world


def _before(world: World) -> list[tuple[Nudge, Standing]]:
    """Every follow-up with where the case stood when it went out."""
    found = []
    for sequence, record in world.case.records():
        if isinstance(record, Nudge):
            case = Case(world.case.id, "en", world.case.opened_at, world.case.history[: sequence - 1])
            found.append((record, stand(case, world.policy, record.at)))
    return found


@settings(max_examples=60, deadline=None)
@given(PLAYS)
def test_every_follow_up_keeps_every_rule(play: tuple[bool, list[Step]]) -> None:
    world = _played(play)
    sent = _before(world)
    assert all(other.at - one.at >= APART for (one, _), (other, _) in pairwise(sent))
    for nudge, standing in sent:
        if nudge.thread == LATE:
            continue
        facts, ours = standing.facts, any(item.state in OURS for item in standing.items)
        assert facts.reachable
        assert WAKING[0] <= nudge.at.astimezone(zone(facts)).time() < WAKING[1]
        assert nudge.thread in {"expiry", "slow"} or not ours
        last = nudge.thread == "legal" and nudge.step in {1, PAST}
        assert last or nudge.thread == "slow" or not facts.paused or nudge.at >= facts.paused
    capped = [nudge.at for nudge, _ in sent if nudge.thread not in UNCAPPED]
    most = world.policy.most
    assert all(later - one >= timedelta(days=30) for one, later in zip(capped, capped[most:], strict=False))


@settings(max_examples=60, deadline=None)
@given(PLAYS)
def test_nothing_is_told_to_who_cannot_be_reached(play: tuple[bool, list[Step]]) -> None:
    world = _played(play)
    reachable = True
    for record in world.case.history:
        match record:
            case Reach():
                assert reachable is not record.reachable, "noted once"
                reachable = record.reachable
            case Told():
                assert reachable
            case Nudge():
                assert reachable or record.thread == LATE


@settings(max_examples=60, deadline=None)
@given(PLAYS)
def test_no_case_is_due_for_ever_without_anything_to_do(play: tuple[bool, list[Step]]) -> None:
    world = _played(play)
    for _ in range(25):
        now, change = world.now, world.tick()
        due = change.index.due_at
        assert change.records or due is None or due > now, "the same work would be claimed again and again"
        world.now = max(world.now, due or now + timedelta(days=1))


@settings(max_examples=40, deadline=None)
@given(PLAYS)
def test_who_may_not_go_on_selling_was_warned_by_day_and_a_machine_suspends_nobody(
    play: tuple[bool, list[Step]],
) -> None:
    for nudge, standing in _before(_played(play)):
        if nudge.thread == "legal" and nudge.step == PAST:
            assert standing.overdue
            assert standing.needs_person
            assert any(
                item.state in {State.MISSING, State.REJECTED, State.EXPIRED} for item in standing.items
            )


@given(st.integers(-48, 56), INSTANTS)
def test_a_clock_that_is_read_off_gives_its_own_offset(quarters: int, now: datetime) -> None:
    ahead = quarters * 15
    there = now + timedelta(minutes=ahead)
    found = offset(f"{there:%H:%M}", now)
    assert -720 <= found <= 840
    assert (found - ahead) % 1440 == 0


@given(INSTANTS, st.sampled_from(["DE", "JP", "US", "IN", "NZ", "BR", ""]))
def test_waking_is_the_first_instant_by_day(instant: datetime, country: str) -> None:
    where = country_zone(country)
    then = waking(instant, where)
    assert instant <= then <= instant + timedelta(hours=15)
    assert WAKING[0] <= then.astimezone(where).time() < WAKING[1]
    assert waking(then, where) == then
    if then != instant:
        assert then.astimezone(where).time() == time(9)


def test_a_pause_is_kept_whatever_else_is_due() -> None:
    world = World()
    world.given(command="start")
    world.add(Pause(START, START + timedelta(days=9)))
    world.passes(timedelta(days=20))
    first = next(r for r in world.case.history if isinstance(r, Nudge))
    assert (first.thread, first.at) == ("later", START + timedelta(days=9))
