"""Versions of lists: what changed, whom it concerns, pairs that stay ruled, lists that are too old."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.screening import Entity, Kind, Subject, change, entity, merged, moved, pair, stale, to_screen_again
from storage.watchlists import StoredWatchlists

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ANN = Entity("1", ("Ann Petrova",), Kind.PERSON, ("1970-01-01",), ("RU",), ("programme X",))
BOB = Entity("2", ("Bob Ivanov",), Kind.PERSON)
SUBJECT = Subject("case-1", "Ann Petrova", "1970-01-01", ("RU",))


def test_an_entity_comes_back_from_its_line() -> None:
    assert entity("1", ANN.body()) == ANN
    assert ANN.version() != replace(ANN, names=("Ann Petrov",)).version()


def test_a_change_says_who_came_who_went_and_who_is_described_otherwise() -> None:
    other = replace(ANN, born=("1971",))
    found = change("L", {"1": ANN, "2": BOB}, {"1": other, "3": replace(BOB, id="3")})
    assert ([e.id for e in found.added], [e.id for e in found.removed]) == (["3"], ["2"])
    assert found.changed == ((ANN, other),)
    assert not change("L", {"1": ANN}, {"1": ANN})


def test_an_alias_lists_nobody_once_the_entity_is_gone() -> None:
    alias = Entity("1", ("Anna P",))
    assert merged([{"1": ANN}, {"1": alias}])["1"].names == ("Ann Petrova", "Anna P")
    assert merged([{"2": BOB}, {"1": alias}]) == {"2": BOB}
    assert merged([{}, {"1": alias}]) == {"1": alias}


@pytest.mark.parametrize(
    ("before", "after", "again"),
    [
        ({}, {"1": ANN}, ["case-1"]),
        ({"1": ANN}, {}, ["case-1"]),
        ({"1": ANN}, {"1": replace(ANN, names=("Zed Zedson",))}, ["case-1"]),
        ({"1": BOB}, {"1": replace(BOB, names=("Ann Petrova",))}, ["case-1"]),
        ({}, {"2": BOB}, []),
        ({"1": ANN}, {"1": ANN}, []),
    ],
)
def test_only_those_are_screened_again_whose_hits_may_differ(
    before: dict[str, Entity], after: dict[str, Entity], again: list[str]
) -> None:
    subjects = [SUBJECT, Subject("case-2", "Nobody Special")]
    found = to_screen_again(subjects, moved([change("L", before, after)]))
    assert [each.id for each in found] == again


def test_a_ruled_pair_stays_until_either_side_changes() -> None:
    ruled = pair(SUBJECT, "L", ANN)
    assert ruled == pair(replace(SUBJECT, name=" ann  PETROVA "), "L", ANN)
    others = [
        pair(replace(SUBJECT, born="1970-01-02"), "L", ANN),
        pair(replace(SUBJECT, name="Anna Petrova"), "L", ANN),
        pair(replace(SUBJECT, id="case-2"), "L", ANN),
        pair(SUBJECT, "M", ANN),
        pair(SUBJECT, "L", replace(ANN, notes=("programme Y",))),
    ]
    assert ruled not in others
    assert len(set(others)) == len(others)


def test_no_list_or_an_old_one_stops_the_machine() -> None:
    week = timedelta(days=7)
    assert stale({}, NOW) == "none"
    assert stale({"L": [NOW - week]}, NOW) == ""
    assert stale({"L": [NOW], "M": [NOW, NOW - week - timedelta(seconds=1)]}, NOW) == "old"


async def test_versions_are_kept_and_the_same_again_changes_nothing(database_url: str) -> None:
    kept = StoredWatchlists.open(database_url)
    try:
        assert await kept.loaded() == {}
        first = await kept.load("L", {"main": {"1": ANN, "2": BOB}}, NOW, "a")
        assert [e.id for e in first.added] == ["1", "2"]
        version = await kept.version()
        assert not await kept.load("L", {"main": {"2": BOB, "1": ANN}}, NOW + timedelta(1), "a")
        assert await kept.version() == version
        assert await kept.loaded() == {"L": (NOW + timedelta(1),)}
        aliased = await kept.load("L", {"alt": {"1": Entity("1", ("Annie P",))}}, NOW + timedelta(2), "alt")
        assert [now.names for _, now in aliased.changed] == [("Ann Petrova", "Annie P")]
        gone = await kept.load("L", {"main": {"2": BOB}}, NOW + timedelta(3), "b")
        assert [e.id for e in gone.removed] == ["1"]
        assert await kept.current() == {"L": {"2": BOB}}
        assert await kept.version() > version
        back = await kept.load("L", {"main": {"1": ANN, "2": BOB}}, NOW + timedelta(4), "c")
        assert [e.names for e in back.added] == [("Ann Petrova", "Annie P")]
        assert [(each.part, each.entities) for each in await kept.loads()] == [("alt", 1), ("main", 2)]
    finally:
        await kept.close()
