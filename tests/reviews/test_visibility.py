"""Who may see evidence: set on the card, in the admin and through the API; nothing leaves that must not."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.models import Evidence
from factcheck.audit.models import AuditEvent
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]


def signed_in(role: str, *, staff: bool = False) -> Client:
    who = factories.person(role=role)
    who.is_staff = staff
    who.save()
    made = Client()
    made.force_login(who)
    return made


def kept() -> Evidence:
    return factories.evidence(claim=factories.claim(article=factories.article()), state="kept", stance="supports")


def test_the_card_says_and_changes_who_may_see_it_and_keeps_who_decided():
    row, checker = kept(), signed_in("Checker")
    answer = checker.post(f"/evidence/{row.pk}/visibility/", {"visibility": "confidential", "seen_version": 1})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.visibility, row.version, row.decided_by) == ("confidential", 2, None)
    assert "the desk only" in checker.get(f"/claims/{row.claim_id}/").content.decode()
    event = AuditEvent.objects.get(action="evidence.visibility")
    assert (event.before, event.after) == ({"visibility": "public"}, {"visibility": "confidential"})


@pytest.mark.parametrize(
    ("role", "data", "status"),
    [
        ("Viewer", {"visibility": "confidential"}, 403),
        ("Checker", {"visibility": "secret"}, 422),
        ("Checker", {}, 422),
        ("Checker", {"visibility": "described", "seen_version": 9}, 409),
    ],
    ids=["may not", "no such word", "nothing said", "stale page"],
)
def test_what_must_not_change_it_does_not(role: str, data: dict[str, object], status: int):
    row = kept()
    assert signed_in(role).post(f"/evidence/{row.pk}/visibility/", data).status_code == status
    assert Evidence.objects.get().visibility == "public"


def test_the_admin_changes_several_at_once():
    rows = [kept(), kept()]
    chosen = {"action": "make_described", "_selected_action": [row.pk for row in rows]}
    assert signed_in("Checker", staff=True).post("/admin/articles/evidence/", chosen).status_code == 302
    assert set(Evidence.objects.values_list("visibility", flat=True)) == {"described"}
