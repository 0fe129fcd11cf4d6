"""The desk's own documents: uploaded, or found in a folder; cut into passages for full-text search."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import IntegrityError, transaction

from articles.ingest.decode import MAX_BYTES, decode
from articles.ingest.readers import read_bytes
from articles.models import CollectionFile, Document, Passage, Source
from articles.services.prefill import prefill_refresh
from articles.sources.passages import cut_passages
from articles.sources.tables import cut_table
from factcheck.audit.services import record
from factcheck.core.errors import FactcheckError, Invalid

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from articles.sources.passages import Passage as Cut

logger: Final = logging.getLogger(__name__)
_TYPES: Final = {
    ".txt": "text/plain; charset=utf-8", ".html": "text/html; charset=utf-8", ".csv": "text/csv; charset=utf-8",
    ".tsv": "text/csv; charset=utf-8",
}  # fmt: skip
_TABLES: Final = (".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class _Contents:
    """What is in a document, whatever it came as."""

    passages: list[Cut]
    title: str = ""
    url: str = ""
    publisher: str = ""
    published_at: datetime | None = None


def document_add(
    *, source: Source, name: str, data: bytes, actor: User | None, url: str = "", title: str = "",
    refresh: bool = True,
) -> tuple[Document, bool]:  # fmt: skip
    """Take a document into a collection; the same bytes again are the document it has (False).

    The collection is then asked again about every open claim, unless the caller sees to that itself (`refresh`).
    Raises Invalid (article.*) and stores nothing if there is no text in it.
    """
    digest = hashlib.sha256(data).hexdigest()
    known = Document.objects.filter(source=source, sha256=digest).first()
    if known is not None:
        return known, False
    parsed = _contents(data, name, url)
    try:
        with transaction.atomic():
            document = _store(source, name, data, digest, parsed, actor, url, title)
            if refresh:
                prefill_refresh(source=source)
            return document, True
    except IntegrityError:  # somebody else added the same bytes in between
        return Document.objects.get(source=source, sha256=digest), False


def _contents(data: bytes, name: str, url: str) -> _Contents:
    if Path(name).suffix.lower() in _TABLES:
        rows = cut_table(decode(data))
        if not rows:
            raise Invalid("article.empty")
        return _Contents(rows)
    parsed = read_bytes(data, name=name, url=url)
    return _Contents(cut_passages(parsed.text), parsed.title, parsed.url, parsed.publisher, parsed.published_at)


def _store(
    source: Source, name: str, data: bytes, digest: str, parsed: _Contents, actor: User | None, url: str,
    title: str,
) -> Document:  # fmt: skip
    document = Document.objects.create(
        source=source,
        name=name[:300],
        title=(title or parsed.title or name)[:500],
        url=url or parsed.url,
        publisher=parsed.publisher[:200],
        published_at=parsed.published_at,
        sha256=digest,
        content=data,
        content_type=_TYPES.get(Path(name).suffix.lower(), "application/octet-stream"),
    )
    Passage.objects.bulk_create(
        [
            Passage(document=document, number=number, locator=passage.locator[:200], text=passage.text)
            for number, passage in enumerate(parsed.passages, 1)
        ],
        batch_size=500,
    )
    record("document.added", document, actor=actor, after={"source": source.name, "sha256": digest})
    return document


def document_remove(*, document: Document, actor: User | None) -> None:
    """Take a document out of its collection. Evidence found in it keeps its passage and its snapshot."""
    with transaction.atomic():
        before = {"source": document.source.name, "sha256": document.sha256, "name": document.name}
        record("document.removed", document, actor=actor, before=before)
        document.delete()


def folder_of(source: Source) -> Path | None:
    """The folder a collection reads, always below DOCUMENTS_DIR; None where it has none.

    Raises Invalid (source.bad_settings) for a path that leads out of it.
    """
    wanted = str(source.settings.get("folder", "")).strip()
    if not wanted:
        return None
    root = settings.DOCUMENTS_DIR.resolve()
    folder = (root / wanted).resolve()
    if not folder.is_relative_to(root):
        raise Invalid("source.bad_settings", detail=f"the folder must lie below {root}")
    return folder


def documents_scan(*, source: Source) -> int:
    """Bring the collection in step with its folder; returns how many documents are new. May run twice.

    A file is read when it is new or its size or time differ. What it said before is taken out then, and so is what is
    no longer there, except where the whole folder is empty: that may be a disk that is away. What cannot be read is
    noted with the reason, and tried again when it changes.
    """
    folder = folder_of(source)
    if folder is None or not folder.is_dir():
        return 0
    paths = {path.relative_to(folder).as_posix()[:300]: path for path in sorted(folder.rglob("*")) if _is_file(path)}
    known = {row.name: row for row in source.files.all()}
    added = sum(_scan_file(source, name, path, known.get(name)) for name, path in paths.items())
    if paths:
        for name in known.keys() - paths.keys():
            _forget(known[name])
    if added:
        prefill_refresh(source=source)
    return added


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _scan_file(source: Source, name: str, path: Path, known: CollectionFile | None) -> int:
    try:
        state = path.stat()
        if known is not None and (known.size, known.modified_ns) == (state.st_size, state.st_mtime_ns):
            return 0
        if state.st_size > MAX_BYTES:
            raise Invalid("article.too_large", size=state.st_size, limit=MAX_BYTES)
        document, new = document_add(source=source, name=name, data=path.read_bytes(), actor=None, refresh=False)
        said = ""
    except OSError as error:  # it went while we looked
        logger.warning("%s was not read into %s: %s", name, source.name, error)
        return 0
    except FactcheckError as error:
        logger.warning("%s was not taken into %s: %s", name, source.name, error)
        document, new, said = None, False, error.detail
    with transaction.atomic():
        CollectionFile.objects.update_or_create(
            source=source, name=name,
            defaults={
                "size": state.st_size, "modified_ns": state.st_mtime_ns, "document": document, "error": said,
            },
        )  # fmt: skip
        if known is not None and known.document_id != (document.pk if document else None):
            _drop(known.document_id)
    return int(new)


def _forget(row: CollectionFile) -> None:
    with transaction.atomic():
        document = row.document_id
        row.delete()
        _drop(document)


def _drop(document_id: int | None) -> None:
    """Take out what no file of the folder says any more."""
    gone = Document.objects.filter(pk=document_id or 0, files=None).defer("content").select_related("source").first()
    if gone is not None:
        document_remove(document=gone, actor=None)
