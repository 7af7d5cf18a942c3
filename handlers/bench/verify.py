"""How many zones are read right, and what it costs: ours and any other reader that is there, on a folder of pictures.

`truth.json` in the folder: file name to `{"expected_valid": bool, "fields": {"number", "dob", "exp", "surname",
"given"}}`, dates as YYMMDD.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bot.readers.mrz_find import from_text
from handlers.bench import mrz_players

PEERS = ("passporteye", "fastmrz", "rapidocr")
SECONDS = 1800.0  # that one reader gets for the whole folder
Line = Mapping[str, Any]


class NoTruthError(Exception):
    """The folder cannot be measured on; says why."""


@dataclass(frozen=True)
class Picture:
    """A file and what its zone says: number, birth and expiry as YYMMDD; names; whether its check digits agree."""

    file: Path
    key: tuple[str, str, str]
    names: tuple[str, str]
    valid: bool


def pictures(folder: Path) -> tuple[Picture, ...]:
    """Those that the folder's truth.json names. Raises NoTruthError."""
    path = folder / "truth.json"
    if not path.is_file():
        raise NoTruthError(f"{folder} holds no truth.json: nothing to measure against")
    try:
        rows = json.loads(path.read_text("utf-8"))
        found = tuple(_picture(folder / name, row) for name, row in sorted(rows.items()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoTruthError(f"{path} is not what is needed ({type(error).__name__}: {error})") from error
    lacking = next((picture.file for picture in found if not picture.file.is_file()), None)
    if lacking or not found:
        raise NoTruthError(f"{lacking} is missing" if lacking else f"{path} names no picture")
    return found


def _picture(file: Path, row: Mapping[str, Any]) -> Picture:
    said = {name: (row["fields"].get(name) or "").replace("<", "") for name in ("number", "dob", "exp")}
    names = str(row["fields"]["surname"]), str(row["fields"]["given"])
    return Picture(file, (said["number"], said["dob"], said["exp"]), names, bool(row["expected_valid"]))


def phone_like(found: Sequence[Picture], into: Path, seed: int) -> tuple[Picture, ...]:
    """The same pictures as a phone takes them, as JPEG in the folder `into`."""
    return tuple(_phone_like(picture, into, seed) for picture in found)


def _phone_like(picture: Picture, into: Path, seed: int) -> Picture:
    from bot.readers.image import pages
    from handlers.bench.phone import phoned

    file = into / f"{picture.file.stem}.jpg"
    file.write_bytes(phoned(pages(picture.file.read_bytes())[0].pixels, seed, picture.file.name))
    return Picture(file, picture.key, picture.names, picture.valid)


def lines(reader: str, found: Sequence[Picture], python: str, models: Path) -> tuple[Line, ...]:
    """What a reader said of each picture, in a process of its own on one thread. Raises ModuleNotFoundError."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"), "1")
    script = ["-m", mrz_players.__name__] if reader == "kycbot" else [str(mrz_players.__file__)]
    command = [python, *script, reader, str(models), *(str(picture.file) for picture in found)]
    done = subprocess.run(  # noqa: S603 - our own script
        command, env=os.environ | threads, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if done.returncode:
        raise ModuleNotFoundError((done.stderr.strip().splitlines() or ["no reason given"])[-1])
    return tuple(json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"file"'))


def summary(reader: str, found: Sequence[Picture], said: Sequence[Line]) -> dict[str, Any]:
    """Read rates over the pictures whose zones are valid; wrong, yet given as valid; CPU in ms and memory in MB.

    `bad_accepted`: zones with bad check digits that were given as valid; they count as wrong too.
    """
    seen = [_read(line) for line in said]
    right = [pic.valid and ok and key == pic.key for pic, (ok, key, _) in zip(found, seen, strict=True)]
    named = [
        all_right and names == pic.names
        for pic, all_right, (_, _, names) in zip(found, right, seen, strict=True)
    ]
    bad = [ok and not pic.valid for pic, (ok, _, _) in zip(found, seen, strict=True)]
    wrong = [ok and not all_right for all_right, (ok, _, _) in zip(right, seen, strict=True)]
    zones = sum(pic.valid for pic in found)
    whole = [float(line["cpu_ms"]) for line in said]
    stage = [float(line.get("mrz_cpu_ms") or line["cpu_ms"]) for line in said]
    return {
        "reader": reader,
        "right": sum(right),
        "right_rate": round(sum(right) / max(zones, 1), 3),
        "names": sum(named),
        "names_rate": round(sum(named) / max(zones, 1), 3),
        "wrong_valid": sum(wrong),
        "bad_accepted": sum(bad),
        "mrz_cpu_ms": {"median": round(median(stage)), "p95": round(_p95(stage))},
        "cpu_ms": {"median": round(median(whole)), "p95": round(_p95(whole))},
        "peak_mb": round(max(float(line["peak_mb"]) for line in said)),
        "failed": sum("error" in line for line in said),
    }


def _read(line: Line) -> tuple[bool, tuple[str, str, str], tuple[str, str]]:
    """Whether it is given as valid; number, birth and expiry; names."""
    if "text" in line:
        return _in_text(str(line["text"]))
    key = (_plain(line, "number"), _date(line, "dob"), _date(line, "exp"))
    return bool(line["valid"]), key, (_plain(line, "surname", " "), _plain(line, "given", " "))


def _in_text(text: str) -> tuple[bool, tuple[str, str, str], tuple[str, str]]:
    zone = from_text(text, datetime.now(UTC).date())
    if zone is None:
        return False, ("", "", ""), ("", "")
    line = {"valid": zone.valid, "number": zone.number, "dob": zone.birth_date, "exp": zone.expires_on}
    return _read({**line, "surname": zone.surname, "given": zone.given_names})


def _plain(line: Line, name: str, gap: str = "") -> str:
    return gap.join(str(line.get(name) or "").replace("<", " ").split())


def _date(line: Line, name: str) -> str:
    return _plain(line, name).replace("-", "")[-6:]


def _p95(values: Sequence[float]) -> float:
    """The smallest value that 95 % of all do not exceed."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def measure(
    folder: Path, models: Path, *, phone: int | None = None, peers: bool = False, peer_python: str = ""
) -> dict[str, Any]:
    """A row a reader. `phone`: the seed of phone-like versions. Raises NoTruthError, and ModuleNotFoundError for ours."""
    found = pictures(folder)
    with tempfile.TemporaryDirectory() as scratch:
        shown = found if phone is None else phone_like(found, Path(scratch), phone)
        rows = [summary("kycbot", shown, lines("kycbot", shown, sys.executable, models))]
        absent = {}
        for peer in PEERS if peers else ():
            try:
                rows.append(summary(peer, shown, lines(peer, shown, peer_python or sys.executable, models)))
            except (ModuleNotFoundError, subprocess.TimeoutExpired) as error:
                absent[peer] = str(error)
    return {
        "pictures": len(found),
        "zones": sum(picture.valid for picture in found),
        "phone_seed": phone,
        "readers": rows,
        **({"absent": absent} if absent else {}),
    }


def table(result: Mapping[str, Any]) -> Iterator[str]:
    """The result for people, a line a reader."""
    kind = "" if result["phone_seed"] is None else f", phone-like (seed {result['phone_seed']})"
    yield f"{result['pictures']} pictures, {result['zones']} of them with a valid zone{kind}"
    yield f"{'reader':12} {'right':>6} {'names':>6} {'wrong':>6} {'MRZ CPU ms, 95 %':>18} {'CPU ms, 95 %':>16} {'MB':>6}"
    for row in result["readers"]:
        stage, whole = (f"{row[name]['median']}, {row[name]['p95']}" for name in ("mrz_cpu_ms", "cpu_ms"))
        yield (
            f"{row['reader']:12} {row['right']:6} {row['names']:6} {row['wrong_valid']:6} {stage:>18} {whole:>16}"
            f" {row['peak_mb']:6}"
        )
    for name, why in result.get("absent", {}).items():
        yield f"{name:12} not measured: {why}"
