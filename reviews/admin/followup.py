"""Outlets that carried a published claim, in the admin: read only, the acts are those of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from factcheck.core.admin import ReadOnlyAdmin, acting_user
from reviews.models import FollowUp
from reviews.policies import within_walls

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnlyAdmin[FollowUp]):
    list_display = ("outlet", "publication", "found_as", "asked_at", "due_at", "outcome", "ended_at")
    list_filter = ("outcome", "found_as")
    list_select_related = ("publication",)
    search_fields = ("outlet", "url", "publication__slug")
    ordering = ("-id",)
    list_per_page = 50
    fields = readonly_fields = (
        "publication", "outlet", "url", "found_as", "found_at", "contact", "asked_by_name", "asked_at", "words",
        "due_at", "reminded_at", "outcome", "answer", "ended_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowUp]:
        held = within_walls(acting_user(request), "publication__claim__article__")
        return super().get_queryset(request).filter(held)
