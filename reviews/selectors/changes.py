"""What everybody may follow: published verdicts as rows, and the feed of everything that became of them.

The feed is the outbox itself. Its numbers are given out while the end of the audit trail is locked, so they
stand in the order of the commits (docs/adr/0006); who has read up to a number has missed nothing before it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import Max

from factcheck.core.errors import Invalid
from factcheck.core.reading import rows
from reviews.choices import PUBLIC_EVENTS
from reviews.models import WebhookEvent
from reviews.selectors.published import PUBLIC, absolute
from reviews.workflow import PublicationState

if TYPE_CHECKING:
    from collections.abc import Mapping


# --- the feed ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Changes:
    """One part of the feed, oldest first; `since` is what to ask for next, `more` whether there is some already."""

    results: list[dict[str, Any]]
    since: int
    more: bool


def changes_after(since: int, *, limit: int) -> Changes:
    """What became of published verdicts after change number `since`, at most `limit` of it; one or two queries.

    Raises Invalid (changes.ahead) for a number that was never given out: who holds it has read another desk,
    or this one before it was restored, and must begin anew.
    """
    events = WebhookEvent.objects.filter(kind__in=PUBLIC_EVENTS, pk__gt=since).order_by("pk")
    read = list(events.values_list("pk", "body")[: limit + 1])
    if not read and since:
        newest = WebhookEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0
        if since > newest:
            raise Invalid("changes.ahead", since=since, newest=newest)
    shown = read[:limit]
    results = [{"sequence": pk, **json.loads(body)} for pk, body in shown]
    return Changes(results, shown[-1][0] if shown else since, more=len(read) > limit)


def changes_newest() -> int:
    """The number of the newest change, 0 before the first."""
    newest: int | None = WebhookEvent.objects.filter(kind__in=PUBLIC_EVENTS).aggregate(newest=Max("pk"))["newest"]
    return newest or 0


# --- verdicts as lines ---------------------------------------------------------------------------------
_LINES: Final = """
SELECT publication.id, publication.slug, publication.line
  FROM reviews_publication publication
  JOIN reviews_verdict verdict ON verdict.id = publication.verdict_id
  JOIN reviews_verdictlabel label ON label.id = verdict.label_id
 WHERE {where}
 ORDER BY publication.id {order} LIMIT %s
"""
_ALL_LINES: Final = """
SELECT publication.id, publication.slug, publication.line
  FROM reviews_publication publication
 WHERE {where}
 ORDER BY publication.id {order} LIMIT %s
"""
_CONDITIONS: Final = {
    # What was retracted is not found by the label it had.
    "label": f"label.key = %s AND publication.state = '{PublicationState.LIVE.value}'",
    "speaker": "verdict.speaker = %s",
    "language": "COALESCE(NULLIF(verdict.language, ''), 'en') = %s",
    "changed_after": "publication.last_published_at > %s",
    "state": "publication.state = %s",
    "tag": """EXISTS (SELECT 1 FROM reviews_publication_tags filed JOIN reviews_tag tag ON tag.id = filed.tag_id
               WHERE filed.publication_id = publication.id AND tag.slug = %s)""",
    "desk": """EXISTS (SELECT 1 FROM articles_claim claim JOIN articles_article article
                 ON article.id = claim.article_id JOIN articles_desk desk ON desk.id = article.desk_id
               WHERE claim.id = publication.claim_id AND desk.slug = %s)""",
}


@dataclass(frozen=True, slots=True)
class Lines:
    """Part of the list of verdicts, newest first, each a JSON object as text; whether there is more either way."""

    lines: list[str]
    first: int
    last: int
    newer: bool
    older: bool


def verdict_lines(
    wanted: Mapping[str, Any], *, place: int | None, backwards: bool, limit: int, slugs: list[str] | None = None
) -> Lines:
    """Published and retracted verdicts that fit, from `place` (a key that is not in it); one query.

    The lines are made with each version (`line_of`), so this is the one place where the desk's hottest list
    is put together, and it is put together as text.
    """
    where, values = _where(wanted, slugs)
    if place is not None:
        where.append("publication.id > %s" if backwards else "publication.id < %s")
        values.append(place)
    sql = (_LINES if wanted else _ALL_LINES).format(where=" AND ".join(where), order="ASC" if backwards else "DESC")
    values.append(limit + 1)
    found = _narrowed(sql, values) if wanted or slugs is not None else rows(sql, values)
    beyond, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    # A slug has only letters, digits, - and _; an address begins like every other.
    address = json.dumps(absolute("/verdicts/"))[:-1]
    lines = [f'{{"url": {address}{slug}/", {str(line)[1:]}' for _, slug, line in found]
    first, last = (int(str(found[0][0])), int(str(found[-1][0]))) if found else (0, 0)
    newer = beyond if backwards else place is not None
    return Lines(lines, first, last, newer=newer, older=beyond or backwards)


def _narrowed(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _where(wanted: Mapping[str, Any], slugs: list[str] | None) -> tuple[list[str], list[Any]]:
    # Written out, not given as values, so that the partial index of the list is used.
    states = ", ".join(f"'{state.value}'" for state in PUBLIC)
    where, values = [f"publication.state IN ({states})"], list[Any]()
    for name, value in wanted.items():
        where.append(_CONDITIONS[name])
        values.append(connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value)
    if slugs is not None:
        where.append(f"publication.state = '{PublicationState.LIVE.value}'")
        where.append(f"publication.slug IN ({', '.join(['%s'] * len(slugs)) or 'NULL'})")
        values += slugs
    return where, values
