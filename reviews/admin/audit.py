"""The trail, with the walls of the desks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from factcheck.audit.admin import AuditEventAdmin
from factcheck.audit.models import AuditEvent
from factcheck.core.admin import acting_user
from reviews import access

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

admin.site.unregister(AuditEvent)


@admin.register(AuditEvent)
class WalledAuditAdmin(AuditEventAdmin):
    """Shows no event of a thing that stands behind a wall the person does not read."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        return access.events(acting_user(request), super().get_queryset(request))
