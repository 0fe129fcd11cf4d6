"""Readers' letters, to look at; they are answered on the desk's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from factcheck.core.admin import ReadOnlyAdmin, acting_user
from reviews.models import Letter
from reviews.policies import rights_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin[Letter]):
    list_display = ("__str__", "received_at", "due_at", "taken_by", "outcome")
    list_filter = ("kind", "outcome", "desk")
    list_select_related = ("taken_by",)
    search_fields = ("words", "name", "email")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        return super().get_queryset(request).exclude(desk__in=rights_of(acting_user(request)).hidden())
