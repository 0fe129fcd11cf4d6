"""Every page readers see, in a browser: accessible, never sideways, whole on paper, and without script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.apps import apps
from django.urls import reverse

from articles.origins import Appearance, Claimant
from reviews.choices import LetterKind
from reviews.defaults import policy_create, roles_sync, scale_create
from reviews.models import Colleague, Profile
from reviews.services.claim import claim_origins
from reviews.services.correction import publication_correct, publication_retract
from reviews.services.letter import Written, letter_answer, letter_receive
from reviews.services.profile import profile_save
from reviews.services.tag import publication_tag
from tests import publishing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from reviews.models import Publication

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@dataclass
class Site:
    """The public side with something on it; `pages` are addresses by name."""

    url: str
    pages: dict[str, str]


EMPTY = {
    "archive": "/verdicts/", "nothing found": "/verdicts/?q=nothing", "corrections": "/corrections/",
    "method": "/how-we-work/", "ask": "/ask/", "api": "/api/v1/docs/", "thanks": "/letters/thanks/",
}  # fmt: skip


@pytest.fixture
def site(_static_folder: None, live_server: Any, settings: Any, transactional_db: None) -> Site:
    roles_sync(apps)
    scale_create(apps)
    policy_create(apps)
    settings.BASE_URL = live_server.url
    return Site(live_server.url, dict(EMPTY))


@pytest.fixture
def full(site: Site) -> Site:
    profile_save(
        profile=_profile(), actor=publishing.person("Administrator"),
        people=[Colleague(name="Ana Moss", role="Head of the desk", about="Twelve years with the Record.")],
    )  # fmt: skip
    article = publishing.article()
    video = Appearance("https://video.example/v/9", "video", "Press briefing", "Kestria TV", starts_at=83, ends_at=91)
    claim = publishing.claim(article)
    claim_origins(
        claim=claim, actor=publishing.person("Checker"), appearances=[video],
        claimants=[Claimant("Ilva Torrent", role="Energy minister", same_as="https://torrent.example/")],
    )  # fmt: skip
    judged = {"media_check": "transformed", "media_context": "The hall was dry.", "gaps": "Output a turbine."}
    verdict = publishing.published(claim, **judged)
    publication_tag(publication=verdict, actor=publishing.person("Desk editor"), names=["Energy"])
    publication_correct(
        publication=verdict,
        actor=publishing.person("Publisher"),
        change="correction",
        note="It was 1,412, not 1,421.",
    )
    gone = publishing.published(publishing.claim(article, statement="The plant opened in 2019"), label="true")
    publication_retract(publication=gone, actor=publishing.person("Publisher"), note="The table was forged.")
    publishing.published(publishing.claim(article, statement="Nobody knows how much it cost"), label="unproven",
                         gaps="The accounts are closed.")  # fmt: skip
    return Site(site.url, site.pages | _addresses(verdict, gone))


def _profile() -> Profile:
    profile = Profile.objects.get_or_create(pk=1)[0]
    profile.name, profile.funding, profile.ethics = "The Northmoor Record", "Readers pay.", "No gifts."
    profile.council_name, profile.council_url = "Press council", "https://council.example/"
    return profile


def _addresses(verdict: Publication, gone: Publication) -> dict[str, str]:
    path = verdict.get_absolute_url()
    question = letter_receive(Written(LetterKind.QUESTION, "Did the bridge cost 40 million?"))
    answered = letter_receive(Written(LetterKind.COMPLAINT, "The table is from 2019.", publication=verdict))
    letter_answer(letter=answered, actor=publishing.person("Desk editor"), answer="It is from 2026.")
    return {
        "verdict": path, "retracted": gone.get_absolute_url(), "older": f"{path}versions/1/",
        "changes": f"{path}versions/2/changes/", "report": reverse("report", args=[verdict.claim.article_id]),
        "complain": f"{path}complain/", "embed": reverse("embed", args=[verdict.slug]),
        "question": reverse("letter-status", args=[question.token]),
        "answered": reverse("letter-status", args=[answered.token]),
    }  # fmt: skip


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def look(browser: Browser, site: Site, width: int, scheme: str) -> dict[str, list[str]]:
    """What is wrong with each page at one width in one theme."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page, wrong = context.new_page(), {}
    for name, path in site.pages.items():
        page.goto(site.url + path)
        found = violations(page) + ([f"{sideways(page)} px sideways"] if sideways(page) > 0 else [])
        if found:
            wrong[name] = found
    context.close()
    return wrong


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_no_page_breaks_a_rule_of_accessibility_or_runs_sideways(
    browser: Browser, full: Site, width: int, scheme: str
) -> None:
    assert look(browser, full, width, scheme) == {}


@pytest.mark.parametrize(("width", "scheme"), [(390, "light")])
def test_nor_does_a_page_with_nothing_on_it(browser: Browser, site: Site, width: int, scheme: str) -> None:
    assert look(browser, site, width, scheme) == {}


def test_a_reader_without_script_writes_complains_and_finds(browser: Browser, full: Site) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(full.url + full.pages["verdict"])
    page.get_by_role("link", name="Tell us what is wrong").click()
    page.get_by_label("What is wrong, and how do you know?").fill("The table is from 2019.")
    page.get_by_label("Your e-mail address").fill("nobody")
    page.get_by_role("button", name="Send").click()
    assert "Not sent." in page.inner_text("main")
    assert page.get_by_label("What is wrong, and how do you know?").input_value() == "The table is from 2019."
    page.get_by_label("Your e-mail address").fill("")
    page.get_by_role("button", name="Send").click()
    assert "We answer by" in page.inner_text("main")
    page.goto(full.url + "/verdicts/")
    page.get_by_label("Words of the claim").fill("cost")
    page.get_by_role("button", name="Search").click()
    assert "Nobody knows how much it cost" in page.inner_text("main")


def test_on_paper_the_whole_check_is_there_and_nothing_to_press(browser: Browser, full: Site) -> None:
    page = browser.new_page()
    page.goto(full.url + full.pages["verdict"])
    page.emulate_media(media="print")
    assert page.locator(".pub-nav").is_hidden()
    assert page.locator("#found").is_visible()
    assert page.locator("#evh").is_visible()
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == "rgb(255, 255, 255)"
    assert page.pdf(format="A4").startswith(b"%PDF")
