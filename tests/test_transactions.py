"""POST /v1/transactions over real HTTP, and the watch over what is stored."""

from __future__ import annotations

import asyncio
import io
import json
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.cli.marketplace import resume
from bot.model import Alert, Retention, Transaction
from bot.monitoring import Profile, found, moved
from bot.monitoring.live import Watch
from bot.ports import AwayError, Observed, OtherwiseError, Parcel
from handlers.bench.money import drawn
from handlers.bench.till import BEGAN
from handlers.web.transactions import LARGEST, MOST, Transactions
from handlers.web.webhook import serve
from storage import Storage
from tests.talk import HeldClock, Talk
from tests.world import START

KEY = {"Authorization": "Bearer k3y"}
ROW = {
    "id": "t1", "seller": "s", "at": "2026-03-01T10:00:00Z", "amount": "5.00", "currency": "EUR", "direction": "in",
    "counterparty": "p", "counterparty_country": "DE", "method": "card", "card": "c",
}  # fmt: skip


class Door:
    """A server with the one route, whose desk only remembers."""

    def __init__(self) -> None:
        self.seen: list[Transaction] = []
        self.trouble: Exception | None = None
        self.url = ""

    async def observe(self, rows: Sequence[Transaction]) -> Observed:
        if self.trouble:
            raise self.trouble
        self.seen += rows
        strangers = dict.fromkeys(row.seller for row in rows if row.seller.startswith("stranger"))
        return Observed(strangers=tuple(strangers))

    async def deliver(self, parcels: Sequence[Parcel]) -> None:
        raise AssertionError(parcels)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    from aiohttp import web

    door = Door()
    app = web.Application(client_max_size=LARGEST)
    app.add_routes(Transactions(door.observe, door.deliver, "k3y", HeldClock()).routes())
    runner = await serve(app, 0, "127.0.0.1")
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1/transactions"
    yield door
    await runner.cleanup()


async def post(door: Door, body: Any, headers: dict[str, str] = KEY) -> tuple[int, dict[str, Any]]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = io.BytesIO(data)
    async with aiohttp.ClientSession() as http, http.post(door.url, data=sent, headers=headers) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize("body", [ROW, [ROW], {"transactions": [ROW]}], ids=["one", "a list", "named"])
async def test_one_or_many(door: Door, body: Any) -> None:
    assert await post(door, body) == (200, {"received": 1})
    assert [(row.id, row.amount, row.at.hour) for row in door.seen] == [("t1", "5.00", 10)]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer k3"},
        {"Authorization": "k3y"},
        {"Authorization": "Bearer k3y "[:-1] + "ÿ"},
    ],
)
async def test_strangers_are_refused(door: Door, headers: dict[str, str]) -> None:
    status, said = await post(door, ROW, headers)
    assert (status, "API key" in said["error"]) == (401, True)
    assert door.seen == []


async def test_what_is_to_come_did_not_move(door: Door) -> None:
    status, said = await post(door, [ROW, {**ROW, "id": "t2", "at": "2026-11-04T10:00:00Z"}])
    assert (status, said["row"], said["field"]) == (400, 1, "at")
    assert "more than a day ahead" in said["error"]
    assert door.seen == []
    assert (await post(door, {**ROW, "at": "2026-11-02T23:00:00Z"}))[0] == 200


@pytest.mark.parametrize(("path", "status"), [("", 405), ("/t1", 404), ("s", 404)])
async def test_every_refusal_is_json(door: Door, path: str, status: int) -> None:
    async with aiohttp.ClientSession() as http, http.get(door.url + path) as answer:
        assert answer.status == status
        assert "transactions" in (await answer.json())["error"]
        assert answer.headers.get("Allow") == ("POST" if status == 405 else None)


