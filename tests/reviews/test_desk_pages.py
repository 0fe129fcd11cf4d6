"""The pages of the desk: who may do what, what they show, and the whole way without JavaScript."""

from __future__ import annotations

import html
import re

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client

from articles.choices import EvidenceState, RunState
from articles.ingest.decode import MAX_BYTES
from articles.models import Article, Claim, Evidence
from reviews.models import Annotation, Publication, Review
from reviews.policies import ROLES
from reviews.services.review import Proposal, claim_take, verdict_approve, verdict_propose
from tests import factories

pytestmark = pytest.mark.django_db
RATIONALE = "The city office of statistics counted 30,200 riders on working days, which is what was said."
HTMX = {"HX-Request": "true"}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def story():
    return factories.article()


@pytest.fixture
def claim(story):
    return factories.claim(article=story)


def verdict(**values) -> dict[str, str]:
    return {"label": "true", "quote_check": "accurate", "rationale": RATIONALE} | values


def proposed(claim, by) -> Review:
    factories.evidence(claim=claim, state=EvidenceState.KEPT, stance="supports")
    review = claim_take(claim=claim, actor=by)
    verdict_propose(review=review, actor=by, proposal=Proposal("true", RATIONALE, "accurate"))
    return review


# --- who may enter --------------------------------------------------------------------------------------
PAGES = ("/", "/?view=drafts", "/next/", "/reviews/", "/articles/", "/articles/{article}/", "/claims/{claim}/")


@pytest.mark.parametrize("path", [*PAGES, "/articles/new/", "/evidence/1/snapshot/", "/claims/{claim}/prefill/"])
def test_strangers_are_asked_to_sign_in(claim, path):
    answer = Client().get(path.format(article=claim.article_id, claim=claim.pk))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/?next=")


def test_a_stranger_behind_htmx_is_asked_to_sign_in_and_keeps_the_page(claim):
    here = HTMX | {"HX-Current-URL": f"http://testserver/articles/{claim.article_id}/"}
    answer = Client().post(f"/claims/{claim.pk}/act/", {"action": "take"}, headers=here)
    assert answer.status_code == 401
    assert answer["HX-Retarget"] == "#errors"
    assert f"/login/?next=%2Farticles%2F{claim.article_id}%2F" in answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_somebody_without_a_role_sees_nothing_and_is_told_why(claim, path):
    person = factories.person(role="")
    answer = signed_in(person).get(path.format(article=claim.article_id, claim=claim.pk))
    assert answer.status_code == 403
    assert "This is for: Viewer" in answer.content.decode()


def test_a_superuser_has_no_editorial_rights(claim):
    person = factories.person(role="")
    person.is_superuser = person.is_staff = True
    person.save()
    assert signed_in(person).get(f"/claims/{claim.pk}/").status_code == 403


def test_a_reporter_does_not_learn_that_a_foreign_article_exists(claim):
    client = signed_in(factories.person(role="Reporter"))
    assert client.get(f"/articles/{claim.article_id}/").status_code == 404
    assert client.get(f"/claims/{claim.pk}/").status_code == 404
    assert client.get("/claims/999999/").status_code == 404


# role -> the acts it may do on a claim that is open to it
ACTS = {
    "take": ("/claims/{claim}/act/", {"action": "take"}, "propose_verdict"),
    "dismiss": ("/claims/{claim}/dismiss/", {"reason": "opinion"}, "edit_claims"),
    "reword": ("/claims/{claim}/reword/", {"statement": "Other words."}, "edit_claims"),
    "keep": ("/evidence/{evidence}/decide/", {"decision": "keep"}, "add_evidence"),
    "drop": ("/evidence/{evidence}/decide/", {"decision": "drop"}, "add_evidence"),
    "stance": ("/evidence/{evidence}/decide/", {"decision": "stance", "stance": "refutes"}, "add_evidence"),
    "add": (
        "/claims/{claim}/evidence/",
        {"title": "T", "passage": "P", "locator": "p. 1", "stance": "supports"},
        "add_evidence",
    ),
    "search": ("/claims/{claim}/search/", {"words": "bridge cost"}, "add_evidence"),
    "again": ("/runs/{run}/again/", {}, "add_evidence"),
    "note": ("/claims/{claim}/notes/", {"body": "Look."}, "write_notes"),
    "mark": ("/articles/{article}/claims/", {"revision": "{revision}", "start": "0", "end": "7"}, "edit_claims"),
    "comment": (
        "/articles/{article}/notes/",
        {"revision": "{revision}", "start": "0", "end": "7", "body": "Look."},
        "write_notes",
    ),
    "assign": ("/claims/{claim}/assign/", {"assignee": "{person}"}, "assign_reviews"),
    "upload": ("/articles/new/", {"text": "Bridge opens\n\nThe bridge cost 9 million crowns."}, "ingest"),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ROLES)
