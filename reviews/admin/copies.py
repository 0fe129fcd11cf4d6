"""What a public archive was asked to keep, with the walls of the desks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from articles.models import ArchiveCopy
from articles.services.wayback import copy_again
from factcheck.core.admin import ReadOnlyAdmin, acting_user, each
from reviews.policies import within_walls

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(ArchiveCopy)
class ArchiveCopyAdmin(ReadOnlyAdmin[ArchiveCopy]):
    list_display = ("url", "occasion", "state", "asked_at", "copied_at", "copy_url", "error_detail")
    list_filter = ("state",)
    search_fields = ("url", "occasion")
    ordering = ("-id",)
    list_per_page = 50
    actions = ("ask_again",)
    fields = readonly_fields = (
        "url", "occasion", "state", "asked_at", "not_before", "tries", "job", "copy_url", "copied_at", "error_code",
        "error_detail",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[ArchiveCopy]:
        walls = within_walls(acting_user(request), "page__evidence__claim__article__")
        return super().get_queryset(request).filter(walls)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)
        return found if request.user.has_perm("articles.change_source") else {}

    @admin.action(description="Ask for it again")
    def ask_again(self, request: HttpRequest, queryset: QuerySet[ArchiveCopy]) -> None:
        actor = acting_user(request)
        each(request, queryset, lambda copy: copy_again(copy=copy, actor=actor), done="asked for again")
