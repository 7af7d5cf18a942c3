"""`bench verify`: what it counts, what it refuses, and phone-like pictures that are the same every time."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

np = pytest.importorskip("numpy", reason="the readers extra is not installed")
pytest.importorskip("rapidocr", reason="the readers extra is not installed")

from bot.cli import bench_verify  # noqa: E402
from bot.readers import specimens  # noqa: E402
from bot.readers.image import pages  # noqa: E402
from bot.settings import Settings  # noqa: E402
from handlers.bench.phone import phoned  # noqa: E402
from handlers.bench.verify import NoTruthError, Picture, pictures, summary, table  # noqa: E402

GOOD = {"number": "X1", "dob": "901210", "exp": "320101", "surname": "LOVELACE", "given": "ADA"}
COST = {"cpu_ms": 100.0, "mrz_cpu_ms": "40", "peak_mb": 200.0}


def line(*, valid: bool = True, **said: Any) -> dict[str, Any]:
    return {**GOOD, "valid": valid, **COST, **said}


def of(*rows: tuple[bool, dict[str, Any]]) -> dict[str, Any]:
    key, names = ("X1", "901210", "320101"), ("LOVELACE", "ADA")
    found = [Picture(Path("a.jpg"), key, names, valid) for valid, _ in rows]
    return summary("one", found, [said for _, said in rows])


@pytest.mark.parametrize(
    ("valid", "said", "counts"),
    [
        (True, line(), (1, 1, 0, 0)),
        (True, line(dob="1990-12-10", number="X1<<"), (1, 1, 0, 0)),
        (True, line(given="EDA"), (1, 0, 0, 0)),
        (True, line(number="X2"), (0, 0, 1, 0)),
        (True, line(number="X2", valid=False), (0, 0, 0, 0)),
        (True, {"valid": False, **COST}, (0, 0, 0, 0)),
        (False, line(), (0, 0, 1, 1)),
        (False, line(valid=False), (0, 0, 0, 0)),
        (True, {"text": "nothing of a zone", **COST}, (0, 0, 0, 0)),
    ],
)
def test_what_counts(valid: bool, said: dict[str, Any], counts: tuple[int, ...]) -> None:
    row = of((valid, said))
    assert (row["right"], row["names"], row["wrong_valid"], row["bad_accepted"]) == counts


def test_cost_is_a_median_and_what_95_percent_stay_below() -> None:
    row = of(*[(True, line(cpu_ms=float(ms), mrz_cpu_ms=str(ms // 10))) for ms in range(10, 1010, 10)])
    assert row["cpu_ms"] == {"median": 505, "p95": 950}
    assert row["mrz_cpu_ms"] == {"median": 50, "p95": 95}


def specimen_folder(home: Path) -> Path:
    drawn = specimens.passport(
        surname="Eriksson", given_names="Anna", number="K4471093Z", birth_date=date(1974, 8, 12)
    )
    (home / "one.png").write_bytes(drawn)
    fields = {"number": "K4471093Z", "dob": "740812", "exp": "320101", "surname": "ERIKSSON", "given": "ANNA"}
    (home / "truth.json").write_text(json.dumps({"one.png": {"expected_valid": True, "fields": fields}}))
    return home


def asked(folder: Path | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    bench_verify.add(parser.add_subparsers())
    return parser.parse_args(["verify", *([str(folder)] if folder else []), "--json"])


def test_a_folder_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    what = asked(specimen_folder(tmp_path))
    assert what.do(Settings(kyc_home=tmp_path), what) == 0
    result = json.loads(capsys.readouterr().out)
    (row,) = result["readers"]
    assert (row["reader"], row["right"], row["names"], row["wrong_valid"]) == ("kycbot", 1, 1, 0)
    assert 0 < row["mrz_cpu_ms"]["median"] <= row["cpu_ms"]["median"]
    assert any("kycbot" in text for text in table(result))


def test_without_a_folder_it_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KYC_SPECIMENS", raising=False)
    what = asked(None)
    assert what.do(Settings(), what) == 2
    assert "KYC_SPECIMENS" in capsys.readouterr().err


@pytest.mark.parametrize("truth", [None, "{", "[]", "{}", '{"a.jpg": {}}', '{"a.jpg": 1}'])
def test_a_folder_without_truth_is_refused(tmp_path: Path, truth: str | None) -> None:
    if truth is not None:
        (tmp_path / "truth.json").write_text(truth)
    with pytest.raises(NoTruthError, match=r"truth\.json"):
        pictures(tmp_path)


def test_phone_like_pictures_are_the_same_for_a_seed() -> None:
    pixels = pages(specimens.passport())[0].pixels
    first = phoned(pixels, 1, "a")
    assert first == phoned(pixels, 1, "a")
    assert len({first, phoned(pixels, 2, "a"), phoned(pixels, 1, "b")}) == 3
    seen = pages(first)[0].pixels
    assert min(np.subtract(seen.shape[:2], np.multiply(pixels.shape[:2], 0.9))) > 0
