"""The kept index: it answers as one made afresh, and what is cut, changed or of other lists is made anew."""

from __future__ import annotations

import hashlib
import json
import os
from array import array
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.indexed import FILE, indexed
from bot.screening import Entity, Index, Kind, index, screen
from bot.screening.kept import DIGEST, LENGTH, packed, unpacked
from bot.screening.making import names, tables
from bot.screening.tables import Tables
from storage.watchlists import StoredWatchlists

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PEOPLE = [
    Entity(
        "1", ("PETROV, Ivan Sergeyevich", "Иван Петров"), Kind.PERSON, ("1970-01-02",), ("RU",), ("a\nnote",)
    ),
    Entity("2", ("Mohammed bin Salman", "محمد بن سلمان"), Kind.PERSON),
    Entity("3", ("Al-Qa'ida/Islamic Army", "AQ;; ", "\u2028"), Kind.ORGANISATION),
    Entity("4", ("SEA WOLF 7",), Kind.VESSEL),
    Entity("5", ("习近平", "Kim Jong Un", "J. R. Ewing"), Kind.UNKNOWN, notes=('with "marks"',)),
]
FIRMS = [
    Entity("a", ("Golden Star Trading Ltd.",), Kind.ORGANISATION, countries=("CY",)),
    Entity("b", ("Bank of Nowhere",)),
]
LISTS = {"OFAC": PEOPLE, "Ours": FIRMS, "empty": []}
ASKED = [
    *(name for entity in (*PEOPLE, *FIRMS) for name in entity.names),
    *(
        "ivan petrof",
        "I Petrov",
        "IvanPetrov",
        "Xi Jinping",
        "Mhmd bn Slmn",
        "Golden Star",
        "Kim Jongun",
        "wolf sea",
    ),
    *("Qaida", "PLA", "", "7", "Salman Mohamed Ltd", "Nobody Special"),
]


def _answers(found: Index) -> list[object]:
    return [screen(found, name, "1970", ["RU"], least) for name in ASKED for least in (0.0, 0.77)]


def test_a_kept_index_answers_as_one_made_afresh() -> None:
    made = tables(LISTS)
    back = unpacked(packed(made, "k"), "k")
    assert back == made
    assert len(Index(back)) == len(index(LISTS)) > 0
    assert _answers(Index(back)) == _answers(index(LISTS))


def test_nothing_at_all_comes_back_too() -> None:
    assert unpacked(packed(tables({}), "k"), "k") == tables({})


def test_the_entities_come_back_whole() -> None:
    back = Index(unpacked(packed(tables(LISTS), "k"), "k"))
    found = {back.key(n): back.entity(n) for n in range(len(back))}
    assert list(found.values()) == [*PEOPLE, *FIRMS]


def test_the_names_are_as_they_were_read() -> None:
    back = Index(unpacked(packed(tables(LISTS), "k"), "k"))
    assert [back.names[n] for n in range(len(back))] == [
        name for entities in LISTS.values() for entity in entities for name in names(entity)
    ]


def _sealed(whole: bytes) -> bytes:
    return hashlib.blake2b(whole, digest_size=DIGEST).digest() + whole


def _forged(**changed: object) -> bytes:
    return packed(replace(tables(LISTS), **changed), "k")  # type: ignore[arg-type]


def _said(text: object) -> bytes:
    """The same with other text in the place of all of it."""
    whole = packed(tables(LISTS), "k")[DIGEST:]
    parts = []
    while whole:
        end = LENGTH + int.from_bytes(whole[:LENGTH], "little")
        parts.append(whole[LENGTH:end])
        whole = whole[end:]
    parts[1] = json.dumps(text).encode()
    return _sealed(b"".join(len(part).to_bytes(LENGTH, "little") + part for part in parts))


MADE = tables(LISTS)
DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda _: b"",
    "no length": lambda data: _sealed(data[DIGEST : DIGEST + 3]),
    "cut": lambda data: data[:-9],
    "cut and sealed again": lambda data: _sealed(data[DIGEST:-9]),
    "cut in the numbers and sealed again": lambda data: _sealed(data[DIGEST : DIGEST + 3000]),
    "one letter": lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
    "one name": lambda data: data.replace(b"PETROV", b"PETROX"),
    "another key": lambda _: packed(MADE, "other"),
    "an entity too far": lambda _: _forged(owner=array("I", [99] * len(MADE.owner))),
    "a word too far": lambda _: _forged(
        words=replace(MADE.words, flat=array("I", [999] * len(MADE.words.flat)))
    ),
    "rows backwards": lambda _: _forged(at=replace(MADE.at, starts=array("I", reversed(MADE.at.starts)))),
    "no rows": lambda _: _forged(at=replace(MADE.at, starts=array("I"))),
    "too few": lambda _: _forged(marks=MADE.marks[:-1]),
    "numbers for words": lambda _: _forged(spelled=list(range(len(MADE.spelled)))),
    "texts that are a number": lambda _: _said(7),
    "texts that are none": lambda _: _said({}),
    "texts of another shape": lambda _: _said(dict.fromkeys(json.loads('["lists"]'), None)),
    "a number for each text": lambda _: _said(
        dict.fromkeys(
            ["lists", "ids", "written", "values", "common", "spelled", "near", "joined", "whole"], 7
        )
    ),
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_what_is_damaged_is_no_index(damage: Callable[[bytes], bytes]) -> None:
    good = packed(MADE, "k")
    assert isinstance(unpacked(good, "k"), Tables)
    with pytest.raises(ValueError, match=r"\w"):
        unpacked(damage(good), "k")


