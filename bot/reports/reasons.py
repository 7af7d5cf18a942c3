"""Why a case is reported: what its alerts found, the transactions that they name, and the codes for it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.model import Alert, Case, Cleared, Disposition, Screened
from bot.monitoring.table import BY_NAME
from bot.reports.codes import Codes

WORDS = {"all_agrees": "everything agrees", "said_so": "the seller said so"}


def alerted(case: Case) -> tuple[str, ...]:
    """The transactions that alerts of the case name, each once."""
    named = (each for alert in alerts(case) for each in alert.transactions)
    return tuple(dict.fromkeys(named))


def reasons(case: Case, said: str = "") -> str:
    """Why, in sentences: the compliance officer's own, what each alert found, what was ruled on alerts and listed names."""
    lines = [said] if said else []
    lines += [f"{alert.at:%Y-%m-%d} {_opened(sentence(alert))}." for alert in alerts(case)]
    return "\n".join([*lines, *_ruled(case)])


def _opened(text: str) -> str:
    """As a sentence begins."""
    return text[:1].upper() + text[1:]


def _ruled(case: Case) -> Iterator[str]:
    matches = {m.pair: m for r in case.history if isinstance(r, Screened) for m in r.matches}
    for record in case.history:
        match record:
            case Disposition(outcome="reported", reason=reason, words=words) if reason or words:
                yield f"{record.at:%Y-%m-%d} Ruled by the compliance officer: {_why(reason, words)}."
            case Cleared(true=True, pair=pair, reason=reason, words=words) if pair in matches:
                one, why = matches[pair], _why(reason, words)
                yield (
                    f"{record.at:%Y-%m-%d} {one.who} was found to be {one.matched}, entry {one.entity} of the list"
                    f" {one.watchlist}, by the compliance officer{f': {why}' if why else ''}."
                )


def _why(reason: str, words: str) -> str:
    """As an authority may read it: no code of ours."""
    return " ".join(part for part in (WORDS.get(reason, reason), words) if part)


def sentence(alert: Alert) -> str:
    """What an alert found, in the words of its rule; of a rule that is no more, its figures."""
    rule = BY_NAME.get(alert.rule)
    figures = ", ".join(f"{name} {value}" for name, value in alert.why.items()) or alert.window
    try:
        return rule.why({name: _figure(value) for name, value in alert.why.items()}) if rule else figures
    except (KeyError, ValueError):
        return figures  # the rule's sentence wants others than it did on that day


def _figure(value: str) -> float | str:
    try:
        return int(value) if value.isdecimal() else float(value)
    except ValueError:
        return value


def alerts(case: Case) -> Iterator[Alert]:
    """Those that nobody has dismissed."""
    dismissed = {r.of for r in case.history if isinstance(r, Disposition) and r.outcome == "dismissed"}
    return (record for n, record in case.records() if isinstance(record, Alert) and n not in dismissed)


def indicators(case: Case, codes: Codes) -> Iterator[str]:
    """A code for each rule that fired, in this order, each once; the one for what is unusual where none did."""
    rules = [alert.rule for alert in alerts(case)] or [""]
    found = dict.fromkeys(codes.of("report_indicator_type", rule) for rule in rules)
    return (code for code in found if code not in {"", "-"})
