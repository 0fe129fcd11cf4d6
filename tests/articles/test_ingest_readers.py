"""Files as bytes: formats, encodings and everything that is refused."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.ingest.decode import MAX_BYTES
from articles.ingest.readers import read_bytes, split_content_type
from articles.ingest.serialise import parsed_to_json
from factcheck.core.errors import FactcheckError, Invalid

if TYPE_CHECKING:
    from articles.ingest.model import Block

STORY = "Fish market to close\nThe mayor’s council agreed on Monday to close the market.\n"
RUSSIAN = (
    "Рыбный рынок закроется\nВ понедельник городской совет решил закрыть старый рыбный рынок до конца года. "
    "Министр заявил, что решение было принято после долгих переговоров и что его не будут менять. "
    "По его словам, торговцы получат новые места в порту, но не раньше весны следующего года.\n"
)
LONGEST = b"Fish market to close\n" + b"The council agreed. " * (MAX_BYTES // 20)


def refusal(data: bytes, name: str = "story.txt", content_type: str = "") -> FactcheckError:
    with pytest.raises(Invalid) as caught:
        read_bytes(data, name=name, content_type=content_type)
    return caught.value


@pytest.mark.parametrize(
    "data",
    [
        STORY.encode(),
        codecs.BOM_UTF8 + STORY.encode(),
        STORY.encode("utf-16"),
        codecs.BOM_UTF16_BE + STORY.encode("utf-16-be"),
        STORY.encode("utf-32"),
        STORY.replace("\n", "\r\n").encode(),
    ],
)
def test_text_is_read_in_every_unicode_encoding(data: bytes) -> None:
    assert read_bytes(data, name="story.txt").text == STORY.strip().replace("\n", "\n\n")


def test_the_charset_a_server_declares_is_believed() -> None:
    data = STORY.encode("cp1252")
    parsed = read_bytes(data, name="story", content_type="text/plain; charset=windows-1252")
    assert "mayor’s" in parsed.text


def test_an_old_encoding_is_recognised_when_the_text_is_long_enough_to_be_sure() -> None:
    parsed = read_bytes((RUSSIAN * 3).encode("cp1251"), name="story.txt")
    assert parsed.title == "Рыбный рынок закроется"
    assert parsed.language == "ru"


@pytest.mark.parametrize(
    ("data", "name", "content_type", "code"),
    [
        (b"", "story.txt", "", "article.empty"),
        (b" \r\n\t", "story.txt", "", "article.empty"),
        (codecs.BOM_UTF8, "story.txt", "", "article.empty"),
        (codecs.BOM_UTF8 + "\u00a0 \n".encode(), "story.txt", "", "article.empty"),
        (b"text\x00text", "story.txt", "", "article.binary"),
        (b"\x89PNG\r\n\x1a\nrest", "story.txt", "", "article.binary"),
        (b"%PDF-1.7 rest", "story.txt", "", "article.binary"),
        (b"PK\x03\x04rest", "story.txt", "", "article.binary"),
        (b"caf\xe9 is closed", "story.txt", "", "article.encoding"),
        (codecs.BOM_UTF8 + b"caf\xe9", "story.txt", "", "article.encoding"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x00", "story.txt", "", "article.encoding"),
        (b"caf\xe9", "story.txt", "text/plain; charset=ascii", "article.encoding"),
        (b"caf\xe9", "story.txt", "text/plain; charset=rot13", "article.encoding"),
        ("© Tessel / Jona Besk\nShare\n".encode(), "story.txt", "", "article.no_body"),
        (STORY.encode(), "story.odt", "", "article.unknown_format"),
        (b"date 2026-11-16 Fish market to close\n07:10 GMT 16.11.2026\n", "story.txt", "", "article.no_body"),
        (b"", "page.html", "", "article.empty"),
        (b"<html><body></body></html>", "page.html", "", "article.no_body"),
        (b"<html><head><title>Only a title</title></head></html>", "page", "", "article.no_body"),
        (b"GIF89a", "page.html", "text/html", "article.binary"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_code(data: bytes, name: str, content_type: str, code: str) -> None:
    assert refusal(data, name, content_type).code == code


def test_the_longest_text_is_read_and_one_byte_more_is_refused() -> None:
    data = LONGEST[:MAX_BYTES].ljust(MAX_BYTES, b".")
    assert len(read_bytes(data, name="story.txt").text) >= MAX_BYTES - 10
    error = refusal(data + b".")
    assert error.code == "article.too_large"
    assert str(MAX_BYTES + 1) in error.detail


def test_an_unknown_format_names_the_known_ones() -> None:
    assert ".txt, .html, .htm" in refusal(STORY.encode(), "story.odt").detail


@pytest.mark.parametrize(
    ("name", "content_type", "data"),
    [
        ("-", "", b"<!DOCTYPE html><html>"),
        ("page", "text/html; charset=utf-8", b"<p>"),
        ("page.txt", "text/html", b"<p>"),
        ("page.HTML", "", b"<p>"),
        ("page.html", "application/octet-stream", b"<p>"),
    ],
)
def test_pages_are_known_by_type_name_or_first_bytes(name: str, content_type: str, data: bytes) -> None:
    body = b"<h1>Fish market in Port Almar to close</h1>" + b"<p>The council agreed on Monday to close it.</p>" * 5
    page = data + b"<body><article>" + body + b"</article></body>"
    parsed = read_bytes(page, name=name, content_type=content_type)
    assert parsed.title == "Fish market in Port Almar to close"
    assert "<" not in parsed.text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ("", "")),
        ("text/plain", ("text/plain", "")),
        ('Text/HTML; Charset="UTF-8"', ("text/html", "utf-8")),
        ("text/html; x=y; charset=koi8-r", ("text/html", "koi8-r")),
    ],
)
def test_a_content_type_is_taken_apart(value: str, expected: tuple[str, str]) -> None:
    assert split_content_type(value) == expected


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["story.txt", "page.html", "-"]))
def test_any_bytes_are_read_or_refused_cleanly(data: bytes, name: str) -> None:
    refused = ""
    blocks: tuple[Block, ...] = ()
    try:
        blocks = read_bytes(data, name=name).blocks
    except Invalid as error:
        refused = error.code
    assert refused.startswith("article.") != bool(blocks)


def test_the_answer_has_exactly_the_agreed_fields() -> None:
    story = "date 2026-11-16 Fish market to close\n07:10 GMT 16.11.2026\nOSTREL (Tessel) - It closes on Monday."
    answer = parsed_to_json(read_bytes(story.encode(), name="a.txt"), "a.txt")
    assert answer == {
        "path": "a.txt",
        "title": "Fish market to close",
        "authors": [],
        "published_at": "2026-11-16T07:10:00Z",
        "modified_at": None,
        "language": "",
        "publisher": "Tessel",
        "dateline": {"place": "OSTREL", "agency": "Tessel"},
        "text": "Fish market to close\n\nIt closes on Monday.",
        "blocks": [
            {"kind": "headline", "start": 0, "end": 20},
            {"kind": "paragraph", "start": 22, "end": 42},
        ],
        "dropped": [
            {"text": "date 2026-11-16", "reason": "date line"},
            {"text": "07:10 GMT 16.11.2026", "reason": "time stamp"},
            {"text": "OSTREL (Tessel) -", "reason": "dateline"},
        ],
    }
