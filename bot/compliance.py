"""The quiet card: one a case in the compliance officer's chat, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from string import ascii_uppercase

from bot.asking import own_name
from bot.matters import agreeable, endings, leaves, matters
from bot.model import Alert, Case, Decision, Disposition, Filing, Key, Match, Outcome, Override
from bot.ports import Button, Message, Say
from bot.quiet import Quiet
from bot.reports.filed import filed
from bot.risk import Risk
from bot.staff.card import instant
from bot.staff.taps import Tap
from bot.standing import OVER, Standing

FIRST = 5  # of several open matters; the others follow as these are dealt with


def open_matters(quiet: Quiet) -> frozenset[int | str]:
    """The alerts (by sequence) and matches (by pair) that compliance has yet to rule on."""
    return frozenset((*quiet.open_alerts(), *(match.pair for match in quiet.open_matches())))


def card(case: Case, standing: Standing) -> Message:
    """What is open, each with what may be done about it; the tier with and without what is quiet.

    Of several, alerts have numbers and matches letters, which they keep while one after the other is dealt with; each
    button says whose it is.
    """
    quiet = standing.facts.quiet
    alerts, matches = list(quiet.open_alerts().items())[:FIRST], quiet.open_matches()[:FIRST]
    nth = {of: str(n) if len(alerts) + len(matches) > 1 else "" for n, of in enumerate(quiet.alerts, 1)}
    numbered = [(of, alert, nth[of]) for of, alert in alerts]
    letters = dict(zip(_pairs(quiet), ascii_uppercase * 9, strict=False))
    pairs = [(letters[match.pair], match) for match in matches]
    says = (
        Say("quiet.head" if matters(standing) else "quiet.nothing", _head(case, standing)),
        *_weighs(standing.risk),
        *chain.from_iterable(about(alert, nth) for _, alert, nth in numbered),
        *chain.from_iterable(_sides(match, letter) for letter, match in pairs),
        *_done(standing),
        *_filings(case),
    )
    for_alerts = chain.from_iterable(_rows(case, *each) for each in numbered)
    for_matches = tuple(_pair(case, match, letter) for letter, match in pairs)
    buttons = (*for_alerts, *for_matches, *_for_the_case(case, standing))
    return Message("compliance", says, buttons, slot="quiet")


def _pairs(quiet: Quiet) -> tuple[str, ...]:
    """All that was found last, ruled on or not."""
    return tuple(match.pair for match in quiet.screened.matches) if quiet.screened else ()


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
        "leaves": leaves(standing),
        **_open(standing),
        **_again(case, standing),
        "held": standing.facts.decision[1].by if standing.held and standing.facts.decision else "",
        **_set(facts.override if risk.set_to else None),
    }


def _open(standing: Standing) -> dict[str, str]:
    """What is open beside alerts and matches, which have lines of their own."""
    kinds = {matter.kind for matter in matters(standing)}
    return {kind: "yes" if kind in kinds else "" for kind in ("same", "report", "draft")}


def _again(case: Case, standing: Standing) -> dict[str, str]:
    """How compliance had ended what others opened again, who did and when; what stands in the way of an agreement."""
    ended = standing.facts.quiet.ended() if standing.stage not in OVER else None
    if ended is None:
        return dict.fromkeys(("ended", "again", "opened", "listed"), "")
    opened = [r for r in case.history[ended.of :] if isinstance(r, Decision) and r.outcome is Outcome.REOPEN]
    return {
        "ended": ended.outcome,
        "again": opened[-1].by if opened else "",
        "opened": f"{opened[-1].at:%Y-%m-%d}" if opened else "",
        "listed": "" if agreeable(standing) else "yes",
    }


def _weighs(risk: Risk) -> Iterator[Say]:
    """Every point, and what it is for."""
    for factor, points in {**risk.contributions, **risk.quiet}.items():
        yield Say("quiet.factor", {"factor": factor, "points": str(points)})


def _set(override: Override | None) -> dict[str, str]:
    """What the officer set the risk to, until when and why; `None` once that is over."""
    if override is None:
        return {"by": ""}
    until = {"until": f"{override.until:%Y-%m-%d}"}
    return {"by": override.by, "set_to": str(override.tier), "why": override.reason, **until}


def _sides(match: Match, letter: str) -> tuple[Say, Say, Say]:
    """Who may be whom and why, then what is known of the one and of the other."""
    ours = {"born": match.born, "country": match.country}
    theirs = {
        "names": "; ".join(match.names),
        "born": ",".join(match.listed_born),
        "countries": ",".join(match.listed_in),
        "notes": "; ".join(match.notes),
    }
    return Say("quiet.match", _match(match, letter)), Say("quiet.ours", ours), Say("quiet.listed", theirs)


def _match(match: Match, letter: str) -> dict[str, str]:
    seen = {"who": match.who, "matched": match.matched, "entity": match.entity, "list": match.watchlist}
    return {**seen, "n": letter, "score": str(match.score), "reason": match.reason}


def _done(standing: Standing) -> Iterator[Say]:
    """What was done about alerts and matches, newest last."""
    quiet = standing.facts.quiet
    for of, done in quiet.dispositions.items():
        if of in quiet.alerts:
            yield Say(f"quiet.{done.outcome}", {"rule": quiet.alerts[of].rule, **_why(done)})
    for match in quiet.screened.matches if quiet.screened else ():
        if ruled := quiet.cleared.get(match.pair):
            args = {**_match(match, ""), "by": ruled.by, "same": "yes" if ruled.true else ""}
            yield Say("quiet.cleared", {**args, "reason": ruled.reason, "words": ruled.words})
    for of, done in quiet.dispositions.items():
        if of not in quiet.alerts:
            yield Say(f"quiet.{done.outcome}", _why(done))


def _filings(case: Case) -> Iterator[Say]:
    """What became of each report, oldest first; of one whose reference was set right, the first day and the last reference."""
    said = [
        (last.at, "quiet.filed", {"date": f"{first.at:%Y-%m-%d}", "reference": last.reference, "by": last.by})
        for first, last in ((report[0], report[-1]) for report in filed(case))
    ]
    said += [
        (record.at, "quiet.not_to_report", {"by": record.by, "words": record.reason})
        for record in case.history
        if isinstance(record, Filing) and record.state == "not_to_report"
    ]
    for _, key, args in sorted(said, key=lambda each: each[0]):
        yield Say(key, args)


def _why(done: Disposition) -> dict[str, str]:
    return {"by": done.by, "reason": done.reason, "words": done.words}


def _rows(case: Case, of: int, alert: Alert, nth: str) -> Iterator[tuple[Button, ...]]:
    """The first names the rule. Two side by side at the most: three break their words on a telephone."""
    for taps in (("timeline",), ("routine",), ("dismiss", "report")):
        args = {"rule": alert.rule, "nth": nth}
        yield tuple(Button(f"quiet.button.{tap}", Tap(case.id, of, tap).data(), args) for tap in taps)


def _pair(case: Case, match: Match, letter: str) -> tuple[Button, ...]:
    key = Key(f"pair_{match.pair[:12]}")
    args = {"n": letter, "matched": match.matched}
    return tuple(
        Button(f"quiet.button.{tap}", Tap(case.id, 0, tap, key).data(), args) for tap in ("not_them", "them")
    )


def _for_the_case(case: Case, standing: Standing) -> Iterator[tuple[Button, ...]]:
    """What may be done with the whole case."""
    ends = [f"quiet_{outcome}" for outcome in endings(standing)]
    if ended := agreeable(standing):
        yield (Button("quiet.button.quiet_agree", Tap(case.id, ended.of, "quiet_agree").data()),)
    for actions in (ends, ["tier"]):
        if actions:
            yield tuple(Button(f"quiet.button.{each}", Tap(case.id, 0, each).data()) for each in actions)
