"""Wikipedia, or any other MediaWiki: full-text search, then the passages of the pages that touch the claim.

Action API as documented at https://www.mediawiki.org/wiki/API:Main_page with `formatversion=2`; requests one
after another and `maxlag=5`, as https://www.mediawiki.org/wiki/API:Etiquette asks. Errors come in HTTP 200.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlencode, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.sources.base import ConnectorResult, EvidenceItem
from articles.sources.choosing import best_items, best_passages, fingerprint
from articles.sources.markup import one_line
from articles.sources.passages import Passage, cut_passages
from factcheck.core.errors import Permanent, Transient
from factcheck.core.http import redact_url, retry_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.sources.base import EvidenceQuery, SourceContext
    from factcheck.core.http import Response

LICENCE: Final = "CC BY-SA 4.0"
LEAST_SHARED: Final = 0.2
PASSAGES_A_PAGE: Final = 2
_LONGEST_QUERY: Final = 300
_LANGUAGE: Final = re.compile(r"^[a-z]{2,3}(?:-[a-z]{2,8})*$")
_WAIT_AND_COME_BACK: Final = frozenset({"ratelimited", "maxlag", "readonly"})
_COMMON: Final[dict[str, str | int]] = {"action": "query", "format": "json", "formatversion": 2, "maxlag": 5}


@dataclass(frozen=True, slots=True)
class WikipediaSettings:
    """Which wiki is asked, in which language, and how many of its pages are read."""

    language: str = field(
        default="",
        metadata={
            "label": gettext_lazy("Language"),
            "help": gettext_lazy("A code such as en. Empty means the language of the article."),
        },
    )
    base_url: str = field(
        default="https://{lang}.wikipedia.org",
        metadata={"label": gettext_lazy("Address"), "help": gettext_lazy("{lang} stands for the language code.")},
    )
    pages: int = field(
        default=2,
        metadata={
            "label": gettext_lazy("Pages to read"),
            "help": gettext_lazy("For one claim, 1 to 5. Each is one request more."),
        },
    )

    def __post_init__(self) -> None:
        if self.language and not _LANGUAGE.match(self.language):
            raise ValueError(f"{self.language!r} is not a language code")
        if urlsplit(self.base_url.replace("{lang}", "en")).scheme not in {"http", "https"}:
            raise ValueError("the address must begin with http:// or https://")
        if not 1 <= self.pages <= 5:
            raise ValueError("pages must be 1 to 5")


@dataclass(frozen=True, slots=True)
class _Page:
    """One page as read: `text` has its headings as `== lines ==`."""

    page_id: int
    title: str
    revision: int
    changed_at: datetime | None
    text: str
    answer: bytes


class WikipediaConnector:
    """Strict words first, loose words if they find nothing; disambiguation pages are passed over."""

    name: ClassVar[str] = "wikipedia"
    label: ClassVar[str] = "Wikipedia"
    homepage: ClassVar[str] = "https://www.wikipedia.org/"
    Settings: ClassVar[type] = WikipediaSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, WikipediaSettings)
        self.settings = settings

    def search(self, query: EvidenceQuery, context: SourceContext) -> ConnectorResult:
        wiki = _Wiki(self._base(query.language), self._language(query.language), context)
        found: list[dict[str, Any]] = []
        for words in filter(None, (query.text, query.loose)):
            found = wiki.hits(words, query.limit)
            if found:
                break
        items: list[EvidenceItem] = []
        for page in wiki.readable(found, self.settings.pages):
            items.extend(wiki.items_of(page, query))
        asked = redact_url(f"{wiki.api}?{urlencode({**_COMMON, 'list': 'search', 'srsearch': query.text})}")
        best = best_items(query, items, least=LEAST_SHARED)
        return ConnectorResult("ok" if best else "empty", best, request_url=asked)

    def probe(self, context: SourceContext) -> str:
        wiki = _Wiki(self._base("en"), self._language("en"), context)
        site = wiki.ask(meta="siteinfo", siprop="general|statistics").get("general", {})
        name, version = str(site.get("sitename", "")), str(site.get("generator", ""))
        found = wiki.hits("unemployment", 1)
        hit = (
            (_('a test search found "%(one_line)s"') % {"one_line": one_line(str(found[0]["title"]))})
            if found
            else _("a test search found nothing")
        )
        return _("%(name)s answered%(value)s; %(hit)s.") % {
            "name": name or "The wiki",
            "value": f" ({version})" if version else "",
            "hit": hit,
        }

    def _language(self, of_article: str) -> str:
        wished = self.settings.language or of_article.lower().partition("-")[0]
        return wished if _LANGUAGE.match(wished) else "en"

    def _base(self, of_article: str) -> str:
        return self.settings.base_url.replace("{lang}", self._language(of_article)).rstrip("/")


@dataclass(frozen=True, slots=True)
class _Wiki:
    base: str
    language: str
    context: SourceContext

    @property
    def api(self) -> str:
        return f"{self.base}/w/api.php"

    def ask(self, **params: str | int) -> dict[str, Any]:
        return _query_of(self._get(params))

    def _get(self, params: dict[str, str | int]) -> Response:
        return self.context.http.get(self.api, params={**_COMMON, **params}, accept=("application/json",))

    def hits(self, words: str, limit: int) -> list[dict[str, Any]]:
        """Search results, best first, each with "title", "pageid", "snippet", "timestamp"."""
        wanted = words if len(words) <= _LONGEST_QUERY else words[:_LONGEST_QUERY].rpartition(" ")[0]
        answer = self.ask(list="search", srsearch=wanted, srlimit=limit, srprop="snippet|timestamp|wordcount")
        hits = answer.get("search", [])
        if not isinstance(hits, list) or not all(isinstance(hit, dict) and hit.get("title") for hit in hits):
            raise Permanent("source.bad_answer", host=_host(self.base), detail="the list of results is not one")
        return hits

    def readable(self, hits: list[dict[str, Any]], most: int) -> Iterator[_Page]:
        """The first pages that have a text of their own."""
        read = 0
        for hit in hits:
            page = self._page(hit)
            if page is not None:
                read += 1
                yield page
            if read == most:
                return

    def _page(self, hit: dict[str, Any]) -> _Page | None:
        response = self._get(
            {
                "prop": "extracts|revisions|info|pageprops",
                "titles": str(hit["title"]),
                "explaintext": 1,
                "exsectionformat": "wiki",
                "redirects": 1,
                "rvprop": "ids|timestamp",
                "inprop": "url",
                "ppprop": "disambiguation",
            }
        )
        pages = _query_of(response).get("pages")
        if not isinstance(pages, list) or not pages or not isinstance(pages[0], dict):
            return self._excerpt(hit, response.content)
        return self._read(pages[0], hit, response.content)

    def _read(self, page: dict[str, Any], hit: dict[str, Any], answer: bytes) -> _Page | None:
        if page.get("missing") or "disambiguation" in page.get("pageprops", {}):
            return None
        text = str(page.get("extract") or "")
        if not text.strip():
            return self._excerpt(hit, answer)
        revision = (page.get("revisions") or [{}])[0]
        return _Page(
            page_id=int(page.get("pageid", 0)),
            title=one_line(str(page.get("title", hit["title"]))),
            revision=int(revision.get("revid") or page.get("lastrevid") or 0),
            changed_at=_time(revision.get("timestamp")),
            text=text,
            answer=answer,
        )

    def _excerpt(self, hit: dict[str, Any], answer: bytes) -> _Page | None:
        """A wiki without the extracts extension still shows the lines that matched."""
        text = one_line(str(hit.get("snippet", "")))
        title = one_line(str(hit["title"]))
        return _Page(int(hit.get("pageid", 0)), title, 0, _time(hit.get("timestamp")), text, answer) if text else None

    def items_of(self, page: _Page, query: EvidenceQuery) -> list[EvidenceItem]:
        passages = cut_passages(page.text, by_line=True)
        best = best_passages(query, passages, most=PASSAGES_A_PAGE, least=LEAST_SHARED)
        return [self._item(page, passage) for passage in best]

    def _item(self, page: _Page, passage: Passage) -> EvidenceItem:
        which = {"oldid": page.revision} if page.revision else {"curid": page.page_id}
        return EvidenceItem(
            external_id=f"{_host(self.base)}:{page.page_id}#{fingerprint(passage.text)}",
            title=page.title,
            url=f"{self.base}/w/index.php?{urlencode(which)}",
            text=passage.text,
            kind="encyclopedia",
            locator=passage.locator if page.revision else "search excerpt",
            publisher="Wikipedia" if "wikipedia" in _host(self.base) else _host(self.base),
            published_at=page.changed_at,
            language=self.language,
            licence=LICENCE,
            snapshot=page.answer,
            snapshot_type="application/json",
        )


def _query_of(response: Response) -> dict[str, Any]:
    """The "query" of an answer; an error in it becomes the exception that HTTP should have made of it."""
    host = _host(response.url)
    try:
        answer = json.loads(response.content)
    except ValueError as error:
        raise Permanent("source.bad_answer", host=host, detail="it is not JSON") from error
    if not isinstance(answer, dict):
        raise Permanent("source.bad_answer", host=host, detail="it is not an object")
    if "error" in answer:
        _refuse(answer["error"], response, host)
    query = answer.get("query", {})
    return query if isinstance(query, dict) else {}


def _refuse(error: object, response: Response, host: str) -> None:
    code = str(error.get("code", "")) if isinstance(error, dict) else ""
    if code in _WAIT_AND_COME_BACK:
        raise Transient("http.throttled", retry_at=retry_after(response.headers, now=response.fetched_at), host=host)
    said = one_line(str(error.get("info", code) if isinstance(error, dict) else error))
    raise Permanent("source.bad_answer", host=host, detail=said[:200])


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _time(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except ValueError:
        return None
