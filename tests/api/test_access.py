"""Who may call what: a table of endpoints by scope and by role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from factcheck.core.models import ApiKey
from reviews.policies import ROLES
from reviews.workflow import ReviewState
from tests.api.conftest import SCOPES
from tests.publishing import approved, claim, evidence, match, person, proposal, proposed, published

pytestmark = pytest.mark.django_db

PROPOSAL = {"label": "false", "rationale": proposal().rationale, "quote_check": "accurate"}

# name -> (method, scope, permissions of which one is needed, body)
ENDPOINTS: dict[str, tuple[str, str, tuple[str, ...], Any]] = {
    "articles": ("GET", "read", ("read_desk", "ingest"), None),
    "article": ("GET", "read", ("read_desk",), None),
    "ingest": ("POST", "ingest", ("ingest",), {"text": "Output has doubled, the minister said."}),
    "claims": ("GET", "read", ("read_desk", "ingest"), None),
    "claim": ("GET", "read", ("read_desk",), None),
    "take": ("POST", "verdict:write", ("propose_verdict",), {}),
    "keep": ("POST", "verdict:write", ("add_evidence",), {}),
    "drop": ("POST", "verdict:write", ("add_evidence",), {}),
    "stance": ("POST", "verdict:write", ("add_evidence",), {"stance": "refutes"}),
    "accept": ("POST", "verdict:write", ("edit_claims",), {}),
    "reject": ("POST", "verdict:write", ("edit_claims",), {}),
    "reviews": ("GET", "read", ("read_desk", "ingest"), None),
    "review": ("GET", "read", ("read_desk",), None),
    "approve": ("POST", "verdict:write", ("second_review",), {}),
    "request_changes": ("POST", "verdict:write", ("second_review",), {"note": "Which year?"}),
    "publications": ("GET", "read", ("read_desk", "ingest"), None),
    "publication": ("GET", "read", ("read_desk",), None),
    "publish": ("POST", "publish", ("publish",), {}),
    "sources": ("GET", "read", ("read_desk", "ingest"), None),
    "annotations": ("GET", "read", ("read_desk", "ingest"), None),
    "everything": ("GET", "read", ("read_desk", "ingest"), None),
    "audit": ("GET", "audit", ("read_audit",), None),
    "dismiss": ("POST", "verdict:write", ("edit_claims",), {"reason": "vague"}),
    "reword": ("POST", "verdict:write", ("edit_claims",), {"statement": "Output has doubled."}),
    "search": ("POST", "verdict:write", ("add_evidence",), {"words": "output 2025"}),
    "assign": ("POST", "verdict:write", ("assign_reviews",), {"assignee": "a-checker"}),
    "retract": ("POST", "publish", ("retract",), {"note": "It was another plant."}),
    "correct": ("POST", "publish", ("correct",), {"change": "refile"}),
}


def path_of(name: str) -> str:
    """The address of an endpoint, with rows made so that the right person would get through."""
    if name in ("articles", "ingest", "everything"):
        return "search/?q=plant" if name == "everything" else "articles/"
    if name in ("claims", "reviews", "publications", "sources", "annotations", "audit"):
        return f"{name}/"
    if name in ("article", "claim", "take"):
        made = claim()
        return {"article": f"articles/{made.article_id}/", "claim": f"claims/{made.pk}/"}.get(
            name, f"claims/{made.pk}/take/"
        )
    if name in ("dismiss", "reword", "assign", "search"):
        person("Checker", "a-checker")
        return f"claims/{claim().pk}/{name}/"
    if name in ("retract", "correct"):
        return f"publications/{published().pk}/{name}/"
    if name in ("accept", "reject", "keep", "drop", "stance"):
        made = claim()
        of_match = name in ("accept", "reject")
        row = match(made) if of_match else evidence(made, state="suggested", stance="")
        return f"{'matches' if of_match else 'evidence'}/{row.pk}/{name}/"
    if name in ("review", "approve", "request_changes"):
        review = proposed()
        return f"reviews/{review.pk}/" if name == "review" else f"reviews/{review.pk}/{name}/"
    return f"publications/{approved().pk}/{'publish/' if name == 'publish' else ''}"


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_endpoint_wants_its_scope(name: str, api: Any) -> None:
    method, scope, _permissions, body = ENDPOINTS[name]
    path = path_of(name)
    others = [other for other in SCOPES if other != scope]
    refused = call(api("Publisher", *others), method, path, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "key.scope")


@pytest.mark.parametrize("name", ENDPOINTS)
def test_without_a_key_nothing_is_told(name: str, api: Any) -> None:
    method, _scope, _permissions, body = ENDPOINTS[name]
    nobody = api("Viewer")
    nobody.headers = {}
    answer = call(nobody, method, path_of(name), body)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("role", ["", *ROLES])
@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_role_gets_what_the_policy_says(name: str, role: str, api: Any) -> None:
    method, _scope, needed, body = ENDPOINTS[name]
    held = set(ROLES.get(role, ()))
    answer = call(api(role), method, path_of(name), body)
    if not needed or held & set(needed):
        reads = "read_desk" in held or name in ("ingest",) or method == "GET"
        assert answer.status_code in ((200, 201) if reads else (404,))
    else:
        # Who may not see a thing is not told that it is there.
        assert answer.status_code in (403, 404)
        assert answer.status_code == 403 or "ingest" in held


def call(api: Any, method: str, path: str, body: Any) -> Any:
    return api.get(path) if method == "GET" else api.post(path, body, headers={"If-Match": "*"})


@pytest.mark.parametrize(
    ("spoil", "detail"),
    [
        ({"revoked_at": timezone.now()}, "revoked"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "expired"),
        ({"digest": "0" * 64}, "not known"),
    ],
)
def test_key_that_is_no_longer_good_opens_nothing(spoil: dict[str, Any], detail: str, api: Any) -> None:
    mine = api("Checker")
    ApiKey.objects.update(**spoil)
    answer = mine.get("claims/")
    assert answer.status_code == 401
    assert detail in answer.json()["detail"]


def test_key_of_somebody_who_left_opens_nothing(api: Any) -> None:
    mine = api("Checker")
    mine.holder.is_active = False
    mine.holder.save()
    assert mine.get("claims/").status_code == 401


def test_session_works_too_and_writing_with_it_wants_the_csrf_token(api: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("Checker"))
    assert client.get("/api/v1/claims/").status_code == 200
    refused = client.post(f"/api/v1/claims/{claim().pk}/take/", {}, content_type="application/json")
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")


# --- the two-person rule -------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["Reviewer", "Desk editor"])
def test_proposer_cannot_approve_through_the_api(role: str, api: Any) -> None:
    mine = api(role)
    made = claim()
    evidence(made)
    review = mine.post(f"claims/{made.pk}/take/").json()
    seen = {"If-Match": "*"}
    answer = mine.post(f"reviews/{review['id']}/propose/", PROPOSAL, headers=seen)
    assert (answer.status_code, answer.json()["state"]) == (200, ReviewState.SECOND_REVIEW)
    for body in ({}, {"override_reason": "It is late."}):
        refused = mine.post(f"reviews/{review['id']}/approve/", body, headers=seen)
        assert (refused.status_code, refused.json()["code"]) == (403, "review.own_proposal")
    refused = mine.post(f"reviews/{review['id']}/request_changes/", {"note": "x"}, headers=seen)
    assert refused.json()["code"] == "review.own_proposal"
    assert api("Reviewer").post(f"reviews/{review['id']}/approve/", headers=seen).status_code == 200


def test_superuser_key_has_no_editorial_rights(api: Any) -> None:
    chief = person()
    chief.is_superuser = True
    chief.save()
    assert api(holder=chief).post(f"publications/{approved().pk}/publish/").status_code in (403, 404)
