"""Files that want to do harm: each is refused with its code or read without the harm, soon and in little memory."""

from __future__ import annotations

import io
import json
import time
import zipfile

import pytest

from articles.ingest.decode import MAX_BYTES
from articles.ingest.formats.archive import MAX_PARTS
from articles.ingest.html import parse_html
from articles.ingest.readers import read_bytes
from factcheck.core.errors import Invalid
from tests.articles.office_files import package, pdf

STORY = "<p>The council of Port Almar agreed on Monday to close the old fish market by the end of the year.</p>" * 5
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "market"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c '
    '"&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
    "<rss><channel><item><title>&d;</title></item></channel></rss>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "{}">]>'
    "<rss><channel><item><title>&x;</title></item></channel></rss>"
)
PARAGRAPH = "<w:p><w:r><w:t>The council agreed to close the market.</w:t></w:r></w:p>"


def code_of(data: bytes, name: str) -> str:
    with pytest.raises(Invalid) as caught:
        read_bytes(data, name=name)
    return caught.value.code


@pytest.mark.parametrize(
    "source",
    [
        BOMB,
        OUTSIDE.format("file:///etc/hostname"),
        OUTSIDE.format("http://127.0.0.1:9/x"),
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]><rss/>',
        '<!DOCTYPE nitf [<!ENTITY a "x">]><nitf><body><body.content><p>&a;</p></body.content></body></nitf>',
        "<rss><channel>" + "<a>" * 5_000 + "</a>" * 5_000 + "</channel></rss>",
    ],
)
@pytest.mark.parametrize("name", ["feed.xml", "-"])
def test_xml_that_expands_reaches_out_or_is_too_deep_is_refused(source: str, name: str) -> None:
    if name == "-" and not source.startswith("<?xml"):
        source = '<?xml version="1.0"?>' + source
    assert code_of(source.encode(), name) == "article.hostile"


def test_a_bomb_in_utf16_is_a_bomb() -> None:
    assert code_of(BOMB.encode("utf-16"), "feed.xml") == "article.hostile"


def test_a_doctype_alone_is_common_and_never_fetched() -> None:
    source = (
        '<!DOCTYPE nitf SYSTEM "http://127.0.0.1:9/nitf.dtd"><nitf><body><body.content><p>The council agreed.</p>'
    )
    assert read_bytes(f"{source}</body.content></body></nitf>".encode(), name="a.xml").text == "The council agreed."


def zipped(parts: dict[str, bytes]) -> bytes:
    return package(PARAGRAPH, extra=parts)


def crowded() -> bytes:
    return zipped({f"word/part{number}.bin": b"" for number in range(MAX_PARTS)})


def lying() -> bytes:
    """Two archives in one: the directory says a few bytes, the part unpacks to many."""
    data = bytearray(zipped({"word/media.xml": b"0" * 5_000_000}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zipped({"word/zeros.bin": b"\0" * 20_000_000}), "article.hostile"),
        (zipped({f"word/{n}.bin": b"\0" * 1_000_000 for n in range(70)}), "article.hostile"),
        (crowded(), "article.hostile"),
        (lying(), "article.malformed"),
        (zipped({"../../etc/cron.d/x": b"x"}), "article.hostile"),
        (zipped({"/etc/cron.d/x": b"x"}), "article.hostile"),
        (zipped({"..\\..\\x": b"x"}), "article.hostile"),
        (zipped({"C:/x": b"x"}), "article.hostile"),
        (package(PARAGRAPH, prolog='<!DOCTYPE d [<!ENTITY a "b">]>'), "article.hostile"),
        (zipped({"word/settings.xml": "<!DOCTYPE d>".encode("utf-16")}), "article.hostile"),
        (b"PK\x03\x04" + b"\0" * 100, "article.malformed"),
    ],
)
def test_archives_that_unpack_to_harm_are_refused(data: bytes, code: str) -> None:
    assert code_of(data, "story.docx") == code


def test_a_locked_archive_is_refused() -> None:
    data = bytearray(package(PARAGRAPH))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert code_of(bytes(data), "story.docx") == "article.encrypted"


def test_an_archive_of_another_kind_is_no_document() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert code_of(stream.getvalue(), "story.docx") == "article.malformed"


def test_a_document_that_links_to_a_local_file_is_read_without_it() -> None:
    relations = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        'Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    )
    data = zipped({"word/_rels/document.xml.rels": relations.encode()})
    assert read_bytes(data, name="s.docx").text == "The council agreed to close the market."


def endless_pdf() -> bytes:
    """A page tree that is its own child."""
    return pdf(["x"]).replace(b"/Kids[5 0 R]", b"/Kids[2 0 R]")


def packed_pdf() -> bytes:
    """A page whose text unpacks to far more than it is."""
    import zlib  # noqa: PLC0415

    packed = zlib.compress(b"BT /F1 12 Tf 72 720 Td " + b"(market) Tj " * 20_000_000, 9)
    head = pdf(["x"])
    at = head.index(b"4 0 obj")
    end = head.index(b"endobj", at)
    stream = b"4 0 obj\n<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream\n" % (len(packed), packed)
    return head[:at] + stream + head[end:]


