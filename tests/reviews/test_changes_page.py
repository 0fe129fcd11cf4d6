"""What changed between two revisions: every word of both is on the page, and only for who may see the article."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from articles.anchoring.paragraphs import rows
from articles.services.article import article_ingest
from tests.factories import person

if TYPE_CHECKING:
    from articles.models import Article

URL = "https://tessel.example/tram"
OLD = "Tram Line Opens\n\nThe tram carries 30,000 people a day.\n\nIt cost 240 million crowns.\n\nThe bay was calm."
NEW = "Tram Line Opens\n\nThe tram carries 31,000 people a day.\n\nThe bay was calm.\n\nFares <b>rise</b> in May."


def test_each_paragraph_is_kept_reworded_added_or_removed() -> None:
    told = rows(OLD, NEW)
    assert [row.kind for row in told] == ["same", "changed", "removed", "same", "added"]
    assert [part for part in told[1].parts if part.kind != "same"] == [("old", "30"), ("new", "31")]


@pytest.mark.parametrize(("old", "new"), [(OLD, NEW), (NEW, OLD), ("", NEW), (OLD, ""), (OLD, OLD), ("", "")])
def test_no_word_of_either_text_is_missing(old: str, new: str) -> None:
    told = rows(old, new)
    for text, kinds in ((old, {"same", "old"}), (new, {"same", "new"})):
        shown = ["".join(part.text for part in row.parts if part.kind in kinds) for row in told]
        assert [one for one in shown if one] == [one for one in text.split("\n\n") if one]


def test_two_long_texts_without_a_word_in_common_are_compared_at_once() -> None:
    began = time.process_time()
    told = rows("\n\n".join(f"a{n} " * 400 for n in range(600)), "\n\n".join(f"b{n} " * 400 for n in range(600)))
    assert len(told) == 1_200
    assert time.process_time() - began < 5


def article() -> Article:
    article_ingest(OLD.encode(), url=URL, name="a.txt")
    return article_ingest(NEW.encode(), url=URL, name="a.txt").article


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(person(role=role))
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("view", ["", "?view=inline", "?from=1&to=2", "?from=2&to=1", "?from=x&to=99999999999"])
def test_the_page_shows_what_came_in_and_what_went_with_markup_as_words(view: str) -> None:
    answer = signed_in("Checker").get(f"/articles/{article().pk}/changes/{view}")
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "<del>" in body
    assert "<ins>" in body
    assert "&lt;b&gt;" in body


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "query", "status"), [("Checker", "?from=9", 404), ("Reporter", "", 404), ("", "", 403)]
)
def test_what_is_not_there_or_not_theirs_is_not_found(role: str, query: str, status: int) -> None:
    assert signed_in(role).get(f"/articles/{article().pk}/changes/{query}").status_code == status


@pytest.mark.django_db
def test_the_article_names_its_changes_and_what_its_sender_said() -> None:
    held = article()
    body = signed_in("Checker").get(f"/articles/{held.pk}/").content.decode()
    assert f"/articles/{held.pk}/changes/" in body
