"""Earlier reviews decided on in the card, with a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from articles.models import CheckedClaim
from tests.publishing import match

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Desk, Watched


def test_an_earlier_review_is_rejected_and_taken_back(desk: Desk, sign_in: Callable[..., Watched]) -> None:
    claim = desk.claims[0]
    known = CheckedClaim.objects.create(
        identity="https://halden.example/tram", url="https://halden.example/tram", publisher="Halden Facts",
        claim="The harbour tram does not carry 20,000 people a day", rating="False",
    )  # fmt: skip
    match(claim, review=known)
    watched = sign_in("Checker")
    page = watched.page
    page.goto(f"{desk.url}/articles/{desk.article.pk}/?claim={claim.pk}")
    before = page.locator("#before")
    expect(before.locator('del[data-differs="number"]')).to_have_text("20,000")
    before.get_by_role("button", name="Another claim").click()
    expect(page.locator("#before > .match")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator("#before > .match")).to_have_count(1)
    assert not watched.complaints
