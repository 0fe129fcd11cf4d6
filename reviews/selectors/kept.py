"""Public pages that are drawn already, and what tells whether they still hold.

A page is a function of its publication (whose `version` rises with every act), of the evidence it cites (whose
`version` rises with every decision, so also when it is hidden), of the profile of the desk (whose `version` rises
when it is saved) and of the code that draws it. One statement
reads all of that together with what was kept; there is nothing that a writer could forget to throw away.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum
from django.http import Http404

from articles.choices import Visibility
from articles.models import Evidence
from reviews.choices import PUBLIC_EVENTS
from reviews.selectors.profile import profile
from reviews.selectors.published import PUBLIC

_KEPT: Final = """
SELECT publication.version,
       (SELECT SUM(evidence.version) FROM reviews_verdictevidence cited
          JOIN articles_evidence evidence ON evidence.id = cited.evidence_id
         WHERE cited.verdict_id = publication.verdict_id),
       (SELECT COUNT(*) FROM reviews_verdictevidence cited
          JOIN articles_evidence evidence ON evidence.id = cited.evidence_id
         WHERE cited.verdict_id = publication.verdict_id AND evidence.visibility = 'public'),
       (SELECT profile.version FROM reviews_profile profile),
       kept.drawn_from, kept.status, kept.etag, kept.headers, kept.body
  FROM reviews_publication publication
  LEFT JOIN reviews_keptpage kept ON kept.publication_id = publication.id AND kept.form = %s
 WHERE publication.slug = %s AND publication.state IN (%s, %s)
"""
_NEWEST: Final = f"""
SELECT uid FROM reviews_webhookevent WHERE kind IN ({", ".join(f"'{kind}'" for kind in PUBLIC_EVENTS)})
 ORDER BY id DESC LIMIT 1
"""  # noqa: S608 - names of our own, and written out so that the partial index of the feed is used


@dataclass(frozen=True, slots=True)
class Drawn:
    """One form of a public page as it is sent. `headers` is JSON."""

    status: int
    etag: str
    headers: str
    body: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is kept: what it would be drawn from now, and the page itself if it was drawn from that."""

    drawn_from: str
    drawn: Drawn | None


def page_kept(slug: str, form: str) -> Place:
    """The page of a slug in one form; one query. Raises Http404 for what is not public."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [form, slug, *(state.value for state in PUBLIC)])
        row = cursor.fetchone()
    if row is None:
        raise Http404(slug)
    *state, kept_from, status, etag, headers, body = row
    drawn_from = ".".join([*map(str, state), made_with()])
    return Place(drawn_from, Drawn(status, etag, headers, body) if kept_from == drawn_from else None)


def changes_tag() -> str:
    """An ETag for whatever depends on what is published and on nothing else; one query by an index.

    Every act on a public page writes an event in its own transaction, so the newest one names the state of all.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        row = cursor.fetchone()
    return f'"{row[0][4:20] if row else "none"}.{made_with()}"'


def everything_tag() -> str:
    """An ETag for what says everything, evidence and the desk's name too; three queries, each by an index."""
    hidden = Evidence.objects.exclude(visibility=Visibility.PUBLIC).aggregate(n=Count("pk"), of=Sum("version"))
    return f'W/{changes_tag()[:-1]}.{hidden["n"]}.{hidden["of"]}.{profile().version}"'


def made_with() -> str:
    """A fingerprint of the code, the templates and the settings that make public answers."""
    return _made_with(settings.DESK_NAME, settings.BASE_URL, settings.CONTACT)


@lru_cache(maxsize=8)
def _made_with(*known: str) -> str:
    root = settings.BASE_DIR
    packages = [one for name in ("articles", "factcheck", "reviews") for one in (root / name).rglob("*.py")]
    files = [*(root / "templates" / "public").glob("*.html"), *packages]
    digest = hashlib.sha256("\n".join(known).encode())
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
