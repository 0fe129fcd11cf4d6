"""Facts of the desk's own texts, edits their author is asked for, and notes on evidence and through revisions."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from articles.choices import Mode
from articles.models import Article, Claim, Revision
from factcheck.core.errors import FactcheckError, Invalid, NotAllowed, WrongState
from reviews.choices import FactLabel
from reviews.models import Annotation, ClaimLabel, Draft
from reviews.policies import ROLES
from reviews.selectors.changes_asked import changes_asked
from reviews.services.annotation import annotation_reopen, annotation_resolve, words_find
from reviews.services.label import label_set
from reviews.services.notecarry import notes_carry, notes_sweep
from reviews.services.noting import edit_accept, note_write
from reviews.tasks import carry_ticks
from tests import publishing as desk

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def article(db: None) -> Article:
    return desk.article(mode=Mode.PRE_PUBLICATION)


@pytest.fixture
def claim(article: Article) -> Claim:
    return desk.claim(article)


def text_of(article: Article) -> Revision:
    assert article.current is not None
    return article.current


def note_on(article: Article, exact: str, actor: User, **more: Any) -> Annotation:
    target = text_of(article)
    return note_write(target=target, actor=actor, words=words_find(target=target, exact=exact), **more)


# --- labels -----------------------------------------------------------------------------------------------
def test_a_fact_is_labelled_and_the_newest_label_counts(claim: Claim) -> None:
    checker = desk.person("Checker")
    first = label_set(claim=claim, actor=checker, label="wrong_fixed", words="Output rose by half", note="Table 4")
    second = label_set(claim=claim, actor=checker, label="confirmed", words="ignored", seen_version=first.version)
    assert (second.version, second.words) == (2, "")
    with pytest.raises(WrongState):
        label_set(claim=claim, actor=checker, label="opinion", seen_version=1)
    assert ClaimLabel.objects.get().label == "confirmed"


@pytest.mark.parametrize(
    ("values", "code"),
    [({"label": "sure"}, "label.unknown"), ({"label": "wrong_fixed"}, "label.words_needed"),
     ({"label": "confirmed_with_change", "words": " "}, "label.words_needed")],
)  # fmt: skip
def test_what_is_no_label(values: dict[str, str], code: str, claim: Claim) -> None:
    with pytest.raises(Invalid) as refused:
        label_set(claim=claim, actor=desk.person("Checker"), **values)
    assert refused.value.code == code
    with pytest.raises(Invalid) as theirs:
        label_set(claim=desk.claim(), actor=desk.person("Checker"), label="confirmed")
    assert theirs.value.code == "label.not_ours"


@pytest.mark.parametrize("role", ["", *ROLES])
@pytest.mark.parametrize("label", ["confirmed", "on_author"])
def test_who_labels(role: str, label: str, claim: Claim) -> None:
    held = ROLES.get(role, ())
    allowed = "edit_claims" in held and (label != "on_author" or "sign_off" in held)
    if allowed:
        assert label_set(claim=claim, actor=desk.person(role), label=label).label == label
        return
    with pytest.raises(NotAllowed):
        label_set(claim=claim, actor=desk.person(role), label=label)


def test_nobody_labels_their_own_text(article: Article, claim: Claim) -> None:
    author = desk.person("Desk editor")
    Article.objects.filter(pk=article.pk).update(created_by=author)
    with pytest.raises(NotAllowed) as refused:
        label_set(claim=Claim.objects.get(pk=claim.pk), actor=author, label="confirmed")
    assert refused.value.code == "review.author"


def test_labels_on_card_backup_and_api(claim: Claim, client: Client) -> None:
    checker = desk.person("Checker")
    client.force_login(checker)
    assert "Before publication" in client.get(f"/claims/{claim.pk}/").content.decode()
    assert "Before publication" not in client.get(f"/claims/{desk.claim().pk}/").content.decode()
    assert (
        client.post(f"/claims/{claim.pk}/label/", {"label": "wrong_cut", "note": "Nobody said so"}).status_code == 302
    )
    backup = client.get(f"/articles/{claim.article_id}/backup/").content.decode()
    assert [
        words for words in ("What the author is asked to change", "Cut it.", "Nobody said so") if words not in backup
    ] == []
    send: dict[str, Any] = {
        "content_type": "application/json",
        "headers": desk.bearer(checker, "read", "verdict:write"),
    }
    put = client.put(f"/api/v1/claims/{claim.pk}/label/", {"label": "wrong_fixed", "words": "Output rose"}, **send)
    assert (put.status_code, put.json()["version"]) == (200, 2)
    assert client.get(f"/api/v1/claims/{claim.pk}/label/", **send).json()["words"] == "Output rose"
    assert (
        client.put(f"/api/v1/claims/{claim.pk}/label/", {"label": "opinion", "version": 1}, **send).status_code == 409
    )
    asked = client.get(f"/api/v1/articles/{claim.article_id}/changes-asked/", **send).json()["results"]
    assert [(one["old"], one["new"]) for one in asked] == [(claim.quote, "Output rose")]
    plain = client.get(f"/articles/{claim.article_id}/changes.txt").content.decode()
    assert f"1. Now: {claim.quote}\n   Then: Output rose" in plain


def test_every_label_has_words() -> None:
    assert all(one.label for one in FactLabel)


# --- accepted edits ---------------------------------------------------------------------------------------
def test_an_edit_of_the_text_is_asked_of_its_author_and_taken_back(article: Article) -> None:
    checker = desk.person("Checker")
    note = note_on(article, "doubled", checker, body="risen by half", motivation="editing")
    edit_accept(note=note, actor=checker)
    (asked,) = changes_asked(article)
    assert (asked.old, asked.new, asked.revision) == ("doubled", "risen by half", 1)
    assert text_of(article).text.count("doubled") == 1  # the text is its author's
    with pytest.raises(WrongState):
        edit_accept(note=note, actor=checker)
    annotation_reopen(annotation=note, actor=checker)
    assert changes_asked(article) == []


def test_what_is_no_edit_is_not_accepted(article: Article) -> None:
    checker = desk.person("Checker")
    comment = note_on(article, "doubled", checker, body="Really?")
    with pytest.raises(Invalid):
        edit_accept(note=comment, actor=checker)
    edit = note_on(article, "doubled", checker, body="risen", motivation="editing")
    with pytest.raises(NotAllowed):
        edit_accept(note=edit, actor=desk.person("Reporter"))
    annotation_resolve(annotation=edit, actor=checker)
    with pytest.raises(WrongState):
        edit_accept(note=edit, actor=checker)


def test_an_edit_is_accepted_on_the_page_and_by_api(article: Article, claim: Claim, client: Client) -> None:
    checker = desk.person("Checker")
    client.force_login(checker)
    first = note_on(article, "doubled", checker, body="risen", motivation="editing")
    shown = client.get(f"/claims/{claim.pk}/").content.decode()
    assert f"/notes/{first.pk}/accept/" in shown
    client.post(f"/notes/{first.pk}/accept/", {"claim": claim.pk})
    second = note_on(article, "2019", checker, body="2018", motivation="editing")
    send: dict[str, Any] = {
        "content_type": "application/json",
        "headers": desk.bearer(checker, "read", "verdict:write"),
    }
    done = client.post(f"/api/v1/annotations/{second.pk}/accept/", **send).json()
    assert done["accepted_by_name"] == checker.username
    assert [(one.old, one.new) for one in changes_asked(article)] == [("doubled", "risen"), ("2019", "2018")]


# --- notes on evidence --------------------------------------------------------------------------------------
def test_a_note_on_words_of_evidence(claim: Claim, client: Client) -> None:
    piece, address = desk.evidence(claim), f"/claims/{claim.pk}/evidence-notes/"
    client.force_login(desk.person("Checker"))
    bo = desk.person("Checker", "bo")
    writer = User.objects.exclude(pk=bo.pk).get()
    kept = {"claim": claim, "person": writer, "form": "ev-note", "field": "body", "text": "half"}
    Draft.objects.create(**kept, version=1, saved_at=timezone.now())
    form = {"number": 1, "words": "688 GWh", "body": "@bo the repair year?"}
    sent = client.post(address, form, follow=True)
    note = Annotation.objects.get(evidence=piece)
    assert (note.exact, note.prefix, bo.notices.count(), Draft.objects.count()) == (
        "688 GWh",
        "Ostrel: 1,371 GWh, against ",
        1,
        0,
    )
    assert "@bo the repair year?" in sent.content.decode()
    for wrong in ({"number": 1, "words": "689 GWh"}, {"number": 2, "words": ""}, {"words": "688 GWh"}):
        assert client.post(address, wrong | {"body": "No."}).status_code == 422


# --- through revisions --------------------------------------------------------------------------------------
def revised(article: Article, text: str) -> Revision:
    number = article.revisions.count() + 1
    digest = hashlib.sha256(text.encode()).hexdigest()
    made = Revision.objects.create(
        article=article, number=number, text=text, sha256=digest, raw=text.encode(), raw_sha256=digest,
        extracted_at=timezone.now(),
    )  # fmt: skip
    article.current = made
    article.save()
    return made


def test_notes_go_along_with_their_words_and_are_put_on_no_others(article: Article, client: Client) -> None:
    checker = desk.person("Checker")
    stays = note_on(article, "The plant opened in 2019.", checker, body="Source?", blocking=True)
    reply = note_write(target=text_of(article), actor=checker, body="The register.", parent=stays)
    gone = note_on(article, "doubled in a single year", checker, body="Since when?")
    closed = note_on(article, "Ilva Torrent", checker, body="Who is she?")
    annotation_resolve(annotation=closed, actor=checker)
    new = revised(article, "First of all: output grew, Ilva Torrent said. The plant opened in 2019. " + "More.")
    carry_ticks(article.pk)
    assert notes_carry(article_id=article.pk) == 0  # it may run twice
    for note in (stays, reply, gone, closed):
        note.refresh_from_db()
    assert (stays.revision, stays.exact, new.text[stays.start : stays.end]) == (new, *[stays.exact] * 2)
    assert stays.prefix.endswith("Ilva Torrent said. ")
    assert reply.revision == new
    assert (gone.revision, closed.revision) == (article.revisions.get(number=1),) * 2
    client.force_login(checker)
    shown = client.get(f"/articles/{article.pk}/").content.decode()
    assert "Notes whose words are no longer in the text" in shown
    assert "Output has <b>doubled in a single year</b>" in shown
    back = revised(article, "Output has doubled in a single year, it was said.")
    assert notes_sweep() == 1
    gone.refresh_from_db()
    assert gone.revision == back
    assert notes_sweep() == 0


def test_an_accepted_edit_stays_asked_when_the_next_revision_comes(article: Article) -> None:
    checker = desk.person("Checker")
    note = note_on(article, "doubled", checker, body="risen", motivation="editing")
    edit_accept(note=note, actor=checker)
    revised(article, "Another text altogether, about fish.")
    notes_carry(article_id=article.pk)
    assert [(one.old, one.revision) for one in changes_asked(article)] == [("doubled", 1)]
    other = note_on(article, "fish", checker, body="fishes", motivation="editing")
    revised(article, "A third text.")
    with pytest.raises(FactcheckError) as late:
        edit_accept(note=Annotation.objects.get(pk=other.pk), actor=checker)
    assert late.value.code == "annotation.moved_on"
