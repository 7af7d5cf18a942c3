"""`bench verify`: how many zones are read right, and what it costs, on a folder of pictures whose truth is known."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from bot.cli.models import models_folder
from bot.settings import Settings

SEED = 1


def add(benches: Any) -> None:
    """`verify` among the sub-commands of `bench`."""
    verify = benches.add_parser(
        "verify", help="read rates and cost on a folder of pictures with a truth.json"
    )
    verify.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="FOLDER",
        help="default: mrz in the folder KYC_SPECIMENS names",
    )
    verify.add_argument("--json", action="store_true", help="one JSON object")
    verify.add_argument(
        "--phone",
        nargs="?",
        type=int,
        const=SEED,
        metavar="SEED",
        help="on versions as a phone would take them",
    )
    verify.add_argument(
        "--peers", action="store_true", help="also passporteye, fastmrz and plain rapidocr, where installed"
    )
    verify.add_argument("--peer-python", default="", metavar="PYTHON", help="the Python that has the peers")
    verify.set_defaults(do=run)


def run(settings: Settings, asked: argparse.Namespace) -> int:
    """0; 1 where a reading was wrong yet valid; 2 where there is nothing to measure on or with."""
    from handlers.bench.verify import NoTruthError, measure, table

    home = os.environ.get("KYC_SPECIMENS", "")
    folder = asked.folder or (Path(home) / "mrz" if home else None)
    if folder is None:
        return _refused("name a FOLDER with pictures and a truth.json, or set KYC_SPECIMENS")
    models = models_folder(settings)
    try:
        result = measure(
            folder,
            models,
            phone=asked.phone,
            peers=asked.peers or bool(asked.peer_python),
            peer_python=asked.peer_python,
        )
    except NoTruthError as error:
        return _refused(str(error))
    except ModuleNotFoundError as error:
        return _refused(f"the readers do not start here: {error}")
    sys.stdout.write(f"{json.dumps(result)}\n" if asked.json else "\n".join((*table(result), "")))
    return 1 if result["readers"][0]["wrong_valid"] else 0


def _refused(why: str) -> int:
    sys.stderr.write(f"kycbot: bench verify: {why}\n")
    return 2
