"""Evidence one piece at a time: the rest of the card stays as it is."""

from __future__ import annotations

from playwright.sync_api import expect

from reviews.services.review import claim_take
from reviews.views.pieces import FIRST
from tests import factories


def test_pieces_are_decided_one_after_the_other_with_keys_and_the_card_stays(desk, sign_in):
    claim = desk.claims[0]
    source = factories.source(name="Archive", reliability=2)
    for number in range(FIRST):
        factories.evidence(claim=claim, source=source, title=f"Report {number}", passage=f"Number{number} " * 9)
    claim_take(claim=claim, actor=desk.people["Checker"])
    watched = sign_in("Checker")
    page = watched.page
    page.goto(f"{desk.url}/claims/{claim.pk}/")
    page.evaluate("document.getElementById('verdict').dataset.same = 'yes'")
    marked = page.locator("#evidence-list .ev[aria-current]")
    page.keyboard.press("e")
    first = marked.get_attribute("id")
    page.keyboard.press("y")
    expect(page.locator(f"#{first}")).to_contain_text("Kept by Mirek")
    expect(page.locator(f"#{first}")).to_be_focused()
    page.keyboard.press("]")
    second = marked.get_attribute("id")
    assert second != first
    page.keyboard.press("d")
    expect(page.locator(f"#{second}")).to_have_count(0)
    expect(marked).to_be_focused()
    expect(page.locator("#evidence-count")).to_have_text(str(FIRST + 1))
    expect(page.locator("#timeline li").first).to_contain_text("dropped")
    expect(page.locator("#gates")).to_contain_text(f"{FIRST} suggestions to keep or drop")
    page.get_by_text("Dropped: 1").click()
    page.locator(f"#{second}").get_by_role("button", name="Keep").click()
    expect(page.locator("#evidence-list .ev").last).to_have_attribute("id", second)
    expect(page.get_by_text("Dropped: 1")).to_have_count(0)
    expect(page.locator("#verdict[data-same]")).to_have_count(1)
    page.locator("#evidence-all").click()
    expect(page.locator("#evidence-list .ev")).to_have_count(FIRST + 2)
    expect(page.locator("#evidence-all")).to_have_count(0)
    assert watched.complaints == []
