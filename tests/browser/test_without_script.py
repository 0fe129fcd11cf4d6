"""The desk with JavaScript switched off: every form is sent, and nothing typed is lost on the way."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from articles.models import Evidence
from reviews.models import Draft, Publication, Query, Review
from tests import factories

pytestmark = pytest.mark.browser
RATIONALE = "The city office of statistics counted 30,200 riders on working days, which is what was said."


@pytest.fixture
def plain(desk, browser):
    """`plain("Checker")`: a page of that person in a browser that runs no script."""
    contexts = []

    def enter(role: str):
        context = browser.new_context(java_script_enabled=False)
        contexts.append(context)
        client = Client()
        client.force_login(desk.people[role])
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": desk.url}])
        return context.new_page()

    yield enter
    for context in contexts:
        context.close()


def opened(page, summary: str) -> None:
    page.locator("summary", has_text=summary).first.click()


def test_from_open_to_published_without_script(desk, plain):
    claim = desk.claims[0]
    page = plain("Checker")
    page.goto(f"{desk.url}/claims/{claim.pk}/")
    page.get_by_role("button", name="Take").click()
    page.locator("button[value=keep]").first.click()
    expect(page.locator(".ev").first).to_contain_text("Kept by Mirek")
    page.locator("#rationale").fill("Half a tho")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("#rationale")).to_have_value("Half a tho")
    assert Draft.objects.filter(field="rationale", text="Half a tho").exists()
    page.locator("#rationale").fill("Too short")
    page.locator("#main-act").click(force=True)  # a gate is open: the form comes back as it was
    expect(page.locator("#gate-error")).to_contain_text("Your text is kept")
    expect(page.locator("#rationale")).to_have_value("Too short")
    page.locator("input[data-key='5']").check()
    page.locator("#quote-check input").first.check()
    page.locator("#rationale").fill(f"{RATIONALE} [1]")
    page.locator("#main-act").click(force=True)
    expect(page.locator("#dock")).to_contain_text("someone else must approve it")
    reviewer = plain("Reviewer")
    reviewer.goto(f"{desk.url}/claims/{claim.pk}/")
    reviewer.locator("#main-act").click()
    expect(reviewer.locator("#dock")).to_contain_text("Approved")
    publisher = plain("Publisher")
    publisher.goto(f"{desk.url}/claims/{claim.pk}/")
    publisher.locator("#main-act").click()
    expect(publisher.locator("#dock")).to_contain_text("Published")
    assert Publication.objects.get().state == "live"


def test_the_other_forms_of_the_card_without_script(desk, plain):
    claim = desk.claims[1]
    page = plain("Desk editor")
    page.goto(f"{desk.url}/claims/{claim.pk}/")
    page.get_by_role("button", name="Take").click()
    opened(page, "Ask the author")
    page.locator("#ask-name").fill("The ministry")
    page.locator("#ask-question").fill("Which days?")
    page.locator("#ask-due").fill(factories.tomorrow())
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#dock")).to_contain_text("The ministry")
    opened(page, "Write the answer down")
    page.locator("textarea[name=answer]").first.fill("Working days.")
    page.get_by_role("button", name="Save the answer").click()
    assert Query.objects.get().answer == "Working days."
    assert Review.objects.get(claim=claim).state == "in_progress"
    opened(page, "Write a note on this claim")
    page.locator("#note-body").fill("Working days only.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator("#notes")).to_contain_text("Working days only.")
    opened(page, "Add evidence by hand")
    for name, words in (("title", "Count of riders"), ("passage", "30,200 on working days"), ("locator", "p. 3")):
        page.locator(f"#ev-{name}").fill(words)
    page.locator("#add-evidence input[name=stance]").first.check()
    page.get_by_role("button", name="Add this evidence").click()
    assert Evidence.objects.filter(claim=claim, title="Count of riders", state="kept").exists()
    opened(page, "Split it")
    page.locator("#split-statements").fill("It carries 30,000 people\nIt carries more than any bus")
    page.get_by_role("button", name="Split", exact=True).click()
    expect(page.locator("#dock")).to_contain_text("was split")
    page.get_by_role("button", name="Put it together again").click()
    opened(page, "Dismiss the claim")
    page.locator("form#dismiss button").click()
    expect(page.locator("#dock")).to_contain_text("put aside")
