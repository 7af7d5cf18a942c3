"""What a seller's transactions before a midnight come to: a row a day and a row a payee, however many there were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bot.monitoring.days import Day, numbered
from bot.monitoring.known import Past
from bot.monitoring.money import HARD, by_worth
from bot.monitoring.payees import Paid
from bot.monitoring.thresholds import REPORTED, SMALL
from storage.database import Db, Row

DAY, HOUR = 86_400_000_000, 3_600_000_000  # microseconds
NO_SUM = round(100 * HARD[0] * 100)  # cents: less is no whole hundred of any currency, nor anything larger
SPAN = "SELECT MIN(at), MAX(at) FROM transactions WHERE seller = ? AND at < ?"
HOURS = (
    f"SELECT day, MAX(number) FROM (SELECT at / {DAY} AS day, COUNT(*) AS number FROM transactions"  # noqa: S608
    f" WHERE seller = ? AND at < ? GROUP BY at / {DAY}, at / {HOUR}) AS hours GROUP BY day"
)
PAID = (
    "SELECT counterparty, MIN(at), COUNT(*) FROM transactions"
    " WHERE seller = ? AND at < ? AND direction = 'out' GROUP BY counterparty"
)


def past(db: Db, *, seller: str, before: int) -> Past | None:
    """What was before this midnight, in microseconds since 1970; None where there is nothing."""
    span = db.row(SPAN, (seller, before))
    if span is None or span[0] is None:
        return None
    paid = db.rows(PAID, (seller, before))
    firsts = Counter(row[1] // DAY for row in paid if row[0])
    hours = dict(map(tuple, db.rows(HOURS, (seller, before))))
    days = numbered(_day(row, firsts, hours) for row in db.rows(_days(), (seller, before)))
    return Past(span[0] / 1e6, span[1] / 1e6, days, tuple(_paid(row) for row in paid))


def _days() -> str:
    """As `Day.count` counts, in SQL; put together from constants alone."""
    soft = ", ".join(f"'{code}'" for code in by_worth())
    face = (
        f"CASE WHEN cents < {NO_SUM} THEN 0 WHEN currency IN ({soft}) THEN cents / 100.0"
        " ELSE CAST(amount AS DOUBLE PRECISION) END"
    )
    near = " OR ".join(f"face >= {sum_ * share!r} AND face < {sum_}" for sum_, share in REPORTED.items())

    def count(what: str) -> str:
        return f"SUM(CASE WHEN {what} THEN 1 ELSE 0 END)"

    counts = (
        count("direction = 'in'"),
        count("direction = 'out'"),
        "SUM(CASE WHEN direction = 'in' THEN cents ELSE 0 END)",
        count(f"direction = 'in' AND face >= {SMALL[0]} AND face < {SMALL[1]}"),
        count(f"direction = 'in' AND ({near})"),
        count("direction = 'in' AND face >= 100 AND face = 100 * ROUND(face / 100)"),
        "MAX(CASE WHEN direction = 'in' THEN cents ELSE 0 END)",
        count("direction = 'refund'"),
    )
    return (
        f"SELECT at / {DAY}, {', '.join(counts)}"  # noqa: S608
        f" FROM (SELECT at, direction, cents, {face} AS face FROM transactions WHERE seller = ? AND at < ?) AS moved"
        " GROUP BY 1 ORDER BY 1"
    )


def _paid(row: Row) -> Paid:
    return Paid(row[0], row[1] / 1e6, row[2])


def _day(row: Row, firsts: Counter[int], hours: Mapping[int, int]) -> Day:
    number, ins, outs, cents, band, near, whole, largest, back = (int(value) for value in row)
    return Day(number, ins, outs, cents, band, near, whole, firsts[number], largest, back, hours[number])
