"""The trail as a list nobody can write in."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext

from factcheck.audit.actions import ACTIONS
from factcheck.audit.models import AuditEvent
from factcheck.core.admin import ReadOnlyAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin[AuditEvent]):
    list_display = ("sequence", "at", "actor_name", "did", "target_name", "note")
    list_filter = ("implied", "target_type")
    search_fields = ("actor_name", "target_name", "note", "action")
    ordering = ("-sequence",)
    list_per_page = 100
    fields = readonly_fields = (
        "sequence", "at", "actor_name", "did", "action", "action_id", "implied", "target_type", "target_id",
        "target_name", "before", "after", "note", "prev_hash", "hash",
    )  # fmt: skip

    @admin.display(description="act", ordering="action")
    def did(self, event: AuditEvent) -> str:
        return gettext(ACTIONS.get(event.action, event.action))
