"""Laws: what holds for every history, and for every order in which things may happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import quietly, staff
from bot.checks import worst
from bot.documents import REQUIREMENTS
from bot.facts import TALK, Facts
from bot.folding import gather
from bot.items import weigh
from bot.model import (
    Alert,
    Case,
    CaseId,
    Decision,
    Disposition,
    Erased,
    Examination,
    File,
    Finding,
    Key,
    Match,
    Move,
    Nudge,
    Outcome,
    Record,
    Retention,
    Ruling,
    Screened,
    Stage,
    State,
    Submission,
    Told,
    Verdict,
    Withdrawal,
    retention,
)
from bot.policy import FACTORS, POLICIES, Policy, Row
from bot.ports import Message, Say
from bot.ruling import ruled
from bot.staff import Tap, card, glance, judged
from bot.staff.roles import UNSAID
from bot.standing import OURS, OVER, openly, reached, stand
from bot.turn import Turn, conclude, moved
from tests.world import BILL, LICENCE, NOTHING_READ, PAINTING, PASSPORT, START, World, approved

EVIDENCE = st.sampled_from(
    [PASSPORT, LICENCE, PAINTING, BILL, NOTHING_READ, {**PASSPORT, "expires_on": "2027-01-10"}]
)
TEXTS = st.sampled_from(
    ["Germany", "Iran", "Ada Lovelace", "12 Main Street, 10115 Berlin", "10.12.1990", "", "x" * 4096]
)
FORGED = st.one_of(
    st.text(max_size=64),
    st.tuples(
        st.sampled_from("asfwnm"),
        st.text("0123456789-x", max_size=9),
        st.sampled_from(sorted(REQUIREMENTS)),
        st.text(max_size=9),
    ).map(":".join),
)
Step = Callable[[World], object]


def _steps() -> st.SearchStrategy[Step]:
    taps = ["agree", "refuse", "individual", "company", "correct", "fix", "complete", "DE", "nonsense"]
    commands = ["start", "status", "help", "privacy", "dance"]
    names = sorted(REQUIREMENTS)
    return st.one_of(
        TEXTS.map(lambda text: lambda w: w.given(text=text)),
        st.sampled_from(taps).map(lambda value: lambda w: w.tap(value)),
        st.sampled_from(commands).map(lambda command: lambda w: w.given(command=command)),
        st.just(lambda w: w.add(Move(w.now, "tg:2"))),
        st.just(lambda w: w.photo()),
        st.just(lambda w: w.photo(album="a")),
        EVIDENCE.map(lambda seen: lambda w: w.examine(seen)),
        st.just(lambda w: w.given(contact="+4915123456789")),
        st.sampled_from(["voice", "sticker", "foreign_contact", "blocked"]).map(
            lambda o: lambda w: w.given(other=o)
        ),
        st.sampled_from(names).map(lambda name: lambda w: w.given(tap=f"f:{name}")),
        st.integers(0, 40).map(lambda n: lambda w: w.given(tap=f"w:{n}")),
        FORGED.map(lambda data: lambda w: w.given(tap=data)),
        st.sampled_from([1, 25, 80, 800, 9000]).map(lambda hours: lambda w: w.passes(timedelta(hours=hours))),
        st.sampled_from([*Verdict]).map(lambda verdict: lambda w: _rule(w, verdict)),
    )


def _rule(world: World, verdict: Verdict) -> None:
    for item in world.standing().items:
        if item.key.requirement == "identity" and item.of:
            world.add(Ruling(world.now, item.key, item.of, verdict, "tg:9", "unreadable"))


def _played(steps: list[Step], world: World | None = None) -> World:
    world = world or World()
    world.given(command="start")
    for step in steps:
        step(world)
    return world


def _all(_: object) -> bool:
    return True


NEWER = replace(
    POLICIES[-1], version="2099-01", rows=(*POLICIES[-1].rows, Row(REQUIREMENTS["source_of_funds"], _all))
)
PLAYS = st.lists(_steps(), max_size=25)


@settings(max_examples=120, deadline=None)
@given(PLAYS)
def test_after_every_turn_the_seller_knows_where_they_stand(steps: list[Step]) -> None:
    world = _played(steps)
    world.given(command="help")
    assert not moved(world.standing())
    assert world.told().asked == world.standing().next


@settings(max_examples=120, deadline=None)
@given(PLAYS)
def test_a_turn_is_one_message_to_the_seller(steps: list[Step]) -> None:
    world = _played(steps)
    before = len(world.heard)
    change = world.given(text="Germany")
    assert sum(message.to == "seller" for message in change.messages) == 1
    assert len(world.heard) > before


@settings(max_examples=120, deadline=None)
@given(PLAYS)
def test_standing_follows_from_the_history_alone(steps: list[Step]) -> None:
    world = _played(steps)
    again = Case(world.case.id, world.case.language, world.case.opened_at, tuple(world.case.history))
    assert stand(again, world.policy, world.now) == world.standing()


@settings(max_examples=150, deadline=None)
@given(PLAYS, st.booleans(), st.sampled_from([POLICIES[-1], NEWER]))
def test_what_is_owed_and_the_risk_rest_on_nothing_that_was_only_said(
    steps: list[Step], sold: bool, policy: Policy
) -> None:
    world = _played(steps, approved() if sold else None)
    standing = stand(world.case, policy, world.now)
    facts = gather(_without_talk(world.case))
    for name in {field.name for field in fields(Facts)} - {*TALK}:
        assert getattr(facts, name) == getattr(standing.facts, name), name
    facts.forget_talk()
    assert weigh(facts, policy, world.now) == (standing.risk, standing.items)
    assert (reached(facts, standing.items) in OVER) == (standing.stage in OVER)


def _without_talk(case: Case) -> Case:
    """As it would be if all that was said had been erased."""
    gone = (Erased(r.at, type(r).__name__.lower(), getattr(r, "key", None)) for r in case.history)
    both = zip(case.history, gone, strict=True)
    return replace(case, history=tuple(g if retention(r) is Retention.TALK else r for r, g in both))


@settings(max_examples=100, deadline=None)
@given(PLAYS)
def test_follow_ups_come_one_at_a_time_by_day_and_never_while_we_owe(steps: list[Step]) -> None:
    world = _played(steps)
    sent = [(n, r) for n, r in world.case.records() if isinstance(r, Nudge)]
    for (_, one), (_, other) in pairwise(sent):
        assert other.at - one.at >= timedelta(hours=20)
    for sequence, nudge in sent:
        before = replace(world.case, history=world.case.history[: sequence - 1])
        states = [item.state for item in stand(before, world.policy, nudge.at).items]
        assert nudge.thread != "open" or not any(state in OURS for state in states)


@settings(max_examples=100, deadline=None)
@given(PLAYS, st.booleans())
def test_a_worker_never_turns_in_circles(steps: list[Step], adopted: bool) -> None:
    world = _played(steps)
    world.policy = NEWER if adopted else world.policy
    for _ in range(30):
        now, change = world.now, world.tick()
        due = change.index.due_at
        if not change.records and not world.standing().facts.unread():
            assert due is None or due > now, "the same work would be claimed again and again"
            world.now = due or now + timedelta(days=1)


@settings(max_examples=50, deadline=None)
@given(PLAYS)
def test_what_is_known_of_a_case_only_saves_time(steps: list[Step]) -> None:
    _played(steps, World(strict=True))


@settings(max_examples=60, deadline=None)
@given(PLAYS, st.booleans())
def test_a_card_that_looks_the_same_at_a_glance_is_the_same(steps: list[Step], sells: bool) -> None:
    world = approved() if sells else World()
    world.given(command="start")
    for step in steps:
        before = world.case, world.standing()
        step(world)
        if len(world.case) >= len(before[0]) and glance(before[1]) == glance(world.standing()):
            assert card(*before) == card(world.case, world.standing())


@settings(max_examples=100, deadline=None)
@given(PLAYS)
def test_a_machine_refuses_pictures_never_people(steps: list[Step]) -> None:
    world = _played(steps)
    decisions = [r for r in world.case.history if isinstance(r, Decision) and r.by == "policy"]
    assert all(decision.outcome is Outcome.APPROVE for decision in decisions)
    assert world.standing().stage not in {Stage.DECLINED, Stage.SUSPENDED, Stage.CLOSED}


@settings(max_examples=100, deadline=None)
@given(PLAYS, st.integers(0, 30))
def test_what_the_seller_hears_never_depends_on_a_quiet_alert(steps: list[Step], at: int) -> None:
    plain, watched = World(), World()
    for world in (plain, watched):
        world.given(command="start")
        for n, step in enumerate(steps):
            if n == at and world is watched:
                world.add(Alert(world.now, "structuring", "2026-W45", quiet=True, transactions=("t1",)))
                world.now -= timedelta(seconds=1)
            step(world)
    assert [_words(world) for world in (plain, watched)] == [_words(plain)] * 2


MATCH = Match("pair", "Ada Lovelace", "LOVELACE, Ada", "X-1", "OFAC", 100, "the same name")
FOUND_AT = ("identity", "contact", "shop_name")


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["Germany", "Kenya", "Iran"]), st.sampled_from(FOUND_AT), st.booleans(), st.integers(0, 3)
)
def test_what_the_group_sees_never_depends_on_a_match(country: str, at: str, draws: bool, days: int) -> None:
    """Up to the seller's next word: who was told to sell may say other things than who was not."""
    plain, watched = World(draws=draws), World(draws=draws)
    for world in (plain, watched):
        world.given(command="start")
        world.finish("country")
        world.given(text=country)
        world.finish(at)
        if world is watched:
            world.add(Screened(world.now, "digest", "1", (MATCH,)))
            world.now -= timedelta(seconds=1)
        world.finish()
        seen = world.heard.copy()
        _signed(world)
        world.passes(timedelta(days=days))
        assert world.standing().stage is (Stage.IN_REVIEW if world is watched else Stage.APPROVED)
        assert len(world.heard) > len(seen) or country == "Germany"
    assert _group(plain) == _group(watched)
    _ends(plain, watched)


