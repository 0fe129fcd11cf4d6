"""Reading what people hand to a command: paths, standard input, gzip; every failure has a code."""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn, cast

from factcheck.core.errors import FactcheckError, Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

STDIN: Final = "-"
GZIP_SUFFIX: Final = ".gz"
MAX_LINE: Final = 64 * 1024 * 1024
BROKEN_GZIP: Final = (gzip.BadGzipFile, EOFError, zlib.error)

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a JSON Lines input: its number from 1, and its bytes or what kept them from being read."""

    path: str
    number: int
    content: bytes = b""
    error: FactcheckError | None = None


def open_bytes(path: str, stdin: BinaryIO) -> AbstractContextManager[BinaryIO]:
    """Open `path` (`-` is standard input) for reading, unpacked when its name ends in .gz.

    Raises `NotFound` and `Invalid` with the codes input.not_found, input.is_folder, input.unreadable.
    """
    if path == STDIN:
        return nullcontext(stdin)  # not ours to close
    file = Path(path)
    try:
        if file.is_dir():
            raise Invalid("input.is_folder", path=path)
        if path.endswith(GZIP_SUFFIX):
            return cast("BinaryIO", gzip.open(file, "rb"))
        return file.open("rb")
    except (OSError, ValueError) as error:
        _explain(path, error)


def read_bytes(path: str, stdin: BinaryIO, *, limit: int) -> bytes:
    """At most `limit` + 1 bytes of `path`: one more than the limit tells the caller that it is too large."""
    with open_bytes(path, stdin) as stream:
        try:
            return stream.read(limit + 1)
        except (OSError, EOFError, zlib.error) as error:
            _explain(path, error)


def read_lines(paths: Iterable[str], stdin: BinaryIO, *, limit: int = MAX_LINE) -> Iterator[Line]:
    """The lines of all paths in turn; a path that cannot be read gives one line with its error.

    A line of more than `limit` bytes is never held; it comes as the error input.line_too_long.
    """
    for path in paths:
        yield from _lines_of(path, stdin, limit)


def read_row(line: Line) -> Row:
    """The JSON object of a line; raises `Invalid` (input.not_json), or the error that reading it met."""
    if line.error:
        raise line.error
    try:
        row = json.loads(line.content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Invalid("input.not_json", line=line.number, detail=str(error)) from error
    if not isinstance(row, dict):
        raise Invalid("input.not_json", line=line.number, detail=f"it is a {type(row).__name__}")
    return row


def text_field(row: Row, name: str, *, needs: str, default: str | None = None) -> str:
    """The string in `row[name]`; `default` where it is absent or null, if a default is given.

    Raises `Invalid`: input.missing_field (with `needs`, the fields a line must have), input.wrong_type.
    """
    value = row.get(name)
    if value is None and default is not None:
        return default
    if name not in row:
        raise Invalid("input.missing_field", field=name, needs=needs)
    if not isinstance(value, str):
        raise Invalid("input.wrong_type", field=name, needs="a string")
    return value


def text_list_field(row: Row, name: str, *, needs: str) -> list[str]:
    """The list of strings in `row[name]`; raises as `text_field` does."""
    if name not in row:
        raise Invalid("input.missing_field", field=name, needs=needs)
    value = row[name]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Invalid("input.wrong_type", field=name, needs="a list of strings")
    return value


def _lines_of(path: str, stdin: BinaryIO, limit: int) -> Iterator[Line]:
    number = 0
    try:
        with open_bytes(path, stdin) as stream:
            for number, content in enumerate(_guarded(path, stream, limit), start=1):
                if len(content) > limit:
                    yield Line(path, number, error=Invalid("input.line_too_long", line=number, limit=limit))
                elif content.strip():
                    yield Line(path, number, content)
    except FactcheckError as error:
        yield Line(path, number + 1, error=error)


def _guarded(path: str, stream: BinaryIO, limit: int) -> Iterator[bytes]:
    """Each line; of one that is too long the first `limit` + 1 bytes, the rest is read over."""
    try:
        while content := stream.readline(limit + 1):
            rest = content
            while len(rest) > limit and not rest.endswith(b"\n"):
                rest = stream.readline(limit + 1)
            yield content
    except (OSError, EOFError, zlib.error) as error:
        _explain(path, error)


def _explain(path: str, error: Exception) -> NoReturn:
    if isinstance(error, FileNotFoundError):
        raise NotFound("input.not_found", path=path) from error
    if isinstance(error, BROKEN_GZIP):
        raise Invalid("input.bad_gzip", path=path) from error
    detail = getattr(error, "strerror", None) or str(error)
    raise Invalid("input.unreadable", path=path, detail=detail) from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
