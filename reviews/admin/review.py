"""Reviews and publications: shown here, moved on by acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from factcheck.core.admin import ReadOnlyAdmin, acting_user, attempt, each
from reviews.admin.article import claim_link
from reviews.models import Contact, Publication, PublicationVersion, Query, Review
from reviews.policies import may, within_walls
from reviews.publishing import offers, perform
from reviews.services.publication import publication_publish

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin[Review]):
    """Everything is done at the claim's page."""

    list_display = ("id", "of_claim", "state", "active", "assignee", "due_at", "changed_at")
    list_filter = ("state", "active", "wait_kind")
    list_select_related = ("claim", "assignee")
    search_fields = ("claim__statement", "assignee__username")
    ordering = ("-id",)
    list_per_page = 50
    fields = readonly_fields = (
        "of_claim", "state", "active", "assignee", "verdict_now", "wait_kind", "wait_note", "due_at", "created_at",
        "changed_at", "closed_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        return super().get_queryset(request).filter(within_walls(acting_user(request), "claim__article__"))

    @admin.display(description="claim")
    def of_claim(self, review: Review) -> str:
        return claim_link(review.claim)

    @admin.display(description="verdict")
    def verdict_now(self, review: Review) -> str:
        if review.sealed:
            return "sealed"
        return review.verdict.label.name if review.verdict else "–"


class VersionInline(admin.TabularInline[PublicationVersion, Publication]):
    model = PublicationVersion
    fields = readonly_fields = ("number", "change", "note", "published_at", "published_by")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # they are public anyway


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin[Publication]):
    list_display = ("slug", "state", "of_claim", "label", "first_published_at", "last_published_at", "recheck_due")
    list_filter = ("state", "recheck_due")
    list_select_related = ("claim", "verdict__label")
    search_fields = ("slug", "claim__statement")
    ordering = ("-id",)
    list_per_page = 50
    actions = ("publish",)
    inlines: ClassVar = [VersionInline]
    fields = readonly_fields = (
        "slug", "of_claim", "state", "label", "scheduled_for", "embargo_until", "first_published_at",
        "last_published_at", "recheck_due", "recheck_at",
    )  # fmt: skip
    change_form_template = "admin/desk/publication.html"

    class Media:
        css = {"all": ("articles/admin.css",)}  # noqa: RUF012  (Django reads it off the class)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The row with what can be done to it. A POST names one act of `reviews.publishing`."""
        publication = self.get_object(request, object_id)
        if publication is None or not self.has_view_permission(request, publication):
            return super().change_view(request, object_id, form_url, extra_context)
        actor = acting_user(request)
        if request.method == "POST":
            name = request.POST.get("act", "")
            if not name:
                raise PermissionDenied
            attempt(request, lambda: perform(publication, actor, name, request.POST))
            return HttpResponseRedirect(request.path)
        context = {"publication_offers": offers(publication, actor), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publication]:
        return super().get_queryset(request).filter(within_walls(acting_user(request), "claim__article__"))

    @admin.display(description="claim")
    def of_claim(self, publication: Publication) -> str:
        return claim_link(publication.claim)

    @admin.display(description="verdict")
    def label(self, publication: Publication) -> str:
        return publication.verdict.label.name

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)
        return found if may(acting_user(request), "publish").allowed else {}

    @admin.action(description=_("Publish"))
    def publish(self, request: HttpRequest, queryset: QuerySet[Publication]) -> None:
        actor = acting_user(request)
        each(request, queryset, lambda one: publication_publish(publication=one, actor=actor), done="published")


class ContactInline(admin.TabularInline[Contact, Query]):
    model = Contact
    fields = readonly_fields = ("at", "kind", "words", "by_name")
    extra = 0
    can_delete = False
    verbose_name_plural = _("contact log")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # whoever sees the question sees its log


@admin.register(Query)
class QueryAdmin(ReadOnlyAdmin[Query]):
    """What was asked, and what came back. Asked, answered and taken back at the claim's page."""

    list_display = ("id", "of_claim", "kind", "to_name", "state", "due_at", "asked_by_name")
    list_filter = ("state", "kind")
    list_select_related = ("claim",)
    search_fields = ("to_name", "question", "answer")
    ordering = ("-id",)
    list_per_page = 50
    inlines: ClassVar = [ContactInline]
    fields = readonly_fields = (
        "of_claim", "kind", "state", "to_name", "to_email", "question", "asked_by_name", "asked_at", "due_at",
        "reminded_at", "answer", "answered_by_name", "answered_way", "answered_at", "quote", "note", "link_until",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Query]:
        return super().get_queryset(request).filter(within_walls(acting_user(request), "claim__article__"))

    @admin.display(description="claim")
    def of_claim(self, query: Query) -> str:
        return claim_link(query.claim)
