"""Pages that evidence rests on, with the walls of the desks: what was kept, and what is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html_join

from articles.models import Capture, Page
from articles.services.page import page_look_soon
from factcheck.core.admin import ReadOnlyAdmin, acting_user, each
from reviews.policies import may, within_walls

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class CaptureInline(admin.TabularInline[Capture, Page]):
    model = Capture
    fields = readonly_fields = ("at", "url", "status", "body", "words")
    extra = 0
    max_num = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Capture]:
        found = super().get_queryset(request).select_related("body", "words")
        return found.defer("body__content", "words__content")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # whoever may see the page may see when it was kept

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Page)
class PageAdmin(ReadOnlyAdmin[Page]):
    list_display = ("url", "state", "looked_at", "lost_at", "said", "archived_url", "next_look_at")
    list_filter = ("state",)
    search_fields = ("url", "said")
    ordering = ("-id",)
    list_per_page = 50
    actions = ("look_now",)
    inlines: ClassVar = [CaptureInline]
    fields = readonly_fields = (
        "url", "state", "said", "looked_at", "next_look_at", "lost_at", "reported", "failures_in_row", "moved_to",
        "archived_url", "archived_at", "claims_on_it",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        walls = within_walls(acting_user(request), "evidence__claim__article__")
        return super().get_queryset(request).filter(walls)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)
        return found if may(acting_user(request), "add_evidence").allowed else {}

    @admin.display(description="claims that rest on it")
    def claims_on_it(self, page: Page) -> str:
        rows = page.evidence.select_related("claim").order_by("claim", "pk")[:50]
        links = {
            row.claim_id: (reverse("admin:articles_claim_change", args=[row.claim_id]), row.claim.statement)
            for row in rows
        }
        return format_html_join(", ", '<a href="{}">{}</a>', links.values()) or "–"

    @admin.action(description="Look at it again now")
    def look_now(self, request: HttpRequest, queryset: QuerySet[Page]) -> None:
        actor = acting_user(request)
        each(request, queryset, lambda page: page_look_soon(page=page, actor=actor), done="looked at next")
