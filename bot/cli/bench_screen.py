"""`bench screen`: how fast names are screened against a list of some size, and what that takes."""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from bot.settings import Settings

SEED = 5
GIVEN = [
    "Ahmed",
    "Mohammed",
    "Ali",
    "Hassan",
    "Omar",
    "Fatima",
    "Sergei",
    "Vladimir",
    "Olga",
    "Irina",
    "Juan",
    "Carlos",
    "Maria",
    "Jose",
    "Luis",
    "Ana",
    "Wei",
    "Jing",
    "Min",
    "Kim",
    "Hans",
    "Peter",
    "Anna",
    "Lars",
    "Ingrid",
    "Jean",
    "Pierre",
    "Marie",
    "Giulia",
    "Marco",
    "Ivan",
    "Petar",
    "Elena",
    "Kofi",
    "Amina",
    "Yusuf",
    "Ibrahim",
    "John",
    "Mary",
    "Robert",
    "Susan",
    "David",
    "Sarah",
    "Arjun",
    "Priya",
    "Ravi",
    "Nguyen",
    "Thi",
    "Bayu",
    "Siti",
    "Abdul",
    "Karim",
    "Mehmet",
    "Ayse",
    "Emre",
    "Zeynep",
]
SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "ka",
    "ke",
    "ki",
    "ko",
    "ma",
    "me",
    "mi",
    "mo",
    "ra",
    "ri",
    "ro",
    "sa",
    "si",
    "so",
    "ta",
    "te",
    "ti",
    "to",
    "va",
    "vi",
    "vo",
    "la",
    "li",
    "lo",
    "na",
    "ni",
    "no",
    "ga",
    "go",
    "da",
    "do",
    "za",
    "zo",
    "shi",
    "chu",
    "kha",
    "gro",
    "bren",
    "stein",
    "sen",
    "ov",
    "ez",
    "ani",
    "uri",
    "ian",
    "enko",
]


def add(commands: Any) -> None:
    """`screen` below `bench`."""
    bench = commands.add_parser("screen", help="names against a list of this size, as JSON")
    bench.add_argument("--json", action="store_true", help="one JSON line, as always")
    bench.add_argument("--entries", type=int, default=50_000, metavar="N")
    bench.add_argument("--names", type=int, default=4_000, metavar="N")
    bench.set_defaults(do=_bench)


def _bench(_: Settings, asked: argparse.Namespace) -> int:
    print(json.dumps(measured(asked.entries, asked.names)))
    return 0


def measured(entries: int, names: int) -> dict[str, float | int]:
    """CPU time of one core; memory is the most that the process had, in megabytes."""
    from bot.cli.collector import settle
    from bot.screening import Entity, Kind, index, screen

    draw = random.Random(SEED)
    people = [_person(draw) for _ in range(entries)]
    listed = [Entity(str(n), (name,), Kind.PERSON) for n, name in enumerate(people)]
    start = time.process_time()
    found = index({"bench": listed})
    made = time.process_time() - start
    settle()  # as `screen` and the bot do
    asked = [_asked(draw, people) for _ in range(names)]
    start = time.process_time()
    hits = sum(len(screen(found, name)) for name in asked)
    took = time.process_time() - start
    others = [_asked(draw, people) for _ in range(names)]  # what was asked before is remembered in part
    return {
        "entries": entries,
        "names": names,
        "index_s": round(made, 2),
        "ms_per_name": round(took / names * 1000, 3),
        "names_per_s": round(names / took),
        "bulk_names_per_s": round(names / _in_bulk(found, others)),
        "hits_per_name": round(hits / names, 3),
        "memory_mb": round(_memory()),
    }


def _in_bulk(found: Any, asked: Sequence[str]) -> float:
    """Seconds by the clock, on every core, as `screen` answers many lines."""
    from bot.cli.bulk import answered
    from bot.cli.lists import answer

    with tempfile.TemporaryFile() as lines:
        lines.write("\n".join(asked).encode())
        lines.seek(0)
        start = time.perf_counter()
        for _ in answered(lines, partial(answer, found, as_json=True)):
            pass
        return time.perf_counter() - start


def _person(draw: random.Random) -> str:
    family = "".join(draw.choices(SYLLABLES, k=draw.choice((2, 3, 3, 4)))).title()
    given = " ".join(draw.choices(GIVEN, k=draw.choice((1, 1, 2, 3))))
    return f"{family.upper()}, {given}"


def _asked(draw: random.Random, people: Sequence[str]) -> str:
    """One in ten stands on the list, misspelled; the others are ordinary people."""
    if draw.random() > 0.1:
        family, _, given = _person(draw).partition(", ")
        return f"{given} {family.title()}"
    name = draw.choice(people)
    place = draw.randrange(1, len(name) - 1)
    return name[:place] + draw.choice("aeiourst") + name[place + 1 :]


def _memory() -> float:
    """Linux counts in kilobytes, macOS in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)
