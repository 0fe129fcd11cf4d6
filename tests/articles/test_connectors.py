"""What every connector promises, asked of each against a real server that answers, lies, stalls and breaks off."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from articles.keeping.quotes import places_of
from articles.keeping.words import words_of
from articles.sources.base import ConnectorResult, EvidenceItem, EvidenceQuery, SourceContext
from articles.sources.cleaning import MOST_ITEMS, cleaned
from articles.sources.registry import connector
from factcheck.core.errors import FactcheckError, Permanent, Transient
from factcheck.core.http import HttpClient, Limits
from tests.servers import Asked, Reply, hanging, json_reply, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = "k-3f9a-secret"
QUERY = EvidenceQuery(
    "Vell unemployment 2025", "unemployment Vell", claim="Unemployment in Vell rose to 4.1 percent in 2025.",
    claimed_on=date(2025, 6, 1),
)  # fmt: skip
WORDS = "Unemployment in Vell rose to 4.6 percent in 2025, the office says."


@dataclass(frozen=True)
class Case:
    """A connector with a server's good and empty document; `keyed` where the settings hold a key."""

    kind: str
    good: Any
    empty: Any
    keyed: bool = False
    also: Callable[[Asked], Any] | None = None
    query: EvidenceQuery = QUERY

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url} | ({"key": KEY} if self.keyed else {})

    def document(self, asked: Asked, of: Any) -> Any:
        other = self.also(asked) if self.also else None
        return of if other is None else other


def countries(asked: Asked) -> Any:
    """The World Bank's list of countries is asked for beside the figures."""
    if not asked.path.endswith("/country"):
        return None
    return [{"page": 1}, [{"iso2Code": "VL", "name": "Vell"}, {"iso2Code": "OS", "name": "Ostrel, Rep."}]]


def figure(year: str, value: float | None) -> dict[str, Any]:
    return {
        "indicator": {"id": "SL.UEM.TOTL.ZS", "value": "Unemployment, total (% of total labor force)"},
        "country": {"id": "VL", "value": "Vell"}, "date": year, "value": value, "unit": "",
    }  # fmt: skip


