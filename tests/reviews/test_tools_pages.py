"""Google's Fact Check Tools holds what is published: made, updated and deleted there, whatever goes wrong between.

The server is a real one on loopback that answers as the API does (discovery document of factchecktools v1alpha1).
"""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from django.utils import timezone

from factcheck.core.errors import WrongState
from reviews.choices import PushState
from reviews.facttools_page import markup_page
from reviews.models import Publication, ToolsPage
from reviews.selectors.published import document_of, newest_version, publication_by_slug
from reviews.services import toolsapi
from reviews.services.correction import publication_correct, publication_retract
from reviews.services.toolspages import tools_page_again, tools_page_push, tools_pages_sweep
from tests.publishing import STATEMENT, person, published
from tests.servers import Asked, Reply, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()


class Tools:
    """The API: pages by name, tokens for who signs for one, and whatever it is told to answer instead."""

    def __init__(self) -> None:
        self.pages: dict[str, dict[str, Any]] = {}
        self.instead: list[Reply] = []
        self.tokens = 0
        self.made = 0

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/token":
            return self._token(asked)
        if asked.headers.get("authorization") != f"Bearer token-{self.tokens}":
            return _error(401, "Request had invalid authentication credentials.")
        if self.instead:
            return self.instead.pop(0)
        name = asked.path.removeprefix("/v1alpha1/")
        if name == "pages":
            return self._listed(asked) if asked.method == "GET" else self._created(asked)
        return self._one(asked, name) if name in self.pages else _error(404, "Requested entity was not found.")

    def _one(self, asked: Asked, name: str) -> Reply:
        held = self.pages[name]
        if asked.method == "DELETE":
            del self.pages[name]
            return _json({})
        if asked.method == "PUT":
            sent = json.loads(asked.body)
            if sent["versionId"] != held["versionId"]:
                return _error(409, "The page has changed since.")
            self.pages[name] = sent | {"name": name, "versionId": f"{sent['versionId']}+"}
        return _json(self.pages[name])

    def _token(self, asked: Asked) -> Reply:
        assertion = asked.body.decode().partition("assertion=")[2]
        signed, _, signature = assertion.rpartition(".")
        KEY.public_key().verify(_bytes(signature), signed.encode(), padding.PKCS1v15(), SHA256())
        claims = json.loads(_bytes(signed.partition(".")[2]))
        assert (claims["iss"], claims["scope"]) == ("desk@example.iam.example", toolsapi.SCOPE)
        self.tokens += 1
        return _json({"access_token": f"token-{self.tokens}", "expires_in": 3600, "token_type": "Bearer"})

    def _listed(self, asked: Asked) -> Reply:
        found = [one for one in self.pages.values() if one["pageUrl"] == asked.params["url"]]
        return _json({"claimReviewMarkupPages": found} if found else {})

    def _created(self, asked: Asked) -> Reply:
        self.made += 1
        name = f"pages/p{self.made}"
        self.pages[name] = json.loads(asked.body) | {"name": name, "versionId": "v1"}
        return _json(self.pages[name])


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _json(body: dict[str, Any], status: int = 200) -> Reply:
    return Reply(json.dumps(body).encode(), status, {"Content-Type": "application/json; charset=UTF-8"})


def _error(status: int, message: str) -> Reply:
    return _json({"error": {"code": status, "message": message, "status": "SOMETHING"}}, status)


@pytest.fixture
def tools(settings: Any) -> Iterator[Tools]:
    made = Tools()
    with serving(made) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        settings.FACTCHECKTOOLS_URL = server.url
        account = {"client_email": "desk@example.iam.example", "private_key": PEM, "token_uri": f"{server.url}/token"}
        settings.FACTCHECKTOOLS_ACCOUNT = json.dumps(account)
        yield made


def push() -> ToolsPage:
    tools_page_push(page_id=ToolsPage.objects.get().pk)
    return ToolsPage.objects.get()


def correct(page: Publication) -> None:
    page.refresh_from_db()
    publication_correct(publication=page, actor=person("Publisher"), change="correction", note="Another year.")


def retract(page: Publication) -> None:
    page.refresh_from_db()
    publication_retract(publication=page, actor=person("Publisher"), note="Another plant was meant.")


def test_nothing_is_noted_or_sent_while_it_is_off() -> None:
    page = published()
    assert not ToolsPage.objects.exists()
    assert tools_pages_sweep() == 0
    with pytest.raises(WrongState) as refused:
        tools_page_again(publication=page, actor=None)
    assert refused.value.code == "tools.off"


def test_page_is_made_updated_and_deleted_with_the_verdict(tools: Tools) -> None:
    page = published()
    row = push()
    assert (row.state, row.name, row.done, row.status) == (PushState.DONE, "pages/p1", 1, 200)
    held = tools.pages["pages/p1"]
    assert held["pageUrl"].endswith(page.get_absolute_url())
    assert held["claimReviewMarkups"][0]["claimReviewed"] == STATEMENT
    correct(page)
    assert (push().done, list(tools.pages), tools.pages["pages/p1"]["versionId"]) == (2, ["pages/p1"], "v1+")
    retract(page)
    row = push()
    assert (row.state, row.name, row.done, tools.pages) == (PushState.DONE, "", 3, {})
    assert tools.tokens == 1


def test_task_that_runs_twice_asks_once(tools: Tools) -> None:
    published()
    pk = ToolsPage.objects.get().pk
    assert [tools_page_push(page_id=pk), tools_page_push(page_id=pk)] == [PushState.DONE, None]
    assert tools.made == 1


def test_page_that_was_made_without_our_hearing_of_it_is_found_by_its_address(tools: Tools) -> None:
    """The worker died between the answer and its note."""
    published()
    push()
    ToolsPage.objects.update(name="", done=0, state=PushState.QUEUED, lease_until=timezone.now() - timedelta(1))
    assert (push().name, tools.made) == ("pages/p1", 1)


