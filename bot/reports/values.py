"""The plain values of a report: elements in the order of the schema, and what is missing from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Element(NamedTuple):
    """One element: its text, or its parts."""

    name: str
    text: str = ""
    parts: tuple[Element, ...] = ()


class Missing(NamedTuple):
    """A field that nothing is known for. `field`: as goAML names it; `how`: what would bring it, in one sentence.

    `needed`: the schema itself wants it; else the report can go without, where a person says so.
    """

    field: str
    how: str
    needed: bool = True


Parts = Iterable[Element | None]


def text(name: str, value: str, longest: int = 255) -> Element | None:
    """An element where there is a value, cut to what the schema takes."""
    return Element(name, value[:longest]) if value else None


def node(name: str, parts: Parts) -> Element:
    """An element of those parts that are there."""
    return Element(name, parts=tuple(part for part in parts if part is not None))
