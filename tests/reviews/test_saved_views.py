"""Views of the queue under a name: whose they are, what they hold, who may change them, what they cost."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client

from articles.models import Desk
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import Invalid, NotAllowed, NotFound
from reviews.models import Membership, SavedView
from reviews.selectors.queue import Filters, filters_query, filters_read, queue_counts, view_of
from reviews.selectors.rail import rail_of
from reviews.services import saved as views
from tests import factories

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def own_desk(*, walled: bool = False) -> Desk:
    return Desk.objects.create(name="Night desk", slug="night", walled=walled)


def on(desk: Desk, role: str):
    person = factories.person(role="")
    Membership.objects.create(person=person, desk=desk, role=Group.objects.get(name=role))
    return person


def names(person) -> list[str]:
    return [view.name for view in rail_of(person).saved]


FILTERS = {"state": "open", "q": "tram", "view": "nobody", "page": "7", "after": "80-3"}


def test_a_view_keeps_what_the_queue_understands_always_in_the_same_order():
    view = views.view_save(actor=factories.person(), name="  Trams   now ", filters=FILTERS)
    assert (view.name, view.query) == ("Trams now", "view=nobody&q=tram&state=open")


@pytest.mark.parametrize("filters", [
    Filters(), Filters(q='"a & b" = é'), Filters(view=view_of("stale"), article=7, state="open", desk="night"),
])  # fmt: skip
def test_filters_are_the_same_after_a_way_through_an_address(filters):
    client = signed_in(factories.person())
    read = client.get(f"/?{filters_query(filters)}").context["filters"]
    assert read == filters


def test_the_rail_counts_what_a_view_holds_in_the_one_query_that_counts(django_assert_num_queries):
    story, person = factories.article(), factories.person()
    for number in range(3):
        factories.claim(article=story, number=number)
    factories.claim(article=story, state="proposed")
    factories.claim(article=story, statement="A ferry sails.", quote="harbour")
    for number, query in enumerate(("q=ferry", "state=draft", "view=nobody", "view=stale", "q=%2B", "desk=none", "")):
        views.view_save(actor=person, name=f"View {number}", filters=dict([query.split("=")]) if query else {})
    saved = {view.pk: view.query for view in rail_of(person).saved}
    with django_assert_num_queries(1):
        counts = queue_counts(person, saved)
    assert [counts[f"saved_{pk}"] for pk in saved] == [1, 1, 4, 0, 0, 0, 5]
    client = signed_in(person)
    with django_assert_num_queries(5):  # session, person, rail, rows, counts
        client.get("/?state=draft")
    page = client.get("/?q=ferry")
    assert page.context["here"].name == "View 0"
    assert page.context["count"] == 1
    assert '<h1 dir="auto">View 0</h1>' in page.content.decode()


# --- whose they are -------------------------------------------------------------------------------------------
def test_own_views_are_nobody_elses():
    ana, bo = factories.person(), factories.person(role="Desk editor")
    view = views.view_save(actor=ana, name="Mine alone", filters=FILTERS)
    assert (names(ana), names(bo)) == (["Mine alone"], [])
    with pytest.raises(NotFound):
        views.view_of(actor=bo, pk=view.pk)
    with pytest.raises(NotFound):
        views.view_remove(view=view, actor=bo)
    assert signed_in(bo).post(f"/views/{view.pk}/", {"act": "remove"}).status_code == 404


@pytest.mark.parametrize(("role", "sees"), [
    ("Viewer", True), ("Checker", True), ("Desk editor", True), ("Reporter", False), ("", False),
])  # fmt: skip
def test_a_desks_views_are_for_all_who_read_it(role, sees):
    desk = own_desk()
    views.view_save(actor=factories.person(role="Desk editor"), name="Of the desk", filters=FILTERS, desk=desk)
    assert names(factories.person(role=role)) == (["Of the desk"] if sees else [])


def test_behind_a_wall_only_its_people_see_them():
    desk = own_desk(walled=True)
    views.view_save(actor=on(desk, "Desk editor"), name="Secret", filters=FILTERS, desk=desk)
    assert names(on(desk, "Viewer")) == ["Secret"]
    assert names(factories.person(role="Desk editor")) == []
    assert "night" not in {read.slug for read in rail_of(factories.person()).desks}
    superuser = factories.person(role="Administrator")
    superuser.is_superuser = superuser.is_staff = True
    superuser.save()
    assert b"Secret" not in signed_in(superuser).get("/admin/reviews/savedview/").content


@pytest.mark.parametrize(
    ("role", "may"), [("Desk editor", True), ("Checker", False), ("Reviewer", False), ("Viewer", False)]
)
def test_who_may_make_rename_order_and_remove_a_desks_view(role, may):
    desk, actor = own_desk(), factories.person(role=role)
    held = views.view_save(actor=factories.person(role="Desk editor"), name="Held", filters={}, desk=desk)
    acts = (
        lambda: views.view_save(actor=actor, name="New", filters={}, desk=desk),
        lambda: views.view_rename(view=held, actor=actor, name="Other"),
        lambda: views.view_move(view=held, actor=actor, up=False),
        lambda: views.view_remove(view=held, actor=actor),
    )
    for act in acts:
        if may:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()
    assert list(SavedView.objects.values_list("name", flat=True)) == (["New"] if may else ["Held"])
    told = set(AuditEvent.objects.filter(target_type="articles.desk").values_list("action", flat=True))
    assert told == ({"view.saved", "view.removed"} if may else {"view.saved"})


# --- bad input -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "code"), [
    ("", "view.name"), ("   ", "view.name"), ("x" * 61, "view.name"), ("Trams", "view.name_taken"),
])  # fmt: skip
def test_bad_names_are_told(name, code):
    person = factories.person()
    views.view_save(actor=person, name="Trams", filters={})
    with pytest.raises(Invalid) as told:
        views.view_save(actor=person, name=name, filters={})
    assert told.value.code == code
    other = views.view_save(actor=person, name="Other", filters={})
    with pytest.raises(Invalid) as told:
        views.view_rename(view=other, actor=person, name=name)
    assert told.value.code == code
    views.view_save(actor=factories.person(), name="Trams", filters={})  # somebody else's is another


def test_there_are_at_most_twenty():
    person = factories.person()
    for number in range(views.MOST_VIEWS):
        views.view_save(actor=person, name=f"{number}", filters={})
    with pytest.raises(Invalid) as told:
        views.view_save(actor=person, name="More", filters={})
    assert told.value.code == "view.too_many"


def test_a_view_is_of_one_person_or_one_desk():
    for owner in ({}, {"person": factories.person(), "desk": own_desk()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(name="Nobody's", **owner)


# --- the pages, without script -----------------------------------------------------------------------------------
def test_saved_named_ordered_and_removed_by_plain_forms():
    person = factories.person(role="Desk editor")
    client = signed_in(person)
    assert "Save this view" not in client.get("/").content.decode()
    page = client.get("/?state=open&q=tram").content.decode()
    assert '<input type="hidden" name="query" value="q=tram&amp;state=open">' in page
    answer = client.post("/views/", {"name": "Trams", "query": "q=tram&state=open"})
    assert answer["Location"] == "/?q=tram&state=open"
    client.post("/views/", {"name": "Drafts here", "query": "state=draft"})
    assert names(person) == ["Trams", "Drafts here"]
    first, second = rail_of(person).saved
    client.post(f"/views/{second.pk}/", {"act": "up"})
    assert names(person) == ["Drafts here", "Trams"]
    client.post(f"/views/{second.pk}/", {"act": "up"})  # is the first already
    client.post(f"/views/{first.pk}/", {"act": "rename", "name": "Harbour trams"})
    assert names(person) == ["Drafts here", "Harbour trams"]
    assert "Harbour trams" in client.get("/views/").content.decode()
    client.post(f"/views/{second.pk}/", {"act": "remove"})
    assert names(person) == ["Harbour trams"]


@pytest.mark.parametrize(("path", "data", "status"), [
    ("/views/", {"name": "A", "query": "x" * 5000}, 302), ("/views/", {"name": "", "query": ""}, 422),
    ("/views/", {"name": "A", "desk": "nowhere"}, 404), ("/views/", {"name": "A", "desk": "x" * 900}, 404),
    ("/views/99999/", {"act": "remove"}, 404), ("/views/", {"name": "A\x00", "query": "q=%00"}, 302),
])  # fmt: skip
def test_bad_forms(path, data, status):
    assert signed_in(factories.person(role="Desk editor")).post(path, data).status_code == status


def test_the_queue_is_narrowed_to_a_desk():
    person, desk = factories.person(), own_desk()
    here = factories.claim(article=factories.article(desk=desk))
    factories.claim(article=factories.article())
    page = signed_in(person).get("/?desk=night")
    assert [row.pk for row in page.context["page"].rows] == [here.pk]
    assert "Night desk" in page.content.decode()
    assert "\x00" not in filters_read({"desk": "x\x00" * 100}).desk