def _signed(world: World) -> None:
    """Whoever is wanted approves."""
    for by in ("tg:900", "tg:901"):
        standing = openly(world.standing())
        if staff.waits(standing):
            tap = Tap(world.case.id, judged(standing, "approve", None), "approve")
            world.apply(ruled(world.case, standing, tap, by, world.now))


def _ends(plain: World, watched: World) -> None:
    """Compliance declines where it alone reads; where there is no match somebody does in the group, without a reason."""
    by, case = "tg:902", watched.case.id
    tap = Tap(case, judged(openly(plain.standing()), "decline", None), "decline", reason=UNSAID)
    ends = plain.apply(ruled(plain.case, openly(plain.standing()), tap, by, plain.now))
    for quiet in (
        Tap(case, 0, "them", Key("pair_pair"), "all_agrees"),
        Tap(case, 0, "quiet_decline", None, "own", "on the list"),
    ):
        turn = quietly.ruled(watched.case, watched.standing(), quiet, by, watched.now)
        too = watched.apply(turn)
        assert turn.records
        watched.now -= timedelta(seconds=quiet.action == "them")
    assert plain.standing().stage is watched.standing().stage is Stage.DECLINED
    told = [[(m.says, m.buttons) for m in change.messages if m.to == "seller"] for change in (ends, too)]
    assert told[0] == told[1]
    assert _group(plain) == _group(watched)
    for world in (plain, watched):
        world.given(tap="x:appeal")
        standing = openly(world.standing())
        reopen = Tap(case, judged(standing, "reopen", None), "reopen")
        world.apply(ruled(world.case, standing, reopen, "tg:900", world.now))
        _signed(world)
        assert world.standing().stage is (Stage.IN_REVIEW if world is watched else Stage.APPROVED)
    assert _group(plain) == _group(watched)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["Germany", "Kenya", "Iran"]),
    st.sampled_from(["decline", "suspend"]),
    st.booleans(),
    st.integers(0, 3),
)
def test_what_the_group_sees_never_depends_on_who_ended_a_case(
    country: str, ends: str, draws: bool, days: int
) -> None:
    """Compliance ends one after a report, somebody the other without saying why; the group opens both again."""
    plain, watched = World(draws=draws), World(draws=draws)
    for world in (plain, watched):
        world.given(command="start")
        world.finish("country")
        world.given(text=country)
        world.finish()
        _signed(world)
        assert world.standing().stage is Stage.APPROVED
    _ended(plain, watched, ends)
    for world in (plain, watched):
        _reopened(world)
        world.passes(timedelta(days=days))
        assert world.standing().stage is (Stage.IN_REVIEW if world is watched else Stage.APPROVED)
    assert _group(plain) == _group(watched)
    _agreed(plain, watched)


