"""Insights: the desk's figures as charts, tables, CSV and JSON."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_GET, require_POST

from factcheck.core.errors import NotFound
from factcheck.core.language import OF_PROGRAMS
from reviews.selectors.figures import as_json, cells
from reviews.selectors.insights import PERIODS, figure, headlines, insights
from reviews.selectors.rail import desks_read
from reviews.services.sample import sample_export
from reviews.views.base import DeskRequest, desk_page, page

if TYPE_CHECKING:
    from articles.models import Desk
    from reviews.selectors.figures import Figure

_DAYS = 28
_NAMES = {
    7: gettext_lazy("Last week"),
    28: gettext_lazy("Last 4 weeks"),
    84: gettext_lazy("Last 12 weeks"),
    365: gettext_lazy("Last year"),
}


def _days(request: DeskRequest) -> int:
    asked = request.POST.get("days", "") or request.GET.get("days", "")
    return int(asked) if asked in {str(days) for days in PERIODS} else _DAYS


@require_GET
@desk_page
def dashboard(request: DeskRequest) -> HttpResponse:
    """`?days=` and `?desk=` (a slug) choose the time and the desk."""
    days, desks = _days(request), desks_read(request.user)
    desk = _desk(request, desks)
    figures = insights(request.user, days=days, desk=desk.pk if desk else None)
    context = {
        "figures": figures, "headlines": headlines(figures), "days": days, "periods": list(_NAMES.items()),
        "desk": desk, "desks": desks if len(desks) > 1 else [],
    }  # fmt: skip
    return page(request, "reviews/insights.html", context)


def _desk(request: DeskRequest, desks: list[Desk]) -> Desk | None:
    """The desk the address names, None for all; raises NotFound for one the person does not read."""
    slug = request.GET.get("desk", "")
    found = next((desk for desk in desks if desk.slug == slug), None)
    if slug and found is None:
        raise NotFound("not_found", what="desk")
    return found


def _figure(request: DeskRequest, key: str) -> Figure:
    desk = _desk(request, desks_read(request.user)) if request.GET.get("desk") else None
    found = figure(request.user, key, days=_days(request), desk=desk.pk if desk else None)
    if found is None:
        raise NotFound("not_found", what="figure")
    return found


@require_GET
@desk_page
def figure_csv(request: DeskRequest, key: str) -> HttpResponse:
    found = _figure(request, key)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.key}-{_days(request)}-days.csv"'
    csv.writer(answer).writerows(cells(found))
    return answer


@require_GET
@desk_page
def figure_json(request: DeskRequest, key: str) -> HttpResponse:
    with override(OF_PROGRAMS):
        found = as_json(_figure(request, key), _days(request))
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


@require_POST
@desk_page
def sample(request: DeskRequest) -> HttpResponse:
    """The assessor's ZIP. A POST, since the trail tells who took it."""
    size = request.POST.get("size", "")
    data = sample_export(
        actor=request.user,
        seed=request.POST.get("seed", "")[:100],
        size=int(size) if size.isdecimal() and len(size) < 5 else 0,
        days=_days(request),
    )
    answer = HttpResponse(data, content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="sample.zip"'
    answer["Cache-Control"] = "no-store"
    return answer
