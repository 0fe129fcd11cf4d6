"""The desk's own documents: uploaded, or found in a folder; cut into passages for full-text search."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import IntegrityError, transaction

from articles.ingest.readers import read_bytes
from articles.models import Document, Passage, Source
from articles.services.prefill import prefill_refresh
from articles.sources.passages import cut_passages
from factcheck.audit.services import record
from factcheck.core.errors import FactcheckError, Invalid

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.ingest.model import ParsedArticle

logger: Final = logging.getLogger(__name__)
_TYPES: Final = {".txt": "text/plain; charset=utf-8", ".html": "text/html; charset=utf-8"}


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
    parsed = read_bytes(data, name=name, url=url)
    try:
        with transaction.atomic():
            document = _store(source, name, data, digest, parsed, actor, url, title)
            if refresh:
                prefill_refresh(source=source)
            return document, True
    except IntegrityError:  # somebody else added the same bytes in between
        return Document.objects.get(source=source, sha256=digest), False


def _store(
    source: Source, name: str, data: bytes, digest: str, parsed: ParsedArticle, actor: User | None, url: str,
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
            for number, passage in enumerate(cut_passages(parsed.text), 1)
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
    """Take in what is new in the collection's folder; what cannot be read is logged by name. Returns how many."""
    folder = folder_of(source)
    if folder is None or not folder.is_dir():
        return 0
    added = 0
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            added += _scan_file(source, path, folder)
    if added:
        prefill_refresh(source=source)
    return added


def _scan_file(source: Source, path: Path, folder: Path) -> int:
    try:
        _, new = document_add(
            source=source, name=path.relative_to(folder).as_posix(), data=path.read_bytes(), actor=None,
            refresh=False,
        )  # fmt: skip
    except (FactcheckError, OSError) as error:
        logger.warning("%s was not taken into %s: %s", path.name, source.name, error)
        return 0
    return int(new)
