"""The numbers by which a rationale cites evidence, where rows are read a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Subquery

from articles.models import Evidence

if TYPE_CHECKING:
    from django.db.models import QuerySet


def with_numbers(evidence: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Each with `number`: its place among all evidence of its claim in the order in which it came, from 1."""
    before = Evidence.objects.filter(claim=OuterRef("claim"), pk__lte=OuterRef("pk")).order_by().values("claim")
    return evidence.annotate(number=Subquery(before.annotate(number=Count("pk")).values("number")))
