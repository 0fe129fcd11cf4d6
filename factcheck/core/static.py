"""The files of the pages: kept by browsers for good, sent gzipped, and served from where they lie.

There is no step between a checkout and the running desk: at its start each process reads the files, and one version
over all of them becomes a folder of their address, /static/4f1c9d02a7/reviews/keys.js. Modules name one another
relatively and so stay in that folder. Django's own hashed names would need `collectstatic` and copies of everything.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

if TYPE_CHECKING:
    from django.http import HttpRequest

_TEXT: Final = frozenset({".css", ".js", ".json", ".svg"})
_VERSIONED: Final = re.compile(r"^(/static/)[0-9a-f]{10}/")
_WORTH_IT: Final = range(512, 256 * 1024)  # bytes; what is larger belongs to pages that few people open


@dataclass(frozen=True, slots=True)
class Found:
    """One file of an app: its name below /static/, where it lies, and its content's hash."""

    name: str
    path: Path
    digest: str


@cache
def found() -> tuple[Found, ...]:
    """Every file of the apps; of two with one name the first, as the finders have it."""
    paths: dict[str, Path] = {}
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            prefix = getattr(storage, "prefix", None)
            paths.setdefault(f"{prefix}/{name}" if prefix else name, Path(storage.path(name)))
    return tuple(Found(name, path, _digest(path.read_bytes())) for name, path in sorted(paths.items()))


@cache
def version() -> str:
    """One name for the content of all files: it changes when any of them does."""
    return _digest("\n".join(f"{one.name} {one.digest}" for one in found()).encode())[:10]


def _digest(content: bytes) -> str:
    return hashlib.blake2s(content).hexdigest()


def gzipped(one: Found, folder: Path) -> Path | None:
    """The file compressed, made once for each content; None for what would gain nothing by it."""
    if one.path.suffix not in _TEXT or one.path.stat().st_size not in _WORTH_IT:
        return None
    made = folder / f"{one.digest}.gz"
    if not made.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Several processes start at once: each writes its own and the last one stands, whole.
        handle, scratch = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(gzip.compress(one.path.read_bytes(), mtime=0))
        Path(scratch).replace(made)
    return made


class VersionedFiles(StaticFilesStorage):
    """Addresses with the version in them; without it under DEBUG, where files change while the server runs."""

    def url(self, name: str | None) -> str:
        return super().url(name if settings.DEBUG or name is None else f"{version()}/{name}")


class FilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]  # WhiteNoise has no types
    """WhiteNoise, with each file at its versioned address too, and its gzipped twin."""

    def __call__(self, request: HttpRequest) -> Any:
        """A page drawn, or kept by a cache, before an update gets its files all the same, for a minute."""
        if request.path_info not in self.files:
            plain = _VERSIONED.sub(r"\1", request.path_info)
            if plain in self.files:
                return self.serve(self.files[plain], request)
        return super().__call__(request)

    def add_files_from_finders(self) -> None:
        folder = Path(settings.DATA_DIR) / "gzip"
        self.files.update(_served(self, folder, self.static_prefix))

    def immutable_file_test(self, path: str, url: str) -> bool:
        return url.startswith(f"{self.static_prefix}{version()}/")

    def as_served(self, one: Found, url: str, twin: Path | None) -> StaticFile:
        headers = Headers([])
        self.add_mime_headers(headers, str(one.path), url)
        self.add_cache_headers(headers, str(one.path), url)
        return StaticFile(str(one.path), headers.items(), encodings={"gzip": str(twin)} if twin else None)


_KEPT: dict[tuple[Path, str], dict[str, Any]] = {}


def _served(files: FilesMiddleware, folder: Path, prefix: str) -> dict[str, Any]:
    """Every file by its addresses; read once a process, however often the middleware is made."""
    kept = _KEPT.get((folder, prefix))
    if kept is None:
        kept = {}
        for one in found():
            twin = gzipped(one, folder)
            for url in (f"{prefix}{one.name}", f"{prefix}{version()}/{one.name}"):
                kept[url] = files.as_served(one, url, twin)
        _KEPT[folder, prefix] = kept
    return kept
