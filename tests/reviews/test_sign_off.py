"""Line by line, complete, signed: what must hold, who may, and that a signature is for one text only."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from articles.models import Article, Claim, Revision
from factcheck.core.errors import Invalid, NotAllowed, WrongState
from reviews.models import LineByLine, SentenceMark, SignOff
from reviews.selectors.standing import standing_of
from reviews.services.annotation import annotation_add, annotation_resolve
from reviews.services.marking import claim_mark
from reviews.services.review import review_perform, verdict_approve
from reviews.services.signoff import article_sign_off, article_sign_off_undo, line_by_line_set, sentence_mark
from reviews.workflow import ReviewAction
from tests import factories
from tests import publishing as desk

pytestmark = pytest.mark.django_db


def closed(article: Article | None = None) -> Article:
    """An article whose only claim is judged and approved."""
    review = desk.proposed(desk.claim(article))
    verdict_approve(review=review, actor=desk.person("Reviewer"))
    return Article.objects.select_related("current").get(pk=review.claim.article_id)


def sign(article: Article, who=None, **changes) -> SignOff:
    values = {"sha256": article.current.sha256, "note": "Read twice."} | changes
    return article_sign_off(article=article, actor=who or desk.person("Desk editor"), **values)


def test_a_signature_keeps_the_hash_the_verdicts_the_person_and_the_note():
    article = closed()
    signed = sign(article)
    assert signed.sha256 == article.current.sha256
    assert [(one["label"], one["version"]) for one in signed.verdicts] == [("Misleading", 1)]
    assert signed.note == "Read twice."
    assert Article.objects.get(pk=article.pk).state == "signed_off"


def test_the_database_keeps_a_signature_as_it_was():
    sign(closed())
    for act in (lambda: SignOff.objects.update(note="x"), lambda: SignOff.objects.all().delete()):
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
            act()


@pytest.mark.parametrize("role", ["Viewer", "Reporter", "Checker", "Reviewer", "Administrator", "Auditor"])
def test_who_may_not_sign(role):
    with pytest.raises(NotAllowed):
        sign(closed(), desk.person(role))


def test_the_author_does_not_sign_their_own_text():
    author = desk.person("Desk editor")
    with pytest.raises(NotAllowed, match="You wrote this text"):
        sign(closed(desk.article(mode="pre_publication", created_by=author)), author)
    named = desk.person("Desk editor")
    named.first_name, named.last_name = "Jona", "Besk"
    with pytest.raises(NotAllowed, match="You wrote this text"):
        sign(closed(desk.article(authors=["Jona Besk"])), named)


def test_who_approved_everything_does_not_sign_it_too():
    editor = desk.person("Desk editor")
    review = desk.proposed()
    verdict_approve(review=review, actor=editor)
    article = Article.objects.select_related("current").get(pk=review.claim.article_id)
    with pytest.raises(NotAllowed, match="every verdict"):
        sign(article, editor)


def open_claim(article):
    desk.claim(article)


def stale_claim(article):
    Claim.objects.filter(article=article).update(stale_anchor=True)


def blocking_note(article):
    annotation_add(target=article.current, actor=desk.person("Checker"), body="Not yet.", blocking=True)


def unread_sentence(article):
    Revision.objects.filter(pk=article.current.pk).update(sentences=[[0, 20], [50, 60]])
    line_by_line_set(article=article, actor=desk.person("Checker"), on=True)


def unread_text(article):
    Revision.objects.filter(pk=article.current.pk).update(extracted_at=None)


@pytest.mark.parametrize(
    ("hinder", "words"),
    [
        (open_claim, "1 claim still open"),
        (stale_claim, "1 claim whose words changed"),
        (blocking_note, "1 blocking note to resolve"),
        (unread_sentence, "1 sentence not looked at"),
        (unread_text, "has not been read"),
    ],
)
def test_what_is_open_stands_in_the_way_and_says_so(hinder, words):
    article = closed()
    hinder(article)
    article = Article.objects.select_related("current").get(pk=article.pk)
    with pytest.raises(Invalid, match=words):
        sign(article)
    assert not SignOff.objects.exists()


def test_a_text_without_a_claim_needs_somebody_who_read_every_line():
    article = factories.article()
    assert "No claim is marked" in standing_of(article).words
    checker = desk.person("Checker")
    line_by_line_set(article=article, actor=checker, on=True)
    for start, end in article.current.sentences:
        sentence_mark(revision=article.current, actor=checker, start=start, end=end)
    assert standing_of(article).ready
    sign(article)


def test_a_hash_of_another_text_is_not_signed():
    with pytest.raises(WrongState, match="has changed"):
        sign(closed(), sha256="0" * 64)


def signed_and(act) -> str:
    article = closed()
    sign(article)
    act(article)
    return Article.objects.get(pk=article.pk).state


def reopen(article):
    review = article.claims.get().reviews.get(active=True)
    review_perform(review=review, action=ReviewAction.REOPEN, actor=desk.person("Desk editor"), note="New figures.")


def mark_another(article):
    claim_mark(revision=article.current, actor=desk.person("Checker"), start=0, end=6)


@pytest.mark.parametrize("act", [reopen, mark_another, blocking_note])
def test_what_is_opened_again_takes_the_article_back(act):
    assert signed_and(act) == "in_check"


def test_a_signature_is_taken_back_with_a_reason_and_stays_on_record():
    article = closed()
    sign(article)
    editor = desk.person("Desk editor")
    article = Article.objects.get(pk=article.pk)
    with pytest.raises(Invalid, match="needs a note"):
        article_sign_off_undo(article=article, actor=editor, note=" ")
    article_sign_off_undo(article=article, actor=editor, note="A reader wrote in.")
    assert article.state == "in_check"
    assert SignOff.objects.count() == 1


def test_a_resolved_note_blocks_no_longer():
    article = closed()
    blocking_note(article)
    annotation_resolve(annotation=article.current.annotations.get(), actor=desk.person("Checker"))
    assert standing_of(article).ready


# --- the pages ------------------------------------------------------------------------------------------------
def test_line_by_line_on_the_page_with_and_without_javascript(client):
    article = factories.article()
    client.force_login(desk.person("Checker"))
    url = f"/articles/{article.pk}/"
    client.post(f"{url}lines/", {"on": "1"})
    assert LineByLine.objects.exists()
    assert "not looked at" in client.get(url).content.decode()
    start, end = article.current.sentences[0]
    sent = {"revision": article.current.pk, "sentence": f"{start}-{end}-0"}
    assert client.post(f"{url}sentences/", sent).status_code == 302
    part = client.post(f"{url}sentences/", sent | {"sentence": f"{start}-{end}-1"}, headers={"hx-request": "true"})
    assert 'id="sheet"' in part.content.decode()
    assert not SentenceMark.objects.exists()
    client.post(f"{url}lines/", {})
    assert not LineByLine.objects.exists()


@pytest.mark.parametrize("sentence", ["", "1-2", "x-y-0", "0-1-0", "0-999999999-0", "3-2-9"])
def test_a_place_that_is_no_sentence_is_refused(client, sentence):
    article = factories.article()
    client.force_login(desk.person("Checker"))
    sent = {"revision": article.current.pk, "sentence": sentence}
    assert client.post(f"/articles/{article.pk}/sentences/", sent).status_code == 422


def test_signing_on_the_page(client):
    article = closed()
    client.force_login(desk.person("Desk editor"))
    url = f"/articles/{article.pk}/sign-off/"
    assert article.current.sha256 in client.get(url).content.decode()
    assert client.post(url, {"sha256": article.current.sha256, "note": "Good."}).status_code == 302
    assert "Signed off by" in client.get(f"/articles/{article.pk}/").content.decode()
    client.post(f"{url}undo/", {"note": "Wait."})
    assert Article.objects.get(pk=article.pk).state == "in_check"


def test_the_backup_file_names_every_source_and_prints_no_secret(client, django_assert_num_queries):
    article = closed()
    claim = article.claims.get()
    desk.evidence(claim, passage="The name of the whistle-blower", visibility="confidential")
    client.force_login(desk.person("Viewer"))
    page = client.get(f"/articles/{article.pk}/backup/").content.decode()
    assert "Table 4, row 17" in page
    assert "Confidential evidence" in page
    assert "whistle-blower" not in page
    with django_assert_num_queries(15, exact=False):
        client.get(f"/articles/{article.pk}/backup/")
