"""Time: who hears what when, deadlines, quiet hours, and what a second document at once does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.conditions import always
from bot.documents.funds import SOURCE_OF_FUNDS
from bot.followups import LATE, WAKING, country_zone, waking
from bot.model import Alert, Key, Nudge, Stage, State, Told
from bot.policy import POLICIES, Row
from tests.world import PASSPORT, START, World, approved


def _nudges(world: World) -> list[Nudge]:
    return [record for record in world.case.history if isinstance(record, Nudge)]


def test_two_documents_that_run_out_together_are_announced_a_day_apart() -> None:
    world = World()
    world.given(command="start")
    world.tap("agree")
    world.given(text="Germany")
    world.tap("company")
    world.photo()
    world.examine({**PASSPORT, "expires_on": "2027-12-01"})
    world.finish("owner")
    world.given(text="Charles Babbage")
    world.tap("complete")
    world.given(text="100")
    world.photo()
    world.examine(
        {
            **PASSPORT,
            "given_names": "CHARLES",
            "surname": "BABBAGE",
            "number": "B1",
            "expires_on": "2027-12-01",
        }
    )
    world.finish()
    assert world.standing().stage is Stage.APPROVED
    world.passes(timedelta(days=393))
    sent = _nudges(world)
    assert {nudge.key for nudge in sent if nudge.key} == {
        key for key in (i.key for i in world.standing().items) if key.requirement == "identity"
    }
    assert all(other.at - one.at >= timedelta(hours=20) for one, other in pairwise(sent))


def test_nobody_is_reminded_while_it_is_our_turn() -> None:
    world = World()
    world.given(command="start")
    world.tap("agree")
    world.given(text="Germany")
    world.tap("individual")
    world.photo()
    world.examine({**PASSPORT, "mrz_valid": "false"})
    assert world.standing().next == Key("contact")
    world.passes(timedelta(days=20))
    assert {nudge.thread for nudge in _nudges(world)} == {LATE}


def test_what_time_does_is_told_in_the_sellers_morning() -> None:
    world = approved()
    world.passes(timedelta(days=365 * 4))
    expired = next(r for r in world.case.history if isinstance(r, Told) and State.EXPIRED in r.items.values())
    local = expired.at.astimezone(ZoneInfo("Europe/Berlin"))
    assert WAKING[0] <= local.time() < WAKING[1]
    assert local.date().isoformat() == "2030-01-02"


def test_waking_hours_are_the_sellers_own() -> None:
    night = START.replace(hour=3)
    assert waking(night, country_zone("DE")) == START.replace(hour=8)
    assert waking(night, country_zone("JP")) == night
    assert waking(night, country_zone("??")) == START.replace(hour=9)
    assert waking(START.replace(hour=23), country_zone("DE")) == START.replace(day=3, hour=8)


def test_a_deadline_counts_from_the_first_word_of_it() -> None:
    world = approved()
    world.passes(timedelta(days=365 * 4))
    first = world.standing().due_by
    world.given(tap="f:address")
    world.given(text="5 Side Street, 20095 Hamburg")
    assert world.standing().stage is Stage.ACTION_NEEDED
    assert world.standing().due_by == first


def test_a_card_about_an_older_document_confirms_nothing() -> None:
    world = approved()
    world.given(tap="f:identity")
    world.photo()
    world.examine({**PASSPORT, "number": "Y1"})
    asked = world.told()
    assert asked.asked == Key("card")
    old = next(n for n, r in world.case.records() if isinstance(r, Told) and r.asked == Key("card"))
    change = world.given(tap=f"a:{old}:card:correct")
    assert change.messages[0].says[0].key == "stale"
    world.tap("correct")
    assert world.standing().stage is Stage.APPROVED


def test_pictures_that_come_before_the_first_is_read_are_read_together() -> None:
    world = World()
    world.given(command="start")
    world.tap("agree")
    world.given(text="Germany")
    world.tap("individual")
    world.photo()
    world.photo()
    (paper,) = world.standing().facts.papers
    assert len(paper.files) == 2


def test_a_quiet_alert_moves_no_point_that_others_see() -> None:
    world = approved()
    before = world.standing()
    world.add(Alert(world.now, "structuring", "2026-W45", quiet=True))
    after = world.standing()
    assert (after.risk.contributions, after.risk.tier) == (before.risk.contributions, before.risk.tier)
    assert after.risk.quiet == {"quiet_alert": 40}
    assert after.items == before.items


def test_a_policy_adopted_at_night_asks_in_the_morning() -> None:
    world = approved()
    world.policy = replace(
        POLICIES[-1], version="2099-01", rows=(*POLICIES[-1].rows, Row(SOURCE_OF_FUNDS, always))
    )
    world.now = START.replace(day=9, hour=23)
    before = len(world.heard)
    assert world.tick().index.due_at == START.replace(day=10, hour=8)
    assert len(world.heard) == before
    world.passes(timedelta(hours=12))
    at, message = world.heard[-1]
    assert message.says[-1].key == "ask.source_of_funds"
    assert at == START.replace(day=10, hour=8)


def test_a_picture_that_is_refused_does_not_move_the_last_day() -> None:
    world = approved()
    world.passes(timedelta(days=365 * 4))
    first = world.standing().due_by
    for _ in range(2):
        world.now += timedelta(days=3)
        world.photo()
        world.examine({"type": "not_a_document"})
    assert world.standing().item(Key("identity"))
    assert world.standing().due_by == first
