"""One published page, and lists of them, as readers see them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.choices import Mode, Speech
from articles.origins import appearances_of, claimants_of
from reviews.choices import ChangeType, MediaCheck, QuoteCheck
from reviews.claimreview import data_feed, data_item, deleted_item, script_json
from reviews.selectors.profile import desk_name
from reviews.selectors.published import (
    PublicEvidence,
    Step,
    appearances,
    document_of,
    documents_of,
    how_checked,
    newest_version,
    public_evidence,
    publication_url,
    publications_public,
    scale_labels,
)
from reviews.workflow import PublicationState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from articles.origins import Appearance, Claimant
    from reviews.models import Publication, PublicationVersion, Tag, Verdict, VerdictLabel

_PART: Final = 500  # pages read at a time where all are read


@dataclass(frozen=True, slots=True)
class Words:
    """The second axis in a sentence: did the speaker say it?"""

    icon: str
    title: StrOrPromise
    text: StrOrPromise


_QUOTE_CHECKS: Final = {
    QuoteCheck.ACCURATE: Words(
        "i-check", gettext_lazy("The quote is accurate."), gettext_lazy("{who} said these words.")
    ),
    QuoteCheck.ALTERED: Words(
        "i-x", gettext_lazy("The quote was altered."), gettext_lazy("{who} said something else.")
    ),
    QuoteCheck.OUT_OF_CONTEXT: Words(
        "i-help",
        gettext_lazy("The quote is out of context."),
        gettext_lazy("{who} said it, but about another thing."),
    ),
    QuoteCheck.FABRICATED: Words("i-x", gettext_lazy("The quote is made up."), gettext_lazy("{who} did not say it.")),
    QuoteCheck.NOT_FOUND: Words(
        "i-help", gettext_lazy("The quote was not found."), gettext_lazy("We could not establish that {who} said it.")
    ),
}


_MEDIA_CHECKS: Final = {
    MediaCheck.ORIGINAL: Words("i-check", gettext_lazy("It is the original."), gettext_lazy("Nothing was changed.")),
    MediaCheck.OUT_OF_CONTEXT: Words("i-help", gettext_lazy("Shown out of context."), ""),
    MediaCheck.CROPPED: Words("i-x", gettext_lazy("Edited or cropped."), ""),
    MediaCheck.STAGED: Words("i-x", gettext_lazy("Staged."), ""),
    MediaCheck.TRANSFORMED: Words("i-x", gettext_lazy("Manipulated."), ""),
    MediaCheck.SATIRE: Words("i-help", gettext_lazy("Satire or parody."), ""),
}


@dataclass(frozen=True, slots=True)
class Carrier:
    """Where the claim stood, for readers; `url` may be empty."""

    name: str
    url: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicPage:
    """Everything the page shows; versions newest first."""

    publication: Publication
    version: PublicationVersion
    verdict: Verdict
    label: VerdictLabel
    url: str
    language: str
    retracted: bool
    changed: bool
    verbatim: bool
    source: Carrier | None
    quote_check: Words | None
    media_check: Words | None
    claimants: tuple[Claimant, ...]
    places: tuple[Appearance, ...]
    axis: list[VerdictLabel]
    evidence: list[PublicEvidence]
    anchors: dict[int, str]
    silent: list[str]
    replies: list[str]
    steps: list[Step]
    versions: list[PublicationVersion]
    tags: list[Tag]
    report: str
    script: SafeString


def public_page(publication: Publication, shown: PublicationVersion | None = None) -> PublicPage:
    """The page of a publication that `publications_public` read; five further queries however much there is.

    The page says what its newest version says, or `shown`: a verdict approved since changes nothing here.
    """
    version = shown or newest_version(publication)
    verdict = version.verdict
    evidence = public_evidence(verdict)
    return PublicPage(
        publication=publication,
        version=version,
        verdict=verdict,
        label=verdict.label,
        url=publication_url(publication),
        language=verdict.language or "en",
        retracted=publication.state == PublicationState.RETRACTED,
        changed=version.change != ChangeType.FIRST,
        verbatim=verdict.speech == Speech.DIRECT and verdict.quote.strip(" .") == verdict.statement.strip(" ."),
        source=_carrier(verdict),
        quote_check=_quote_check(verdict),
        media_check=_media_check(verdict),
        claimants=claimants_of(verdict.claimants),
        places=tuple(one for one in appearances(verdict) if one.url != verdict.carried_url),
        axis=scale_labels(verdict),
        evidence=evidence,
        anchors={one.number: f"e{one.number}" for one in evidence},
        silent=list((version.consulted or {}).get("silent", [])),
        replies=[reply.words for reply in verdict.replies.all()],
        steps=how_checked(publication, version),
        versions=list(publication.versions.all()),
        tags=list(publication.tags.all()),
        report=reverse("report", args=[publication.claim.article_id]) if _is_out(verdict) else "",
        # `script_json` has escaped what could end the element; escaping it again would break the JSON.
        script=mark_safe(script_json(document_of(version))),  # noqa: S308
    )


def _is_out(verdict: Verdict) -> bool:
    """Whether the article the claim stood in is public itself."""
    return verdict.carried_mode == Mode.PUBLISHED


def _carrier(verdict: Verdict) -> Carrier | None:
    name = verdict.carried_by or verdict.carried_agency
    if verdict.carried_mode != Mode.PUBLISHED or not (name or verdict.carried_url):
        return None
    return Carrier(name or verdict.carried_title, verdict.carried_url, verdict.carried_on)


def _quote_check(verdict: Verdict) -> Words | None:
    if not verdict.quote_check:
        return None
    words = _QUOTE_CHECKS[QuoteCheck(verdict.quote_check)]
    text = words.text.format(who=verdict.speaker or _("the speaker"))
    return Words(words.icon, words.title, text[:1].upper() + text[1:])


def _media_check(verdict: Verdict) -> Words | None:
    if not verdict.media_check:
        return None
    words = _MEDIA_CHECKS[MediaCheck(verdict.media_check)]
    shown = appearances_of(verdict.appearances)
    what = {one.kind: one.kind_name for one in shown if one.is_media}
    name = next(iter(what.values())) if len(what) == 1 else _("Picture or recording")
    return Words(
        words.icon, f"{name}: {words.title[:1].lower()}{words.title[1:]}", verdict.media_context or words.text
    )


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One line of a list or a feed."""

    path: str
    url: str
    slug: str
    statement: str
    speaker: str
    summary: str
    label: VerdictLabel
    language: str
    retracted: bool
    note: str
    first_at: datetime
    at: datetime
    document: dict[str, Any]


