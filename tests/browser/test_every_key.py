"""Every key of the map, pressed on the page it is for, and what it does there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from articles.models import Claim, Evidence
from reviews.keys import TABLE
from reviews.models import Query, Review
from reviews.services.review import claim_take
from tests import factories

pytestmark = pytest.mark.browser
QUEUE = {"?", "/", "Esc", "j", "k", "n", "Enter", "x", "a", "f", "g", "t", "u", "d", "w", "b"}
ARTICLE = {"c", "m", "l", "[", "]"}
CARD = {"q", "e", "s", "y", "i", "1", "2", "3", "4", "5", "6", "7", "v", "o", "r", "Ctrl+Enter", "d", "u"}


def test_no_key_is_forgotten():
    assert {key.press for key in TABLE} == QUEUE | ARTICLE | CARD


def select_words(page, words: str) -> None:
    page.evaluate(
        """(words) => {
          const runs = [...document.querySelectorAll('.sheet [data-at]')];
          const run = runs.find((one) => one.textContent.includes(words));
          const at = run.textContent.indexOf(words), range = document.createRange();
          range.setStart(run.firstChild, at); range.setEnd(run.firstChild, at + words.length);
          getSelection().removeAllRanges(); getSelection().addRange(range);
        }""",
        words,
    )


def test_keys_of_the_queue(desk, sign_in):
    watched = sign_in("Desk editor")
    page = watched.page
    press = page.keyboard.press
    row = page.locator(".row[aria-current]")
    page.goto(desk.url)
    press("?")
    expect(page.locator("#help")).to_be_visible()
    press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    press("/")
    expect(page.locator("#s")).to_be_focused()
    press("Escape")
    expect(page.locator("#s")).not_to_be_focused()
    press("f")
    expect(page.locator("#filter-q")).to_be_focused()
    press("Escape")
    press("g")
    expect(page.locator(".rail .views a", has_text="Mine")).to_be_focused()
    press("j")
    press("j")
    expect(row).to_contain_text(desk.claims[1].statement)
    press("k")
    expect(row).to_contain_text(desk.claims[0].statement)
    press("n")
    expect(row).to_contain_text(desk.claims[1].statement)
    press("w")
    page.wait_for_url(f"**/claims/{desk.claims[1].pk}/#why")
    page.goto(desk.url)
    for key in "jb":
        press(key)
    page.wait_for_url(f"**?claim={desk.claims[0].pk}#before")
    page.goto(desk.url)
    for key in "jx":
        press(key)
    expect(page.locator(".bulk output")).to_have_text("1 selected")
    press("t")
    expect(page.locator(".toast")).to_contain_text("1 taken.")
    press("u")
    expect(page.locator(".toast")).to_contain_text("Undone")
    for key in "jxa":
        press(key)
    expect(page.locator("h1")).to_have_text("Assign 1 claim")
    page.goto(desk.url)
    for key in "jxd":
        press(key)
    expect(page.locator("h1")).to_have_text("Dismiss 1 claim")
    page.goto(desk.url)
    press("j")
    press("Enter")
    expect(page.locator("#claim")).to_have_attribute("data-claim-id", str(desk.claims[0].pk))
    assert watched.complaints == []


def test_keys_of_the_text(desk, sign_in):
    watched = sign_in("Checker")
    page = watched.page
    press = page.keyboard.press
    page.goto(f"{desk.url}/articles/{desk.article.pk}/?claim={desk.claims[0].pk}")
    press("c")
    expect(page.locator(".toast")).to_contain_text("Select words in the text first.")
    select_words(page, "fine day")
    press("c")
    expect(page.locator("#statement")).to_have_text("fine day")
    select_words(page, "bay")
    press("m")
    page.keyboard.type("Which bay?")
    press("Control+Enter")
    expect(page.locator(".sheet")).to_contain_text("Which bay?")
    press("l")
    expect(page.locator(".sheet button.tick[data-unmarked]").first).to_be_focused()
    press("l")
    expect(page.locator(".sheet button.tick")).to_have_count(0)
    page.goto(f"{desk.url}/articles/{desk.article.pk}/?claim={desk.claims[0].pk}")
    here = page.locator(".ev[aria-current]")
    press("]")
    first = here.get_attribute("id")
    press("]")
    expect(here).not_to_have_attribute("id", first)
    press("[")
    expect(here).to_have_attribute("id", first)
    assert watched.complaints == []


def test_keys_of_the_card(desk, sign_in):
    claim = desk.claims[0]
    claim_take(claim=claim, actor=desk.people["Checker"])
    watched = sign_in("Checker")
    page = watched.page
    press = page.keyboard.press
    page.goto(f"{desk.url}/claims/{claim.pk}/")
    page.evaluate(
        """() => {
          const words = document.querySelector(".ev[data-evidence] blockquote").firstChild;
          const range = document.createRange();
          range.setStart(words, 0); range.setEnd(words, 9);
          getSelection().removeAllRanges(); getSelection().addRange(range);
        }"""
    )
    words = page.evaluate("getSelection().toString()").strip()
    press("m")
    expect(page.locator("#ev-note-body")).to_be_focused()
    expect(page.locator("#ev-note-words")).to_have_value(words)
    page.keyboard.type("On which days?")
    press("Control+Enter")
    expect(page.locator("#notes")).to_contain_text("On which days?")
    page.locator("body").click(position={"x": 2, "y": 400})
    press("e")
    first = page.locator(".ev[aria-current]")
    expect(first).to_be_focused()
    was = first.locator("input[name=stance]:checked").get_attribute("value")
    press("s")
    expect(first.locator("input[name=stance]:checked")).not_to_have_value(was)
    page.evaluate("document.querySelectorAll('.ev [data-act=snapshot]').forEach((one) => (one.target = '_blank'))")
    with page.context.expect_page() as opened:
        press("i")
    assert "snapshot" in opened.value.url
    opened.value.close()
    press("y")
    expect(page.locator(".ev").first).to_contain_text("Kept by Mirek")
    expect(page.locator(".toast")).to_contain_text("Undo")
    press("u")
    expect(page.locator(".toast")).to_contain_text("Undone: evidence kept")
    assert not Evidence.objects.filter(claim=claim, state="kept").exists()
    press("e")
    press("d")
    expect(page.locator("summary", has_text="Dropped: 1")).to_be_visible()
    for number in "1234567":
        press(number)
        expect(page.locator(f"input[data-key='{number}']")).to_be_checked()
    page.locator("body").click(position={"x": 2, "y": 400})
    press("v")
    expect(page.locator("input[name=label]:checked")).to_be_focused()
    press("o")
    expect(page.locator("#quote-check input:checked")).to_have_count(1)
    press("r")
    expect(page.locator("#rationale")).to_be_focused()
    press("Escape")
    press("q")
    expect(page.locator("#ask-kind")).to_be_focused()
    page.locator("#ask-name").fill("Ministry of Transport")
    page.locator("#ask-question").fill("Which days were counted?")
    page.locator("#ask-due").fill("2099-01-01T12:00")
    press("Control+Enter")
    expect(page.locator("#errors")).to_contain_text("Give a time to answer")
    expect(page.locator("#ask-question")).to_have_value("Which days were counted?")
    page.locator("#ask-due").fill(factories.tomorrow())
    page.locator("#ask-due").press("Control+Enter")
    expect(page.locator("#queries")).to_contain_text("Which days were counted?")
    assert Query.objects.get().to_name == "Ministry of Transport"
    assert Review.objects.get(claim=claim).state == "blocked"
    assert [one for one in watched.complaints if "422" not in one] == []


def test_a_draft_claim_is_confirmed_and_dismissed_with_keys(desk, sign_in):
    page = sign_in("Checker").page
    draft = desk.claims[2]
    Evidence.objects.filter(claim=draft).delete()
    page.goto(f"{desk.url}/claims/{draft.pk}/")
    page.keyboard.press("y")
    expect(page.locator(".toast")).to_contain_text("Claim confirmed.")
    page.keyboard.press("d")
    expect(page.locator("#dismiss-reason")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dock")).to_contain_text("put aside")
    assert Claim.objects.get(pk=draft.pk).state == "dismissed"
    page.keyboard.press("u")
    expect(page.locator(".toast")).to_contain_text("Undone")
    assert Claim.objects.get(pk=draft.pk).state == "confirmed"
