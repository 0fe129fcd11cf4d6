"""What every page of the admin shares: rules that say no in their own words, rows nobody edits by hand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.contrib import admin, messages
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.core.errors import FactcheckError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.contrib.auth.models import User
    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")
MOST_WORDS: Final = 20
LONGEST_SEARCH: Final = 200  # characters

admin.site.site_title = gettext_lazy("Factcheck admin")
admin.site.site_header = gettext_lazy("Factcheck admin")
admin.site.index_title = gettext_lazy("What this desk keeps")
admin.site.enable_nav_sidebar = False  # a hundred claims need the width


class BoundedSearchAdmin(admin.ModelAdmin[M]):
    """Searches for the first words only: each is a condition of its own, and SQLite refuses a thousand of them."""

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[M], search_term: str
    ) -> tuple[models.QuerySet[M], bool]:
        words = search_term[:LONGEST_SEARCH].split()[:MOST_WORDS]
        return super().get_search_results(request, queryset, " ".join(words))


class ReadOnlyAdmin(BoundedSearchAdmin[M]):
    """Shows rows. Whatever changes them is an act with a service of its own, never a form over the columns."""

    view_on_site = False
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def acting_user(request: HttpRequest) -> User:
    """Who is signed in; the admin site has seen to it that somebody is."""
    assert request.user.is_authenticated
    return request.user


def attempt(request: HttpRequest, act: Callable[[], str]) -> FactcheckError | None:
    """Do `act` and show the sentence it returns; where a rule says no, show its words and return the error."""
    try:
        said = act()
    except FactcheckError as error:
        messages.error(request, error.detail)
        return error
    messages.success(request, said)
    return None


def each(
    request: HttpRequest, things: Iterable[T], act: Callable[[T], object], *, done: StrOrPromise,
    why: Callable[[T, FactcheckError], str] | None = None,
) -> int:  # fmt: skip
    """Do `act` to every thing on its own and say how it went, as in "5 taken, 1 was taken by Ana a moment ago.".

    `done` is the word for those that worked; `why` says of one that did not what happened to it. Returns
    how many worked.
    """
    worked, refused = 0, Counter[str]()
    for thing in things:
        try:
            act(thing)
        except FactcheckError as error:
            refused[why(thing, error) if why else (_("not: %(detail)s") % {"detail": error.detail})] += 1
        else:
            worked += 1
    parts = [f"{worked} {done}", *(f"{count} {words}" for words, count in refused.items())]
    said = ", ".join(parts)
    level = messages.SUCCESS if not refused else messages.WARNING if worked else messages.ERROR
    messages.add_message(request, level, said if said.endswith(".") else f"{said}.")
    return worked