def public_rows(publications: Iterable[Publication]) -> list[PublicRow]:
    """Lines for publications that `publications_public` read; one further query."""
    read = list(publications)
    versions = [newest_version(publication) for publication in read]
    return [_row(*one) for one in zip(read, versions, documents_of(versions), strict=True)]


def _row(publication: Publication, version: PublicationVersion, document: dict[str, Any]) -> PublicRow:
    verdict = version.verdict
    first = publication.first_published_at or version.published_at
    return PublicRow(
        path=publication.get_absolute_url(),
        url=publication_url(publication),
        slug=publication.slug,
        statement=verdict.statement,
        speaker=verdict.speaker,
        summary=verdict.summary,
        label=verdict.label,
        language=verdict.language or "en",
        retracted=publication.state == PublicationState.RETRACTED,
        note=version.note,
        first_at=first,
        at=version.published_at,
        document=document,
    )


def line_of(publication: Publication, version: PublicationVersion) -> str:
    """What the API's list says of a page with this newest version, as JSON; its address is added when it is read."""
    verdict, retracted = version.verdict, version.change == ChangeType.RETRACTION
    first = publication.first_published_at or version.published_at
    said = {
        "slug": publication.slug,
        "statement": verdict.statement,
        "speaker": verdict.speaker,
        "language": verdict.language or "en",
        "retracted": retracted,
        "label": "" if retracted else verdict.label.name,
        "label_key": "" if retracted else verdict.label.key,
        "value": None if retracted else verdict.label.value,
        "summary": "" if retracted else verdict.summary,
        "note": version.note,
        "published_at": _utc(first),
        "changed_at": _utc(version.published_at),
    }
    return json.dumps(said, ensure_ascii=False)


def verdict_said(publication: Publication) -> dict[str, Any]:
    """One verdict as the API shows it: its line, its address and the ClaimReview as readers may see it now."""
    version = newest_version(publication)
    said: dict[str, Any] = json.loads(line_of(publication, version))
    return {"url": publication_url(publication), **said, "claimreview": document_of(version)}


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def flat_values(row: PublicRow) -> dict[str, Any]:
    """One verdict as flat values; a retracted one keeps its address and note and loses its judgement."""
    rating: dict[str, Any] = row.document.get("reviewRating", {})
    return {
        "url": row.url,
        "claim": row.statement,
        "claimant": row.speaker,
        "label": rating.get("alternateName"),
        "value": rating.get("ratingValue"),
        "best": rating.get("bestRating"),
        "worst": rating.get("worstRating"),
        "summary": None if row.retracted else row.summary,
        "language": row.language,
        "published_at": row.first_at.isoformat(),
        "changed_at": row.at.isoformat(),
        "retracted": row.retracted,
        "note": row.note,
    }


def feed_items(rows: Iterable[PublicRow]) -> Iterator[dict[str, Any]]:
    """The rows as items of a Data Commons feed; retracted ones are named as deleted."""
    for row in rows:
        if row.retracted:
            yield deleted_item(row.url, created=row.first_at, deleted=row.at)
        else:
            yield data_item(row.document, created=row.first_at, modified=row.at)


def all_rows() -> Iterator[PublicRow]:
    """Every published page, oldest first, a few hundred in memory at a time."""
    found = publications_public().order_by("pk").iterator(chunk_size=_PART)
    while part := list(islice(found, _PART)):
        yield from public_rows(part)


def data_feed_parts() -> Iterator[str]:
    """Everything published as one Data Commons feed, piece by piece."""
    head = json.dumps(data_feed(f"{desk_name()}: ClaimReviews", []), ensure_ascii=False)
    yield head.removesuffix("]}")
    for number, item in enumerate(feed_items(all_rows())):
        yield (",\n" if number else "\n") + json.dumps(item, ensure_ascii=False)
    yield "]}\n"
