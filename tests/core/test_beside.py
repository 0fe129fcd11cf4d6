"""Lists read with the row they stand beside: the same rows as a query of their own would give."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db.models import OuterRef

from articles.choices import RunState
from articles.models import Claim, PrefillRun
from factcheck.core.beside import Beside, beside
from tests import factories

pytestmark = pytest.mark.django_db


def test_rows_come_out_as_a_query_of_their_own_would_give_them(django_assert_num_queries):
    story = factories.article()
    one, other = factories.claim(article=story), factories.claim(article=story, quote="240 million")
    for name in ("A", "B"):
        factories.run(
            claim=one, source=factories.source(name=name), state=RunState.FAILED, error_detail="“No”, it\nsaid: \\",
            finished_at=datetime(2026, 11, 20, 12, 1, 2, 345678, tzinfo=UTC),
        )  # fmt: skip
    runs = PrefillRun.objects.filter(claim=OuterRef("pk"))
    with django_assert_num_queries(1):
        found = {claim.pk: claim.runs_beside for claim in Claim.objects.annotate(runs_beside=Beside(runs))}
    assert found[other.pk] == []
    read = sorted(beside(PrefillRun, found[one.pk]), key=lambda run: run.pk)
    fields = [field.attname for field in PrefillRun._meta.concrete_fields]
    assert [[getattr(run, name) for name in fields] for run in read] == [
        [getattr(run, name) for name in fields] for run in PrefillRun.objects.order_by("pk")
    ]


def test_only_the_named_columns_are_read_and_a_slice_stays_a_slice():
    story = factories.article()
    for quote in ("30,000", "240 million", "a fine day"):
        factories.claim(article=story, quote=quote)
    newest = Beside(Claim.objects.filter(article=OuterRef("article")).order_by("-number")[:2], ["id", "number"])
    rows = Claim.objects.annotate(newest=newest).first().newest
    assert sorted(row["number"] for row in rows) == [2, 3]
    assert beside(Claim, rows)[0].get_deferred_fields()


def test_booleans_are_booleans_on_every_database():
    claim = factories.claim(article=factories.article(), needs_context=True)
    rows = Claim.objects.annotate(same=Beside(Claim.objects.filter(pk=OuterRef("pk")))).get().same
    assert beside(Claim, rows)[0].needs_context is True
    assert beside(Claim, rows)[0].reasons == claim.reasons
