"""The command line. Names and `--json` output are a contract with operators: they stay."""

from __future__ import annotations

import argparse
import asyncio
import errno
import json
import logging
import os
import select
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from bot.cli import bench_remind, bench_screen, bench_verify, invite, lists, monitor, policy, report
from bot.ports import AwayError, UnknownError
from bot.settings import Settings, SettingsError, load

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def parser() -> argparse.ArgumentParser:
    """Every command and its arguments."""
    top = argparse.ArgumentParser(
        prog="kycbot", description="Gets marketplace sellers through KYC in a chat."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="the whole product on this machine, without Telegram")
    demo.add_argument("--auto", action="store_true", help="play a script instead of waiting for a person")
    demo.add_argument(
        "--photo", type=Path, help="with --auto: a real identity document in place of the drawn one"
    )
    demo.add_argument(
        "--date", type=_morning, help="the demo's first day, like 2021-06-01: for papers that ran out since"
    )
    demo.add_argument("--port", type=int, help="of the chat page")
    demo.set_defaults(do=_demo)
    run = commands.add_parser("run", help="talk to Telegram")
    how = run.add_mutually_exclusive_group(required=True)
    how.add_argument("--polling", action="store_true", help="ask Telegram for updates")
    how.add_argument("--webhook", action="store_true", help="let Telegram post updates")
    run.set_defaults(do=_run)
    commands.add_parser("migrate", help="bring the database to today's shape").set_defaults(do=_migrate)
    commands.add_parser("doctor", help="say what is set up and what is missing").set_defaults(do=_doctor)
    verify = commands.add_parser("verify", help="read documents and say what is found")
    verify.add_argument("files", nargs="+", metavar="FILE")
    verify.add_argument("--json", action="store_true", help="one JSON object a line a file")
    verify.set_defaults(do=_verify)
    _faces(commands)
    models = commands.add_parser("models", help="weights that no dependency ships")
    models.add_argument("what", choices=["fetch"], help="bring those that lack, checked by their sha256")
    models.set_defaults(do=_models)
    _cases(commands)
    invite.add(commands)
    monitor.add(commands)
    lists.add(commands)
    report.add(commands)
    audit = commands.add_parser("audit", help="check that no history was tampered with")
    audit.add_argument("what", choices=["verify"])
    audit.add_argument(
        "--since-head", default="", metavar="HEAD", help="printed by an earlier verify, and kept apart"
    )
    audit.set_defaults(do=_audit)
    policy.add(commands)
    _bench(commands.add_parser("bench", help="measure"))
    return top


def _cases(commands: Any) -> None:
    export = commands.add_parser("export", help="print all a case holds")
    export.add_argument("case", metavar="CASE")
    export.set_defaults(do=_export)
    erase = commands.add_parser("erase", help="destroy a case's data")
    erase.add_argument("case", metavar="CASE")
    erase.add_argument(
        "--anyway", action="store_true", help="also what was reported, or may have to be, and is to be kept"
    )
    erase.add_argument("--by", default="", help="with --anyway: who has it erased; kept")
    erase.add_argument("--reason", default="", help="with --anyway: why; kept")
    erase.set_defaults(do=_erase)
    remind = commands.add_parser("remind", help="remind all sellers that a filter names")
    remind.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="stage=, tier=, country= or owed=; several must all hold",
    )
    remind.add_argument("--dry-run", action="store_true", help="say what would be sent, and send nothing")
    remind.add_argument("--json", action="store_true", help="one JSON line")
    remind.set_defaults(do=_remind)


def _faces(commands: Any) -> None:
    match = commands.add_parser("match", help="say whether two pictures show the same face")
    match.add_argument("files", nargs=2, metavar="FILE")
    match.add_argument("--json", action="store_true", help="one JSON line")
    match.set_defaults(do=_match)
    liveness = commands.add_parser("liveness", help="say whether the head in a video turns as asked")
    liveness.add_argument("video", metavar="VIDEO")
    liveness.add_argument("--challenge", required=True, type=_turns, help="like left,right,left")
    liveness.add_argument("--portrait", metavar="FILE", help="a picture that must show the same face")
    liveness.add_argument(
        "--mirrored", choices=["auto", "yes", "no"], default="auto", help="auto: told by the first turn"
    )
    liveness.add_argument("--json", action="store_true", help="one JSON line")
    liveness.set_defaults(do=_liveness)


def _bench(bench: argparse.ArgumentParser) -> None:
    what = bench.add_subparsers(dest="what", required=True)
    chat = what.add_parser("chat", help="updates a second and CPU an update, behind real webhooks")
    chat.add_argument("--json", action="store_true", help="one JSON line")
    chat.add_argument("--sellers", type=int, default=200, help="at once")
    chat.add_argument("--turns", type=int, default=12, help="updates of each seller")
    chat.add_argument("--rounds", type=int, default=3)
    chat.add_argument(
        "--peer", default="", choices=["", "aiogram", "aiogram-riding"], help="under the same load, in turns"
    )
    chat.set_defaults(do=_bench_chat)
    bench_verify.add(what)
    bench_screen.add(what)
    bench_remind.add(what)
    monitor = what.add_parser(
        "monitor", help="transactions a second, precision and recall by rule, single calls"
    )
    monitor.add_argument("--json", action="store_true", help="one JSON line")
    monitor.add_argument("--seed", type=int, default=7)
    monitor.add_argument(
        "--stored", type=int, default=1_000_000, help="transactions in the database before the calls"
    )
    monitor.add_argument("--calls", type=int, default=2_000)
    monitor.set_defaults(do=_bench_monitor)