def test_page_that_somebody_deleted_there_is_made_again(tools: Tools) -> None:
    page = published()
    push()
    tools.pages.clear()
    correct(page)
    assert (push().name, tools.made) == ("pages/p2", 2)


def test_what_nobody_has_there_is_deleted_all_the_same(tools: Tools) -> None:
    page = published()
    push()
    tools.pages.clear()
    retract(page)
    row = push()
    assert (row.state, row.name, row.said) == (PushState.DONE, "", "")


def test_what_is_published_while_it_is_sent_is_sent_too(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    page = published()
    real = toolsapi.call

    def meanwhile(method: str, path: str, **more: Any) -> Any:
        if method == "POST":
            correct(page)
        return real(method, path, **more)

    monkeypatch.setattr("reviews.services.toolspages.call", meanwhile)
    row = push()
    assert (row.state, row.done, row.wanted) == (PushState.QUEUED, 1, 2)
    assert (push().state, ToolsPage.objects.get().done) == (PushState.DONE, 2)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (_error(503, "Try later."), "Try later."), (_error(403, "No such permission."), "No such permission."),
        (Reply(b"<html>", 502), "502"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_and_tried_again_later(tools: Tools, reply: Reply, said: str) -> None:
    published()
    tools.instead = [reply]
    row = push()
    assert (row.state, row.tries, row.done) == (PushState.QUEUED, 1, 0)
    assert said in row.said
    assert row.not_before > timezone.now()
    assert tools_page_push(page_id=row.pk) is None
    ToolsPage.objects.update(not_before=timezone.now())
    assert push().state == PushState.DONE


def test_it_is_given_up_after_the_last_try_and_begins_anew_when_asked(tools: Tools) -> None:
    page = published()
    tools.instead = [_error(403, "No.") for _ in range(8)]
    for _ in range(8):
        ToolsPage.objects.update(not_before=timezone.now())
        row = push()
    assert (row.state, row.tries) == (PushState.FAILED, 8)
    assert tools_pages_sweep() == 0
    tools_page_again(publication=page, actor=None)
    assert push().state == PushState.DONE


def test_token_that_is_not_taken_any_more_is_renewed(tools: Tools) -> None:
    page = published()
    push()
    tools.tokens += 1  # somebody took the old one back
    correct(page)
    assert (push().state, tools.tokens) == (PushState.DONE, 3)


@pytest.mark.parametrize(
    "account", ["{}", "no json", '{"private_key": "x", "client_email": "a", "token_uri": "b"}', "[]"]
)
def test_key_file_that_is_none_is_told_in_the_row(account: str, tools: Tools, settings: Any) -> None:
    published()
    settings.FACTCHECKTOOLS_ACCOUNT = account
    row = push()
    assert (row.state, row.status) == (PushState.QUEUED, None)
    assert "FACTCHECKTOOLS_ACCOUNT" in row.said


def test_what_a_dead_worker_held_is_given_out_again(tools: Tools) -> None:
    published()
    ToolsPage.objects.update(lease_until=timezone.now() + timedelta(seconds=60))
    assert (tools_page_push(page_id=ToolsPage.objects.get().pk), tools_pages_sweep()) == (None, 0)
    ToolsPage.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert tools_pages_sweep() == 1
    assert push().state == PushState.DONE


# --- the shape -----------------------------------------------------------------------------------------
def test_page_has_every_field_the_api_knows() -> None:
    document = {
        "url": "https://facts.example/verdicts/tram/", "claimReviewed": "The tram is full",
        "datePublished": "2026-11-20T12:00:00+00:00",
        "author": {"name": "Halden Facts", "logo": {"url": "https://facts.example/logo.png"}},
        "itemReviewed": {
            "datePublished": "2026-11-19",
            "author": [
                {"name": "Oda Wren", "jobTitle": "Mayor", "sameAs": ["https://people.example/wren"]},
                {"name": "Another"},
            ],
            "firstAppearance": {"url": "https://quarrel.example/1"},
            "appearance": [
                {"url": "https://quarrel.example/2"},
                {"@type": "Clip", "isPartOf": {"url": "https://video.example/9"}}, {"name": "a leaflet"},
            ],
        },
        "reviewRating": {
            "ratingValue": 2, "bestRating": 5, "worstRating": 1, "alternateName": "Misleading",
            "ratingExplanation": "On working days only.",
        },
    }  # fmt: skip
    assert markup_page(document) == {
        "pageUrl": "https://facts.example/verdicts/tram/", "publishDate": "2026-11-20",
        "claimReviewAuthor": {"name": "Halden Facts", "imageUrl": "https://facts.example/logo.png"},
        "claimReviewMarkups": [{
            "url": "https://facts.example/verdicts/tram/", "claimReviewed": "The tram is full",
            "claimDate": "2026-11-19", "claimFirstAppearance": "https://quarrel.example/1",
            "claimAppearances": ["https://quarrel.example/2", "https://video.example/9"],
            "claimAuthor": {"name": "Oda Wren", "jobTitle": "Mayor", "sameAs": "https://people.example/wren"},
            "rating": {"ratingValue": 2, "worstRating": 1, "bestRating": 5, "textualRating": "Misleading",
                       "ratingExplanation": "On working days only."},
        }],
    }  # fmt: skip


def test_what_is_not_known_is_left_out() -> None:
    page = published(label="unproven", gaps="Nobody keeps figures of that year.")
    made = markup_page(document_of(newest_version(publication_by_slug(page.slug))))
    assert made["claimReviewMarkups"][0]["rating"].keys() == {"textualRating", "ratingExplanation"}
