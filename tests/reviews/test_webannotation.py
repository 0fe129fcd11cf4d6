"""Notes leave the desk as W3C Web Annotations, with places that other programs find again."""

from __future__ import annotations

import json

import pytest

from reviews.services.annotation import Words, annotation_add
from tests import factories
from tests import publishing as desk

pytestmark = pytest.mark.django_db
TEXT = "Rates\n\n😀 The rate fell to 4.1 percent, he said."


@pytest.fixture
def exported(client):
    """A story with a note on its words, a reply, a note on a claim and one on confidential evidence."""
    article = factories.article(text=TEXT)
    checker = desk.person("Checker", name="noor")
    start = TEXT.index("The rate")
    note = annotation_add(
        target=article.current, actor=checker, body="Adjusted: 4.6", words=Words(start, start + 29),
        motivation="questioning",
    )  # fmt: skip
    annotation_add(target=article.current, actor=checker, body="Yes.", parent=note)
    claim = factories.claim(article=article, quote="fell to 4.1 percent")
    annotation_add(target=claim, actor=checker, body="statistic", motivation="tagging")
    secret = factories.evidence(claim=claim, visibility="confidential")
    annotation_add(target=secret, actor=checker, body="The source is called Renna")
    client.force_login(desk.person("Viewer"))
    answer = client.get(f"/articles/{article.pk}/notes.jsonld")
    return article, note, answer


def test_a_place_is_given_by_code_points_and_by_its_words(exported):
    article, note, answer = exported
    assert answer["Content-Type"].startswith("application/ld+json")
    page = json.loads(answer.content)
    assert (page["@context"], page["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationPage")
    first = page["items"][0]
    assert first["motivation"] == "questioning"
    assert first["creator"]["name"] == "noor"
    assert first["target"]["source"].endswith(f"/articles/{article.pk}/revisions/1")
    position, quotation = first["target"]["selector"]
    assert (position["start"], position["end"]) == (9, 38)  # the emoji counts as one
    assert TEXT[position["start"] : position["end"]] == quotation["exact"] == "The rate fell to 4.1 percent,"
    assert (quotation["prefix"][-2:], quotation["suffix"]) == ("😀 ", " he said.")
    assert first["id"].endswith(f"/notes/{note.pk}/")


def test_replies_point_at_what_they_answer_and_tags_say_that_they_are(exported):
    items = json.loads(exported[2].content)["items"]
    assert (items[1]["motivation"], items[1]["target"]) == ("replying", items[0]["id"])
    assert items[2]["body"]["purpose"] == "tagging"
    assert "selector" not in items[2]["target"]


def test_what_is_confidential_stays(exported):
    assert b"Renna" not in exported[2].content
    assert len(json.loads(exported[2].content)["items"]) == 3


def test_only_for_people_of_the_desk(exported, client):
    client.force_login(desk.person(""))
    assert client.get(f"/articles/{exported[0].pk}/notes.jsonld").status_code == 403
    client.force_login(desk.person("Reporter"))
    assert client.get(f"/articles/{exported[0].pk}/notes.jsonld").status_code == 404
