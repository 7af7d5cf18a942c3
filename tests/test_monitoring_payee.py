"""Several sellers whose money goes out to one account: told from suppliers, and the same from storage as from a file."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Tier, Transaction
from bot.monitoring import Engine, Found, Moved, Profile, found, moved
from bot.monitoring.accounts import MOST_PAYERS, SPAN, Account, Accounts
from bot.monitoring.live import Watch
from bot.monitoring.windows import NEWEST
from storage import Storage

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
RULE = "many_sellers_one_payee"
Made = list[Transaction]


def paid(seller: str, day: float, amount: float, party: str = "", ids: count[int] = count(1)) -> Transaction:  # noqa: B008
    """A sale to somebody new, or money out to an account."""
    number, at = f"t{next(ids):06}", START + timedelta(days=day)
    way = ("out", party) if party else ("in", f"b{number}")
    return Transaction(number, seller, at, f"{amount:g}", "EUR", *way, "DE")


def began() -> Made:
    """Many others sell: the record has not just begun."""
    return [paid(f"old{n}", n / 60, 30) for n in range(60)]


def ring(sellers: int, came: float = 800, went: float = 760, day: float = 40) -> Made:
    """Each takes in a sum, and sends most of it to the same account."""
    names = [f"m{n}" for n in range(sellers)]
    sales = [paid(name, day + n / 100, came) for n, name in enumerate(names)]
    return sales + [paid(name, day + 1 + n / 10, went, "mule") for n, name in enumerate(names)]


def supplied(sellers: int, there: float, own: float, supplier: str = "supplier") -> Made:
    """Shops that pay the same supplier out of a month's sales, and take the rest home."""
    rows = []
    for n in range(sellers):
        rows += [paid(f"shop{n}", 40 + n / 10, 1_000)]
        rows += [paid(f"shop{n}", 41 + n / 10, own, f"own-{n}")] if own else []
        rows += [paid(f"shop{n}", 42 + n / 10, there, supplier)]
    return rows


def alerts(rows: Made, tier: Tier = Tier.LOW) -> list[Found]:
    return [one for one in found(map(moved, rows), lambda _: Profile(tier)) if one.rule.name == RULE]


TABLE: list[tuple[str, Callable[[], Made], int]] = [
    ("four", lambda: ring(4), 4),
    ("three", lambda: ring(3), 0),
    ("four, for less than 2,500 in all", lambda: ring(4, 650, 624.9), 0),
    ("four, for 2,500 in all", lambda: ring(4, 650, 625), 4),
    ("nine", lambda: ring(9), 9),
    ("as the record begins", lambda: ring(4, day=20), 0),
    ("four, the first 30 days before the last", lambda: [*ring(3), paid("m8", 69, 800), paid("m8", 71, 760, "mule")], 0),
    ("four, the first a little later", lambda: [*ring(3), paid("m8", 69, 800), paid("m8", 70.99, 760, "mule")], 4),
    ("a supplier gets 7 of 9 parts", lambda: supplied(8, 700, 200), 0),
    ("a supplier gets what is not even 7 in 10 of sales", lambda: supplied(8, 690, 0), 0),
    ("all of it but some at home", lambda: supplied(8, 720, 180), 8),
    ("a carrier", lambda: supplied(20, 90, 800), 0),
    ("most who pay it keep theirs", lambda: supplied(5, 90, 800, "mule") + ring(4, day=45), 0),
    ("half of those who pay it keep theirs", lambda: supplied(4, 90, 800, "mule") + ring(4, day=45), 4),
    ("nobody says who is paid", lambda: [r for r in ring(9) if r.direction == "in"] + [_unnamed(r) for r in ring(9)], 0),
    ("30 sellers", lambda: ring(MOST_PAYERS), MOST_PAYERS),
    ("new accounts each time", lambda: [_apart(row) for row in ring(9)], 0),
]  # fmt: skip


def _unnamed(row: Transaction) -> Transaction:
    return Transaction(f"u{row.id}", row.seller, row.at, row.amount, "EUR", row.direction)


def _apart(row: Transaction) -> Transaction:
    return Transaction(row.id, row.seller, row.at, row.amount, "EUR", row.direction, f"own-{row.seller}")


