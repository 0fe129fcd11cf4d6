"""Every page of the admin opens, for whom it should, with a number of queries that does not grow."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import (
    ArchiveCopy,
    ArchiveFeed,
    Article,
    CheckedClaim,
    Claim,
    ClaimMatch,
    Desk,
    Document,
    Evidence,
    LlmDay,
    LlmReading,
    Page,
    PrefillRun,
    ScoringModel,
    Source,
    Watch,
    WatchItem,
    WatchLook,
)
from factcheck.audit.models import AuditEvent
from factcheck.core.authentication import key_create
from factcheck.core.models import ApiKey
from reviews.models import (
    ChatRoom,
    DeskPolicy,
    FollowUp,
    Letter,
    Outgoing,
    Profile,
    Publication,
    Query,
    Review,
    SavedView,
    Scale,
    Submission,
    ToolsPage,
    TriageRule,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from reviews.policies import ROLES
from reviews.services.annotation import annotation_add
from reviews.services.asking import Asking, query_ask
from reviews.services.webhook import endpoint_save
from tests import publishing as desk

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]

OWN_APPS = {"articles", "reviews", "audit", "core", "auth"}
MODELS = [model for model in admin.site._registry if model._meta.app_label in OWN_APPS]
OTHERS = [model for model in admin.site._registry if model._meta.app_label not in OWN_APPS]


def staff(role: str = "", *, superuser: bool = False) -> User:
    made = desk.person(role)
    made.is_staff, made.is_superuser, made.first_name = True, superuser, "Ana"
    made.save()
    return made


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def url(model: Any, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def full_desk(claims: int = 1) -> None:
    """At least one row behind every page."""
    endpoint_save(endpoint=WebhookEndpoint(name="CMS", url="https://cms.example/hook"), actor=None)
    desk.published()
    source = Source.objects.create(name="Ministry papers", kind="documents")
    Document.objects.create(
        source=source, name="a.txt", title="Report", sha256="0" * 64, content=b"x", content_type="text/plain"
    )
    known = CheckedClaim.objects.create(identity="a", claim="Output has doubled")
    ScoringModel.objects.create(number=1, origin="reweighed", parameters={"bias": [0, 0], "weights": {}})
    watch = Watch.objects.create(name="Tessel", url="https://tessel.example/feed")
    watch.looks.create(outcome="ok")
    watch.items.create(key="k", title="Tram line opens")
    ArchiveFeed.objects.create(name="Ostrel checks", url="https://ostrel.example/feed.json")
    ArchiveCopy.objects.create(occasion="verdict:a:1", url="https://desk.example/a")
    Page.objects.create(url="https://stat.example/trams", digest="0" * 64)
    article = desk.article()
    Submission.objects.create(article=article, revision=article.current, created_by_name="Ines Roe")
    LlmDay.objects.create(day=timezone.now().date(), tokens=400)
    reading = LlmReading.objects.create(revision=article.current, model="local-model", outcome="fell_back", dropped=2)
    reading.calls.create(stage="selection", rung="text", tokens=400, outcome="stop")
    for _ in range(claims):
        claim = desk.claim(article)
        desk.evidence(claim, source=source, state="suggested", stance="")
        claim.matches.create(review=known, score=0.8, model="weighing 1", found_at=timezone.now())
        PrefillRun.objects.create(
            claim=claim, source=source, query_digest=str(claim.pk), not_before=timezone.now(), state="failed"
        )
        until = timezone.now() + timedelta(days=1)
        query_ask(claim=claim, actor=desk.person("Checker"), asking=Asking("legal", "Counsel", "May we?", until))
    page = Publication.objects.get()
    page.follow_ups.create(
        outlet="Tessel Wire", url="https://tessel.example/x", found_as="hand", found_at=timezone.now()
    )
    Letter.objects.create(kind="question", words="Is it so?", received_at=timezone.now(), due_at=timezone.now())
    key_create(name="site", person=staff("Publisher"), scopes=["read"])
    room = ChatRoom.objects.create(desk=article.desk, name="Fact desk", url="https://chat.example/hooks/1")
    TriageRule.objects.create(name="Numbers first", kinds=["quantity"], percent=20)
    SavedView.objects.create(desk=article.desk, name="Ferries", query="q=ferry")
    ToolsPage.objects.create(publication=Publication.objects.earliest("pk"), wanted=1, not_before=timezone.now())
    Outgoing.objects.create(key="k", channel="chat", room=room, subject="Told", body="", not_before=timezone.now())


# --- smoke: the registry -----------------------------------------------------------------------------
@pytest.mark.parametrize("model", [*MODELS, *OTHERS], ids=lambda model: model._meta.label)
def test_superuser_opens_list_and_form_and_row(model: Any) -> None:
    full_desk()
    client = signed_in(staff(superuser=True))
    listed = client.get(url(model, "changelist"), follow=True)
    assert listed.status_code == 200
    assert client.get(url(model, "changelist"), {"q": "plant"}, follow=True).status_code == 200
    adds = admin.site._registry[model].has_add_permission(listed.wsgi_request)
    assert client.get(url(model, "add")).status_code == (200 if adds else 403)
    row = model._default_manager.first()
    assert row is not None or model in OTHERS, f"full_desk() has no row of {model._meta.label}"
    if row is not None:
        assert client.get(url(model, "change", row.pk)).status_code == 200
        assert client.get(url(model, "history", row.pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_search_for_thousands_of_words_is_one_for_the_first(model: Any) -> None:
    client = signed_in(staff(superuser=True))
    for words in ("plant " * 3000, '"' * 3000):
        assert client.get(url(model, "changelist"), {"q": words}, follow=True).status_code == 200


def test_every_list_filter_opens() -> None:
    full_desk()
    client = signed_in(staff("Checker"))
    for query in ("review=none", "review=closed", "person=me", "person=nobody", "state=confirmed", "kind=quantity"):
        assert client.get(url(Claim, "changelist") + f"?{query}").status_code == 200


# --- who sees what -----------------------------------------------------------------------------------
DESK = {"Checker", "Reviewer", "Desk editor", "Publisher", "Administrator", "Source manager"}
VIEWERS: dict[Any, set[str]] = {
    Article: DESK | {"Auditor"},
    Claim: DESK | {"Auditor"},
    Review: DESK | {"Auditor"},
    Submission: DESK,
    SavedView: DESK,
    Evidence: DESK,
    PrefillRun: DESK,
    CheckedClaim: DESK,
    Page: DESK,
    ClaimMatch: DESK,
    LlmReading: DESK,
    LlmDay: DESK,
    Publication: DESK,
    FollowUp: DESK,
    Query: DESK,
    Source: {"Source manager", "Administrator"},
    Document: {"Source manager", "Administrator"},
    Watch: {"Source manager", "Administrator"},
    WatchLook: {"Source manager", "Administrator"},
    ArchiveFeed: {"Source manager", "Administrator"},
    ArchiveCopy: {"Source manager", "Administrator"},
    WatchItem: {"Source manager", "Administrator"},
    User: {"Administrator"},
    Group: {"Administrator"},
    ApiKey: {"Administrator"},
    Scale: {"Administrator"},
    DeskPolicy: {"Administrator"},
    Profile: {"Administrator"},
    ChatRoom: {"Administrator"},
    Outgoing: {"Administrator"},
    ToolsPage: {"Administrator"},
    TriageRule: {"Administrator"},
    Letter: {"Administrator"},
    Desk: {"Administrator"},
    ScoringModel: {"Administrator"},
    WebhookEndpoint: {"Administrator"},
    WebhookEvent: {"Administrator"},
    WebhookDelivery: {"Administrator"},
    AuditEvent: {"Auditor"},
}
ADDERS: dict[Any, set[str]] = {
    ArchiveFeed: {"Source manager", "Administrator"},
    Source: {"Source manager", "Administrator"},
    Watch: {"Source manager", "Administrator"},
    User: {"Administrator"},
    Group: {"Administrator"},
    ApiKey: {"Administrator"},
    Scale: {"Administrator"},
    Desk: {"Administrator"},
    ChatRoom: {"Administrator"},
    TriageRule: {"Administrator"},
    WebhookEndpoint: {"Administrator"},
}


def test_the_table_names_every_registered_model() -> None:
    assert set(VIEWERS) == set(MODELS)


@pytest.mark.parametrize("role", ["", *ROLES])
def test_role_by_page(role: str) -> None:
    full_desk()
    client = signed_in(staff(role))
    found, wanted = {}, {}
    for model in MODELS:
        row = model._default_manager.order_by("pk").first()
        sees = 200 if role in VIEWERS[model] else 403
        for page, path, status in (
            ("list", url(model, "changelist"), sees),
            ("row", url(model, "change", row.pk), sees),
            ("add", url(model, "add"), 200 if role in ADDERS.get(model, ()) else 403),
        ):
            found[model.__name__, page] = client.get(
                path, follow=path.endswith(("deskpolicy/", "/profile/"))
            ).status_code
            wanted[model.__name__, page] = status
    assert found == wanted


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_who_is_not_staff_is_sent_to_the_sign_in(model: Any) -> None:
    for client in (Client(), signed_in(desk.person("Checker"))):
        answer = client.get(url(model, "changelist"))
        assert answer.status_code == 302
        assert answer.url.startswith("/admin/login/")


def test_too_many_wrong_passwords_lock_the_admins_sign_in_too(settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    who = staff("Checker")
    who.set_password("a long enough password")
    who.save()
    client = Client()
    for _ in range(3):
        answer = client.post("/admin/login/", {"username": who.username, "password": "wrong"})
    assert answer.status_code == 429
    right = client.post("/admin/login/", {"username": who.username, "password": "a long enough password"})
    assert right.status_code == 429


# --- figures -----------------------------------------------------------------------------------------
LISTS = {
    Claim: 8,
    Article: 8,
    Evidence: 8,
    PrefillRun: 8,
    LlmReading: 8,
    LlmDay: 8,
    Review: 8,
    Source: 8,
    Publication: 8,
    AuditEvent: 8,
}


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_queries_of_a_list_do_not_grow(model: Any, django_assert_max_num_queries: Any) -> None:
    role = "Auditor" if model is AuditEvent else "Source manager" if model is Source else "Desk editor"
    who = staff(role)
    counts = []
    for more in (5, 95):
        _more_rows(more)
        client = signed_in(User.objects.get(pk=who.pk))
        with django_assert_max_num_queries(LISTS[model]) as asked:
            assert client.get(url(model, "changelist")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1], counts


def _more_rows(count: int) -> None:
    source = Source.objects.create(name=f"Papers {Source.objects.count()}", kind="documents")
    article = desk.article()
    checker = desk.person("Checker")
    for number in range(count):
        other = desk.article()
        LlmReading.objects.create(revision=other.current, model="m").calls.create(stage="s", rung="text", tokens=1)
        LlmDay.objects.create(day=timezone.now().date() - timedelta(days=LlmDay.objects.count()))
        claim = desk.claim(article)
        desk.evidence(claim, source=source)
        PrefillRun.objects.create(claim=claim, source=source, query_digest="x", not_before=timezone.now())
        Source.objects.create(name=f"Source {claim.pk}-{number}", kind="archive")
        Review.objects.create(claim=claim, state="assigned", assignee=checker)
    for _ in range(min(count, 20)):
        desk.approved()


def test_queries_of_a_claims_page_do_not_grow() -> None:
    who, claim = staff("Checker"), desk.claim()
    source = Source.objects.create(name="Papers", kind="documents")
    url_of = url(Claim, "change", claim.pk)
    counts = []
    for more in (5, 95):
        for number in range(more):
            one = desk.evidence(claim, source=source)
            PrefillRun.objects.create(
                claim=claim, source=source, query_digest=f"{one.pk}", not_before=timezone.now(), state="failed"
            )
            annotation_add(target=claim, actor=who, body=f"Note {number}")
        with CaptureQueriesContext(connection) as asked:
            assert signed_in(User.objects.get(pk=who.pk)).get(url_of).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1], counts


# --- what a strict Content-Security-Policy asks of a page ----------------------------------------------
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)(?![^>]*application/json)", re.I)


@pytest.mark.parametrize("template", sorted((settings.BASE_DIR / "templates" / "admin").rglob("*.html")), ids=str)
def test_admin_templates_hold_no_inline_script_or_style(template: Path) -> None:
    assert not INLINE.search(template.read_text(encoding="utf-8"))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_pages_as_sent_hold_no_inline_script_or_style(model: Any) -> None:
    full_desk()
    client = signed_in(staff(superuser=True))
    for path in (url(model, "changelist"), url(model, "change", model._default_manager.first().pk)):
        answer = client.get(path, follow=True)
        assert "script-src" in answer["Content-Security-Policy"] or "default-src" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        found = INLINE.search(answer.content.decode())
        assert found is None, found
