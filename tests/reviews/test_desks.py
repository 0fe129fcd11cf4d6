"""Several desks in one instance: nothing is seen across a wall, and one rule says so everywhere."""

from __future__ import annotations

import itertools
import random

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from articles.models import DEFAULT_DESK, Article, Claim, Desk, PrefillRun
from articles.services.article import article_ingest
from articles.services.prefill import prefill_plan
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import FactcheckError, NotAllowed, NotFound, WrongState
from reviews import access
from reviews.models import DeskPolicy, Membership, Scale, VerdictLabel
from reviews.policies import PERMISSIONS, ROLES, granted, may, sees, visible
from reviews.selectors.desks import labels_of, people_who
from reviews.selectors.queue import Filters, queue_counts, queue_page
from reviews.services.article import article_hand_in, article_move_desk
from reviews.services.claim import claim_assign
from reviews.services.review import claim_take
from tests import factories
from tests import publishing as desk

pytestmark = pytest.mark.django_db
STORY = b"Harbour Tram Opens\n\nPORT ALMAR (Tessel) - The tram carries 30,000 people a day, Oda Wren said.\n"


def make_desk(name: str, *, walled: bool = True) -> Desk:
    made = Desk.objects.create(name=name, slug=name.lower(), walled=walled)
    DeskPolicy.objects.create(pk=made.pk, desk=made)
    return made


def give(person, on: Desk, role: str) -> None:
    Membership.objects.create(person=person, desk=on, role=Group.objects.get(name=role))
    person.__dict__.pop("_desk_rights", None)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


# --- the rule, twice ------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(25))
def test_what_a_person_may_see_and_what_a_list_shows_them_is_the_same(seed: int) -> None:
    """`sees` on one article, `visible` in the database, `access` for claims: any desks, any roles, any owner."""
    draw = random.Random(seed)
    desks = [Desk.objects.get(pk=DEFAULT_DESK), *(make_desk(f"D{n}", walled=draw.random() < 0.6) for n in range(3))]
    people = [desk.person(draw.choice(["", *ROLES])) for _ in range(4)]
    for person, on in itertools.product(people, desks):
        if draw.random() < 0.35:
            give(person, on, draw.choice(list(ROLES)))
    articles = [desk.article(desk=draw.choice(desks), created_by=draw.choice([None, *people])) for _ in range(10)]
    claims = [desk.claim(article) for article in articles]
    for person in people:
        allowed = {article.pk for article in articles if sees(person, article)}
        assert set(Article.objects.filter(visible(person)).values_list("pk", flat=True)) == allowed
        assert set(access.claims(person).values_list("article", flat=True)) == allowed
        assert set(Claim.objects.filter(visible(person, "article__")).values_list("article", flat=True)) == allowed
        for article in articles:
            reads = "read_desk" in granted(person, article.desk_id)
            assert may(person, "read_desk", article.desk_id).allowed == reads
            assert not reads or article.pk in allowed
    for permission, _ in PERMISSIONS:
        for on in desks:
            found = set(people_who(permission, on.pk))
            assert found & set(people) == {who for who in people if may(who, permission, on.pk).allowed}
    assert len(claims) == len(articles)


# --- the wall ---------------------------------------------------------------------------------------------
@pytest.fixture
def wall():
    """A secret desk with one claim; `insider` checks there only, `outsider` checks on the open desk only."""
    secret = make_desk("Secret")
    insider, outsider = factories.person(role=""), factories.person(role="Desk editor")
    give(insider, secret, "Checker")
    story = factories.article(desk=secret, title="Hidden tram papers")
    claim = factories.claim(article=story)
    open_claim = factories.claim(article=factories.article())
    return secret, insider, outsider, claim, open_claim


def test_a_queue_shows_each_side_its_own(wall) -> None:
    _, insider, outsider, claim, open_claim = wall
    assert [row.pk for row in queue_page(insider, Filters()).rows] == [claim.pk]
    assert [row.pk for row in queue_page(outsider, Filters()).rows] == [open_claim.pk]
    assert queue_counts(outsider)["next"] == queue_counts(insider)["next"] == 1
    claim_take(claim=claim, actor=insider)
    assert queue_counts(outsider)["mine"] == 0
    assert queue_page(outsider, Filters(q="hidden tram")).rows == []


def test_nothing_behind_the_wall_answers(wall) -> None:
    _, insider, outsider, claim, _ = wall
    evidence = desk.evidence(claim)
    run = factories.run(claim=claim, source=factories.source())
    pages = [f"/articles/{claim.article_id}/", f"/claims/{claim.pk}/", f"/evidence/{evidence.pk}/snapshot/",
             f"/api/v1/articles/{claim.article_id}/", f"/api/v1/claims/{claim.pk}/"]  # fmt: skip
    acts = [f"/claims/{claim.pk}/act/", f"/claims/{claim.pk}/dismiss/", f"/evidence/{evidence.pk}/decide/",
            f"/runs/{run.pk}/again/"]  # fmt: skip
    client = signed_in(outsider)
    assert [client.get(page).status_code for page in pages] == [404] * len(pages)
    assert [client.post(act, {"action": "take"}).status_code for act in acts] == [404] * len(acts)
    assert signed_in(insider).get(pages[0]).status_code == 200
    for listed in ("/", "/articles/", "/reviews/", "/api/v1/articles/", "/api/v1/claims/"):
        assert b"Hidden tram" not in client.get(listed).content
        assert b"/articles/%d/" % claim.article_id not in client.get(listed).content