@pytest.mark.parametrize("data", [endless_pdf(), packed_pdf()])
def test_pdf_files_that_never_end_are_stopped(data: bytes) -> None:
    assert code_of(data, "story.pdf") in {"article.hostile", "article.malformed", "article.scanned"}


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"[" * 100_000, "deep.json"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "deep.json"),
    ],
)
def test_json_nested_without_end_is_refused(data: bytes, name: str) -> None:
    assert code_of(data, name) in {"article.hostile", "article.malformed"}


def nested_mail(depth: int) -> bytes:
    parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(depth)
    )
    return b"From: a@b.example\nSubject: Market\n" + parts + b"Content-Type: text/plain\n\nThe council agreed."


def test_mail_nested_without_end_is_read_or_refused() -> None:
    try:
        found = read_bytes(nested_mail(2_000), name="m.eml").text
    except Invalid as error:
        found = error.code
    assert found in {"article.hostile", "article.no_body", "Market\n\nThe council agreed."}


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 20_000 + STORY,
        "<b>" * 20_000 + STORY,
        STORY + "<ul><li>" * 5_000,
        "<article>" * 3_000 + STORY,
        STORY + "<" * 200_000,
        f'<div class="{"a-" * 200_000}">{STORY}</div>',
        STORY + "<p>" + "(" * 100_000 + "</p>",
        f"<figure><figcaption>{'(' * 50_000}Photo: </figcaption></figure>{STORY}",
        STORY + "<p>" + "Photo by " * 20_000 + "</p>",
        f'<script type="application/ld+json">{"[" * 50_000}</script>{STORY}',
        '<script type="application/ld+json">'
        + json.dumps(
            {"@type": "NewsArticle", "headline": "Fish market to close now", "articleBody": "<p>" + "<" * 200_000}
        )
        + f"</script>{STORY}",
        STORY * 2_000,
    ],
)
def test_pages_built_to_exhaust_a_reader_are_read_soon(source: str) -> None:
    begun = time.process_time()
    try:
        found = parse_html(f"<html><body>{source}</body></html>").text
    except Invalid as error:
        found = error.code
    assert found == "article.no_body" or "Port Almar" in found
    assert time.process_time() - begun < 20


def test_a_page_that_is_too_large_is_refused_before_it_is_parsed() -> None:
    assert code_of(b"<html>" + b"x" * MAX_BYTES, "page.html") == "article.too_large"


@pytest.mark.parametrize("name", ["a.xml", "a.docx", "a.pdf", "a.eml", "a.json", "a.md"])
def test_every_format_has_the_same_limit(name: str) -> None:
    assert code_of(b"x" * (MAX_BYTES + 1), name) == "article.too_large"


def test_scripts_styles_frames_and_local_references_leave_nothing() -> None:
    page = (
        "<html><head><style>p{background:url(file:///etc/passwd)}</style></head><body><article>"
        "<script>alert('script')</script><iframe src='file:///etc/passwd'>frame</iframe>"
        "<noscript>no script</noscript>"
        f"{STORY}<img src='file:///etc/passwd' onerror='alert(1)'><svg><text>drawn</text></svg>"
        "<p onclick='alert(2)'>The hall was built in 1907, says <a href='javascript:alert(3)'>the archive</a>.</p>"
        "</article></body></html>"
    )
    text = parse_html(page).text
    assert "says the archive" in text
    assert not [word for word in ("alert", "passwd", "frame", "drawn", "script") if word in text]


def test_a_page_may_not_claim_the_address_of_another_site() -> None:
    head = '<head><link rel="canonical" href="https://bank.example/story"></head>'
    page = f"<html>{head}<body><article>{STORY}</article></body></html>"
    assert parse_html(page, url="https://gazette.example/a?x=1").url == "https://gazette.example/a?x=1"
    own = page.replace("bank.example", "www.gazette.example")
    assert parse_html(own, url="https://gazette.example/a?x=1").url == "https://www.gazette.example/story"
    assert parse_html(page).url == "https://bank.example/story"


@pytest.mark.parametrize(
    ("source", "encoding", "declared"),
    [
        ("<rss><channel><item><title>Café</title><description>The café closes.</description></item></channel></rss>",
         "utf-8", "utf-16"),
        ("<rss><channel><item><title>Café</title><description>The café closes.</description></item></channel></rss>",
         "utf-8", "us-ascii"),
        ("<rss><channel><item><title>Café</title><description>The café closes.</description></item></channel></rss>",
         "iso-8859-1", "iso-8859-1"),
    ],
)  # fmt: skip
def test_a_charset_declared_wrongly_is_seen_through(source: str, encoding: str, declared: str) -> None:
    data = f'<?xml version="1.0" encoding="{declared}"?>{source}'.encode(encoding)
    assert read_bytes(data, name="feed.xml").text == "Café\n\nThe café closes."


def test_a_charset_that_does_not_exist_is_no_crash() -> None:
    data = b'<?xml version="1.0" encoding="x-none"?><rss><channel><item><description>It closes.</description></item>'
    assert read_bytes(data + b"</channel></rss>", name="feed.xml").text == "It closes."
    mail = b"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset=x-none\n\nThe council agreed."
    assert "The council agreed." in read_bytes(mail, name="m.eml").text


def test_a_word_document_of_many_paragraphs_is_read_soon() -> None:
    data = package(PARAGRAPH * 5_000)
    begun = time.process_time()
    assert read_bytes(data, name="s.docx").blocks
    assert time.process_time() - begun < 20
