"""Many stories in one place: the files of a folder, the lines of a JSON Lines file. Pure Python, never held whole."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from articles.ingest.decode import MAX_BYTES
from factcheck.core.errors import FactcheckError, Invalid, NotFound
from factcheck.core.inputs import GZIP_SUFFIX, STDIN, read_bytes, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

LINES: Final = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Found:
    """A file, or a line of a file, as it was found; `error` is what kept it from being read.

    `line` counts from 1 and is 0 for a whole file; `size` is how many bytes it has where it lies, for the progress.
    """

    path: str
    line: int = 0
    data: bytes = b""
    size: int = 0
    error: FactcheckError | None = None

    @property
    def name(self) -> str:
        """The name that tells the format: "story.txt" for "story.txt.gz"."""
        return self.path.removesuffix(GZIP_SUFFIX)


def is_lines(path: str) -> bool:
    return path.lower().removesuffix(GZIP_SUFFIX).endswith(LINES)


def is_batch(path: str) -> bool:
    """Whether a path may hold thousands of stories."""
    return os.path.isdir(path) or is_lines(path)  # noqa: PTH112  (a path with odd bytes is only looked at)


def found_in(path: str, stdin: BinaryIO, *, lines: bool = False) -> Iterator[Found]:
    """What is in a folder and the folders below it, by name, or in a JSON Lines file, in its order.

    Files and folders whose name begins with a dot are left alone, and links to folders are not followed. With
    `lines` a file is JSON Lines whatever its name. Where there is nothing, that is the one error.
    """
    empty = True
    for found in _found(path, stdin, lines=lines):
        empty = False
        yield found
    if empty:
        yield Found(path, error=Invalid("input.no_stories", path=path))


def size_of(path: str) -> int:
    """Bytes on disk that `found_in` will go through; 0 where that is not known."""
    if path == STDIN:
        return 0
    if not os.path.isdir(path):  # noqa: PTH112
        return _size(path)
    return sum(_size(found) for found in _files(path) if isinstance(found, str))


def _found(path: str, stdin: BinaryIO, *, lines: bool) -> Iterator[Found]:
    if path == STDIN or not os.path.isdir(path):  # noqa: PTH112
        yield from _of_file(path, stdin, lines=lines)
        return
    for found in _files(path):
        if isinstance(found, Found):
            yield found
        else:
            yield from _of_file(found, stdin, lines=False)


def _of_file(path: str, stdin: BinaryIO, *, lines: bool) -> Iterator[Found]:
    if lines or is_lines(path):
        yield from _lines(path, stdin)
    else:
        yield _file(path, stdin)


def _files(folder: str) -> Iterator[str | Found]:
    """The files below a folder; only the names of one folder at a time are held."""
    try:
        with os.scandir(folder) as entries:
            names = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError as error:
        yield Found(folder, error=Invalid("input.unreadable", path=folder, detail=error.strerror or str(error)))
        return
    for name, is_folder in names:
        path = os.path.join(folder, name)  # noqa: PTH118
        if name.startswith("."):
            continue
        if is_folder:
            yield from _files(path)
        else:
            yield path


def _lines(path: str, stdin: BinaryIO) -> Iterator[Found]:
    problem = _not_a_file(path) if path != STDIN else None
    if problem:
        yield Found(path, error=problem)
        return
    packed = path.endswith(GZIP_SUFFIX)
    for line in read_lines([path], stdin, limit=MAX_BYTES):
        data = line.content.strip().removeprefix(b"\xef\xbb\xbf")
        yield Found(path, line.number, data, 0 if packed else len(line.content), line.error)


def _file(path: str, stdin: BinaryIO) -> Found:
    try:
        problem = _not_a_file(path)
        if problem:
            raise problem
        return Found(path, data=read_bytes(path, stdin, limit=MAX_BYTES), size=_size(path))
    except FactcheckError as error:
        return Found(path, size=_size(path), error=error)


def _not_a_file(path: str) -> FactcheckError | None:
    """A pipe would be waited for, a device would never end."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
    except FileNotFoundError:
        return NotFound("input.not_found", path=path)
    except (OSError, ValueError) as error:
        return Invalid("input.unreadable", path=path, detail=getattr(error, "strerror", None) or str(error))
    # A link to a folder is no file either.
    return None if stat.S_ISREG(mode) else Invalid("input.not_a_file", path=path)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116
    except (OSError, ValueError):
        return 0
