"""The text of an article with what lies over it, and the strip of its claims, as HTML.

A text of three hundred claims is two thousand small elements. As templates they cost a quarter of a second a page,
here a fortieth: words that repeat are translated once, and everything else is escaped by `_e`.
"""

from __future__ import annotations

from html import escape as _e
from typing import TYPE_CHECKING, Any, Final

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from reviews.templatetags.desk import icon

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviews.selectors.desk import ArticleDesk
    from reviews.spans import Piece

register: Final = template.Library()
_CURRENT: Final = ' aria-current="true"'
_STALE: Final = ' data-top="stale"'
_NO_FACT: Final = ' class="nofact"'
_FRAMES: Final = {
    "headline": ('<h2 class="headline" dir="auto">', "</h2>"),
    "heading": ('<h3 class="heading" dir="auto">', "</h3>"),
    "caption": ('<p class="caption" dir="auto">', "</p>"),
}
_PARAGRAPH: Final = ('<p dir="auto">', "</p>")


@register.simple_tag(takes_context=True)
def claim_strip(context: Mapping[str, Any]) -> SafeString:
    """The links of the strip, a claim each; htmx fills the card from the same address that a browser opens."""
    desk: ArticleDesk = context["desk"]
    page, name = reverse("reviews:article", args=[desk.article.pk]), gettext("Claim %(number)s, %(word)s")
    drawn = []
    for mark in desk.strip:
        word = mark.state.word.lower()
        said = _e(name % {"number": mark.number, "word": word})
        drawn.append(
            f'<li><a href="{page}?claim={mark.pk}" data-claim="{mark.number}" data-state="{mark.state.line}"'
            f"{_CURRENT if mark.current else ''}{' data-needs-me' if mark.needs_me else ''}"
            f' aria-label="{said}" title="{mark.number} {_e(word)}">'
            f"{icon(mark.state.icon)}</a></li>"
        )
    return mark_safe("".join(drawn))  # noqa: S308  (numbers of ours, and words that went through _e)


@register.simple_tag(takes_context=True)
def drawn_text(context: Mapping[str, Any]) -> SafeString:
    """Every block of the text, its words cut at the borders of claims, with ticks and number buttons."""
    desk: ArticleDesk = context["desk"]
    by_line = desk.standing is not None and desk.standing.line_by_line and "edit_claims" in context["rights"]
    pen = Pen(reverse("reviews:sentence", args=[desk.article.pk]) if by_line else "")
    caption = f'<span class="kind">{_e(gettext("Caption, split from the text"))}</span>'
    drawn = []
    for block in desk.blocks:
        opening, closing = _FRAMES.get(block.kind, _PARAGRAPH)
        kind = caption if block.kind == "caption" else ""
        words = "".join(map(pen.piece, block.pieces))
        drawn.append(f'<div class="block">{opening}{kind}{words}{closing}</div>\n')
    return mark_safe("".join(drawn))  # noqa: S308  (made by Pen, which escapes)


class Pen:
    """Draws pieces in the page's language. `mark_at` takes the ticks where a text is gone through by line."""

    def __init__(self, mark_at: str) -> None:
        self.mark_at = _e(mark_at)
        self.claim = gettext("Claim %(number)s, %(word)s")
        self.sentence = gettext("Sentence %(number)s: %(word)s")
        self.no_fact = gettext("Sentence %(number)s: no fact here")
        self.looked_at = gettext("Sentence %(number)s: no fact here. Take the mark away")
        self.unmarked = gettext("Sentence %(number)s: not looked at. Mark: no fact here")
        self.short = {True: _e(gettext("not looked at")), False: _e(gettext("no fact here"))}

    def piece(self, piece: Piece) -> str:
        if piece.kind == "words":
            return _words(piece)
        if piece.kind == "tick":
            return self._tick(piece)
        return self._ref(piece) if piece.kind == "ref" else _note(piece)

    def _tick(self, piece: Piece) -> str:
        if piece.claim is not None and piece.state is not None:
            word = piece.state.word.lower()
            name = _e(self.sentence % {"number": piece.number, "word": word})
            return (
                f'<a class="tick" href="?claim={piece.claim.pk}" tabindex="-1" data-claim="{piece.claim.number}"'
                f' data-state="{piece.state.line}" aria-label="{name}" title="{_e(word)}">'
                f"{icon(piece.state.icon)}</a>"
            )
        if self.mark_at:
            return self._to_mark(piece)
        name = _e(self.no_fact % {"number": piece.number})
        return (
            f'<span class="tick" role="img" data-state="draft" aria-label="{name}" title="{self.short[False]}">'
            f"{icon('minus')}</span>"
        )

    def _to_mark(self, piece: Piece) -> str:
        """A sentence without a claim, where each must be looked at."""
        (start, end), open_ = piece.span, piece.unmarked
        name = _e((self.unmarked if open_ else self.looked_at) % {"number": piece.number})
        return (
            f'<button type="submit" form="sentence-form" hx-post="{self.mark_at}" hx-include="#sentence-form"'
            f' hx-target="#sheet" name="sentence" value="{start}-{end}-{0 if open_ else 1}" class="tick"'
            f' id="tick-{start}" data-state="{"open" if open_ else "draft"}"{" data-unmarked" if open_ else ""}'
            f' aria-label="{name}" title="{self.short[open_]}">{icon("circle" if open_ else "minus")}</button>'
        )

    def _ref(self, piece: Piece) -> str:
        claim = piece.claim
        assert claim is not None  # a number button belongs to a claim
        name = _e(self.claim % {"number": claim.number, "word": claim.state.word.lower()})
        return (
            f'<a class="ref" href="?claim={claim.pk}" data-state="{claim.state.line}" data-claim="{claim.number}"'
            f'{_CURRENT if claim.current else ""} aria-label="{name}">{icon(claim.state.icon)}{claim.number}</a>'
        )


def _note(piece: Piece) -> str:
    note = piece.note
    assert note is not None
    name = ngettext("%(many)s note on these words", "%(many)s notes on these words", note.count)
    said = _e(name % {"many": note.count})
    return f'<a class="ref note-ref" href="#text-note-{note.pk}" aria-label="{said}">{icon("chat")}{note.count}</a>'


def _words(piece: Piece) -> str:
    if not piece.claims:
        return f'<span data-at="{piece.at}"{_NO_FACT if piece.no_fact else ""}>{_e(piece.text)}</span>'
    lanes = "".join(f' data-l{n}="{lane}"' for n, lane in enumerate(piece.lanes, 1) if lane)
    return (
        f'<mark class="seg" data-at="{piece.at}"{lanes}{_STALE if piece.stale else ""}'
        f'{_CURRENT if piece.current else ""} data-claims="{piece.numbers}">{_e(piece.text)}</mark>'
    )
