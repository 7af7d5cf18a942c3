"""What money does in the demo: each stretch of sales raises what its label lets one expect."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.cli.sales import SALES
from bot.monitoring import Profile, found, moved
from bot.monitoring.thresholds import USUAL_VOLUME

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("label", "rules"),
    [
        ("Ten small sales", set()),
        ("Six sales just under 1,000 EUR", {"structuring"}),
        ("Forty sales, 12,000 EUR in all", {"high_volume"}),
        ("Five chargebacks", {"chargeback_rate"}),
    ],
)
def test_each_stretch_raises_its_rule_alone(label: str, rules: set[str]) -> None:
    rows = [moved(each) for each in SALES[label].moved("s", NOW)]
    assert len(rows) == len({row.id for row in rows}) == len(SALES[label].amounts)
    assert {one.rule.name for one in found(rows, lambda _: Profile(expected=USUAL_VOLUME))} == rules
    assert max(row.at for row in rows) == NOW.timestamp()
