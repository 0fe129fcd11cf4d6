"""What a page says about itself: JSON-LD first, then its meta elements."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any, Final

from articles.ingest.lines import clean_line
from articles.ingest.names import is_pure_name, split_names
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
DESCRIPTIONS: Final = ("og:description", "description", "twitter:description")
TAG: Final = re.compile(r"<[^<>]*>")
BLOCK_END: Final = re.compile(r"</(?:p|div|li|h[1-6]|blockquote)>|<br\s*/?>", re.IGNORECASE)
BY: Final = re.compile(r"^by\s+", re.IGNORECASE)
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
    canonical: str = ""
    description: str = ""
    body: str = ""
    is_live: bool = False
    titles: tuple[str, ...] = ()


def read_meta(tree: Any) -> PageMeta:  # lxml's element has no type of its own here
    """Everything in the head of a page parsed by lxml."""
    article = _article_node(tree)
    meta = _meta_properties(tree)
    site = clean_line(_name_of(article.get("publisher")) or _first(meta, SITES))
    titles = _titles(tree, article, meta, site)
    return PageMeta(
        title=choose_title(titles),
        authors=_authors(article, meta) or _named_authors(tree),
        published_at=_moment(article.get("datePublished"), meta, PUBLISHED) or _time_element(tree),
        modified_at=_moment(article.get("dateModified"), meta, MODIFIED),
        language=_language(tree, article, meta),
        publisher="" if site.startswith("http") else site,
        canonical=_canonical(tree, meta),
        description=clean_line(unescape(_text(article.get("description")) or _first(meta, DESCRIPTIONS))),
        body=_plain(_text(article.get("articleBody"))),
        is_live="LiveBlogPosting" in _types(article),
        titles=tuple(filter(None, (titles.linked, titles.shared, titles.seen, titles.other))),
    )


@dataclass(frozen=True, slots=True)
class Titles:
    """What a page calls its story: in JSON-LD, when it is shared, in its h1, elsewhere in JSON-LD.

    `tail_copied` says that the JSON-LD headline was made from the title element, site's name and all, which is
    written for search engines.
    """

    linked: str = ""
    shared: str = ""
    seen: str = ""
    other: str = ""
    bar: str = ""
    tail_copied: bool = False
    is_live: bool = False

    @property
    def is_named_after_seen(self) -> bool:
        """Whether the title element begins with the h1, and not with the headline of the JSON-LD."""
        return self.bar.startswith(self.seen) and not self.bar.startswith(self.linked)


def choose_title(titles: Titles) -> str:
    """The headline. JSON-LD is right mostly; the h1 is, where another voice of the page is with it.

    The h1 of a live story changes by the minute, the title for sharing does not.
    """
    if titles.is_live and titles.shared:
        return titles.shared
    if not titles.linked:
        return titles.seen or titles.shared
    seconded = titles.seen and titles.seen in {titles.shared, titles.other}
    if titles.seen and (
        titles.is_named_after_seen or (seconded and (titles.tail_copied or titles.seen == titles.other))
    ):
        return titles.seen
    return titles.linked


def _titles(tree: Any, article: dict[str, Any], meta: dict[str, list[str]], site: str) -> Titles:
    name = clean_line(unescape(_text(article.get("name"))))
    linked = clean_line(unescape(_text(article.get("headline"))))
    return Titles(
        linked=without_site(linked, site),
        shared=without_site(clean_line(unescape(_first(meta, TITLES))), site) or _title_element(tree, site),
        seen=_seen_title(tree),
        other=name or clean_line(unescape(_text(article.get("alternativeHeadline")))),
        bar=_title_element(tree, ""),
        tail_copied=name != linked and name == _title_element(tree, ""),
        is_live="LiveBlogPosting" in _types(article),
    )


def _title_element(tree: Any, site: str) -> str:
    """The title element; the part behind the last separator goes where it is the site's name."""
    return without_site(clean_line(tree.findtext(".//head/title") or tree.findtext(".//title") or ""), site)


def _seen_title(tree: Any) -> str:
    """The only h1 with the length of a headline, which is what readers see."""
    headings = [clean_line(heading.text_content()) for heading in tree.iter("h1")]
    seen = {heading for heading in headings if MIN_TITLE <= len(heading) <= MAX_TITLE}
    return seen.pop() if len(seen) == 1 else ""


def _plain(body: str) -> str:
    """The text of articleBody, which some write as HTML; paragraphs are lines."""
    if "<p" not in body and "</" not in body:
        return unescape(body)
    return unescape(TAG.sub("", BLOCK_END.sub("\n", body)))


def _canonical(tree: Any, meta: dict[str, list[str]]) -> str:
    links = (link for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical")
    return next((link.get("href", "").strip() for link in links), "") or _first(meta, ("og:url",))


def _named_authors(tree: Any) -> tuple[str, ...]:
    """Authors that only elements of the page name: rel=author, itemprop=author, or a byline that says "By"."""
    found = (
        clean_line(element.text_content()) for element in tree.iter("a", "span", "p", "div") if _names_author(element)
    )
    names = [name for entry in found if len(entry) <= MAX_NAME for name in split_names(BY.sub("", entry))]
    return tuple(dict.fromkeys(name for name in names if _is_name(name) and is_pure_name(name)))


def _names_author(element: Any) -> bool:
    if element.get("rel") == "author" or element.get("itemprop") == "author":
        return True
    return "byline" in (element.get("class") or "").lower() and bool(BY.match(element.text_content().strip()))


def _time_element(tree: Any) -> datetime | None:
    """The first time element that holds a whole time."""
    moments = (read_iso(element.get("datetime") or "") for element in tree.iter("time"))
    return next((moment for moment in moments if moment), None)


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
    return any(ARTICLE_TYPES.search(name) for name in _types(node))


def _types(node: dict[str, Any]) -> list[str]:
    types = node.get("@type")
    return [name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]


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
    names = [name for entry in listed for name in split_names(BY.sub("", entry))]
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
