"""How the desk is set up: its verdict scales and its policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.forms.models import BaseInlineFormSet, ModelForm
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.core.admin import acting_user, each
from reviews.models import DeskPolicy, Scale, VerdictLabel
from reviews.services.desk import policy_save, scale_activate, scale_is_used, scale_next_version, scale_save

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


class LabelFormSet(BaseInlineFormSet[VerdictLabel, Scale, ModelForm[VerdictLabel]]):
    def clean(self) -> None:
        """Say beside the fields what `scale_save` would refuse."""
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.is_valid() and form.cleaned_data.get("key")]
        kept = [data for data in kept if not data.get("DELETE")]
        if len(kept) < 2:
            raise ValidationError(_("A scale needs two labels at least."))
        off = [
            data["name"] for data in kept
            if data["value"] is not None and not self.instance.worst <= data["value"] <= self.instance.best
        ]  # fmt: skip
        if off:
            raise ValidationError(
                _("%(names)s: the value must lie from %(worst)s to %(best)s, or be left empty for off the axis.")
                % {"names": ", ".join(off), "worst": self.instance.worst, "best": self.instance.best}
            )


class LabelInline(admin.TabularInline[VerdictLabel, Scale]):
    model = VerdictLabel
    formset = LabelFormSet
    fields = ("position", "key", "name", "value", "adverse", "needs_gaps", "meaning")
    extra = 0
    max_num = 7


@admin.register(Scale)
class ScaleAdmin(admin.ModelAdmin[Scale]):
    """A scale that a verdict was given with is shown as it was; "New version" makes one to edit."""

    list_display = ("name", "version", "active", "verdicts", "best", "worst")
    list_filter = ("active",)
    actions = ("new_version", "activate")
    inlines: ClassVar = [LabelInline]
    fields = ("name", "version", "active", "best", "worst", "method")
    readonly_fields = ("active",)  # "Judge with this scale from now on" is an act of its own
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Scale]:
        return super().get_queryset(request).annotate(used=Count("labels__verdicts"))

    @admin.display(description="verdicts", ordering="used")
    def verdicts(self, scale: Scale) -> int:
        return int(getattr(scale, "used", 0))

    def has_change_permission(self, request: HttpRequest, obj: Scale | None = None) -> bool:
        free = obj is None or not scale_is_used(obj)
        return free and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # one scale is active, and the others tell what verdicts meant

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if self.has_add_permission(request) else {}

    def save_model(self, request: HttpRequest, obj: Scale, form: Any, change: bool) -> None:  # noqa: FBT001
        """Nothing yet: a scale is stored together with its labels, below."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        for formset in formsets:
            labels = formset.save(commit=False)
            scale_save(
                scale=form.instance, actor=acting_user(request), labels=labels, removed=formset.deleted_objects
            )

    @admin.action(description=gettext_lazy("New version"))
    def new_version(self, request: HttpRequest, queryset: QuerySet[Scale]) -> None:
        actor = acting_user(request)
        each(
            request,
            queryset,
            lambda scale: scale_next_version(scale=scale, actor=actor),
            done=_("copied, not active yet"),
        )

    @admin.action(description=gettext_lazy("Judge with this scale from now on"))
    def activate(self, request: HttpRequest, queryset: QuerySet[Scale]) -> None:
        actor = acting_user(request)
        each(request, queryset[:1], lambda scale: scale_activate(scale=scale, actor=actor), done=_("active now"))


@admin.register(DeskPolicy)
class DeskPolicyAdmin(admin.ModelAdmin[DeskPolicy]):
    """One row a desk, made with the desk; where there is one desk the list is its page."""

    list_display = ("desk", "second_review", "rationale_least", "scale")
    list_select_related = ("desk", "scale")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        only = list(DeskPolicy.objects.values_list("pk", flat=True)[:2])
        if len(only) == 1:
            return HttpResponseRedirect(reverse("admin:reviews_deskpolicy_change", args=only))
        return super().changelist_view(request, extra_context)

    def save_model(self, request: HttpRequest, obj: DeskPolicy, form: Any, change: bool) -> None:  # noqa: FBT001
        policy_save(policy=obj, actor=acting_user(request))
