"""The desk's acts in the admin: the same rules, the same words, the same trail as everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.messages import get_messages
from django.test import Client

from articles.models import Article, Claim, Evidence, PrefillRun, Source
from factcheck.audit.models import AuditEvent
from factcheck.audit.selectors import chain_check
from factcheck.core.models import ApiKey
from reviews.models import Annotation, DeskPolicy, Publication, Review, Scale, Verdict
from reviews.services.desk import group_rights, key_issue
from reviews.services.review import claim_take
from tests import publishing as desk
from tests.reviews.test_admin_pages import full_desk, signed_in, staff, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]

VERDICT = {
    "act": "propose", "label": "misleading", "quote_check": "accurate",
    "summary": "The year before was the repair year.",
    "rationale": desk.RATIONALE, "gaps": "",
}  # fmt: skip


def act(client: Client, claim: Claim, name: str, **data: Any) -> Any:
    return client.post(url(Claim, "change", claim.pk), {"act": name, **data})


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def act_on_list(client: Client, model: Any, name: str, *rows: Any, **data: Any) -> Any:
    chosen = {"action": name, "_selected_action": [row.pk for row in rows]}
    return client.post(url(model, "changelist"), chosen | data)


def everything() -> dict[str, list[Any]]:
    """All that the acts could have written."""
    models = (Claim, Review, Verdict, Evidence, Annotation, Article, Publication, AuditEvent, PrefillRun)
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


# --- one whole way ------------------------------------------------------------------------------------
def test_from_draft_to_published_verdict_by_two_people() -> None:
    claim = desk.claim(state="proposed")
    evidence = desk.evidence(claim, state="suggested", stance="")
    checker, reviewer, publisher = (signed_in(staff(role)) for role in ("Checker", "Reviewer", "Publisher"))
    assert act(checker, claim, "take").status_code == 302
    kept = {"evidence": evidence.pk, "version": evidence.version, "stance": "refutes", "locator": "Table 4"}
    assert act(checker, claim, "keep", **kept).status_code == 302
    assert act(checker, claim, "annotate", place="revision", words="doubled", body="Since when?",
               motivation="questioning").status_code == 302  # fmt: skip
    answer = act(checker, claim, "propose", **VERDICT)
    assert "“Misleading” proposed" in said(answer)
    assert act(reviewer, claim, "approve", note="", override_reason="").status_code == 302
    publication = Publication.objects.get(claim=claim)
    answer = act_on_list(publisher, Publication, "publish", publication)
    assert said(answer) == "1 published."
    publication.refresh_from_db()
    assert publication.state == "live"
    evidence.refresh_from_db()
    assert (evidence.state, evidence.stance, evidence.locator) == ("kept", "refutes", "Table 4")
    note = Annotation.objects.get()
    assert note.exact == "doubled"
    assert note.revision.text[note.start : note.end] == "doubled"
    assert chain_check().broken_at is None
    page = checker.get(url(Claim, "history", claim.pk)).content.decode()
    for sentence in ("took the claim", "kept the evidence", "proposed the verdict", "approved the verdict"):
        assert sentence in page


def test_changes_asked_for_come_back_to_the_checker() -> None:
    checker = staff("Checker")
    review = desk.proposed(checker=checker)
    reviewer = signed_in(staff("Reviewer"))
    answer = act(reviewer, review.claim, "request_changes", note="")
    assert (answer.status_code, said(answer)) == (422, "Say why: this act needs a note.")
    assert act(reviewer, review.claim, "request_changes", note="Name the source").status_code == 302
    assert act(signed_in(checker), review.claim, "resume").status_code == 302
    review.refresh_from_db()
    assert review.state == "in_progress"


# --- the two-person rule and superusers --------------------------------------------------------------------
def test_admin_cannot_approve_own_proposal() -> None:
    reviewer = staff("Reviewer")
    review = desk.proposed(checker=reviewer)
    before = everything()
    for data in ({"note": "fine"}, {"note": "", "override_reason": "It is late."}):
        answer = act(signed_in(reviewer), review.claim, "approve", **data)
        assert answer.status_code == 403
        assert said(answer) == "You proposed this verdict, so someone else must approve it."
    assert everything() == before


def test_superuser_with_the_reviewer_role_cannot_approve_own_proposal_either() -> None:
    root = staff("Reviewer", superuser=True)
    review = desk.proposed(checker=root)
    answer = act(signed_in(root), review.claim, "approve", note="")
    assert answer.status_code == 403
    assert Verdict.objects.get().approved_by is None


SUPERUSER_ACTS = {
    "take": {}, "confirm": {}, "reword": {"statement": "Other words"}, "dismiss": {"reason": "opinion"},
    "find": {"title": "A", "passage": "b", "locator": "p. 1", "stance": "supports"},
    "annotate": {"place": "claim", "body": "A note", "motivation": "commenting"},
}  # fmt: skip


@pytest.mark.parametrize("name", SUPERUSER_ACTS)
def test_superuser_without_a_role_may_not_judge(name: str) -> None:
    claim = desk.claim(state="proposed")
    before = everything()
    answer = act(signed_in(staff(superuser=True)), claim, name, **SUPERUSER_ACTS[name])
    assert answer.status_code == 403
    assert said(answer).startswith("You may not ")
    assert everything() == before


@pytest.mark.parametrize("name", ["propose", "approve"])
def test_superuser_without_a_role_may_not_propose_or_approve(name: str) -> None:
    review = desk.proposed() if name == "approve" else claim_take(claim=desk.claim(), actor=desk.person("Checker"))
    before = everything()
    answer = act(signed_in(staff(superuser=True)), review.claim, name, **VERDICT | {"act": name})
    assert answer.status_code == 403
    assert "You may not" in said(answer)
    assert everything() == before


# --- refusals write nothing and lose nothing --------------------------------------------------------------
def test_open_gate_refuses_and_keeps_what_was_typed() -> None:
    checker = staff("Checker")
    claim = desk.claim()
    claim_take(claim=claim, actor=checker)
    before = everything()
    answer = act(signed_in(checker), claim, "propose", **VERDICT)
    assert answer.status_code == 422
    assert said(answer).startswith("Not yet: Evidence kept")
    assert desk.RATIONALE in answer.content.decode()
    assert everything() == before


def test_verdict_is_never_filled_in_beforehand() -> None:
    checker = staff("Checker")
    review = desk.proposed(checker=checker)
    act(signed_in(checker), review.claim, "withdraw")
    form = signed_in(checker).get(url(Claim, "change", review.claim_id)).content.decode()
    form = form[form.index('id="act-propose"') :]
    form = form[: form.index("</form>")]
    assert "checked" not in form
    assert desk.RATIONALE not in form


def test_an_old_page_is_refused() -> None:
    checker, claim = staff("Checker"), desk.claim()
    desk.evidence(claim)
    review = claim_take(claim=claim, actor=checker)
    answer = act(signed_in(checker), claim, "propose", **VERDICT, seen=review.version - 1)
    assert answer.status_code == 409
    assert not Verdict.objects.exists()


def test_evidence_decided_by_somebody_else_in_between_is_refused() -> None:
    claim = desk.claim()
    evidence = desk.evidence(claim, state="suggested", stance="")
    data = {"evidence": evidence.pk, "version": evidence.version, "stance": "supports", "locator": "p. 1"}
    assert act(signed_in(staff("Checker")), claim, "keep", **data).status_code == 302
    assert act(signed_in(staff("Checker")), claim, "drop", **data).status_code == 409
    evidence.refresh_from_db()
    assert evidence.state == "kept"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"words": "never said"}, 422),
        ({"start": 5}, 422),
        ({"start": 5, "end": 5}, 422),
        ({"start": 0, "end": 99_999}, 422),
        ({"body": " "}, 422),
        ({"start": 0, "end": 6}, 302),
        ({}, 302),
    ],
    ids=str,
)  # fmt: skip
def test_notes_need_words_that_are_there(data: dict[str, Any], status: int) -> None:
    claim = desk.claim()
    given = {"place": "revision", "body": "A note", "motivation": "commenting"} | data
    assert act(signed_in(staff("Checker")), claim, "annotate", **given).status_code == status
    assert Annotation.objects.count() == (1 if status == 302 else 0)


def test_a_thread_is_answered_resolved_and_reopened() -> None:
    claim, checker = desk.claim(), signed_in(staff("Checker"))
    act(checker, claim, "annotate", place="claim", body="Which year?", motivation="questioning")
    note = Annotation.objects.get()
    act(checker, claim, "reply", annotation=note.pk, body="2026")
    act(checker, claim, "resolve", annotation=note.pk)
    note.refresh_from_db()
    assert note.resolved_at
    assert note.replies.get().body == "2026"
    act(checker, claim, "reopen_note", annotation=note.pk)
    note.refresh_from_db()
    assert note.resolved_at is None


@pytest.mark.parametrize("name", ["keep", "drop", "stance"])
def test_evidence_of_another_claim_is_not_here(name: str) -> None:
    claim, other = desk.claim(), desk.evidence(desk.claim())
    data = {"evidence": other.pk, "version": other.version, "stance": "supports"}
    assert act(signed_in(staff("Checker")), claim, name, **data).status_code == 404


def test_an_act_that_does_not_exist_is_refused() -> None:
    assert act(signed_in(staff("Checker")), desk.claim(), "delete").status_code == 403


# --- GET and forged requests --------------------------------------------------------------------------------
def test_get_changes_nothing() -> None:
    full_desk()
    source = Source.objects.get()
    client = signed_in(staff("Desk editor", superuser=True))
    before = everything()
    for claim in Claim.objects.all():
        for name in ("take", "confirm", "dismiss", "approve", "propose"):
            client.get(url(Claim, "change", claim.pk), {"act": name, **VERDICT})
            client.get(url(Claim, "changelist"), {"action": name, "_selected_action": claim.pk})
    assert client.get(f"/admin/articles/source/{source.pk}/test/").status_code == 405
    assert everything() == before


def test_posts_without_a_token_are_refused() -> None:
    full_desk()
    claim, source, who = Claim.objects.all()[0], Source.objects.get(), staff("Checker", superuser=True)
    client = Client(enforce_csrf_checks=True)
    client.force_login(who)
    for path in (
        url(Claim, "change", claim.pk), url(Claim, "changelist"), url(ApiKey, "add"),
        f"/admin/articles/source/{source.pk}/test/", f"/admin/articles/source/{source.pk}/upload/",
    ):  # fmt: skip
        assert client.post(path, {"act": "take"}).status_code == 403, path


def test_state_cannot_be_written_by_a_form() -> None:
    full_desk()
    client = signed_in(staff(superuser=True))
    before = everything()
    for model in (Article, Review, Evidence, PrefillRun, Publication):
        row = model._default_manager.first()
        assert row is not None
        assert client.post(url(model, "change", row.pk), {"state": "approved", "_save": "1"}).status_code == 403
    assert everything() == before


# --- lists ------------------------------------------------------------------------------------------------
def test_taking_many_says_who_was_first() -> None:
    claims = [desk.claim(state="proposed") for _ in range(6)]
    ana = staff("Checker")
    claim_take(claim=claims[0], actor=ana)
    answer = act_on_list(signed_in(staff("Checker")), Claim, "take", *claims)
    assert said(answer) == "5 taken, 1 was taken by Ana a moment ago."
    assert Review.objects.filter(assignee=ana).count() == 1


def test_dismissing_asks_for_the_reason_first() -> None:
    claims = [desk.claim(state="proposed"), desk.claim(state="dismissed", dismiss_reason="vague")]
    client = signed_in(staff("Checker"))
    page = act_on_list(client, Claim, "dismiss", *claims)
    assert page.status_code == 200
    assert "Dismiss 2 claims" in page.content.decode()
    assert Claim.objects.filter(state="proposed").count() == 1
    assert act_on_list(client, Claim, "dismiss", *claims, sure="1", reason="because").status_code == 422
    answer = act_on_list(client, Claim, "dismiss", *claims, sure="1", reason="opinion", note="")
    assert said(answer).startswith("1 dismissed, 1 not: dismiss is not possible while this is dismissed.")
    claims[0].refresh_from_db()
    assert (claims[0].state, claims[0].dismiss_reason) == ("dismissed", "opinion")


def test_assigning_is_for_desk_editors() -> None:
    claims, mirek = [desk.claim(state="proposed"), desk.claim()], staff("Checker")
    refused = act_on_list(signed_in(staff("Checker")), Claim, "assign", *claims, sure="1", assignee=mirek.pk)
    assert "No action" in said(refused)
    assert not Review.objects.exists()
    answer = act_on_list(signed_in(staff("Desk editor")), Claim, "assign", *claims, sure="1", assignee=mirek.pk)
    assert said(answer) == "2 assigned."
    assert Review.objects.filter(assignee=mirek, state="assigned").count() == 2


def test_only_people_who_may_check_can_be_given_a_claim() -> None:
    viewer, claim = staff("Viewer"), desk.claim()
    answer = act_on_list(signed_in(staff("Desk editor")), Claim, "assign", claim, sure="1", assignee=viewer.pk)
    assert answer.status_code == 422
    assert not Review.objects.exists()


def test_holding_and_resuming_articles() -> None:
    articles = [desk.article(), desk.article(state="rejected")]
    editor = signed_in(staff("Desk editor"))
    assert said(act_on_list(editor, Article, "hold", *articles)).startswith("1 held, 1 not: hold is not possible")
    assert said(act_on_list(editor, Article, "resume", articles[0])).endswith(" 1 resumed.")
    articles[0].refresh_from_db()
    assert articles[0].state == "in_check"
    act_on_list(signed_in(staff("Checker")), Article, "hold", articles[0])
    articles[0].refresh_from_db()
    assert articles[0].state == "in_check"


def test_asking_a_source_again() -> None:
    full_desk()
    run = PrefillRun.objects.get()
    assert said(act_on_list(signed_in(staff("Checker")), PrefillRun, "ask_again", run)) == "1 to be asked again."
    run.refresh_from_db()
    assert run.state == "queued"
    assert AuditEvent.objects.filter(action="prefill.asked").count() == 1


def test_taking_a_question_to_a_source_back() -> None:
    full_desk()
    run = PrefillRun.objects.get()
    checker = signed_in(staff("Checker"))
    assert "0 not asked any more, 1 not: This question has been answered" in said(
        act_on_list(checker, PrefillRun, "do_not_ask", run)
    )
    PrefillRun.objects.update(state="queued")
    assert said(act_on_list(checker, PrefillRun, "do_not_ask", run)).endswith(" 1 not asked any more.")
    run.refresh_from_db()
    assert (run.state, run.error_code) == ("cancelled", "prefill.cancelled")
    assert AuditEvent.objects.filter(action="prefill.cancelled").count() == 1


def test_publishing_needs_the_right() -> None:
    publication = desk.approved()
    act_on_list(signed_in(staff("Reviewer")), Publication, "publish", publication)
    publication.refresh_from_db()
    assert publication.state == "draft"


# --- set-up -----------------------------------------------------------------------------------------------
def test_policy_change_is_in_the_trail() -> None:
    client = signed_in(staff("Administrator"))
    sent = {"second_review": "never", "rationale_least": "80", "open_articles": "on", "return_after_hours": "48",
            "replies_hold": "approve", "reply_needed": "on", "remind_before_hours": "12"}  # fmt: skip
    answer = client.post(url(DeskPolicy, "change", 1), sent)
    assert answer.status_code == 302
    event = AuditEvent.objects.get(action="policy.saved")
    assert (event.before["second_review"], event.after["second_review"]) == ("always", "never")
    assert DeskPolicy.objects.get().rationale_least == 80


def scale_form(scale: Scale, **changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": scale.name, "version": scale.version, "best": 5, "worst": 1, "method": "By hand.",
        "labels-TOTAL_FORMS": scale.labels.count(), "labels-INITIAL_FORMS": scale.labels.count(),
    }  # fmt: skip
    for number, label in enumerate(scale.labels.all()):
        row = {"id": label.pk, "scale": scale.pk, "position": label.position, "key": label.key, "name": label.name,
               "value": "" if label.value is None else label.value, "meaning": label.meaning}  # fmt: skip
        data |= {f"labels-{number}-{name}": value for name, value in row.items()}
    return data | changes


def test_a_used_scale_is_not_edited_but_has_a_next_version() -> None:
    used = desk.approved().verdict.label.scale
    client = signed_in(staff("Administrator"))
    assert client.post(url(Scale, "change", used.pk), scale_form(used, name="Mine")).status_code == 403
    act_on_list(client, Scale, "new_version", used)
    made = Scale.objects.get(version=2)
    assert (made.active, made.labels.count()) == (False, used.labels.count())
    changed = scale_form(made, **{"labels-0-name": "Wrong"})
    assert client.post(url(Scale, "change", made.pk), changed).status_code == 302
    act_on_list(client, Scale, "activate", made)
    made.refresh_from_db()
    used.refresh_from_db()
    assert (made.active, used.active) == (True, False)
    assert made.labels.order_by("position")[0].name == "Wrong"
    assert used.labels.order_by("position")[0].name == "False"
    act_on_list(client, Scale, "activate", made)
    assert AuditEvent.objects.filter(action="scale.saved").count() == 3


def test_a_label_off_its_axis_is_a_form_error() -> None:
    scale, client = Scale.objects.get(), signed_in(staff("Administrator"))
    answer = client.post(url(Scale, "change", scale.pk), scale_form(scale, **{"labels-0-value": 9}))
    assert answer.status_code == 200
    assert "the value must lie from 1 to 5" in answer.content.decode()
    assert not AuditEvent.objects.exists()


def test_a_key_is_shown_once_and_revoked() -> None:
    owner, client = desk.person("Publisher"), signed_in(staff("Administrator"))
    form = {"name": "Site", "person": owner.pk, "scopes": ["read", "ingest"], "expires_at": ""}
    made = client.post(url(ApiKey, "add"), form)
    key = ApiKey.objects.get()
    token = made.content.decode().split('id="token">')[1].split("<")[0]
    assert "no-store" in made["Cache-Control"]
    assert Client().get("/healthz").status_code == 200
    for page in (url(ApiKey, "changelist"), url(ApiKey, "change", key.pk), url(ApiKey, "add")):
        assert token not in client.get(page).content.decode()
    assert token not in str(list(AuditEvent.objects.values()))
    assert said(act_on_list(client, ApiKey, "revoke", key)) == "1 revoked."
    assert (
        said(act_on_list(client, ApiKey, "revoke", key)).partition("1 revoked. ")[2].startswith("0 revoked, 1 not: ")
    )
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["key.created", "key.revoked"]


@pytest.mark.parametrize("scope", ["publish", "verdict:write"])
def test_a_key_that_decides_is_made_for_oneself_or_on_the_server(scope: str) -> None:
    other, boss = desk.person("Publisher"), staff("Administrator")
    client, form = signed_in(boss), {"name": "Site", "scopes": ["read", scope], "expires_at": ""}
    refused = client.post(url(ApiKey, "add"), form | {"person": other.pk})
    assert refused.status_code == 403
    assert f"A key for {scope} decides in its person&#x27;s name" in refused.content.decode()
    assert not ApiKey.objects.exists()
    assert not AuditEvent.objects.exists()
    assert client.post(url(ApiKey, "add"), form | {"person": boss.pk}).status_code == 200
    key_issue(name="Site", person=other, scopes=["read", scope], actor=None)
    assert set(ApiKey.objects.values_list("person", flat=True)) == {boss.pk, other.pk}


# --- people -------------------------------------------------------------------------------------------------
def person_form(who: User, **changes: Any) -> dict[str, Any]:
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "10:00:00", "last_login_0": "", "last_login_1": ""}
    return {"username": who.username, "is_active": "on", **joined, **changes}


def test_giving_a_role_is_in_the_trail() -> None:
    who = desk.person()
    role = Group.objects.get(name="Checker")
    answer = signed_in(staff("Administrator")).post(url(User, "change", who.pk), person_form(who, groups=[role.pk]))
    assert answer.status_code == 302, answer.content.decode()
    event = AuditEvent.objects.get(action="person.saved")
    assert event.after["roles"] == ["Checker"]


def test_an_administrator_makes_no_superuser() -> None:
    who, root = desk.person(), staff(superuser=True)
    client = signed_in(staff("Administrator"))
    client.post(url(User, "change", who.pk), person_form(who, is_superuser="on", is_staff="on"))
    who.refresh_from_db()
    assert who.is_staff
    assert not who.is_superuser
    assert client.post(url(User, "change", root.pk), person_form(root, username="mine")).status_code == 403
    password = f"/admin/auth/user/{root.pk}/password/"
    assert client.post(password, {"password1": "long enough 12", "password2": "long enough 12"}).status_code == 403


def test_what_a_role_allows_before_and_after_is_in_the_trail() -> None:
    role, who = Group.objects.get(name="Auditor"), staff("Administrator")
    kept, given = role.permissions.get(codename="read_desk"), Permission.objects.get(codename="publish")
    before = group_rights(role)
    answer = signed_in(who).post(
        url(Group, "change", role.pk), {"name": "Auditor", "permissions": [kept.pk, given.pk]}
    )
    assert answer.status_code == 302, answer.content.decode()
    event = AuditEvent.objects.get(action="group.saved")
    assert (event.actor, event.target_name) == (who, "Auditor")
    assert event.before == {"permissions": before}
    assert event.after == {"permissions": ["reviews.publish", "reviews.read_desk"]}
    assert chain_check().broken_at is None


def test_no_role_is_deleted() -> None:
    role = Group.objects.get(name="Auditor")
    assert signed_in(staff(superuser=True)).post(url(Group, "delete", role.pk), {"post": "yes"}).status_code == 403


def test_setting_a_password_is_in_the_trail_and_the_password_is_not() -> None:
    who, boss = desk.person("Checker"), staff("Administrator")
    page, secret = f"/admin/auth/user/{who.pk}/password/", "kestrel-over-the-bay-9"
    client = signed_in(boss)
    client.post(page, {"usable_password": "true", "password1": secret, "password2": "another"})
    assert not AuditEvent.objects.exists()
    answer = client.post(page, {"usable_password": "true", "password1": secret, "password2": secret})
    assert answer.status_code == 302, answer.content.decode()
    who.refresh_from_db()
    assert who.check_password(secret)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.target_id) == ("person.password", boss, str(who.pk))
    assert (event.before, event.after) == ({}, {"usable": True})
    assert client.post("/admin/auth/user/999999/password/", {"password1": secret}).status_code == 404
