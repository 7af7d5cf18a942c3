"""XML read as a stream, one element at a time: no entities, no network, bounded depth and size."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

DEEPEST = 40
BIGGEST = 1_000_000_000  # bytes; OFAC's advanced file has some 120 million


class HostileError(ValueError):
    """XML that is not plain data."""


def elements(data: bytes, *names: str) -> Iterator[Any]:
    """Each element of one of the local names, whole, without namespaces; freed once the next is asked for.

    Raises HostileError for a DTD, entities or too deep a tree, ValueError for what is no XML.
    """
    if len(data) > BIGGEST:
        raise HostileError("the file is too large")
    parser = etree.iterparse(
        BytesIO(data),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    depth = inside = 0
    try:
        for event, element in parser:
            local = _bare(element)
            if event == "start":
                depth += 1
                inside += local in names
                if depth == 1 and element.getroottree().docinfo.doctype:
                    raise HostileError("a list has no DTD")
                if depth > DEEPEST:
                    raise HostileError("the elements lie too deep")
                continue
            depth -= 1
            if local in names:
                inside -= 1
                yield element
            if not inside:
                _free(element)
    except etree.XMLSyntaxError as error:
        where = f": line {error.lineno}" if error.lineno else ""
        raise ValueError(f"it is no whole XML{where}") from None


def _bare(element: Any) -> str:
    if not isinstance(element.tag, str):
        raise HostileError("a list has no entities")
    if "}" in element.tag:
        element.tag = element.tag.rpartition("}")[2]
    return str(element.tag)


def _free(element: Any) -> None:
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def text(element: Any, path: str) -> str:
    """The first text at the path, trimmed; "" where there is none."""
    return (element.findtext(path) or "").strip()


def texts(element: Any, path: str) -> list[str]:
    """Every text at the path."""
    return [found for each in element.iterfind(path) if (found := (each.text or "").strip())]
