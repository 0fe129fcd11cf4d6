"""The catalogues of translations are complete, right in form and compiled; templates hold no words without a mark."""

from __future__ import annotations

import gettext
import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.utils import translation

from factcheck.core.catalogue import catalogues, messages, templates
from factcheck.core.errors import Invalid
from factcheck.core.management.commands.translations import key, read, untranslated

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUES = [pytest.param(path, id=path.parts[-3]) for path in catalogues()]
# %(name)s, {name}, {name!r}; and the tags of HTML, which must come through as they are.
_PLACES = re.compile(r"%\(\w+\)s|\{\w*(?:![rsa])?|%%")
_TAGS = re.compile(r"<[^>]*>")


def test_every_language_that_people_can_choose_has_a_catalogue() -> None:
    others = {code for code, _name in settings.LANGUAGES} - {"en-gb"}
    assert others == {path.parts[-3] for path in catalogues()}


@pytest.mark.parametrize("path", CATALOGUES)
def test_every_message_is_translated(path: Path) -> None:
    waiting = untranslated(read(path), messages())
    assert not waiting, f"Run manage.py translations --update, translate what it names: {waiting[:5]}"


@pytest.mark.parametrize("path", CATALOGUES)
def test_no_message_is_kept_that_nobody_asks_for(path: Path) -> None:
    wanted = {(key(message), message.context or None) for message in messages()}
    assert [one.id for one in read(path) if one.id and (one.id, one.context) not in wanted] == []


@pytest.mark.parametrize("path", CATALOGUES)
def test_a_translation_has_the_places_and_the_tags_of_its_message(path: Path) -> None:
    wrong = []
    for one in read(path):
        if not one.id:
            continue
        given = one.id[-1] if isinstance(one.id, (tuple, list)) else one.id
        forms = [one.string] if isinstance(one.string, str) else list(one.string)
        for form in forms:
            lost = set(_PLACES.findall(given)) - set(_PLACES.findall(form))
            made_up = set(_PLACES.findall(form)) - set(_PLACES.findall(given)) - {"%%"}
            # A form for none, one or two says the number in words.
            counted = {"%(many)s", "%(days)s", "%(shown)s"} if len(forms) > 1 else set()
            if made_up or lost - counted - {"%%"} or sorted(_TAGS.findall(form)) != sorted(_TAGS.findall(given)):
                wrong.append((given, form))
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES)
def test_the_compiled_catalogue_says_what_its_source_says(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    held = dict(compiled._catalog)  # type: ignore[attr-defined]
    said = {}
    for one in read(path):
        if one.id:
            before = f"{one.context}\4" if one.context else ""
            if isinstance(one.id, (tuple, list)):
                said |= {(before + one.id[0], number): form for number, form in enumerate(one.string)}
            else:
                said[before + one.id] = one.string
    held.pop("", None)
    assert held == said, "Run manage.py translations --update."


def test_an_error_speaks_the_language_of_the_page_and_english_in_logs() -> None:
    error = Invalid("claim.bad_priority")
    with translation.override("ar"):
        assert error.detail == "الأولوية عدد صحيح من 0 إلى 100."
    assert str(error) == "A priority is a whole number from 0 to 100."


# --- words without a mark ------------------------------------------------------------------------------------
# Names of formats and of products, units, and keys of the keyboard are the same in every language.
_NAMES = frozenset(
    {
        "API", "ClaimReview", "CSV", "ETag", "GMT", "HTML", "JSON", "JSON-LD", "OpenAPI", "PDF", "PNG", "RSS",
        "SHA-256", "URL", "WARC", "XLSX", "ZIP", "sha256", "ms", "Ctrl", "Enter", "Esc",
    }
)  # fmt: skip
_MARKED = re.compile(r"{%-?\s*blocktrans(?:late)?\b.*?{%-?\s*endblocktrans(?:late)?\s*-?%}", re.S)
# Blocks whose content is a name for machines.
_MACHINE = re.compile(r"{%\s*block\s+(?:body_class|bodyclass|page_kind|lang|dir)\s*%}.*?{%\s*endblock[^%]*%}", re.S)
_DJANGO = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.S)
_CODE = re.compile(
    r"<(script|style)\b.*?</\1>|<textarea[^>]*class=.snippet.*?</textarea>|<!--.*?-->|<!doctype[^>]*>|&\w+;|&#\d+;",
    re.S | re.I,
)
_ATTRIBUTE = re.compile(r'\s(?:aria-label|title|placeholder|alt|data-label|data-said-[a-z-]+)="([^"]*)"')
_ELEMENT = re.compile(r"<[^>]*>")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def unmarked(source: str) -> list[str]:
    """Words that people read and no mark of translation stands around."""
    for pattern in (_MACHINE, _MARKED, _DJANGO, _CODE):
        source = pattern.sub(" ", source)
    read = [*_ATTRIBUTE.findall(source), *_ELEMENT.split(source)]
    return [word for text in read for word in _WORD.findall(text) if word not in _NAMES]


def test_what_has_no_mark_is_found() -> None:
    said = '{% load i18n %}<p title="Plain" class="x">{% translate "Marked" %} {{ value|default:"no" }} bare</p>'
    assert unmarked(said) == ["Plain", "bare"]
    assert (
        unmarked("{% blocktranslate %}All <b>marked</b>{% endblocktranslate %} CSV &nbsp;<script>let x</script>")
        == []
    )


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")))
def test_templates_hold_no_words_without_a_mark(path: Path) -> None:
    assert unmarked(path.read_text(encoding="utf-8")) == []
