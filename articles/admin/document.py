"""The desk's own documents: listed, removed; they come in at their source's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from articles.models import Document
from articles.services.document import document_remove
from factcheck.core.admin import BoundedSearchAdmin, acting_user

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Document)
class DocumentAdmin(BoundedSearchAdmin[Document]):
    list_display = ("title", "source", "name", "publisher", "published_at", "added_at")
    list_filter = ("source",)
    list_select_related = ("source",)
    search_fields = ("title", "name")
    list_per_page = 50
    view_on_site = False
    show_full_result_count = False
    fields = readonly_fields = (
        "title", "source", "name", "url", "publisher", "published_at", "content_type", "sha256", "added_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return super().get_queryset(request).defer("content")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Document) -> None:
        document_remove(document=obj, actor=acting_user(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        for document in queryset:
            document_remove(document=document, actor=acting_user(request))