def main() -> None:
    """Exit code 0; 1 where what was asked for did not hold; 2 for a wrong setting or argument, or a harmed store."""
    from storage import OutdatedError, TamperedError, WrongKeyError

    asked = parser().parse_args()
    try:
        settings = load()
        logging.basicConfig(level=settings.log_level, format=LOG_FORMAT)
        logging.getLogger("alembic").setLevel(logging.WARNING)
        code = asked.do(settings, asked)
        sys.stdout.flush()
    except (SettingsError, UnknownError, OutdatedError, WrongKeyError, AwayError) as error:
        print(f"kycbot: {error}", file=sys.stderr)
        code = 2
    except TamperedError as error:
        print(f"kycbot: {error} (`audit verify` says what else was changed)", file=sys.stderr)
        code = 2
    except KeyboardInterrupt:
        print("kycbot: stopped", file=sys.stderr)
        code = 130
    except OSError as error:
        code = 0 if isinstance(error, BrokenPipeError) and _enough() else _failed(error)
    sys.exit(code)


def _turns(text: str) -> tuple[str, ...]:
    turns = tuple(turn.strip() for turn in text.split(","))
    if not set(turns) <= {"left", "right"}:
        raise argparse.ArgumentTypeError("expected turns like left,right,left")
    return turns


def _morning(text: str) -> datetime:
    return datetime.combine(report.day(text), time(10), UTC)


def _looped(work: Coroutine[Any, Any, Any]) -> Any:
    """On uvloop where it is installed: a quarter off the event loop's share."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


def _enough() -> bool:
    """Whether nobody reads the output any more, as behind `| head`: the rest goes nowhere."""
    ends = select.poll()
    ends.register(sys.stdout.fileno(), 0)
    broken = any(event & select.POLLERR for _, event in ends.poll(0))
    if broken:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return broken


def _failed(error: OSError) -> int:
    """What a file or a port did not do, in a sentence."""
    busy = error.errno == errno.EADDRINUSE
    if not busy and error.filename is None:
        raise error
    said = "PORT: another program listens there already; choose another"
    print(f"kycbot: {said if busy else f'{error.filename}: {error.strerror}'}", file=sys.stderr)
    return 2


def _demo(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.cli.auto import DifferentError, SilentError, auto
    from bot.cli.demo import demo

    quiet = settings.model_copy(update={"log_level": "WARNING"})
    logging.getLogger().setLevel(logging.WARNING)
    if not asked.auto:
        port = settings.port if asked.port is None else asked.port
        _looped(demo(quiet, port, _print, asked.date))
        return 0
    try:
        _looped(auto(quiet, asked.photo, _print))
    except (DifferentError, SilentError) as error:
        print(f"kycbot: it went otherwise: {error}", file=sys.stderr)
        return 1
    return 0


def _print(line: str) -> None:
    print(line, flush=True)


def _run(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.cli.serve import run

    _looped(run(settings, webhook=asked.webhook))
    return 0


def _migrate(settings: Settings, _: argparse.Namespace) -> int:
    from storage import migrate

    settings.kyc_home.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrate(settings.database())
    print("the database has today's shape")
    return 0


def _doctor(settings: Settings, _: argparse.Namespace) -> int:
    from bot.cli.doctor import doctor

    return doctor(settings, _print)


def _verify(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.cli.papers import verify

    _looped(verify(settings, asked.files, _print, as_json=asked.json))
    return 0


def _match(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.cli.faces import match

    return match(settings, asked.files, _print, as_json=asked.json)


def _liveness(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.cli.faces import liveness

    return liveness(settings, asked, _print)


def _models(settings: Settings, _: argparse.Namespace) -> int:
    from bot.cli.models import fetch

    return fetch(settings, _print)


def _export(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.cli.cases import export

    print(json.dumps(_looped(export(settings, asked.case)), indent=2, default=str))
    return 0


def _erase(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.cli.cases import erase

    _looped(erase(settings, asked.case, anyway=asked.anyway, by=asked.by, reason=asked.reason))
    print(f"case {asked.case} is erased; that it was remains, and the chain is whole")
    return 0


def _remind(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.cli.remind import remind

    _looped(remind(settings, asked.filter, _print, dry=asked.dry_run, as_json=asked.json))
    return 0


def _audit(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.cli.cases import audit

    whole, sentence = _looped(audit(settings, asked.since_head))
    print(sentence)
    return 0 if whole else 1


def _bench_monitor(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.cli.bench_monitor import run

    return run(settings, asked)


def _bench_chat(_: Settings, asked: argparse.Namespace) -> int:
    from handlers.bench.chat import run

    result = run(asked.sellers, asked.turns, asked.rounds, peer=asked.peer, as_json=asked.json)
    return 1 if result["errors"] else 0


if __name__ == "__main__":
    main()