def test_cut_anywhere_it_is_no_index() -> None:
    whole = packed(MADE, "k")
    for end in range(0, len(whole) - 1, 37):
        with pytest.raises(ValueError, match=r"\w"):
            unpacked(_sealed(whole[DIGEST:end]), "k")


async def _load(stored: StoredWatchlists, *entities: Entity) -> None:
    await stored.load("L", {"main": {each.id: each for each in entities}}, NOW, "a test")


def _left(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "index" in path.name]


async def test_the_file_follows_the_lists(database_url: str, tmp_path: Path) -> None:
    stored, file = StoredWatchlists.open(database_url), tmp_path / FILE
    assert await indexed(stored, tmp_path) is None
    assert not file.exists()
    await _load(stored, *PEOPLE)
    first, kept = await indexed(stored, tmp_path), file.read_bytes()
    second = await indexed(stored, tmp_path)
    assert first is not None
    assert second is not None
    assert _answers(first) == _answers(second) == _answers(index({"L": PEOPLE}))
    assert file.stat().st_mode & 0o777 == 0o600
    await _load(stored, *FIRMS)
    third = await indexed(stored, tmp_path)
    assert third is not None
    assert _answers(third) == _answers(index({"L": FIRMS}))
    await _load(stored, *PEOPLE)
    assert await indexed(stored, tmp_path)
    assert file.read_bytes() == kept
    assert _left(tmp_path) == [FILE]
    await stored.close()


def _shorter(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _of_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


HARM: dict[str, Callable[[Path], object]] = {
    "cut": _shorter,
    "empty": lambda file: file.write_bytes(b""),
    "pickled": lambda file: file.write_bytes(b"cos\nsystem\n(S'true'\ntR."),
    "writable by others": lambda file: file.chmod(0o666),
    "a folder": _of_a_folder,
    "gone": lambda file: file.unlink(),
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
async def test_a_file_that_is_not_as_we_left_it_changes_no_answer(
    harm: Callable[[Path], object], sqlite_url: str, tmp_path: Path
) -> None:
    stored, file = StoredWatchlists.open(sqlite_url), tmp_path / FILE
    await _load(stored, *PEOPLE)
    await indexed(stored, tmp_path)
    harm(file)
    found = await indexed(stored, tmp_path)
    assert found is not None
    assert _answers(found) == _answers(index({"L": PEOPLE}))
    if file.is_file():
        assert file.stat().st_mode & 0o777 == 0o600
        assert len(file.read_bytes()) > 1_000
    await stored.close()


async def test_where_nothing_can_be_kept_screening_goes_on(sqlite_url: str, tmp_path: Path) -> None:
    stored, home = StoredWatchlists.open(sqlite_url), tmp_path / "home"
    home.write_text("a file where the folder should be")
    await _load(stored, *PEOPLE)
    for place in (home, None):
        found = await indexed(stored, place)
        assert found is not None
        assert screen(found, "Ivan Petrov")
    await stored.close()


SPECIMENS = Path(os.environ.get("KYC_SPECIMENS", "/nowhere")) / "lists" / "UN_consolidated.xml"


@pytest.mark.skipif(
    not SPECIMENS.is_file(), reason="KYC_SPECIMENS names no folder with lists/UN_consolidated.xml"
)
def test_a_real_list_answers_the_same_from_the_file() -> None:
    from bot.cli.loading import entity_of
    from bot.readers.lists import parse

    entities = [entity_of(record) for record in parse(SPECIMENS.read_bytes(), SPECIMENS.name).records]
    made = tables({"UN": entities})
    fresh, back = Index(made), Index(unpacked(packed(made, "k"), "k"))
    names = [name for entity in entities for name in entity.names][::67]
    for name in (*names, *(" ".join(name.split()[::-1]) for name in names), *(name[1:] for name in names)):
        assert screen(fresh, name) == screen(back, name)
