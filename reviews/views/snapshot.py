"""What was kept behind evidence. A stranger's page is shown as words or handed out as a file; it never runs here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from articles.keeping.quotes import fragment
from articles.keeping.warc import warc
from articles.models import Evidence
from articles.selectors.kept import Shown, evidence_kept, kept_for
from factcheck.core.errors import NotFound
from reviews import access
from reviews.views.base import DeskRequest, desk_page, page

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http.response import HttpResponseBase

SANDBOX: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"
_SUFFIXES: Final = {
    "text/html": ".html",
    "application/pdf": ".pdf",
    "application/json": ".json",
    "text/plain": ".txt",
}


@require_GET
@desk_page
def snapshot(request: DeskRequest, pk: int) -> HttpResponse:
    """The kept words with the quotation marked, and how to get at the rest."""
    evidence = access.evidence(request.user, pk)
    shown = _shown(evidence)
    context = {
        "evidence": evidence, "shown": shown, "page": evidence.page, "article": evidence.claim.article,
        "there": fragment(evidence.url, evidence.passage),
    }  # fmt: skip
    return page(request, "reviews/snapshot.html", context)


@require_GET
@desk_page
def raw(request: DeskRequest, pk: int) -> HttpResponse:
    """The bytes as they came, as plain text in a sandbox."""
    kept = _shown(access.evidence(request.user, pk)).snapshot
    words = bytes(kept.content).decode("utf-8", errors="replace")
    return _boxed(HttpResponse(words, content_type="text/plain; charset=utf-8"))


@require_GET
@desk_page
def file(request: DeskRequest, pk: int) -> HttpResponse:
    """The bytes as they came, as a file; no browser shows it, whatever is in it."""
    kept = _shown(access.evidence(request.user, pk)).snapshot
    name = kept.sha256[:12] + _SUFFIXES.get(kept.content_type.partition(";")[0].strip().lower(), ".bin")
    response = _boxed(HttpResponse(bytes(kept.content), content_type="application/octet-stream"))
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@desk_page
def claim_warc(request: DeskRequest, pk: int) -> HttpResponseBase:
    """What was kept behind the evidence of a claim, as a WARC file."""
    claim = access.claim(request.user, pk)
    return _warc(claim.evidence.all(), f"claim-{claim.pk}", f"Evidence of claim {claim.pk}: {claim.statement[:200]}")


@require_GET
@desk_page
def article_warc(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The same of every claim of an article; it goes with the backup file."""
    article = access.article(request.user, pk)
    rows = Evidence.objects.filter(claim__article=article)
    return _warc(rows, f"article-{article.pk}", f"Evidence of article {article.pk}: {article.title[:200]}")


def _warc(evidence: QuerySet[Evidence], name: str, title: str) -> HttpResponseBase:
    software = f"Factcheck/{settings.VERSION}"
    pieces = warc(evidence_kept(evidence), title=" ".join(title.split()), software=software)
    response = StreamingHttpResponse(pieces, content_type="application/warc")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.warc.gz") or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _shown(evidence: Evidence) -> Shown:
    found = kept_for(evidence)
    if found is None:
        raise NotFound("not_found", what="snapshot")
    return found


def _boxed(response: HttpResponse) -> HttpResponse:
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return response
