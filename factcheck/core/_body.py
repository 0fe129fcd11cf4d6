"""Reading a response's body with a cap on what comes out of decompression, not only on what goes in.

httpx decodes a whole chunk at once, and 64 KB of gzip can become 64 MB; here no step may produce more than
what is still allowed.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final, Protocol

from factcheck.core.errors import Permanent, Transient

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ACCEPT_ENCODING: Final = "gzip, deflate"
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_DEFLATE_BARE: Final = -zlib.MAX_WBITS
_ZLIB_METHOD: Final = 8


class Decoder(Protocol):
    """Turns received bytes into at most `room` bytes of content; raises zlib.error when they are damaged."""

    def feed(self, data: bytes, room: int) -> bytes: ...

    def is_whole(self) -> bool: ...


class Plain:
    """No compression."""

    def feed(self, data: bytes, room: int) -> bytes:
        return data[:room]

    def is_whole(self) -> bool:
        return True


class Inflate:
    """gzip, zlib, or the bare deflate stream some servers send as `deflate`."""

    def __init__(self) -> None:
        self._inflate: zlib._Decompress | None = None

    def feed(self, data: bytes, room: int) -> bytes:
        if self._inflate is None:
            self._inflate = zlib.decompressobj(_window_bits(data))
        if self._inflate.eof:
            return b""
        return self._inflate.decompress(data, room)

    def is_whole(self) -> bool:
        return self._inflate is None or self._inflate.eof


def _window_bits(head: bytes) -> int:
    wrapped = head[:1] == b"\x1f" or (head[:1] and head[0] & 0x0F == _ZLIB_METHOD)
    return _GZIP_OR_ZLIB if wrapped else _DEFLATE_BARE


def decoder_for(content_encoding: str) -> Decoder | None:
    """The decoder for one Content-Encoding, None for one not offered (or several in layers)."""
    name = content_encoding.strip().lower()
    if name in {"", "identity"}:
        return Plain()
    return Inflate() if name in {"gzip", "x-gzip", "deflate"} else None


def unpacked(chunks: Iterable[bytes], *, encoding: str, limit: int, url: str, host: str) -> Iterator[bytes]:
    """The decoded body piece by piece, of at most `limit` bytes in all.

    Raises Permanent `http.too_large` as soon as one byte more is known to exist, whether received or
    unpacked; Permanent `source.bad_answer` for damage or an encoding that was not offered; Transient
    `http.unreachable` when a compressed body ends early.
    """
    decoder = decoder_for(encoding)
    if decoder is None:
        raise Permanent("source.bad_answer", host=host, detail=f"it is packed as {encoding[:40]!r}")
    size = received = 0
    for chunk in chunks:
        received += len(chunk)
        piece = _fed(decoder, chunk, limit + 1 - size, host)
        size += len(piece)
        if max(size, received) > limit:
            raise Permanent("http.too_large", url=url, limit=limit)
        yield piece
    if not decoder.is_whole():
        raise Transient("http.unreachable", host=host, detail="the answer broke off in the middle")


def _fed(decoder: Decoder, chunk: bytes, room: int, host: str) -> bytes:
    try:
        return decoder.feed(chunk, room)
    except zlib.error as error:
        raise Permanent("source.bad_answer", host=host, detail="its compression is damaged") from error