def test_every_act_is_open_to_exactly_the_roles_of_the_policy(claim, role, act):
    person = factories.person(role=role)
    if role == "Reporter":  # sees nothing but their own texts
        Article.objects.filter(pk=claim.article_id).update(created_by=person)
    evidence = factories.evidence(claim=claim)
    run = factories.run(claim=claim, source=factories.source(), state=RunState.FAILED)
    names = {
        "claim": claim.pk, "article": claim.article_id, "revision": claim.revision_id, "evidence": evidence.pk,
        "run": run.pk, "person": factories.person().pk,
    }  # fmt: skip
    path, values, needed = ACTS[act]
    data = {name: value.format(**names) for name, value in values.items()}
    answer = signed_in(person).post(path.format(**names), data)
    assert answer.status_code == (302 if needed in ROLES[role] else 403)


@pytest.mark.parametrize(
    "path", ["/claims/1/act/", "/claims/1/propose/", "/evidence/1/decide/", "/claims/1/publish/"]
)
def test_acts_are_not_done_by_following_a_link(path):
    assert signed_in(factories.person()).get(path).status_code == 405


def test_acts_from_another_site_are_refused(claim):
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.person())
    answer = client.post(f"/claims/{claim.pk}/act/", {"action": "take"})
    assert answer.status_code == 403
    assert "The page was too old" in answer.content.decode()


# --- the whole way without JavaScript -------------------------------------------------------------------
def test_take_keep_propose_approve_publish_without_javascript(claim):
    checker, reviewer, publisher = (factories.person(role=role) for role in ("Checker", "Reviewer", "Publisher"))
    evidence = factories.evidence(claim=claim)
    page = f"/claims/{claim.pk}/"
    mine = signed_in(checker)
    assert mine.post(f"{page}act/", {"action": "take"}, follow=True).redirect_chain == [(page, 302)]
    mine.post(f"/evidence/{evidence.pk}/decide/", {"decision": "keep", "stance": "supports", "seen_version": "1"})
    assert "Ready" in mine.post(f"{page}gates/", verdict(), headers=HTMX).content.decode()
    assert mine.post(f"{page}propose/", verdict()).status_code == 302
    own = mine.get(page).content.decode()
    assert "You proposed this verdict, so someone else must approve it." in own
    assert "Approve as" not in own
    assert mine.post(f"{page}approve/", {}).status_code == 403
    second = signed_in(reviewer)
    assert "Approve as True" in second.get(page).content.decode()
    version = Review.objects.get(claim=claim).version
    assert second.post(f"{page}approve/", {"seen_version": str(version)}).status_code == 302
    assert second.post(f"{page}publish/", {}).status_code == 403
    assert ">Publish<" in signed_in(publisher).get(page).content.decode()
    assert signed_in(publisher).post(f"{page}publish/", {}).status_code == 302
    assert Publication.objects.get(claim=claim).state == "live"
    assert "Published." in second.get(page).content.decode()


def test_the_proposer_cannot_approve_even_as_reviewer(claim):
    reviewer = factories.person(role="Reviewer")
    proposed(claim, reviewer)
    answer = signed_in(reviewer).post(f"/claims/{claim.pk}/approve/", {})
    assert answer.status_code == 403
    assert "someone else must approve it" in answer.content.decode()
    assert Review.objects.get(claim=claim).state == "second_review"


