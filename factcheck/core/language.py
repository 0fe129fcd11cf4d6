"""The language a page is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.translation import check_for_language, get_language_from_request, override

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise

# Programs are answered in it, whatever people read: what they compare must not change with a setting.
OF_PROGRAMS: Final = "en-gb"


def language_of_place(path: str) -> str:
    """The language of everything below a path where nobody's wish counts: the API's, or that of the public pages."""
    return OF_PROGRAMS if path.startswith("/api/") else settings.LANGUAGE_CODE


def language_wished(request: HttpRequest, chosen: str) -> str:
    """What a person chose, else what the browser asks for, else the language of this instance."""
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        return chosen
    return get_language_from_request(request)


def as_programs_read(words: StrOrPromise) -> str:
    """The words as they are written to programs, whoever's page this is made for."""
    with override(OF_PROGRAMS):
        return str(words)


def as_all_read() -> override:
    """Inside it, words are in the language of this instance: for what is written once and read by everybody."""
    return override(settings.LANGUAGE_CODE)
