"""The desk and its public pages in Arabic: right to left, readable for everybody, the same keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from reviews.models import PersonSettings
from tests import publishing

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Desk, Watched

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RATIONALE = "أحصى مكتب الإحصاء في المدينة 30200 راكب في أيام العمل، وهذا بعينه ما قاله وزير النقل يوم الخميس."


def in_arabic(desk: Desk, role: str) -> None:
    PersonSettings.objects.update_or_create(person=desk.people[role], defaults={"language": "ar"})


def looked_at(page: Page, address: str) -> None:
    """A page from right to left that shuts nobody out and never scrolls sideways."""
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_pages_read_from_right_to_left(
    desk: Desk, sign_in: Callable[..., Watched], browser: Browser, settings: Any, width: int, dark: bool
) -> None:
    settings.BASE_URL, settings.LANGUAGE_CODE = desk.url, "ar"
    verdict = publishing.published(publishing.claim(publishing.article()))
    in_arabic(desk, "Checker")
    page = sign_in("Checker", width=width, dark=dark).page
    for path in ("/", f"/articles/{desk.article.pk}/", f"/claims/{desk.claims[0].pk}/", "/insights/"):
        looked_at(page, desk.url + path)
    public = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
    try:
        reader = public.new_page()
        for path in (verdict.get_absolute_url(), f"/reports/{verdict.claim.article_id}/"):
            looked_at(reader, desk.url + path)
    finally:
        public.close()


def test_a_claim_goes_from_open_to_proposed_by_the_same_keys(desk: Desk, sign_in: Callable[..., Watched]) -> None:
    in_arabic(desk, "Checker")
    watched = sign_in("Checker")
    page = watched.page
    page.goto(desk.url)
    page.keyboard.press("j")
    expect(page.locator(".row[aria-current]")).to_contain_text(desk.claims[0].statement)
    page.keyboard.press("t")
    expect(page.locator(".presence")).to_contain_text("هذا الادعاء لديك.")
    page.keyboard.press("e")
    page.keyboard.press("y")
    expect(page.locator(".ev").first).to_contain_text("Mirek")
    page.keyboard.press("5")
    page.keyboard.press("o")
    page.keyboard.press("r")
    page.keyboard.type(RATIONALE)
    expect(page.locator("#left")).to_have_text("جاهز")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dock")).to_contain_text("أنت من اقترح هذا الحكم")
    assert watched.complaints == []