def test_services_ask_for_the_right_on_the_desk_of_the_thing(wall) -> None:
    _, insider, outsider, claim, open_claim = wall
    with pytest.raises(NotAllowed):
        claim_take(claim=claim, actor=outsider)
    with pytest.raises(NotAllowed):
        claim_take(claim=open_claim, actor=insider)
    with pytest.raises(FactcheckError):  # nobody is given work on a desk they do not check on
        claim_assign(claim=open_claim, actor=outsider, assignee=insider)
    claim_take(claim=claim, actor=insider)


def test_the_admin_and_the_trail_keep_the_wall_for_superusers_too(wall) -> None:
    _, insider, _, claim, _ = wall
    claim_take(claim=claim, actor=insider)
    root = factories.person(role="")
    root.is_staff = root.is_superuser = True
    root.save()
    client = signed_in(root)
    for model in ("articles_article", "articles_claim", "reviews_review", "audit_auditevent"):
        answer = client.get(reverse(f"admin:{model}_changelist"))
        assert answer.status_code == 200
        assert claim.statement.encode() not in answer.content or model == "articles_claim"
        assert b"Hidden tram" not in answer.content
    assert client.get(reverse("admin:articles_claim_change", args=[claim.pk])).status_code == 302
    shown = access.events(root, AuditEvent.objects.all())
    assert not shown.filter(target_type="articles.claim", target_id=str(claim.pk)).exists()
    assert access.events(insider, AuditEvent.objects.all()).filter(target_type="reviews.review").exists()


# --- what a desk has of its own ---------------------------------------------------------------------------
def test_the_same_story_on_two_desks_is_two_articles(wall) -> None:
    secret, insider, outsider, *_ = wall
    theirs = article_hand_in(data=STORY, actor=insider)
    ours = article_hand_in(data=STORY, actor=outsider)
    assert theirs.created
    assert ours.created
    assert (theirs.article.desk, ours.article.desk_id) == (secret, DEFAULT_DESK)
    with pytest.raises(NotFound):
        article_hand_in(data=STORY, actor=outsider, desk="secret")
    assert not article_ingest(STORY).created


def test_a_source_of_a_desk_is_asked_for_that_desk_only(wall) -> None:
    secret, _, _, claim, open_claim = wall
    shared, papers = factories.source(), factories.source()
    secret.sources.add(papers)
    prefill_plan([claim, open_claim])
    asked = set(PrefillRun.objects.values_list("claim", "source"))
    assert asked == {(claim.pk, shared.pk), (claim.pk, papers.pk), (open_claim.pk, shared.pk)}


def test_a_desk_judges_with_its_own_scale(wall) -> None:
    secret, _, _, claim, open_claim = wall
    scale = Scale.objects.create(name="Two words", active=False, best=1, worst=0)
    VerdictLabel.objects.create(scale=scale, key="holds", name="Holds", value=1, position=1)
    VerdictLabel.objects.create(scale=scale, key="fails", name="Does not hold", value=0, position=2)
    DeskPolicy.objects.filter(desk=secret).update(scale=scale)
    assert [label.key for label in labels_of(claim)] == ["holds", "fails"]
    assert labels_of(open_claim).count() == 7


def test_an_article_changes_desks_only_by_somebody_of_both(wall) -> None:
    secret, _, editor, claim, open_claim = wall
    article = Article.objects.get(pk=open_claim.article_id)
    with pytest.raises(NotAllowed):
        article_move_desk(article=article, desk=secret, actor=editor)
    give(editor, secret, "Desk editor")
    article_move_desk(article=article, desk=secret, actor=editor, note="Belongs there.")
    assert {row.pk for row in queue_page(editor, Filters()).rows} == {claim.pk, open_claim.pk}
    with pytest.raises(WrongState):
        article_move_desk(article=article, desk=secret, actor=editor)


def test_the_admin_makes_a_desk_with_its_rules_and_the_trail_names_its_people() -> None:
    root, insider = factories.person(role=""), factories.person(role="", username="ines")
    root.is_staff = root.is_superuser = True
    root.save()
    answer = signed_in(root).post(reverse("admin:articles_desk_add"), {
        "name": "Courts", "slug": "courts", "walled": "on", "position": "1", "members-TOTAL_FORMS": "1",
        "members-INITIAL_FORMS": "0", "members-0-person": insider.pk,
        "members-0-role": Group.objects.get(name="Checker").pk,
    })  # fmt: skip
    assert answer.status_code == 302, answer.context["errors"]
    made = Desk.objects.get(slug="courts")
    assert DeskPolicy.objects.filter(pk=made.pk).exists()
    event = AuditEvent.objects.get(action="desk.saved")
    assert event.after["people"] == ["ines: Checker"]
    assert "propose_verdict" in granted(insider, made.pk)
    assert granted(insider, DEFAULT_DESK) == frozenset()
