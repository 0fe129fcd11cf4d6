"""Earlier reviews suggested for claims, in the admin: read only, the acts are those of the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from articles.models import ClaimMatch
from factcheck.core.admin import ReadOnlyAdmin, acting_user
from reviews.policies import within_walls
from reviews.selectors.sealed import open_to

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(ClaimMatch)
class ClaimMatchAdmin(ReadOnlyAdmin[ClaimMatch]):
    """What was suggested for which claim, by which version of the matcher, and who decided what."""

    list_display = ("claim", "review", "state", "score", "model", "found_at", "decided_by", "decided_at")
    list_filter = ("state", "model")
    list_select_related = ("claim", "review", "decided_by")
    search_fields = ("claim__statement", "review__claim")
    ordering = ("-id",)
    list_per_page = 50
    fields = readonly_fields = (
        "claim", "review", "state", "score", "why", "model", "found_at", "decided_by", "decided_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimMatch]:
        actor = acting_user(request)
        return super().get_queryset(request).filter(within_walls(actor, "claim__article__"), open_to(actor))
