"""Follow-ups, thread by thread: what goes out when, what it says, and what holds it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.core import get_global

from bot.facts import Answer, Facts
from bot.followups import WAKING, country_zone, offset, waking, zone
from bot.followups.hours import ALPHA_2, MOST_PEOPLE
from bot.model import Key, Nudge, Pause, Reach, Record, Request, Stage, Submission
from bot.ports import Message
from bot.reviews import due, opens
from handlers.words import Words
from tests.world import PAINTING, PASSPORT, START, World, approved

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


# ---------------------------------------------------------------- the seller's day

ZONES = [
    ("DE", "", "2026-11-22T12:00", 60),
    ("DE", "", "2026-07-22T12:00", 120),
    ("JP", "", "2026-11-22T12:00", 540),
    ("US", "", "2026-11-22T12:00", -300),
    ("AU", "", "2026-11-22T12:00", 660),
    ("RU", "", "2026-11-22T12:00", 180),
    ("001", "", "2026-11-22T12:00", 0),
    ("US", "-480", "2026-11-22T12:00", -480),  # Los Angeles ...
    ("US", "-480", "2026-07-22T12:00", -420),  # ... keeps its summer time
    ("DE", "330", "2026-07-22T12:00", 330),  # a German seller in India: the clock they told stands
    ("", "-300", "2026-11-22T12:00", -300),
    ("", "", "2026-11-22T12:00", 0),
    ("DE", "Germany", "2026-11-22T12:00", 60),
    ("DE", "9999", "2026-11-22T12:00", 60),
    ("DE", "--5", "2026-11-22T12:00", 60),
    ("KI", "-600", "2026-11-22T12:00", 840),  # Kiribati's clock shows Hawaii's time, a day ahead
]


@pytest.mark.parametrize(("country", "told", "at", "minutes"), ZONES)
def test_the_zone_is_the_clock_they_told_else_the_countrys(
    country: str, told: str, at: str, minutes: int
) -> None:
    facts = Facts()
    facts.answers[Key("country")] = Answer(1, country, NOON, 1)
    if told:
        facts.answers[Key("time")] = Answer(2, told, NOON, 2)
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert instant.astimezone(zone(facts)).utcoffset() == timedelta(minutes=minutes)


OFFSETS = [
    ("12:00", "12:00", 0),
    ("14:00", "12:00", 120),
    ("14:07", "12:00", 120),
    ("14:08", "12:00", 135),
    ("07:00", "12:00", -300),
    ("17:30", "12:00", 330),
    ("17:45", "12:00", 345),
    ("00:30", "23:30", 60),
    ("23:30", "00:30", -60),
    ("00:00", "12:00", -720),
    ("23:59", "12:00", 720),
    ("19:00", "05:00", 840),
    ("19:15", "05:00", -585),
    ("03:00", "20:00", 420),
]


@pytest.mark.parametrize(("said", "utc", "minutes"), OFFSETS)
def test_the_offset_is_what_the_clock_shows_to_the_quarter_hour(said: str, utc: str, minutes: int) -> None:
    now = datetime.combine(NOON.date(), time.fromisoformat(utc), UTC)
    assert offset(said, now) == minutes
    assert offset(said, now.astimezone(country_zone("JP"))) == minutes


NIGHTS = [
    ("DE", "2026-11-22T03:00", "2026-11-22T08:00"),
    ("DE", "2026-11-22T19:00", "2026-11-23T08:00"),
    ("DE", "2026-11-22T18:59", "2026-11-22T18:59"),
    ("DE", "2026-07-22T03:00", "2026-07-22T07:00"),
    ("JP", "2026-11-22T23:59", "2026-11-23T00:00"),
    ("JP", "2026-11-22T12:00", "2026-11-23T00:00"),
    ("US", "2026-11-22T12:00", "2026-11-22T14:00"),
    ("US", "2026-11-23T01:30", "2026-11-23T14:00"),
]


@pytest.mark.parametrize(("country", "at", "then"), NIGHTS)
def test_at_night_we_wait_for_the_sellers_morning(country: str, at: str, then: str) -> None:
    instants = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (at, then)]
    assert waking(instants[0], country_zone(country)) == instants[1]


@pytest.mark.parametrize(("country", "hour"), [("Germany", 8), ("Japan", 0), ("United States", 14)])
def test_a_reminder_of_the_night_comes_in_the_morning_of_each_country(country: str, hour: int) -> None:
    world = World(now=START.replace(hour=2 if country == "Germany" else 13 if country == "Japan" else 4))
    world.given(command="start")
    world.tap("agree")
    world.given(text=country)
    world.passes(2 * DAY)
    (nudge,) = [r for r in world.case.history if isinstance(r, Nudge)]
    assert nudge.at.hour == hour


def test_a_worker_that_comes_late_waits_for_the_morning() -> None:
    world = asked_for_a_document()
    world.now = START.replace(day=3, hour=21)
    assert world.tick().messages == ()
    assert world.tick().index.due_at == START.replace(day=4, hour=8)


def test_every_country_with_several_times_of_day_has_its_own_named() -> None:
    several = set()
    for country in map(str, Locale("en").territories):
        names = map(str, get_global("territory_zones").get(country, ()))
        months = [NOON.replace(month=month) for month in (1, 7)]
        if len(country) == ALPHA_2 and country not in {"AQ", "UM", "ZZ"}:  # nobody sells from there
            offsets = {tuple(at.astimezone(ZoneInfo(name)).utcoffset() for at in months) for name in names}
            several |= {country} if len(offsets) > 1 else set()
    assert several == set(MOST_PEOPLE)


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
