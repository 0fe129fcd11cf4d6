"""The queue's own keys in a real browser: select, take, assign, dismiss, filter, undo."""

from __future__ import annotations

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from reviews.models import Review

pytestmark = pytest.mark.browser
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def holders(desk):
    found = dict(Review.objects.filter(active=True).values_list("claim", "assignee"))
    return [found.get(claim.pk) for claim in desk.claims]


def picture(page, name: str) -> None:
    """For people: SHOTS=folder keeps what the page looked like."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_rows_are_selected_taken_and_given_back_with_keys(desk, sign_in):
    page = sign_in("Desk editor").page
    page.goto(desk.url)
    expect(page.locator(".bulk")).to_be_hidden()
    top = page.locator(".queue").bounding_box()["y"]
    for key in "jxjx":
        page.keyboard.press(key)
    expect(page.locator(".bulk output")).to_have_text("2 selected")
    expect(page.locator(".filters")).to_be_hidden()
    assert abs(page.locator(".queue").bounding_box()["y"] - top) < 8  # the bar takes the place of the filters
    picture(page, "bulk")
    page.keyboard.press("t")
    expect(page.locator(".toast")).to_contain_text("2 taken.")
    me = desk.people["Desk editor"].pk
    assert holders(desk)[:2] == [me, me]
    picture(page, "toast")
    page.keyboard.press("u")
    expect(page.locator(".toast")).to_contain_text("Undone: 2 taken.")
    assert holders(desk)[:2] == [None, None]


@pytest.mark.parametrize("dark", [False, True])
def test_assign_dismiss_and_filter_have_their_keys(desk, sign_in, dark):
    watched = sign_in("Desk editor", dark=dark, width=390 if dark else 1440)
    page = watched.page
    page.goto(desk.url)
    page.keyboard.press("f")
    expect(page.locator("#filter-q")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("a")  # the marked row, where nothing is selected
    expect(page.locator("h1")).to_have_text("Assign 1 claim")
    found = Axe().run(page, options=WCAG).response["violations"]
    assert found == []
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("1 assigned.")
    for key in "jxd":
        page.keyboard.press(key)
    expect(page.locator("h1")).to_have_text("Dismiss 1 claim")
    picture(page, f"dismiss-{dark}")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("1 dismissed.")
    picture(page, f"after-{dark}")
    assert watched.complaints == []
