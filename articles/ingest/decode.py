"""From bytes to characters, or a clear reason why not. Nothing is ever replaced or guessed silently."""

from __future__ import annotations

import codecs
from typing import Final

import charset_normalizer

from factcheck.core.errors import Invalid

MAX_BYTES: Final = 10 * 1024 * 1024
BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the first half of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The first bytes of files that people take for text: pictures, archives, office files, programs, sound.
MAGIC: Final = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ",
    b"7z\xbc\xaf", b"\x7fELF", b"MZ\x90", b"\xd0\xcf\x11\xe0", b"RIFF", b"OggS", b"ID3", b"Rar!",
    b"SQLite format 3", b"{\\rtf",
)  # fmt: skip
GUESS_SAMPLE: Final = 100_000
MIN_GUESSABLE: Final = 200  # a few bytes fit many encodings
MAX_CHAOS: Final = 0.02
MIN_COHERENCE: Final = 0.3


def decode(data: bytes, *, declared: str = "") -> str:
    """The text of `data`: by its byte order mark, as UTF-8, by the `declared` encoding, by a sure guess.

    Raises `Invalid`: article.too_large, article.empty, article.binary, article.encoding.
    """
    if len(data) > MAX_BYTES:
        raise Invalid("article.too_large", size=len(data), limit=MAX_BYTES)
    if not data.strip():
        raise Invalid("article.empty")
    text = _text_of(data, declared)
    if not text.strip("\ufeff \t\r\n\xa0"):
        raise Invalid("article.empty")
    return text


def _text_of(data: bytes, declared: str) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _strict(data, encoding).removeprefix("\ufeff")
    if data.startswith(MAGIC) or b"\x00" in data:
        raise Invalid("article.binary")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _foreign(data, declared)


def _foreign(data: bytes, declared: str) -> str:
    """Bytes that are not UTF-8, in the encoding they are said or seen to have."""
    if declared and _is_text_encoding(declared):
        return _strict(data, declared)
    if guess := _guess(data):
        return _strict(data, guess)
    raise Invalid("article.encoding", encoding="UTF-8")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeError as error:
        raise Invalid("article.encoding", encoding=encoding.upper()) from error


def _is_text_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding  # Python's own mark for codecs bytes.decode accepts
    except (LookupError, ValueError):
        return False


def _guess(data: bytes) -> str:
    """An encoding whose text reads like a language; "" when two would do or none is good."""
    if len(data) < MIN_GUESSABLE:
        return ""
    best = charset_normalizer.from_bytes(data[:GUESS_SAMPLE]).best()
    if best is None or best.chaos > MAX_CHAOS or best.coherence < MIN_COHERENCE:
        return ""
    return best.encoding
