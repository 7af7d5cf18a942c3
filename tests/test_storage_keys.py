"""Keys: made once, told apart, and useless for anything else."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import OutdatedError, Storage, TamperedError, WrongKeyError, master_key, parse_key
from storage.keys import Box, Master, Root, derive, plain
from tests.conftest import MASTER, Fresh
from tests.storage_samples import ADA, opening

OTHER = bytes(32)


def test_the_first_start_makes_a_key_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "master.key"
    key, made = master_key(path)
    assert (len(key), made, stat.S_IMODE(path.stat().st_mode)) == (32, True, 0o600)
    assert master_key(path) == (key, False)


def test_a_key_is_written_in_hexadecimal_or_base64() -> None:
    assert parse_key(MASTER.hex() + "\n") == parse_key(base64.b64encode(MASTER).decode()) == MASTER


@pytest.mark.parametrize("text", ["", "hunter2", "zz" * 32, "ab" * 31, "é" * 44])
def test_what_is_no_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="32 bytes") as refused:
        parse_key(text)
    assert not text or text not in str(refused.value)


@given(st.binary(max_size=60), st.binary(max_size=20))
def test_a_box_opens_only_what_it_sealed_for_that_place(content: bytes, place: bytes) -> None:
    box = Box(derive(MASTER, "box"))
    sealed = box.seal(content, place)
    assert box.open(sealed, place) == content
    for wrong in ((sealed, place + b"!"), (sealed[:-1], place), (bytes([sealed[0] ^ 1]) + sealed[1:], place)):
        with pytest.raises(TamperedError):
            box.open(*wrong)


def test_an_older_master_key_still_opens_what_it_wrapped() -> None:
    wrapped = Master(MASTER).wrap(b"k" * 32, b"place")
    assert Master(OTHER, MASTER).unwrap(wrapped, b"place") == b"k" * 32
    assert Master(OTHER, MASTER).wrap(b"k" * 32, b"place").master == Master(OTHER).name
    with pytest.raises(WrongKeyError):
        Master(OTHER).unwrap(wrapped, b"place")


async def test_a_wrong_master_key_says_so_at_the_start(fresh: Fresh, tmp_path: Path) -> None:
    url = fresh()
    await Storage.open(url, tmp_path, MASTER).close()
    with pytest.raises(WrongKeyError, match="made with another master key"):
        Storage.open(url, tmp_path, OTHER)


async def test_a_store_goes_on_under_a_new_master_key(fresh: Fresh, tmp_path: Path) -> None:
    url = fresh()
    before = Storage.open(url, tmp_path, MASTER)
    await before.cases.save(opening())
    expected = await before.cases.load(ADA)
    await before.close()
    after = Storage.open(url, tmp_path, OTHER, MASTER)
    assert await after.cases.load(ADA) == expected
    assert (await after.audit()).broken == ()
    await after.close()


def test_an_empty_database_asks_to_be_migrated(tmp_path: Path) -> None:
    with pytest.raises(OutdatedError, match="migrate"):
        Storage.open(f"sqlite:///{tmp_path}/empty.db", tmp_path, MASTER)


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite:///", "mysql://host/db", "kyc.db"])
def test_an_unknown_url_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="sqlite:///"):
        Storage.open(url, tmp_path, MASTER)


def test_words_are_sought_by_letters_and_digits() -> None:
    root = Root(MASTER)
    assert plain(" AB-123/４5ß ") == "ab12345ss"
    assert root.token("Ada") == root.token("ADA") != root.token("Adam")
    assert root.token("Ada") != Root(OTHER).token("Ada")
    assert (
        len({root.hidden("x"), root.hidden("y"), root.hidden(""), root.file("x", ""), root.file("", "x")})
        == 5
    )


def test_keys_do_not_print_themselves() -> None:
    assert MASTER.hex() not in repr(Root(MASTER))
    assert repr(MASTER) not in repr(Root(MASTER))