def test_changes_are_asked_with_a_note_and_the_words_come_back_to_the_proposer(claim):
    checker, reviewer = factories.person(), factories.person(role="Reviewer")
    proposed(claim, checker)
    act = f"/claims/{claim.pk}/act/"
    assert signed_in(reviewer).post(act, {"action": "request_changes"}).status_code == 422
    signed_in(reviewer).post(act, {"action": "request_changes", "note": "Say which year."})
    mine = signed_in(checker)
    assert "Changes asked" in mine.get(f"/claims/{claim.pk}/").content.decode()
    again = mine.post(act, {"action": "resume"}, follow=True).content.decode()
    assert RATIONALE in again
    assert 'value="true" data-key="5" checked' in again


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"label": ""}, "Verdict chosen"),
        ({"rationale": "Short."}, "6 of at least 60"),
        ({"quote_check": ""}, "did Oda Wren say it?"),
        ({"label": "unproven"}, "says what could not be established"),
        ({"label": "no-such"}, "Verdict chosen"),
        ({"quote_check": "perhaps"}, "did Oda Wren say it?"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_open_gate_gives_the_form_back_with_what_was_written(claim, missing, words, headers):
    checker = factories.person()
    factories.evidence(claim=claim, state=EvidenceState.KEPT, stance="supports")
    claim_take(claim=claim, actor=checker)
    written = verdict(summary="In one sentence.", **missing)
    answer = signed_in(checker).post(f"/claims/{claim.pk}/propose/", written, headers=headers)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in html.unescape(text)
    assert 'value="In one sentence."' in text
    assert 'id="gate-error"' in text


def test_wait_for_a_reply_and_go_on(claim):
    checker = factories.person()
    claim_take(claim=claim, actor=checker)
    client, act = signed_in(checker), f"/claims/{claim.pk}/act/"
    client.post(act, {"action": "block", "wait_kind": "right_of_reply", "note": "Asked the ministry."})
    assert "Right of reply: Asked the ministry." in client.get(f"/claims/{claim.pk}/").content.decode()
    assert client.post(act, {"action": "unblock"}).status_code == 302
    assert Review.objects.get(claim=claim).state == "in_progress"


# --- two people at once ---------------------------------------------------------------------------------
def test_the_second_of_two_who_approve_sees_what_happened(claim):
    proposed(claim, factories.person())
    seen = str(Review.objects.get(claim=claim).version)
    first, second = (signed_in(factories.person(role="Reviewer")) for _ in range(2))
    page = f"/claims/{claim.pk}/"
    assert first.post(f"{page}approve/", {"seen_version": seen}).status_code == 302
    late = second.post(f"{page}approve/", {"seen_version": seen}, headers=HTMX)
    assert late.status_code == 409
    assert late["HX-Retarget"] == "#claim"  # both sides stand where the card stood
    assert "Approved" in late.content.decode()


def test_a_stale_page_proposes_nothing_and_loses_nothing(claim):
    checker = factories.person()
    factories.evidence(claim=claim, state=EvidenceState.KEPT, stance="supports")
    claim_take(claim=claim, actor=checker)
    answer = signed_in(checker).post(f"/claims/{claim.pk}/propose/", verdict(seen_version="1"))
    assert answer.status_code == 409
    assert RATIONALE in answer.content.decode()
    assert not Review.objects.get(claim=claim).verdicts.exists()


def test_evidence_that_somebody_just_decided_is_not_decided_again(claim):
    evidence = factories.evidence(claim=claim)
    path = f"/evidence/{evidence.pk}/decide/"
    assert signed_in(factories.person()).post(path, {"decision": "keep", "seen_version": "1"}).status_code == 302
    late = signed_in(factories.person()).post(path, {"decision": "drop", "seen_version": "1"})
    assert late.status_code == 409
    assert Evidence.objects.get().state == EvidenceState.KEPT


def test_a_claim_that_somebody_took_cannot_be_taken(claim):
    claim_take(claim=claim, actor=factories.person())
    answer = signed_in(factories.person()).post(f"/claims/{claim.pk}/act/", {"action": "take"}, headers=HTMX)
    assert answer.status_code == 409


# --- what the pages show --------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["Checker", "Desk editor"])
@pytest.mark.parametrize("count", [3, 60])
def test_an_article_costs_ten_queries_however_many_claims_it_has(story, count, role, django_assert_num_queries):
    """Session, person; article, claims, notes; claim, evidence, kin, history, earlier reviews."""
    source = factories.source()
    for number in range(1, count + 1):
        one = factories.claim(article=story, number=number)
        factories.run(claim=one, source=source)
        factories.evidence(claim=one, source=source)
        note = Annotation.objects.create(claim=one, body="Where from?", created_by_name="Ana")
        Annotation.objects.create(claim=one, parent=note, body="The annual report.", created_by_name="Bo")
    client = signed_in(factories.person(role=role))
    with django_assert_num_queries(10):
        assert client.get(f"/articles/{story.pk}/").status_code == 200
    with django_assert_num_queries(10):
        assert client.get(f"/articles/{story.pk}/?claim={one.pk}").status_code == 200


@pytest.mark.parametrize("count", [3, 100])
def test_a_claim_with_much_evidence_costs_nine_queries(claim, count, django_assert_num_queries):
    """Session, person, waiting reviews; claim, evidence, notes, kin, history, earlier reviews."""
    source = factories.source()
    for _ in range(count):
        factories.run(claim=claim, source=source)
        factories.evidence(claim=claim, source=source)
    holder = factories.person(role="Desk editor")
    claim_take(claim=claim, actor=holder)
    client = signed_in(holder)
    with django_assert_num_queries(9):
        assert client.get(f"/claims/{claim.pk}/").status_code == 200


def test_hostile_words_are_shown_and_never_run():
    text = f"Title {HOSTILE}\n\nHe said {HOSTILE} carries 30,000 people a day."
    story = factories.article(text=text, title=HOSTILE)
    one = factories.claim(article=story, quote=f"{HOSTILE} carries", statement=HOSTILE, speaker=HOSTILE)
    source = factories.source(name=HOSTILE)
    factories.evidence(claim=one, source=source, title=HOSTILE, passage=HOSTILE, publisher=HOSTILE, locator=HOSTILE)
    factories.run(claim=one, source=source, state=RunState.FAILED, error_detail=HOSTILE)
    client = signed_in(factories.person(first_name=HOSTILE[:30]))
    client.post(f"/claims/{one.pk}/notes/", {"body": HOSTILE})
    for path in ("/", f"/?q={HOSTILE}", f"/articles/{story.pk}/", f"/claims/{one.pk}/", "/articles/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "alert(1)" in page or path == f"/?q={HOSTILE}"


@pytest.mark.parametrize(
    ("address", "is_link"),
    [
        ("https://kestrenet.example/data/1", True), ("HTTP://kestrenet.example/", True), ("", False),
        ("javascript:alert(1)", False), (" javascript:alert(1)//https://", False), ("data:text/html,x", False),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("_static_folder")
def test_only_web_addresses_become_links(claim, address, is_link):
    factories.evidence(claim=claim, url=address, title="A title of its own")
    Article.objects.update(url=address)
    who = factories.person()
    User.objects.filter(pk=who.pk).update(is_staff=True)
    client = signed_in(who)
    for path in (
        f"/claims/{claim.pk}/",
        f"/articles/{claim.article_id}/",
        f"/admin/articles/claim/{claim.pk}/change/",
    ):
        page = client.get(path).content.decode()
        assert "A title of its own" in page
        assert (f'href="{address}" rel="noreferrer' in page) == is_link


def test_no_page_has_inline_script_style_or_handlers(claim):
    proposed(claim, factories.person())
    client = signed_in(factories.person(role="Desk editor"))
    paths = (
        "/",
        f"/articles/{claim.article_id}/",
        f"/claims/{claim.pk}/",
        "/articles/new/",
        "/reviews/",
        "/articles/",
    )
    for path in paths:
        page = client.get(path).content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page), path
        assert not re.search(r"<script(?![^>]*(src=|application/json))", page), path


def test_right_to_left_and_emoji_words_keep_their_places():
    text = "ראש הממשלה\n\nאמר כי 🚋🚋 carries 30,000 people a day 🏳️‍🌈 ביום."
    story = factories.article(text=text)
    one = factories.claim(article=story)
    page = signed_in(factories.person()).get(f"/articles/{story.pk}/").content.decode()
    assert f'data-at="{text.index("carries")}"' in page
    assert 'dir="auto"' in page
    runs = re.findall(r'data-at="(\d+)"[^>]*>([^<]*)<', page)
    for at, run in runs:
        assert text[int(at) :].startswith(html.unescape(run))
    assert "".join(html.unescape(run) for _, run in runs) == text.replace("\n\n", "")
    assert one.quote in page


def test_words_selected_in_code_points_become_exactly_that_claim():
    text = "Title\n\n🚋🚋 The tram carries 30,000 people."
    story = factories.article(text=text)
    start = text.index("The tram")
    client = signed_in(factories.person())
    data = {"revision": story.current.pk, "start": start, "end": start + 14}
    answer = client.post(f"/articles/{story.pk}/claims/", data)
    made = Claim.objects.get()
    assert answer["Location"] == f"/articles/{story.pk}/?claim={made.pk}"
    assert made.quote == "The tram carri"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 302),
        ({"start": "5", "end": "5"}, 422),
        ({"start": "0", "end": "99999"}, 422),
        ({"start": "x", "end": "1"}, 302),
    ],
)
def test_a_selection_that_is_none_makes_no_claim(story, data, status):
    client = signed_in(factories.person())
    sent = {"revision": story.current.pk} | data
    assert client.post(f"/articles/{story.pk}/claims/", sent).status_code == status
    assert not Claim.objects.exists()


