"""The list of what changed, by keyboard alone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from reviews.models import SentenceMark, TickChange

pytestmark = pytest.mark.browser


def test_one_key_confirms_one_reopens_and_the_list_goes_on(desk, sign_in):
    revision, person = desk.article.current, desk.people["Checker"]
    spans = [(start, end) for start, end in revision.sentences][:3]
    for start, end in spans:
        TickChange.objects.create(
            revision=revision, old_revision=revision, old_start=start, old_end=end, old_words="It is a fine day.",
            start=start, end=end, words=revision.text[start:end], kind="changed", person=person, person_name="Mirek",
        )  # fmt: skip
    watched = sign_in("Checker")
    page = watched.page
    page.goto(f"{desk.url}/changed/")
    rows = page.locator(".work > li")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_have_attribute("aria-current", "true")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("y")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")  # the one behind it; the skipped one stays
    page.keyboard.press("d")
    expect(rows).to_have_count(1)
    decided = list(TickChange.objects.order_by("pk").values_list("decision", flat=True))
    assert decided == ["", "confirmed", "reopened"]
    assert SentenceMark.objects.get().start == spans[1][0]
    assert watched.complaints == []


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_the_list_and_the_report_of_a_draft_shut_nobody_out(desk, sign_in, width, dark):
    """axe-core on both with something in them; neither scrolls sideways."""
    revision, person = desk.article.current, desk.people["Checker"]
    for at, (start, end) in enumerate(revision.sentences[:2]):
        TickChange.objects.create(
            revision=revision, old_revision=revision, old_start=start, old_end=end, old_words="It is a fine day.",
            start=None if at else start, end=None if at else end, words="" if at else revision.text[start:end],
            kind="gone" if at else "changed", person=person, person_name="Mirek",
        )  # fmt: skip
    watched = sign_in("Checker", width=width, dark=dark)
    page = watched.page
    page.goto(f"{desk.url}/changed/")
    found = Axe().run(page).response["violations"]
    page.goto(f"{desk.url}/articles/{desk.article.pk}/draft/")
    page.fill("#text", revision.text.replace("30,000", "31,000") + " The buses carry 4,000 people a day.")
    page.click("button[value=compare]")
    expect(page.locator("#report-h")).to_be_visible()
    found += Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert watched.complaints == []