def test_without_a_key_there_is_no_door() -> None:
    door = Door()
    assert Transactions(door.observe, door.deliver, "", HeldClock()).routes() == []


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        (b"{", 400, {}),
        (b"", 400, {}),
        ([ROW, 5], 400, {"row": 1}),
        ([ROW, ROW | {"amount": "five"}], 400, {"row": 1, "field": "amount"}),
        ([ROW, ROW | {"counterparty": "a\0b"}], 400, {"row": 1, "field": "counterparty"}),
        # these are no JSON
        ([ROW, ROW | {"id": "\ud800"}], 400, {"row": 1, "field": "id"}),
        (ROW | {"amount": float("nan")}, 400, {"row": 0, "field": "amount"}),
        ([ROW, ROW | {"note": float("nan")}], 400, {"row": 1}),
        ({"transactions": [ROW, ROW | {"note": {"\udfff": 1}}]}, 400, {"row": 1}),
        (
            json.dumps([ROW, ROW | {"card": "x~"}]).encode().replace(b"~", b"\xe9"),
            400,
            {"row": 1, "field": "card"},
        ),
        (json.dumps(ROW).replace('"5.00"', "1e400").encode(), 400, {"row": 0, "field": "amount"}),
        (json.dumps([ROW, ROW]).encode()[:-20], 400, {"row": 1}),
        (json.dumps([ROW, ROW, ROW]).replace("t1", 't"1', 1).encode(), 400, {"row": 0}),
        (json.dumps({"transactions": [ROW, ROW]}).encode()[:-9], 400, {"row": 1}),
        (json.dumps([ROW, ROW]).encode()[:-1] + b",]", 400, {}),
        (json.dumps([ROW, ROW]).encode() + b"x", 400, {}),
        (json.dumps([ROW]).encode() * 2, 400, {}),
        (b"[" * 200_000, 400, {"row": 0}),
        (json.dumps([ROW]).encode("utf-16"), 400, {}),
        (ROW | {"amount": -5}, 400, {"row": 0, "field": "amount"}),
        (ROW | {"at": None}, 400, {"row": 0, "field": "at"}),
        ([ROW] * (MOST + 1), 413, {}),
        (b" " * (LARGEST + 1), 413, {}),
    ],
)
async def test_a_bad_row_refuses_the_whole_call_and_is_named(
    door: Door, body: Any, status: int, where: dict[str, Any]
) -> None:
    seen, said = await post(door, body)
    assert seen == status
    assert {name: said[name] for name in ("row", "field") if name in said} == where
    assert said["error"]
    assert door.seen == []


async def test_what_was_taken_with_a_guess_is_said(door: Door) -> None:
    bare = {**ROW, "id": "t2", "at": " 2026-03-01T10:00:00", "seller": "stranger"}
    rows = [
        ROW,
        bare,
        {**bare, "id": "t3", "at": "2026-03-01"},
        {**ROW, "id": "t4", "at": "2026-03-01T10:00+01:00"},
    ]
    assert await post(door, rows) == (
        200,
        {"received": 4, "unknown_sellers": ["stranger"], "assumed_utc": ["t2", "t3"]},
    )
    assert [row.at.hour for row in door.seen] == [10, 10, 0, 10]
    many = [{**bare, "id": f"t{n}", "seller": f"stranger{n}"} for n in range(30)]
    _, said = await post(door, many)
    assert said["unknown_sellers"] == [f"stranger{n}" for n in range(20)]
    assert said["assumed_utc"] == [f"t{n}" for n in range(20)]


async def test_a_currency_without_a_rate_is_said(door: Door) -> None:
    status, said = await post(door, ROW | {"currency": "XXQ"})
    assert (status, said["remarks"]) == (
        200,
        ["there is no rate for XXQ: its amounts are taken at their number"],
    )


async def test_what_was_not_stored_may_come_again(door: Door) -> None:
    door.trouble = AwayError("gone")
    assert (await post(door, ROW))[0] == 503
    door.trouble = None
    assert (await post(door, ROW))[0] == 200