def _ended(plain: World, watched: World, ends: str) -> None:
    by, seen = "tg:902", openly(plain.standing())
    watched.add(Alert(watched.now, "structuring", "2026-W45", quiet=True, transactions=("t1",)))
    (of,) = watched.standing().facts.quiet.open_alerts()
    watched.add(Disposition(watched.now, of, "reported", by))
    watched.now = plain.now
    tap = Tap(plain.case.id, judged(seen, ends, None), ends, reason=UNSAID)
    plain.apply(ruled(plain.case, seen, tap, by, plain.now))
    quiet = Tap(watched.case.id, 0, f"quiet_{ends}", None, "ordered")
    watched.apply(quietly.ruled(watched.case, watched.standing(), quiet, by, watched.now))
    assert plain.standing().stage is watched.standing().stage in OVER
    assert watched.standing().facts.quiet.ended()


def _reopened(world: World) -> None:
    """Somebody other than who ended it opens it again, and whoever is wanted approves; compliance hears of it."""
    standing, before = openly(world.standing()), len(world.heard)
    tap = Tap(world.case.id, judged(standing, "reopen", None), "reopen")
    world.apply(ruled(world.case, standing, tap, "tg:900", world.now))
    _signed(world)
    called = any(m.to == "compliance" and m.anew for _, m in world.heard[before:])
    assert called is bool(world.standing().facts.quiet.ended())


