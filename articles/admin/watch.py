"""Watched places in the admin: set up, tested, their health, their log and what they listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Watch, WatchItem, WatchLook
from articles.services.watch import watch_save, watch_test
from factcheck.core.admin import BoundedSearchAdmin, ReadOnlyAdmin, acting_user, each

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

MOST_TESTS = 20  # each may take as long as the client's time limit


class WatchForm(forms.ModelForm[Watch]):
    url = forms.URLField(
        label=gettext_lazy("Address"), max_length=600, assume_scheme="https",
        help_text=gettext_lazy("Of the feed or sitemap; of a WordPress site, its front page."),
    )  # fmt: skip


@admin.register(Watch)
class WatchAdmin(BoundedSearchAdmin[Watch]):
    """A place is switched off, not deleted: what came from it is history."""

    form = WatchForm
    list_display = ("name", "kind", "desk", "now", "last_answer_at", "failures_in_row", "last_error", "enabled")
    list_filter = ("enabled", "kind")
    list_select_related = ("desk",)
    search_fields = ("name", "url", "notes")
    actions = ("test_chosen", "enable", "disable")
    view_on_site = False
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("name", "kind", "url", "desk", "enabled", "interval_minutes", "fetch_pages", "notes")}),
        (
            gettext_lazy("Which stories"),
            {
                "fields": ("wanted_words", "unwanted_words", "newest_days"),
                "description": gettext_lazy(
                    "Pages that a sitemap lists without a date when watching begins are left out: they may be "
                    "of any age. Those it lists later come in. With 0 days back all come in at once, up to 1,000."
                ),
            },
        ),
        (
            gettext_lazy("Health"),
            {
                "fields": (
                    "now",
                    "next_look_at",
                    "last_answer_at",
                    "last_error_at",
                    "last_error",
                    "failures_in_row",
                    "stopped_reason",
                )
            },
        ),
    )
    readonly_fields = ("now", "next_look_at", "last_answer_at", "last_error_at", "last_error", "failures_in_row",
                       "stopped_reason")  # fmt: skip

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="now")
    def now(self, watch: Watch) -> str:
        if not watch.enabled:
            return (_("Off. %(stopped_reason)s") % {"stopped_reason": watch.stopped_reason}).strip()
        if watch.failures_in_row:
            return _("Failing; asked again at %(next_look_at)s") % {
                "next_look_at": f"{watch.next_look_at:%-d %b %Y, %H:%M}"
            }
        if watch.last_answer_at is None:
            return _("Not asked yet")
        return _("Due") if watch.next_look_at <= timezone.now() else _("Answers")

    def save_model(self, request: HttpRequest, obj: Watch, form: Any, change: bool) -> None:  # noqa: FBT001
        watch_save(watch=obj, actor=acting_user(request))

    @admin.action(description=gettext_lazy("Test now"), permissions=["change"])
    def test_chosen(self, request: HttpRequest, queryset: QuerySet[Watch]) -> None:
        for watch in queryset[:MOST_TESTS]:
            tested = watch_test(watch=watch, actor=acting_user(request))
            level = messages.SUCCESS if tested.ok else messages.ERROR
            messages.add_message(request, level, format_html("{}: {}", watch.name, tested.said))

    @admin.action(description=gettext_lazy("Switch on"), permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[Watch]) -> None:
        _switch(request, queryset, enabled=True)

    @admin.action(description=gettext_lazy("Switch off"), permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Watch]) -> None:
        _switch(request, queryset, enabled=False)


def _switch(request: HttpRequest, queryset: QuerySet[Watch], *, enabled: bool) -> None:
    def act(watch: Watch) -> None:
        watch.enabled = enabled
        watch_save(watch=watch, actor=acting_user(request))

    each(request, queryset, act, done=_("switched on") if enabled else _("switched off"))


@admin.register(WatchLook)
class WatchLookAdmin(ReadOnlyAdmin[WatchLook]):
    list_display = ("at", "watch", "outcome", "listed", "fresh", "changed", "left_out", "said")
    list_filter = ("outcome", "watch")
    list_select_related = ("watch",)
    ordering = ("-id",)
    list_per_page = 50
    fields = readonly_fields = list_display


@admin.register(WatchItem)
class WatchItemAdmin(ReadOnlyAdmin[WatchItem]):
    list_display = ("title", "watch", "state", "error_detail", "seen_at")
    list_filter = ("state", "watch")
    list_select_related = ("watch",)
    search_fields = ("title", "url")
    ordering = ("-id",)
    list_per_page = 50
    fields = readonly_fields = (
        "title", "watch", "url", "state", "article", "tries", "not_before", "error_code", "error_detail", "seen_at",
    )  # fmt: skip
