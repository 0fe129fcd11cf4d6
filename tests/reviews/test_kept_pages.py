"""A public page is drawn once and kept, and never shown once it says something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.services.evidence import evidence_set_visibility
from reviews.models import KeptPage, Publication, Scale
from reviews.selectors import kept
from reviews.selectors.page import public_page
from reviews.selectors.profile import profile
from reviews.selectors.published import publication_by_slug
from reviews.services.correction import publication_correct, publication_retract
from reviews.services.desk import scale_activate, scale_next_version
from reviews.services.kept import page_keep
from reviews.services.profile import profile_save
from reviews.services.recheck import claim_check_again
from reviews.services.tag import publication_tag
from reviews.views import public
from tests.publishing import STATEMENT, approved, claim, evidence, person, proposed, published

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db
FORMS = ["text/html", "application/ld+json", "application/json"]


def read(publication: Publication, accept: str = "text/html", **headers: str) -> Any:
    return Client().get(publication.get_absolute_url(), headers={"Accept": accept, **headers})


@pytest.mark.parametrize("accept", FORMS)
def test_second_reader_gets_the_same_bytes_for_one_query(accept: str) -> None:
    page = published()
    first = read(page, accept)
    with CaptureQueriesContext(connection) as queries:
        second = read(page, accept)
    assert len(queries) == 1
    assert second.content == first.content
    assert second.headers == {**first.headers, "X-Request-ID": second["X-Request-ID"]}


@pytest.mark.parametrize("accept", FORMS)
def test_who_has_it_is_told_so_for_one_query(accept: str) -> None:
    page = published()
    tag = read(page, accept)["ETag"]
    with CaptureQueriesContext(connection) as queries:
        again = read(page, accept, **{"If-None-Match": tag})
    assert (again.status_code, again.content, len(queries)) == (304, b"", 1)


def _corrected(page: Publication) -> None:
    publication_correct(publication=page, actor=person("Publisher"), change="update", note="The figures are newer.")


def _retracted(page: Publication) -> None:
    publication_retract(publication=page, actor=person("Publisher"), note="Another plant was meant.")


def _filed(page: Publication) -> None:
    page.refresh_from_db()
    publication_tag(publication=page, actor=person("Desk editor"), names=["Power plants"])


def _hidden(page: Publication) -> None:
    cited = page.verdict.cited.get().evidence
    evidence_set_visibility(evidence=cited, actor=person("Desk editor"), visibility="confidential")


@pytest.mark.parametrize("accept", FORMS)
@pytest.mark.parametrize(
    ("act", "new", "gone"),
    [
        (_corrected, "The figures are newer.", "no such words"),
        (_retracted, "Another plant was meant.", "The year before was the repair year."),
        (_filed, "Power plants", "no such words"),
        (_hidden, "", "Generation by plant"),
    ],
)
def test_page_changes_with_the_act_at_once(act: Any, new: str, gone: str, accept: str) -> None:
    page = published()
    tag = read(page, accept)["ETag"]
    act(page)
    after = read(page, accept, **{"If-None-Match": tag})
    text = after.content.decode()
    if accept == FORMS[0] or act in (_corrected, _retracted):
        assert after.status_code in (200, 410)
    assert gone not in text
    if accept == FORMS[0]:
        assert new in text


def test_desk_that_is_renamed_is_renamed_on_every_page(settings: Any) -> None:
    page = published()
    read(page)
    settings.DESK_NAME = "Quarrel Street Facts"
    assert "Quarrel Street Facts" in read(page).content.decode()


def test_profile_that_is_saved_is_on_every_page_at_once() -> None:
    page = published()
    tag = read(page)["ETag"]
    mine = profile()
    mine.name = "Quarrel Street Facts"
    profile_save(profile=mine, actor=person("Desk editor"))
    again = read(page, **{"If-None-Match": tag})
    assert (again.status_code, "Quarrel Street Facts" in again.content.decode()) == (200, True)


def test_new_templates_draw_every_page_anew(settings: Any, tmp_path: Path) -> None:
    """A desk that is updated must not go on showing what the code before it drew."""
    folder = tmp_path / "templates" / "public"
    folder.mkdir(parents=True)
    (folder / "verdict.html").write_text("one")
    settings.BASE_DIR = tmp_path
    kept._made_with.cache_clear()
    before = kept.made_with()
    (folder / "verdict.html").write_text("two")
    kept._made_with.cache_clear()
    assert kept.made_with() != before
    kept._made_with.cache_clear()


def test_page_that_was_overtaken_while_it_was_drawn_is_never_shown() -> None:
    """Drawn from the first version, kept after the second went out."""
    page = published()
    place = kept.page_kept(page.slug, "html")
    drawn = public._as_html(publication_by_slug(page.slug))
    _retracted(page)
    page_keep(publication=page, form="html", drawn_from=place.drawn_from, drawn=drawn)
    assert read(page).status_code == 410


def test_new_check_that_is_not_out_yet_changes_nothing_for_readers() -> None:
    page = published()
    before = read(page).content
    claim_check_again(claim=page.claim, actor=person("Desk editor"), note="New figures are out.")
    evidence(page.claim, passage="Words nobody outside has read")
    proposed(page.claim, label="false")
    assert read(page).content == before


def test_what_was_consulted_is_told_as_it_was_when_the_version_went_out() -> None:
    """Questions asked later, for another check, belong to the next version."""
    page = published()
    shown = public_page(publication_by_slug(page.slug))
    assert (shown.silent, page.versions.get().consulted["asked"]) == ([], 0)


def test_while_templates_are_worked_on_nothing_is_kept(settings: Any) -> None:
    page = published()
    settings.DEBUG = True
    read(page)
    assert not KeptPage.objects.exists()


@pytest.mark.parametrize("accept", FORMS)
def test_page_is_read_though_it_cannot_be_kept(monkeypatch: pytest.MonkeyPatch, accept: str) -> None:
    """The database is locked by a long write, or is a copy that only reads."""

    def locked(*_rows: Any, **_more: Any) -> None:
        raise OperationalError("database is locked")

    page = published()
    monkeypatch.setattr(KeptPage.objects, "bulk_create", locked)
    assert read(page, accept).status_code == 200
    assert Client().get(f"/api/v1/verdicts/{page.slug}/").status_code == 200
    assert not KeptPage.objects.exists()


def test_draft_is_nowhere() -> None:
    assert read(approved()).status_code == 404
    assert not KeptPage.objects.exists()


# Whatever a page is drawn from must be in the key it is kept under (`reviews.selectors.kept`): rows that never
# change once they are cited, and the two that do and carry a version.
FIXED = {
    "reviews_publicationversion", "reviews_verdict", "reviews_verdictlabel", "reviews_scale",
    "reviews_verdictevidence", "articles_snapshot", "articles_claim", "articles_article", "reviews_keptpage",
    "reviews_verdictreply", "reviews_tag", "reviews_review",
}  # fmt: skip
# Filing a page under subjects raises its version.
VERSIONED = {"reviews_publication", "reviews_publication_tags", "articles_evidence", "reviews_profile"}


def test_page_is_drawn_from_nothing_that_its_key_does_not_know() -> None:
    page = published()
    with CaptureQueriesContext(connection) as queries:
        read(page)
    read_from = {
        name for one in queries for name in re.findall(r'(?:FROM|JOIN)\s+"?([a-z_]+)"?', one["sql"], re.IGNORECASE)
    }
    assert read_from <= FIXED | VERSIONED, "Put what is new into the key of the kept page, then here."


# --- the short way -------------------------------------------------------------------------------------
def test_open_page_is_protected_like_every_other() -> None:
    page, desk = read(published()), Client().get("/login/")
    for name in ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy"):
        assert page[name] == desk[name]
    assert int(page["Content-Length"]) == len(page.content)
    assert not page.cookies
    assert "Cookie" not in page["Vary"]


def test_card_keeps_the_policy_of_its_own() -> None:
    card = Client().get(f"/embed/{published().slug}/")
    assert "frame-ancestors *" in card["Content-Security-Policy"]
    assert "X-Frame-Options" not in card


@pytest.mark.parametrize("path", ["/verdicts/{slug}/", "/api/v1/verdicts/", "/api/v1/verdicts/{slug}/"])
def test_cookies_of_somebody_who_is_signed_in_are_not_looked_at(path: str) -> None:
    page, client = published(), Client()
    client.force_login(person("Desk editor"))
    address = path.format(slug=page.slug)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert not [one for one in queries if "session" in one["sql"] or "auth_user" in one["sql"]]


@pytest.mark.parametrize("path", ["/verdicts/{slug}/", "/api/v1/verdicts/"])
def test_host_that_is_not_ours_is_refused_on_the_short_way_too(path: str) -> None:
    address = path.format(slug=published().slug)
    assert Client().get(address, headers={"host": "elsewhere.example"}).status_code == 400


def test_missing_slash_is_mended_and_what_is_not_there_is_404() -> None:
    page = published()
    assert Client().get(page.get_absolute_url().rstrip("/")).status_code == 301
    assert Client().get("/verdicts/no-such-page/").status_code == 404
    assert Client().post(page.get_absolute_url()).status_code in (403, 405)


# --- the list of the API -------------------------------------------------------------------------------
def test_list_of_the_api_says_what_one_verdict_says() -> None:
    pages = [published(claim(statement=f"{STATEMENT}, part {number}")) for number in range(3)]
    _corrected(pages[0])
    _retracted(pages[1])
    rows = Client().get("/api/v1/verdicts/").json()["results"]
    alone = [Client().get(f"/api/v1/verdicts/{page.slug}/").json() for page in reversed(pages)]
    for one in alone:
        del one["claimreview"]
    assert rows == alone


def test_list_reads_as_often_for_many_as_for_one() -> None:
    for number in range(4):
        published(claim(statement=f"{STATEMENT}, part {number}"))
        with CaptureQueriesContext(connection) as queries:
            Client().get("/api/v1/verdicts/")
        assert len(queries) == 2


def test_verdict_that_was_retracted_is_not_found_by_the_label_it_had() -> None:
    page = published()
    _retracted(page)
    assert Client().get("/api/v1/verdicts/?label=misleading").json()["results"] == []


def test_pages_of_the_list_lead_forth_and_back() -> None:
    slugs = [published(claim(statement=f"{STATEMENT}, part {number}")).slug for number in range(5)][::-1]
    answer = Client().get("/api/v1/verdicts/?limit=2&speaker=Ilva+Torrent")
    seen, there = [], [answer.json()]
    while there[-1]["next"]:
        there.append(Client().get(there[-1]["next"]).json())
    seen = [row["slug"] for page in there for row in page["results"]]
    assert seen == slugs
    assert [len(page["results"]) for page in there] == [2, 2, 1]
    back = Client().get(there[-1]["previous"]).json()
    assert back["results"] == there[1]["results"]
    assert Client().get(back["previous"]).json()["results"] == there[0]["results"]
    assert there[0]["previous"] is None
    assert answer["Link"] == f'<{there[0]["next"]}>; rel="next"'


@pytest.mark.parametrize("address", ["/api/v1/verdicts/", "/api/v1/changes/"])
def test_answer_that_follows_the_changes_is_new_after_each(address: str) -> None:
    page = published()
    path = address
    first = Client().get(path)
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert len(queries) == 1
    _corrected(page)
    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert again.content != first.content


LISTS = [
    "/verdicts/", "/feeds/verdicts.atom", "/feeds/verdicts.rss", "/feeds/verdicts.json", "/sitemap.xml",
    "/corrections/", "/feeds/corrections.atom", "/feeds/corrections.rss", "/feeds/corrections.json",
]  # fmt: skip


@pytest.mark.parametrize("address", LISTS)
def test_who_has_a_list_is_told_so_before_anything_of_it_is_read(address: str) -> None:
    published()
    first = Client().get(address)
    with CaptureQueriesContext(connection) as queries:
        again = Client().get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, len(queries), again["ETag"]) == (304, 1, first["ETag"])
    assert Client().get(f"{address}?page=1", headers={"If-None-Match": first["ETag"]}).status_code == 200


def _named(_page: Publication) -> None:
    mine = profile()
    mine.name = "Quarrel Street Facts"
    profile_save(profile=mine, actor=person("Desk editor"))


def _another_scale(_page: Publication) -> None:
    chief = person("Administrator")
    scale_activate(scale=scale_next_version(scale=Scale.objects.get(active=True), actor=chief), actor=chief)


@pytest.mark.parametrize("act", [_corrected, _retracted, _filed, _named, _another_scale])
def test_list_is_new_after_every_act_that_readers_see_in_it(act: Any) -> None:
    page = published()
    tags = {address: Client().get(address)["ETag"] for address in LISTS}
    act(page)
    for address, tag in tags.items():
        assert Client().get(address, headers={"If-None-Match": tag}).status_code == 200, address


def test_list_is_drawn_from_nothing_that_its_tag_does_not_know() -> None:
    published()
    with CaptureQueriesContext(connection) as queries:
        for address in LISTS:
            Client().get(address)
    read_from = {
        name for one in queries for name in re.findall(r'(?:FROM|JOIN)\s+"?([a-z_]+)"?', one["sql"], re.IGNORECASE)
    }
    seen = {"reviews_webhookevent", "audit_auditevent", "articles_desk"}
    assert read_from <= FIXED | VERSIONED | seen, "Put what is new into archive_tag, then here."


def test_evidence_that_is_hidden_later_is_cited_nowhere_any_more() -> None:
    """A bug: the ClaimReview of a version went on naming it, in the page, in the API and in the feeds."""
    page = published()
    cited = page.verdict.cited.get().evidence
    addresses = [
        page.get_absolute_url(), f"{page.get_absolute_url()}claimreview.json", f"/api/v1/verdicts/{page.slug}/",
        f"/api/v1/verdicts/{page.slug}/claimreview/", "/feeds/claimreview.json",
        f"{page.get_absolute_url()}versions/1/",
    ]  # fmt: skip

    def said() -> list[str]:
        found = [Client().get(address) for address in addresses]
        texts = [one.getvalue() if one.streaming else one.content for one in found]
        return [address for address, text in zip(addresses, texts, strict=True) if cited.title.encode() in text]

    assert said() == addresses
    tags = [Client().get(address).headers.get("ETag", "") for address in addresses]
    _hidden(page)
    assert said() == []
    for address, tag in zip(addresses, tags, strict=True):
        assert Client().get(address, headers={"If-None-Match": tag}).status_code == 200, address