def _agreed(plain: World, watched: World) -> None:
    """Then both sell, and the group has heard nothing of how."""
    before = len(watched.heard)
    ended = watched.standing().facts.quiet.ended()
    assert ended
    tap = Tap(watched.case.id, ended.of, "quiet_agree", None, "explained")
    watched.apply(quietly.ruled(watched.case, watched.standing(), tap, "tg:902", watched.now))
    assert plain.standing().stage is watched.standing().stage is Stage.APPROVED
    assert not [m for _, m in watched.heard[before:] if m.to == "staff"]
    assert _group(plain) == _group(watched)


def _group(world: World) -> tuple[object, ...]:
    """All that went to the group, and what it gets when it asks."""
    seen = openly(world.standing())
    sent = [(m.says, _labels(m), m.anew) for _, m in world.heard if m.to == "staff"]
    drawn = card(world.case, seen)
    since = staff.waiting_since(world.case, seen)
    return sent, drawn.says, _labels(drawn), since and since.replace(second=0), [*staff.reasons(seen)]


def _labels(message: Message) -> list[str]:
    return [button.word for row in message.buttons for button in row]


def _words(world: World) -> list[tuple[Say, ...]]:
    """All that was said to anybody but compliance, with every argument."""
    return [message.says for _, message in world.heard if message.to != "compliance"]


@settings(max_examples=80, deadline=None)
@given(PLAYS)
def test_a_deploy_alone_says_nothing(steps: list[Step]) -> None:
    world = _played(steps)
    world.passes(timedelta(hours=30))
    assert NEWER.fingerprint() != POLICIES[-1].fingerprint()
    quiet, _ = conclude(world.case, Turn(asks=False, bulk=True), world.policy, world.now)
    assert quiet.messages == ()
    assert quiet.records == ()


@settings(max_examples=30, deadline=None)
@given(PLAYS)
def test_a_policy_adopted_later_asks_for_what_is_new(steps: list[Step]) -> None:
    world = approved()
    for step in steps[:5]:
        step(world)
    world.policy = NEWER
    assert world.standing().item(Key("source_of_funds"))
    world.passes(timedelta(hours=30))
    assert not moved(world.standing()) or not world.standing().facts.reachable


