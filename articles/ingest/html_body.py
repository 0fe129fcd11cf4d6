"""Which lines of a page are its story: those of its main element, and the summary above it, less what is not."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from articles.ingest.boilerplate import boilerplate_reason
from articles.ingest.html_lines import HEADINGS, Line, kind_of, page_lines, words_key
from articles.ingest.html_page import Known, Page, main_element
from articles.ingest.html_roles import CAPTION, CREDIT, SUMMARY, names_of
from articles.ingest.lines import ends_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from articles.ingest.pieces import Reason

Role = Literal["", "summary", "caption", "credit"]

MAX_CREDIT: Final = 200
MAX_SECTION: Final = 60
MAX_TEASER: Final = 400  # characters of running text in a link to another story
MIN_TITLE: Final = 15
MIN_SUMMARY: Final = 25
MIN_SHARED: Final = 30
LONE_WORDS: Final = 40
LINKED_ITEM: Final = 0.3  # with more, the last items of a page are links elsewhere
BLOCKS: Final = frozenset({"p", "li", "blockquote", "pre", "dd", "dt", "tr", *HEADINGS})
MARKUP: Final = re.compile(
    r"<[a-z]+\s[^>]*=|\[/?[a-z_]+[^\]]*\]|\{\{|function\s*\(|window\.|var\s\w+\s?=", re.IGNORECASE
)
# A heading of these words opens links to other stories, up to the next heading or running text.
SECTION: Final = re.compile(
    r"(?:more (?:from|on|stories|great|news|like|in|about|coverage|articles|reading|to read|posts|(?-i:[A-Z]\w*))"
    r"|related|recommended|you (?:may|might)|read more|most (?:read|popular|viewed)|popular|trending|latest"
    r"|editor.?s.? picks?|don.t miss|also on|explore further|what to read|up next|further reading|current issue"
    r"|sign up|subscribe|newsletter|share this|comments?|leave a (?:reply|comment)"
    r"|join the (?:conversation|discussion))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A line on its way into the story; with a `reason` it is not part of it."""

    line: Line
    role: Role = ""
    reason: Reason = ""

    @property
    def is_heading(self) -> bool:
        return self.line.element.tag in HEADINGS


def story_lines(body: Any, known: Known) -> list[Found]:
    """The story below `body` in the order of the page, summary first; [] where there is no running text.

    Lines between the first and the last of the story that are no part of it come with their reason.
    """
    page = Page(body, page_lines(body))
    if known.is_whole:
        return [_judged(Found(line, _role(line, body)), is_page=False) for line in page.lines]
    if not page.weights:
        return []
    main = main_element(page, known)
    found = [_judged(item) for item in _candidates(page, main, known)]
    return _without_echoes(_trimmed(_without_teasers(found, _teasers(page, main))))


def _judged(item: Found, *, is_page: bool = True) -> Found:
    """With the reason why it is no story, if there is one; on a page lone words are a reason too."""
    if item.reason or item.role in {"caption", "credit"}:
        return item
    lone: Reason = "page furniture" if is_page and _is_lone(item.line) else ""
    return replace(item, reason=_noise(item.line) or lone)


def _candidates(page: Page, main: Any, known: Known) -> Iterator[Found]:
    """Lines of the main element behind the headline, after the summary that stands between the two."""
    inside = set(main.iter())
    at = [index for index, line in enumerate(page.lines) if line.element in inside]
    top = _headline_index(page.lines[: at[-1] + 1], known)
    if top is not None and top < at[0]:
        yield from _summary(page, page.lines[top + 1 : at[0]], main, known)
    for index in at:
        line = page.lines[index]
        if top is None or index > top:
            yield Found(line, _role(line, main), "page furniture" if page.is_furniture(line.element) else "")


def _headline_index(lines: list[Line], known: Known) -> int | None:
    """Where the headline stands; without one that the page names, where the first h1 does."""
    titles = known.title_keys
    headings = [(index, line) for index, line in enumerate(lines) if line.element.tag in HEADINGS]
    named = (index for index, line in headings if words_key(line.text) in titles)
    first = (index for index, line in headings if line.element.tag == "h1" and len(line.text) > MIN_TITLE)
    return next(named, next(first, None))


def _summary(page: Page, between: Iterable[Line], main: Any, known: Known) -> Iterator[Found]:
    for line in between:
        if page.is_furniture(line.element):
            continue
        role = _role(line, main)
        if role or _is_summary(line, known):
            yield Found(line, role or "summary")


