"""The history of a page as readers and programs see it, and what no format may ever tell."""

from __future__ import annotations

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.http import http_date

from articles.choices import Visibility
from articles.models import Evidence
from reviews.models import Publication, PublicationVersion
from reviews.services.correction import publication_correct, publication_retract
from tests.publishing import claim, evidence, person, published
from tests.reviews.test_corrections import judged_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def corrected() -> Publication:
    """A page with two versions whose words differ."""
    publication = published()
    judged_again(publication, label="false", summary="Output fell by three percent.")
    note = "We compared with the repair year."
    publication_correct(publication=publication, actor=person("Publisher"), change="correction", note=note)
    publication.refresh_from_db()
    return publication


def get(path: str, **headers: str):
    return Client().get(path, headers=headers)


# --- versions and what changed ---------------------------------------------------------------------------
def test_each_version_can_be_read_as_it_was(corrected: Publication) -> None:
    path = corrected.get_absolute_url()
    old = get(f"{path}versions/1/")
    page = old.content.decode()
    assert "This is version 1." in page
    assert "The year before was the repair year." in page
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{path}">' in page
    assert 'ld+json">' not in page  # one ClaimReview, on one page
    assert "noindex" in page
    assert "Output fell by three percent." in get(f"{path}versions/2/").content.decode()
    assert get(f"{path}versions/3/").status_code == 404


def test_what_changed_is_shown_word_by_word(corrected: Publication) -> None:
    path = f"{corrected.get_absolute_url()}versions/2/changes/"
    page = get(path).content.decode()
    assert "<del>Misleading</del><ins>False</ins>" in page
    assert "We compared with the repair year." in page
    assert path in get(corrected.get_absolute_url()).content.decode()
    assert get(f"{corrected.get_absolute_url()}versions/1/changes/").status_code == 404


def test_markup_in_a_verdict_stays_words_in_the_comparison() -> None:
    publication = published(rationale="a" * 70 + " 1 < 2 & 3")
    judged_again(publication, rationale="a" * 70 + " 1 < 4 & 3")
    publication_correct(publication=publication, actor=person("Publisher"), change="update", note="Four.")
    page = get(f"{publication.get_absolute_url()}versions/2/changes/").content.decode()
    assert "1 &lt; <del>2</del><ins>4</ins> &amp; 3" in page


def test_a_retracted_page_tells_nothing_of_what_it_said(corrected: Publication) -> None:
    publication_retract(publication=corrected, actor=person("Publisher"), note="The table was forged.")
    path = corrected.get_absolute_url()
    for number in (1, 2, 3):
        answer = get(f"{path}versions/{number}/")
        assert answer.status_code == 410
        assert "Output fell" not in answer.content.decode()
        assert "The table was forged." in answer.content.decode()
    assert get(f"{path}versions/2/changes/").status_code == 302
    assert get(f"{path}timemap/").content.decode().count('memento"') == 1


# --- Memento ---------------------------------------------------------------------------------------------
def test_timegate_leads_to_the_version_of_the_moment(corrected: Publication) -> None:
    path = corrected.get_absolute_url()
    first, second = PublicationVersion.objects.order_by("number")
    times = {
        "": 2, http_date(second.published_at.timestamp() + 3600): 2, http_date(first.published_at.timestamp() - 9): 1,
    }  # fmt: skip
    for asked, number in times.items():
        answer = get(f"{path}timegate/", **({"Accept-Datetime": asked} if asked else {}))
        assert answer.status_code == 302
        assert answer["Location"].endswith(f"/versions/{number}/")
        assert answer["Vary"] == "Accept-Datetime"
    assert get(f"{path}timegate/", **{"Accept-Datetime": "yesterday"}).status_code == 400
    memento = get(f"{path}versions/1/")
    assert memento["Memento-Datetime"] == http_date(first.published_at.timestamp())
    for relation in ("original", "timegate", "timemap"):
        assert f'rel="{relation}"' in memento["Link"]
        assert f'rel="{relation}"' in get(path)["Link"]


def test_timemap_lists_every_version(corrected: Publication) -> None:
    answer = get(f"{corrected.get_absolute_url()}timemap/")
    assert answer["Content-Type"] == "application/link-format"
    links = re.findall(r'<([^>]+)>; rel="([a-z ]+)"', answer.content.decode())
    relations = [relation for _, relation in links]
    assert relations == ["original", "timegate", "self", "first memento", "last memento"]
    for url, _ in links:
        assert get(url.removeprefix("http://127.0.0.1:8000")).status_code in (200, 302)


