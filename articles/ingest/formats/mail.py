"""E-mails (.eml): press releases, drafts sent by colleagues, newsletters."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final

from articles.ingest.decode import MAX_BYTES, decode
from articles.ingest.formats.common import Entry, article_of, moment, people
from articles.ingest.html import declared_charset, html_pieces
from articles.ingest.lines import clean_lines
from articles.ingest.pieces import Piece, drop
from articles.ingest.wire import Header
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from articles.ingest.model import ParsedArticle

PREFIX: Final = re.compile(r"^(?:(?:re|fwd?|aw|wg|tr|rv)\s?:\s*)+", re.IGNORECASE)
SIGNATURE: Final = re.compile(r"^-- ?\r?$", re.MULTILINE)
FROM_DOMAIN: Final = re.compile(r"@([\w.-]+)")


def read_mail(data: bytes, *, url: str, charset: str) -> ParsedArticle:
    """The message as a story: subject, sender, date, plain text before HTML. Attachments are named, not read.

    Raises `Invalid`: article.too_large, article.empty, article.malformed, article.hostile, article.no_body.
    """
    if len(data) > MAX_BYTES:
        raise Invalid("article.too_large", size=len(data), limit=MAX_BYTES)
    if not data.strip():
        raise Invalid("article.empty")
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        return article_of(_entry(message, url, charset))
    except RecursionError as error:
        raise Invalid("article.hostile", detail="its parts are nested too deep") from error


def _entry(message: EmailMessage, url: str, charset: str) -> Entry:
    if not message.keys():
        raise Invalid("article.malformed", format="e-mail", detail="it has no headers")
    sender = _header(message, "From")
    domain = FROM_DOMAIN.search(sender)
    return Entry(
        title=PREFIX.sub("", _header(message, "Subject")),
        pieces=(*_body(message, charset), *_attachments(message)),
        authors=people([sender]),
        published_at=moment(_header(message, "Date")),
        publisher=domain[1].lower() if domain else "",
        url=url,
        external_id=_header(message, "Message-ID").strip("<> "),
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header as text. The library raises on some broken headers; those count as not given."""
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""


def _body(message: EmailMessage, charset: str) -> list[Piece]:
    for kind in ("plain", "html"):
        part = message.get_body(preferencelist=(kind,))
        if isinstance(part, EmailMessage) and (found := _part(part, kind, charset)):
            return found
    raise Invalid("article.no_body")


def _part(part: EmailMessage, kind: str, charset: str) -> list[Piece]:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes) or not raw.strip():
        return []
    declared = part.get_content_charset() or charset or (declared_charset(raw) if kind == "html" else "")
    text = decode(raw, declared=declared)
    return html_pieces(text) if kind == "html" else _plain(text)


def _plain(text: str) -> list[Piece]:
    """The lines of the message; what stands below "-- " is a signature."""
    end = SIGNATURE.search(text)
    body, signature = (text[: end.start()], text[end.end() :]) if end else (text, "")
    lines = Header(clean_lines(body)).pieces
    return [*(_demoted(piece) for piece in lines), *(drop(line, "signature") for line in clean_lines(signature))]


def _demoted(piece: Piece) -> Piece:
    """The first line may be a headline too; the subject is the title, so it is open to be a repetition of it."""
    return Piece(piece.text, "heading") if piece.kind == "headline" else piece


def _attachments(message: EmailMessage) -> list[Piece]:
    names = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    return [drop(name, "attachment") for name in names]
