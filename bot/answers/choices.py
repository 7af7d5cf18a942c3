"""What is chosen by tapping: one of some options, or several."""

from __future__ import annotations

import re

from bot.answers.words import LONGEST, Parse, Unclear, fold

_BETWEEN = re.compile(r"[,;+/&\n]|\s(?:and|und|et|y|e)\s", re.IGNORECASE)


def one_of(*options: str) -> Parse:
    """Only a tap on one of these counts."""

    def parse(text: str) -> str | Unclear:
        return text if text in options else Unclear("tap_please")

    return parse


def several(*options: str) -> Parse:
    """Any of these, tapped or typed by name -> joined by "+" in the order of the options."""
    folded = {fold(option): option for option in options}

    def parse(text: str) -> str | Unclear:
        words = [word for word in map(fold, _BETWEEN.split(text[:LONGEST])) if word]
        if not words or any(word not in folded for word in words):
            return Unclear("tap_please")
        chosen = {folded[word] for word in words}
        return "+".join(option for option in options if option in chosen)

    return parse
