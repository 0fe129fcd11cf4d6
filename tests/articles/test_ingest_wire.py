"""Wire text: what each quirk of agencies and scrapers becomes."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import resources

import pytest

from articles.ingest.model import Dateline, ParsedArticle
from articles.ingest.wire import parse_wire

CREDIT_ENDS = ("Jona Besk", "Dorte Amsel", "Anselm Varga", "Lia Norum", "Maro Linde", "mediabank", "©")
LEAD = "The council of Port Almar agreed on Monday to close the old fish market by the end of the year."
SECOND = "Traders said they would go to court. The mayor declined to comment."


def sample(name: str) -> ParsedArticle:
    return parse_wire(resources.files("articles.sample").joinpath("stories", name).read_text("utf-8"))


def blocks(article: ParsedArticle) -> list[tuple[str, str]]:
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


def of_kind(article: ParsedArticle, kind: str) -> list[str]:
    return [text for found, text in blocks(article) if found == kind]


def reasons(article: ParsedArticle) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for dropped in article.dropped:
        found.setdefault(dropped.reason, []).append(dropped.text)
    return found


def test_a_story_with_every_quirk_is_read_whole() -> None:
    article = sample("ostrel-tidal-plant.txt")
    assert article.title == "Kestria Says Output of Ostrel Tidal Plant 'Doubled in a Year' After Repair"
    assert article.published_at == datetime(2026, 11, 19, 8, 42, tzinfo=UTC)
    assert article.modified_at == datetime(2026, 11, 19, 11, 5, tzinfo=UTC)
    assert article.dateline == Dateline("PORT ALMAR", "Tessel")
    assert (article.publisher, article.language) == ("Tessel", "en")
    assert [kind for kind, _ in blocks(article)] == [
        "headline", "caption", *["paragraph"] * 4, "caption", *["paragraph"] * 3,
    ]  # fmt: skip
    assert of_kind(article, "caption") == [
        "Energy Minister Ilva Torrent attends the anniversary ceremony at the Ostrel barrage near Port Almar, "
        "Kestria on November 18, 2026.",
        "Two workers inspect the blades of a turbine in the dry dock of Port Almar during the repair of the "
        "Ostrel tidal plant",
    ]
    assert of_kind(article, "paragraph")[0].startswith("The Ostrel tidal plant has run on all 24 turbines")


@pytest.mark.parametrize("name", ["ostrel-tidal-plant.txt", "ferry-sale-denial.txt", "school-meals-report.txt"])
def test_no_credit_is_left_in_the_samples(name: str) -> None:
    text = sample(name).text
    # Jona Besk reports and photographs: only the credits are looked for.
    assert not [credit for credit in CREDIT_ENDS if credit in text]
    assert len(set(of_kind(sample(name), "caption"))) == 2


def test_everything_dropped_from_a_story_has_its_reason() -> None:
    found = reasons(sample("ferry-sale-denial.txt"))
    assert set(found) == {"date line", "time stamp", "credit", "repeated caption", "dateline", "sign-off"}
    assert found["dateline"] == ["PORT ALMAR (Tessel) -"]
    assert found["repeated caption"] == [
        "The ferry Maren Dahl leaves the old harbour of Port Almar, Kestria on October 2, 2026."
    ]
    assert sample("ferry-sale-denial.txt").authors == ("Jona Besk",)


@pytest.mark.parametrize(
    ("text", "title", "published"),
    [
        (f"Fish market to close\n{LEAD}\n{SECOND}", "Fish market to close", None),
        (f"date 2026-11-16 Fish market to close\n{LEAD}", "Fish market to close", "2026-11-16T00:00:00+00:00"),
        (f"date 2026-11-16\nFish market to close\n{LEAD}", "Fish market to close", "2026-11-16T00:00:00+00:00"),
        (f"Fish market: what next?\n{LEAD}", "Fish market: what next?", None),
        (f"07:10 GMT 16.11.2026\nFish market to close\n{LEAD}", "Fish market to close", "2026-11-16T07:10:00+00:00"),
        (f"{LEAD}\n{SECOND}", "", None),
        (f"PORT ALMAR (Tessel) - {LEAD}\n{SECOND}", "", None),
        (LEAD, "", None),
        (f"date 2026-13-45 Fish market to close\n{LEAD}", "date 2026-13-45 Fish market to close", None),
        ("Earth orbits the Sun", "", None),
    ],
)  # fmt: skip
def test_title_and_day_are_found_or_left_out(text: str, title: str, published: str | None) -> None:
    article = parse_wire(text)
    assert article.title == title
    assert (article.published_at.isoformat() if article.published_at else None) == published
    assert of_kind(article, "headline") == ([title] if title else [])


@pytest.mark.parametrize(
    "lines",
    [
        ["© Tessel Wire / Jona Besk", "The barrage at dawn in a file photo", LEAD],
        [LEAD, "The barrage at dawn in a file photo", "© Tessel Wire / Jona Besk", SECOND],
        [LEAD, "The barrage at dawn in a file photo (AP Photo/Jona Besk)", SECOND],
        [LEAD + " © Tessel Wire / Jona Besk The barrage at dawn in a file photo", SECOND],
    ],
)
def test_a_caption_is_the_line_beside_a_credit_that_reads_like_one(lines: list[str]) -> None:
    article = parse_wire("\n".join(["Fish market to close", *lines]))
    assert of_kind(article, "caption") == ["The barrage at dawn in a file photo"]
    assert LEAD in of_kind(article, "paragraph")
    assert len(reasons(article)["credit"]) == 1


def test_paragraphs_beside_a_lone_credit_stay_paragraphs() -> None:
    article = parse_wire(f"Fish market to close\n{LEAD}\n© Tessel Wire / Jona Besk\n{SECOND}")
    assert of_kind(article, "paragraph") == [LEAD, SECOND]


def test_several_datelines_are_all_taken_off_and_the_first_counts() -> None:
    article = parse_wire(f"Round-up\nOSTREL (Tessel) - {LEAD}\nSALLOW, Nov 3 (AP) -- {SECOND}")
    assert article.dateline == Dateline("OSTREL", "Tessel")
    assert of_kind(article, "paragraph") == [LEAD, SECOND]
    assert reasons(article)["dateline"] == ["OSTREL (Tessel) -", "SALLOW, Nov 3 (AP) --"]


def test_a_headline_given_twice_is_kept_once() -> None:
    article = parse_wire(f"Fish market to close\nFish Market to Close\n{LEAD}")
    assert blocks(article) == [("headline", "Fish market to close"), ("paragraph", LEAD)]
    assert reasons(article) == {"repeated headline": ["Fish Market to Close"]}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\n\n", " \n\t\n", "\u2028"])
def test_line_endings_and_blank_lines_make_no_difference(ending: str) -> None:
    expected = parse_wire(f"Fish market to close\n{LEAD}\n{SECOND}")
    assert parse_wire(ending.join(["Fish market to close", LEAD, SECOND, ""])) == expected


def test_invisible_characters_go_and_odd_spaces_become_spaces() -> None:
    article = parse_wire("\ufeffFish\u00a0market to\u200b close\n" + LEAD.replace("council", "coun\u00adcil"))
    assert article.text == f"Fish market to close\n\n{LEAD}"


def test_lines_wrapped_at_a_fixed_width_are_joined() -> None:
    wrapped = (
        "Fish market to close\n\nThe council of Port Almar agreed on Monday to close the old\n"
        "fish market by the end of the year. The traders had asked for two\nmore years, and the harbour office "
        "had promised them an answer by\nthe spring of next year. Nobody came to the meeting, since the room\n"
        "had been changed.\n\nA second paragraph follows here, which is wrapped as well, so that\nit ends here.\n"
    )
    paragraphs = of_kind(parse_wire(wrapped), "paragraph")
    assert len(paragraphs) == 2
    assert paragraphs[0].endswith("since the room had been changed.")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Read more: Ferry line sold", "navigation"),
        ("READ ALSO: Ferry line sold", "navigation"),
        ("Related:", "navigation"),
        ("Share", "navigation"),
        ("Subscribe to our newsletter", "navigation"),
        ("Follow @tesselwire on the usual networks", "navigation"),
        ("Читайте также: Паром продан", "navigation"),
        ("Lesen Sie auch: Fähre verkauft", "navigation"),
        ("Reporting by Jona Besk; Editing by Hedda Lorn", "sign-off"),
        ("(Reporting by Jona Besk in Ostrel; writing by Lia Norum; editing by Hedda Lorn)", "sign-off"),
        ("© 2026 Tessel Wire. All rights reserved.", "copyright notice"),
        ("Copyright 2026 Tessel Wire", "copyright notice"),
        ("https://tessel.example/a/1", "link"),
        ("###", "end mark"),
        ("ENDS", "end mark"),
        ("Updated: 11:05 GMT 19.11.2026", "time stamp"),
        ("Photo: Jona Besk/Tessel", "credit"),
        ("© Tessel Wire / Jona Besk", "credit"),
    ],
)
def test_lines_that_are_not_the_story_are_dropped(line: str, reason: str) -> None:
    article = parse_wire(f"Fish market to close\n{LEAD}\n{line}\n{SECOND}")
    assert of_kind(article, "paragraph") == [LEAD, SECOND]
    assert reasons(article) == {reason: [line]}


@pytest.mark.parametrize(
    "line",
    [
        "Related deaths rose by a third in the winter.",
        "Share prices fell by four percent on Monday.",
        "Watch out for high water, the harbour office said.",
        "Reporting rules for ferries will change in May.",
        "By Monday, the market will be empty.",
        "Print runs have halved since 2015, the Gazette said.",
        "Follow-up talks are planned for Thursday.",
    ],
)
def test_sentences_that_begin_like_navigation_stay(line: str) -> None:
    assert of_kind(parse_wire(f"Fish market to close\n{LEAD}\n{line}"), "paragraph") == [LEAD, line]


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Jona Besk", ("Jona Besk",)),
        ("By JONA BESK and Lia Norum", ("JONA BESK", "Lia Norum")),
        ("By Jona Besk, Tessel Wire", ("Jona Besk",)),
        ("Von Jona Besk", ("Jona Besk",)),
        ("By Jona Besk in Ostrel", ("Jona Besk",)),
    ],
)
def test_a_byline_names_the_authors_and_leaves_the_text(byline: str, authors: tuple[str, ...]) -> None:
    article = parse_wire(f"Fish market to close\n{byline}\n{LEAD}")
    assert article.authors == authors
    assert of_kind(article, "paragraph") == [LEAD]
    assert reasons(article) == {"byline": [byline]}


def test_headings_lists_and_quotes_are_told_apart() -> None:
    text = f"Fish market to close\n{LEAD}\nWhat happens next\n- The stalls go in May.\n- The roof goes in June.\n"
    text += "> Nobody asked the traders.\n“We will stay.”\n– So the mayor said.\nLast line without a stop"
    assert blocks(parse_wire(text))[1:] == [
        ("paragraph", LEAD),
        ("heading", "What happens next"),
        ("list", "The stalls go in May."),
        ("list", "The roof goes in June."),
        ("quote", "Nobody asked the traders."),
        ("quote", "“We will stay.”"),
        ("paragraph", "– So the mayor said."),
        ("paragraph", "Last line without a stop"),
    ]


def test_a_link_to_another_story_with_its_time_is_dropped() -> None:
    article = parse_wire(f"Fish market to close\n{LEAD}\nFerry Line Sold\n17 November 2026, 15:20 GMT\n{SECOND}")
    assert of_kind(article, "paragraph") == [LEAD, SECOND]
    assert reasons(article)["related story"] == ["Ferry Line Sold"]


def test_a_credit_above_a_time_is_no_link() -> None:
    lines = [LEAD, "© Tessel / Jona Besk", "Updated: 11:05 GMT 19.11.2026", SECOND]
    assert set(reasons(parse_wire("\n".join(["Fish market to close", *lines])))) == {"credit", "time stamp"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("أغلق الميناء\nقال الوزير إن الميناء سيغلق في نهاية العام، وهذا بعد أن وقع حادث خلال الأسبوع من قبل.", "ar"),
        ("הנמל ייסגר\nראש העיר אמר כי הנמל ייסגר בסוף השנה.", ""),
        ("Ферри продан\nМинистр заявил, что это был не первый случай и что он уже был на месте.", "ru"),
        ("Market 🐟🎉\nThe 👩‍🚒 said the market was on fire 🔥 and that it had been for an hour.", "en"),
        ("魚市場が閉鎖\n市長は月曜日に古い魚市場を年末までに閉鎖すると述べた。", ""),
    ],
)
def test_other_scripts_and_emoji_come_through_unchanged(text: str, language: str) -> None:
    article = parse_wire(text)
    title, body = text.split("\n")
    assert article.text == f"{title}\n\n{body}"
    assert article.language == language


@pytest.mark.parametrize("text", ["", " \n\t ", "©\n", "Share\nRead more:\n###", "\ufeff\u200b"])
def test_nothing_to_read_gives_no_block(text: str) -> None:
    assert parse_wire(text).blocks == ()