async def test_an_id_with_other_content_is_refused_by_row(door: Door) -> None:
    door.trouble = OtherwiseError("t2")
    status, said = await post(door, [ROW, ROW | {"id": "t2"}, ROW | {"id": "t3"}])
    assert (status, said["row"], said["field"]) == (409, 1, "id")


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"amount": "5"}, True),
        ({"amount": "5.01"}, False),
        ({"counterparty": "q"}, False),
        ({"card": ""}, False),
        ({"seller": "t"}, False),
        ({"direction": "out"}, False),
        ({"at": START - timedelta(seconds=1)}, False),
    ],
)
async def test_a_repeat_is_the_same_or_is_refused_whole(
    storage: Storage, change: dict[str, Any], same: bool
) -> None:
    first = Transaction("t1", "s", START, "5.00", "EUR", "in", "p", "DE", "card", "c")
    again, other = replace(first, **change), replace(first, id="t2")
    await storage.ledger.add([first])
    for call in ([other, again], [replace(again, id="t3"), replace(first, id="t3")]):
        if same:
            assert len(await storage.ledger.add(call)) == 1
        else:
            with pytest.raises(OtherwiseError):
                await storage.ledger.add(call)
    long_ago = START - timedelta(days=1)
    assert len(await storage.ledger.since("s", long_ago)) == (3 if same else 1)
    assert await storage.ledger.add(await storage.ledger.since("s", long_ago)) == ()  # as they come back


async def watched(
    storage: Storage, batches: Sequence[Sequence[Transaction]], watch: Watch, now: datetime
) -> set[tuple[str, str, str]]:
    """Store batch by batch and look after each; every alert, by seller, rule and window."""
    places: set[tuple[str, str, str]] = set()
    for batch in batches:
        await storage.ledger.add(batch)
        for seller in dict.fromkeys(row.seller for row in batch):
            earliest = min(row.at for row in batch if row.seller == seller)
            alerts = await watch.look(seller, Profile(expected=10_000), now, earliest)
            places |= {(name, alert.rule, alert.window) for name, alert in alerts}
    return places


def _cut(rows: list[Transaction], chance: random.Random) -> list[list[Transaction]]:
    batches = []
    while rows:
        size = chance.randint(1, 400)
        batches.append(rows[:size])
        rows = rows[size:]
    return batches


async def test_the_stored_watch_says_what_a_replay_says(storage: Storage) -> None:
    """Batches of any size, some late by days, a restart in the middle: the same alerts as over the sorted file."""
    chance = random.Random(5)
    drawing = drawn(seed=5, ordinary=3, each=1, days=70)
    guilty = ("structuring-0", "velocity-0", "pass_through-0", "refund_rate-0", "fan_out-0", "own_history-0")
    rows = [row for row in drawing.rows if row.seller in guilty]
    arriving = sorted(rows, key=lambda row: row.at + timedelta(days=chance.choice((0, 0, 0, 0, 0, 0, 0, 2))))
    batches = _cut(arriving, chance)
    end, half = BEGAN + timedelta(days=200), len(batches) // 2
    seen = await watched(storage, batches[:half], Watch(storage.ledger), end)
    seen |= await watched(storage, batches[half:], Watch(storage.ledger, held=3), end)
    whole = found(map(moved, rows), lambda _: Profile(expected=10_000))
    wanted = {
        (one.seller, one.rule.name, one.window) for one in whole if one.rule.name != "many_sellers_one_card"
    }
    assert wanted <= seen
    assert {place for place in seen - wanted if place[1] in {"high_volume", "high_risk_geography"}} == set()