@given(FORGED | st.text().map("s:c:{}:accept:identity.x:".format))
def test_forged_staff_buttons_are_nothing(data: str) -> None:
    tap = Tap.parse(data)
    assert tap is None or Tap.parse(tap.data()) == tap


@given(st.lists(st.sampled_from([*Verdict])))
def test_the_worst_finding_wins(verdicts: list[Verdict]) -> None:
    findings = [Finding("x", verdict) for verdict in verdicts]
    assert worst(findings) is max(verdicts, default=Verdict.PASS)


@given(st.permutations(range(len(FACTORS))))
def test_contributions_add_up_in_any_order(order: list[int]) -> None:
    world = World()
    world.add(Submission(START, Key("country"), "IR"))
    shuffled = replace(world.policy, factors=tuple(FACTORS[i] for i in order))
    risk = stand(world.case, shuffled, START).risk
    assert risk.score == sum(risk.contributions.values()) == 60
    assert risk == world.standing().risk


@given(EVIDENCE, st.sampled_from([Verdict.PASS, Verdict.REVIEW, Verdict.REJECT]))
def test_a_persons_ruling_outranks_the_machine_and_lapses_when_its_ground_changes(
    evidence: dict[str, str], verdict: Verdict
) -> None:
    world = _played([])
    world.tap("agree")
    world.given(text="Germany")
    world.tap("individual")
    world.photo()
    world.examine(evidence)
    item = world.standing().item(Key("identity"))
    assert item
    machine = item.state
    world.add(Ruling(world.now, item.key, item.of, verdict, "tg:9", "unreadable"))
    ruled = world.standing().item(Key("identity"))
    expected = {Verdict.PASS: State.SATISFIED, Verdict.REVIEW: State.PENDING, Verdict.REJECT: State.REJECTED}[
        verdict
    ]
    expired = verdict is Verdict.PASS and "" < evidence.get("expires_on", "") < "2026-11-02"
    assert ruled
    assert ruled.state is (State.EXPIRED if expired else expected)
    world.add(Submission(world.now, Key("full_name"), "Ada Lovelace"))
    lapsed = world.standing().item(Key("identity"))
    assert lapsed
    assert lapsed.state is machine


KEYS = st.sampled_from([Key(name, subject) for name in REQUIREMENTS for subject in (0, 3)])
TIMES = st.integers(0, 10**7).map(lambda seconds: START + timedelta(seconds=seconds))
FILES = st.just((File("f", "photo"),))
RECORDS: st.SearchStrategy[Record] = st.one_of(
    st.builds(Submission, TIMES, KEYS, TEXTS),
    st.builds(Submission, TIMES, KEYS, st.just(""), FILES, st.sampled_from(["", "album"])),
    st.builds(Examination, TIMES, KEYS, st.integers(0, 30), st.just("r"), EVIDENCE),
    st.builds(Withdrawal, TIMES, st.integers(0, 30)),
    st.builds(
        Ruling, TIMES, KEYS, st.integers(0, 30), st.sampled_from([*Verdict]), st.just("tg:9"), st.just("")
    ),
    st.builds(Decision, TIMES, st.sampled_from([*Outcome]), st.sampled_from(["policy", "tg:9"])),
    st.builds(
        Told,
        TIMES,
        st.sampled_from([*Stage]),
        st.just({"identity": State.MISSING}),
        st.none() | KEYS,
        st.booleans(),
    ),
    st.builds(Nudge, TIMES, st.sampled_from(["open", "expiry"]), st.integers(1, 30), KEYS),
    st.builds(Alert, TIMES, st.just("rule"), st.text(max_size=3), st.booleans()),
    st.builds(Erased, TIMES, st.just("Submission"), st.none() | KEYS),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(RECORDS, max_size=30))
def test_no_history_makes_stand_raise(history: list[Record]) -> None:
    case = Case(CaseId("c0ffee0000"), "en", START, tuple(history))
    standing = stand(case, POLICIES[-1], START + timedelta(days=400))
    assert standing.stage in set(Stage)
    change, _ = conclude(case, Turn(), POLICIES[-1], START + timedelta(days=400))
    assert change.length == len(history)
