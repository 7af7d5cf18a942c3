"""The quiet card: one a case in the compliance officer's chat, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from bot.asking import own_name
from bot.model import Alert, Case, Key, Match, Override
from bot.ports import Button, Message, Say
from bot.staff.card import instant
from bot.staff.taps import Tap
from bot.standing import Standing

FIRST = 5  # of several open matters; the others follow as these are dealt with


def moved(last: Standing | None, standing: Standing, case: Case) -> bool:
    """Whether there is something new for compliance; `last`: where the case stood, None where that is not known."""
    now = _open(standing)
    return now != (_open(last) if last else _before(case, standing))


def _open(standing: Standing) -> tuple[object, ...]:
    quiet = standing.facts.quiet
    return (*quiet.open_alerts(), *(match.pair for match in quiet.open_matches()))


def _before(case: Case, standing: Standing) -> tuple[object, ...]:
    """What was open by the records that were there; what came since is new."""
    quiet = standing.facts.quiet
    known = [of for of in quiet.open_alerts() if of <= len(case)]
    old = quiet.screened in case.history
    return (*known, *(match.pair for match in quiet.open_matches() if old))


def card(case: Case, standing: Standing) -> Message:
    """What is open, each with what may be done about it; the tier with and without what is quiet.

    Numbered where it is more than one alert, so that a button says whose it is.
    """
    quiet = standing.facts.quiet
    alerts, matches = list(quiet.open_alerts().items())[:FIRST], quiet.open_matches()[:FIRST]
    several = len(alerts) + len(matches) > 1
    numbered = [(of, alert, str(n) if several else "") for n, (of, alert) in enumerate(alerts, 1)]
    pairs = list(enumerate(matches, len(alerts) + 1))
    says = (
        Say("quiet.head" if alerts or matches else "quiet.nothing", _head(case, standing)),
        *chain.from_iterable(about(alert, nth) for _, alert, nth in numbered),
        *chain.from_iterable(_sides(match, n) for n, match in pairs),
        *_done(standing),
    )
    for_alerts = chain.from_iterable(_rows(case, *each) for each in numbered)
    for_matches = tuple(_pair(case, match, n) for n, match in pairs)
    tier = ((Button("quiet.button.tier", Tap(case.id, 0, "tier").data()),),)
    return Message("compliance", says, (*for_alerts, *for_matches, *tier), slot="quiet")


def about(alert: Alert, nth: str = "") -> tuple[Say, Say]:
    """Which rule, when, of how many transactions, and its reason in a sentence; `nth` of several on a card."""
    args = {"rule": alert.rule, "nth": nth, **instant(alert.at), "n": str(len(alert.transactions))}
    return Say("quiet.alert", args), Say(f"alert.{alert.rule}", alert.why)


def _head(case: Case, standing: Standing) -> dict[str, str]:
    facts, risk = standing.facts, standing.risk
    return {
        "case": case.id,
        "name": own_name(standing),
        "company": facts.value("company_name"),
        "country": facts.value("country"),
        "stage": str(standing.stage),
        "tier": str(risk.tier),
        "with_quiet": str(risk.tier_with_quiet),
        **_set(facts.override if risk.set_to else None),
    }


def _set(override: Override | None) -> dict[str, str]:
    """What the officer set the risk to, until when and why; `None` once that is over."""
    if override is None:
        return {"by": ""}
    until = {"until": f"{override.until:%Y-%m-%d}"}
    return {"by": override.by, "set_to": str(override.tier), "why": override.reason, **until}


def _sides(match: Match, n: int) -> tuple[Say, Say, Say]:
    """Who may be whom and why, then what is known of the one and of the other."""
    ours = {"born": match.born, "country": match.country}
    theirs = {
        "names": "; ".join(match.names),
        "born": ",".join(match.listed_born),
        "countries": ",".join(match.listed_in),
        "notes": "; ".join(match.notes),
    }
    return Say("quiet.match", _match(match, n)), Say("quiet.ours", ours), Say("quiet.listed", theirs)


def _match(match: Match, n: int) -> dict[str, str]:
    seen = {"who": match.who, "matched": match.matched, "entity": match.entity, "list": match.watchlist}
    return {**seen, "n": str(n), "score": str(match.score), "reason": match.reason}


def _done(standing: Standing) -> Iterator[Say]:
    """What was done about alerts and matches, newest last."""
    quiet = standing.facts.quiet
    for of, done in quiet.dispositions.items():
        if of in quiet.alerts:
            args = {"rule": quiet.alerts[of].rule, "by": done.by, "reason": done.reason, "words": done.words}
            yield Say(f"quiet.{done.outcome}", args)
    for match in quiet.screened.matches if quiet.screened else ():
        if ruled := quiet.cleared.get(match.pair):
            args = {"matched": match.matched, "by": ruled.by, "same": "yes" if ruled.true else ""}
            why = {"reason": ruled.reason, "words": ruled.words}
            yield Say("quiet.cleared", {**args, **why, "who": match.who})


def _rows(case: Case, of: int, alert: Alert, nth: str) -> Iterator[tuple[Button, ...]]:
    """The first names the rule. Two side by side at the most: three break their words on a telephone."""
    for taps in (("timeline",), ("routine",), ("dismiss", "report")):
        args = {"rule": alert.rule, "nth": nth}
        yield tuple(Button(f"quiet.button.{tap}", Tap(case.id, of, tap).data(), args) for tap in taps)


def _pair(case: Case, match: Match, n: int) -> tuple[Button, ...]:
    key = Key(f"pair_{match.pair[:12]}")
    args = {"n": str(n), "matched": match.matched}
    return tuple(
        Button(f"quiet.button.{tap}", Tap(case.id, 0, tap, key).data(), args) for tap in ("not_them", "them")
    )
