"""A revision arrives while the desk is open: the changed words are seen, and answered with one click."""

from __future__ import annotations

import hashlib

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from articles.models import Article, Revision
from articles.services.extraction import revision_extract
from tests.browser.conftest import TEXT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def revise(article: Article, text: str) -> Revision:
    """The next text of the article, read."""
    revision = Revision.objects.create(
        article=article, number=2, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), raw=text.encode(),
        raw_sha256="0" * 64,
    )  # fmt: skip
    Article.objects.filter(pk=article.pk).update(current=revision)
    revision_extract(revision_id=revision.pk)
    return revision


@pytest.mark.parametrize("width", [1440, 390])
def test_changed_words_are_answered_where_they_are_seen(desk, sign_in, width):
    revise(desk.article, TEXT.replace("240 million", "260 million").replace("twice what was planned", "all told"))
    changed = desk.claims[3]
    changed.refresh_from_db()
    assert changed.stale_anchor
    watched = sign_in("Checker", width=width)
    page = watched.page
    page.goto(f"{desk.url}/articles/{desk.article.pk}/?claim={changed.pk}")
    expect(page.locator("#arrived")).to_contain_text("“240” is now “260”")
    expect(page.locator("#moved ins").first).to_have_text("260")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("button", name="Same").click()
    expect(page.locator("#moved")).to_have_count(0)
    expect(page.locator("#arrived")).to_contain_text("followed their words")
    expect(page.locator("#arrived")).not_to_contain_text("“240” is now “260”")
    changed.refresh_from_db()
    assert (changed.quote, changed.stale_anchor) == ("cost 260 million crowns", False)
    assert watched.complaints == []
