"""What moved, as the rules see it: one instant, one amount in euro, the parties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from bot.model import Transaction

# Euro for one unit: orders of magnitude around DATED, from no source that could be checked; thresholds need no more.
# Held against the European Central Bank's reference rates of 2024-06-28, the newest at hand, by a test. An operator's
# own rates replace them (`adopt`). The dollar is taken at its number, as the thresholds of law read alike in both.
DATED = "2026-01-02"
RATES = {
    "EUR": 1.0, "USD": 1.0, "GBP": 1.15, "CHF": 1.07, "JPY": 0.0055, "CNY": 0.12, "HKD": 0.11, "SGD": 0.66,
    "AUD": 0.57, "NZD": 0.49, "CAD": 0.62, "SEK": 0.092, "NOK": 0.085, "DKK": 0.134, "PLN": 0.237, "CZK": 0.041,
    "HUF": 0.0026, "RON": 0.196, "BGN": 0.511, "TRY": 0.02, "UAH": 0.02, "RUB": 0.0106, "GEL": 0.316, "AMD": 0.0022,
    "KZT": 0.0017, "UZS": 0.00007, "AZN": 0.5, "ILS": 0.267, "AED": 0.232, "SAR": 0.227, "QAR": 0.234, "KWD": 2.77,
    "BHD": 2.26, "OMR": 2.21, "JOD": 1.2, "EGP": 0.018, "MAD": 0.093, "TND": 0.29, "NGN": 0.00059, "KES": 0.0066,
    "GHS": 0.08, "ZAR": 0.051, "INR": 0.0095, "PKR": 0.003, "BDT": 0.007, "LKR": 0.0028, "NPR": 0.0059,
    "THB": 0.027, "VND": 0.000032, "IDR": 0.000051, "MYR": 0.21, "PHP": 0.0145, "KRW": 0.00059, "TWD": 0.027,
    "BRL": 0.155, "MXN": 0.047, "ARS": 0.00058, "CLP": 0.00094, "COP": 0.00023, "PEN": 0.253, "UYU": 0.022,
    "ISK": 0.0068, "MDL": 0.051, "RSD": 0.00853, "ALL": 0.0104, "MKD": 0.0163, "BAM": 0.511,
}  # fmt: skip
HARD = (0.5, 2.0)  # a currency of about the euro's size: thresholds are dodged at their number in it


class Moved(NamedTuple):
    """Money that moved. `at`: seconds since 1970, UTC; `cents`: its worth in euro cents; `face`: its number in a currency of the
    euro's size, else its worth. `counterparty` and `card` may be names or keyed hashes of them.
    """

    at: float
    id: str
    seller: str
    cents: int
    face: float
    direction: str
    counterparty: str
    country: str
    card: str

    @property
    def euro(self) -> float:
        """Its worth in euro."""
        return self.cents / 100


def by_worth() -> tuple[str, ...]:
    """The currencies whose amounts are taken at their worth: they are not about the euro's size."""
    return tuple(code for code, rate in RATES.items() if not HARD[0] <= rate <= HARD[1])


def adopt(rates: Mapping[str, float]) -> None:
    """An operator's own rates, euro for one unit, in place of these: once, before anything moves."""
    RATES.update(rates)


def known(currency: str) -> bool:
    """Whether there is a rate; else amounts are taken at their number, and whoever reports it says so."""
    return currency in RATES


def moved(transaction: Transaction) -> Moved:
    """A transaction as the rules see it. Raises ValueError where the amount is no number."""
    number = float(transaction.amount)
    rate = RATES.get(transaction.currency, 1.0)
    cents = round(number * rate * 100)
    return Moved(
        transaction.at.timestamp(),
        transaction.id,
        transaction.seller,
        cents,
        number if HARD[0] <= rate <= HARD[1] else cents / 100,
        transaction.direction,
        transaction.counterparty,
        transaction.counterparty_country,
        transaction.card,
    )


@lru_cache(maxsize=4096)
def _names(day: int) -> tuple[str, str, str]:
    at = datetime.fromtimestamp(day * 86400, UTC)
    return f"{at:%Y-%m-%d}", f"{at:%G-W%V}", f"{at:%Y-%m}"


def day_of(at: float) -> str:
    """The day, like 2026-03-09."""
    return _names(int(at // 86400))[0]


def week_of(at: float) -> str:
    """The ISO week, like 2026-W11."""
    return _names(int(at // 86400))[1]


def month_of(at: float) -> str:
    """The month, like 2026-03."""
    return _names(int(at // 86400))[2]
