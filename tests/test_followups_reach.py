"""Follow-ups to who blocked the bot, and the periodic review over six years."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.model import Key, Reach, Record, Stage, Submission
from bot.reviews import due, opens
from tests.followed import (
    DAY,
    WORDS,
    asked_for_a_document,
    last,
    nudges,
    ran_out,
    since,
    waiting,
)
from tests.world import PASSPORT, START, World, approved

# ---------------------------------------------------------------- the periodic review


def six_years() -> World:
    """Approved on a passport that outlasts the review."""
    world = World()
    world.given(command="start")
    world.finish("identity")
    world.photo()
    world.examine({**PASSPORT, "expires_on": "2036-10-01"})
    world.finish()
    assert world.standing().stage is Stage.APPROVED
    return world


def test_a_review_is_asked_for_thirty_days_ahead_and_counts_from_its_answer() -> None:
    world = six_years()
    first = due(START, 5)
    assert world.standing().valid_until == first
    world.passes(datetime.combine(opens(first), time(12), UTC) - world.now)
    assert world.told().asked == Key("review")
    assert world.standing().stage is Stage.ACTION_NEEDED
    assert world.standing().due_by == first
    world.tap("right")
    assert world.standing().stage is Stage.APPROVED
    answered = world.now.date()
    assert min(date(2036, 10, 1), answered + timedelta(days=5 * 365)) == world.standing().valid_until
    world.passes(365 * DAY)
    assert world.told().asked is None
    assert nudges(world) == []


def test_a_review_that_nobody_answers_is_warned_of_and_goes_to_a_person() -> None:
    world = six_years()
    world.passes(datetime.combine(due(START, 5), time(12), UTC) - world.now + 2 * DAY)
    assert nudges(world, "legal") == [("legal", 14), ("legal", 7), ("legal", 1), ("legal", -1)]
    assert world.standing().overdue
    assert "AMLR art. 26" in WORDS.text("en", last(world))


def test_something_changed_keeps_the_question_open_until_all_is_right() -> None:
    world = six_years()
    world.passes(datetime.combine(opens(due(START, 5)), time(12), UTC) - world.now)
    world.tap("changed")
    assert world.told().asked == Key("review")
    assert "change what is no longer right" in WORDS.text("en", last(world))
    world.given(tap="f:email")
    world.given(text="ada@new.example.org")
    assert world.told().asked == Key("review")
    world.tap("right")
    assert world.standing().stage is Stage.APPROVED


def test_a_higher_tier_is_reviewed_sooner() -> None:
    assert [due(START, years).isoformat() for years in (1, 3, 5)] == [
        "2027-11-02",
        "2029-11-01",
        "2031-11-01",
    ]


# ---------------------------------------------------------------- who cannot be reached


def test_who_blocked_the_bot_hears_nothing_until_they_come_back() -> None:
    world = asked_for_a_document()
    world.given(other="blocked")
    world.given(other="blocked")
    assert sum(isinstance(r, Reach) for r in world.case.history) == 1
    assert since(world, lambda: world.passes(20 * DAY)) == []
    words = since(world, lambda: world.given(other="unblocked"))
    assert len(words) == 1
    assert "Good to have you back" in words[0]
    assert "identity document" in words[0]
    assert world.standing().facts.reachable
    world.passes(1.5 * DAY)
    assert nudges(world) != []


def test_what_was_missed_is_told_on_return() -> None:
    world = approved()
    world.given(other="blocked")
    assert since(world, lambda: world.passes(datetime(2030, 1, 10, tzinfo=UTC) - world.now)) == []
    assert world.standing().next == Key("identity")
    words = since(world, lambda: world.given(text="hello"))
    assert "ran out on January 1, 2030" in words[0]
    assert world.standing().facts.reachable
    assert world.standing().due_by == date(2030, 1, 24)  # it counts from when they were told


def test_who_cannot_be_asked_for_what_is_open_is_for_a_person() -> None:
    world = ran_out()
    world.given(other="blocked")
    assert world.standing().needs_person
    cards = since(world, lambda: world.passes(3 * DAY), "staff")
    assert "cannot be asked for it" in cards[0]
    assert "The seller has blocked the bot" in cards[0]


def test_who_returns_too_late_hears_that_a_person_decides() -> None:
    world = ran_out()
    world.given(other="blocked")
    world.passes(30 * DAY)
    words = since(world, lambda: world.given(other="unblocked"))
    assert "The last day for this has passed: January 16, 2030" in words[0]


@pytest.mark.parametrize(
    "what", [{"text": "hello"}, {"command": "start"}, {"tap": "x:keep"}, {"other": "voice"}]
)
def test_any_word_of_theirs_means_that_they_are_back(what: dict[str, str]) -> None:
    world = asked_for_a_document()
    world.given(other="blocked")
    change = world.given(**what)
    assert isinstance(change.records[0], Reach)
    assert world.standing().facts.reachable


def test_a_record_by_another_door_is_not_told_to_who_cannot_be_reached() -> None:
    world = waiting()
    world.given(other="blocked")
    record: Record = Submission(world.now, Key("email"), "ada@new.example.org")
    assert since(world, lambda: world.add(record)) == []
