"""Going through a text sentence by sentence with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from reviews.models import SentenceMark

pytestmark = pytest.mark.browser


def test_line_by_line_without_a_mouse(desk, sign_in):
    watched = sign_in("Checker")
    page = watched.page
    page.goto(f"{desk.url}/articles/{desk.article.pk}/")
    page.keyboard.press("l")
    first = page.locator(".sheet button.tick[data-unmarked]").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".endnote")).to_contain_text("All looked at.")
    assert SentenceMark.objects.count() == 1
    expect(page.locator(".sheet button.tick").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".endnote")).to_contain_text("1 not looked at.")
    page.keyboard.press("l")
    expect(page.locator(".sheet button.tick")).to_have_count(0)
    assert watched.complaints == []
