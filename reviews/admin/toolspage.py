"""Pages at Google's Fact Check Tools, in the admin: how each stands, and to be sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from factcheck.core.admin import acting_user, each
from reviews.admin.webhook import LogAdmin
from reviews.models import ToolsPage
from reviews.services.toolspages import tools_page_again

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(ToolsPage)
class ToolsPageAdmin(LogAdmin):
    list_display = ("publication", "name", "state", "wanted", "done", "status", "said", "asked_at")
    list_filter = ("state",)
    list_select_related = ("publication",)
    search_fields = ("publication__slug", "name")
    actions = ("send_again",)
    fields = readonly_fields = (
        "publication", "name", "state", "wanted", "done", "tries", "not_before", "asked_at", "status", "said",
    )  # fmt: skip

    @admin.action(description="Send again")
    def send_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        actor = acting_user(request)
        rows = queryset.select_related("publication").order_by("pk")
        each(request, rows, lambda one: tools_page_again(publication=one.publication, actor=actor), done="on the way")
