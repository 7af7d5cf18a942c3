"""One reader of zones at work in a process of its own: `mrz_players.py READER MODELS FILE...`, a JSON line a file.

Runs by its path under any Python that has the reader: it needs nothing else but the standard library. CPU and memory
count the processes a reader starts, as tesseract is one.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

Said = dict[str, Any]
Reader = Callable[[str], Said]


def kycbot(models: str) -> Reader:
    """The whole reading of a file, as `verify` does it; the zone's share of the time is told apart."""
    from pathlib import Path

    from bot.readers.document import read
    from bot.readers.workers import warm

    warm(models=Path(models))

    def one(file: str) -> Said:
        seen = read([Path(file).read_bytes()], datetime.now(UTC).date())
        names = {"number": "number", "birth_date": "dob", "expires_on": "exp", "mrz_cpu_ms": "mrz_cpu_ms"}
        said = {kept: seen.get(name, "") for name, kept in names.items()}
        return {
            **said,
            "surname": seen.get("surname", ""),
            "given": seen.get("given_names", ""),
            "valid": seen.get("mrz_valid") == "true",
        }

    return one


def passporteye(_: str) -> Reader:
    """PassportEye (MIT; its engine is tesseract)."""
    read_mrz = import_module("passporteye").read_mrz

    def one(file: str) -> Said:
        zone = read_mrz(file)
        if zone is None:
            return {"valid": False}
        seen = zone.to_dict()
        return {
            "number": seen.get("number", ""),
            "dob": seen.get("date_of_birth", ""),
            "exp": seen.get("expiration_date", ""),
            "surname": seen.get("surname", ""),
            "given": seen.get("names", ""),
            "valid": bool(zone.valid),
        }

    return one


def fastmrz(_: str) -> Reader:
    """FastMRZ (AGPL: measured beside, never built in; its engine is tesseract)."""
    reader = import_module("fastmrz").FastMRZ()

    def one(file: str) -> Said:
        seen = reader.get_details(file)
        return {
            "number": seen.get("document_number", ""),
            "dob": seen.get("birth_date", ""),
            "exp": seen.get("expiry_date", ""),
            "surname": seen.get("surname", ""),
            "given": seen.get("given_name", ""),
            "valid": seen.get("status") == "SUCCESS",
        }

    return one


def rapidocr(_: str) -> Reader:
    """All text of the picture; who asks finds the zone in it."""
    reader = import_module("rapidocr").RapidOCR(
        params={
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def one(file: str) -> Said:
        return {"text": "\n".join(reader(file).txts or ())}

    return one


READERS: dict[str, Callable[[str], Reader]] = {
    "kycbot": kycbot,
    "passporteye": passporteye,
    "fastmrz": fastmrz,
    "rapidocr": rapidocr,
}


def cpu() -> float:
    """Seconds of this process and of those it started and saw end."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def main(name: str, models: str, files: list[str]) -> None:
    """The first file is read once more than it counts: what loads late is no file's time."""
    read = READERS[name](models)
    read(files[0])
    for file in files:
        began = cpu()
        try:
            said = read(file)
        except Exception as error:  # noqa: BLE001 - a peer's own bug on a picture is a picture not read
            said = {"valid": False, "error": f"{type(error).__name__}: {error}"[:200]}
        peak = max(
            resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        line = {"file": file, **said, "cpu_ms": (cpu() - began) * 1000, "peak_mb": peak / 1024}
        sys.stdout.write(f"\n{json.dumps(line)}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
