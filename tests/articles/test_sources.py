"""Each connector against a real server on loopback that answers as its source does."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from articles.keeping.quotes import places_of
from articles.keeping.words import words_of
from articles.sources.base import EvidenceItem, EvidenceQuery, SourceContext
from articles.sources.registry import connector
from factcheck.core.errors import FactcheckError, Permanent, Transient
from factcheck.core.http import HttpClient, Limits
from tests.servers import Answer, Asked, Reply, Server, json_reply, redirect, serving, typed, wire

if TYPE_CHECKING:
    from collections.abc import Iterator

CLAIM = "The port of Varnholm handled 4.1 million passengers in 2019."
QUERY = EvidenceQuery(text="Varnholm 2019 passengers handled", loose="Varnholm passengers", claim=CLAIM)


@dataclasses.dataclass
class Shelf:
    """A local search that holds what a test puts there and notes what it was asked."""

    items: list[EvidenceItem] = dataclasses.field(default_factory=list)
    asked: list[tuple[str, str, int]] = dataclasses.field(default_factory=list)

    def __call__(self, collection: str, text: str, *, limit: int) -> list[EvidenceItem]:
        self.asked.append((collection, text, limit))
        return self.items[:limit]


def ask(kind: str, answer: Answer, query: EvidenceQuery = QUERY, **settings: Any) -> tuple[Any, Server]:
    with serving(answer) as server, context_of(server) as context:
        where = {"base_url": server.url} if kind == "wikipedia" else {"url": f"{server.url}/feed"}
        return connector(kind, {**where, **settings}).search(query, context), server


class context_of:
    """A context whose client may reach the given servers and nothing else inward."""

    def __init__(self, *servers: Server) -> None:
        allow = frozenset(server.host_port for server in servers)
        self.http = HttpClient(
            version="1", contact="https://desk.example", allow_hosts=allow, limits=Limits(1.0, 0.3, 0.8)
        )

    def __enter__(self) -> SourceContext:
        return SourceContext(http=self.http, search=Shelf())

    def __exit__(self, *_: object) -> None:
        self.http.close()


# --- a wiki ----------------------------------------------------------------------------------------------

PAGES = {"Varnholm (disambiguation)": "disambiguation", "Port of Varnholm": "port", "Varnholm": "city"}


def wiki(asked: Asked) -> Reply:
    if asked.params.get("list") == "search":
        return json_reply(wire("mediawiki_search.json"))
    if asked.params.get("meta") == "siteinfo":
        return json_reply(wire("mediawiki_site.json"))
    return json_reply(wire(f"mediawiki_{PAGES[asked.params['titles']]}.json"))


def test_wikipedia_gives_the_passages_that_touch_the_claim() -> None:
    result, server = ask("wikipedia", wiki)
    assert result.outcome == "ok"
    first = result.items[0]
    assert first.text == "In 2019 the port of Varnholm handled 4.1 million passengers, more than any year before."
    assert first.locator == 'section "History", paragraph 2'
    assert (first.title, first.kind, first.licence) == ("Port of Varnholm", "encyclopedia", "CC BY-SA 4.0")
    assert first.url == f"{server.url}/w/index.php?oldid=1300000002"
    assert first.published_at == datetime(2026, 9, 18, 21, 22, 46, tzinfo=UTC)
    assert first.snapshot == wire("mediawiki_port.json")
    assert all(places_of(item.text, words_of(item.snapshot, item.snapshot_type)) for item in result.items)
    assert [item.rank for item in result.items] == list(range(1, len(result.items) + 1))


def test_wikipedia_is_asked_as_its_rules_say() -> None:
    _, server = ask("wikipedia", wiki)
    search, *pages = server.asked
    assert search.path == "/w/api.php"
    assert search.params["srsearch"] == QUERY.text
    assert {request.params["maxlag"] for request in server.asked} == {"5"}
    assert {request.params["formatversion"] for request in server.asked} == {"2"}
    assert [page.params["titles"] for page in pages] == list(PAGES)


def test_wikipedia_passes_over_disambiguation_pages() -> None:
    result, _ = ask("wikipedia", wiki)
    assert {item.title for item in result.items} == {"Port of Varnholm", "Varnholm"}


def test_asking_again_gives_the_same_ids() -> None:
    ids = [[item.external_id for item in ask("wikipedia", wiki)[0].items] for _ in range(2)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0])


def test_wikipedia_tries_the_loose_words_when_the_strict_ones_find_nothing() -> None:
    def answer(asked: Asked) -> Reply:
        strict = asked.params.get("srsearch") == QUERY.text
        return json_reply(wire("mediawiki_empty.json")) if strict else wiki(asked)

    result, server = ask("wikipedia", answer)
    assert result.outcome == "ok"
    assert server.asked[1].params["srsearch"] == QUERY.loose


def test_a_wiki_without_extracts_gives_the_search_excerpt() -> None:
    def answer(asked: Asked) -> Reply:
        return wiki(asked) if "list" in asked.params else json_reply(wire("mediawiki_search.json"))

    query = EvidenceQuery(text="port Varnholm ferries", claim="The port of Varnholm has ferries.")
    result, server = ask("wikipedia", answer, query)
    assert result.items[0].text == "The port of Varnholm & its ferries"
    assert (result.items[0].locator, result.items[0].url) == (
        "search excerpt",
        f"{server.url}/w/index.php?curid=7002",
    )


@pytest.mark.parametrize(
    ("setting", "of_article", "host"),
    [
        ("", "de", "de.wiki.example"),
        ("", "pt-BR", "pt.wiki.example"),
        ("", "../evil", "en.wiki.example"),
        ("fr", "de", "fr.wiki.example"),
    ],
)
def test_the_language_chooses_the_wiki(setting: str, of_article: str, host: str) -> None:
    class Asking:
        def get(self, url: str, **_: object) -> None:
            raise Permanent("http.bad_url", url=url)

    wikipedia = connector("wikipedia", {"language": setting, "base_url": "https://{lang}.wiki.example"})
    query = dataclasses.replace(QUERY, language=of_article)
    with pytest.raises(Permanent) as caught:
        wikipedia.search(query, SourceContext(http=Asking(), search=Shelf()))  # type: ignore[arg-type]
    assert caught.value.values["url"] == f"https://{host}/w/api.php"


# --- feeds -----------------------------------------------------------------------------------------------


def feed(name: str, kind: str) -> Answer:
    return lambda _: typed(kind, wire(name))


RSS = feed("feed_full.rss", "application/rss+xml")


def test_an_rss_item_is_quoted_at_the_passage_that_touches_the_claim() -> None:
    result, _ = ask("feed", RSS)
    (item,) = result.items
    assert item.text == "The port of Varnholm handled 3.2 million passengers in 2019, the port authority said."
    assert item.locator == "paragraph 2"
    assert (item.title, item.publisher) == ("Port of Varnholm counts its passengers", "Grey Sound Courier")
    assert item.url == "https://courier.example/2026/port"
    assert item.published_at == datetime(2026, 9, 30, 10, 30, tzinfo=UTC)
    assert (item.language, item.kind) == ("en-gb", "news")
    assert b"alert" not in item.snapshot
    assert b"onclick" not in item.snapshot


@pytest.mark.parametrize(
    ("name", "kind", "identity", "when"),
    [
        ("feed_atom.xml", "application/atom+xml", "urn:harbour:9", datetime(2026, 9, 29, 8, tzinfo=UTC)),
        ("feed.json", "application/feed+json", "1", datetime(2026, 9, 29, 10, tzinfo=UTC)),
        ("feed_broken.rss", "text/xml", "urn:careless:1", None),
    ],
)
def test_every_kind_of_feed_is_read(name: str, kind: str, identity: str, when: datetime | None) -> None:
    result, _ = ask("feed", feed(name, kind))
    assert result.outcome == "ok"
    (item,) = result.items
    assert item.external_id.partition("#")[0] == identity
    assert item.published_at == when
    assert "4.1 million passengers" in item.text
    assert "<" not in item.text + item.title


def test_the_publisher_and_licence_of_the_settings_count() -> None:
    result, _ = ask("feed", RSS, publisher="The Courier", licence="CC BY 4.0")
    assert (result.items[0].publisher, result.items[0].licence) == ("The Courier", "CC BY 4.0")


def test_a_feed_is_fetched_once_for_many_claims() -> None:
    with serving(RSS) as server, context_of(server) as context:
        source = connector("feed", {"url": f"{server.url}/feed"})
        for _ in range(3):
            source.search(QUERY, context)
        assert len(server.asked) == 1


def test_a_feed_that_moved_says_where_to() -> None:
    def answer(asked: Asked) -> Reply:
        return redirect("/new?key=s3cret", 301) if asked.path == "/feed" else RSS(asked)

    result, _ = ask("feed", answer)
    assert (result.outcome, "/new?key=MASKED" in result.reason) == ("ok", True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_feeds_in_other_encodings_keep_their_letters(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>Åland</title><item>'
    text += "<guid>1</guid><title>Varnholm port</title><description>Passengers in 2019 é</description></item>"
    body = f"{text}</channel></rss>".encode(encoding)
    result, _ = ask("feed", lambda _: typed("text/xml", body))
    assert (result.items[0].publisher, result.items[0].text) == ("Åland", "Passengers in 2019 é")


def test_unsafe_links_are_not_passed_on() -> None:
    query = EvidenceQuery(text="weather rain", claim="Weather: rain.")
    result, _ = ask("feed", feed("feed.json", "application/json"), query)
    assert [item.url for item in result.items] == [""]


# --- the four outcomes -----------------------------------------------------------------------------------


def always(reply: Reply) -> Answer:
    return lambda _: reply


def hidden_doctype() -> bytes:
    """In UTF-7 a DOCTYPE does not look like one."""
    return b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE r [+ADwAIQ-ENTITY a "x">]><rss/>'


def as_utf16(name: str) -> bytes:
    return wire(name).decode().encode("utf-16")


def packed_strangely() -> Reply:
    return Reply(b"x", headers={"Content-Type": "text/xml", "Content-Encoding": "zip"})


FAILING: list[tuple[str, Answer, type[FactcheckError], str]] = [
    ("wikipedia", always(json_reply(wire("mediawiki_ratelimited.json"))), Transient, "http.throttled"),
    ("wikipedia", always(json_reply(wire("mediawiki_maxlag.json"), Retry_After="5")), Transient, "http.throttled"),
    ("wikipedia", always(json_reply(b"{}", status=429, Retry_After="30")), Transient, "http.throttled"),
    ("wikipedia", always(json_reply(wire("mediawiki_badquery.json"))), Permanent, "source.bad_answer"),
    ("wikipedia", always(json_reply(b"", status=500)), Transient, "http.status"),
    ("wikipedia", always(json_reply(b"", status=403)), Permanent, "http.status"),
    ("wikipedia", always(json_reply(b"not json")), Permanent, "source.bad_answer"),
    ("wikipedia", always(json_reply(b"[1, 2]")), Permanent, "source.bad_answer"),
    ("wikipedia", always(json_reply(b'{"query":{"search":[1]}}')), Permanent, "source.bad_answer"),
    ("wikipedia", always(typed("text/html", b"<p>Log in</p>")), Permanent, "http.wrong_type"),
    ("feed", always(Reply(status=429, headers={"Retry-After": "30"})), Transient, "http.throttled"),
    ("feed", always(Reply(status=503)), Transient, "http.status"),
    ("feed", always(Reply(status=410)), Permanent, "http.status"),
    ("feed", always(redirect("/feed")), Permanent, "http.too_many_redirects"),
    ("feed", always(typed("text/html", b"<html></html>")), Permanent, "http.wrong_type"),
    ("feed", always(typed("application/rss+xml", b"<html><p>no feed</p></html>")), Permanent, "source.bad_answer"),
    ("feed", always(typed("application/rss+xml", b"\x89PNG\r\n\x1a\n\0\0")), Permanent, "source.bad_answer"),
    ("feed", always(typed("application/rss+xml", b"")), Permanent, "source.bad_answer"),
    ("feed", always(typed("text/xml", wire("feed_bomb.xml"))), Permanent, "source.bad_answer"),
    ("feed", always(typed("text/xml", wire("feed_xxe.xml"))), Permanent, "source.bad_answer"),
    ("feed", always(typed("text/xml", as_utf16("feed_bomb.xml"))), Permanent, "source.bad_answer"),
    ("feed", always(typed("text/xml", wire("feed_bomb.xml") + b"<unclosed")), Permanent, "source.bad_answer"),
    ("feed", always(typed("text/xml", hidden_doctype())), Permanent, "source.bad_answer"),
    ("feed", always(typed("application/json", b"{")), Permanent, "source.bad_answer"),
    ("feed", always(typed("application/json", b'{"items": []}')), Permanent, "source.bad_answer"),
    (
        "feed",
        always(typed("application/json", b'{"version":"https://jsonfeed.org/version/1.1","items":7}')),
        Permanent,
        "source.bad_answer",
    ),
    ("feed", always(packed_strangely()), Permanent, "source.bad_answer"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "answer", "error", "code"), FAILING)
def test_what_goes_wrong_is_told_as_temporary_or_not(
    kind: str, answer: Answer, error: type[FactcheckError], code: str
) -> None:
    with pytest.raises(FactcheckError) as caught:
        ask(kind, answer)
    assert (type(caught.value), caught.value.code) == (error, code)


def test_a_wiki_that_lags_says_when_to_come_back() -> None:
    with pytest.raises(Transient) as caught:
        ask("wikipedia", always(json_reply(wire("mediawiki_maxlag.json"), Retry_After="5")))
    assert caught.value.retry_at is not None
    assert abs(caught.value.retry_at - datetime.now(UTC) - timedelta(seconds=5)) < timedelta(seconds=4)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("wikipedia", always(json_reply(wire("mediawiki_empty.json")))),
        ("feed", always(typed("text/xml", b'<rss version="2.0"><channel><title>x</title></channel></rss>'))),
    ],
)
def test_asked_and_nothing_found_is_empty(kind: str, answer: Answer) -> None:
    result, _ = ask(kind, answer)
    assert (result.outcome, result.items) == ("empty", ())


def test_a_feed_about_other_things_is_empty() -> None:
    query = EvidenceQuery(text="unemployment fell", claim="Unemployment fell to its lowest level in Talvia.")
    assert ask("feed", RSS, query)[0].outcome == "empty"


# --- the desk's own --------------------------------------------------------------------------------------


def stored(text: str, title: str = "Report", **more: Any) -> EvidenceItem:
    values = {"external_id": text[:20], "url": "", "kind": "document", "locator": "page 2", **more}
    return EvidenceItem(title=title, text=text, **values)


@pytest.fixture
def offline() -> Iterator[HttpClient]:
    with HttpClient(version="1", contact="https://desk.example") as http:
        yield http


@pytest.mark.parametrize(("kind", "collection"), [("archive", "checked_claims"), ("documents", "documents")])
def test_local_hits_are_ranked_and_chance_hits_left_out(kind: str, collection: str, offline: HttpClient) -> None:
    near = stored("Varnholm handled 4.1 million passengers in 2019, says the port authority.")
    far = stored("The minister of fisheries spoke about a ferry.", title="Minutes")
    shelf = Shelf([far, near])
    result = connector(kind, {}).search(QUERY, SourceContext(http=offline, search=shelf))
    assert result.outcome == "ok"
    assert [item.text for item in result.items] == [near.text]
    assert result.items[0].rank == 1
    assert shelf.asked[0][:2] == (collection, CLAIM)


@pytest.mark.parametrize("kind", ["archive", "documents"])
def test_local_search_without_hits_is_empty(kind: str, offline: HttpClient) -> None:
    result = connector(kind, {}).search(QUERY, SourceContext(http=offline, search=Shelf()))
    assert result.outcome == "empty"


def test_a_document_stored_whole_is_quoted_at_its_best_stretch(offline: HttpClient) -> None:
    filler = "\n\n".join(f"Paragraph {number} is about something else entirely." for number in range(60))
    shelf = Shelf([stored(f"{filler}\n\n{CLAIM}")])
    result = connector("documents", {}).search(QUERY, SourceContext(http=offline, search=shelf))
    assert (result.items[0].text, result.items[0].locator) == (CLAIM, "page 2, paragraph 61")


# --- "Test connection" -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        ("wikipedia", wiki, "Wikipedia answered (MediaWiki 1.46.0-wmf.3); a test search found"),
        ("feed", RSS, '"Grey Sound Courier" has 2 items, the latest being "Port of Varnholm counts its passengers".'),
        ("feed", feed("feed.json", "application/json"), '"Sound Data" has 2 items'),
    ],
)
def test_a_probe_says_what_came_back(kind: str, answer: Answer, said: str) -> None:
    with serving(answer) as server, context_of(server) as context:
        where = {"base_url": server.url} if kind == "wikipedia" else {"url": f"{server.url}/feed"}
        assert said in connector(kind, where).probe(context)


@pytest.mark.parametrize("kind", ["archive", "documents"])
def test_a_probe_of_local_search_says_whether_anything_is_there(kind: str, offline: HttpClient) -> None:
    source = connector(kind, {})
    assert "yet" in source.probe(SourceContext(http=offline, search=Shelf()))
    assert "Report" in source.probe(SourceContext(http=offline, search=Shelf([stored("x")])))
