"""Of the first drawing, who shares an account that is paid: mules, and shops with the same supplier."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

from bot.model import Transaction
from handlers.bench.till import Till, at, size


def mules(draw: random.Random, ids: Iterator[int], each: int, days: int) -> Iterator[tuple[Till, str]]:
    """Sellers who sell a little, take in some large sums, and send them on to the same account."""
    for ring in range(max(1, each // 2)):
        day = draw.randrange(45, days - 20)
        for n in range(draw.randint(5, 12)):
            till = Till(draw, f"mule{ring}-{n}", ids)
            till.trade(0, days, 0.1, 20)
            for _ in range(draw.randint(3, 5)):
                came, amount = at(till, day, 240), draw.uniform(400, 900)
                till.add(came, amount)
                gone = came + timedelta(hours=draw.uniform(15, 60))
                till.add(gone, amount * draw.uniform(0.9, 0.97), "out", party=f"mule{ring}")
            yield till, "many_sellers_one_payee"


def supplied(seed: int, groups: int, days: int) -> tuple[list[Transaction], tuple[str, ...]]:
    """Ordinary sellers in groups that pay the same carrier, or the same wholesaler, before they take the rest home."""
    draw, ids = random.Random(f"supplied {seed}"), count(1)
    rows: list[Transaction] = []
    names: list[str] = []
    for group in range(groups):
        for n in range(draw.randint(5, 12)):
            till = Till(draw, f"buys{group}-{n}", ids)
            till.trade(0 if draw.random() < 0.7 else draw.randrange(days - 30), days, *size(draw))
            share = draw.uniform(0.05, 0.15) if group % 2 else draw.uniform(0.45, 0.75)
            rows += [row for each in till.rows for row in _parted(each, f"supplier{group}", share)]
            names.append(till.seller)
    return rows, tuple(names)


def _parted(row: Transaction, supplier: str, share: float) -> Iterator[Transaction]:
    """A payout, of which the supplier has got a share on the day before; any other is as it was."""
    renamed = replace(row, id=f"{row.id}b")
    if row.direction != "out":
        yield renamed
        return
    there = float(row.amount) * share
    yield replace(
        renamed, id=f"{row.id}s", at=row.at - timedelta(days=1), amount=f"{there:.2f}", counterparty=supplier
    )
    yield replace(renamed, amount=f"{float(row.amount) - there:.2f}")