@pytest.mark.parametrize(("made", "number"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_is_a_ring_and_what_is_none(made: Callable[[], Made], number: int) -> None:
    assert len(alerts(began() + made())) == number


def test_a_crowd_has_an_account_that_passes_payouts_on() -> None:
    rows = [row for month in range(3) for row in ring(40, day=40 + 30 * month)]
    told = alerts(began() + rows)
    assert {one.window for one in told} == {"2026-04"}  # while they were few
    assert max(int(one.why["sellers"]) for one in told) == MOST_PAYERS


def test_a_high_tier_is_watched_more_closely() -> None:
    assert not alerts(began() + ring(3))
    assert len(alerts(began() + ring(3), Tier.HIGH)) == 3


def test_it_names_how_many_sellers_and_the_sum_and_only_what_they_sent() -> None:
    rows = (
        began()
        + ring(5)
        + [paid("shop", 39, 5_000), paid("shop", 40, 900, "own"), paid("shop", 40.5, 90, "mule")]
    )
    told = {one.seller: one for one in alerts(rows)}
    assert set(told) == {f"m{n}" for n in range(5)}
    assert told["m0"].sentence() == (
        "5 sellers sent 3,800 euro, nearly all that they took in, to one account within 30 days, up to 2026-04-12"
    )
    sent = {row.id for row in rows if row.counterparty == "mule" and row.seller != "shop"}
    assert set(told["m0"].transactions) == sent


def test_what_has_been_so_for_three_months_is_no_news() -> None:
    rows = [row for month in range(12) for row in ring(4, day=40 + 30 * month)]
    assert {one.window for one in alerts(began() + rows)} == {"2026-04", "2026-05", "2026-06"}
    joined = [paid("m9", 300, 800), paid("m9", 301, 760, "mule")]
    late = [one for one in alerts(began() + rows + joined) if one.window > "2026-06"]
    assert {(one.seller, one.why["sellers"]) for one in late} == {(f"m{n}", 5) for n in (0, 1, 2, 3, 9)}


PAYMENT = st.tuples(
    st.sampled_from("abcdef"),
    st.integers(0, 90),
    st.sampled_from([300, 900]),
    st.sampled_from(["", "x", "y"]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(PAYMENT, max_size=60))
def test_what_is_remembered_of_an_account_is_what_lies_within_30_days(
    made: list[tuple[str, int, int, str]],
) -> None:
    accounts, taken = Accounts(), []
    for event in sorted(moved(paid(*each)) for each in made):
        taken.append(event)
        if event.direction != "out":
            continue
        kept = [each for each in taken if each.at > event.at - SPAN]
        accounts.pay(event, *_sums(kept, event.seller))
        there = [each for each in kept if each.counterparty == event.counterparty]
        account = accounts.of(event.counterparty)
        assert account is not None
        assert list(account.events) == there
        assert set(account.newest) == {each.seller for each in there}
        own = [each.cents for each in there if each.seller == event.seller]
        assert accounts.sent(event.seller, event.counterparty) == (sum(own), *_sums(kept, event.seller))


def _sums(kept: list[Moved], seller: str) -> tuple[int, int]:
    own = [each for each in kept if each.seller == seller]
    went = sum(each.cents for each in own if each.direction == "out")
    return went, sum(each.cents for each in own if each.direction == "in")


def test_of_an_account_that_is_paid_very_often_the_newest_payments_are_kept() -> None:
    account = Account()
    for n in range(3 * NEWEST):
        account.add(moved(paid(f"m{n}", n / 1000, 5, "x")))
    assert (len(account.events), len(account)) == (NEWEST, NEWEST)


def test_a_payment_to_an_account_that_all_use_takes_no_longer() -> None:
    def took(sellers: int) -> float:
        """Seconds for 4,000 payments, once each of the sellers has paid once, within 30 days."""
        engine = Engine()
        known = [paid(f"m{n}", n / 5_000, 30) for n in range(sellers)]
        for row in known + [paid(f"m{n}", 40 + n / 5_000, 50, "carrier") for n in range(sellers)]:
            engine.take(moved(row))
        events = [moved(paid(f"m{n % sellers}", 42 + n / 4_000, 50, "carrier")) for n in range(4_000)]
        start = time.process_time()
        for event in events:
            engine.take(event)
        return time.process_time() - start

    assert took(4_000) < 5 * took(40) + 0.2


def _alerted(rows: Made, expected: Profile) -> set[tuple[str, str, datetime]]:
    return {
        (one.seller, one.window, datetime.fromtimestamp(one.at, UTC))
        for one in found(map(moved, rows), lambda _: expected)
        if one.rule.name == RULE
    }


async def _watched(storage: Storage, batches: Sequence[Made], held: int) -> set[tuple[str, str, datetime]]:
    """Each batch is stored and looked at as its last transaction is settled."""
    watch, seen = Watch(storage.ledger, held=held), set[tuple[str, str, datetime]]()
    for batch in batches:
        await storage.ledger.add(batch)
        now = batch[-1].at + timedelta(minutes=10)
        for seller in dict.fromkeys(row.seller for row in batch):
            earliest = min(row.at for row in batch if row.seller == seller)
            told = await watch.look(seller, Profile(), now, earliest)
            seen |= {(name, one.window, one.at) for name, one in told if one.rule == RULE}
    return seen


@pytest.mark.parametrize(("seed", "held"), [(1, 5_000), (2, 5_000), (3, 2)])
async def test_alerts_do_not_depend_on_the_batches(storage: Storage, seed: int, held: int) -> None:
    """In batches of any size, with windows in memory or built anew each time: the same as over the whole file."""
    chance = random.Random(seed)
    rows = began() + supplied(8, 700, 200) + supplied(12, 90, 800, "carrier") + ring(6, day=55)
    rows += ring(4, 900, 850, day=75) + ring(9, day=150)
    rows += [paid(f"k{n}", 110, 700, f"own{n}") for n in range(4)]  # theirs goes home, but for this week
    rows += [paid(f"k{n}", 120 + n / 10, 900, "mule2") for n in range(4)]
    rows = sorted((row for row in rows), key=lambda row: (row.at, row.id))
    batches, left = [], rows
    while left:
        size = chance.randint(1, 25)
        batches.append(left[:size])
        left = left[size:]
    seen, wanted = await _watched(storage, batches, held), _alerted(rows, Profile())
    assert len(wanted) > 9
    assert {place[:2] for place in seen} == {place[:2] for place in wanted}
    own = {(seller, window): at for seller, window, at in wanted}
    assert all(at >= own[seller, window] for seller, window, at in seen)


async def test_the_newest_payments_of_a_crowd_do_not_make_a_ring(storage: Storage) -> None:
    """Of two payments that come at once, the older one lies before nearly all that is fetched of the account."""
    rows = [paid(f"c{n % 60}", 40 + n / 20, 900, "passes on") for n in range(260)]
    own = [paid("c0", 43.51, 900, "passes on"), paid("c0", 53, 900, "passes on")]
    await storage.ledger.add(began() + rows)
    assert await _watched(storage, [own], 5_000) == set()
