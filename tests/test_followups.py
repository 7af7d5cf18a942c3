"""Follow-ups, thread by thread: what goes out when, what it says, and what holds it back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.followups import WAKING, country_zone
from bot.model import Key, Nudge, Pause, Request, Stage
from tests.followed import (
    DAY,
    WORDS,
    asked_for_a_document,
    days,
    last,
    nudges,
    ran_out,
    since,
    taps,
    waiting,
)
from tests.world import PAINTING, PASSPORT, START, World, approved

# ---------------------------------------------------------------- open


def test_what_is_open_is_followed_up_three_times_then_never() -> None:
    world = asked_for_a_document()
    world.passes(60 * DAY)
    assert nudges(world) == [("open", 1), ("open", 2), ("open", 3)]
    assert days(world, "open") == ["2026-11-03", "2026-11-05", "2026-11-09"]


def test_a_refused_picture_is_named_with_its_reason() -> None:
    world = asked_for_a_document()
    world.photo()
    world.examine(PAINTING)
    (words,) = since(world, lambda: world.passes(1.5 * DAY))
    assert "The last picture could not be used" in words
    assert "I cannot see a document in this picture" in words
    assert "identity document" in words


def test_a_question_half_way_is_called_so() -> None:
    world = asked_for_a_document()
    world.finish("email")
    words = since(world, lambda: world.passes(4 * DAY))
    assert [w.splitlines()[0] for w in words] == [
        "Still there? One thing is open:",
        "A short reminder: we stopped half-way, at this question.",
    ]


def test_a_clock_that_was_to_be_put_right_is_not_followed_up() -> None:
    world = approved()
    world.given(command="time")
    world.passes(20 * DAY)
    assert nudges(world) == []


# ---------------------------------------------------------------- a date by law


def test_warnings_name_the_day_the_consequence_the_cure_and_where_to_complain() -> None:
    world = ran_out()
    words = since(world, lambda: world.passes(13.5 * DAY))
    assert nudges(world, "legal") == [("legal", 7), ("legal", 1)]
    for text in words:
        for needed in (
            "January 16, 2030",
            "a person of our team decides whether your selling is paused",
            "The law behind this: DSA art. 30",
            "write to the marketplace's support",
            "Please send another photo of your identity document",
        ):
            assert needed in text
    assert "that is tomorrow" in words[-1]
    assert not world.standing().overdue


def test_when_the_day_has_passed_a_person_decides_and_the_item_is_still_asked_for() -> None:
    world = ran_out()
    world.passes(13.5 * DAY)
    staff = since(world, lambda: world.passes(2 * DAY), "staff")
    assert world.standing().stage is Stage.ACTION_NEEDED  # a machine suspends nobody
    assert world.standing().needs_person
    assert "overdue since January 16, 2030" in staff[0]
    told = WORDS.text("en", last(world))
    assert "A person of our team now decides" in told
    assert "Please send another photo" in told
    assert taps(world)[0].startswith("a:")
    world.passes(90 * DAY)
    assert nudges(world, "legal", "open") == [("legal", 7), ("legal", 1), ("legal", -1)]


def test_what_is_sent_at_last_ends_what_is_overdue() -> None:
    world = ran_out()
    world.passes(20 * DAY)
    world.photo()
    world.examine({**PASSPORT, "number": "Y1", "expires_on": "2039-01-01"})
    world.tap("correct")
    assert world.standing().stage is Stage.APPROVED
    assert not world.standing().needs_person


def test_a_day_may_be_put_off_but_never_past_the_last_warning() -> None:
    world = ran_out()
    world.passes(7 * DAY)
    assert taps(world) == ["p:1", "p:3"]
    world.given(tap="p:7")
    assert "I will write the day before in any case" in WORDS.text("en", last(world))
    world.passes(7 * DAY)
    assert nudges(world, "legal") == [("legal", 7), ("legal", 1)]
    assert days(world, "legal") == ["2030-01-09", "2030-01-15"]


def test_the_day_itself_moves_the_case_without_anybodys_hand() -> None:
    assert ran_out().standing().changes_at == datetime(2030, 1, 17, tzinfo=UTC)


def test_warnings_that_do_not_lie_ahead_are_not_made_up() -> None:
    world = approved()
    world.add(Request(world.now, Key("source_of_funds"), "tg:9"))
    assert world.standing().due_by == date(2026, 11, 16)
    world.passes(40 * DAY)
    assert nudges(world, "legal") == [("legal", 7), ("legal", 1), ("legal", -1)]


# ---------------------------------------------------------------- put off by a tap


@pytest.mark.parametrize(
    ("tap", "day"), [("p:1", "2026-11-04"), ("p:3", "2026-11-06"), ("p:7", "2026-11-10")]
)
def test_a_reminder_comes_on_the_day_that_was_asked_for(tap: str, day: str) -> None:
    world = asked_for_a_document()
    world.passes(1.1 * DAY)
    assert taps(world) == ["p:1", "p:3", "p:7"]
    world.given(tap=tap)
    assert [say.key for say in last(world).says] == ["paused"]
    world.passes(60 * DAY)
    assert days(world, "later") == [day]
    assert len(nudges(world)) == 3
    (at,) = [r.at for r in world.case.history if isinstance(r, Nudge) and r.thread == "later"]
    assert at.astimezone(country_zone("DE")).time() == WAKING[0]


def test_what_was_done_in_the_meantime_needs_no_reminder() -> None:
    world = asked_for_a_document()
    world.passes(1.1 * DAY)
    world.given(tap="p:3")
    world.finish()
    world.passes(30 * DAY)
    assert nudges(world) == [("open", 1)]


def test_a_document_that_runs_out_may_be_put_off_too() -> None:
    world = approved()
    world.passes(datetime(2029, 12, 2, 10, tzinfo=UTC) - world.now)
    assert nudges(world) == [("expiry", 30)]
    world.given(tap="p:7")
    world.passes(29 * DAY)
    assert nudges(world) == [("expiry", 30), ("expiry", 23), ("expiry", 14), ("expiry", 7)]


def test_a_forged_day_is_an_old_button() -> None:
    world = asked_for_a_document()
    for tap in ("p:", "p:2", "p:-1", "p:9999999", "p:1:1", "p:x", "p:²"):
        world.given(tap=tap)
        assert last(world).says[0].key == "stale"
    assert not any(isinstance(r, Pause) for r in world.case.history)


# ---------------------------------------------------------------- how many


def test_a_month_brings_four_reminders_at_the_most() -> None:
    world = asked_for_a_document()
    world.passes(9 * DAY)
    world.given(text="hello")
    world.finish("email")
    world.passes(25 * DAY)
    sent = [r.at for r in world.case.history if isinstance(r, Nudge)]
    assert len([at for at in sent if at < START + 30 * DAY]) == 4
    assert len(sent) > 4


# ---------------------------------------------------------------- what waits for us
def test_staff_are_told_again_of_a_case_that_waits_longer_than_a_day() -> None:
    world = waiting()
    cards = since(world, lambda: world.passes(9 * DAY), "staff")
    assert nudges(world, "late") == [("late", 1), ("late", 2), ("late", 3), ("late", 4)]
    assert all("longer than a day" in card for card in cards)
    assert all(m.anew for _, m in world.heard if m.to == "staff" and m.bulk)


def test_the_seller_hears_once_that_it_takes_longer() -> None:
    world = waiting()
    words = since(world, lambda: world.passes(30 * DAY))
    assert len(words) == 1
    assert "Nothing is needed from you" in words[0]
    assert last(world).buttons == ()
    assert nudges(world, "slow") == [("slow", 1)]
    assert days(world, "slow")[0] >= "2026-11-04"


def test_of_two_that_fall_due_within_a_day_the_seller_comes_before_the_staff() -> None:
    world = World(now=START.replace(hour=21))
    world.given(command="start")
    world.finish("identity")
    world.photo()
    world.examine({**PASSPORT, "mrz_valid": "false"})
    world.finish()
    world.passes(4 * DAY)
    assert nudges(world) == [("late", 1), ("slow", 1), ("late", 2)]
    assert [days(world, thread) for thread in ("slow", "late")] == [
        ["2026-11-05"],
        ["2026-11-03", "2026-11-06"],
    ]


def test_what_is_open_waits_while_something_is_with_us() -> None:
    world = asked_for_a_document()
    world.photo()
    world.examine({**PASSPORT, "mrz_valid": "false"})
    assert world.standing().next == Key("contact")
    world.passes(20 * DAY)
    assert nudges(world, "open", "later", "legal") == []


def test_nobody_is_told_anything_of_a_case_that_was_approved_in_time() -> None:
    world = approved()
    world.passes(60 * DAY)
    assert nudges(world) == []
