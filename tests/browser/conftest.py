"""A desk with people and a story in it, and browsers that are signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from articles.choices import RunState
from reviews.defaults import policy_create, roles_sync, scale_create
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from playwright.sync_api import Browser, Page

    from articles.models import Article, Claim

TEXT = (
    "Harbour Tram Line Opens\n\n"
    "PORT ALMAR, November 19 (Tessel) - The 🚋 harbour tram carries 30,000 people a day, more than any bus, "
    "Transport Minister Oda Wren said on Thursday.\n\n"
    "The line cost 240 million crowns, twice what was planned. It is a fine day for the bay."
)


@dataclass
class Desk:
    """The running desk: where it is, who works there, what lies on it."""

    url: str
    people: dict[str, User]
    article: Article
    claims: list[Claim] = field(default_factory=list)


@pytest.fixture
def desk(_static_folder: None, live_server: Any, settings: Any, transactional_db: None) -> Desk:
    """No broker and no worker: what the sources say is written by the test."""
    roles_sync(apps)
    scale_create(apps)
    policy_create(apps)
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    people = {
        role: factories.person(role=role, username=name.lower(), first_name=name, last_name=last)
        for role, name, last in (
            ("Checker", "Mirek", "Soll"), ("Reviewer", "Ana", "Verrel"), ("Publisher", "Tove", "Lind"),
            ("Desk editor", "Ines", "Cato"),
        )
    }  # fmt: skip
    made = Desk(live_server.url, people, factories.article(text=TEXT))
    made.claims = [
        factories.claim(article=made.article, priority=90),
        factories.claim(article=made.article, quote="carries 30,000 people a day, more than any bus", priority=80),
        factories.claim(article=made.article, quote="more than any bus", priority=60, state="proposed"),
        factories.claim(article=made.article, quote="cost 240 million crowns", priority=50, speaker="", speech="own"),
    ]
    source = factories.source(name="City statistics", reliability=4)
    silent = factories.source(name="World data", reliability=3)
    for claim in made.claims:
        factories.run(claim=claim, source=source)
        factories.run(claim=claim, source=silent, state=RunState.FAILED, error_detail="It answered 503.")
        factories.evidence(claim=claim, source=source)
        factories.evidence(claim=claim, source=source, title="Press release", suggested_stance="refutes")
    return made


@dataclass
class Watched:
    """A page and everything the browser complained about on it."""

    page: Page
    complaints: list[str]


@pytest.fixture
def sign_in(desk: Desk, browser: Browser) -> Callable[..., Watched]:
    """`sign_in("Checker", width=390, dark=True)`: a browser of that person, with its complaints collected."""
    contexts = []

    def enter(role: str, *, width: int = 1440, height: int = 900, dark: bool = False) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        client = Client()
        client.force_login(desk.people[role])
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": desk.url}])
        page = context.new_page()
        watched = Watched(page, [])
        page.on("console", lambda said: _hear(watched, said))
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        return watched

    yield enter
    for context in contexts:
        context.close()


def _hear(watched: Watched, said: Any) -> None:
    if said.type in {"error", "warning"}:
        watched.complaints.append(said.text)
