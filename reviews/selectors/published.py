"""Reading what is published, and the facts that are published of a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.choices import AppearanceKind, EvidenceKind, Mode, RunState, Speech, Stance, Visibility
from articles.origins import Appearance, Claimant, appearances_of, claimants_of
from factcheck.core.language import as_programs_read
from reviews import lint
from reviews.choices import ChangeType, MediaCheck, QuoteCheck
from reviews.claimreview import Attribution, Citation, ClaimReviewFacts, Correction, MediaFinding, Publisher
from reviews.models import Publication, PublicationVersion, Verdict, VerdictEvidence, VerdictLabel
from reviews.selectors.profile import POLICIES, contact_mail, desk_name, profile
from reviews.workflow import PublicationState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from articles.models import CheckedClaim, Claim

# Every published page shows these; a draft and a withdrawn draft were never seen by anybody.
PUBLIC: Final = (PublicationState.LIVE, PublicationState.RETRACTED)
FEED_LENGTH: Final = 50
_ANSWERED: Final = (RunState.OK, RunState.EMPTY)
_NOT_CONSULTED: Final = (RunState.FAILED, RunState.THROTTLED)
_CITED_AS: Final = {
    EvidenceKind.DATASET: "Dataset",
    EvidenceKind.PAPER: "ScholarlyArticle",
    EvidenceKind.NEWS: "NewsArticle",
}


def absolute(path: str) -> str:
    """The public address of a path of this desk."""
    return f"{settings.BASE_URL}{path}"


def publication_url(publication: Publication) -> str:
    """The one address of the page: canonical link, ClaimReview url and feeds all say this."""
    return absolute(publication.get_absolute_url())


def publisher() -> Publisher:
    """The desk, as its ClaimReviews name it; two queries. A policy is named when readers find a text of it."""
    of, page = profile(), absolute(reverse("method"))
    told = {"corrections", "method", *(name for name in ("ethics", "funding", "complaints") if getattr(of, name))}
    if of.people.exists():
        told.add("people")
    return Publisher(
        name=desk_name(of),
        url=absolute("/"),
        logo_url=absolute(reverse("logo")) if of.logo_sha256 else "",
        policies={term: f"{page}#{name}" for name, term in POLICIES.items() if name in told},
        legal_name=of.legal_name,
        email=contact_mail(of),
        address=" ".join(of.address.split()),
    )


def cited_publicly(verdict: Verdict) -> QuerySet[VerdictEvidence]:
    """What the verdict rested on and readers may know of, in its order; confidential evidence never leaves."""
    return (
        verdict.cited.exclude(evidence__visibility=Visibility.CONFIDENTIAL)
        .select_related("evidence__snapshot")
        .defer("evidence__snapshot__content")
        .order_by("position")
    )


def claim_review_facts(
    *, publication: Publication, verdict: Verdict, published_at: datetime, modified_at: datetime | None = None,
    corrections: tuple[Correction, ...] = (),
) -> ClaimReviewFacts:  # fmt: skip
    """The facts of one verdict as they are to be published; three queries.

    All of them are the verdict's own copies: what changed in the claim or the article since nobody approved.
    """
    scale, claimed = verdict.label.scale, verdict.carried_on
    # A text we check before it is out was not said anywhere yet; a date after ours cannot be right.
    known = claimed is not None and verdict.carried_mode == Mode.PUBLISHED and claimed <= published_at
    return ClaimReviewFacts(
        url=publication_url(publication),
        claim=verdict.statement,
        label=verdict.label.name,
        publisher=publisher(),
        published_at=published_at,
        modified_at=modified_at,
        best=scale.best,
        worst=scale.worst,
        value=verdict.label.value,
        explanation=verdict.summary,
        language=verdict.language or "en",
        claimants=claimants(verdict),
        attribution=_attribution(verdict),
        media=_media(verdict),
        claimed_on=claimed.date() if claimed is not None and known else None,
        appearances=appearances(verdict),
        citations=tuple(_citations(cited_publicly(verdict))),
        corrections=corrections,
    )


# Said so, if not about this. All else is the word of whoever put it into their mouth.
_SAID: Final = frozenset({"", QuoteCheck.ACCURATE, QuoteCheck.OUT_OF_CONTEXT})


def claimants(verdict: Verdict) -> tuple[Claimant, ...]:
    """Who made the claim: the speaker and those named with it.

    A speaker who did not say it made no claim: then it is the claim of whoever carried it.
    """
    named = claimants_of(verdict.claimants)
    others = tuple(one for one in named if one.name.casefold() != verdict.speaker.casefold())
    if verdict.quote_check in _SAID:
        known = next((one for one in named if one not in others), Claimant(verdict.speaker))
        return (known, *others) if verdict.speaker else others
    if others or verdict.carried_mode != Mode.PUBLISHED or not verdict.carried_by:
        return others
    return (Claimant(verdict.carried_by, "organization"),)


def _attribution(verdict: Verdict) -> Attribution | None:
    if not (verdict.quote_check and verdict.speaker):
        return None
    words = verdict.quote if verdict.speech == Speech.DIRECT and verdict.quote else verdict.statement
    return Attribution(verdict.speaker, words, as_programs_read(QuoteCheck(verdict.quote_check).label))


def _media(verdict: Verdict) -> MediaFinding | None:
    if not verdict.media_check:
        return None
    return MediaFinding(MediaCheck(verdict.media_check), verdict.media_context, verdict.media_original)


def appearances(verdict: Verdict) -> tuple[Appearance, ...]:
    """Where readers can find the claim: the article it was found in, then the places named with it.

    Never our own site, no place twice, and nothing of a text that is not out yet.
    """
    known = appearances_of(verdict.appearances)
    if verdict.carried_mode == Mode.PUBLISHED and verdict.carried_url not in {"", *(one.url for one in known)}:
        published = verdict.carried_on.isoformat() if verdict.carried_on else ""
        carried = Appearance(
            verdict.carried_url, AppearanceKind.ARTICLE.value, verdict.carried_title, verdict.carried_by, published
        )
        known = (carried, *known)
    return tuple(one for one in known if not lint.same_site(one.url, settings.BASE_URL))


def _citations(cited: Sequence[VerdictEvidence] | QuerySet[VerdictEvidence]) -> list[Citation]:
    return [
        Citation(
            name=one.evidence.title,
            url=one.evidence.url,
            type=_CITED_AS.get(EvidenceKind(one.evidence.kind), "CreativeWork"),
            publisher=one.evidence.publisher,
            published_on=one.evidence.published_at.date().isoformat() if one.evidence.published_at else "",
        )
        for one in cited
        if one.evidence.visibility == Visibility.PUBLIC
    ]


def documents_of(versions: Sequence[PublicationVersion]) -> list[dict[str, Any]]:
    """The ClaimReviews of versions as readers may see them now; one query however many.

    A version is never changed, but evidence may be hidden after it went out: it is then cited no more.
    """
    hidden = VerdictEvidence.objects.filter(verdict__in=[version.verdict_id for version in versions]).exclude(
        evidence__visibility=Visibility.PUBLIC
    )
    not_said = set(hidden.values_list("verdict", "evidence__title", "evidence__url"))
    return [_without(version, not_said) for version in versions]


def document_of(version: PublicationVersion) -> dict[str, Any]:
    """The ClaimReview of one version as readers may see it now."""
    return documents_of([version])[0]


def _without(version: PublicationVersion, not_said: set[tuple[int, str, str]]) -> dict[str, Any]:
    document: dict[str, Any] = dict(version.claimreview)
    cited = document.pop("citation", [])
    left = [one for one in cited if (version.verdict_id, one.get("name", ""), one.get("url", "")) not in not_said]
    return {**document, "citation": left} if left else document


def lint_page(publication: Publication, verdict: Verdict, taken: QuerySet[CheckedClaim]) -> lint.Page:
    """What the lint rules must know of the page this verdict is to stand on."""
    url = publication_url(publication)
    return lint.Page(
        base_url=settings.BASE_URL,
        canonical=url,
        labels=dict(verdict.label.scale.labels.values_list("name", "value")),
        now=timezone.now(),
        visible="\n".join([verdict.label.name, verdict.summary, verdict.rationale]),
        taken=frozenset(taken.values_list("claim", "url", "publisher")),
    )


# --- the public page -----------------------------------------------------------------------------------
def publications_public() -> QuerySet[Publication]:
    """Published and retracted pages with everything a line of a list shows, newest first; two queries."""
    newest = PublicationVersion.objects.select_related("verdict__label__scale").order_by("-number")
    return (
        Publication.objects.filter(state__in=PUBLIC)
        .select_related("claim__article", "verdict__label__scale")
        .prefetch_related(Prefetch("versions", newest))
        .order_by("-last_published_at", "-pk")
    )


def publications_live() -> QuerySet[Publication]:
    return publications_public().filter(state=PublicationState.LIVE)


def publication_by_slug(slug: str) -> Publication:
    """The public page of a slug; raises Http404 for a draft as for a slug that never was."""
    publication = publications_public().filter(slug=slug).first()
    if publication is None:
        raise Http404(slug)
    return publication


def newest_version(publication: Publication) -> PublicationVersion:
    """What the page says now. Reads the versions that `publications_public` brought along."""
    return publication.versions.all()[0]


_STANCE_ICONS: Final = {Stance.SUPPORTS: "i-sup", Stance.REFUTES: "i-ref", Stance.CONTEXT: "i-ctx"}


@dataclass(frozen=True, slots=True)
class PublicEvidence:
    """One piece as readers see it; of a described one only its kind and stance."""

    number: int
    stance: str
    stance_name: str
    kind: str
    shown: bool
    title: str = ""
    publisher: str = ""
    passage: str = ""
    locator: str = ""
    url: str = ""
    retrieved_at: datetime | None = None
    sha256: str = ""

    @property
    def icon(self) -> str:
        return _STANCE_ICONS[Stance(self.stance)]


def public_evidence(verdict: Verdict) -> list[PublicEvidence]:
    """What the verdict rested on, as far as readers may see it, under the numbers its words cite; one query."""
    return [_public_evidence(one) for one in cited_publicly(verdict)]


def _public_evidence(cited: VerdictEvidence) -> PublicEvidence:
    number, evidence, stance = cited.position, cited.evidence, Stance(cited.stance)
    kind, stance_name = str(EvidenceKind(evidence.kind).label), str(stance.label)
    if evidence.visibility != Visibility.PUBLIC:
        return PublicEvidence(number, stance.value, stance_name, kind, shown=False)
    return PublicEvidence(
        number, stance.value, stance_name, kind, shown=True,
        title=evidence.title, publisher=evidence.publisher, passage=evidence.passage, locator=cited.locator,
        url=evidence.url if urlsplit(evidence.url).scheme in ("http", "https") else "",
        retrieved_at=evidence.retrieved_at, sha256=evidence.snapshot.sha256 if evidence.snapshot else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One line of "How this was checked". No name of a colleague is ever in it."""

    at: datetime
    icon: str
    text: str


