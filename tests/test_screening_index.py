"""Where an index looks: words that stand for one are counted once, and what it remembers changes no answer."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.screening import Entity, Kind, bits, index, readable, screen
from bot.screening.bare import skeleton
from bot.screening.names import read
from bot.screening.sound import STEPS, sound

GIVEN = ["Ivan", "Juan", "Hans", "Jean", "Mohammed", "Ahmed", "Olga", "Maria", "Kim"]
FAMILY = ["Petrov", "Hamidi", "Lovelace", "Okafor", "Brenstein", "Zhirkov", "Castellano", "Dragunov"]


def _crowd(count: int) -> list[Entity]:
    draw = random.Random(3)
    names = [
        f"{draw.choice(FAMILY)}{draw.choice('aeiou')}{draw.choice('nkst')}, {draw.choice(GIVEN)}"
        for _ in range(count)
    ]
    return [Entity(str(n), (name,), Kind.PERSON) for n, name in enumerate(names)]


def test_one_word_is_not_counted_as_two() -> None:
    others = [
        Entity(str(n), (f"Jean Xx{chr(97 + n % 26)}q{chr(97 + n // 26)}orp",), Kind.PERSON)
        for n in range(300)
    ]
    found = index({"L": [*others, Entity("x", ("Hans Juan Petrov",), Kind.PERSON)]})
    places = found.candidates(read("Ivan Jean Petrof"))
    assert [found.key(place) for place in places] == [("L", "x")]


def test_a_repeated_word_stands_for_both() -> None:
    others = [Entity(str(n), (f"Jean {name}",), Kind.PERSON) for n, name in enumerate(FAMILY * 20)]
    found = index({"L": [*others, Entity("x", ("Jean Jean Smith",), Kind.PERSON)]})
    assert "x" in {hit.entity.id for hit in screen(found, "Juan Hans Smith")}


@pytest.mark.parametrize("backwards", [False, True])
def test_what_was_asked_before_changes_no_answer(backwards: bool) -> None:
    entities = [
        *_crowd(700),
        Entity("a", ("محمد حميدي",), Kind.PERSON),
        Entity("b", ("Mhmd Hmd",), Kind.PERSON),
    ]
    asked = [f"{one} {other} {last}" for one in GIVEN for other in GIVEN[::3] for last in FAMILY[::2]]
    asked += ["محمد حميدي", "mhmd hmyd", "Mohammed Hamidi", "Hamidi", "M. Hamidi", "hmd"]
    known = index({"L": entities})
    for name in reversed(asked) if backwards else asked:
        screen(known, name)
    for name in asked[::9] + asked[-6:]:
        assert screen(known, name) == screen(index({"L": entities}), name), name


def test_a_name_is_found_among_many_that_share_its_given_names() -> None:
    found = index({"L": [*_crowd(2_000), Entity("x", ("QUIMBAYA, Juan Hans",), Kind.PERSON)]})
    for name in ("Juan Hans Quimbaya", "Jean Quimbaia", "Hans Juan Quimbaya Petrov", "QUIMBAYA Ivan John"):
        assert "x" in {hit.entity.id for hit in screen(found, name)}, name


SETS = st.lists(st.sets(st.integers(0, 90), max_size=40), max_size=5)


@given(SETS)
def test_sets_of_names_are_sets(sets: list[set[int]]) -> None:
    as_bits = [bits.of(each, 91) for each in sets]
    assert [bits.places(each) for each in as_bits] == [sorted(each) for each in sets]
    for most, level in enumerate(bits.levels(as_bits, 4), 1):
        assert bits.places(level) == [n for n in range(91) if sum(n in each for each in sets) >= most]
    for one, other in pairwise(sets):
        assert bits.places(bits.without(bits.of(one, 91), bits.of(other, 91))) == sorted(one - other)


@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        ("KHAN, Farhan", "Kha, Farhan"),
        ("ORIENTAL OIL KISH", "Oriental Oil Kis"),
        ("MOHAMMADHASNI, Haji Asad Khan", "MOHAMMADHASNI Haji AsadKhan"),
        ("ABU HAQI", "Abu Ha Qi"),
        ("Wiji Joko Santoso", "Wijijoko Santoso"),
        ("Pak Pong Nam", "Pak Bongnam"),
        ("PARK, Jin Hyok", "박진혁"),
        ("BOUCHOUCHA, Mokhtar", "Mokhtar Bouchouha"),
    ],
)
def test_a_slip_in_a_short_word_or_a_space_is_found_among_many(listed: str, asked: str) -> None:
    others = [Entity(f"o{n}", (f"{name} Oil Abu Pak",), Kind.PERSON) for n, name in enumerate(FAMILY * 20)]
    found = index({"L": [*_crowd(500), *others, Entity("x", (listed,))]})
    assert "x" in {hit.entity.id for hit in screen(found, asked)}


def test_names_with_nothing_but_common_words_in_common_are_not_compared() -> None:
    crowd = [Entity(str(n), (f"Ali Omar {FAMILY[n % 8]} {GIVEN[n % 9]}",), Kind.PERSON) for n in range(400)]
    found = index({"L": [*crowd, Entity("x", ("OMAR, Ali",), Kind.PERSON)]})
    assert {"ali", "omar"} <= found.common
    assert [found.key(place)[1] for place in found.candidates(read("Omar Ali"))] == ["x"]


@settings(max_examples=300)
@given(st.text("aeiouychjzxqpkgtsdfvmnrl", min_size=1, max_size=10))
def test_a_step_that_is_passed_over_would_have_changed_nothing(word: str) -> None:
    for letters, find, to in STEPS:
        changed = find.sub(to, word)
        assert changed == word or not letters.isdisjoint(word)
        word = changed


@pytest.mark.parametrize(
    ("one", "other"),
    [("mcdonald", "makdonald"), ("tchekhov", "chehov"), ("schwarz", "shvarts"), ("xiaoping", "hsiaoping")],
)
def test_romanisations_sound_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other)
    assert skeleton(one) == skeleton(other)


def test_a_name_without_vowels_meets_names_with_them_only_where_it_is_all_there_is() -> None:
    both = Entity("both", ("WALI JAN", "ولی جان"), Kind.PERSON)
    bare = Entity("bare", ("ولی جان",), Kind.PERSON)
    assert {hit.entity.id for hit in screen(index({"L": [both, bare]}), "Hall Jana")} <= {"bare"}
    for name in ("Wali Jan", "ولی جان"):
        assert {hit.entity.id for hit in screen(index({"L": [both, bare]}), name)} == {"both", "bare"}


@pytest.mark.parametrize("name", ["", "  ", "😀", "\ufffd\ufffdKim"])
def test_what_cannot_be_read_is_told(name: str) -> None:
    assert not readable(name)
    assert readable("Kim")
    assert readable("김정은")
