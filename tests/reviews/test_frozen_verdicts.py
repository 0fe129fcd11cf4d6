"""What was approved is what readers see: the claim, its article and its evidence may change, the page does not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from articles.choices import Mode
from articles.models import Article, CheckedClaim, Claim, Evidence
from reviews.models import Publication, Review, Verdict, VerdictEvidence
from reviews.services.claim import claim_put_right
from reviews.services.correction import publication_correct, publication_retract
from reviews.services.evidence import suggestion_keep
from reviews.services.publication import publication_publish
from reviews.services.review import verdict_approve
from tests.publishing import approved, article, claim, evidence, person, proposed, published

pytestmark = pytest.mark.django_db
OTHER = "Somebody Unchecked"


def reword(publication: Publication) -> None:
    now = Claim.objects.get(pk=publication.claim_id)
    claim_put_right(claim=now, actor=person("Checker"), statement="Another sentence", speaker=OTHER)


def article_changes(publication: Publication) -> None:
    """As a later revision of the same article describes it."""
    Article.objects.filter(pk=publication.claim.article_id).update(
        publisher="Other Wire", dateline_agency="Other Agency", url="https://other.example/1", title="Other title",
        language="cs", published_at=datetime(2025, 5, 6, tzinfo=UTC),
    )  # fmt: skip


def public(publication: Publication) -> dict[str, str]:
    """Everything anybody may read of it, by where it is read."""
    page = publication.get_absolute_url()
    paths = [page, f"{page}claimreview.json", f"/embed/{publication.slug}/", "/verdicts/", "/feeds/claimreview.json",
             "/feeds/verdicts.atom", "/feeds/verdicts.rss", "/feeds/verdicts.json", "/news-sitemap.xml",
             "/v1alpha1/claims:search?query=Ostrel+plant"]  # fmt: skip
    read = {path: Client().get(path).getvalue().decode() for path in paths}
    for form in ("claimreview", "datacommons", "csv", "jsonl"):
        out = StringIO()
        call_command("export_verdicts", format=form, stdout=out)
        read[f"export {form}"] = out.getvalue()
    return read


@pytest.mark.parametrize("change", [reword, article_changes])
def test_a_change_after_publication_shows_nowhere(change: Any) -> None:
    publication = published()
    before = public(publication)
    change(publication)
    assert public(publication) == before
    assert publication.versions.count() == 1
    assert "Ilva Torrent" in before["/verdicts/"]
    assert "Tessel Wire" in before[publication.get_absolute_url()]


def test_the_notice_of_a_retraction_names_who_was_judged() -> None:
    publication = published()
    reword(publication)
    article_changes(publication)
    publication_retract(publication=publication, actor=person("Publisher"), note="The table was withdrawn.")
    text = Client().get(publication.get_absolute_url()).content.decode()
    assert "Ilva Torrent" in text
    assert "Tessel Wire" in text
    assert OTHER not in text
    assert "Other Wire" not in text


def test_who_was_put_in_after_the_approval_is_not_published() -> None:
    publication = approved()
    reword(publication)
    article_changes(publication)
    publication = Publication.objects.get(pk=publication.pk)
    document = publication_publish(publication=publication, actor=person("Publisher")).claimreview
    said = document["itemReviewed"]
    assert said["author"]["name"] == "Ilva Torrent"
    assert said["datePublished"] == "2026-01-19"
    assert document["inLanguage"] == "en"
    [appearance] = said["appearance"]
    assert appearance["publisher"]["name"] == "Tessel Wire"
    assert appearance["headline"] == "Ostrel plant doubles output, minister says"
    assert appearance["url"].startswith("https://tessel.example/")
    assert CheckedClaim.objects.get(url=document["url"]).claimant == "Ilva Torrent"


def test_a_correction_with_the_same_verdict_names_the_same_speaker() -> None:
    publication = published()
    reword(publication)
    version = publication_correct(publication=publication, actor=person("Publisher"), change="refile")
    assert OTHER not in json.dumps(version.claimreview)
    assert version.claimreview["itemReviewed"]["author"]["name"] == "Ilva Torrent"


def test_a_new_verdict_takes_the_new_speaker_to_readers() -> None:
    publication = published()
    reword(publication)
    Review.objects.filter(claim=publication.claim_id).update(active=False)  # the claim is reviewed once more
    verdict = verdict_approve(review=proposed(Claim.objects.get(pk=publication.claim_id)), actor=person("Reviewer"))
    publication.refresh_from_db()
    publication_correct(
        publication=publication, actor=person("Publisher"), change="correction", note="Who said it.", verdict=verdict
    )
    assert OTHER in Client().get(publication.get_absolute_url()).content.decode()


def test_the_place_in_the_evidence_is_the_one_that_was_approved() -> None:
    publication = published()
    piece = Evidence.objects.get(claim=publication.claim)
    suggestion_keep(evidence=piece, actor=person("Researcher"), locator="Table 9, row 99")
    piece.refresh_from_db()
    text = Client().get(publication.get_absolute_url()).content.decode()
    assert piece.locator == "Table 9, row 99"
    assert "Table 4, row 17" in text
    assert "Table 9" not in text


def test_an_address_that_was_not_out_when_judged_stays_unsaid() -> None:
    publication = published(claim(article(mode=Mode.PRE_PUBLICATION)))
    Article.objects.update(mode=Mode.PUBLISHED)
    text = Client().get(publication.get_absolute_url()).content.decode()
    assert "tessel.example" not in text
    assert "Found in a text of our own before publication" in text


@pytest.mark.parametrize(
    "field",
    ["speaker", "speech", "quote", "language", "carried_mode", "carried_by", "carried_agency", "carried_url",
     "carried_title", "carried_on"],
)  # fmt: skip
def test_the_copies_of_a_verdict_cannot_be_rewritten(field: str) -> None:
    approved()
    value = datetime(2020, 1, 1, tzinfo=UTC) if field == "carried_on" else "x"
    with pytest.raises(IntegrityError, match="a verdict is immutable"), transaction.atomic():
        Verdict.objects.update(**{field: value})


@pytest.mark.parametrize(("field", "value"), [("locator", "x"), ("stance", "refutes"), ("position", 9)])
def test_what_a_verdict_rested_on_cannot_be_rewritten(field: str, value: Any) -> None:
    approved()
    with pytest.raises(IntegrityError, match="a verdict is immutable"), transaction.atomic():
        VerdictEvidence.objects.update(**{field: value})


def test_an_unapproved_verdict_still_cannot_be_published() -> None:
    """The guard of that rule was taken away and put back while the copies were added."""
    publication = published()
    version = publication.versions.get()
    draft = Verdict.objects.get(pk=version.verdict_id)
    draft.pk, draft.number, draft.approved_by, draft.approved_at = None, 2, None, None
    draft.save()
    version.pk, version.number, version.verdict = None, 2, draft
    with pytest.raises(IntegrityError, match="only an approved verdict"), transaction.atomic():
        version.save()


@pytest.mark.parametrize("path", ["/feeds/verdicts.atom", "/feeds/verdicts.rss", "/news-sitemap.xml"])
def test_a_control_character_does_not_stop_the_feeds(path: str) -> None:
    made = claim(statement="Output of \x0bOstrel doubled\x1f")
    evidence(made)
    publication = published(made, summary="The year\x08 before.")
    answer = Client().get(path)
    assert answer.status_code == 200
    assert "Output of Ostrel doubled" in "".join(ElementTree.fromstring(answer.content).itertext())
    publication_retract(publication=publication, actor=person("Publisher"), note="Wrong\x0c table.")
    ElementTree.fromstring(Client().get(path).content)
