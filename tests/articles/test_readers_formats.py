"""Every format of the registry tells the same story."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from articles.ingest.model import Dateline
from articles.ingest.readers import read_all, read_bytes
from factcheck.core.errors import Invalid
from tests.articles.office_files import locked_pdf, package, pdf, word

if TYPE_CHECKING:
    from articles.ingest.model import ParsedArticle

FOLDER = Path(__file__).parent.parent / "data" / "ingest"
TITLE = "Port Almar closes its fish market"
AT = datetime(2026, 11, 16, 7, 10, tzinfo=UTC)
LATER = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
NEXT_DAY = datetime(2026, 11, 17, 6, 0, tzinfo=UTC)
CLOSE, BUILT = "The council agreed to close the market.", "It was built in 1907."


def sample(name: str, as_name: str = "") -> ParsedArticle:
    return read_bytes((FOLDER / name).read_bytes(), name=as_name or name)


def blocks(article: ParsedArticle) -> list[tuple[str, str]]:
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


def refusal(data: bytes, name: str) -> Invalid:
    with pytest.raises(Invalid) as caught:
        read_bytes(data, name=name)
    return caught.value


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.iterdir()))
def test_every_format_gives_title_time_and_authors(name: str) -> None:
    article = sample(name)
    assert article.title.startswith("Port Almar closes")
    assert article.published_at == AT
    assert article.authors[0] == "Jona Besk"
    assert article.language == "en"
    assert article.external_id or name == "draft.md"


@pytest.mark.parametrize("name", ["ninjs1.json", "ninjs2.json", "ninjs3.json", "atom.xml", "jsonfeed.json",
                                  "newsml_g2.xml", "wordpress.json"])  # fmt: skip
def test_the_body_is_the_same_in_every_format(name: str) -> None:
    assert [text for kind, text in blocks(sample(name)) if kind == "paragraph"] == [CLOSE, BUILT]


@pytest.mark.parametrize(
    ("name", "publisher", "url", "external_id"),
    [
        ("ninjs3.json", "Tessel Wire", "", "http://wire.example/items/7"),
        ("newsml_g2.xml", "Tessel Wire", "", "tag:tessel.example,2026:7:3"),
        ("nitf.xml", "Tessel Wire", "", "tw-20261116-7"),
        ("atom.xml", "Gazette", "https://gazette.example/market", "urn:e"),
        ("rss.xml", "Gazette", "https://gazette.example/market", "urn:gazette:7"),
        ("jsonfeed.json", "Gazette", "https://gazette.example/market", "7"),
        ("wordpress.json", "gazette.example", "https://gazette.example/market/", "gazette.example:7"),
        ("press.eml", "gazette.example", "", "7@gazette.example"),
    ],
)
def test_publisher_address_and_identity_come_from_the_format(
    name: str, publisher: str, url: str, external_id: str
) -> None:
    article = sample(name)
    assert (article.publisher, article.url, article.external_id) == (publisher, url, external_id)


@pytest.mark.parametrize("name", ["atom.xml", "jsonfeed.json", "wordpress.json", "nitf.xml"])
def test_a_later_version_is_known_by_its_time(name: str) -> None:
    assert sample(name).modified_at == LATER


def test_nitf_keeps_subheading_quote_caption_list_and_place() -> None:
    article = sample("nitf.xml")
    assert blocks(article) == [
        ("headline", TITLE),
        ("heading", "Traders were not asked"),
        ("paragraph", "The council agreed to close the old fish market, the mayor said."),
        ("quote", '"Nobody asked us," said Renna Halvik.'),
        ("caption", "Stalls of the fish market in Port Almar in May"),
        ("list", "Forty stalls go in May."),
    ]
    assert article.authors == ("Jona Besk", "Lia Norum")
    assert article.dateline == Dateline("PORT ALMAR")


@pytest.mark.parametrize("name", ["ninjs3.json", "newsml_g2.xml"])
def test_an_embargo_is_kept(name: str) -> None:
    assert sample(name).embargoed_until == NEXT_DAY


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("ninjs1.json", '"usable"', '"canceled"'),
        ("ninjs3.json", '"withheld"', '"canceled"'),
        ("newsml_g2.xml", "stat:usable", "stat:canceled"),
        ("nitf.xml", '"usable"', '"canceled"'),
        ("wordpress.json", '"publish"', '"trash"'),
    ],
)
def test_a_withdrawn_item_says_so(name: str, old: str, new: str) -> None:
    data = (FOLDER / name).read_text(encoding="utf-8").replace(old, new).encode()
    assert read_bytes(data, name=name).withdrawn is True


def test_a_usable_item_is_not_withdrawn_and_a_notice_may_be_empty() -> None:
    assert sample("ninjs1.json").withdrawn is False
    notice = b'{"uri": "urn:1", "headline": "Market story is withdrawn", "pubstatus": "canceled"}'
    assert read_bytes(notice, name="n.json").withdrawn is True


def test_a_feed_of_one_entry_is_read_and_one_of_two_is_refused_with_the_way_out() -> None:
    entry = "<item><title>Market</title><description>The council agreed to close it.</description></item>"
    two = f"<rss><channel>{entry}{entry}</channel></rss>".encode()
    error = refusal(two, "feed.xml")
    assert (error.code, error.values["count"]) == ("article.several", 2)
    assert len(read_all(two, name="feed.xml")) == 2


def test_feeds_keep_no_script_link_or_local_picture() -> None:
    article = sample("rss.xml")
    assert blocks(article)[1:] == [
        ("paragraph", CLOSE), ("caption", "Stalls of the market in May"), ("paragraph", BUILT)
    ]  # fmt: skip
    assert article.title == 'Port Almar closes "its" fish market'


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.iterdir() if path.suffix != ".md"))
def test_a_file_without_a_name_is_known_by_its_first_bytes(name: str) -> None:
    assert sample(name, as_name="-") == sample(name)


def test_mail_prefers_plain_text_and_names_what_it_leaves_out() -> None:
    article = sample("press.eml")
    assert blocks(article)[1:] == [
        ("paragraph", "The café owners agreed to close the market, they said on Monday."),
        ("quote", "Nobody asked us before the vote."),
    ]
    assert [(part.text, part.reason) for part in article.dropped] == [
        ("Jona Besk, Gazette, +00 123", "signature"), ("plan.pdf", "attachment")
    ]  # fmt: skip


def test_mail_without_plain_text_is_read_from_its_html() -> None:
    data = (
        b"From: a@b.example\nSubject: Market\nContent-Type: text/html\n\n<p>The council agreed.</p><p>It closes.</p>"
    )
    assert blocks(read_bytes(data, name="m.eml"))[1:] == [
        ("paragraph", "The council agreed."), ("paragraph", "It closes.")
    ]  # fmt: skip


def test_markdown_is_read_without_its_marks() -> None:
    assert blocks(sample("draft.md")) == [
        ("headline", TITLE),
        ("paragraph", "The council agreed to close the old market, said the mayor, whose snake_case_name stays."),
        ("caption", "Stalls of the market in May"),
        ("heading", "What happens next"),
        ("quote", '"Nobody asked us," said Renna Halvik, who heads the union.'),
        ("list", "Forty stalls go in May."),
        ("list", "The roof goes in June."),
        ("list", "Year Stalls"),
        ("list", "1907 112"),
        ("paragraph", "It was built in 1907 and costs 5 * 3 crowns."),
    ]


def test_word_styles_are_kinds_and_tables_are_rows() -> None:
    article = read_bytes(
        word(
            ("Title", TITLE), ("Normal", "By Jona Besk"), ("Normal", f"PORT ALMAR (Tessel) - {CLOSE}"),
            ("Heading 1", "What happens next"), ("Quote", "Nobody asked us."), ("List Bullet", "Forty stalls go."),
            ("Caption", "Stalls of the market"), ("Normal", BUILT), rows=[["Year", "Stalls"], ["1907", "112"]],
        ),
        name="story.docx",
    )  # fmt: skip
    assert blocks(article) == [
        ("headline", TITLE), ("paragraph", CLOSE), ("heading", "What happens next"), ("quote", "Nobody asked us."),
        ("list", "Forty stalls go."), ("caption", "Stalls of the market"), ("paragraph", BUILT),
        ("list", "Year Stalls"), ("list", "1907 112"),
    ]  # fmt: skip
    assert article.authors == ("Jona Besk",)
    assert article.dateline == Dateline("PORT ALMAR", "Tessel")


def test_word_without_styles_is_read_like_a_wire_story() -> None:
    data = word(("Normal", TITLE), ("Normal", "07:10 GMT 16.11.2026"), ("Normal", CLOSE), ("Normal", BUILT))
    article = read_bytes(data, name="story.docx")
    assert (article.title, article.published_at) == (TITLE, AT)
    assert article.text == f"{TITLE}\n\n{CLOSE}\n\n{BUILT}"


def test_word_shows_tracked_insertions_and_hides_deletions() -> None:
    body = (
        "<w:p><w:r><w:t>The council agreed to </w:t></w:r><w:ins><w:r><w:t>close</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>open</w:delText><w:t>keep</w:t></w:r></w:del>"
        "<w:r><w:t xml:space='preserve'> it.</w:t></w:r></w:p><w:p><w:r><w:t>It was built in 1907.</w:t></w:r></w:p>"
    )
    assert read_bytes(package(body), name="s.docx").text == "The council agreed to close it.\n\nIt was built in 1907."


def test_pdf_pages_become_paragraphs_without_running_lines() -> None:
    pages = [
        [
            "Tessel Wire - Monday",
            TITLE,
            "The council of Port Almar agreed to close the old fish market by the end of",
            "the year, the mayor told reporters, and the govern-",
            "ment did not object to it at all. The hall",
            "Page 1 of 3",
        ],
        [
            "Tessel Wire - Monday",
            "was built in 1907 and had 112 stalls when it was at its largest, according to the",
            "city archive.",
            "Traders were not asked before the vote, said the head of their union.",
            "Page 2 of 3",
        ],
        ["Tessel Wire - Monday", "The forty stalls that are left will be taken down in May.", "Page 3 of 3"],
    ]
    article = read_bytes(pdf(*pages), name="story.pdf")
    assert article.title == TITLE
    assert [text for _, text in blocks(article)[1:]] == [
        "The council of Port Almar agreed to close the old fish market by the end of the year, the mayor told "
        "reporters, and the government did not object to it at all. The hall was built in 1907 and had 112 stalls "
        "when it was at its largest, according to the city archive.",
        "Traders were not asked before the vote, said the head of their union.",
        "The forty stalls that are left will be taken down in May.",
    ]
    assert {(part.text, part.reason) for part in article.dropped} == {
        ("Tessel Wire - Monday", "page header or footer"), ("Page 1 of 3", "page number")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (pdf([]), "scan.pdf", "article.scanned"),
        (locked_pdf("secret"), "locked.pdf", "article.encrypted"),
        (b"%PDF-1.7 and then nothing", "broken.pdf", "article.malformed"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "locked.docx", "article.encrypted"),
        (b"no zip", "broken.docx", "article.malformed"),
        (package("")[:200], "cut.docx", "article.malformed"),
        (package("<w:p/>"), "empty.docx", "article.no_body"),
        (b"<rss><channel>", "cut.xml", "article.malformed"),
        (b"<rss><channel></channel></rss>", "none.xml", "article.no_body"),
        (b"<urlset/>", "map.xml", "article.no_story"),
        (b'{"a": ', "cut.json", "article.malformed"),
        (b'{"a": 1}', "other.json", "article.no_story"),
        (b"[]", "none.json", "article.no_body"),
        (b"7", "seven.json", "article.no_story"),
        (b'[{"id": 1, "title": {"rendered": "x"}, "content": {"rendered": "", "protected": true}}]', "p.json",
         "article.encrypted"),
        (b"no header\n\nand a body", "x.eml", "article.malformed"),
        (b"Subject: Only a subject\n\n", "x.eml", "article.no_body"),
        (b"# Only a title\n", "x.md", "article.no_body"),
        *((b" \n", f"empty.{kind}", "article.empty") for kind in ("pdf", "docx", "xml", "json", "eml", "md")),
    ],
)  # fmt: skip
def test_what_cannot_be_read_has_a_code(data: bytes, name: str, code: str) -> None:
    assert refusal(data, name).code == code


def test_a_pdf_that_anybody_may_open_is_opened() -> None:
    assert read_bytes(locked_pdf(""), name="open.pdf").title == "Fish market to close"


SUMMARISED = {
    "RSS": (
        "a.xml",
        "<rss version='2.0' xmlns:c='http://purl.org/rss/1.0/modules/content/'><channel><item><title>Boats</title>"
        "<description>In short.</description><c:encoded>&lt;p&gt;There are 5 boats.&lt;/p&gt;</c:encoded></item>"
        "</channel></rss>",
    ),
    "Atom": (
        "a.xml",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>urn:x</id><title>Boats</title>"
        "<summary>In short.</summary><content>There are 5 boats.</content></entry></feed>",
    ),
    "JSON Feed": (
        "a.json",
        '{"id": "1", "title": "Boats", "summary": "In short.", "content_text": "There are 5 boats."}',
    ),
    "ninjs 1": (
        "a.json",
        '{"uri": "urn:x", "headline": "Boats", "description_text": "In short.", "body_text": "There are 5 boats."}',
    ),
    "ninjs 3": (
        "a.json",
        '{"uri": "urn:x", "headlines": [{"value": "Boats"}], "descriptions": [{"value": "In short."}], '
        '"bodies": [{"role": "main", "value": "There are 5 boats."}]}',
    ),
    "NITF": (
        "a.xml",
        "<nitf><body><body.head><hedline><hl1>Boats</hl1></hedline><abstract><p>In short.</p></abstract>"
        "</body.head><body.content><p>There are 5 boats.</p></body.content></body></nitf>",
    ),
    "WordPress": (
        "a.json",
        '{"id": 1, "link": "https://x.example/1", "title": {"rendered": "Boats"}, '
        '"excerpt": {"rendered": "<p>In short.</p>"}, "content": {"rendered": "<p>There are 5 boats.</p>"}}',
    ),
}


@pytest.mark.parametrize(("name", "source"), SUMMARISED.values(), ids=SUMMARISED.keys())
def test_a_summary_beside_the_text_is_named_among_what_was_dropped(name, source):
    parsed = read_bytes(source.encode(), name=name)
    assert parsed.text == "Boats\n\nThere are 5 boats."
    assert [(part.text, part.reason) for part in parsed.dropped] == [("In short.", "summary")]


def test_an_excerpt_that_is_how_the_text_begins_is_not_named_twice():
    post = (
        '{"id": 1, "link": "https://x.example/1", "title": {"rendered": "Boats"}, '
        '"excerpt": {"rendered": "There are&hellip;"}, "content": {"rendered": "<p>There are 5 boats.</p>"}}'
    )
    parsed = read_bytes(post.encode(), name="a.json")
    assert parsed.dropped == ()


def test_what_was_saved_as_text_but_is_a_page_or_xml_is_read_as_what_it_is():
    page = b"<!DOCTYPE html><html><body><article><h1>Boats</h1><p>There are 5 boats here.</p></article></body></html>"
    assert "<" not in read_bytes(page, name="a.txt").text
    bomb = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b">]><rss><channel><title>&a;</title></channel></rss>'
    with pytest.raises(Invalid) as refused:
        read_bytes(bomb, name="a.txt")
    assert refused.value.code == "article.hostile"
    assert read_bytes(b"<?xml> is how XML begins, the lecturer said.", name="a.txt", content_type="text/plain").text