# --- one address, several forms --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/json"),
        ("application/ld+json;q=0.2, application/json", "application/json"),
        ("image/png", "text/html; charset=utf-8"),
        ("nonsense", "text/html; charset=utf-8"),
    ],
)
def test_accept_chooses_the_form(accept: str, kind: str) -> None:
    path = published().get_absolute_url()
    answer = get(path, **({"Accept": accept} if accept else {}))
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert "Accept" in answer["Vary"]
    again = get(path, **({"Accept": accept} if accept else {}), **{"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_json_and_ld_json_of_a_retracted_verdict_say_that_it_is_gone() -> None:
    publication = published()
    publication_retract(publication=publication, actor=person("Publisher"), note="The table was forged.")
    for accept in ("application/ld+json", "application/json"):
        answer = get(publication.get_absolute_url(), Accept=accept)
        assert answer.status_code == 410
        assert "Misleading" not in answer.content.decode()


# --- the page and the feeds of corrections ---------------------------------------------------------------
def test_corrections_are_listed_and_fed(corrected: Publication, django_assert_num_queries) -> None:
    publication_correct(publication=corrected, actor=person("Publisher"), change="refile")
    with django_assert_num_queries(4):  # the first asks what the page depends on
        page = get("/corrections/").content.decode()
    assert page.count("<li><p") == 1  # mended spelling is not news
    assert "We compared with the repair year." in page
    feed = json.loads(get("/feeds/corrections.json").content)
    assert [item["tags"] for item in feed["items"]] == [["correction"]]
    for kind, root in (("atom", "<feed"), ("rss", "<rss")):
        body = get(f"/feeds/corrections.{kind}").content.decode()
        assert root in body
        assert body.count("We compared with the repair year.") >= 1


def test_the_page_of_corrections_stands_when_there_are_none() -> None:
    assert "Nothing had to be corrected yet." in get("/corrections/").content.decode()


# --- what is not public stays here -----------------------------------------------------------------------
SECRET = "Zebrafinch"
PLACES = (
    "/verdicts/", "{page}", "{page}claimreview.json", "{page}versions/1/", "{page}versions/2/",
    "{page}versions/2/changes/", "{page}timemap/", "/corrections/", "/feeds/verdicts.atom", "/feeds/verdicts.rss",
    "/feeds/verdicts.json", "/feeds/corrections.atom", "/feeds/corrections.rss", "/feeds/corrections.json",
    "/feeds/claimreview.json", "/v1alpha1/claims:search?query=plant", "/oembed?url=http://127.0.0.1:8000{page}",
    "/embed/{slug}/", "/sitemap.xml", "/news-sitemap.xml",
)  # fmt: skip


@pytest.mark.parametrize("visibility", [Visibility.CONFIDENTIAL, Visibility.DESCRIBED])
@pytest.mark.parametrize("hidden", ["from the start", "after publication"])
def test_evidence_that_is_not_public_is_in_no_public_format(visibility: str, hidden: str) -> None:
    made = claim()
    kept = evidence(
        made, visibility=visibility if hidden == "from the start" else Visibility.PUBLIC, title=f"{SECRET} memo",
        passage=f"{SECRET} says so", url=f"https://{SECRET.lower()}.example/", publisher=SECRET,
        source_name=f"{SECRET} archive", locator=f"{SECRET}, page 3",
    )  # fmt: skip
    publication = published(made)
    Evidence.objects.filter(pk=kept.pk).update(visibility=visibility)
    judged_again(publication, summary="Another year.")
    publication_correct(publication=publication, actor=person("Publisher"), change="update", note="Another year.")
    page = publication.get_absolute_url()
    told = {place: get(place.format(page=page, slug=publication.slug)) for place in PLACES}
    told |= {form: get(page, Accept=form) for form in ("application/json", "application/ld+json")}
    assert [place for place, answer in told.items() if answer.status_code != 200] == []
    assert [place for place, answer in told.items() if SECRET.lower() in answer.getvalue().decode().lower()] == []
    for form in ("claimreview", "datacommons", "csv", "jsonl"):
        out = StringIO()
        call_command("export_verdicts", format=form, stdout=out)
        assert publication.slug in out.getvalue()
        assert SECRET.lower() not in out.getvalue().lower()
