"""The two shapes of what can be owed: a question, answered in words or taps, and a document, answered in files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.answers import Unclear
from bot.checks import Check


@dataclass(frozen=True, slots=True)
class Question:
    """Asked in words. `options` are taps; `typed` tells whether free text is an answer too.

    `place`: the question whose answer, a country, `parse` takes as its second argument. `after`: questions whose
    later change opens this one again. `contact`: answered by Telegram's own contact button. `about`: the document
    it speaks of: asked once that is read, and again when a newer one takes its place. `introduces`: every answer
    brings in a person of their own, but for those in `ends`. `several`: taps add up, joined by "+". `recurs`: open
    for as long as a row owes it; its answer is what ends that.
    """

    name: str
    parse: Callable[..., str | Unclear]
    options: tuple[str, ...] = ()
    typed: bool = True
    place: str = ""
    after: tuple[str, ...] = ()
    contact: bool = False
    about: str = ""
    introduces: bool = False
    ends: tuple[str, ...] = ()
    several: bool = False
    recurs: bool = False

    def understood(self, text: str, place: str) -> str | Unclear:
        """The canonical form of what was typed or tapped; `place` is the answer to the question `place`."""
        if text in self.options:
            return text
        return self.parse(text, place) if self.place else self.parse(text)


@dataclass(frozen=True, slots=True)
class Document:
    """Answered in files. `accepts`: types of the readers; `reads`: the questions whose answers its checks use.

    `film`: a round video note.
    """

    name: str
    accepts: frozenset[str]
    checks: tuple[Check, ...]
    reads: tuple[str, ...] = ()
    runs_out: bool = False
    film: bool = False


Requirement = Question | Document
