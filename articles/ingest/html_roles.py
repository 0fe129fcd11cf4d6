"""What an element of a page is for, read off its tag, its class, its id and its ARIA role.

The words are those that content management systems use all over the web; none belongs to one site. They are
only hints: `html_body` overrules them where an element holds most of the page's text.
"""

from __future__ import annotations

import re
from typing import Any, Final

from articles.ingest.words import word_set

# These hold no text of a story, whatever they are called.
NEVER: Final = word_set(
    "script style template svg math button select textarea option iframe object embed canvas audio video map "
    "noscript head title link meta input datalist progress meter frameset applet",
)
FURNITURE_TAGS: Final = frozenset({"nav", "footer", "menu", "dialog", "form", "address"})
NEUTRAL: Final = word_set(
    "body main article blockquote table tbody tr td th",
)
FURNITURE_ROLES: Final = word_set(
    "navigation banner contentinfo complementary search dialog alert alertdialog toolbar menu menubar button "
    "tablist tooltip form doc-footnote",
)
EDGE: Final = r"(?:^|[\s_/:.]|-)"
END: Final = r"(?:$|[\s_/:.\d]|-)"
# Never part of the story, and often longer than it.
STRONG: Final = re.compile(
    r"comments?"
    + END
    + r"|disqus|replies|respond"
    + END
    + r"|related|recommend|most-?(?:read|popular|viewed)|trending"
    r"|newsletter|outbrain|taboola|cookie|consent|gdpr|side-?bar|" + EDGE + r"foot(?:er)?" + END + r"|breadcrumb"
    r"|more-?(?:stories|news|articles|from|on)" + END + r"|read-?(?:more|next|also)|see-?also|also-?read"
    r"|(?:next|previous|other|further|latest|similar|linked|suggested)-?(?:articles?|posts?|stor(?:y|ies)|news)|up-?next"
    r"|sponsor|advert|"
    + EDGE
    + r"(?:ads?|adbox|adslot|dfp|gpt|mpu|promos?|promoted-?(?:content|posts?|links?|stories))"
    + END
)
WEAK: Final = re.compile(
    r"share|sharing|social(?!-?(?:media-?)?(?:embed|post))|subscri|sign-?up|log-?in|regwall|masthead|tool-?bar|menu"
    + END
    + r"|"
    + EDGE
    + r"nav(?:bar|igation|s)?"
    + END
    + r"|pop-?up|modal|overlay|tool-?tip|drop-?down"
    r"|author-?(?:bio|info|box|card|description|profile|details|about)|about-?(?:the-?)?author|"
    + EDGE
    + r"bio"
    + END
    + r"|by-?line|contributors?"
    + END
    + r"|time-?stamp|date-?line|post-?(?:meta|info|date)|entry-?(?:meta|footer)"
    r"|(?:article|story)-?(?:meta|tags|footer|date)|published?-?(?:date|time|on|at)"
    r"|"
    + EDGE
    + r"(?:tags?|tag-?(?:list|links|cloud)|topics?|categor(?:y|ies)|keywords?|hashtags?)"
    + END
    + r"|teaser|carousel|player|pull-?quote|pullout|info-?box|fact-?box|call-?to-?action|"
    + EDGE
    + r"cta"
    + END
    + r"|donat|membership|support-?us|feedback|rating|poll"
    + END
    + r"|survey|print-?only|no-?print"
    r"|(?<!overflow-)hidden"
    + END
    + r"|d-none|invisible|sr-?only|screen-?reader|skip-?(?:to|link)|copyright|disclaimer|correction-?link"
    r"|widget|jp-relatedposts|reading-?time|read-?time|listen|a11y|assistive|toc" + END + r"|table-?of-?contents"
    r"|affiliate|product-?(?:card|box|buy)|buy-?(?:box|button|now)|price|coupon|in-?article-?(?:link|promo|video)"
)
CAPTION: Final = re.compile(r"caption|legend" + END)
CREDIT: Final = re.compile(r"credit|copyright|photographer|photo-?(?:by|source|author)|image-?source|attribution")
SUMMARY: Final = re.compile(
    EDGE
    + r"(?:dek|deck|stand-?first|sub-?(?:title|head(?:line|ing)?|deck)|summary|lede?|lead"
    + r"|intro(?:duction|text)?|excerpt|chapeau|sapo|teaser-?text|strapline|abstract)"
    + END
    + r"|(?:article|post|entry|story|content|header?)(?:__|-|_)?"
    + r"(?:dek|deck|lead|intro|subtitle|summary|excerpt|description)"
)
HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
MAX_NAMES: Final = 400
MAX_HYPHENS: Final = 6  # more make a slug: the words of a headline, not of a designer
CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def names_of(element: Any) -> str:
    """Class, id and what scripts call the element, in lower case, camelCase taken apart."""
    said = " ".join(filter(None, (element.get("class"), element.get("id"), element.get("data-component"))))[
        :MAX_NAMES
    ]
    if "-" in said:
        said = " ".join(name for name in said.split() if name.count("-") < MAX_HYPHENS)
    return CAMEL.sub("-", said).lower() if said else ""


def is_hidden(element: Any) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    return bool(HIDDEN_STYLE.search(element.get("style") or ""))


def is_never_text(element: Any) -> bool:
    """Comments and processing instructions have a function for a tag."""
    return not isinstance(element.tag, str) or element.tag in NEVER


def largest_share(element: Any) -> float:
    """How much of the page's text this element may hold and still count as no part of the story.

    0 for elements that look like story; a share above means that the name misleads, since no page is mostly
    links to other pages.
    """
    names = names_of(element)
    if element.tag in FURNITURE_TAGS or (element.get("role") or "") in FURNITURE_ROLES:
        return 0.5
    if names and STRONG.search(names):
        return 0.6
    if element.tag == "aside" or (element.tag != "p" and is_hidden(element)):
        return 0.3
    if element.tag in NEUTRAL:
        return 0.0
    return 0.15 if names and WEAK.search(names) else 0.0
