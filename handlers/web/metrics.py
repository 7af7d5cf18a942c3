"""What the process has done so far, as Prometheus text; numbers only, nothing about anyone."""

from __future__ import annotations

import time
from dataclasses import dataclass

from handlers.telegram.edge import Edge


@dataclass(slots=True)
class Answers:
    """How posted updates were answered."""

    accepted: int = 0
    busy: int = 0
    errors: int = 0
    refused: int = 0


def exposition(edge: Edge, answers: Answers) -> str:
    """The text of /metrics. CPU seconds are this process's own, all threads, no children."""
    counts, tally = edge.counts, edge.sender.tally
    counters: dict[str, float] = {
        "process_cpu_seconds_total": time.process_time(),
        "updates_total": counts.updates,
        "updates_ignored_total": counts.ignored,
        "updates_unreadable_total": counts.unreadable,
        "replies_in_response_total": counts.riding,
        "webhook_accepted_total": answers.accepted,
        "webhook_busy_total": answers.busy,
        "webhook_refused_total": answers.refused,
        "errors_total": answers.errors,
        "messages_sent_total": tally.sent,
        "messages_failed_total": tally.failed,
        "messages_unknown_total": tally.unknown,
        "messages_retried_total": tally.retried,
    }
    gauges = {"chats_under_way": len(edge.order)}
    return "".join(
        f"# TYPE {name} {kind}\n{name} {value}\n"
        for kind, values in (("counter", counters), ("gauge", gauges))
        for name, value in values.items()
    )
