"""A report as the bytes of an XML file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from bot.reports.values import Element

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(report: Element) -> bytes:
    """UTF-8, two spaces a step; characters that XML cannot hold are left out."""
    lines = ('<?xml version="1.0" encoding="UTF-8"?>', *_lines(report, ""))
    return ("\n".join(lines) + "\n").encode()


def _lines(element: Element, indent: str) -> Iterator[str]:
    if element.parts:
        yield f"{indent}<{element.name}>"
        for part in element.parts:
            yield from _lines(part, indent + "  ")
        yield f"{indent}</{element.name}>"
    else:
        yield f"{indent}<{element.name}>{escape(_NO_XML.sub('', element.text))}</{element.name}>"
