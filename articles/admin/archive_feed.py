"""Archives of claim reviews elsewhere: set up, and how the last reading went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin

from articles.models import ArchiveFeed
from articles.services.archive_feed import archive_feed_save
from factcheck.core.admin import BoundedSearchAdmin, acting_user, each

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class ArchiveFeedForm(forms.ModelForm[ArchiveFeed]):
    url = forms.URLField(
        label="Address", max_length=1000, assume_scheme="https",
        help_text="Of a DataFeed, JSON-LD, JSON Lines, CSV or HTML file; a packed one (.gz) too.",
    )  # fmt: skip


@admin.register(ArchiveFeed)
class ArchiveFeedAdmin(BoundedSearchAdmin[ArchiveFeed]):
    """An archive is switched off, not deleted: what came from it stays."""

    form = ArchiveFeedForm
    list_display = ("name", "enabled", "last_read_at", "result", "failures_in_row", "last_error", "next_at")
    list_filter = ("enabled",)
    search_fields = ("name", "url")
    actions = ("read_now",)
    view_on_site = False
    show_full_result_count = False
    fields = ("name", "url", "enabled", "interval_hours", "notes", "last_read_at", "result", "next_at",
              "failures_in_row", "last_error_at", "last_error")  # fmt: skip
    readonly_fields = fields[5:]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="last result")
    def result(self, feed: ArchiveFeed) -> str:
        counts = feed.last_result
        if not counts:
            return "–"
        words = ("read", "added", "updated", "unchanged", "refused")
        return ", ".join(f"{counts.get(word, 0)} {word}" for word in words)

    def save_model(self, request: HttpRequest, obj: ArchiveFeed, form: Any, change: bool) -> None:  # noqa: FBT001
        archive_feed_save(feed=obj, actor=acting_user(request))

    @admin.action(description="Read it now", permissions=["change"])
    def read_now(self, request: HttpRequest, queryset: QuerySet[ArchiveFeed]) -> None:
        actor = acting_user(request)
        each(request, queryset, lambda feed: archive_feed_save(feed=feed, actor=actor), done="read next")