CASES = [
    Case(
        "crossref",
        {"message": {"items": [{
            "DOI": "10.5555/VELL.1", "title": ["Unemployment in <i>Vell</i>"],
            "abstract": f"<jats:p>{WORDS}</jats:p>",
            "issued": {"date-parts": [[2025, 11]]}, "container-title": ["Journal of Vell"],
            "update-to": [{"type": "retraction"}],
        }]}},
        {"message": {"items": []}},
    ),
    Case(
        "openalex",
        {"results": [{
            "id": "https://openalex.org/W7", "doi": "https://doi.org/10.5555/vell", "display_name": "Jobs in Vell",
            "publication_year": 2025, "is_retracted": False,
            "abstract_inverted_index": {word: [at] for at, word in enumerate(WORDS.split())},
        }]},
        {"results": []},
        keyed=True,
    ),
    Case(
        "brave",
        {"web": {"results": [{
            "url": "https://stat.example/vell", "title": "Labour force survey",
            "description": WORDS.replace("4.6", "<strong>4.6</strong>"), "page_age": "2025-09-30T08:00:00",
        }]}},
        {"type": "search"},
        keyed=True,
    ),
    Case(
        "mediacloud",
        {"stories": [{"id": "abc", "title": WORDS, "url": "https://wire.example/a", "publish_date": "2025-06-29"}]},
        {"stories": [], "pagination_token": None},
        keyed=True,
    ),
    Case(
        "searxng",
        {"results": [{"url": "https://stat.example/vell", "title": "Survey", "content": WORDS, "parsed_url": []}]},
        {"results": [], "unresponsive_engines": []},
    ),
    Case(
        "gdelt",
        {"articles": [{
            "url": "https://wire.example/a", "title": WORDS, "seendate": "20250929T101500Z", "domain": "wire.example",
        }]},
        {},
    ),
    Case(
        "factchecktools",
        {"claims": [
            {"text": WORDS, "claimReview": [{
                "publisher": {"site": "desk.example"}, "url": "https://desk.example/r/1", "textualRating": "False",
                "reviewDate": "2025-09-30T00:00:00Z",
            }]},
            {"claimReview": [{"url": "ftp://desk.example/odd"}]},
        ]},
        {},
        keyed=True,
    ),
    Case(
        "wikidata",
        {"search": [{"id": "Q9", "label": "Vell", "description": "country where unemployment rose"}, {"id": "Q8"}]},
        {"search": [], "success": 1},
    ),
    Case(
        "worldbank",
        [{"page": 1, "lastupdated": "2026-07-01"}, [figure("2025", 4.6), figure("2024", 4.25), figure("2023", None)]],
        [{"page": 0, "lastupdated": None}, None],
        also=countries,
    ),
    Case(
        "eurostat",
        {
            "version": "2.0", "class": "dataset", "label": "Unemployment by sex and age",
            "updated": "2026-09-30T11:00:00+0200",
            "id": ["unit", "geo", "time"], "size": [1, 2, 2], "value": {"0": 7.1, "2": 4.25, "3": 4.6},
            "status": {"3": "p"},
            "dimension": {
                "unit": {"category": {"index": {"PC_ACT": 0}, "label": {"PC_ACT": "Percentage of the labour force"}}},
                "geo": {"category": {
                    "index": {"OS": 0, "VL": 1}, "label": {"OS": "Ostrel", "VL": "Vell (without Ostrel)"},
                }},
                "time": {"category": {"index": {"2025-07": 0, "2025-08": 1}}},
            },
        },
        {"id": ["geo", "time"], "size": [1, 1], "value": {}, "dimension": {}},
    ),
    Case(
        "wayback",
        {"archived_snapshots": {"closest": {
            "status": "200", "available": True, "timestamp": "20250602101500",
            "url": "http://web.archive.org/web/20250602101500/https://stat.example/vell",
        }}},
        {"archived_snapshots": {}},
        query=EvidenceQuery("Vell", claim="See https://stat.example/vell.", claimed_on=date(2025, 6, 1)),
    ),
]  # fmt: skip
each_case = pytest.mark.parametrize("case", CASES, ids=[case.kind for case in CASES])


@contextmanager
def context(server: Any, **limits: float) -> Iterator[SourceContext]:
    with HttpClient(
        version="1",
        contact="https://desk.example",
        allow_hosts=server.allow,
        limits=Limits(**limits),  # type: ignore[arg-type]
    ) as client:
        yield SourceContext(http=client, search=lambda *_a, **_k: [])


def replying(case: Case, document: Any) -> Callable[[Asked], Reply]:
    return lambda asked: json_reply(json.dumps(case.document(asked, document)).encode())


def searched(case: Case, answer: Callable[[Asked], Reply]) -> Any:
    with serving(answer) as server, context(server) as given:
        return connector(case.kind, case.settings(server.url)).search(case.query, given)


@each_case
def test_what_is_found_is_plain_dated_and_named_the_same_each_time(case: Case):
    first, second = (searched(case, replying(case, case.good)) for _ in range(2))
    assert first.outcome == "ok"
    assert [item.external_id for item in first.items] == [item.external_id for item in second.items]
    for item in first.items:
        assert item.text
        assert item.title
        assert item.locator
        assert "<" not in item.text + item.title
        assert item.url.startswith("https://")
        assert item.published_at is None or item.published_at.tzinfo is not None


@each_case
def test_nothing_found_is_not_a_failure(case: Case):
    assert searched(case, replying(case, case.empty)).outcome == "empty"


@each_case
def test_a_key_is_sent_and_never_told(case: Case):
    if not case.keyed:
        return
    with serving(replying(case, case.good)) as server, context(server) as given:
        found = connector(case.kind, case.settings(server.url)).search(case.query, given)
        sent = str([(asked.params, asked.headers) for asked in server.asked])
    assert KEY in sent
    assert KEY not in repr(found)


@each_case
def test_who_asks_us_to_wait_is_told_apart_from_who_has_nothing(case: Case):
    with pytest.raises(Transient) as caught:
        searched(case, lambda _asked: json_reply(b"{}", status=429, Retry_After="90"))
    assert caught.value.code == "http.throttled"
    assert caught.value.retry_at is not None


