"""The desk in a real browser: without a mouse, readable for everybody, under a strict content policy."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from playwright.sync_api import expect

from articles.choices import RunState
from articles.models import Claim, Evidence, PrefillRun
from reviews.choices import NoticeEvent
from reviews.models import Draft, Notice, Publication, Review, Submission
from reviews.services.notice import notify
from reviews.services.review import Proposal, claim_take, review_perform, verdict_propose
from reviews.workflow import ReviewAction
from tests import factories

pytestmark = pytest.mark.browser
RATIONALE = "The city office of statistics counted 30,200 riders on working days, which is what was said."


def tab_to(page, selector: str) -> None:
    """Move the focus there with the Tab key alone."""
    for _ in range(200):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} was not reached with Tab")


def test_a_claim_goes_from_the_queue_to_the_public_without_a_mouse(desk, sign_in):
    checker = sign_in("Checker")
    page = checker.page
    page.goto(desk.url)
    page.keyboard.press("j")
    expect(page.locator(".row[aria-current]")).to_contain_text(desk.claims[0].statement)
    page.keyboard.press("t")
    expect(page.locator(".presence")).to_contain_text("You have this claim.")
    page.keyboard.press("e")
    page.keyboard.press("y")
    expect(page.locator(".ev").first).to_contain_text("Kept by Mirek")
    page.keyboard.press("5")
    page.keyboard.press("o")
    page.keyboard.press("r")
    page.keyboard.type(RATIONALE)
    expect(page.locator("#left")).to_have_text("Ready")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dock")).to_contain_text("You proposed this verdict, so someone else must approve it.")

    reviewer = sign_in("Reviewer")
    page = reviewer.page
    page.goto(f"{desk.url}/?view=second")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#main-act")).to_have_text("Approve as True")
    tab_to(page, "#main-act")
    page.keyboard.press("Enter")
    expect(page.locator("#dock")).to_contain_text("Approved")
    expect(page.locator(".strip a[aria-current]")).to_have_attribute("data-state", "closed")

    publisher = sign_in("Publisher")
    page = publisher.page
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{desk.url}/claims/{desk.claims[0].pk}/")
    tab_to(page, "#main-act")
    page.keyboard.press("Enter")
    expect(page.locator("#dock")).to_contain_text("Published")
    assert Publication.objects.get().state == "live"
    assert checker.complaints + reviewer.complaints + publisher.complaints == []


PATHS = {
    "insights": "/insights/",
    "queue": "/",
    "empty": "/?view=stale",
    "article": "/articles/{article}/?claim={claim}",
    "sign-off": "/articles/{article}/sign-off/",
    "backup": "/articles/{article}/backup/",
    "claim": "/claims/{claim}/",
    "second": "/claims/{second}/",
    "reviews": "/reviews/",
    "articles": "/articles/",
    "new": "/articles/new/",
    "changed": "/changed/?whose=all",
    "draft": "/articles/{article}/draft/",
    "asked for": "/submissions/",
    "request": "/submissions/{request}/",
    "notices": "/notices/",
    "settings": "/settings/",
    "missing": "/no-such-page/",
}


def prepared(desk) -> dict[str, int]:
    """One claim in the checker's hands, one proposed by the reviewer."""
    claim_take(claim=desk.claims[0], actor=desk.people["Checker"])
    reviewer = desk.people["Reviewer"]
    review = claim_take(claim=desk.claims[1], actor=reviewer)
    Evidence.objects.filter(claim=desk.claims[1]).update(state="kept", stance="supports")
    Claim.objects.filter(pk=desk.claims[3].pk).update(stale_anchor=True)
    verdict_propose(review=review, actor=reviewer, proposal=Proposal("misleading", RATIONALE, "accurate"))
    request = Submission.objects.create(
        article=desk.article, revision=desk.article.current, created_by_name="Ines Roe", note="For tonight.",
        due_at=factories.NOON,
    )  # fmt: skip
    for key, read in (("new", None), ("old", factories.NOON)):
        with transaction.atomic():
            notify(event=NoticeEvent.MENTIONED, people=[desk.people["Checker"]], key=key, words="Ana asks you.")
        Notice.objects.filter(key=key).update(read_at=read)
    return {
        "request": request.pk,
        "article": desk.article.pk,
        "claim": desk.claims[0].pk,
        "second": desk.claims[1].pk,
    }


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nobody_is_shut_out(desk, sign_in, width, dark):
    """axe-core, WCAG 2.2 AA and best practice: no violation on any page."""
    ids = prepared(desk)
    page = sign_in("Checker", width=width, dark=dark).page
    found = []
    for name, path in PATHS.items():
        page.goto(desk.url + path.format(**ids))
        result = Axe().run(page)
        found += [
            f"{name}: {one['id']}: {[node['target'] for node in one['nodes']][:3]}"
            for one in result.response["violations"]
        ]
    assert found == []


