"""The admin in a real browser: its own sign-in, worked with the keyboard, and nothing that the policy blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.apps import apps

from articles.models import Source
from reviews.defaults import policy_create, roles_sync, scale_create
from reviews.models import Review, Verdict
from tests import publishing as desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.services import Site

pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"


@pytest.fixture
def set_up(transactional_db: None) -> None:
    """Tests with real commits begin with empty tables."""
    roles_sync(apps)
    scale_create(apps)
    policy_create(apps)


def staff(role: str, name: str, *, superuser: bool = False) -> None:
    who = desk.person(role, name)
    who.set_password(PASSWORD)
    who.is_staff, who.is_superuser = True, superuser
    who.save()


@pytest.fixture
def blocked(page: Page) -> list[str]:
    """What the browser complained about: a blocked script or style, or a script that broke."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def sign_in(page: Page, site: Site, name: str) -> None:
    page.goto(f"{site.url}/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Log out").wait_for()


def test_a_claim_is_taken_weighed_and_proposed_with_the_keyboard(
    set_up: None, live_site: Site, page: Page, blocked: list[str]
) -> None:
    staff("Checker", "ana")
    claim = desk.claim(state="proposed")
    desk.evidence(claim, state="suggested", stance="")
    sign_in(page, live_site, "ana")
    page.goto(f"{live_site.url}/admin/articles/claim/")
    page.get_by_role("link", name=claim.statement).press("Enter")
    page.get_by_role("button", name="Take").press("Enter")
    page.get_by_text(f"Claim {claim.number} taken.").wait_for()
    page.get_by_role("button", name="Keep").press("Enter")
    page.get_by_text("Kept: ").wait_for()
    page.get_by_label("Mixed").press("Space")
    page.get_by_label("Rationale").fill(desk.RATIONALE)
    page.get_by_label("What could not be established").fill("The months before the repair.")
    page.get_by_label("Quote check").select_option("accurate")
    page.get_by_role("button", name="Propose the verdict").press("Enter")
    page.get_by_text("“Mixed” proposed").wait_for()
    assert Review.objects.get().state == "second_review"
    assert Verdict.objects.get().label.name == "Mixed"
    assert blocked == []


def test_pages_of_the_set_up_run_under_the_strict_policy(
    set_up: None, live_site: Site, page: Page, blocked: list[str]
) -> None:
    staff("Administrator", "olek", superuser=True)
    desk.published()
    source = Source.objects.create(name="Papers", kind="documents")
    sign_in(page, live_site, "olek")
    for path in (
        "", "articles/source/", "articles/source/add/", "articles/source/add/?kind=feed",
        f"articles/source/{source.pk}/change/", "articles/claim/", "articles/article/", "reviews/scale/",
        "reviews/scale/add/", "reviews/deskpolicy/", "core/apikey/add/", "auth/user/add/", "audit/auditevent/",
    ):  # fmt: skip
        page.goto(f"{live_site.url}/admin/{path}")
        assert page.get_by_role("main").count() == 1, path
    page.goto(f"{live_site.url}/admin/articles/source/{source.pk}/change/")
    page.get_by_role("button", name="Test connection").press("Enter")
    page.get_by_text("Papers: The collection can be searched").wait_for()
    assert blocked == []
