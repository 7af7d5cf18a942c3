"""Countries by the FATF's public lists, from the dated file that risk factors read as well."""

from __future__ import annotations

import tomllib
from pathlib import Path

_LISTS = tomllib.loads((Path(__file__).parent.parent / "countries.toml").read_text())
CALLED = frozenset(_LISTS["call_for_action"])
WATCHED = frozenset(_LISTS["increased_monitoring"])
