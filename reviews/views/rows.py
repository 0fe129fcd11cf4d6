"""The rows of the queue in words, made here once each and not looked up value by value in the template."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext

from reviews.templatetags.desk import age, due_in, icon, is_late

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.utils.safestring import SafeString

    from reviews.selectors.queue_rows import Person, Prefill, QueueRow
    from reviews.selectors.twins import Twin

LOW: Final = 50  # a priority below it is drawn quietly


@dataclass(frozen=True, slots=True)
class Line:
    """A claim of the queue as it is drawn. `act` is empty where the person has nothing to do."""

    key: str
    select: str
    priority: str
    low: bool
    why: str
    page: str
    act: str
    article: str
    statement: str
    quote: str
    speaker: str
    title: str
    state: SafeString
    prefill: SafeString
    who: SafeString
    due: SafeString
    since: str
    twin: Twin | None


def lines_of(rows: Iterable[QueueRow]) -> list[Line]:
    # One look at the table of addresses for all of them.
    at = {name: reverse(f"reviews:{name}", args=[0]).rsplit("0", 1) for name in ("claim", "act", "article")}
    return [_line(row, at) for row in rows]


def _line(row: QueueRow, at: Mapping[str, Sequence[str]]) -> Line:
    key = str(row.pk)
    return Line(
        key=key,
        select=gettext("Select claim %(number)s") % {"number": row.number},
        priority=str(row.priority),
        low=row.priority < LOW,
        why=row.why,
        page=key.join(at["claim"]),
        act=key.join(at["act"]) if row.needs_me else "",
        article=f"{str(row.article).join(at['article'])}?claim={key}",
        statement=row.statement,
        quote=row.quote,
        speaker=row.speaker,
        title=row.article_title,
        state=_state(row.state.line, row.state.icon, str(row.state.word)),
        prefill=_prefill(row.prefill),
        who=_who(row.assignee),
        due=_due(row),
        since=gettext("for %(asked_by)s") % {"asked_by": row.asked_by} if row.asked_by else age(row.created_at),
        twin=row.twin,
    )


@lru_cache(maxsize=256)
def _state(line: str, name: str, word: str) -> SafeString:
    return format_html('<span class="state" data-state="{}">{}{}</span>', line, icon(name), word)


def _prefill(prefill: Prefill) -> SafeString:
    if not prefill.total:
        return format_html("{}", gettext("not asked yet"))
    told = gettext("%(ok)s of %(total)s") % {"ok": prefill.ok, "total": prefill.total}
    return _steps(tuple(prefill.steps), str(prefill.words), told)


_ASKED: Final = '<span class="steps" role="img" aria-label="{}">{}</span> <span aria-hidden="true">{}</span>'


@lru_cache(maxsize=1024)
def _steps(steps: tuple[str, ...], words: str, told: str) -> SafeString:
    bars = format_html_join("", "<i{}></i>", ((format_html(' class="{}"', step) if step else "",) for step in steps))
    return format_html(
        '<span class="steps" role="img" aria-label="{}">{}</span> <span aria-hidden="true">{}</span>',
        words,
        bars,
        told,
    )


def _who(person: Person | None) -> SafeString:
    if person is None:
        return format_html('<span class="av none" role="img" aria-label="{}"></span>', gettext("Nobody yet"))
    return format_html(
        '<span class="av{}" role="img" aria-label="{}" title="{}">{}</span>',
        " you" if person.is_you else "",
        f"{person.name} {gettext('(you)')}" if person.is_you else person.name,
        person.name,
        person.initials,
    )


_LATE: Final = '<span class="state" data-state="late">{}{}</span>'
_NONE: Final = '<span class="muted">{}</span>'


def _due(row: QueueRow) -> SafeString:
    if row.due_at is None:
        return format_html(_NONE, gettext("no deadline"))
    if is_late(row.due_at):
        return format_html(_LATE, icon("late"), due_in(row.due_at))
    return format_html("{}", due_in(row.due_at))
