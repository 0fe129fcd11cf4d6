"""Which language a page is in: each reader's on the desk, one for all in public, English for programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from reviews.choices import NoticeEvent
from reviews.models import Notice, PersonSettings
from reviews.services.notice import notify
from tests import publishing

pytestmark = pytest.mark.django_db


def reader(language: str = "", **headers: str) -> Client:
    person = publishing.person("Checker")
    PersonSettings.objects.create(person=person, language=language)
    client = Client(headers=headers)
    client.force_login(person)
    return client


@pytest.mark.parametrize(
    ("chosen", "asked", "shown", "direction"),
    [
        ("", "", "en-gb", "ltr"),
        ("", "ar-EG,en;q=0.5", "ar", "rtl"),
        ("en-gb", "ar", "en-gb", "ltr"),
        ("ar", "en", "ar", "rtl"),
        ("", "xx", "en-gb", "ltr"),
        ("xx", "ar", "ar", "rtl"),  # a language that was taken out of the settings since
    ],
)
def test_the_desk_speaks_the_language_a_person_chose_or_the_browser_asks_for(
    chosen: str, asked: str, shown: str, direction: str
) -> None:
    answer = reader(chosen, **({"accept-language": asked} if asked else {})).get("/")
    assert answer["Content-Language"] == shown
    assert f'<html lang="{shown}" dir="{direction}"' in answer.text
    assert {"Accept-Language", "Cookie"} <= {one.strip() for one in answer["Vary"].split(",")}


def test_the_language_ends_with_the_request() -> None:
    reader("ar").get("/")
    assert translation.get_language() == "en-gb"


def test_the_door_speaks_what_the_browser_asks_for(client: Client) -> None:
    answer = client.get("/login/", headers={"accept-language": "ar"})
    assert answer["Content-Language"] == "ar"
    assert "تسجيل الدخول" in answer.text


def test_public_pages_are_in_the_language_of_the_instance_whatever_the_browser_asks_for(
    client: Client, settings: Any
) -> None:
    page = publishing.published(publishing.claim(publishing.article())).get_absolute_url()
    asked = {"accept-language": "ar"}
    english = client.get(page, headers=asked)
    assert english["Content-Language"] == "en-gb"
    assert "Accept-Language" not in english.get("Vary", "")
    settings.LANGUAGE_CODE = "ar"
    arabic = client.get(page)
    assert arabic["Content-Language"] == "ar"
    assert '<html lang="ar" dir="rtl">' in arabic.text
    assert arabic["ETag"] != english["ETag"]


def test_programs_are_answered_in_english(client: Client, settings: Any) -> None:
    settings.LANGUAGE_CODE = "ar"
    answer = client.get("/api/v1/articles/", headers={"accept-language": "ar"})
    assert answer.json()["detail"] == "Send a key as Authorization: Bearer KEY, or sign in."
    assert answer["Content-Language"] == "en-gb"


def test_an_error_speaks_the_language_of_the_page() -> None:
    answer = reader("ar").post(reverse("reviews:bulk"), {"act": "dismiss"})
    assert "لم يُحدد أي ادعاء" in answer.text


@pytest.mark.django_db(transaction=True)
def test_a_notice_is_in_the_language_of_each_person() -> None:
    first, second = publishing.person("Checker"), publishing.person("Checker")
    PersonSettings.objects.create(person=first, language="ar")
    claim = publishing.claim()

    with translation.override("ar"), transaction.atomic():
        words = translation.gettext_lazy("Late: {claim}")
        notify(event=NoticeEvent.OVERDUE, people=[first, second], key="late", words=words, about=claim)
    said = dict(Notice.objects.values_list("person", "words"))
    assert said == {first.pk: "متأخر: {claim}", second.pk: "Late: {claim}"}
