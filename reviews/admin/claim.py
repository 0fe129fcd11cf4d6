"""Claims in the admin: the list with its actions, and one page with everything the desk page can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, FilteredRelation, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Claim
from factcheck.core.admin import ReadOnlyAdmin, acting_user, attempt, each
from factcheck.core.errors import FactcheckError, WrongState
from reviews.admin import forms
from reviews.admin.acts import ACTS
from reviews.admin.page import Tried, history, page_context
from reviews.policies import may, within_walls
from reviews.selectors.sealed import is_sealed
from reviews.services.claim import claim_assign, claim_set_aside
from reviews.services.review import claim_accept, claim_take
from reviews.workflow import ReviewState

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest

MOST_AT_ONCE: Final = 500


class ReviewStateFilter(admin.SimpleListFilter):
    title = "review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", _("not in review")), *((state.value, _words(state)) for state in ReviewState)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        value = self.value()
        if value is None:
            return queryset
        if value == "none":
            return queryset.filter(_of_review("isnull", True))
        return queryset.filter(_of_review("state", value))


class MineFilter(admin.SimpleListFilter):
    title = "person"
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("me", "mine"), ("nobody", "nobody's")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        if self.value() == "me":
            return queryset.filter(_of_review("assignee", request.user.pk))
        if self.value() == "nobody":
            return queryset.filter(_of_review("assignee__isnull", True))
        return queryset


def _of_review(lookup: str, value: object) -> Q:
    """A condition on the claim's active review, which `ClaimAdmin.get_queryset` joins."""
    return Q(**{f"active_review__{lookup}": value})


