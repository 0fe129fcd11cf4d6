"""What surprised somebody who wrote a small client for a CMS by hand, each as it is answered now."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from articles.models import Desk, Evidence
from articles.services.evidence import evidence_set_visibility
from reviews.choices import LetterKind
from reviews.models import DeskPolicy, Letter, Membership, Notice, Scale, VerdictLabel
from reviews.services.letter import Written, letter_receive
from tests.publishing import approved, article, bearer, claim, evidence, person, published

pytestmark = pytest.mark.django_db
PROPOSED = {
    "label": "mixed",
    "rationale": "The accounts name 29,400 a working day.",
    "summary": "Half so.",
}


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    return dict(answer.json())


# --- bodies --------------------------------------------------------------------------------------------
def test_field_that_is_misspelt_is_refused_and_nothing_is_done(api: Any) -> None:
    draft = approved()
    sent = api("Publisher").post(f"publications/{draft.pk}/retract/", {"note": "Wrong.", "verison": draft.version})
    said = problem(sent, 422)
    assert [(one["pointer"], one["code"]) for one in said["errors"]] == [("#/verison", "unknown_field")]
    assert "note, version" in said["errors"][0]["detail"] or "version, note" in said["errors"][0]["detail"]


def test_fields_of_a_receiver_too(api: Any) -> None:
    chief = api("Administrator")
    made = chief.post("webhooks/", {"name": "CMS", "url": "https://cms.example/hook"}).json()
    said = problem(
        chief.call("PATCH", f"webhooks/{made['id']}/", data={"on": False}, content_type="application/json"), 422
    )
    assert said["errors"][0]["pointer"] == "#/on"


def test_what_is_wrong_with_the_whole_body_points_at_the_whole(api: Any) -> None:
    said = problem(api("Reporter").post("articles/", {"url": "https://quarrel.example/"}), 422)
    assert [one["pointer"] for one in said["errors"]] == ["#"]


def test_slash_in_the_name_of_a_field_is_escaped_in_its_pointer(api: Any) -> None:
    said = problem(api("Reporter").post("articles/", {"text": "Words.", "a/b~c": 1}), 422)
    assert [one["pointer"] for one in said["errors"]] == ["#/a~1b~0c"]


def test_label_that_is_on_no_scale_is_named_with_those_that_are(api: Any) -> None:
    checker = api("Checker")
    mine = claim()
    evidence(mine)
    taken = checker.post(f"claims/{mine.pk}/take/", {}).json()
    sent = checker.post(f"reviews/{taken['id']}/propose/", {**PROPOSED, "label": "mixt", "version": taken["version"]})
    said = problem(sent, 422)
    assert said["code"] == "review.unknown_label"
    assert "mixt" in said["detail"]
    assert "misleading, mixed" in said["detail"]


# --- versions ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("form", ["W/{tag}", '"77", {tag}', '{tag} , "78"'])
def test_tag_that_went_through_a_compressing_proxy_or_stands_in_a_list_is_understood(form: str, api: Any) -> None:
    publisher, draft = api("Publisher"), approved()
    tag = publisher.get(f"publications/{draft.pk}/")["ETag"]
    headers = {"If-Match": form.format(tag=tag)}
    assert publisher.post(f"publications/{draft.pk}/publish/", {}, headers=headers).status_code == 200
    said = problem(publisher.post(f"publications/{draft.pk}/retract/", {"note": "Wrong."}, headers=headers), 412)
    assert said["code"] == "request.precondition"


# --- citing --------------------------------------------------------------------------------------------
def test_evidence_says_by_which_number_it_is_cited(api: Any) -> None:
    """A bug: a program could not know that the third suggestion is [3] though the first two are hidden."""
    about, checker = claim(), api("Checker")
    rows = [evidence(about, state="suggested") for _ in range(3)]
    evidence_set_visibility(evidence=rows[1], actor=person("Desk editor"), visibility="confidential")
    other = evidence(claim())
    listed = checker.get(f"claims/{about.pk}/evidence/").json()["results"]
    assert [(one["id"], one["number"]) for one in listed] == [(rows[2].pk, 3), (rows[0].pk, 1)]
    read = checker.get(f"claims/{about.pk}/").json()["evidence"]
    assert {one["id"]: one["number"] for one in read} == {rows[0].pk: 1, rows[2].pk: 3}
    sent = {"title": "Accounts", "passage": "29,400 a day", "locator": "p. 3", "stance": "refutes"}
    assert checker.post(f"claims/{about.pk}/evidence/", sent).json()["number"] == 4
    assert checker.post(f"evidence/{other.pk}/drop/", {}).json()["number"] == 1
    assert Evidence.objects.filter(claim=about).count() == 4


# --- addresses and media types ---------------------------------------------------------------------------
def test_address_without_its_slash_says_so() -> None:
    assert "/api/v1/verdicts/" in problem(Client().get("/api/v1/verdicts"), 404)["detail"]
    assert "slash" not in problem(Client().get("/api/v1/verdict"), 404)["detail"]


def test_beginning_of_the_api_leads_to_its_pages() -> None:
    answer = Client().get("/api/v1/")
    assert (answer.status_code, answer["Location"]) == (302, "/api/v1/docs/")
    assert '</api/v1/openapi.json>; rel="service-desc"' in answer["Link"]


@pytest.mark.parametrize("path", ["/api/v1/verdicts/", "/api/v1/changes/", "/api/v1/scales/"])
def test_format_is_chosen_by_accept_alone(path: str) -> None:
    published()
    assert problem(Client().get(f"{path}?format=xml"), 422)["code"] == "request.unknown_parameter"
    assert problem(Client().get(path, headers={"Accept": "application/xml"}), 406)["status"] == 406
    assert Client().get(path, headers={"Accept": "text/html, application/json;q=0.9"}).status_code == 200


def test_who_sends_no_key_is_told_how_to() -> None:
    assert "Authorization: Bearer" in problem(Client().get("/api/v1/claims/"), 401)["detail"]


def test_browser_may_ask_before_it_sends_a_key_to_the_search() -> None:
    answer = Client().options("/v1alpha1/claims:search?query=tram", headers={"Origin": "https://x.example"})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert "X-Goog-Api-Key" in answer["Access-Control-Allow-Headers"]


# --- the desk, its scales, its readers --------------------------------------------------------------------
def test_everybody_may_know_who_the_desk_is() -> None:
    answer = Client().get("/api/v1/organisation/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/ld+json")
    assert (answer.json()["@type"], answer["Access-Control-Allow-Origin"]) == ("NewsMediaOrganization", "*")


def test_program_of_a_walled_desk_reads_the_scale_it_judges_with() -> None:
    """A bug: the public list leaves out what only a walled desk judges with, and there was no other."""
    desk = Desk.objects.create(name="Inquiry", slug="inquiry", walled=True)
    own = Scale.objects.create(name="Two", version=1, best=2, worst=1, active=False)
    for value, key in enumerate(("not-so", "so"), 1):
        VerdictLabel.objects.create(scale=own, key=key, name=key, value=value, position=value)
    DeskPolicy.objects.update_or_create(pk=desk.pk, defaults={"desk": desk, "scale": own})
    mine = claim(article(desk=desk))
    insider, outsider = person(), person("Checker")
    role = person("Checker").groups.get()
    Membership.objects.create(person=insider, desk=desk, role=role)
    path = f"/api/v1/claims/{mine.pk}/labels/"
    known = Client().get(path, headers=bearer(insider, "read"))
    assert [one["key"] for one in known.json()] == ["not-so", "so"]
    assert Client().get(path, headers=bearer(outsider, "read")).status_code == 404
    assert "so" not in [one["key"] for scale in Client().get("/api/v1/scales/").json()["results"]
                        for one in scale["labels"]]  # fmt: skip


def test_letters_are_listed_taken_and_answered(api: Any) -> None:
    editor = api("Desk editor")
    asked = letter_receive(Written(kind=LetterKind.QUESTION, words="Did the bridge cost 40 million?"))
    letter_receive(Written(kind=LetterKind.COMPLAINT, words="It is wrong.", publication=published()))
    assert [one["id"] for one in editor.get("letters/?kind=question&open=true").json()["results"]] == [asked.pk]
    taken = editor.post(f"letters/{asked.pk}/take/", {"version": 1})
    assert (taken.status_code, taken.json()["version"]) == (200, 2)
    problem(editor.post(f"letters/{asked.pk}/answer/", {"answer": "38 million."}), 428)
    done = editor.post(f"letters/{asked.pk}/answer/", {"answer": "38 million."}, headers={"If-Match": taken["ETag"]})
    assert (done.json()["outcome"], Letter.objects.get(pk=asked.pk).answer) == ("answered", "38 million.")
    problem(editor.post(f"letters/{asked.pk}/set_aside/", {"version": 3}), 409)
    assert [one["id"] for one in editor.get("letters/?open=false").json()["results"]] == [asked.pk]


@pytest.mark.parametrize("role", ["Checker", "Reviewer", "Reporter"])
def test_letters_are_for_those_who_answer_them(role: str, api: Any) -> None:
    asked = letter_receive(Written(kind=LetterKind.QUESTION, words="Did it?"))
    assert problem(api(role).get("letters/"), 403)["code"] == "workflow.not_allowed"
    assert problem(api(role).get(f"letters/{asked.pk}/"), 404)["code"] == "not_found"


def test_desk_is_told_of_a_new_letter_and_the_notice_names_no_reader() -> None:
    editor, checker = person("Desk editor"), person("Checker")
    asked = letter_receive(Written(kind=LetterKind.QUESTION, words="Did it?", name="Ilka", email="ilka@post.example"))
    told = Notice.objects.get(person=editor)
    assert (told.event, told.url) == ("letter", asked.get_absolute_url())
    assert "Ilka" not in told.words
    assert not Notice.objects.filter(person=checker).exists()


def test_reports_on_articles_are_in_the_sitemap() -> None:
    page = published()
    hidden = published(claim(article(mode="draft")))
    body = Client().get("/sitemap.xml").content.decode()
    assert f"/reports/{page.claim.article_id}/</loc><lastmod>" in body
    assert f"/reports/{hidden.claim.article_id}/" not in body
    assert Client().get("/sitemap-reports.xml").content.decode().count("<url>") == 1
