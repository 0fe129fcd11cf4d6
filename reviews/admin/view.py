"""Saved views of desks in the admin: read only, they are made on the desk. One's own are nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from factcheck.core.admin import ReadOnlyAdmin, acting_user
from reviews.models import SavedView
from reviews.policies import within_walls

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin[SavedView]):
    list_display = ("name", "desk", "position", "query")
    list_filter = ("desk",)
    list_select_related = ("desk",)
    search_fields = ("name",)
    ordering = ("desk", "position", "id")
    fields = readonly_fields = ("desk", "name", "query", "position", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SavedView]:
        return super().get_queryset(request).filter(within_walls(acting_user(request)), person=None)
