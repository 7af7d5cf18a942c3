"""The third drawing of sellers, and how it is judged."""

from __future__ import annotations

import pytest

from bot.model import Transaction
from bot.monitoring import Found
from bot.monitoring.table import BY_NAME, RULES
from handlers.bench.fair import KINDS, SUPPLIED, Fair, Planted, fair
from handlers.bench.fair_judged import judged_fair
from handlers.bench.stall import BEGAN, DAYS


@pytest.fixture(scope="module")
def small() -> Fair:
    return fair(3, part=0.04, each=1)


def test_the_same_seed_draws_the_same(small: Fair) -> None:
    assert fair(3, part=0.04, each=1) == small
    assert fair(4, part=0.04, each=1).rows != small.rows


def test_every_kind_and_every_rule_is_drawn(small: Fair) -> None:
    sellers = {row.seller for row in small.rows}
    assert set(small.kinds.values()) == {*KINDS, *SUPPLIED}
    assert {one.rule for one in small.planted.values()} == {rule.name for rule in RULES}
    assert sum(number for number, _ in KINDS.values()) == 300
    assert sum(number for number, _ in SUPPLIED.values()) == 46
    assert small.planted.keys() <= sellers


def test_planted_transactions_are_their_sellers_own_and_of_the_year(small: Fair) -> None:
    rows = {row.id: row for row in small.rows}
    assert len(rows) == len(small.rows)
    assert all((rows[number].at - BEGAN).days < DAYS for number in rows)
    for seller, one in small.planted.items():
        assert one.ids
        assert {rows[number].seller for number in one.ids} == {seller}


def alert(seller: str, rule: str, *ids: str) -> Found:
    return Found(seller, BY_NAME[rule], "w", 0.0, {}, dict.fromkeys(ids), 0.0)


def test_who_is_troubled_and_what_is_seen() -> None:
    row = Transaction("x", "a", BEGAN, "1", "EUR", "in")
    drawing = Fair(
        [row],
        {"a": "shop", "b": "shop", "c": "food"},
        {
            "p": Planted("fan_in", hidden=False, ids=frozenset({"1", "2"})),
            "q": Planted("fan_in", hidden=False, ids=frozenset({"3"})),
            "r": Planted("peers", hidden=True, ids=frozenset({"4"})),
        },
    )
    figures = judged_fair(
        [
            alert("a", "velocity", "x"), alert("a", "fan_in", "x"), alert("c", "high_volume", "y"),
            alert("p", "velocity", "2"), alert("q", "fan_in", "8"), alert("r", "peers", "4"),
        ],
        drawing,
    )  # fmt: skip
    assert (
        figures["ordinary_alerted_quietly"],
        figures["ordinary_quiet_alerts"],
        figures["ordinary_asked"],
    ) == (1, 2, 1)
    assert figures["kinds"] == {
        "shop": {"sellers": 2, "quiet": 1, "asked": 0},
        "food": {"sellers": 1, "quiet": 0, "asked": 1},
    }
    assert figures["clear"] == {"sellers": 2, "own": 0, "any": 1, "missed": {"fan_in": 1}}
    assert figures["hidden"] == {"sellers": 1, "own": 1, "any": 1, "missed": {}}
