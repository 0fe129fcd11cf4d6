"""The same story from two sources: found, linked, its claims shown as in hand; nothing else is."""

from __future__ import annotations

import io
import json
import random
import re
import sys
from typing import Final

import pytest
from django.core.management import call_command
from django.db.models import F

from articles.alike.claims import Said, twins
from articles.alike.sketch import FEWEST_RUNS, same_story, sketch, told
from articles.models import Article, ClaimRelation, Desk, StoryLink, StoryMark
from articles.selectors.alike import MOST_HOLDERS, same_stories, stories_near
from articles.services.article import article_ingest
from articles.services.claim import claim_add
from articles.services.extraction import revision_extract
from reviews.services.article import article_move_desk
from reviews.services.review import claim_take
from tests import factories
from tests.made_up import story
from tests.reviews.test_desks import signed_in

STORIES = 60


def body(text: str) -> list[str]:
    return text.split("\n\n")


def light(text: str, rng: random.Random) -> str:
    """Another headline, a word here and there."""
    parts = body(text)
    return _reworded("\n\n".join(["Another headline", *parts[1:]]), rng, 0.03)


def house_style(text: str, rng: random.Random) -> str:
    """One word in ten is another, paragraphs put together, a credit line behind."""
    parts = body(_reworded(text, rng, 0.1))
    return "\n\n".join([parts[0], parts[1], " ".join(parts[2:]), "With material from the agencies."])


