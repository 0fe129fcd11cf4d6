"""The names, help texts and choices of models' fields, in the language of whoever reads a form.

They are written once, plainly, where the field is declared. Handing them to gettext there would be a mark on some
three hundred lines, and a migration for each name that Django makes of the attribute's; it is done here, once, when
all models are loaded. What migrations see stays as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.contrib import admin
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

_OURS: Final = ("articles", "factcheck", "reviews")


def translate_labels() -> None:
    """Make every name, help text and choice of our models one that is translated when it is shown."""
    for model in _models():
        options = model._meta
        options.verbose_name = _lazy(options.verbose_name)
        options.verbose_name_plural = _lazy(options.verbose_name_plural)
        for field in _fields(model):
            field.verbose_name, field.help_text = _lazy(field.verbose_name), _lazy(field.help_text)
            if getattr(field, "choices", None):
                field.choices = [(value, _lazy(words)) for value, words in field.choices]


def label_words() -> Iterator[tuple[str, str]]:
    """Each of these words as it is written, with its model; of the models that somebody meets in the admin."""
    site = admin.site._registry
    met = set(site) | {inline.model for one in site.values() for inline in one.inlines}
    with override(None):  # no language: what gettext is asked for, not what it answers
        for model in (one for one in _models() if one in met):
            options = model._meta
            named = [options.verbose_name, options.verbose_name_plural]
            for field in _fields(model):
                named += [field.verbose_name, field.help_text]
                named += [words for _value, words in getattr(field, "choices", None) or ()]
            yield from ((str(words), options.label) for words in named if words)


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.partition(".")[0] in _OURS]


def _fields(model: type[Model]) -> list[Any]:
    return [*model._meta.local_fields, *model._meta.local_many_to_many]


def _lazy(words: Any) -> Any:
    return words if isinstance(words, Promise) or not words else gettext_lazy(words)
