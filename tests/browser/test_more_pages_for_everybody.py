"""axe-core on the pages and states the other tests do not open: signing, guests, blind verdicts; print; a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from articles.models import Article, Claim, Evidence
from reviews.models import DeskPolicy, Review
from reviews.selectors.replies import link_token
from reviews.services.asking import Asking, query_ask, reply_waive
from reviews.services.opinion import opinion_give
from reviews.services.recusal import recuse
from reviews.services.review import Proposal, claim_take, verdict_approve, verdict_propose

pytestmark = pytest.mark.browser
RATIONALE = "The city office of statistics counted 30,200 riders on working days, which is what was said."


def violations(page, name: str) -> list[str]:
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found = [
        f"{name}: {one['id']}: {[node['target'] for node in one['nodes']][:3]}"
        for one in Axe().run(page).response["violations"]
    ]
    return [*found, f"{name}: {over} px too wide"] if over else found


def proposed(desk, number: int, label: str = "misleading") -> Review:
    claim, checker = desk.claims[number], desk.people["Checker"]
    review = claim_take(claim=claim, actor=checker)
    Evidence.objects.filter(claim=claim).update(state="kept", stance="supports")
    verdict_propose(review=review, actor=checker, proposal=Proposal(label, f"{RATIONALE} [1]", "accurate"))
    review.refresh_from_db()
    return review


LOOKS = pytest.mark.parametrize(
    ("width", "dark"),
    [(1440, False), (1440, True), (390, False), (390, True)],
    ids=["wide", "dark", "phone", "night"],
)


@LOOKS
def test_questions_conflicts_and_blind_verdicts(desk, sign_in, width, dark):
    asker = desk.people["Checker"]
    asked = query_ask(
        claim=desk.claims[3], actor=asker,
        asking=Asking("right_of_reply", "Ministry", "Which year?", timezone.now() + timedelta(days=1), "a@b.example"),
    )  # fmt: skip
    reply_waive(claim=desk.claims[3], actor=asker, reason="The other speaker has died.")
    DeskPolicy.objects.update(second_review="blind", replies_hold="nothing")
    blind, far = proposed(desk, 0), proposed(desk, 1)
    recuse(article=desk.article, claim=desk.claims[3], actor=desk.people["Reviewer"], reason="A friend.")
    opinion_give(review=far, actor=desk.people["Reviewer"], label="true", rationale="I read it otherwise.")
    page = sign_in("Desk editor", width=width, dark=dark).page
    found = []
    for name, path in (
        ("questions", f"/claims/{desk.claims[3].pk}/"), ("blind", f"/claims/{blind.claim_id}/"),
        ("compare", f"/claims/{far.claim_id}/"), ("reviews", "/reviews/"), ("guest", f"/answer/{link_token(asked)}/"),
    ):  # fmt: skip
        page.goto(desk.url + path)
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach((one) => (one.open = true))")
        found += violations(page, name)
    assert found == []


@LOOKS
def test_signing_and_empty_desks(desk, sign_in, width, dark):
    page = sign_in("Publisher", width=width, dark=dark).page
    review = proposed(desk, 0)
    verdict_approve(review=review, actor=desk.people["Reviewer"])
    Claim.objects.filter(article=desk.article).exclude(pk=review.claim_id).update(
        state="dismissed", dismiss_reason="opinion", settled=True
    )
    found = []
    page.goto(f"{desk.url}/articles/{desk.article.pk}/sign-off/")
    expect(page.locator("form button", has_text="Sign off")).to_be_visible()
    found += violations(page, "signing")
    Claim.objects.filter(article=desk.article).update(settled=True)
    Article.objects.update(state="archived")
    for name in (
        "",
        "reviews/",
        "?view=mine",
        "?q=nothing",
        "insights/",
        "verdicts/",
        "corrections/",
    ):
        page.goto(f"{desk.url}/{name}")
        found += violations(page, f"empty {name}")
    assert found == []


def test_a_claim_on_paper_has_its_words_and_no_buttons(desk, sign_in):
    proposed(desk, 0)
    page = sign_in("Reviewer").page
    for path in (f"/claims/{desk.claims[0].pk}/", f"/articles/{desk.article.pk}/backup/"):
        page.goto(desk.url + path)
        page.emulate_media(media="print")
        expect(page.locator("main")).to_contain_text(RATIONALE)
        for chrome in (".top", ".foot", ".dock"):
            for one in page.locator(chrome).all():
                expect(one).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert page.pdf().startswith(b"%PDF")


def test_typing_and_proposing_on_a_phone(desk, sign_in):
    claim = desk.claims[0]
    claim_take(claim=claim, actor=desk.people["Checker"])
    Evidence.objects.filter(claim=claim).update(state="kept", stance="supports")
    page = sign_in("Checker", width=390, height=780, dark=True).page
    page.goto(f"{desk.url}/claims/{claim.pk}/")
    page.locator("label.pick", has_text="Mostly true").click()
    page.locator("#quote-check label").first.click()
    page.locator("#rationale").fill(RATIONALE)
    expect(page.locator("#left")).to_have_text("Ready")
    page.reload()
    expect(page.locator("#rationale")).to_have_value(RATIONALE)
    expect(page.locator("#left")).to_have_text("Ready")
    page.locator("#main-act:not([aria-disabled])").click()
    expect(page.locator("#dock")).to_contain_text("someone else must approve it")
