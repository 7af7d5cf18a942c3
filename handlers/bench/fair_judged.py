"""What the alerts over the third drawing come to: who is troubled, and what is seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.monitoring import Found
from handlers.bench.fair import Fair


def judged_fair(alerts: Iterable[Found], drawing: Fair) -> dict[str, Any]:
    """Figures of ordinary sellers, by kind as well, and of schemes in the open (`clear`) and half hidden.

    A scheme is seen by its `own` rule, or by `any`, where an alert names one of its transactions.
    """
    alerts = list(alerts)
    quiet = {one.seller for one in alerts if one.rule.quiet and one.seller in drawing.kinds}
    asked = {one.seller for one in alerts if not one.rule.quiet and one.seller in drawing.kinds}
    kinds = {
        kind: {
            "sellers": sum(each == kind for each in drawing.kinds.values()),
            "quiet": sum(drawing.kinds[seller] == kind for seller in quiet),
            "asked": sum(drawing.kinds[seller] == kind for seller in asked),
        }
        for kind in dict.fromkeys(drawing.kinds.values())
    }
    return {
        "ordinary_sellers": len(drawing.kinds),
        "ordinary_alerted_quietly": len(quiet),
        "ordinary_quiet_alerts": sum(one.rule.quiet for one in alerts if one.seller in drawing.kinds),
        "ordinary_asked": len(asked),
        "kinds": kinds,
        "clear": _seen(alerts, drawing, hidden=False),
        "hidden": _seen(alerts, drawing, hidden=True),
    }


def _seen(alerts: list[Found], drawing: Fair, *, hidden: bool) -> dict[str, Any]:
    planted = {seller: one for seller, one in drawing.planted.items() if one.hidden == hidden}
    caught = [
        one for one in alerts if one.seller in planted and planted[one.seller].ids & one.transactions.keys()
    ]
    own = {one.seller for one in caught if one.rule.name == planted[one.seller].rule}
    by_any = {one.seller for one in caught}
    missed: dict[str, int] = {}
    for seller in planted.keys() - by_any:
        rule = planted[seller].rule
        missed[rule] = missed.get(rule, 0) + 1
    return {
        "sellers": len(planted),
        "own": len(own),
        "any": len(by_any),
        "missed": dict(sorted(missed.items())),
    }
