"""The two shapes of what can be owed: a question, answered in words or taps, and a document, answered in files."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers import Parse
from bot.checks import Check


@dataclass(frozen=True, slots=True)
class Question:
    """Asked in words. `options` are taps; `typed` tells whether free text is an answer too.

    `contact`: answered by Telegram's own contact button. `about`: the document it speaks of; its answer lapses
    when a newer one takes that document's place. `introduces`: every answer brings in a person of their own.
    """

    name: str
    parse: Parse
    options: tuple[str, ...] = ()
    typed: bool = True
    contact: bool = False
    about: str = ""
    introduces: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """Answered in files. `accepts`: types of the readers; `reads`: the questions whose answers its checks use."""

    name: str
    accepts: frozenset[str]
    checks: tuple[Check, ...]
    reads: tuple[str, ...] = ()
    runs_out: bool = False


Requirement = Question | Document
