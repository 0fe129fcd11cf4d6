"""What a page says about itself: JSON-LD first, then its meta elements."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any, Final

from articles.ingest.lines import clean_line
from articles.ingest.names import split_names
from articles.ingest.stamps import read_iso, read_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

ARTICLE_TYPES: Final = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting)$")
MAX_NODES: Final = 5_000  # a page that nests more than this is not describing an article
MAX_NAME: Final = 80
NO_NAME: Final = re.compile(r"://|@|[(){}<>]|image:|getty", re.IGNORECASE)
MIN_TITLE: Final = 15  # shorter ones name the site or a section
MAX_TITLE: Final = 300
TITLES: Final = ("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title")
PUBLISHED: Final = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "dc.date",
    "dc.date.issued", "pubdate", "publishdate", "publish-date", "parsely-pub-date", "sailthru.date",
)  # fmt: skip
MODIFIED: Final = ("article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified")
AUTHORS: Final = ("author", "article:author", "dc.creator", "byl", "parsely-author", "sailthru.author")
SITES: Final = ("og:site_name", "application-name", "article:publisher", "dc.publisher")


@dataclass(frozen=True, slots=True)
class PageMeta:
    """Empty where the page is silent. `authors` are names only, never addresses."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str = ""
    publisher: str = ""
    properties: dict[str, list[str]] = field(default_factory=dict)


def read_meta(tree: Any) -> PageMeta:  # lxml's element has no type of its own here
    """Everything in the head of a page parsed by lxml."""
    article = _article_node(tree)
    meta = _meta_properties(tree)
    site = clean_line(_name_of(article.get("publisher")) or _first(meta, SITES))
    return PageMeta(
        title=_title(tree, _text(article.get("headline")) or without_site(_first(meta, TITLES), site)),
        authors=_authors(article, meta),
        published_at=_moment(article.get("datePublished"), meta, PUBLISHED),
        modified_at=_moment(article.get("dateModified"), meta, MODIFIED),
        language=_language(tree, article, meta),
        publisher="" if site.startswith("http") else site,
        properties=meta,
    )


def _title(tree: Any, said: str) -> str:
    """The page's only h1, which is what readers see; else what it says to machines, often cut or unescaped."""
    headings = [clean_line(heading.text_content()) for heading in tree.iter("h1")]
    seen = [heading for heading in headings if MIN_TITLE <= len(heading) <= MAX_TITLE]
    return seen[0] if len(seen) == 1 else clean_line(unescape(said))


def without_site(title: str, site: str) -> str:
    """The title without " - Example News", where that is the site's name."""
    head, separator, tail = _rpartition(title)
    is_site = bool(site) and tail.casefold() in {site.casefold(), site.casefold().removeprefix("the ")}
    return head if separator and is_site else title


def linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """Every JSON-LD object of the page, nested ones too; a broken block does not hide the others."""
    for script in tree.iter("script"):
        if (script.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json":
            yield from _objects(_load(script.text or ""))


def _load(source: str) -> Any:
    try:
        return json.loads(source.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
    except (ValueError, RecursionError):
        return None  # pages often hold broken JSON-LD; the meta elements say the same


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    for _ in range(MAX_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            yield node
            waiting.extend(child for child in node.values() if isinstance(child, list | dict))


def _article_node(tree: Any) -> dict[str, Any]:
    """The article among the objects: one with a headline first."""
    found = [node for node in linked_data(tree) if _is_article(node)]
    with_headline = [node for node in found if _text(node.get("headline"))]
    return next(iter(with_headline or found), {})


def _is_article(node: dict[str, Any]) -> bool:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and ARTICLE_TYPES.search(name) for name in names)


def _meta_properties(tree: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = clean_line(element.get("content") or "")
        if name and content:
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _first(meta: dict[str, list[str]], names: Iterable[str]) -> str:
    return next((meta[name][0] for name in names if name in meta), "")


def _authors(article: dict[str, Any], meta: dict[str, list[str]]) -> tuple[str, ...]:
    listed = [clean_line(name) for name in _names_of(article.get("author"))]
    if not listed:
        listed = next((meta[name] for name in AUTHORS if any(map(_is_name, meta.get(name, [])))), [])
    names = [name for entry in listed for name in split_names(re.sub(r"^by\s+", "", entry, flags=re.I))]
    return tuple(dict.fromkeys(name for name in names if _is_name(name)))


def _is_name(value: str) -> bool:
    return 0 < len(value) <= MAX_NAME and not value.isdigit() and not NO_NAME.search(value)


def _names_of(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [name for name in map(_name_of, values) if name]


def _name_of(value: Any) -> str:
    """The name of a Person or Organization, given as an object or as bare text."""
    if isinstance(value, list):
        return next((name for name in map(_name_of, value) if name), "")
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return next((_text(item) for item in value if isinstance(item, str)), "")
    return value.strip() if isinstance(value, str) else ""


def _moment(value: Any, meta: dict[str, list[str]], names: tuple[str, ...]) -> datetime | None:
    written = [_text(value), *(content for name in names for content in meta.get(name, []))]
    moments = (read_iso(words) or read_moment(words) for words in written if words)
    return next((moment for moment in moments if moment), None)


def _language(tree: Any, article: dict[str, Any], meta: dict[str, list[str]]) -> str:
    """Two or three letters, from JSON-LD, the html element or og:locale."""
    said = _text(article.get("inLanguage")) or tree.get("lang") or _first(meta, ("og:locale", "content-language"))
    match = re.match(r"[a-z]{2,3}(?![a-z])", (said or "").strip().lower())
    return match.group() if match else ""


def _rpartition(title: str) -> tuple[str, str, str]:
    for separator in (" | ", " - ", " – ", " — ", " :: ", " • "):
        head, found, tail = title.rpartition(separator)
        if found:
            return head.strip(), found, tail.strip()
    return title, "", ""
