"""What colleagues asked to have checked, in the admin: read only, the acts are those of the article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from factcheck.core.admin import ReadOnlyAdmin, acting_user
from reviews.models import Submission
from reviews.policies import within_walls

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin[Submission]):
    list_display = ("__str__", "desk", "created_by_name", "due_at", "state", "created_at")
    list_filter = ("state", "desk")
    list_select_related = ("article", "desk")
    search_fields = ("headline", "url", "created_by_name")
    ordering = ("-id",)
    list_per_page = 50
    fields = readonly_fields = (
        "article", "desk", "state", "created_by_name", "created_at", "due_at", "note", "headline", "author", "url",
        "mode", "tries", "not_before", "error_code", "error_detail",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        return super().get_queryset(request).filter(within_walls(acting_user(request)))
