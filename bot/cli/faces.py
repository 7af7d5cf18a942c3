"""`match` and `liveness`: what the readers say of faces and of a turning head, without any case."""

from __future__ import annotations

import argparse
import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.cli.models import models_folder
from bot.readers.faces import Portrait, likeness, loaded, portrait_in, verdict
from bot.readers.image import Unreadable
from bot.readers.liveness import Challenge, Outcome, judged
from bot.readers.models import MissingModelError
from bot.readers.turns import Turn
from bot.settings import Settings

log = logging.getLogger(__name__)

MIRRORED = {"auto": None, "yes": True, "no": False}


def match(settings: Settings, files: list[str], say: Callable[[str], None], *, as_json: bool) -> int:
    """Compare the largest faces of two files. 0 where they were compared, 1 where they could not be."""
    began = time.process_time()
    line: dict[str, Any] = {"similarity": None, "verdict": "review", "faces": [0, 0]}
    try:
        line = compared(*(_seen(name, models_folder(settings)) for name in files))
    except MissingModelError as error:
        log.warning("%s", error)
        line["why"] = "no_model"
    line["cpu_ms"] = round((time.process_time() - began) * 1000, 1)
    say(json.dumps(line) if as_json else _plainly(line))
    return 1 if line["similarity"] is None else 0


def compared(one: Portrait, other: Portrait) -> dict[str, Any]:
    """One line of `match --json`; anything that speaks against one of the pictures is `why`, and for a person."""
    line: dict[str, Any] = {"similarity": None, "verdict": "review", "faces": [one.count, other.count]}
    why = one.why or other.why
    if one.vector is not None and other.vector is not None:
        similarity = likeness(one.vector, other.vector)
        line |= {"similarity": round(similarity, 3), "verdict": "review" if why else verdict(similarity)}
    return line | ({"why": why} if why else {})


def _seen(name: str, folder: Path) -> Portrait:
    networks = loaded(folder)
    try:
        return portrait_in(networks, Path(name).read_bytes())
    except Unreadable as error:
        return Portrait(0, why=error.code)
    except OSError as error:
        log.warning("%s: %s", name, error.strerror)
        return Portrait(0, why="no_file")


def liveness(settings: Settings, asked: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Judge a video against the turns asked. 0 where it passes, 1 otherwise."""
    began = time.process_time()
    try:
        film = Path(asked.video).read_bytes()
        portrait = Path(asked.portrait).read_bytes() if asked.portrait else None
    except OSError as error:
        log.warning("%s: %s", error.filename, error.strerror)
        outcome = Outcome("reject", "unreadable")
    else:
        turns = tuple(map(Turn, asked.challenge))
        challenge = Challenge(turns, MIRRORED[asked.mirrored], portrait)
        outcome = judged(film, challenge, models_folder(settings))
    line = _line(outcome) | {"cpu_ms": round((time.process_time() - began) * 1000, 1)}
    say(json.dumps(line) if asked.json else _plainly(line))
    return 0 if outcome.verdict == "pass" else 1


def _line(outcome: Outcome) -> dict[str, Any]:
    faces = {
        "frames": outcome.with_face,
        "second": outcome.second_face,
        "least_alike": _rounded(outcome.likeness),
        "portrait": _rounded(outcome.portrait),
    }
    return {
        "verdict": outcome.verdict,
        "why": outcome.why,
        "turns": list(outcome.turns),
        "extremes": [round(yaw, 1) for yaw in outcome.extremes] if outcome.extremes else None,
        "frames": outcome.frames,
        "faces": faces,
        "mirrored": outcome.mirrored,
    }


def _rounded(cosine: float | None) -> float | None:
    return None if cosine is None else round(cosine, 3)


def _plainly(line: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in line.items())