def cut(text: str, rng: random.Random) -> str:
    """The first half only."""
    parts = body(_reworded(text, rng, 0.03))
    return "\n\n".join(parts[: 2 + max(2, len(parts) // 2)])


def turned(text: str, rng: random.Random) -> str:
    """The paragraphs in another order."""
    parts = body(_reworded(text, rng, 0.03))
    rest = parts[2:]
    rng.shuffle(rest)
    return "\n\n".join([*parts[:2], *rest])


def inside_another(text: str, rng: random.Random) -> str:
    """Within a longer piece of another matter."""
    return "\n\n".join([*body(text)[:4], *body(story(rng.randint(5_000, 9_000)))[2:], *body(text)[4:]])


def with_a_new_figure(text: str, rng: random.Random) -> str:
    """An update: one of its figures has changed, and a paragraph has come on top."""
    parts = body(text)
    figure = rng.choice(re.findall(r"\d[\d,]+", " ".join(parts[2:])))
    parts[2:] = [part.replace(figure, f"{rng.randint(100, 999)}") for part in parts[2:]]
    return "\n\n".join([*parts[:2], "The council meets tonight to speak about it, its office said.", *parts[2:]])


EDITS: Final = (light, house_style, cut, turned, inside_another, with_a_new_figure)


def _reworded(text: str, rng: random.Random, rate: float) -> str:
    def other(match: re.Match[str]) -> str:
        return rng.choice(["about", "then", "also", ""]) if rng.random() < rate else match.group()

    return re.sub(r"\b[a-z]+\b", other, text)


def linked(first: str, second: str) -> bool:
    """As `articles.selectors.alike` decides: two members of the sketches are shared, and then the texts are laid
    side by side."""
    one, other = told(first), told(second)
    return len(set(sketch(one.runs)) & set(sketch(other.runs))) >= 2 and same_story(one, other) > 0


@pytest.fixture(scope="module")
def figures() -> dict[str, tuple[int, int]]:
    """(linked, of how many), by what was done to a story, or by what kind of other story it is."""
    rng = random.Random(7)
    texts = [story(number) for number in range(STORIES)]
    found = {edit.__name__: [linked(text, edit(text, rng)) for text in texts] for edit in EDITS}
    found["the same event by another outlet"] = [
        linked(story(n, outlet=a), story(n, outlet=b)) for n in range(STORIES) for a, b in ((0, 1), (0, 2), (1, 2))
    ]
    found["another event by the same pattern"] = [
        linked(story(n, outlet=0), story(m, outlet=0)) for n in range(STORIES) for m in range(n)
    ]
    return {name: (sum(each), len(each)) for name, each in found.items()}


def test_recall_and_precision_on_stories_of_our_own(figures, capsys):
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(f"{name}: {n} of {all_}" for name, (n, all_) in figures.items()) + "\n")
    right = [figures[edit.__name__] for edit in EDITS]
    wrong = figures["the same event by another outlet"][0] + figures["another event by the same pattern"][0]
    found, wanted = sum(n for n, _ in right), sum(all_ for _, all_ in right)
    assert found / wanted >= 0.97
    assert found / (found + wrong) >= 0.97


def test_what_cannot_be_compared_is_like_nothing():
    assert sketch(told("A line.").runs) == []
    assert same_story(told("A line."), told("A line.")) == 0.0
    assert same_story(told(""), told(story(1))) == 0.0
    assert len(told("word " * 5_000).runs) < FEWEST_RUNS


TWINS = [
    ("The plant cost 300 million crowns", "The plant cost 300 million crowns, it says", True),
    ("The plant cost 300 million crowns", "The plant cost 310 million crowns", False),
    ("The plant cost 1,300 crowns a day", "The plant cost 1300 crowns a day", True),
    ("Nobody paid for the plant in Almar", "Somebody paid for the plant in Almar", False),
    ("The council knew of the plan", "The council never knew of the plan", False),
    ("The council knew of the plan", "Rain is expected in the west of the country", False),
]


@pytest.mark.parametrize(("ours", "theirs", "same"), TWINS)
def test_which_claims_of_two_versions_are_one_claim(ours, theirs, same):
    assert twins([("a", Said(ours, ours))], [("b", Said(theirs, theirs))]) == ([("a", "b")] if same else [])


def test_who_denies_a_claim_does_not_make_it():
    words = "Ada Lorn met Hugo Pell"
    ours, theirs = Said(words, words), Said(words, "", "denies")
    assert twins([("a", ours)], [("b", theirs)]) == []


# --- on the desk ----------------------------------------------------------------------------------------
def taken(text: str, address: str = "", *, desk: int = 1) -> Article:
    """A story that came in and was read."""
    found = article_ingest(text.encode(), name="story.txt", url=address, desk=desk)
    revision_extract(revision_id=found.revision.pk)
    return Article.objects.get(pk=found.article.pk)


@pytest.fixture
def pair() -> tuple[Article, Article]:
    """An agency's story, and what a site made of it."""
    first = taken(story(4), "https://tessel.example/4")
    return first, taken(light(story(4), random.Random(1)), "https://site.example/ulvik")


def twins_stored() -> int:
    return ClaimRelation.objects.filter(kind="twin").count()


@pytest.mark.django_db
class TestOnTheDesk:
    def test_the_same_story_from_two_sources_is_linked_and_so_are_its_claims(self, pair):
        first, second = pair
        link, back = StoryLink.objects.order_by("-article_id")
        assert (link.article, link.other) == (back.other, back.article) == (second, first)
        assert link.share > 0.7
        twin = ClaimRelation.objects.filter(kind="twin", claim__article=second)
        assert twin.count() == ClaimRelation.objects.filter(kind="twin", claim__article=first).count() > 3
        for one in twin.select_related("claim", "other"):
            assert re.findall(r"\d+", one.claim.quote) == re.findall(r"\d+", one.other.quote)

    def test_the_order_of_reading_does_not_matter(self):
        texts = [
            (story(4), "https://tessel.example/4"),
            (light(story(4), random.Random(1)), "https://site.example/u"),
        ]
        found = [article_ingest(text.encode(), name="a.txt", url=url) for text, url in texts]
        for one in reversed(found):
            revision_extract(revision_id=one.revision.pk)
        assert StoryLink.objects.count() == 2
        assert twins_stored() > 6

    def test_other_reports_of_the_event_and_other_events_are_not(self):
        for number, outlet in ((4, 0), (4, 1), (4, 2), (5, 0), (6, 0)):
            taken(story(number, outlet=outlet))
        assert StoryLink.objects.count() == 0
        assert twins_stored() == 0

    def test_a_new_text_is_compared_anew(self, pair):
        first, second = pair
        assert twins_stored()
        taken(story(77), "https://site.example/ulvik")
        assert StoryLink.objects.count() == 0
        assert twins_stored() == 0
        taken(story(4), "https://site.example/ulvik")
        assert {link.share for link in StoryLink.objects.all()} == {1.0}
        assert [link.other for link in same_stories(first.pk)] == [second]

    def test_another_desk_has_its_own(self, pair):
        _, second = pair
        walled = Desk.objects.create(name="Science", slug="science", walled=False)
        taken(story(4), "https://tessel.example/4", desk=walled.pk)
        assert StoryLink.objects.count() == 2
        editor = factories.person(role="Desk editor")
        article_move_desk(article=second, desk=walled, actor=editor)
        assert [link.other.desk_id for link in same_stories(second.pk)] == [walled.pk]
        assert not ClaimRelation.objects.exclude(claim__article__desk=F("other__article__desk")).filter(kind="twin")

    def test_what_a_person_marks_has_its_twin_too(self, pair):
        first, second = pair
        words = "We have kept our promise"
        marked = []
        for article in (first, second):
            text = article.current.text
            assert words in text
            at = text.index(words)
            person = factories.person()
            marked.append(claim_add(revision=article.current, actor=person, start=at, end=at + len(words)))
        assert ClaimRelation.objects.filter(claim=marked[1], other=marked[0], kind="twin").exists()

    def test_stories_from_before_are_linked_by_a_command_that_may_run_twice(self, pair):
        before = (StoryLink.objects.count(), twins_stored())
        StoryMark.objects.all().delete()
        StoryLink.objects.all().delete()
        ClaimRelation.objects.filter(kind="twin").delete()
        for _ in range(2):
            out = io.StringIO()
            call_command("link_stories", stdout=out, stderr=io.StringIO())
            assert json.loads(out.getvalue()) == {"articles": 2, "pairs": 1}
            assert (StoryLink.objects.count(), twins_stored()) == before

    def test_a_stock_phrase_in_every_story_costs_no_more_as_they_grow(self, pair, django_assert_num_queries):
        first, _ = pair
        mark = StoryMark.objects.filter(article=first).values_list("value", flat=True)[0]
        others = [Article(identity=f"x{n}", title="x") for n in range(MOST_HOLDERS + 20)]
        Article.objects.bulk_create(others)
        StoryMark.objects.bulk_create([StoryMark(article=one, value=mark) for one in others])
        text = first.current.text
        with django_assert_num_queries(2):
            assert len(stories_near(first, text)) == 1

    def test_nothing_vanishes_from_the_queue_and_the_claim_says_whose_hands_it_is_in(self, pair):
        first, second = pair
        twin = ClaimRelation.objects.filter(kind="twin", claim__article=second).select_related("other", "claim")
        one = max(twin, key=lambda each: each.claim.priority)
        ola = factories.person(first_name="Ola", last_name="Checker")
        client = signed_in(factories.person())
        shown = client.get("/").content.decode()
        assert f"claim {one.other.number} of <cite" in shown
        assert "Also <a" in shown
        assert "</cite></a>, draft" in shown
        claim_take(claim=one.other, actor=ola)
        shown = client.get("/").content.decode()
        assert f'data-claim="{one.claim.pk}"' in shown
        assert f'data-claim="{one.other.pk}"' in shown
        assert f'In hand as <a class="link" href="/articles/{first.pk}/?claim={one.other.pk}">' in shown
        assert "Ola Checker" in shown
        card = client.get(f"/articles/{second.pk}/?claim={one.claim.pk}").content.decode()
        assert "<dt>In hand</dt>" in card
        assert f"/articles/{first.pk}/?claim={one.other.pk}" in card
        assert "Ola Checker" in card
        assert 'id="same-story"' in card
        assert f"/articles/{first.pk}/" in card

    def test_the_api_says_it(self, pair):
        first, second = pair
        person = factories.person()
        client = signed_in(person)
        found = client.get(f"/api/v1/articles/{second.pk}/").json()["same_story"]
        assert [(one["article"], one["title"]) for one in found] == [(first.pk, first.title)]
        assert 0.7 < found[0]["share"] <= 1
        claim = ClaimRelation.objects.filter(kind="twin", claim__article=second)[0]
        relations = client.get(f"/api/v1/claims/{claim.claim_id}/").json()["relations"]
        assert {"other": claim.other_id, "kind": "twin"} in relations
