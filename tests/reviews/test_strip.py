"""The strip of claims: plain links, which htmx fills the card from."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    made = Client()
    made.force_login(factories.person())
    return made


def card_of(client: Client, article: int, claim: int):
    headers = {"HX-Request": "true", "HX-Boosted": "true", "HX-Target": "claim"}
    return client.get(f"/articles/{article}/?claim={claim}", headers=headers)


def test_the_address_of_a_link_gives_htmx_the_card_alone(client, django_assert_max_num_queries):
    story = factories.article()
    claim = factories.claim(article=story)
    assert f'href="/articles/{story.pk}/?claim={claim.pk}"' in client.get(f"/articles/{story.pk}/").content.decode()
    with django_assert_max_num_queries(8):
        page = card_of(client, story.pk, claim.pk).content.decode()
    assert f'data-claim-id="{claim.pk}"' in page
    assert 'id="sheet"' not in page
    assert "In the text" not in page  # it stands beside the text already


def test_a_claim_of_another_article_is_not_drawn_beside_this_text(client):
    story, other = factories.article(), factories.article()
    claim = factories.claim(article=other)
    assert card_of(client, story.pk, claim.pk).status_code == 404


def test_words_and_states_in_text_and_strip_are_escaped_once(client):
    text = 'A "quoted" <b>bold</b> & plain word stands here. It carries 30,000 people a day.'
    story = factories.article(text=text)
    factories.claim(article=story, quote="<b>bold</b> & plain")
    page = client.get(f"/articles/{story.pk}/").content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; plain</mark>" in page
    assert "&amp;amp;" not in page
