"""The desk's scoring: what it learned, what a person weighed, how well it does, and which version counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles.models import Desk, ScoringModel
from articles.selectors.scoring import desk_months, desk_scorings, scoring_measured, scoring_moves, scoring_reasons
from articles.services.scoring import (
    model_of,
    scoring_activate,
    scoring_active,
    scoring_choose,
    scoring_follow,
    scoring_learn,
    scoring_reweigh,
    scoring_version,
)
from factcheck.core.admin import ReadOnlyAdmin, acting_user, attempt
from factcheck.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

    from articles.selectors.scoring import Measured

SHIPPED: Final = 0
"""Stands for the shipped weights where a form names a version."""

FOLLOW: Final = "follow"
"""Stands for what scores on the other desks."""


class WeighForm(forms.Form):
    """One number a named reason; 1 leaves it as it is."""

    note = forms.CharField(max_length=300, label=gettext_lazy("Why"))

    def __init__(self, *args: Any, reasons: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in reasons:
            self.fields[f"reason {name}"] = forms.FloatField(
                label=name, min_value=0, max_value=5, initial=1, required=False
            )

    def factors(self) -> dict[str, float]:
        named = {name.removeprefix("reason "): value for name, value in self.cleaned_data.items() if name != "note"}
        return {name: value for name, value in named.items() if value not in {None, 1.0}}


@admin.register(ScoringModel)
class ScoringModelAdmin(ReadOnlyAdmin[ScoringModel]):
    """Who may change the desk's policy may change its scoring. A version is made and switched, never edited."""

    list_display = ("__str__", "active", "origin", "examples", "based_on", "created_by", "created_at", "note")
    list_per_page = 50
    list_select_related = ("based_on", "created_by")
    change_list_template = "admin/articles/scoring.html"
    fields = readonly_fields = (
        "number", "active", "origin", "based_on", "examples", "weighed", "on_later_decisions", "on_all_decisions",
        "moves", "note", "created_by", "created_at",
    )  # fmt: skip

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("reviews.change_deskpolicy")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScoringModel]:
        return super().get_queryset(request).defer("parameters", "based_on__parameters")

    def get_urls(self) -> list[URLPattern]:
        mine = [
            path("learn/", self._guarded(require_POST(self.learn)), name="articles_scoring_learn"),
            path("switch/", self._guarded(require_POST(self.switch)), name="articles_scoring_switch"),
            path("weigh/", self._guarded(self.weigh), name="articles_scoring_weigh"),
        ]
        return mine + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        active = scoring_active()
        extra = {
            "title": _("Scoring of claims"), "active": active, "months": desk_months(),
            "measured": scoring_measured(model_of(active)), "shipped": SHIPPED,
            "versions": ScoringModel.objects.defer("parameters"), "desks": desk_scorings(), "follow": FOLLOW,
        }  # fmt: skip
        return super().changelist_view(request, extra | (extra_context or {}))

    def learn(self, request: HttpRequest) -> HttpResponse:
        def act() -> str:
            made = scoring_learn(actor=acting_user(request))
            return _(
                "%(made)s learned from %(examples)s examples. Look at what it would move, then switch to it."
            ) % {"made": made, "examples": made.examples}

        attempt(request, act)
        return _back()

    def switch(self, request: HttpRequest) -> HttpResponse:
        def act() -> str:
            desk = self._desk(request.POST.get("desk", ""))
            if desk is not None and request.POST.get("number") == FOLLOW:
                scoring_follow(desk=desk, actor=acting_user(request))
                return _("From now on %(desk)s is scored as the other desks are.") % {"desk": desk}
            number = int(request.POST.get("number", "")) if request.POST.get("number", "").isdecimal() else -1
            version = None if number == SHIPPED else scoring_version(number)
            name = version or "the shipped weights"
            if desk is not None:
                scoring_choose(desk=desk, version=version, actor=acting_user(request))
                return _("From now on %(version)s score for %(desk)s. Claims that are there keep their scores.") % {
                    "version": name,
                    "desk": desk,
                }
            scoring_activate(version=version, actor=acting_user(request))
            return _("From now on %(version)s score. Claims that are there keep their scores.") % {"version": name}

        attempt(request, act)
        return _back()

    def _desk(self, number: str) -> Desk | None:
        """The desk a form names, None for all; raises NotFound (desk.unknown)."""
        if not number:
            return None
        found = Desk.objects.filter(pk=number).first() if number.isdecimal() else None
        if found is None:
            raise NotFound("desk.unknown", slug=number, known=", ".join(Desk.objects.values_list("slug", flat=True)))
        return found

    def weigh(self, request: HttpRequest) -> HttpResponse:
        active = scoring_active()
        form = WeighForm(request.POST or None, reasons=scoring_reasons(model_of(active)))
        if request.method == "POST" and form.is_valid() and not form.factors():
            form.add_error(None, _("Every reason still counts once. Change at least one number."))
        if request.method == "POST" and form.is_valid():
            made = scoring_reweigh(
                based_on=active, factors=form.factors(), actor=acting_user(request), note=form.cleaned_data["note"]
            )
            return HttpResponseRedirect(reverse("admin:articles_scoringmodel_change", args=[made.pk]))
        context = {**self.admin_site.each_context(request), "title": _("Weigh the reasons"), "form": form,
                   "active": active, "opts": self.opts}  # fmt: skip
        return TemplateResponse(request, "admin/articles/scoring_weigh.html", context)

    @admin.display(description=gettext_lazy("reasons weighed"))
    def weighed(self, version: ScoringModel) -> str:
        weighed = [f"{name} × {factor:g}" for name, factor in sorted(version.factors.items())]
        return ", ".join(weighed) or _("None by hand")

    @admin.display(description=gettext_lazy("on decisions made since"))
    def on_later_decisions(self, version: ScoringModel) -> str:
        return _in_words(scoring_measured(model_of(version), version.created_at))

    @admin.display(description=gettext_lazy("on all decisions"))
    def on_all_decisions(self, version: ScoringModel) -> str:
        learned = _(" It learned from some of these, so this flatters it.") if version.examples else ""
        return _in_words(scoring_measured(model_of(version))) + learned

    @admin.display(description=gettext_lazy("claims it would move, of the newest 300"))
    def moves(self, version: ScoringModel) -> str:
        moved = scoring_moves(model_of(scoring_active()), model_of(version))
        rows = ((m.claim.get_absolute_url(), m.claim.statement, f"{m.before:.2f}", f"{m.after:.2f}") for m in moved)
        return format_html_join("", '<p><a href="{}">{}</a>: {} → {}</p>', rows) or "None"

    def _guarded(self, view: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
        def inner(request: HttpRequest) -> HttpResponse:
            if not self.has_view_permission(request):
                raise PermissionDenied
            return view(request)

        return self.admin_site.admin_view(inner)


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:articles_scoringmodel_changelist"))


def _in_words(found: Measured) -> str:
    if not found.decisions:
        return _("None yet")
    return _("%(decisions)s texts: precision %(share)s, recall %(share2)s") % {
        "decisions": found.decisions,
        "share": _share(found.precision),
        "share2": _share(found.recall),
    }


def _share(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"
