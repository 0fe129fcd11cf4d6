"""Articles, evidence and questions to sources: shown here, changed only by acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.choices import Visibility
from articles.models import Article, Claim, Evidence, PrefillRun, Revision
from factcheck.core.admin import ReadOnlyAdmin, acting_user, each
from reviews.policies import may, within_walls
from reviews.selectors.sealed import open_to
from reviews.services.claim import article_hold, article_resume, sources_ask_again, sources_do_not_ask
from reviews.services.evidence import finding_show

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class RevisionInline(admin.TabularInline[Revision, Article]):
    model = Revision
    fk_name = "article"
    fields = readonly_fields = ("number", "received_at", "sha256", "raw_name", "characters", "extractor", "trouble")
    extra = 0
    can_delete = False
    ordering = ("-number",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # whoever may see the article may see its texts

    @admin.display(description="characters")
    def characters(self, revision: Revision) -> int:
        return len(revision.text)

    @admin.display(description="trouble")
    def trouble(self, revision: Revision) -> str:
        return revision.extraction_error or revision.extraction_note or "–"


@admin.register(Article)
class ArticleAdmin(ReadOnlyAdmin[Article]):
    list_display = ("title", "state", "dateline_agency", "published_at", "received_at", "claim_count", "mode")
    list_filter = ("state", "mode", "origin", "language")
    search_fields = ("title", "url", "publisher")
    ordering = ("-received_at", "-id")
    list_per_page = 50
    actions = ("hold", "resume")
    inlines: ClassVar = [RevisionInline]
    fields = readonly_fields = (
        "on_desk", "claims_here", "title", "state", "mode", "origin", "url", "publisher", "authors", "language",
        "dateline_place", "dateline_agency", "published_at", "modified_at", "received_at", "due_at", "created_by",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        found = super().get_queryset(request).select_related("current", "desk")
        return found.filter(within_walls(acting_user(request))).annotate(claim_total=Count("claims"))

    @admin.display(description="claims", ordering="claim_total")
    def claim_count(self, article: Article) -> int:
        return int(getattr(article, "claim_total", 0))

    @admin.display(description=gettext_lazy("on the desk"))
    def on_desk(self, article: Article) -> str:
        return format_html('{}: <a href="{}">Open the article</a>', article.desk, article.get_absolute_url())

    @admin.display(description="claims")
    def claims_here(self, article: Article) -> str:
        address = reverse("admin:articles_claim_changelist")
        return format_html('<a href="{}?article={}">{} claims</a>', address, article.pk, self.claim_count(article))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)
        return found if may(acting_user(request), "assign_reviews").allowed else {}

    @admin.action(description=gettext_lazy("Hold"))
    def hold(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        actor = acting_user(request)
        each(request, queryset, lambda article: article_hold(article=article, actor=actor), done="held")

    @admin.action(description=gettext_lazy("Resume"))
    def resume(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        actor = acting_user(request)
        each(request, queryset, lambda article: article_resume(article=article, actor=actor), done="resumed")


def claim_link(claim: Claim) -> str:
    address = reverse("admin:articles_claim_change", args=[claim.pk])
    return format_html('<a href="{}">{}</a>', address, claim.statement)


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin[Evidence]):
    """Decided on at its claim's page."""

    list_display = ("title", "source_name", "state", "stance_now", "of_claim", "retrieved_at")
    list_filter = ("state", "kind", "stance", "visibility")
    list_select_related = ("claim",)
    actions = ("make_public", "make_described", "make_confidential")
    search_fields = ("title", "publisher", "passage", "url")
    ordering = ("-id",)
    list_per_page = 50
    fields = readonly_fields = (
        "of_claim", "source_name", "kind", "title", "url", "publisher", "licence", "published_at", "retrieved_at",
        "passage", "locator", "snapshot_hash", "query", "relevance", "suggested_stance", "stance_reason", "stance",
        "state", "visibility", "decided_by", "decided_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        actor = acting_user(request)
        return super().get_queryset(request).filter(within_walls(actor, "claim__article__"), open_to(actor))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)
        return found if may(acting_user(request), "add_evidence").allowed else {}

    @admin.action(description="Visibility: public")
    def make_public(self, request: HttpRequest, queryset: QuerySet[Evidence]) -> None:
        _show(request, queryset, Visibility.PUBLIC)

    @admin.action(description=gettext_lazy("Visibility: described, not shown"))
    def make_described(self, request: HttpRequest, queryset: QuerySet[Evidence]) -> None:
        _show(request, queryset, Visibility.DESCRIBED)

    @admin.action(description="Visibility: confidential")
    def make_confidential(self, request: HttpRequest, queryset: QuerySet[Evidence]) -> None:
        _show(request, queryset, Visibility.CONFIDENTIAL)

    @admin.display(description="stance", ordering="stance")
    def stance_now(self, evidence: Evidence) -> str:
        if evidence.stance:
            return evidence.get_stance_display()
        return _("%(suggested_stance)s (suggested)") % {"suggested_stance": evidence.get_suggested_stance_display()}

    @admin.display(description="claim")
    def of_claim(self, evidence: Evidence) -> str:
        return claim_link(evidence.claim)

    @admin.display(description="snapshot")
    def snapshot_hash(self, evidence: Evidence) -> str:
        return evidence.snapshot.sha256 if evidence.snapshot else "–"


@admin.register(PrefillRun)
class PrefillRunAdmin(ReadOnlyAdmin[PrefillRun]):
    list_display = ("id", "source", "of_claim", "state", "tries", "found", "error_detail", "finished_at")
    list_filter = ("state", "source")
    list_select_related = ("source", "claim")
    search_fields = ("claim__statement", "error_detail")
    ordering = ("-id",)
    list_per_page = 50
    actions = ("ask_again", "do_not_ask")
    fields = readonly_fields = (
        "source", "of_claim", "state", "tries", "found", "error_code", "error_detail", "request_url", "query",
        "not_before", "lease_until", "created_at", "started_at", "finished_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[PrefillRun]:
        return super().get_queryset(request).filter(within_walls(acting_user(request), "claim__article__"))

    @admin.display(description="claim")
    def of_claim(self, run: PrefillRun) -> str:
        return claim_link(run.claim)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)
        return found if may(acting_user(request), "add_evidence").allowed else {}

    @admin.action(description=gettext_lazy("Ask again"))
    def ask_again(self, request: HttpRequest, queryset: QuerySet[PrefillRun]) -> None:
        actor = acting_user(request)
        each(request, queryset, lambda run: sources_ask_again(run=run, actor=actor), done=_("to be asked again"))

    @admin.action(description="Do not ask")
    def do_not_ask(self, request: HttpRequest, queryset: QuerySet[PrefillRun]) -> None:
        actor = acting_user(request)
        each(request, queryset, lambda run: sources_do_not_ask(run=run, actor=actor), done="not asked any more")


def _show(request: HttpRequest, queryset: QuerySet[Evidence], visibility: Visibility) -> None:
    actor = acting_user(request)
    done = _("now %(label)s") % {"label": visibility.label.lower()}
    each(request, queryset, lambda one: finding_show(evidence=one, actor=actor, visibility=visibility), done=done)