@pytest.mark.parametrize("width", [1440, 1024, 768, 390, 320])
def test_no_page_scrolls_sideways(desk, sign_in, width):
    ids = prepared(desk)
    page = sign_in("Checker", width=width).page
    wide = {}
    for name, path in PATHS.items():
        page.goto(desk.url + path.format(**ids))
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over:
            wide[name] = over
    assert wide == {}


def test_the_content_policy_is_strict_and_never_broken(desk, sign_in):
    ids = prepared(desk)
    watched = sign_in("Desk editor")
    for name, path in PATHS.items():
        answer = watched.page.goto(desk.url + path.format(**ids))
        assert "unsafe" not in answer.headers["content-security-policy"], name
        watched.page.keyboard.press("?")
    assert [said for said in watched.complaints if "404" not in said] == []


def test_selected_words_with_emoji_become_exactly_that_claim(desk, sign_in):
    page = sign_in("Checker").page
    page.goto(f"{desk.url}/articles/{desk.article.pk}/")
    page.evaluate(
        """() => {
          const run = [...document.querySelectorAll('.sheet [data-at]')]
            .find((one) => one.textContent.includes('🚋'));
          const at = run.textContent.indexOf('🚋'), range = document.createRange();
          range.setStart(run.firstChild, at); range.setEnd(run.firstChild, at + '🚋 harbour tram'.length);
          getSelection().removeAllRanges(); getSelection().addRange(range);
        }"""
    )
    page.keyboard.press("c")
    expect(page.locator("#statement")).to_have_text("🚋 harbour tram")
    assert Claim.objects.order_by("pk").last().quote == "🚋 harbour tram"


def test_a_note_on_selected_words_stands_behind_them(desk, sign_in):
    page = sign_in("Checker").page
    page.goto(f"{desk.url}/articles/{desk.article.pk}/?claim={desk.claims[3].pk}")
    page.evaluate(
        """() => { const run = document.querySelector('.seg[aria-current]');
          getSelection().selectAllChildren(run); }"""
    )
    page.keyboard.press("m")
    page.keyboard.type("Which year?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notes")).to_contain_text("Which year?")
    expect(page.locator(".note-ref")).to_have_count(1)


def test_what_was_written_survives_a_reload_and_other_acts(desk, sign_in):
    claim_take(claim=desk.claims[0], actor=desk.people["Checker"])
    page = sign_in("Checker").page
    page.goto(f"{desk.url}/claims/{desk.claims[0].pk}/")
    page.keyboard.press("2")
    page.locator("#rationale").fill("Half a thought")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    page.reload()
    expect(page.locator("#rationale")).to_have_value("Half a thought")
    expect(page.locator("input[data-key='2']")).to_be_checked()
    page.locator("[data-act=keep]").first.click()
    expect(page.locator(".ev").first).to_contain_text("Kept by Mirek")
    expect(page.locator("#rationale")).to_have_value("Half a thought")
    expect(page.locator("#dock-verdict")).to_contain_text("Misleading")


