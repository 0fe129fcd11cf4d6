"""Files that people hand in on a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from articles.ingest.decode import MAX_BYTES
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def upload_read(upload: UploadedFile[Any]) -> bytes:
    """The bytes of a file; raises Invalid (article.too_large) by its size, before any of it is in memory."""
    size = upload.size or 0
    if size > MAX_BYTES:
        raise Invalid("article.too_large", size=size, limit=MAX_BYTES)
    data: bytes = upload.read()
    return data
