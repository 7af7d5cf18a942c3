"""`policy show` and `policy adopt`: who owes what, what counts as risk, and two officers who make a version decide."""

from __future__ import annotations

import argparse
import asyncio
import json
import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.cli import simulate

if TYPE_CHECKING:
    from bot.policy import Policy
    from bot.settings import Settings

WIDE = 110  # letters in a row of a table


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`policy` and what it can do."""
    what = commands.add_parser("policy", help="show a policy, try one, or make one decide").add_subparsers(
        dest="what", required=True
    )
    show = what.add_parser("show", help="requirements, factors, rules and thresholds as tables")
    show.add_argument("version", nargs="?", default="")
    show.add_argument("--json", action="store_true", help="the same as JSON")
    show.set_defaults(do=_show)
    simulate.add(what)
    adopt = what.add_parser(
        "adopt",
        help="make a version decide, once a second officer says the same; every case is looked at anew",
    )
    adopt.add_argument("version")
    adopt.add_argument("--by", required=True, help="a compliance officer of STAFF, by name or Telegram id")
    adopt.add_argument("--reason", required=True)
    adopt.set_defaults(do=_adopt)


def _show(_: Settings, asked: argparse.Namespace) -> int:
    found = described(_version(asked.version))
    print(json.dumps(found, indent=2) if asked.json else "\n".join(_tables(found)))
    return 0


def _version(name: str) -> Policy:
    from bot.policy import POLICIES, by_version
    from bot.settings import SettingsError

    try:
        return by_version(name) if name else POLICIES[-1]
    except KeyError:
        raise SettingsError(f"no policy {name} in this build") from None


def described(policy: Policy) -> dict[str, Any]:
    """All of it in words: `version`, `fingerprint`, `rows`, `factors`, `thresholds`, `rules`, `times`."""
    from bot.monitoring.table import RULES

    return {
        "version": policy.version,
        "fingerprint": policy.fingerprint(),
        "rows": [
            {
                "requirement": row.requirement.name,
                "each": row.each,
                "when": _why(row.when),
                "days": row.days,
                "then": row.consequence,
                "basis": row.basis,
            }
            for row in policy.rows
        ],
        "factors": [
            {
                "name": f.name,
                "points": f.weight,
                "quiet": f.quiet,
                "at_least": str(f.floor),
                "why": _why(f.applies),
            }
            for f in policy.factors
        ],
        "thresholds": {str(tier): points for tier, points in policy.thresholds.items()},
        "rules": [
            {"name": rule.name, "kind": "quiet" if rule.quiet else "ask", "why": _why(rule.applies)}
            for rule in RULES
        ],
        "times": {
            "review_years": {str(tier): years for tier, years in policy.valid_years.items()},
            "reminders_days": policy.reminders,
            "expiry_notices_days": policy.expiry,
            "erased_after_days_of_silence": policy.abandoned,
            "pictures_before_a_person_looks": policy.tries,
            "review_hours": policy.review_hours,
        },
    }


def _why(function: object) -> str:
    return " ".join((function.__doc__ or "").split("\n\n", maxsplit=1)[0].split())


def _tables(found: dict[str, Any]) -> Iterator[str]:
    yield f"Policy {found['version']} ({found['fingerprint']})"
    rows = [
        (
            row["requirement"] + (f" (each {row['each']})" if row["each"] else ""),
            f"{row['days']} d, then {row['then']}" + (f" · {row['basis']}" if row["basis"] else ""),
            row["when"],
        )
        for row in found["rows"]
    ]
    yield from _table(
        "What is owed, in the order of asking", ("requirement", "once approved", "owed by"), rows
    )
    factors = [
        (
            f["name"],
            f"+{f['points']}" + (" quiet" if f["quiet"] else ""),
            f["why"] + (f" Never below {f['at_least']}." if f["at_least"] != "low" else ""),
        )
        for f in found["factors"]
    ]
    yield from _table("What counts as risk", ("factor", "points", "applies where"), factors)
    tiers = [
        (tier, f"from {points}", f"looked at anew after {found['times']['review_years'][tier]} years")
        for tier, points in found["thresholds"].items()
    ]
    yield from _table("Tiers", ("tier", "points", ""), tiers)
    rules = [(rule["name"], rule["kind"], rule["why"]) for rule in found["rules"]]
    yield from _table("What money may not do unseen", ("rule", "who knows", "speaks where"), rules)
    times = [(name.replace("_", " "), _plain(value), "") for name, value in found["times"].items()]
    yield from _table("Times", ("what", "", ""), [row for row in times if row[0] != "review years"])


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as they need be; the last one is folded."""
    first, second = (max(len(row[at]) for row in (head, *rows)) for at in (0, 1))
    yield f"\n{title}\n"
    for at, row in enumerate((head, *rows)):
        left = f"  {row[0]:{first}}  {row[1]:{second}}  "
        folded = textwrap.wrap(row[2], max(WIDE - len(left), 30)) or [""]
        yield (left + folded[0]).rstrip()
        yield from (" " * len(left) + line for line in folded[1:])
        if at == 0:
            yield "  " + "-" * (WIDE - 2)


def _adopt(settings: Settings, asked: argparse.Namespace) -> int:
    first = asyncio.run(adopt(settings, asked.version, asked.by, asked.reason))
    if first:
        print(f"policy {asked.version} decides from now on: {first} and {asked.by} adopted it")
    else:
        print(f"noted; policy {asked.version} decides once another compliance officer adopts it too")
    return 0


async def adopt(settings: Settings, version: str, by: str, reason: str) -> str:
    """The officer who said so before, with whom it is adopted and every case stood anew; "" where they are the first.

    Raises SettingsError for a version not in this build, and for one who is no compliance officer.
    """
    from bot.cli.store import opened

    policy, officer = _version(version), _officer(settings, by)
    if not reason.strip():
        from bot.settings import SettingsError

        raise SettingsError("--reason: please say why")
    storage = opened(settings, create=False)
    now = datetime.now(UTC)
    try:
        first = await storage.policies.propose(version, policy.fingerprint(), officer, reason, now)
        if first:
            await storage.policies.adopt(version, policy.fingerprint(), f"{first}, {officer}", reason, now)
    finally:
        await storage.close()
    return settings.names().get(first, first)


def _officer(settings: Settings, by: str) -> str:
    """Their id, from a name or an id."""
    from bot.settings import SettingsError
    from bot.staff import Role

    names = settings.names()
    for who, member in settings.staff.items():
        if member.role is Role.OFFICER and by in {who, who.removeprefix("tg:"), names[who]}:
            return who
    raise SettingsError(f"--by: {by} is no compliance officer in STAFF")