def test_a_note_on_words_shows_in_text_and_card_and_can_be_answered_and_resolved(claim):
    client = signed_in(factories.person(first_name="Ana", last_name="Verrel"))
    data = {"revision": claim.revision_id, "start": claim.start, "end": claim.end, "body": "Which day?"}
    client.post(f"/articles/{claim.article_id}/notes/", data)
    note = Annotation.objects.get()
    assert note.exact == claim.quote
    page = client.get(f"/articles/{claim.article_id}/").content.decode()
    assert page.count("Which day?") == 2
    client.post(f"/notes/{note.pk}/reply/", {"body": "Thursday.", "claim": claim.pk})
    client.post(f"/notes/{note.pk}/resolve/", {"claim": claim.pk})
    note.refresh_from_db()
    assert note.resolved_at is not None
    assert "Thursday." in client.get(f"/claims/{claim.pk}/").content.decode()


@pytest.mark.parametrize("beside", ["", "abc", "-1", "9" * 19, "9" * 5000])
def test_a_note_beside_a_claim_that_cannot_be_is_not_found(claim, beside):
    client = signed_in(factories.person())
    client.post(f"/claims/{claim.pk}/notes/", {"body": "Which day?"})
    answer = client.post(f"/notes/{Annotation.objects.get().pk}/resolve/", {"claim": beside})
    assert answer.status_code == 404


