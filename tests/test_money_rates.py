"""What other currencies are worth: a dated table, and the operator's own file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.rates import own_rates
from bot.monitoring.money import RATES, known, moved
from bot.settings import Settings, SettingsError
from tests.test_monitoring import paid

# Units for one euro: European Central Bank, reference rates of 2024-06-28.
ECB = {
    "JPY": 171.94, "BGN": 1.9558, "CZK": 25.025,
    "DKK": 7.4575, "GBP": 0.84638, "HUF": 395.1, "PLN": 4.309, "RON": 4.9773, "SEK": 11.3595, "CHF": 0.9634,
    "ISK": 148.9, "NOK": 11.3965, "TRY": 35.1868, "AUD": 1.6079, "BRL": 5.8915, "CAD": 1.467, "CNY": 7.7748, "HKD": 8.3594,
    "IDR": 17487.21, "ILS": 4.02, "INR": 89.2495, "KRW": 1474.86, "MXN": 19.5654, "MYR": 5.0501, "NZD": 1.7601,
    "PHP": 62.56, "SGD": 1.4513, "THB": 39.319, "ZAR": 19.497,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = dict(RATES)
    yield
    RATES.clear()
    RATES.update(before)


def _settings(home: Path, text: str) -> Settings:
    (home / "rates.toml").write_text(text)
    return Settings(kyc_home=home)


def test_the_table_is_right_in_its_order_of_magnitude() -> None:
    far = {name: RATES[name] * rate for name, rate in ECB.items() if not 0.8 <= RATES[name] * rate <= 1.25}
    assert far.keys() == {"TRY"}  # which has lost much since
    assert moved(paid(100, currency="USD")).cents == 10_000  # at its number, as the law reads


def test_the_operators_rates_count_instead(tmp_path: Path) -> None:
    own_rates(_settings(tmp_path, "[euro]\nGBP = 1.25\nXXQ = 2\n"))
    assert moved(paid(100, currency="GBP")).cents == 12_500
    assert known("XXQ")
    assert moved(paid(1000, currency="JPY")).cents == 550


def test_without_a_file_nothing_changes(tmp_path: Path) -> None:
    before = dict(RATES)
    own_rates(Settings(kyc_home=tmp_path))
    assert before == RATES


@pytest.mark.parametrize(
    "text", ["", "[euro", "[euro]\ngbp = 1", "[euro]\nGBP = 0", '[euro]\nGBP = "1"', "euro = 5"]
)
def test_a_file_that_is_none_is_said(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"rates\.toml"):
        own_rates(_settings(tmp_path, text))
