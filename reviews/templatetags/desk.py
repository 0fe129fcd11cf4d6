"""Small words and pictures of the desk's templates."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from reviews import keys as key_table
from reviews import triage
from reviews.citations import parts
from reviews.zones import zone_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise

register: Final = template.Library()
_STANCES: Final = {
    "supports": ("sup", gettext_lazy("Supports")),
    "refutes": ("ref", gettext_lazy("Refutes")),
    "context": ("ctx", gettext_lazy("Context")),
}


@register.simple_tag
def zone() -> str:
    """The name of the zone that times on this page are in."""
    return zone_name()


@register.simple_tag
@lru_cache(maxsize=128)
def icon(name: str) -> SafeString:
    """An icon of the sprite; the words beside it say what it means."""
    return format_html('<svg class="ic" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.filter
def with_citations(text: str, anchors: Mapping[int, str]) -> SafeString:
    """The text in lines, each number it cites a link to the place of that evidence on the page."""
    pieces: list[SafeString | str] = []
    for part in parts(text):
        if part.number is not None and part.number in anchors:
            pieces.append(format_html('<a class="cite" href="#{}">{}</a>', anchors[part.number], part.text))
        else:
            pieces.append(linebreaksbr(part.text, autoescape=True))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


# The part of the desk each page belongs to, by the name of its address.
_SECTIONS: Final = {
    "queue": "queue", "claim": "queue", "bulk": "queue", "articles": "articles", "article": "articles",
    "article-new": "articles", "changes": "articles", "sign-off": "articles", "backup": "articles",
    "submission": "articles", "submissions": "articles", "reviews": "reviews", "insights": "insights",
    "letters": "letters", "letter": "letters",
}  # fmt: skip


@register.simple_tag(takes_context=True)
def section_here(context: dict[str, Any]) -> str:
    """Which entry of the navigation this page is under; "" for none."""
    match = getattr(context.get("request"), "resolver_match", None)
    return _SECTIONS.get(match.url_name or "", "") if match else ""


@register.simple_tag
@lru_cache(maxsize=128)
def key(act: str) -> SafeString:
    """The mark of a key in its button."""
    parts = key_table.press(act).split("+")
    return format_html_join("", '<kbd aria-hidden="true">{}</kbd>', ((_glyph(part),) for part in parts))


def _glyph(part: str) -> str:
    return "⏎" if part == "Enter" else part


@register.simple_tag
def key_hints(page: str) -> list[key_table.Hint]:
    return key_table.hints(page)


@register.simple_tag
def key_groups() -> list[tuple[str, list[key_table.Key]]]:
    return key_table.groups()


@register.simple_tag
def key_json() -> dict[str, str]:
    return key_table.table_json()


@register.simple_tag
def pips(dots: Sequence[bool]) -> SafeString:
    """A verdict's place on its scale: as many dots as the axis has labels; a dashed line off the axis."""
    if not dots or not any(dots):
        drawn = mark_safe('<path d="M3 6h34" stroke-dasharray="3 3"/>')
        return format_html('<svg class="pips" viewBox="0 0 40 12" aria-hidden="true">{}</svg>', drawn)
    circles = format_html_join(
        "",
        '<circle cx="{}" cy="6" r="{}" fill="{}"/>',
        ((4 + 8 * n, "3.1" if on else "2.5", "currentColor" if on else "none") for n, on in enumerate(dots)),
    )
    return format_html('<svg class="pips" viewBox="0 0 {} 12" aria-hidden="true">{}</svg>', 8 * len(dots), circles)


@register.filter
def stance_icon(stance: str) -> str:
    return _STANCES.get(stance, ("dash", ""))[0]


@register.filter
def stance_word(stance: str) -> str:
    return str(_STANCES.get(stance, ("", gettext_lazy("Suggested")))[1])


@register.filter
def translated(words: str) -> str:
    """Words of ours that were stored in English, in the reader's language; anybody else's come back as they are."""
    return gettext(words) if words else ""


