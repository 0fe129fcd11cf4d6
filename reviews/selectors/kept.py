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
from django.db.models import Count, Sum
from django.http import Http404

from articles.choices import Visibility
from articles.models import Evidence
from factcheck.audit.models import SEEN_IN_LISTS
from factcheck.core.reading import rows
from factcheck.core.static import version
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
       kept.drawn_from, kept.status, kept.etag, kept.headers,
       CASE WHEN kept.status = 200 AND kept.etag = %s THEN NULL ELSE kept.body END
  FROM reviews_publication publication
  LEFT JOIN reviews_keptpage kept ON kept.publication_id = publication.id AND kept.form = %s
 WHERE publication.slug = %s AND publication.state IN (%s, %s)
"""
_KINDS: Final = ", ".join(f"'{kind}'" for kind in PUBLIC_EVENTS)
_ACTS: Final = ", ".join(f"'{act}'" for act in SEEN_IN_LISTS)
# Names of our own, and written out so that the partial indexes are used.
_NEWEST: Final = f"SELECT uid FROM reviews_webhookevent WHERE kind IN ({_KINDS}) ORDER BY id DESC LIMIT 1"  # noqa: S608
_ARCHIVE: Final = f"""
SELECT ({_NEWEST}),
       (SELECT sequence FROM audit_auditevent WHERE action IN ({_ACTS}) ORDER BY sequence DESC LIMIT 1),
       (SELECT profile.version FROM reviews_profile profile)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Drawn:
    """One form of a public page as it is sent. `headers` is JSON."""

    status: int
    etag: str
    headers: str
    body: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is kept: what it would be drawn from now, and the page itself if it was drawn from that.

    `unchanged`: the reader has it; its body was left where it is.
    """

    drawn_from: str
    drawn: Drawn | None
    unchanged: bool = False


def page_kept(slug: str, form: str, *, known: str = "") -> Place:
    """The page of a slug in one form; one query. Raises Http404 for what is not public.

    `known` is the one ETag the reader has: of a page that still carries it the body is not even read.
    """
    found = rows(_KEPT, [known, form, slug, *(state.value for state in PUBLIC)])
    if not found:
        raise Http404(slug)
    *state, kept_from, status, etag, headers, body = found[0]
    drawn_from = ".".join([*map(str, state), made_with()])
    if kept_from != drawn_from or status is None:
        return Place(drawn_from, None)
    return Place(drawn_from, Drawn(int(status), etag or "", headers or "", body or ""), unchanged=body is None)


def changes_tag() -> str:
    """An ETag for whatever depends on what is published and on nothing else; one query by an index.

    Every act on a public page writes an event in its own transaction, so the newest one names the state of all.
    """
    found = rows(_NEWEST)
    return f'"{str(found[0][0])[4:20] if found else "none"}.{made_with()}"'


def archive_tag(address: str) -> str:
    """A weak ETag of a list or feed of verdicts at this address; one query, by indexes.

    Such lists depend on what is published, on subjects, labels and desks, and on the desk's name; whoever changes
    one of them writes an event, a line of the trail or a version in the same transaction.
    """
    state = ".".join([*map(str, rows(_ARCHIVE)[0]), made_with(), address])
    return f'W/"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'


def everything_tag() -> str:
    """An ETag for what says everything, evidence and the desk's name too; three queries, each by an index."""
    hidden = Evidence.objects.exclude(visibility=Visibility.PUBLIC).aggregate(n=Count("pk"), of=Sum("version"))
    return f'W/{changes_tag()[:-1]}.{hidden["n"]}.{hidden["of"]}.{profile().version}"'


def made_with() -> str:
    """A fingerprint of the code, templates, translations, static files and settings that make public answers."""
    return _made_with(settings.DESK_NAME, settings.BASE_URL, settings.CONTACT, settings.LANGUAGE_CODE, version())


@lru_cache(maxsize=8)
def _made_with(*known: str) -> str:
    root = settings.BASE_DIR
    packages = [one for name in ("articles", "factcheck", "reviews") for one in (root / name).rglob("*.py")]
    translated = (root / "locale").rglob("*.mo")
    files = [*(root / "templates" / "public").glob("*.html"), *translated, *packages]
    digest = hashlib.sha256("\n".join(known).encode())
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
