"""Thousands of stories, each in a transaction of its own, and none twice however often the run is begun."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from articles.choices import Origin
from articles.ingest.formats.common import article_of
from articles.ingest.formats.jsons import read_item_of
from articles.ingest.readers import MANY, read_bytes, read_entries, suffix_of
from articles.ingest.serialise import parsed_to_json
from articles.models import Desk, Revision
from articles.services.article import Ingested, parsed_ingest
from factcheck.core.errors import FactcheckError, Invalid, NotFound
from factcheck.core.inputs import Line, read_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from articles.ingest.batches import Found
    from articles.ingest.formats.common import Entry
    from articles.ingest.model import ParsedArticle

logger: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arriving:
    """One story of a batch, not yet read.

    `line` and `item` count from 1, 0 where the file is the story. `data` are its own bytes; None where it shares them
    with other stories of its file, and is kept as what was read.
    """

    found: Found
    read: Callable[[], ParsedArticle]
    data: bytes | None = None
    item: int = 0


def desk_named(slug: str) -> int:
    """The key of a desk; raises NotFound (desk.unknown), which names those there are."""
    known = dict(Desk.objects.values_list("slug", "pk"))
    if slug not in known:
        raise NotFound("desk.unknown", slug=slug, known=", ".join(known))
    return known[slug]


def stories_of(found: Found) -> Iterator[Arriving]:
    """The stories of a file or line: one, or as many as a feed, a news message or an array of items holds."""
    if found.line:
        yield Arriving(found, lambda: _of_line(found), found.data)
        return
    entries = _entries(found)
    if len(entries) < 2:
        yield Arriving(found, lambda: read_bytes(found.data, name=found.name), found.data)
        return
    for number, entry in enumerate(entries, start=1):
        yield Arriving(found, _reader(entry), item=number)


def story_take(arriving: Arriving, *, desk: int) -> Ingested:
    """Store one story, or find what the desk has of it; raises Invalid (article.*, input.*) and NotFound.

    Bytes that the desk has read before are not read again, which is what lets a second run catch up with a first one
    that was killed. The claims are found by the workers after those of every story that came by itself.
    """
    if arriving.found.error:
        raise arriving.found.error
    known = _known(arriving.data, desk) if arriving.data is not None else None
    if known is not None:
        return Ingested(known.article, known, created=False)
    parsed = _parsed(arriving)
    data = arriving.data
    if data is None:
        data = json.dumps(parsed_to_json(parsed, arriving.found.path), ensure_ascii=False).encode()
    return parsed_ingest(
        parsed, data, identity=parsed.url, name=arriving.found.name, origin=Origin.BULK, desk=desk
    )  # fmt: skip


def _known(data: bytes, desk: int) -> Revision | None:
    """What was made of the same bytes; without their texts, of which there is no need."""
    same = Revision.objects.filter(raw_sha256=hashlib.sha256(data).hexdigest(), article__desk=desk)
    wanted = ("number", "sha256", "article__title")
    return same.select_related("article").only(*wanted).order_by("pk").first()


def _parsed(arriving: Arriving) -> ParsedArticle:
    try:
        return arriving.read()
    except FactcheckError:
        raise
    except Exception as error:
        # A fault in one reader must not keep the other thousands out; it is in the log, the answer and the report.
        logger.exception("Reading %s failed.", arriving.found.path)
        raise Invalid("article.failed", detail=f"{type(error).__name__}: {error}") from error


def _of_line(found: Found) -> ParsedArticle:
    return article_of(read_item_of(read_row(Line(found.path, found.line, found.data)), url=""))


def _entries(found: Found) -> list[Entry]:
    """What a file of a format for several stories lists; nothing where it is of another, or cannot be read."""
    if found.error or suffix_of(found.data, name=found.name) not in MANY:
        return []
    try:
        return read_entries(found.data, name=found.name)
    except FactcheckError:
        return []  # it is read once more as one story, which says what is wrong


def _reader(entry: Entry) -> Callable[[], ParsedArticle]:
    return lambda: article_of(entry)
