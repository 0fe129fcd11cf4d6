"""Tables as passages: one row each, with the names of its columns, and the number it stands at."""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import Final

from articles.sources.passages import LONGEST, Passage

MOST_ROWS: Final = 20_000
_LONGEST_CELL: Final = 1 << 20
_DELIMITERS: Final = ",;\t|"


def cut_table(text: str) -> list[Passage]:
    """A passage a row of a comma, semicolon, tab or bar separated table; its first row names the columns.

    "Country: Vell; Year: 2025; Rate: 4.6". Empty cells are left out, rows beyond `MOST_ROWS` too. `start` and `end`
    are the row's number, as there is no running text. What is broken in a table ends it there.
    """
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    found: list[Passage] = []
    try:
        head = [one.strip() for one in next(reader, [])]
        for row in islice(reader, MOST_ROWS):
            words = _row(head, row)
            if words:
                number = reader.line_num
                found.append(Passage(words[:LONGEST], f"row {number}", number, number))
    except csv.Error:
        return found
    return found


def _delimiter(text: str) -> str:
    first = text.lstrip("\ufeff").partition("\n")[0]
    return max(_DELIMITERS, key=first.count)


def _row(head: list[str], row: list[str]) -> str:
    names = [*head, *[""] * len(row)]
    cells = ((name, one.strip()) for name, one in zip(names, row, strict=False))
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in cells if cell)