def test_a_source_that_failed_is_not_consulted_and_can_be_asked_again(claim):
    run = factories.run(
        claim=claim, source=factories.source(name="Grid data"), state=RunState.FAILED, error_detail="It answered 503."
    )
    client = signed_in(factories.person())
    page = client.get(f"/claims/{claim.pk}/").content.decode()
    assert "Grid data: not consulted" in page
    assert "nothing found" in page
    client.post(f"/runs/{run.pk}/again/")
    run.refresh_from_db()
    assert run.state == RunState.QUEUED


def test_progress_is_asked_for_only_while_sources_are_asked(claim):
    client = signed_in(factories.person())
    run = factories.run(claim=claim, source=factories.source(), state=RunState.QUEUED)
    first = factories.evidence(claim=claim)
    path = f"/claims/{claim.pk}/prefill/?after={first.pk}"
    assert f"/claims/{claim.pk}/prefill/" in client.get(f"/claims/{claim.pk}/").content.decode()
    fresh = factories.evidence(claim=claim, title="Came in later")
    run.state = RunState.OK
    run.save()
    answer = client.get(path, headers=HTMX).content.decode()
    assert "hx-get" not in answer
    assert fresh.title in answer
    assert first.title not in answer


def test_a_snapshot_is_plain_text_in_a_sandbox(claim):
    kept = factories.snapshot(content=HOSTILE.encode(), content_type="text/html")
    evidence = factories.evidence(claim=claim, snapshot=kept)
    answer = signed_in(factories.person()).get(f"/evidence/{evidence.pk}/snapshot/raw/")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.decode() == HOSTILE


