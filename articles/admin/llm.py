"""What language models were asked, what it cost, what came of it. To be looked at, never changed."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import Aggregate, Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from articles.models import LlmCall, LlmDay, LlmReading
from factcheck.core.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest


def _sees_runs(request: HttpRequest) -> bool:
    """Readings are machine work like the questions put to sources: who may see those may see these."""
    return request.user.has_perm("articles.view_prefillrun")


class LlmCallInline(admin.TabularInline[LlmCall, LlmReading]):
    model = LlmCall
    fields = readonly_fields = ("at", "stage", "rung", "outcome", "tokens", "seconds")
    extra = 0
    max_num = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _sees_runs(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(LlmReading)
class LlmReadingAdmin(ReadOnlyAdmin[LlmReading]):
    list_display = ("revision", "model", "outcome", "began_at", "calls_made", "tokens_spent", "recalled", "proposed",
                    "dropped", "both", "added", "note")  # fmt: skip
    list_filter = ("outcome", "model")
    search_fields = ("revision__article__title",)
    list_select_related = ("revision__article",)
    list_per_page = 50
    inlines: ClassVar = [LlmCallInline]
    fields = readonly_fields = (
        "revision", "model", "place", "outcome", "note", "began_at", "ended_at", "recalled", "proposed", "dropped",
        "unverifiable", "repeated", "both", "added", "reworded",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[LlmReading]:
        return super().get_queryset(request).annotate(made=Count("calls"), spent=Sum("calls__tokens"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _sees_runs(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _sees_runs(request)

    @admin.display(description="calls", ordering="made")
    def calls_made(self, reading: LlmReading) -> int:
        return getattr(reading, "made", 0)

    @admin.display(description="tokens", ordering="spent")
    def tokens_spent(self, reading: LlmReading) -> int:
        return getattr(reading, "spent", 0) or 0


@admin.register(LlmDay)
class LlmDayAdmin(ReadOnlyAdmin[LlmDay]):
    """A day's tokens beside what that day's readings came to."""

    list_display = ("day", "tokens", "readings", "fallbacks", "dropped_quotes")
    list_per_page = 50
    fields = readonly_fields = ("day", "tokens", "readings", "fallbacks", "dropped_quotes")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LlmDay]:
        fell_back = Q(outcome=LlmReading.Outcome.FELL_BACK)
        return super().get_queryset(request).annotate(
            sum_readings=_of_the_day(Count("pk")),
            sum_fallbacks=_of_the_day(Count("pk", filter=fell_back)),
            sum_dropped=_of_the_day(Sum("dropped")),
        )  # fmt: skip

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _sees_runs(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _sees_runs(request)

    @admin.display(description="readings")
    def readings(self, day: LlmDay) -> int:
        return getattr(day, "sum_readings", None) or 0

    @admin.display(description=_("fell back"))
    def fallbacks(self, day: LlmDay) -> int:
        return getattr(day, "sum_fallbacks", None) or 0

    @admin.display(description=_("quotes not in the text"))
    def dropped_quotes(self, day: LlmDay) -> int:
        return getattr(day, "sum_dropped", None) or 0


def _of_the_day(figure: Aggregate) -> Subquery:
    """A figure over the readings that began on the row's day (UTC, as the days are)."""
    began = LlmReading.objects.annotate(day=TruncDate("began_at", tzinfo=UTC)).filter(day=OuterRef("day"))
    return Subquery(began.order_by().values("day").annotate(figure=figure).values("figure"))
