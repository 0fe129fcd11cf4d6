"""Kinds of notes, suggested edits, people named in them, and Web Annotations read in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from factcheck.core.errors import Invalid, NotAllowed, WrongState
from reviews.models import Annotation, Notice
from reviews.services.annotation import words_find
from reviews.services.noting import edit_accept, note_write, notes_import, place_of
from reviews.webannotation import Incoming, incoming
from tests import factories
from tests import publishing as desk

if TYPE_CHECKING:
    from django.test import Client

    from articles.models import Article

TEXT = "😀 The rate fell to 4.1 percent, he said. The rate rose later."


def note(exact: str, *, start: int | None = None, body: str = "Adjusted it was 4.6.", **more: Any) -> dict[str, Any]:
    selectors: list[dict[str, Any]] = [{"type": "TextQuoteSelector", "exact": exact, **more}]
    if start is not None:
        selectors.append({"type": "TextPositionSelector", "start": start, "end": start + len(exact)})
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation", "motivation": "questioning",
        "creator": {"type": "Person", "name": "Ed Itor"}, "target": {"source": "x", "selector": selectors},
        "body": [{"type": "TextualBody", "value": body, "purpose": "commenting"}],
    }  # fmt: skip


# --- places -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given_", "words"),
    [
        (note("The rate", start=2), "2"),
        (note("The rate", start=3), None),
        (note("The rate"), None),
        (note("The rate", suffix=" rose"), "41"),
        (note("The rate", prefix="said. "), "41"),
        (note("percent", start=0), "23"),
        (note("never said"), None),
        (note(""), None),
        (note("The rate", prefix="another "), None),
    ],
)
def test_a_place_is_sure_or_none(given_: dict[str, Any], words: str | None) -> None:
    found = place_of(incoming(given_, most=1)[0], TEXT)
    assert (str(found.start) if found else None) == words


@given(st.text(alphabet="ab 😀", min_size=1, max_size=20), st.data())
def test_never_on_other_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    exact = text[start : data.draw(st.integers(start + 1, len(text)))]
    asked = Incoming("x", "commenting", exact=exact, start=data.draw(st.integers(-3, 30)), end=start)
    found = place_of(asked, data.draw(st.text(alphabet="ab 😀", max_size=20)) + text)
    assert found is None or (data and (found.end - found.start) == len(exact))


BAD = {
    "a list": [],
    "no type": {},
    "a page without items": {"type": "AnnotationPage"},
    "another type": {"type": "Note"},
    "items that are no notes": {"type": "AnnotationPage", "items": [1]},
    "no words": note("x", body=" "),
    "a book": note("x", body="y" * 10_001),
    "too many": {"type": "AnnotationPage", "items": [{}] * 9},
}


@pytest.mark.parametrize("name", BAD)
def test_documents_that_cannot_be_read(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        incoming(BAD[name], most=8)  # type: ignore[arg-type]
    assert refused.value.code == "annotation.bad_document"


# --- on the desk ------------------------------------------------------------------------------------------
def story() -> Article:
    return factories.article(text=TEXT)


@pytest.mark.django_db
def test_notes_come_in_once_with_who_wrote_them() -> None:
    article, who = story(), desk.person("Checker")
    page = {"type": "AnnotationPage", "items": [note("The rate", start=2), note("gone"), note("percent")]}
    came = notes_import(article=article, actor=who, document=page)
    assert (came.added, came.known, len(came.refused)) == (2, 0, 1)
    first = Annotation.objects.order_by("start").first()
    assert first is not None
    assert (first.exact, first.motivation, first.created_by) == ("The rate", "questioning", who)
    assert first.created_by_name.startswith("Ed Itor (by ")
    again = notes_import(article=article, actor=who, document=page)
    assert (again.added, again.known) == (0, 2)
    with pytest.raises(NotAllowed):
        notes_import(article=article, actor=desk.person("Viewer"), document=page)


@pytest.mark.django_db
def test_what_goes_out_comes_in_again(client: Client) -> None:
    article, who = story(), desk.person("Checker")
    notes_import(article=article, actor=who, document=note("The rate", start=2))
    client.force_login(who)
    out = client.get(reverse("reviews:notes-export", args=[article.pk])).content
    Annotation.objects.all().delete()
    at = reverse("reviews:notes-import", args=[article.pk])
    assert client.post(at, {"file": SimpleUploadedFile("n.jsonld", out)}).status_code == 302
    assert Annotation.objects.get().exact == "The rate"
    for bad in (b"{", b"[]", b"[" * 100_000, json.dumps({"type": "Annotation"}).encode()):
        assert client.post(at, {"file": SimpleUploadedFile("n.jsonld", bad)}).status_code == 422
    assert client.post(at, {}).status_code == 422


@pytest.mark.django_db
def test_a_suggested_edit_is_accepted_once_and_only_on_the_words_it_meant(client: Client) -> None:
    claim, who = desk.claim(), desk.person("Checker")
    made = [
        note_write(
            target=claim, actor=who, body=body, motivation="editing",
            words=words_find(target=claim, exact="has doubled"),
        )
        for body in ("rose by half", "grew")
    ]  # fmt: skip
    edit_accept(note=made[0], actor=who)
    claim.refresh_from_db()
    assert claim.statement == "Output of the Ostrel plant rose by half in a single year"
    for one in made:
        one.refresh_from_db()
        with pytest.raises(WrongState):
            edit_accept(note=one, actor=who)
    plain = note_write(target=claim, actor=who, body="Hm.")
    with pytest.raises(Invalid):
        edit_accept(note=plain, actor=who)
    client.force_login(who)
    form = {"body": "shrank", "motivation": "editing", "words": "rose by half"}
    assert client.post(reverse("reviews:add-note", args=[claim.pk]), form).status_code == 302
    third = Annotation.objects.get(body="shrank")
    assert client.post(reverse("reviews:add-note", args=[claim.pk]), form | {"words": "nowhere"}).status_code == 422
    accept = reverse("reviews:accept-edit", args=[third.pk])
    assert client.post(accept, {"claim": claim.pk}).status_code == 302
    claim.refresh_from_db()
    assert "shrank" in claim.statement
    assert client.post(accept, {"claim": claim.pk}).status_code == 409


@pytest.mark.django_db
def test_whom_a_note_names_is_told_once_and_nobody_behind_a_wall() -> None:
    claim, who = desk.claim(), desk.person("Checker")
    ana, stranger = desk.person("Reviewer", "ana.v"), desk.person("", "stranger")
    note_write(target=claim, actor=who, body="@Ana.V. look, and @stranger; mail a@ana.v is nobody.")
    told = set(Notice.objects.filter(event="mentioned").values_list("person", flat=True))
    assert told == {ana.pk}
    assert stranger.pk not in told