async def test_a_rule_that_waits_speaks_once_nothing_older_is_expected(storage: Storage) -> None:
    watch, now = Watch(storage.ledger), START
    rows = [
        Transaction("1", "s", now - timedelta(hours=2), "2210", "EUR", "in", "a"),
        Transaction("2", "s", now - timedelta(minutes=1), "2101", "EUR", "out", "b"),
    ]
    assert await watched(storage, [rows], watch, now) == set()
    assert watch.waiting(now + timedelta(minutes=8)) == ()
    later = now + timedelta(minutes=9)
    assert watch.waiting(later) == ("s",)
    alerts = await watch.look("s", Profile(expected=10_000), later, later)
    assert [(name, alert.rule) for name, alert in alerts] == [("s", "pass_through")]


async def test_a_card_that_pays_many_sellers_concerns_them_all(storage: Storage) -> None:
    rows = [
        Transaction(name, name, START + timedelta(hours=n), "59", "EUR", "in", "p", "DE", "card", "4111")
        for n, name in enumerate("abcd")
    ]
    seen = await watched(storage, [rows], Watch(storage.ledger), START + timedelta(days=1))
    assert {(seller, rule) for seller, rule, _ in seen} == {
        (name, "many_sellers_one_card") for name in "abcd"
    }


async def test_transactions_are_found_by_their_ids_and_by_their_days(storage: Storage) -> None:
    rows = [Transaction(f"t{n}", "s", START + timedelta(hours=n), str(n + 1), "EUR", "in") for n in range(5)]
    other = replace(rows[2], id="x", seller="another")
    await storage.ledger.add([*rows, other])
    found = await storage.ledger.those(("t3", "x", "t0", "never", *(f"many{n}" for n in range(900))))
    assert [each.id for each in found] == ["t0", "x", "t3"]
    around = await storage.ledger.between("s", rows[1].at, rows[3].at)
    assert [each.id for each in around] == ["t3", "t2", "t1"]


@pytest.mark.parametrize(("buyer", "rules"), [("", set()), ("b", {"one_seller_many_cards"})])
def test_cards_of_buyers_that_nobody_names_tell_nothing(buyer: str, rules: set[str]) -> None:
    rows = [
        Transaction(
            f"t{n}", "s", START + timedelta(hours=11 * n), "20", "EUR", "in", buyer, "", "card", f"c{n}"
        )
        for n in range(14)
    ]
    assert {one.rule.name for one in found(map(moved, rows))} == rules


async def test_two_writers_count_each_transaction_once(database_url: str, tmp_path: Path) -> None:
    from tests.conftest import MASTER

    stores = [Storage.open(database_url, tmp_path, MASTER) for _ in range(2)]
    rows = [Transaction(f"t{n}", f"s{n % 3}", START, "5", "EUR", "in") for n in range(60)]
    added = await asyncio.gather(
        *(store.ledger.add(rows[n : n + 30]) for store in stores for n in (0, 15, 30))
    )
    assert sorted(row.id for part in added for row in part) == sorted(row.id for row in rows)
    for seller in ("s0", "s1", "s2"):
        numbers = [each.nth for each in await stores[0].ledger.after(seller, 0)]
        assert len(set(numbers)) == len(numbers) == 20
    for store in stores:
        await store.close()


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    yield talk
    await talk.storage.close()


async def _alerts(talk: Talk) -> list[tuple[str, str]]:
    case = await talk.storage.cases.load(await talk.case())
    return [(record.rule, record.window) for record in case.history if isinstance(record, Alert)]


async def test_an_alert_is_recorded_once_and_a_lost_one_is_found_again(talk: Talk) -> None:
    await talk.seller(command="start")
    large = Transaction("t1", await talk.case(), talk.clock.now(), "6000", "EUR", "in")
    await talk.storage.ledger.add([large])  # stored, and then the process died
    await talk.restart()
    assert {p.chat for p in await talk.desk.observe([large])} == {"compliance"}  # it is quiet
    assert await talk.desk.observe([large, replace(large, id="t2")]) == ()
    assert [rule for rule, _ in await _alerts(talk)] == ["single_large", "high_volume"]