# Words of the four grades of a source, the least first.
_GRADES: Final = (gettext_lazy("Low"), gettext_lazy("Interested"), gettext_lazy("Medium"), gettext_lazy("High"))


@register.filter
def reliability(grade: int) -> SafeString:
    """How reliable a source is: four bars and a word."""
    bars = mark_safe('<i aria-hidden="true"><b></b><b></b><b></b><b></b></i>')
    return format_html('<span class="rel" data-n="{}">{}{}</span>', grade, bars, _GRADES[max(0, min(3, grade - 1))])


@register.filter
def moment(value: datetime | None) -> str:
    """A moment as the desk writes it: 20 Nov 2026, 09:12."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return date_format(local, "j M Y, H:i")


@register.filter
def clock(value: datetime | None) -> str:
    """The time of a moment of today, else its day: 09:12, or 19 Nov."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return date_format(local, "H:i" if local.date() == timezone.localdate() else "j M")


@register.filter
def age(value: datetime) -> str:
    """How old something is: 12 min old, 22 h old, 3 d old."""
    return _("%(span)s old") % {"span": _span(timezone.now() - value)}


@register.filter
def due_in(value: datetime) -> str:
    """How long is left: in 1 h 48; or how late it is: 26 min late."""
    left = value - timezone.now()
    if left < timedelta(0):
        return _("%(span)s late") % {"span": _span(-left)}
    return _("in %(span)s") % {"span": _span(left, fine=True)}


@register.filter
def is_late(value: datetime | None) -> bool:
    return value is not None and value < timezone.now()


_HOUR: Final = 60
_DAY: Final = 24 * _HOUR


def _span(length: timedelta, *, fine: bool = False) -> str:
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < _HOUR:
        return _("%(minutes)s min") % {"minutes": minutes}
    if minutes < _DAY:
        hours, rest = divmod(minutes, _HOUR)
        if fine and rest:
            return _("%(hours)s h %(minutes)s") % {"hours": hours, "minutes": f"{rest:02}"}
        return _("%(hours)s h") % {"hours": hours}
    return _("%(days)s d") % {"days": minutes // _DAY}


@register.filter
def up_to_999(count: int) -> str:
    return "999+" if count > 999 else str(count)


@register.filter
def up_to_99(count: int) -> str:
    return "99+" if count > 99 else str(count)


@register.filter
def signed(points: int) -> str:
    """Points with their sign, as in +12 and −5."""
    return f"{points:+d}".replace("-", "−")


@register.filter
def degrees(question: str) -> list[tuple[int, StrOrPromise]]:
    """What the answers 0 to 3 to a question of triage mean."""
    return list(enumerate(triage.REACH_WORDS if question == triage.REACH.key else triage.DEGREES))


@register.filter
def initials(name: str) -> str:
    letters = [part[0] for part in name.split() if part]
    return "".join([*letters[:1], *letters[1:][-1:]]).upper()


@register.filter
def short_hash(digest: str) -> str:
    """A fingerprint's first and last four characters."""
    return f"{digest[:4]}…{digest[-4:]}"


@register.filter
def web_address(url: str) -> str:
    """The address if a browser may follow it as a link, else "": what sources send could be `javascript:`."""
    return url if url.lower().startswith(("http://", "https://")) else ""


@register.filter
def words_of(text: str) -> list[str]:
    return text.split()


@register.filter
def item(values: Mapping[Any, Any], name: Any) -> Any:
    """A value by a name the template holds in a variable; empty if it is not there."""
    return values.get(name, "")


@register.filter
def came_from(request: HttpRequest) -> str:
    """The path of the page the form was on; a foreign or missing one becomes the queue."""
    came = urlsplit(request.headers.get("Referer", ""))
    own = came.netloc == request.get_host() and came.path.startswith("/") and not came.path.startswith("//")
    return f"{came.path}?{came.query}" if own else "/"


@register.filter
def without(query: str, name: str) -> str:
    """An address's query without one of its names."""
    return urlencode([(key, value) for key, value in parse_qsl(query) if key != name])
