"""What compliance does where it alone reads: its own queue, and an end to a case, for a reason that nobody else learns."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from bot import quietly
from bot.compliance import card
from bot.matters import line, since
from bot.model import (
    Alert,
    Case,
    CaseId,
    Cleared,
    Decision,
    Disposition,
    Filing,
    Match,
    Outcome,
    Record,
    Retention,
    Screened,
    Stage,
)
from bot.policy import POLICIES
from bot.staff import Tap, dressed
from bot.standing import stand
from storage import migrate
from storage.migrate import configuration, driver_url
from tests.staffroom import NAMES, OFFICER, REVIEWER
from tests.talk import WORDS, seen
from tests.watched import NAMESAKE, OTHER, Watched
from tests.world import START, World, approved

HOUR = timedelta(hours=1)
NOT_NOW = "We cannot open selling for you now. You can ask another person to look again."


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Watched]:
    talk = Watched(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    talk.desk.names = NAMES
    yield talk
    await talk.storage.close()


async def found(talk: Watched, *, sells: bool = False) -> CaseId:
    """A seller whose match compliance found to be true; `sells`: already when it came up."""
    await talk.load(OTHER if sells else NAMESAKE)
    await talk.sells()
    await talk.load(NAMESAKE)
    await talk.ruled("A: the same person")
    await talk.ruled("Everything agrees")
    return await talk.case()


async def history(talk: Watched) -> tuple[Record, ...]:
    return (await talk.storage.cases.load(await talk.case())).history


# ---- the queue


async def test_the_queue_holds_what_compliance_alone_sees_and_leads_to_its_card(talk: Watched) -> None:
    assert await talk.wrote(command="queue") == [
        "compliance: Nothing is open for you. Well done, and thank you!"
    ]
    await talk.load(NAMESAKE)
    talk.chat = "tg:5"
    talk.clock.instant += HOUR
    await talk.sells()
    later = await talk.case()
    talk.chat = "tg:1"
    talk.clock.instant -= HOUR
    await talk.seller(command="start")
    await talk.finish("shop_name")
    first = await talk.case()
    assert (await talk.wrote(command="queue"))[0].splitlines() == [
        "compliance: Open for you, the oldest first:",
        "",
        f"{first} · ADA LOVELACE · a match · since November 2, 2026, 10:00 UTC",
        f"{later} · ADA LOVELACE · a match, an approval held back · since November 2, 2026, 11:00 UTC",
        f"[Show {first}]  [Show {later}]",
    ]
    assert (await talk.ruled(f"Show {later}"))[0].startswith(
        f"compliance: For compliance alone. Case {later}"
    )
    await talk.ruled("A: another person")
    await talk.ruled("The birth dates differ")
    assert later not in (await talk.wrote(command="queue"))[0]


async def test_the_groups_queue_holds_nothing_of_it(talk: Watched) -> None:
    await found(talk)
    group = talk.given("staff", OFFICER, command="queue")
    assert await talk.keep(await talk.desk.staff(group)) == ["staff: Nobody is waiting. Well done!"]


async def test_only_who_acts_as_compliance_reads_its_queue(talk: Watched) -> None:
    await found(talk)
    assert await talk.wrote(REVIEWER, command="queue") == []


async def test_a_long_queue_is_cut(talk: Watched) -> None:
    await talk.load(NAMESAKE)
    for n in range(11):
        talk.chat = f"tg:{10 + n}"
        await talk.seller(command="start")
        await talk.finish("contact")
    said = (await talk.wrote(command="queue"))[0]
    assert said.count("a match") == 10
    assert "And more, who have waited less." in said


async def test_what_is_erased_is_in_no_queue(talk: Watched) -> None:
    case = await found(talk)
    assert await talk.storage.register.quiet() == (case,)
    await talk.storage.cases.erase(case, frozenset(Retention))
    assert await talk.storage.register.quiet() == ()


async def test_what_was_open_before_there_was_a_queue_is_in_it(talk: Watched) -> None:
    """The migration cannot read what is encrypted: whoever works on what is due fills the column."""
    case = await found(talk)
    await _erased(talk)
    await talk.storage.close()
    config = configuration()
    with create_engine(driver_url(talk.url), poolclass=NullPool).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
    migrate(talk.url)
    talk.open()
    assert await talk.storage.register.quiet() == ()
    assert await talk.storage.cases.claim(talk.clock.now(), timedelta(0)) == (case,)
    assert await talk.drain() == []
    assert await talk.storage.register.quiet() == (case,)


async def _erased(talk: Watched) -> None:
    """Another seller with a match, of whom nothing is left."""
    talk.chat = "tg:9"
    await talk.sells()
    await talk.storage.cases.erase(await talk.case(), frozenset(Retention))
    talk.chat = "tg:1"


PAIR = Match("pair", "Ada", "LOVELACE", "1", "OFAC", 100, "the same")
OTHER_PAIR = Match("other", "Ada", "LACE", "2", "OFAC", 90, "alike")
ALERT = Alert(START, "structuring", "2026-W45", True)
FOUND = Screened(START, "digest", "1", (PAIR,))
AGAIN = Screened(START + 3 * HOUR, "digest", "2", (PAIR, OTHER_PAIR))
SAME = Cleared(START + HOUR, "pair", True, "tg:901")
REPORTED = Disposition(START + HOUR, 1, "reported", "tg:901")
LEFT = Decision(START + 2 * HOUR, Outcome.CLOSE, "seller")


def filing(state: str, hours: int = 2) -> Filing:
    return Filing(START + hours * HOUR, state, "olga")


@pytest.mark.parametrize(
    ("records", "open_", "hour"),
    [
        ((), "", 0),
        ((FOUND,), "a match", 10),
        ((FOUND, AGAIN), "2 matches", 10),  # found anew, open since it was first found
        ((FOUND, Cleared(START, "pair", False, "tg:901")), "", 0),
        ((FOUND, SAME), "a listed person to decide on", 11),
        ((FOUND, SAME, Decision(START, Outcome.DECLINE, "tg:901")), "", 0),
        ((FOUND, SAME, Decision(START, Outcome.SUSPEND, "tg:901")), "", 0),
        ((ALERT,), "an alert", 10),
        ((ALERT, ALERT), "2 alerts", 10),
        ((Alert(START, "high_volume", "2026-W45", False),), "", 0),
        ((ALERT, Disposition(START, 1, "dismissed", "tg:901")), "", 0),
        ((ALERT, Disposition(START, 1, "asked", "tg:901")), "", 0),
        ((ALERT, REPORTED), "a report to draw up", 11),
        ((ALERT, REPORTED, filing("drafted")), "a report to file", 12),
        ((ALERT, REPORTED, filing("drafted"), filing("filed", 3)), "", 0),
        ((ALERT, REPORTED, filing("not_to_report")), "", 0),
        ((ALERT, filing("filed", 0), REPORTED), "a report to draw up", 11),
        ((filing("drafted"),), "a report to file", 12),
        ((FOUND, SAME, LEFT), "a wish that all be deleted", 12),
        ((ALERT, LEFT), "an alert, a wish that all be deleted", 10),
        ((ALERT, REPORTED, filing("drafted"), filing("filed"), LEFT), "", 0),
        ((filing("drafted"), filing("filed"), filing("not_to_report", 3), LEFT), "", 0),
        ((LEFT,), "", 0),
    ],
)
def test_what_is_open_and_since_when(records: tuple[Record, ...], open_: str, hour: int) -> None:
    case = Case(CaseId("c"), "en", START, records)
    standing = stand(case, POLICIES[-1], START + 5 * HOUR)
    said = [seen(WORDS.say("en", say)) for say in line(case, standing)]
    assert said == ([f"c · no name yet · {open_} · since November 2, 2026, {hour}:00 UTC"] if open_ else [])
    assert bool(since(standing)) is bool(open_)


# ---- an end


async def test_compliance_declines_and_only_compliance_reads_why(talk: Watched) -> None:
    case = await found(talk)
    (asked,) = await talk.ruled("Decline …")
    assert "Why is the seller declined? Only compliance reads the reason." in asked
    assert await talk.stage() is Stage.IN_REVIEW
    seller, group, own = await talk.ruled("The person is on a list")
    assert seller.startswith(NOT_NOW)
    assert group.startswith("staff: Nothing to do here at the moment.")
    assert "Declined by Olga, without saying why." in group
    assert not any(word in group + seller for word in ("list", "Drawn", "X-1"))
    assert own.startswith(f"compliance: Nothing is open. Case {case}")
    assert "Declined by Olga: the person is on a list." in own
    assert await talk.stage() is Stage.DECLINED
    *_, made, why, _ = await history(talk)
    assert isinstance(made, Decision)
    assert (made.outcome, made.by, made.reason, made.words) == (Outcome.DECLINE, OFFICER, "unsaid", "")
    assert isinstance(why, Disposition)
    assert (why.by, why.reason) == (OFFICER, "is_listed")


async def test_who_sells_may_be_suspended_as_well(talk: Watched) -> None:
    await found(talk, sells=True)
    await talk.ruled("Suspend …")
    seller, group, own = await talk.ruled("An authority asked for it")
    assert seller.startswith("Selling is paused for now. You can ask another person to look again.")
    assert "Suspended by Olga, without saying why." in group
    assert "Suspended by Olga: an authority asked for it." in own
    assert await talk.stage() is Stage.SUSPENDED


async def test_a_reason_in_ones_own_words_stays_here_and_has_a_limit(talk: Watched) -> None:
    await found(talk)
    await talk.ruled("Decline …")
    prompt, card = await talk.ruled("In my own words …")
    assert "Why is" not in card
    assert "why is the seller declined?" in prompt
    assert "Only compliance reads it." in prompt
    (said,) = await talk.wrote(text="x" * 301, reply=prompt)
    assert "that is too long, 300 characters are the most" in said
    assert await talk.stage() is Stage.IN_REVIEW
    seller, group, own = await talk.wrote(text="The passport is the one on the list", reply=prompt)
    assert "“The passport is the one on the list”" in own
    assert "passport is the one" not in seller + group


@pytest.mark.parametrize("who", [REVIEWER, "tg:902", "tg:77"])
async def test_nobody_else_ends_it_so(talk: Watched, who: str) -> None:
    case = await found(talk)
    tap = f"s:{case}:0:quiet_decline::is_listed"
    for chat in ("compliance", "staff"):
        assert await talk.keep(await talk.desk.staff(talk.given(chat, who, tap=tap))) == []
    assert await talk.stage() is Stage.IN_REVIEW


async def test_without_a_true_match_or_a_report_there_is_no_such_end(talk: Watched) -> None:
    await talk.load(NAMESAKE)
    await talk.sells()
    case = await talk.case()
    for action in ("quiet_decline", "quiet_suspend"):
        tap = f"s:{case}:0:{action}::is_listed"
        (card,) = await talk.keep(await talk.desk.staff(talk.given("compliance", OFFICER, tap=tap)))
        assert "[Decline …]" not in card
    assert await talk.stage() is Stage.IN_REVIEW


async def test_two_presses_are_one_decision(talk: Watched) -> None:
    await found(talk)
    await talk.ruled("Decline …")
    await talk.ruled("The person is on a list")
    (card,) = await talk.ruled("The person is on a list")
    assert card.startswith("compliance: Nothing is open.")
    assert sum(isinstance(r, Decision) and r.outcome is Outcome.DECLINE for r in await history(talk)) == 1


@pytest.mark.parametrize("sells", [False, True])
async def test_who_opens_it_again_unknowing_lets_nobody_sell(talk: Watched, sells: bool) -> None:
    case = await found(talk, sells=sells)
    await talk.ruled("Suspend …" if sells else "Decline …")
    await talk.ruled("The person is on a list")
    called = talk.new["compliance"]
    await talk.tap("Ask another person to look again")
    heard = await talk.staff("Reopen")
    assert not any("You can sell" in text for text in heard)
    assert any("approved" in text for text in heard if text.startswith("staff: "))
    assert await talk.stage() is Stage.IN_REVIEW
    assert talk.new["compliance"] == called + 1
    assert (
        f"{case} · ADA LOVELACE · a listed person to decide on, an approval held back"
        in (await talk.wrote(command="queue"))[0]
    )


def ended(world: World) -> Disposition:
    """Compliance suspends, somebody opens again, and the policy approves: that waits."""
    pressed(world, "quiet_suspend", 0)
    world.add(Decision(world.now, Outcome.REOPEN, REVIEWER))
    assert world.standing().held
    said = world.standing().facts.quiet.ended()
    assert said
    return said


def pressed(world: World, action: str, of: int) -> tuple[Record, ...]:
    tap = Tap(world.case.id, of, action, None, "ordered")
    turn = quietly.ruled(world.case, world.standing(), tap, OFFICER, world.now)
    world.apply(turn)
    return turn.records


def reported() -> World:
    world = approved()
    world.add(ALERT)
    (of,) = world.standing().facts.quiet.open_alerts()
    world.add(Disposition(world.now, of, "reported", OFFICER))
    return world


def test_an_older_card_does_not_take_back_a_newer_end() -> None:
    world = reported()
    first, last = ended(world), ended(world)
    assert pressed(world, "quiet_agree", first.of) == ()
    assert world.standing().held
    assert pressed(world, "quiet_agree", last.of)
    assert world.standing().stage is Stage.APPROVED
    assert pressed(world, "quiet_agree", last.of) == ()


def test_who_may_be_on_a_list_is_let_go_only_once_that_is_ruled_on() -> None:
    world = reported()
    end = ended(world)
    world.add(FOUND)
    assert pressed(world, "quiet_agree", end.of) == ()
    world.add(Cleared(world.now, "pair", False, OFFICER))
    assert world.standing().held
    assert pressed(world, "quiet_agree", end.of)
    assert world.standing().stage is Stage.APPROVED


@pytest.mark.parametrize(
    ("records", "lines"),
    [
        ((), []),
        ((filing("drafted"),), []),
        (
            (filing("drafted"), Filing(START, "filed", OFFICER, "", "FIU-1")),
            ["Reported on November 2, 2026 under FIU-1, says Olga."],
        ),
        (
            (
                filing("drafted"),
                Filing(START, "filed", "ann", "", "FIU-1"),
                Filing(START + 48 * HOUR, "filed", OFFICER, "", "FIU-2"),
            ),
            ["Reported on November 2, 2026 under FIU-2, says Olga."],
        ),
        (
            (
                Filing(START, "not_to_report", OFFICER, "a wedding"),
                filing("drafted"),
                Filing(START + 48 * HOUR, "filed", OFFICER, "", "FIU-1"),
            ),
            [
                "Not reported, decides Olga: “a wedding”.",
                "Reported on November 4, 2026 under FIU-1, says Olga.",
            ],
        ),
    ],
)
def test_the_card_says_what_became_of_a_report(records: tuple[Record, ...], lines: list[str]) -> None:
    world = reported()
    world.add(*records)
    shown = dressed(card(world.case, world.standing()), world.case.id, NAMES, "")
    said = [seen(WORDS.say("en", say)) for say in shown.says]
    assert [line for line in said if line.startswith(("Reported", "Not reported"))] == lines
