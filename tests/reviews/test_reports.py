"""The report on an article, and the picture that stands for a check where it is shared."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from articles.models import Article
from articles.workflow import ArticleState
from reviews import sharecard
from reviews.models import Profile, SignOff
from reviews.services.correction import publication_correct, publication_retract
from reviews.services.profile import profile_save
from tests import publishing as desk


# --- the report ----------------------------------------------------------------------------------------
@pytest.fixture
def checked(db: None) -> Article:
    """An article with two published checks, one retracted, and one that is not out."""
    article = desk.article()
    desk.published(desk.claim(article, statement="Output has doubled"))
    gone = desk.published(desk.claim(article, statement="The plant opened in 2019"), label="true")
    publication_retract(publication=gone, actor=desk.person("Publisher"), note="The table was forged.")
    desk.published(desk.claim(article, statement="Nobody knows"), label="false")
    desk.approved(desk.claim(article, statement="A secret draft"))
    return article


def report(article: Article) -> str:
    return Client().get(f"/reports/{article.pk}/").content.decode()


def test_report_lists_what_is_published_in_the_order_of_the_text(checked: Article) -> None:
    page = report(checked)
    places = [page.index(words) for words in ("Output has doubled", "The plant opened in 2019", "Nobody knows")]
    assert places == sorted(places)
    assert "A secret draft" not in page
    assert "The table was forged." in page
    assert "We are still checking this article." in page
    assert [words.strip() for words in re.findall(r'data-verdict="\d">(\d+ [^<]+)<', page)] == [
        "1 False", "1 Misleading", "1 Retracted"
    ]  # fmt: skip
    assert "ClaimReview" not in page  # each claim has a page of its own


def test_report_says_when_the_article_was_signed_off_and_by_nobody(checked: Article) -> None:
    who = desk.person("Desk editor", "ottoline")
    SignOff.objects.create(
        article=checked, revision=checked.current, sha256="0" * 64, mode="published", verdicts=[], signed_by=who,
        signed_by_name="Ottoline Fry", signed_at="2026-11-20T12:00:00Z",
    )  # fmt: skip
    assert "We are still checking" in report(checked)
    Article.objects.filter(pk=checked.pk).update(state=ArticleState.SIGNED_OFF)
    page = report(checked)
    assert "signed it off on" in page
    assert "20 November 2026" in page
    assert "Ottoline" not in page


def test_a_page_of_a_claim_leads_to_the_report(checked: Article) -> None:
    slug = re.findall(r'href="(/verdicts/[^"]+/)"', report(checked))[0]
    assert f'href="/reports/{checked.pk}/"' in Client().get(slug).content.decode()


@pytest.mark.django_db
def test_there_is_no_report_of_what_is_not_out() -> None:
    own = desk.article(mode="pre_publication")
    publication = desk.published(desk.claim(own))
    assert Client().get(f"/reports/{own.pk}/").status_code == 404
    assert "/reports/" not in Client().get(publication.get_absolute_url()).content.decode()
    draft = desk.article()
    desk.approved(desk.claim(draft))
    for pk in (draft.pk, 10**30, 0):
        assert Client().get(f"/reports/{pk}/").status_code == 404


def test_a_longer_report_asks_no_more(checked: Article, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(5):
        report(checked)
    desk.published(desk.claim(checked, statement="One more"))
    with django_assert_num_queries(5):
        report(checked)


# --- cards for sharing ---------------------------------------------------------------------------------
def card(**changes: Any) -> sharecard.Card:
    values: dict[str, Any] = {"statement": "Output has doubled", "label": "Misleading", "place": 2, "desk": "Desk"}
    return sharecard.Card(**values | changes)


AWKWARD = {
    "long": {"statement": "Output has doubled and doubled again " * 60, "speaker": "x" * 300, "note": "why " * 100},
    "one word": {"statement": "y" * 900, "label": "z" * 200, "desk": "d" * 300},
    "arabic": {"statement": "ارتفع إنتاج محطة أوستريل إلى الضعف", "speaker": "إيلفا تورنت"},
    "emoji": {"statement": "Costs rose 🚢 by 40% 👩‍👩‍👧"},
    "chinese": {"statement": "奥斯特雷尔电厂产量翻番"},
    "nothing": {"statement": "", "label": "", "desk": ""},
    "control": {"statement": "a\x00b\u202e\ud800c"},
}


@pytest.mark.parametrize("name", AWKWARD)
def test_any_words_make_a_card_of_its_size(name: str) -> None:
    picture = Image.open(io.BytesIO(sharecard.draw(card(**AWKWARD[name]))))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    # Nothing runs over the right edge: the last columns are paper.
    assert picture.crop((1180, 0, 1200, 630)).getcolors() == [(20 * 630, (255, 255, 255))]


@given(st.text(max_size=300))
@settings(max_examples=25, deadline=None)
def test_whatever_is_printable_can_be_drawn(words: str) -> None:
    assert sharecard.draw.__wrapped__(card(statement=words))


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Costs rose 🚢 by 40%", "Costs rose by 40%"),
        ("👩‍👩‍👧 families", "families"),
        ("Żółć, Ελλάδα, Київ", "Żółć, Ελλάδα, Київ"),
        ("奥斯特雷尔电厂", ""),
        ("x\x00\u0007y\ufe0f", "xy"),
    ],
)
def test_what_the_fonts_cannot_show_is_left_out(words: str, kept: str) -> None:
    assert sharecard.printable(words) == kept


@pytest.mark.parametrize(
    ("words", "way"), [("Output", "ltr"), ("«مرحبا»", "rtl"), ("2026: שלום", "rtl"), ("123", "ltr"), ("", "ltr")]
)
def test_words_run_as_their_first_letter_does(words: str, way: str) -> None:
    assert sharecard.direction(words) == way


@pytest.mark.django_db
def test_page_names_the_card_of_its_version_and_the_card_follows() -> None:
    publication = desk.published()
    page = Client().get(publication.get_absolute_url()).content.decode()
    (url,) = re.findall(r'property="og:image" content="http://127.0.0.1:8000([^"]+)"', page)
    assert url.endswith("/versions/1/card.png")
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    first = Client().get(url)
    assert (first.status_code, first["Content-Type"]) == (200, "image/png")
    assert "max-age=86400" in first["Cache-Control"]
    assert Client().get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    publication_correct(publication=publication, actor=desk.person("Publisher"), change="update", note="New table.")
    assert "/versions/2/card.png" in Client().get(publication.get_absolute_url()).content.decode()
    profile = Profile.objects.get()
    profile.name = "The Record"
    profile_save(profile=profile, actor=desk.person("Administrator"))
    renamed = Client().get(url, headers={"If-None-Match": first["ETag"]})
    assert (renamed.status_code, renamed.content == first.content) == (200, False)


@pytest.mark.django_db
def test_card_of_a_retracted_page_says_nothing_of_the_verdict_and_drafts_have_none() -> None:
    publication = desk.published()
    url = f"{publication.get_absolute_url()}versions/1/card.png"
    before = Client().get(url).content
    publication_retract(publication=publication, actor=desk.person("Publisher"), note="The table was forged.")
    assert Client().get(url).content != before
    assert "og:image" not in Client().get(publication.get_absolute_url()).content.decode()
    assert Client().get(f"{publication.get_absolute_url()}versions/9/card.png").status_code == 404
    assert Client().get(f"{desk.approved().get_absolute_url()}versions/1/card.png").status_code == 404
