"""The versions of a published page: one of them, the one of a moment, what changed in it, and all corrections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import Http404
from django.utils.translation import gettext as _

from articles.anchoring.wording import Part, parts
from reviews.models import PublicationVersion
from reviews.models.publication import CORRECTED
from reviews.selectors.published import PUBLIC, appearances, public_evidence
from reviews.workflow import PublicationState

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from reviews.models import Publication, Verdict

# A word-by-word comparison takes the square of the length; two rationales beyond this are shown whole.
_COMPARED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Change:
    """One part of the page that reads otherwise than before."""

    name: str
    parts: list[Part]


def version_of(publication: Publication, number: int) -> PublicationVersion:
    """Version `number` of a page that `publications_public` read; raises Http404 where there is none."""
    found = next((one for one in publication.versions.all() if one.number == number), None)
    if found is None:
        raise Http404(_("version %(number)s") % {"number": number})
    return found


def version_at(publication: Publication, at: datetime) -> PublicationVersion:
    """What the page said at a moment; its first version for a moment before it was out."""
    versions = list(publication.versions.all())  # newest first
    return next((one for one in versions if one.published_at <= at), versions[-1])


def versions_shown(publication: Publication) -> list[PublicationVersion]:
    """The versions readers can still open, oldest first: of a retracted page the notice only."""
    versions = list(publication.versions.all())
    return versions[:1] if publication.state == PublicationState.RETRACTED else versions[::-1]


def changes_of(publication: Publication, number: int) -> list[Change]:
    """What version `number` says otherwise than the one before it, word by word; raises Http404 for the first."""
    old, new = version_of(publication, number - 1).verdict, version_of(publication, number).verdict
    before, after = (_words(verdict) for verdict in (old, new)) if old.pk != new.pk else ({}, {})
    return [Change(name, _compared(before[name], after[name])) for name in before if before[name] != after[name]]


def _words(verdict: Verdict) -> dict[str, str]:
    """What readers see of a verdict, by the name of the part. Evidence that is not public is not in it."""
    cited = [f"{one.stance_name}: {one.title}. {one.passage}" for one in public_evidence(verdict) if one.shown]
    return {
        _("Claim"): verdict.statement,
        _("Speaker"): verdict.speaker,
        _("Verdict"): verdict.label.name,
        _("Quote"): verdict.get_quote_check_display() if verdict.quote_check else "",
        _("Picture or recording"): _media(verdict),
        _("Where it appeared"): "\n".join(one.url for one in appearances(verdict)),
        _("Why"): verdict.summary,
        _("What we found"): verdict.rationale,
        _("What we could not establish"): verdict.gaps,
        _("Evidence"): "\n".join(cited),
    }


def _media(verdict: Verdict) -> str:
    if not verdict.media_check:
        return ""
    return f"{verdict.get_media_check_display()}. {verdict.media_context} {verdict.media_original}".strip()


def _compared(old: str, new: str) -> list[Part]:
    if len(old) + len(new) > _COMPARED:
        return [Part("old", old), Part("new", new)]
    return parts(old, new)


def corrections() -> QuerySet[PublicationVersion]:
    """Every change readers were told of, newest first; two queries a page however long the list."""
    return (
        PublicationVersion.objects.filter(change__in=CORRECTED, publication__state__in=PUBLIC)
        .select_related("publication", "verdict__label")
        .order_by("-published_at", "-pk")
    )
