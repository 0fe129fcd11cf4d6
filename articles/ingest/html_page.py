"""A page weighed: how much running text each element holds, and which element is the story.

Nothing here knows a site. Names of elements are hints that the weights overrule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from articles.ingest.html_lines import HEADINGS, Line, words_key
from articles.ingest.html_roles import largest_share, names_of

if TYPE_CHECKING:
    from collections.abc import Iterable

# A child with this much of its parent's running text is the story; the rest beside it is not.
DESCEND_SHARE: Final = 0.85
MIN_STORY_SHARE: Final = 0.05  # a smaller article element is a teaser
LINE_TAGS: Final = frozenset({"p", "li", "tr", *HEADINGS})


@dataclass(frozen=True, slots=True)
class Known:
    """What the page says about itself elsewhere; empty where it is silent.

    `titles` are all headlines it gives, `body` the text in its JSON-LD. `is_live` says that the story is a
    row of small ones, so that several article elements are no several stories; `is_whole` that there is nothing
    but the story.
    """

    titles: tuple[str, ...] = ()
    description: str = ""
    body: str = ""
    is_live: bool = False
    is_whole: bool = False

    @property
    def title_keys(self) -> set[str]:
        return {words_key(title) for title in self.titles} - {""}


@dataclass(slots=True)
class Page:
    """The lines below `body`; `weights` count characters of running text outside of furniture."""

    body: Any
    lines: list[Line]
    weights: dict[Any, int] = field(default_factory=dict)
    total: int = 1
    _furniture: dict[Any, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # First with everything, so that it can be told what is furniture; then without the furniture.
        self._weigh(self.lines)
        self._weigh([line for line in self.lines if not self.is_furniture(line.element)])

    def _weigh(self, lines: Iterable[Line]) -> None:
        self.weights = {}
        for line in lines:
            if line.is_prose and line.element.tag != "figcaption":
                self._add(line)
        self.total = max(1, self.weights.get(self.body, 0))

    def _add(self, line: Line) -> None:
        at = line.element
        while at is not None:
            self.weights[at] = self.weights.get(at, 0) + len(line.text)
            at = at.getparent()

    def is_furniture(self, element: Any) -> bool:
        """Whether the element, or one around it, is no part of any story: navigation, comments, promotion."""
        path = []
        at = element
        while at is not None and at is not self.body and at not in self._furniture:
            path.append(at)
            at = at.getparent()
        inside = self._furniture.get(at, False)
        for step in reversed(path):
            inside = inside or self.weights.get(step, 0) < largest_share(step) * self.total
            self._furniture[step] = inside
        return inside


def main_element(page: Page, known: Known) -> Any:
    """The element that holds the story; of several stories on one page the one that the title names."""
    main = _densest(page, page.body)
    stories = [] if known.is_live else _stories(page, main)
    if len(stories) < 2:
        return main
    titled = (story for story in stories if _has_title(story, known))
    return _densest(page, next(titled, stories[0]))


def _stories(page: Page, main: Any) -> list[Any]:
    """Several articles one below the other, as on pages that never end; the outermost ones."""
    found = [article for article in main.iter("article") if _is_story(page, article) and article is not main]
    inner = {article for outer in found for article in outer.iterdescendants("article")}
    return [article for article in found if article not in inner]


def _is_story(page: Page, element: Any) -> bool:
    return page.weights.get(element, 0) > MIN_STORY_SHARE * page.total


def _has_title(story: Any, known: Known) -> bool:
    return any(words_key(heading.text_content()) in known.title_keys for heading in story.iter(*HEADINGS))


def _densest(page: Page, start: Any) -> Any:
    """Follow the text down, until it is spread over several children or over parts of one name."""
    at = start
    while (child := _only_heavy_child(page, at)) is not None:
        at = child
    return at


def _only_heavy_child(page: Page, parent: Any) -> Any | None:
    heavy = [child for child in parent if page.weights.get(child)]
    if not heavy:
        return None
    heaviest = max(heavy, key=lambda child: page.weights[child])
    too_light = page.weights[heaviest] < DESCEND_SHARE * page.weights[parent]
    return None if too_light or heaviest.tag in LINE_TAGS or _has_twin(heaviest, heavy) else heaviest


def _has_twin(heaviest: Any, heavy: list[Any]) -> bool:
    """Whether the text was cut into parts, to put advertisements between them."""
    name = names_of(heaviest)
    return bool(name) and heaviest.tag != "article" and sum(names_of(child) == name for child in heavy) > 1
