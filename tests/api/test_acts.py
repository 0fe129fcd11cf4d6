"""The way of one story through the API, versions, pages of results, and input that is wrong."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Claim, Evidence
from articles.services.extraction import revision_extract
from reviews.models import Publication
from tests.publishing import STATEMENT, approved, article, claim, evidence, proposal, proposed, published

pytestmark = pytest.mark.django_db

STORY = (
    "OSTREL, January 19 (Tessel Wire) - The Ostrel tidal plant delivered 1,371 gigawatt-hours last year, "
    "the energy ministry reported on Monday. Output has doubled, minister Ilva Torrent said."
)


def test_story_goes_in_and_its_verdict_comes_out(api: Any) -> None:
    checker, reviewer, publisher = api("Checker"), api("Reviewer"), api("Publisher")
    stored = checker.post("articles/", {"text": STORY, "url": "https://tessel.example/ostrel"})
    assert stored.status_code == 201
    assert stored["Location"] == f"/api/v1/articles/{stored.json()['id']}/"
    revision_extract(revision_id=Article.objects.get().current.pk)
    found = checker.get(f"claims/?article={stored.json()['id']}").json()["results"]
    assert found
    evidence(Claim.objects.get(pk=found[0]["id"]))
    review = checker.post(f"claims/{found[0]['id']}/take/").json()
    body = {"label": "misleading", "rationale": proposal().rationale, "quote_check": "accurate"}
    review = checker.post(f"reviews/{review['id']}/propose/", body | {"version": review["version"]}).json()
    assert review["verdict"]["label"] == "misleading"
    assert reviewer.post(f"reviews/{review['id']}/approve/", {"version": review["version"]}).status_code == 200
    draft = publisher.get("publications/?state=draft").json()["results"][0]
    live = publisher.post(f"publications/{draft['id']}/publish/", {"version": draft["version"]}).json()
    assert (live["state"], live["versions"][0]["number"]) == ("live", 1)
    shown = publisher.get(f"verdicts/{live['slug']}/claimreview/")
    assert shown["Content-Type"] == "application/ld+json"
    assert shown.json()["reviewRating"]["alternateName"] == "Misleading"
    assert publisher.get("verdicts/").json()["results"][0]["label"] == "Misleading"


# --- stories -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "content_type", "title"),
    [
        (STORY, "text/plain", None),
        (STORY.encode("utf-16"), "text/plain; charset=utf-16", None),
        (f"<html><title>Plant</title><article><h1>Plant</h1><p>{STORY}</p></article></html>", "text/html", "Plant"),
        ({"text": STORY}, "application/json", None),
        (
            {"html": f"<html><title>Plant</title><article><h1>Plant</h1><p>{STORY}</p></article></html>"},
            "application/json", "Plant",
        ),
    ],
)  # fmt: skip
def test_story_may_come_as_json_or_as_it_is(data: Any, content_type: str, title: str | None, api: Any) -> None:
    answer = api("Reporter").post("articles/", data, content_type=content_type)
    assert answer.status_code == 201
    assert answer.json()["created"] is True
    if title:
        assert answer.json()["title"] == title


def test_same_text_again_is_the_article_the_desk_has(api: Any) -> None:
    mine = api("Reporter")
    first = mine.post("articles/", {"text": STORY})
    again = mine.post("articles/?name=story.txt", STORY, content_type="text/plain")
    assert (first.status_code, again.status_code) == (201, 200)
    assert (again.json()["id"], again.json()["created"]) == (first.json()["id"], False)
    assert Article.objects.count() == 1


def test_other_text_from_a_known_address_is_the_next_revision(api: Any) -> None:
    mine = api("Reporter")
    mine.post("articles/", {"text": STORY, "url": "https://tessel.example/1"})
    later = mine.post("articles/", {"text": f"{STORY} It opened in 2019.", "url": "https://tessel.example/1"})
    assert (later.status_code, later.json()["revision"]) == (201, 2)
    revisions = mine.get(f"articles/{later.json()['id']}/").json()["revisions"]
    assert [revision["number"] for revision in revisions] == [1, 2]


BAD_STORIES = {
    "nothing": (b"", "text/plain", 422, "article.empty"),
    "binary": (b"\x00\x01\x02\x03" * 50, "text/plain", 422, "article.binary"),
    "not utf-8": (b"\xff\xfe\xfd story", "text/plain; charset=utf-8", 422, None),
    "a field too few": (b"{}", "application/json", 422, "input.invalid"),
    "two texts": (b'{"text": "a", "html": "b"}', "application/json", 422, "input.invalid"),
    "a list": (b"[1, 2]", "application/json", 422, "input.invalid"),
    "a number": (b"7", "application/json", 422, "input.invalid"),
    "null": (b"null", "application/json", 422, "input.invalid"),
    "half an object": (b'{"text": "a', "application/json", 400, "request.parse_error"),
    "not utf-8 json": (b'{"text": "\xff"}', "application/json", 400, "request.parse_error"),
    "not a number": (b'{"text": NaN}', "application/json", 400, "request.parse_error"),
    "deep": (b"[" * 100_000, "application/json", 400, "request.too_deep"),
    "deeper than needed": (b"[" * 30 + b"]" * 30, "application/json", 400, "request.too_deep"),
    "a lone surrogate": (b'{"text": "\\ud800"}', "application/json", 422, "input.invalid"),
    "a zero byte": (b'{"text": "a\\u0000b"}', "application/json", 422, "input.invalid"),
    "a local file": (b'{"text": "a.", "url": "file:///etc/passwd"}', "application/json", 422, "input.invalid"),
    "a long address": (
        json.dumps({"text": "a.", "url": f"https://x.example/{'a' * 700}"}).encode(), "application/json", 422,
        "input.invalid",
    ),
    "another type": (b"<a/>", "application/xml", 415, "request.unsupported_media_type"),
    "no type": (b"{}", "", 415, "request.unsupported_media_type"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_STORIES)
def test_bad_story_is_told_what_is_wrong_and_leaves_nothing(name: str, api: Any) -> None:
    data, content_type, status, code = BAD_STORIES[name]
    answer = api("Reporter").call("POST", "articles/", data=data, content_type=content_type)
    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code
    assert not Article.objects.exists()


def test_story_that_is_too_large_is_refused(api: Any) -> None:
    answer = api("Reporter").post("articles/", b"a story. " * 1_200_000, content_type="text/plain")
    assert (answer.status_code, answer.json()["code"]) == (422, "article.too_large")


# --- versions ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("headers", "body", "status", "code"),
    [
        ({}, {"version": 99}, 409, "workflow.changed"),
        ({"If-Match": '"99"'}, {}, 412, "request.precondition"),
        ({"If-Match": "rubbish"}, {}, 422, "request.if_match"),
        ({"If-Match": "*"}, {}, 200, None),
    ],
)
def test_act_on_a_version_that_is_gone_is_refused(
    headers: dict[str, str], body: dict[str, int], status: int, code: str | None, api: Any
) -> None:
    publisher = api("Publisher")
    draft, review, row = approved(), proposed(), evidence(claim(), state="suggested")
    for path in (f"publications/{draft.pk}/publish/", f"reviews/{review.pk}/approve/", f"evidence/{row.pk}/keep/"):
        answer = publisher.post(path, body, headers=headers)
        assert answer.status_code == status
        assert code is None or answer.json()["code"] == code


def test_act_on_a_verdict_or_a_page_must_name_the_version(api: Any) -> None:
    publisher, draft, review = api("Publisher"), approved(), proposed()
    for path in (f"publications/{draft.pk}/publish/", f"reviews/{review.pk}/approve/"):
        refused = publisher.post(path)
        assert (refused.status_code, refused.json()["code"]) == (428, "request.version_needed")
    assert draft.versions.count() == 0


def test_etag_of_what_was_read_is_what_if_match_wants(api: Any) -> None:
    publisher, draft = api("Publisher"), approved()
    tag = publisher.get(f"publications/{draft.pk}/")["ETag"]
    assert publisher.post(f"publications/{draft.pk}/publish/", headers={"If-Match": tag}).status_code == 200
    again = publisher.post(f"publications/{draft.pk}/publish/", headers={"If-Match": tag})
    assert again.status_code == 412
    again = publisher.post(f"publications/{draft.pk}/publish/", headers={"If-Match": "*"})
    assert again.json()["code"] == "workflow.wrong_state"
    assert Publication.objects.get().versions.count() == 1


def test_gates_and_lint_answer_with_what_is_missing(api: Any) -> None:
    checker, made = api("Checker"), claim()
    review = checker.post(f"claims/{made.pk}/take/").json()
    body = {"label": "false", "rationale": "Too short.", "version": review["version"]}
    refused = checker.post(f"reviews/{review['id']}/propose/", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "review.gate")
    draft = approved(summary="<script>alert(1)</script>")
    refused = api("Publisher").post(f"publications/{draft.pk}/publish/", {"version": draft.version})
    assert (refused.status_code, refused.json()["code"]) == (422, "publication.lint")


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("propose", {"label": "false"}, "#/rationale"),
        ("propose", {"label": "false", "rationale": "x", "quote_check": "maybe"}, "#/quote_check"),
        ("propose", {"label": ["false"], "rationale": "x"}, "#/label"),
        ("request_changes", {}, "#/note"),
        ("approve", {"version": "one"}, "#/version"),
    ],
)
def test_wrong_fields_are_pointed_at(path: str, body: Any, pointer: str, api: Any) -> None:
    answer = api("Reviewer").post(f"reviews/{proposed().pk}/{path}/", body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


# --- lists and what is not there -----------------------------------------------------------------------
def test_pages_follow_each_other_without_gap_or_repeat(api: Any) -> None:
    of = article()
    wanted = [claim(of).pk for _ in range(7)]
    viewer, seen, path = api("Viewer"), [], "claims/?limit=3"
    while path:
        answer = viewer.get(path)
        seen += [row["id"] for row in answer.json()["results"]]
        following = answer.json()["next"]
        assert (f'<{following}>; rel="next"' in answer.get("Link", "")) == bool(following)
        path = following.partition("/api/v1/")[2] if following else ""
    assert seen == sorted(wanted, reverse=True)


@pytest.mark.parametrize("cursor", ["p=abc", "p=", "p=%00", "p=\0", "r=1&p=x", f"p={'9' * 30}", "p=1\n"])
@pytest.mark.parametrize("path", ["articles", "claims", "publications", "verdicts"])
def test_a_broken_cursor_is_no_page(path: str, cursor: str, api: Any) -> None:
    asked = api().get(f"{path}/", query_params={"cursor": base64.b64encode(cursor.encode()).decode()})
    assert asked.status_code == 404
    assert asked.json()["detail"] == "Invalid cursor"


@pytest.mark.parametrize(
    ("query", "found"),
    [("state=confirmed", 1), ("state=proposed", 1), ("min_score=0.5", 1), ("min_score=0", 2), ("article=999", 0)],
)
def test_claims_are_filtered(query: str, found: int, api: Any) -> None:
    of = article()
    claim(of)
    claim(of, state="proposed", score=0.1)
    assert len(api("Viewer").get(f"claims/?{query}").json()["results"]) == found


@pytest.mark.parametrize(
    "query", ["state=nonsense", "min_score=2", "min_score=NaN", "article=x", f"article={10**30}", "article=-1"]
)
def test_wrong_filters_are_refused(query: str, api: Any) -> None:
    assert api("Viewer").get(f"claims/?{query}").status_code == 422


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("claims/?cursor=rubbish", 404),
        ("claims/424242/", 404),
        (f"claims/{10**30}/", 404),
        ("articles/424242/", 404),
        ("reviews/424242/", 404),
        ("publications/424242/", 404),
        ("verdicts/no-such-slug/", 404),
        ("verdicts/no-such-slug/claimreview/", 404),
        ("nothing/", 404),
    ],
)
def test_what_is_not_there_is_a_problem_document(path: str, status: int, api: Any) -> None:
    assert api("Publisher").get(path).status_code == status


def test_draft_is_not_among_the_verdicts(api: Any) -> None:
    draft = approved()
    assert api("Publisher").get("verdicts/").json()["results"] == []
    assert api("Publisher").get(f"verdicts/{draft.slug}/").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_method_that_is_not_offered_answers_405(method: str, api: Any) -> None:
    answer = api("Publisher").call(method, "claims/")
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]


def test_format_that_is_not_offered_answers_406(api: Any) -> None:
    assert api("Publisher").get("claims/", headers={"Accept": "application/xml"}).status_code == 406


def test_confidential_evidence_never_leaves_and_described_evidence_keeps_its_secret(api: Any) -> None:
    made = claim()
    evidence(made, title="Open")
    evidence(made, title="Described source", visibility="described", passage="secret words")
    hidden = evidence(made, title="Hidden source", visibility="confidential", passage="secret words")
    answer = api("Checker").get(f"claims/{made.pk}/")
    body = answer.content.decode()
    assert [row["title"] for row in answer.json()["evidence"]].count("Open") == 1
    assert len(answer.json()["evidence"]) == 2
    assert "secret" not in body
    assert "Described source" not in body
    assert api("Checker").post(f"evidence/{hidden.pk}/keep/").status_code == 404


def test_evidence_is_kept_dropped_and_weighed(api: Any) -> None:
    row, checker = evidence(claim(), state="suggested", stance=""), api("Checker")
    assert checker.post(f"evidence/{row.pk}/keep/").json()["stance"] == "supports"
    assert checker.post(f"evidence/{row.pk}/stance/", {"stance": "refutes"}).json()["stance"] == "refutes"
    assert checker.post(f"evidence/{row.pk}/drop/", {"note": "Of another year."}).json()["state"] == "dropped"
    assert Evidence.objects.get().version == 4


@pytest.mark.parametrize("path", ["claims/", "articles/", "reviews/", "publications/", "verdicts/"])
def test_lists_ask_the_same_number_of_questions_however_long(path: str, api: Any) -> None:
    viewer = api("Viewer")
    published()
    few = questions(viewer, path)
    for _ in range(4):
        published(claim(statement=f"{STATEMENT} again"))
    assert questions(viewer, path) == few <= 9


def test_one_claim_asks_the_same_number_of_questions_however_much_there_is(api: Any) -> None:
    viewer, made = api("Viewer"), claim()
    evidence(made)
    few = questions(viewer, f"claims/{made.pk}/")
    for _ in range(5):
        evidence(made)
    assert questions(viewer, f"claims/{made.pk}/") == few <= 9


def questions(viewer: Any, path: str) -> int:
    viewer.get(path)  # the key notes its first use
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert viewer.get(path).status_code == 200
    return len(asked)


def test_a_program_may_hide_evidence_and_then_sees_it_no_more(api: Any) -> None:
    row, checker = evidence(claim(), state="kept", stance="supports", passage="secret words"), api("Checker")
    answer = checker.post(f"evidence/{row.pk}/visibility/", {"visibility": "confidential"})
    assert answer.status_code == 200
    assert "secret words" not in answer.content.decode()
    assert checker.post(f"evidence/{row.pk}/visibility/", {"visibility": "public"}).status_code == 404