@each_case
@pytest.mark.parametrize("status", [500, 503])
def test_a_broken_server_may_be_asked_again(case: Case, status: int):
    with pytest.raises(Transient):
        searched(case, lambda _asked: json_reply(b"{}", status=status))


@each_case
def test_a_refused_key_is_said(case: Case):
    with pytest.raises(Permanent, match="403"):
        searched(case, lambda _asked: json_reply(b"{}", status=403))


@each_case
def test_a_server_that_says_nothing_is_not_waited_for(case: Case):
    with hanging() as server, context(server, read=0.2, total=0.5) as given:
        asked = connector(case.kind, case.settings(server.url))
        with pytest.raises(Transient, match="did not answer"):
            asked.search(case.query, given)


@each_case
def test_an_answer_that_breaks_off_is_no_answer(case: Case):
    whole = json.dumps(case.good).encode()
    with pytest.raises(FactcheckError):
        searched(case, lambda _asked: json_reply(whole[: len(whole) // 2]))


def shaken(value: Any, into: Any) -> Any:
    """The document with every value at its leaves replaced."""
    if isinstance(value, dict):
        return {name: shaken(inner, into) for name, inner in value.items()}
    if isinstance(value, list):
        return [shaken(inner, into) for inner in value]
    return into


LIES: list[Any] = [
    None,
    True,
    -1,
    10**400,
    "",
    "\x00",
    "\ud800",
    "<script>x</script>",
    [],
    {},
    [[1]],
    {"a": {"b": 1}},
]


@each_case
@pytest.mark.parametrize("lie", LIES, ids=[repr(lie)[:20] for lie in LIES])
def test_lies_are_refused_or_passed_over_but_never_break_anything(case: Case, lie: Any):
    """Any leaf, any list and the document itself may be of another kind than promised."""
    documents = [lie, shaken(case.good, lie)]
    if isinstance(case.good, dict):
        documents += [case.good | dict.fromkeys(case.good, lie)]
    else:
        documents += [[case.good[0], lie], [lie, case.good[1]]]
    told: list[bytes] = [b""]
    with serving(lambda _asked: json_reply(told[0])) as server, context(server) as given:
        for document in documents:
            told[0] = json.dumps(document).encode()
            try:
                found = connector(case.kind, case.settings(server.url)).search(case.query, given)
            except FactcheckError:
                continue
            assert found.outcome in {"ok", "empty"}


@each_case
def test_the_test_of_a_connection_says_what_came_back(case: Case):
    with serving(replying(case, case.good)) as server, context(server) as given:
        said = connector(case.kind, case.settings(server.url)).probe(given)
    assert said.endswith(".")
    assert KEY not in said


@each_case
def test_an_address_that_is_none_is_refused(case: Case):
    with pytest.raises(FactcheckError, match="http://"):
        connector(case.kind, case.settings("file:///etc/passwd"))


def item(**values: Any) -> EvidenceItem:
    return EvidenceItem(**({"external_id": "1", "title": "T", "url": "", "text": "words", "kind": "web"} | values))


@pytest.mark.parametrize(
    ("given", "field", "kept"),
    [
        ({"text": "a\x00b\ud800c"}, "text", "abc"),
        ({"url": "javascript:alert(1)"}, "url", ""),
        ({"url": "https://[broken"}, "url", ""),
        ({"published_at": datetime(2026, 1, 1)}, "published_at", datetime(2026, 1, 1, tzinfo=UTC)),  # noqa: DTZ001
        ({"title": "\x00", "url": "https://wire.example/a"}, "title", "https://wire.example/a"),
        ({"locator": "x" * 900}, "locator", "x" * 200),
    ],
)
def test_what_is_stored_is_readable_whoever_wrote_the_connector(given: dict[str, Any], field: str, kept: object):
    (clean,) = cleaned(ConnectorResult("ok", (item(**given),))).items
    assert getattr(clean, field) == kept


def test_each_thing_is_stored_once_and_what_has_no_words_is_nothing_found():
    many = tuple(item(external_id=str(number % 40)) for number in range(100))
    assert len(cleaned(ConnectorResult("ok", many)).items) == MOST_ITEMS
    assert cleaned(ConnectorResult("ok", (item(text="\x00 "),))).outcome == "empty"


# --- what is peculiar to one ----------------------------------------------------------------------------
def case_of(kind: str) -> Case:
    return next(case for case in CASES if case.kind == kind)


def test_the_world_bank_sets_its_figure_beside_the_claimed_one():
    found = searched(case_of("worldbank"), replying(case_of("worldbank"), case_of("worldbank").good))
    first = found.items[0]
    assert first.text == "Vell: Unemployment, total (% of total labor force), 2025: 4.6."
    assert "(the claim says 4.1 percent)" in first.title
    assert "as of 1 July 2026" in first.locator
    assert [item.external_id for item in found.items] == ["SL.UEM.TOTL.ZS:VL:2025", "SL.UEM.TOTL.ZS:VL:2024"]


def test_eurostat_sets_its_figure_with_unit_period_and_vintage_beside_the_claimed_one():
    case = case_of("eurostat")
    first, second = searched(case, replying(case, case.good)).items
    assert first.text == (
        "Vell (without Ostrel): Unemployment by sex and age, Percentage of the labour force, 2025-08: 4.6."
    )
    assert "(the claim says 4.1 percent)" in first.title
    assert first.locator == "une_rt_m, Vell (without Ostrel), 2025-08, as of 30 September 2026, provisional"
    assert second.external_id == "une_rt_m:VL:2025-07"


def test_eurostat_is_asked_for_the_months_of_the_claim_and_the_one_before():
    case = case_of("eurostat")
    with serving(replying(case, case.good)) as server, context(server) as given:
        connector(case.kind, case.settings(server.url)).search(QUERY, given)
        asked = server.asked[0]
    assert asked.path == "/data/une_rt_m"
    assert (asked.params["sinceTimePeriod"], asked.params["untilTimePeriod"]) == ("2024-12", "2025-12")


@pytest.mark.parametrize("table", [{"size": [10**6, 10**6]}, {"size": [0, 2, 2]}, {"id": ["geo"]}, {"id": "geo"}])
def test_a_table_of_eurostat_that_cannot_be_is_refused(table: dict[str, Any]):
    case = case_of("eurostat")
    with pytest.raises(Permanent, match="table"):
        searched(case, replying(case, case.good | table))


@each_case
def test_the_words_of_what_is_found_stand_in_what_is_kept_of_it(case: Case):
    for item in searched(case, replying(case, case.good)).items:
        assert places_of(item.text, words_of(item.snapshot or item.text.encode(), item.snapshot_type))


def test_an_error_of_the_world_bank_in_a_good_status_is_an_error():
    document = [{"message": [{"id": "120", "key": "Invalid value", "value": "The parameter is not valid"}]}]
    with pytest.raises(Permanent, match="parameter is not valid"):
        searched(case_of("worldbank"), replying(case_of("worldbank"), document))


def test_gdelt_asking_for_patience_in_a_good_status_is_asking_for_patience():
    said = b"Please limit requests to one every 5 seconds or contact the operator for larger queries."
    with pytest.raises(Transient) as caught:
        searched(case_of("gdelt"), lambda _asked: Reply(said, headers={"Content-Type": "text/plain"}))
    assert caught.value.code == "http.throttled"


def test_gdelts_broken_escapes_are_read():
    body = json.dumps(case_of("gdelt").good).replace("the office", r"the \office").encode()
    assert searched(case_of("gdelt"), lambda _asked: json_reply(body)).outcome == "ok"


def test_silent_engines_are_not_nothing_found():
    document = {"results": [], "unresponsive_engines": [["brave", "Too many requests"]]}
    with pytest.raises(Transient, match="brave"):
        searched(case_of("searxng"), replying(case_of("searxng"), document))


def test_wikidata_is_asked_to_wait_in_a_good_status():
    with pytest.raises(Transient):
        searched(case_of("wikidata"), replying(case_of("wikidata"), {"error": {"code": "maxlag"}}))


def test_a_retracted_work_says_so():
    found = searched(case_of("crossref"), replying(case_of("crossref"), case_of("crossref").good))
    assert found.items[0].title == "Retracted: Unemployment in Vell"
