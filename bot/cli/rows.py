"""A file's rows one by one: a bad one is named and left out, and never loses those after it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO

from bot.monitoring.money import Moved, known, moved
from bot.monitoring.reading import COLUMNS, NEEDED, RowError, read, shown

DIALECTS = ",;\t|"
COMMA = re.compile(r"([0-9]{1,13}),([0-9]{1,8})", re.ASCII)  # a decimal comma, where commas do not part cells


SAID = 20  # refusals that are told one by one
LONGEST = csv.field_size_limit()  # characters of a cell


class Lines:
    """A file's lines. `taken`: those of the row that is being read; a row that took too many can give them back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: list[str] = []
        self.taken: list[str] = []
        self.number = 1  # of the first line taken; the header is the first of all

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._file)
        self.taken.append(line)
        return line

    def row(self) -> None:
        """A new row begins."""
        self.number += len(self.taken)
        self.taken.clear()

    def whole(self, row: list[str], mark: str) -> list[str]:
        """The row. Raises csv.Error where it took more than its line, but for a line break within quotes."""
        if len(self.taken) == 1:
            return row
        try:
            (only,) = csv.reader(self.taken, delimiter=mark, strict=True)
        except (csv.Error, ValueError):
            raise csv.Error("a quote opens that is not closed on its line") from None
        return only

    def give_back(self) -> None:
        """All but the row's first line come again."""
        self._again += reversed(self.taken[1:])
        del self.taken[1:]


class Rows:
    """A file's transactions. `trouble`: why there are none at all; `refused`: how many rows were not taken so far.

    `say` is told of each, with its line. A repeat of the same transaction is given out once.
    """

    def __init__(self, file: TextIO, say: Callable[[str], None]) -> None:
        first = file.readline().replace("\0", "")
        self._mark = max(DIALECTS, key=first.count)
        self._lines = Lines(file)
        self._lines.taken.append(first)
        self._lines.number = 1
        names = [name.strip().lower() for name in next(csv.reader([first], delimiter=self._mark), [])]
        missing = [name for name in NEEDED if name not in names]
        twice = [name for name in COLUMNS if names.count(name) > 1]
        self.trouble = f"line 1: no column {', '.join(missing)}" if missing else ""
        self.trouble = self.trouble or (f"line 1: column {', '.join(twice)} twice" if twice else "")
        self.refused = 0
        self._wide = len(names)
        self._places = [names.index(name) if name in names else -1 for name in COLUMNS]
        self._straight = self._places == list(range(self._wide)) and self._mark == ","
        self._unknown: set[str] = set()
        self._seen: dict[str, int] = {}
        self._tell = say

    def __iter__(self) -> Iterator[Moved]:
        rows, lines = csv.reader(self._lines, delimiter=self._mark), self._lines
        while True:
            lines.row()
            try:
                row = lines.whole(next(rows), self._mark)
                if any(row) and (event := self._event(row)):
                    yield event
            except StopIteration:
                return
            except RowError as error:
                self._refuse(str(error))
            except csv.Error as error:
                long = any(len(line) > LONGEST for line in lines.taken)
                lines.give_back()
                self._refuse(f"a cell is longer than {LONGEST:,} characters" if long else str(error))

    def _event(self, row: list[str]) -> Moved | None:
        """None for a repeat. Raises RowError."""
        one = read(row if self._straight and len(row) == self._wide else self._ordered(row))
        event = moved(one)
        mark = hash((event, one.currency, one.method))
        before = self._seen.get(one.id)
        if before == mark:
            return None
        if before is not None:
            raise RowError("id", f"id «{shown(one.id)}» came before with other content; the first counts")
        self._seen[one.id] = mark
        if one.currency not in self._unknown and not known(one.currency):
            self._unknown.add(one.currency)
            self._say(f"there is no rate for {one.currency}: its amounts are taken at their number")
        return event

    def _ordered(self, row: Sequence[str]) -> list[str]:
        if any(row[self._wide :]):
            raise RowError("id", f"there are {len(row)} cells for {self._wide} columns")
        cells = [row[place] if 0 <= place < len(row) else "" for place in self._places]
        if self._mark != "," and (found := COMMA.fullmatch(cells[3].strip())):
            cells[3] = f"{found[1]}.{found[2]}"
        return cells

    def _refuse(self, sentence: str) -> None:
        self.refused += 1
        if self.refused <= SAID:
            self._say(sentence)

    def _say(self, sentence: str) -> None:
        self._tell(f"line {self._lines.number}: {sentence}")