async def test_an_alert_speaks_of_all_that_it_names(talk: Talk) -> None:
    await talk.seller(command="start")
    now, seller = talk.clock.now(), await talk.case()
    rows = [
        Transaction(f"t{n}", seller, now - timedelta(hours=9 * n), "960", "EUR", "in", f"b{n}")
        for n in range(6)
    ]
    await talk.desk.observe(rows)
    case = await talk.storage.cases.load(seller)
    (alert,) = [
        record for record in case.history if isinstance(record, Alert) and record.rule == "structuring"
    ]
    assert (len(alert.transactions), alert.why["count"]) == (6, "6")


async def test_what_settles_reaches_the_case_by_itself(talk: Talk) -> None:
    await talk.seller(command="start")
    now, seller = talk.clock.now(), await talk.case()
    came = Transaction("t1", seller, now - timedelta(hours=1), "2210", "EUR", "in", "a")
    await talk.desk.observe(
        [came, replace(came, id="t2", at=now, amount="2101", direction="out", counterparty="b")]
    )
    assert await _alerts(talk) == []
    talk.clock.instant += timedelta(minutes=11)
    assert {p.chat for p in await talk.desk.settle()} == {"compliance"}
    assert [rule for rule, _ in await _alerts(talk)] == ["pass_through"]


@pytest.mark.parametrize("minutes", [2, 11])
async def test_what_waited_when_the_process_ended_is_heard_of(talk: Talk, minutes: int) -> None:
    """No further transaction comes: the seller is idle, the bot was started anew."""
    await talk.seller(command="start")
    now, seller = talk.clock.now(), await talk.case()
    came = Transaction("t1", seller, now - timedelta(hours=1), "2210", "EUR", "in", "a")
    went = replace(came, id="t2", at=now, amount="2101", direction="out", counterparty="b")
    assert await talk.desk.observe([came, went]) == ()
    await talk.restart()
    talk.clock.instant += timedelta(minutes=minutes)
    said = [each async for each in resume(talk.desk, talk.storage.ledger)]
    talk.clock.instant += timedelta(minutes=11 - minutes)
    said.append(await talk.desk.settle())
    assert [{p.chat for p in parcels} for parcels in said if parcels] == [{"compliance"}]
    assert [rule for rule, _ in await _alerts(talk)] == ["pass_through"]


async def test_money_goes_with_the_case_and_others_stays(talk: Talk) -> None:
    await talk.seller(command="start")
    case, ledger = await talk.case(), talk.storage.ledger
    rows = [Transaction(name, name, talk.clock.now(), "5", "EUR", "in", "p") for name in (case, "other")]
    await ledger.add(rows)
    await talk.storage.cases.erase(case, frozenset({Retention.TALK}))
    assert len(await ledger.since(case, START - timedelta(days=9))) == 1
    await talk.storage.cases.erase(case, frozenset(Retention))
    assert await ledger.since(case, START - timedelta(days=9)) == ()
    assert await ledger.kept(case, START - timedelta(days=9)) == (0, ())
    assert len(await ledger.since("other", START - timedelta(days=9))) == 1


async def test_money_of_a_stranger_is_kept_and_opens_nothing(talk: Talk) -> None:
    await talk.seller(command="start")
    row = Transaction("t1", "nobody", talk.clock.now(), "9000", "EUR", "in")
    known = replace(row, id="t2", seller=await talk.case())
    seen = await talk.desk.observed(
        [row, known, replace(row, id="t3", seller="no one"), replace(row, id="t4")]
    )
    assert seen.strangers == ("nobody", "no one")
    assert {parcel.case for parcel in seen.parcels} == {known.seller}
    assert await talk.desk.observed([known]) == (
        (),
        (),
    )  # a seller of whom there is nothing to say is no stranger
    kept = await talk.storage.ledger.since("nobody", START - timedelta(days=1))
    assert [each.id for each in kept] == ["t1", "t4"]
