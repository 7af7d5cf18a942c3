"""The house's walls: imports run downwards only, and each wing keeps to itself."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = (
    ("model",),
    ("disclosure", "holds", "invitations", "quiet"),
    ("answers", "facts"),
    ("merging",),
    ("checks", "monitoring", "screening"),
    ("documents",),
    ("folding", "papers", "risk", "reviews"),
    ("conditions",),
    ("policy",),
    ("items",),
    ("standing",),
    ("ports",),
    ("asking", "reports", "uploads"),
    ("elsewhere", "matters", "screened", "selling"),
    ("staff",),
    ("compliance",),
    ("followups",),
    ("speech",),
    ("turn",),
    ("taps", "ruling", "tick"),
    ("conversation", "quietly"),
    ("reading",),
    ("desk",),
    ("uploading",),
    ("settings",),
)
FLOOR = {room: n for n, rooms in enumerate(FLOORS) for room in rooms}
CORE_MAY = {
    "babel",
    "email_validator",
    "idna",
    "mnemonic",
    "phonenumbers",
    "pydantic",
    "pydantic_settings",
    "rapidfuzz",
    "rigour",
    "stdnum",
}
STDLIB_NOT = {"sqlite3", "socket", "subprocess", "urllib", "http"}
KNOWS_ALL = {"cli", "__main__"}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def _room(path: Path) -> str:
    return path.relative_to(ROOT / "bot").parts[0].removesuffix(".py")


CORE = [path for path in _files("bot") if _room(path) not in {"readers", "__init__", *KNOWS_ALL}]


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_imports_downwards_and_nothing_of_the_world(path: Path) -> None:
    floor = FLOOR[_room(path)]
    for name in _imports(path):
        top, *rest = name.split(".")
        if top == "bot" and rest and rest[0] in FLOOR:
            assert FLOOR[rest[0]] < floor or rest[0] == _room(path), f"{path.name} looks up to {name}"
        elif top not in {"bot", "__future__"}:
            assert top in CORE_MAY or (top in sys.stdlib_module_names and top not in STDLIB_NOT), name


@pytest.mark.parametrize("folder", ["handlers", "storage", "bot/readers"])
def test_the_wings_never_meet(folder: str) -> None:
    banned = {"handlers", "storage"} - {folder}
    for path in _files(folder):
        for name in _imports(path):
            assert name.split(".")[0] not in banned, f"{path} imports {name}"
            assert not name.startswith(("bot.cli", "bot.desk")), f"{path} imports {name}"


def test_readers_know_nothing_of_the_core_but_how_words_are_written_and_pictures_add_up() -> None:
    may = ("bot.readers", "bot.answers", "bot.merging")
    for path in _files("bot/readers"):
        for name in _imports(path):
            assert not name.startswith("bot.") or name.startswith(may), f"{path}: {name}"


def test_the_playground_knows_nothing_of_the_bot() -> None:
    for path in _files("handlers/playground"):
        for name in _imports(path):
            assert name.split(".")[0] != "bot", f"{path} imports {name}"
            assert not name.startswith("handlers.") or name.startswith("handlers.playground"), name


def test_no_clock_below_the_edges() -> None:
    for path in CORE:
        asked = re.findall(
            r"datetime\.(?:now|utcnow|today)\(|date\.today\(|time\.(?:time|monotonic)\(", path.read_text()
        )
        assert not asked, f"{path} asks for the time"