def consulted(claim: Claim) -> dict[str, Any]:
    """What became of the questions asked for a claim, to be kept with a version of its page; one query."""
    runs = list(claim.runs.select_related("source"))
    ended = [run.finished_at for run in runs if run.finished_at]
    return {
        "asked": len(runs),
        "answered": len([run for run in runs if run.state in _ANSWERED]),
        "at": max(ended).isoformat() if ended else None,
        "silent": sorted({run.source.name for run in runs if run.state in _NOT_CONSULTED}),
    }


def how_checked(publication: Publication, version: PublicationVersion) -> list[Step]:
    """The way from the text to the page as `version` has it, oldest first; no query."""
    verdict, asked = version.verdict, version.consulted or {}
    steps = [Step(publication.claim.article.received_at, "i-file", _found_in(verdict))]
    if asked.get("at"):
        text = _("%(answered)s of %(asked)s sources answered") % asked
        steps.append(Step(datetime.fromisoformat(asked["at"]), "i-archive", text))
    steps.append(Step(verdict.proposed_at, "i-eye", _("One editor proposed the verdict")))
    if verdict.approved_at:
        alone = verdict.approved_by_id == verdict.proposed_by_id
        text = _("The same editor approved it alone, with a reason") if alone else _("A second editor approved it")
        steps.append(Step(verdict.approved_at, "i-check", text))
    steps += [
        Step(version.published_at, "i-undo" if version.note else "i-send", _change_words(version))
        for version in publication.versions.all()
    ]
    return sorted(steps, key=lambda step: step.at)


def _found_in(verdict: Verdict) -> str:
    if verdict.carried_mode != Mode.PUBLISHED:
        return _("Found in a text of our own before publication")
    by = verdict.carried_by or verdict.carried_agency
    return (_("Found in a report by %(by)s") % {"by": by}) if by else _("Found in a published report")


def _change_words(version: PublicationVersion) -> str:
    return _("Published") if version.change == ChangeType.FIRST else str(ChangeType(version.change).label)


def scale_labels(verdict: Verdict) -> list[VerdictLabel]:
    """The labels on the axis, worst first."""
    return [label for label in verdict.label.scale.labels.all() if label.value is not None]
