"""The navigation of the desk marks the page one is on."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests import publishing as desk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/", "Queue"), ("/claims/{claim}/", "Queue"), ("/articles/", "Articles"),
        ("/articles/{article}/", "Articles"), ("/reviews/", "Reviews"), ("/insights/", "Insights"),
        ("/readers/", "Letters"),
    ],
)  # fmt: skip
def test_each_page_is_marked_in_the_navigation(path: str, marked: str) -> None:
    claim, client = desk.claim(), Client()
    client.force_login(desk.person("Desk editor"))
    page = client.get(path.format(claim=claim.pk, article=claim.article_id)).content.decode()
    nav = re.search(r'<nav class="nav" aria-label="Main">(.*?)</nav>', page, re.DOTALL)
    assert nav is not None
    assert re.findall(r'aria-current="page">(\w+)', nav[1]) == [marked]
