"""Claim memory, to be looked through."""

from __future__ import annotations

from django.contrib import admin

from articles.models import CheckedClaim
from factcheck.core.admin import ReadOnlyAdmin


@admin.register(CheckedClaim)
class CheckedClaimAdmin(ReadOnlyAdmin[CheckedClaim]):
    list_display = ("claim", "claimant", "rating", "publisher", "reviewed_on", "origin", "withdrawn")
    list_filter = ("origin", "withdrawn", "language")
    search_fields = ("claim", "claimant", "publisher")
    list_per_page = 50
    fields = readonly_fields = (
        "claim", "claimant", "rating", "rating_value", "best_rating", "worst_rating", "summary", "url", "publisher",
        "reviewed_on", "language", "origin", "withdrawn", "identity", "raw",
    )  # fmt: skip
