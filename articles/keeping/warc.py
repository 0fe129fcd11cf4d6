"""WARC 1.1 records (ISO 28500) of what was kept. The same thing always gives the same record."""

from __future__ import annotations

import base64
import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What was true of the bytes on the wire and is not of those that are kept, which are unpacked.
_OF_THE_WIRE: Final = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})
# What a server sets for one visitor is nobody's evidence.
_PRIVATE: Final = frozenset({"set-cookie", "set-cookie2", "www-authenticate"})
_VERSION: Final = "1.1"
_CONFORMS: Final = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that was retrieved. Without `status` only its bytes are known, not what the server said of them."""

    url: str
    at: datetime
    content: bytes
    content_type: str
    sha256: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    words: str = ""


def warc(kept: Iterable[Kept], *, title: str, software: str) -> Iterator[bytes]:
    """A gzipped WARC file, a piece a record: what is in it, then each thing and, where it has them, its words."""
    yield _written(_info(title, software))
    seen: set[str] = set()
    for one in kept:
        name = _name(one)
        if name not in seen:
            seen.add(name)
            yield _written(lambda writer, one=one, name=name: _record(writer, one, name))
            if one.words and one.status is not None:
                yield _written(lambda writer, one=one, name=name: _conversion(writer, one, name))


def _written(record: Any) -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=_VERSION)
    writer.write_record(record(writer))
    return out.getvalue()


def _info(title: str, software: str) -> Any:
    said = {"software": software, "format": "WARC File Format 1.1", "description": title, "conformsTo": _CONFORMS}
    return lambda writer: writer.create_warcinfo_record("", said)


def _record(writer: WARCWriter, one: Kept, name: str) -> Any:
    about = {"WARC-Record-ID": f"<{name}>", "WARC-Date": _date(one.at), "WARC-Payload-Digest": _digest(one.content)}
    if one.status is None:
        kind = one.content_type or "application/octet-stream"
        return writer.create_warc_record(
            _target(one), "resource", payload=BytesIO(one.content), length=len(one.content), warc_content_type=kind,
            warc_headers_dict=about,
        )  # fmt: skip
    left_out = _OF_THE_WIRE | _PRIVATE
    headers = [(key, value) for key, value in one.headers if key.lower() not in left_out]
    headers.append(("Content-Length", str(len(one.content))))
    http = StatusAndHeaders(f"{one.status} {_reason(one.status)}", headers, protocol="HTTP/1.1")
    return writer.create_warc_record(
        _target(one), "response", payload=BytesIO(one.content), length=len(one.content), http_headers=http,
        warc_headers_dict=about,
    )  # fmt: skip


def _conversion(writer: WARCWriter, one: Kept, name: str) -> Any:
    words = one.words.encode()
    about = {
        "WARC-Record-ID": f"<{uuid.uuid5(uuid.NAMESPACE_URL, name + ' words').urn}>", "WARC-Date": _date(one.at),
        "WARC-Refers-To": f"<{name}>",
    }  # fmt: skip
    return writer.create_warc_record(
        _target(one), "conversion", payload=BytesIO(words), length=len(words),
        warc_content_type="text/plain; charset=utf-8", warc_headers_dict=about,
    )  # fmt: skip


def _target(one: Kept) -> str:
    return one.url or f"urn:sha256:{one.sha256}"


def _name(one: Kept) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{_target(one)} {one.sha256} {_date(one.at)} {one.status}").urn


def _digest(content: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _reason(status: int) -> str:
    return HTTPStatus(status).phrase if status in {one.value for one in HTTPStatus} else "Unknown"