def test_who_comes_second_is_told_and_keeps_the_words(desk, sign_in):
    review = claim_take(claim=desk.claims[0], actor=desk.people["Checker"])
    Evidence.objects.filter(claim=desk.claims[0]).update(state="kept", stance="supports")
    page = sign_in("Checker").page
    page.goto(f"{desk.url}/claims/{desk.claims[0].pk}/")
    page.keyboard.press("5")
    page.keyboard.press("o")
    page.locator("#rationale").fill(RATIONALE)
    expect(page.locator("#left")).to_have_text("Ready")
    review_perform(
        review=review, action=ReviewAction.ASSIGN, actor=desk.people["Desk editor"], assignee=desk.people["Reviewer"]
    )
    page.locator("#main-act").click()
    expect(page.locator("#moved")).to_contain_text("with Ana Verrel")
    expect(page.locator("#moved #written")).to_have_text(RATIONALE)
    assert Draft.objects.get(person=desk.people["Checker"], field="rationale").text == RATIONALE
    assert Review.objects.get(pk=review.pk).verdict is None


def test_evidence_that_comes_in_is_added_below_and_polling_ends(desk, sign_in):
    claim = desk.claims[0]
    run = PrefillRun.objects.filter(claim=claim, state=RunState.FAILED).get()
    PrefillRun.objects.filter(pk=run.pk).update(state=RunState.QUEUED)
    page = sign_in("Checker").page
    page.goto(f"{desk.url}/claims/{claim.pk}/")
    expect(page.locator("#prefill")).to_contain_text("1 of 2 sources answered")
    factories.evidence(claim=claim, title="Came in later")
    PrefillRun.objects.filter(pk=run.pk).update(state=RunState.OK)
    expect(page.locator("#evidence-list .ev").last).to_contain_text("Came in later", timeout=8000)
    expect(page.locator("#prefill")).to_contain_text("2 of 2 sources answered")
    expect(page.locator("#evidence-count")).to_have_text("3")
    expect(page.locator("#prefill[hx-get]")).to_have_count(0)


def test_moving_through_the_claims_keeps_address_strip_text_and_card_together(desk, sign_in):
    page = sign_in("Checker").page
    page.goto(f"{desk.url}/articles/{desk.article.pk}/?claim={desk.claims[0].pk}")
    for _ in range(3):
        before = page.locator("#claim").get_attribute("data-number")
        page.keyboard.press("j")
        expect(page.locator("#claim")).not_to_have_attribute("data-number", before)
        number = page.locator("#claim").get_attribute("data-number")
        expect(page.locator(".strip a[aria-current]")).to_have_attribute("data-claim", number)
        expect(page.locator(".sheet .ref[aria-current]")).to_have_attribute("data-claim", number)
        claim = next(one for one in desk.claims if str(one.number) == number)
        expect(page).to_have_url(re.compile(rf"claim={claim.pk}$"))
    page.go_back()
    expect(page.locator("#claim")).to_be_visible()


def test_keys_do_nothing_inside_fields_and_can_be_switched_off(desk, sign_in):
    page = sign_in("Checker").page
    page.goto(desk.url)
    page.locator("#s").fill("")
    page.locator("#s").press("?")
    expect(page.locator("#help")).not_to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator(".row[aria-current]")).to_have_count(0)


def test_no_key_of_the_table_breaks_on_any_page(desk, sign_in):
    ids = prepared(desk)
    complaints = []
    for path in PATHS.values():
        # A browser of its own for each: some keys lead to another page, which may still be on its way.
        watched = sign_in("Desk editor")
        complaints.append(watched.complaints)
        page = watched.page
        page.goto(desk.url + path.format(**ids))
        for key in ("j", "k", "[", "]", "s", "o", "2", "r", "Escape", "v", "e", "w", "?", "Escape", "x", "/"):
            page.keyboard.press(key)
    # A card that is on its way when the next one is asked for is let go of.
    fine = ("404", "htmx:sendAbort", "htmx:afterRequest")
    assert [said for heard in complaints for said in heard if not any(word in said for word in fine)] == []