def test_evidence_without_a_place_is_not_kept(claim):
    evidence = factories.evidence(claim=claim, locator="")
    client = signed_in(factories.person())
    path = f"/evidence/{evidence.pk}/decide/"
    assert client.post(path, {"decision": "keep"}).status_code == 422
    assert client.post(path, {"decision": "keep", "locator": "p. 4"}).status_code == 302


def test_an_act_beside_the_text_draws_text_and_progress_anew(claim):
    here = HTMX | {"HX-Current-URL": f"http://testserver/articles/{claim.article_id}/?claim={claim.pk}"}
    answer = signed_in(factories.person()).post(f"/claims/{claim.pk}/act/", {"action": "take"}, headers=here)
    text = answer.content.decode()
    assert 'id="progress" hx-swap-oob="true"' in text
    assert 'id="sheet"' in text
    assert "You have this claim." in text


def test_a_story_handed_in_twice_is_one_article():
    client = signed_in(factories.person())
    data = {"text": "Bridge opens\n\nThe bridge over the bay cost 9 million crowns, the mayor said on Monday."}
    first, second = (client.post("/articles/new/", data)["Location"] for _ in range(2))
    assert first == second
    assert Article.objects.count() == 1


def test_a_file_that_is_too_large_is_refused_unread(monkeypatch):
    monkeypatch.setattr(TemporaryUploadedFile, "read", lambda _file: pytest.fail("it was read"))
    large = SimpleUploadedFile("story.txt", b"a" * (MAX_BYTES + 1))
    answer = signed_in(factories.person()).post("/articles/new/", {"file": large})
    assert answer.status_code == 422
    assert "The text has 10485761 bytes; at most 10485760 are taken." in answer.content.decode()


@pytest.mark.parametrize("data", [{}, {"text": "   "}])
def test_handing_in_nothing_is_said_on_the_form(data):
    answer = signed_in(factories.person()).post("/articles/new/", data)
    assert answer.status_code == 422
    assert "Paste the text, choose a file or give its address." in answer.content.decode()


def test_a_dismissed_claim_says_why_and_can_be_restored(claim):
    client = signed_in(factories.person())
    client.post(f"/claims/{claim.pk}/dismiss/", {"reason": "opinion", "seen_version": "1"})
    assert "This claim was put aside." in client.get(f"/claims/{claim.pk}/").content.decode()
    client.post(f"/claims/{claim.pk}/restore/")
    claim.refresh_from_db()
    assert claim.state == "confirmed"


def test_an_unknown_page_and_a_broken_one_have_words(client):
    missing = client.get("/no-such-page/")
    assert missing.status_code == 404
    assert "There is nothing here" in missing.content.decode()


def test_the_sign_in_page_says_what_is_wrong_and_keeps_the_name():
    factories.person(username="mirek")
    answer = Client().post("/login/", {"username": "mirek", "password": "wrong"})
    text = answer.content.decode()
    assert 'value="mirek"' in text
    assert 'role="alert"' in text


def test_an_approved_verdict_leaves_the_queue_but_not_the_closed_view(claim):
    proposed(claim, factories.person())
    reviewer = factories.person(role="Reviewer")
    verdict_approve(review=Review.objects.get(claim=claim), actor=reviewer)
    client = signed_in(reviewer)
    assert claim.statement not in client.get("/").content.decode()
    assert claim.statement in client.get("/?view=closed").content.decode()