def _words(value: str) -> str:
    return value.replace("_", " ")


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin[Claim]):
    list_display = ("number", "claim", "priority", "state", "review", "person", "speaker", "story")
    list_display_links = ("claim",)
    list_filter = ("state", ReviewStateFilter, MineFilter, "kind", "origin", "stale_anchor")
    list_select_related = ("article",)
    list_per_page = 50
    search_fields = ("statement", "quote", "speaker", "article__title")
    ordering = ("-priority", "-id")
    actions = ("take", "confirm", "dismiss", "assign")

    class Media:
        css = {"all": ("articles/admin.css",)}  # noqa: RUF012  (Django reads it off the class)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        active = FilteredRelation("reviews", condition=Q(reviews__active=True))
        return (
            super()
            .get_queryset(request)
            .filter(within_walls(acting_user(request), "article__"))
            .annotate(active_review=active)
            .annotate(
                review_state=F("active_review__state"),
                person_name=F("active_review__assignee__first_name"),
                person_username=F("active_review__assignee__username"),
            )
        )

    # --- columns -----------------------------------------------------------------------------------------
    @admin.display(description="claim", ordering="statement")
    def claim(self, claim: Claim) -> str:
        return format_html('<span class="fc-claim">{}</span>', claim.statement)

    @admin.display(description="review", ordering="review_state")
    def review(self, claim: Claim) -> str:
        return _words(getattr(claim, "review_state", None) or "–")

    @admin.display(description="person", ordering="person_username")
    def person(self, claim: Claim) -> str:
        return getattr(claim, "person_name", "") or getattr(claim, "person_username", "") or "–"

    @admin.display(description="article", ordering="article__title")
    def story(self, claim: Claim) -> str:
        return claim.article.title

    # --- actions on the list -----------------------------------------------------------------------------
    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)
        needs = {
            "take": "propose_verdict",
            "confirm": "edit_claims",
            "dismiss": "edit_claims",
            "assign": "assign_reviews",
        }
        return {
            name: one
            for name, one in found.items()
            if name not in needs or may(acting_user(request), needs[name]).allowed
        }

    @admin.action(description=gettext_lazy("Take"))
    def take(self, request: HttpRequest, queryset: QuerySet[Claim]) -> None:
        actor = acting_user(request)
        each(
            request, _chosen(queryset), lambda claim: claim_take(claim=claim, actor=actor), done="taken", why=_holder
        )

    @admin.action(description=gettext_lazy("Confirm"))
    def confirm(self, request: HttpRequest, queryset: QuerySet[Claim]) -> None:
        actor = acting_user(request)
        each(request, _chosen(queryset), lambda claim: claim_accept(claim=claim, actor=actor), done="confirmed")

    @admin.action(description="Dismiss…")
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Claim]) -> TemplateResponse | None:
        actor = acting_user(request)

        def act(claim: Claim, data: dict[str, Any]) -> None:
            claim_set_aside(claim=claim, actor=actor, reason=data["reason"], note=data["note"])

        return self._ask(request, queryset, "dismiss", forms.DismissForm, act, done="dismissed")

    @admin.action(description=gettext_lazy("Assign to…"))
    def assign(self, request: HttpRequest, queryset: QuerySet[Claim]) -> TemplateResponse | None:
        actor = acting_user(request)

        def act(claim: Claim, data: dict[str, Any]) -> None:
            claim_assign(claim=claim, actor=actor, assignee=data["assignee"], note=data["note"])

        return self._ask(request, queryset, "assign", forms.AssignForm, act, done="assigned")

    def _ask(
        self, request: HttpRequest, queryset: QuerySet[Claim], name: str, form_class: type[forms.ActForm],
        act: Callable[[Claim, dict[str, Any]], None], *, done: str,
    ) -> TemplateResponse | None:  # fmt: skip
        """The page between: what the act needs to know, for all chosen claims together."""
        form = form_class(request.POST if "sure" in request.POST else None)
        chosen = _chosen(queryset)
        if chosen:
            form.for_claim(chosen[0])
        if form.is_bound and form.is_valid():
            each(request, chosen, lambda claim: act(claim, form.cleaned_data), done=done)
            return None
        context = self.admin_site.each_context(request) | {
            "title": f"{ACTS[name].label} {len(chosen)} claim{'' if len(chosen) == 1 else 's'}",
            "opts": self.opts,
            "form": form,
            "claims": chosen,
            "action": name,
            "label": ACTS[name].label,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/desk/ask.html", context, status=422 if form.is_bound else 200)

    # --- one claim ---------------------------------------------------------------------------------------
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The whole claim. A POST names one act of `ACTS`; what was typed stays when a rule says no."""
        claim = self._claim(request, object_id)
        if claim is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]
        if not self.has_view_permission(request, claim):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, claim)
        return self._act(request, claim)

    def _claim(self, request: HttpRequest, object_id: str) -> Claim | None:
        found = self.get_queryset(request).select_related("article", "revision", "created_by")
        return found.filter(pk=object_id).first() if object_id.isdigit() else None

    def _act(self, request: HttpRequest, claim: Claim) -> HttpResponse:
        name = request.POST.get("act", "")
        act = ACTS.get(name)
        if act is None:
            raise PermissionDenied
        form = act.form(request.POST, auto_id=f"{name}-%s")
        form.for_claim(claim)
        if not form.is_valid():
            messages.error(request, _("Mend what is marked below."))
            return self._page(request, claim, tried=(name, form), status=422)
        error = attempt(request, lambda: act.run(acting_user(request), claim, form.cleaned_data))
        if error is None:
            return HttpResponseRedirect(request.path)
        fresh = self._claim(request, str(claim.pk)) or claim
        return self._page(request, fresh, tried=(name, form), status=error.http_status)

    def _page(
        self, request: HttpRequest, claim: Claim, *, tried: Tried | None = None, status: int = 200
    ) -> TemplateResponse:
        context = self.admin_site.each_context(request) | page_context(acting_user(request), claim, tried)
        context |= {
            "title": _("Claim %(number)s") % {"number": claim.number},
            "opts": self.opts,
            "original": claim,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/desk/claim.html", context, status=status)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The audit trail is the history."""
        claim = self._claim(request, object_id)
        if claim is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]
        if not self.has_view_permission(request, claim):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": _("History of claim %(number)s") % {"number": claim.number},
            "opts": self.opts,
            "original": claim,
            "events": [] if is_sealed(acting_user(request), claim) else history(claim),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/desk/history.html", context)


def _chosen(queryset: QuerySet[Claim]) -> list[Claim]:
    """The chosen claims; at most so many that the request ends in time."""
    return list(queryset.select_related("article", "revision")[:MOST_AT_ONCE])


def _holder(claim: Claim, error: FactcheckError) -> str:
    """Who was first, if somebody was."""
    if isinstance(error, WrongState):
        review = claim.reviews.filter(active=True).select_related("assignee").first()
        if review is not None and review.assignee is not None:
            return _("was taken by %(person)s a moment ago") % {
                "person": review.assignee.first_name or review.assignee.get_username()
            }
    return _("not: %(detail)s") % {"detail": error.detail}
