"""Zip archives from strangers, looked at before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from typing import Final

from factcheck.core.errors import Invalid

MAX_UNPACKED: Final = 60 * 1024 * 1024
MAX_RATIO: Final = 100  # office files shrink to a tenth; bombs to a thousandth
RATIO_FROM: Final = 1024 * 1024  # a small part may well repeat itself
MAX_PARTS: Final = 3_000
ENCRYPTED: Final = 0x1
OLE: Final = b"\xd0\xcf\x11\xe0"


def checked_zip(data: bytes, *, form: str) -> zipfile.ZipFile:
    """The archive, if unpacking it can do no harm.

    Raises `Invalid`: article.malformed, article.encrypted (also Office's own way, which is no zip at all),
    article.hostile (too much when unpacked, too many parts, names that lead out of the archive).
    """
    if data.startswith(OLE):
        raise Invalid("article.encrypted", format=form)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Invalid("article.malformed", format=form, detail=str(error)) from error
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise Invalid("article.hostile", detail=f"it holds {len(parts)} parts")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Invalid("article.hostile", detail=f"it unpacks to more than {MAX_UNPACKED} bytes")
    for part in parts:
        _check_part(part, form)
    return archive


def _check_part(part: zipfile.ZipInfo, form: str) -> None:
    if part.flag_bits & ENCRYPTED:
        raise Invalid("article.encrypted", format=form)
    if part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(1, part.compress_size):
        raise Invalid("article.hostile", detail=f"{part.filename!r} unpacks to more than {MAX_RATIO} times its size")
    path = PurePosixPath(part.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0] if path.parts else True:
        raise Invalid("article.hostile", detail=f"{part.filename!r} leads out of the archive")
