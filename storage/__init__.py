"""What is kept: histories, messages, files, transactions; on SQLite or PostgreSQL, behind the core's ports."""

from storage.audit import Break, Report
from storage.head import Head
from storage.keys import TamperedError, WrongKeyError, master_key, parse_key
from storage.migrate import OutdatedError, migrate
from storage.store import Storage
from storage.vault import Kept

__all__ = [
    "Break",
    "Head",
    "Kept",
    "OutdatedError",
    "Report",
    "Storage",
    "TamperedError",
    "WrongKeyError",
    "master_key",
    "migrate",
    "parse_key",
]