def _is_summary(line: Line, known: Known) -> bool:
    if line.link_share > 0.4 or len(line.text) < MIN_SUMMARY or line.element.tag == "h1":
        return False
    if _is_description(line, known):
        return True
    parent = line.element.getparent()
    named = SUMMARY.search(f"{names_of(line.element)} {names_of(parent) if parent is not None else ''}")
    return bool(named) or line.is_prose or (line.element.tag in {"p", "li"} and ends_sentence(line.text))


def _is_description(line: Line, known: Known) -> bool:
    key, description = words_key(line.text), words_key(known.description)
    return min(len(key), len(description)) > MIN_SHARED and (key in description or description in key)


def _role(line: Line, main: Any) -> Role:
    for element in (line.element, *line.element.iterancestors()):
        if element is main:
            break
        names = names_of(element)
        if names and len(line.text) < MAX_CREDIT and CREDIT.search(names):
            return "credit"
        if element.tag in {"figcaption", "figure"} or (names and CAPTION.search(names)):
            return "caption"
    return ""


def _noise(line: Line) -> Reason:
    """Code, links, and what the desk leaves out of any text."""
    if MARKUP.match(line.text):
        return "script or code"
    if line.link_share >= 0.75 or (line.link_share > 0.5 and not ends_sentence(line.text)):
        return "navigation"
    return boilerplate_reason(line.text)


def _is_lone(line: Line) -> bool:
    if line.element.tag in BLOCKS or len(line.text) >= LONE_WORDS or ends_sentence(line.text):
        return False
    parent = line.element.getparent()
    return parent is None or parent.tag not in BLOCKS


def _teasers(page: Page, main: Any) -> set[Any]:
    """Elements that are a linked heading with a few words: another story."""
    headings = (line for line in page.lines if line.element.tag in HEADINGS and line.link_share >= 0.5)
    return {card for line in headings if (card := _card(page, line.element, main)) is not None}


def _card(page: Page, heading: Any, main: Any) -> Any | None:
    card = None
    for element in heading.iterancestors():
        if element is main or element is page.body or page.weights.get(element, 0) > MAX_TEASER:
            break
        card = element
    return card


def _without_teasers(found: list[Found], teasers: set[Any]) -> list[Found]:
    judged: list[Found] = []
    skipping = False
    for item in found:
        if item.is_heading or _is_bold(item.line):
            # A linked heading says nothing about where such a row of links ends.
            skipping = _opens_links(item.line) or (skipping and bool(item.reason))
        elif item.line.element.tag == "p" and item.line.is_prose and not item.reason:
            skipping = False
        is_teaser = skipping or any(element in teasers for element in item.line.element.iterancestors())
        judged.append(replace(item, reason=item.reason or "related story") if is_teaser else item)
    return judged


def _opens_links(line: Line) -> bool:
    return len(line.text) < MAX_SECTION and bool(SECTION.match(line.text))


def _is_bold(line: Line) -> bool:
    return line.element.tag == "p" and line.bold >= len(line.text)


def _trimmed(found: list[Found]) -> list[Found]:
    """Without odds and ends before the first and behind the last running text; pictures above it stay."""
    solid = [index for index, item in enumerate(found) if _is_solid(item)]
    if not solid:
        return found
    head = [
        item if item.role or item.reason else replace(item, reason="page furniture") for item in found[: solid[0]]
    ]
    tail = [replace(item, reason=item.reason or "page furniture") for item in found[solid[-1] + 1 :]]
    return [*head, *found[solid[0] : solid[-1] + 1], *tail]


def _is_solid(found: Found) -> bool:
    line = found.line
    if found.reason or found.role in {"caption", "credit"} or found.is_heading:
        return False
    if line.element.tag == "li" and line.link_share >= LINKED_ITEM:
        return False
    whole = line.element.tag in {"p", "li", "blockquote"} and ends_sentence(line.text)
    return whole or line.is_prose or line.element.tag == "tr"


def _without_echoes(found: list[Found]) -> list[Found]:
    """Without pull quotes: words in a quotation element that a paragraph holds as well."""
    prose = " | ".join(words_key(item.line.text) for item in found if not item.reason and not _is_quote(item))
    return [
        replace(item, reason="repeated quote")
        if not item.reason and _is_quote(item) and words_key(item.line.text) in prose
        else item
        for item in found
    ]


def _is_quote(item: Found) -> bool:
    return item.role == "" and kind_of(item.line) == "quote"
