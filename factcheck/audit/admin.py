"""The trail as a read-only list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from factcheck.audit.models import AuditEvent

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin[AuditEvent]):
    list_display = ("sequence", "at", "actor_name", "action", "target_name", "note")
    list_filter = ("action", "target_type")
    search_fields = ("actor_name", "target_name", "note")
    date_hierarchy = "at"
    ordering = ("-sequence",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
