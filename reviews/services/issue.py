"""What every act on a page that is to be public needs: the right, the lint, the version, the trail, the telling.

Only the services of publications import this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import F

from articles.choices import ArchiveOrigin
from articles.models import CheckedClaim
from articles.services.archive import checked_claim_save
from articles.services.wayback import verdict_page_copy
from factcheck.audit.services import record
from factcheck.core.errors import Invalid, WrongState
from reviews.choices import ChangeType, EventKind
from reviews.claimreview import ClaimReviewFacts, claim_review
from reviews.lint import Finding, blocking, lint
from reviews.models import Publication, PublicationVersion, Verdict
from reviews.policies import PUBLICATION_NEEDS
from reviews.selectors.page import line_of
from reviews.selectors.published import claim_review_facts, consulted, lint_page, publication_url
from reviews.services.delivery import event_emit
from reviews.services.toolspages import tools_page_want
from reviews.services.transition import require
from reviews.workflow import PUBLICATION, PublicationAction, PublicationState

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Issue:
    """One verdict ready to go out, and the ClaimReview it goes out with."""

    verdict: Verdict
    facts: ClaimReviewFacts
    document: dict[str, Any]


def allow(publication: Publication, action: PublicationAction, actor: User) -> None:
    """Raise NotAllowed without the right to `action`, WrongState where the table has no such move."""
    require(actor, PUBLICATION_NEEDS[action], f"{action.value} verdicts", publication)
    PUBLICATION.next_state(PublicationState(publication.state), action)


def issue(publication: Publication, verdict: Verdict, facts: ClaimReviewFacts) -> Issue:
    """The verdict as it would go out; raises Invalid (publication.lint) with every finding that blocks."""
    document = claim_review(facts)
    stopping = blocking(_findings(publication, verdict, document))
    if stopping:
        raise Invalid("publication.lint", detail=" ".join(f"{one.message} ({one.rule})" for one in stopping))
    return Issue(verdict, facts, document)


def _findings(publication: Publication, verdict: Verdict, document: dict[str, Any]) -> list[Finding]:
    others = CheckedClaim.objects.filter(url=document["url"], withdrawn=False).exclude(identity=document["@id"])
    return lint(document, lint_page(publication, verdict, others))


def findings(publication: Publication, at: datetime) -> list[Finding]:
    """What the lint rules say of the verdict that is next to go out, warnings too."""
    facts = claim_review_facts(publication=publication, verdict=publication.verdict, published_at=at)
    return _findings(publication, publication.verdict, claim_review(facts))


def version_add(
    publication: Publication, made: Issue, change: ChangeType, at: datetime, actor: User, note: str = ""
) -> PublicationVersion:
    """The next version of the page, as it is sent out, and the line of the lists with it."""
    version = PublicationVersion.objects.create(
        publication=publication,
        number=publication.versions.count() + 1,
        change=change,
        note=note,
        verdict=made.verdict,
        claimreview={} if change == ChangeType.RETRACTION else made.document,
        published_at=at,
        published_by=actor,
        consulted=consulted(publication.claim),
    )
    Publication.objects.filter(pk=publication.pk).update(line=line_of(publication, version))
    verdict_page_copy(
        occasion=f"verdict:{publication.slug}:{version.number}",
        url=f"{settings.BASE_URL}{publication.get_absolute_url()}",
        desk_id=publication.claim.article.desk_id,
    )
    return version


def remember(made: Issue, at: datetime, *, withdrawn: bool = False) -> None:
    """Put the verdict into the desk's own memory of checked claims, or take it out."""
    facts = made.facts
    checked_claim_save(
        identity=made.document["@id"],
        claim=facts.claim,
        claimant=", ".join(one.name for one in facts.claimants)[:300],
        rating=facts.label,
        rating_value=facts.value,
        best=facts.best if facts.value is not None else None,
        worst=facts.worst if facts.value is not None else None,
        summary=facts.explanation,
        url=facts.url,
        publisher=facts.publisher.name,
        reviewed_on=at.date(),
        language=facts.language,
        origin=ArchiveOrigin.OWN,
        raw=made.document,
        withdrawn=withdrawn,
        of_claim=made.verdict.review.claim,
    )


def tell(kind: EventKind, version: PublicationVersion) -> None:
    """Thin on purpose: who wants to know more reads the page, whose newest version is always right."""
    publication = version.publication
    data = {
        "claim_id": publication.claim_id, "slug": publication.slug, "url": publication_url(publication),
        "revision": version.number, "change": str(version.change),
    }  # fmt: skip
    if kind != EventKind.RETRACTED:  # what was taken back is not said again
        data["verdict"] = version.verdict.label.key
    event_emit(kind=kind, claim=publication.claim, at=version.published_at, data=data)
    tools_page_want(version=version)


def move(
    publication: Publication, action: PublicationAction, *, changes: dict[str, Any], seen_version: int | None = None
) -> None:
    """Compare-and-set on state and version; raises WrongState (workflow.wrong_state, workflow.changed)."""
    old = PublicationState(publication.state)
    new = PUBLICATION.next_state(old, action)
    seen = publication.version if seen_version is None else seen_version
    moved = Publication.objects.filter(pk=publication.pk, state=old, version=seen).update(
        state=new, version=F("version") + 1, **changes
    )
    if moved != 1:
        raise WrongState("workflow.changed")
    publication.refresh_from_db()


def trace(
    publication: Publication, action: PublicationAction, actor: User | None, old: str, *,
    after: dict[str, Any] | None = None, note: str = "", implied: bool = False,
) -> None:  # fmt: skip
    """The audit event of a move; call it in the same transaction."""
    record(
        f"publication.{action}", publication, actor=actor, before={"state": old},
        after={"state": publication.state, **(after or {})}, note=note, implied=implied,
    )  # fmt: skip
