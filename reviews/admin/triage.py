"""Rules of triage, each with a dry run over the last claims of its desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.choices import ClaimKind
from factcheck.core.admin import BoundedSearchAdmin, acting_user
from reviews.models import TriageRule
from reviews.policies import within_walls
from reviews.services.triage import dry_run, rule_changed, rule_removed, rule_values

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

_SHOWN = 10


class TriageRuleForm(forms.ModelForm[TriageRule]):
    kinds = forms.MultipleChoiceField(
        choices=ClaimKind.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("None chosen: any kind."),
    )  # fmt: skip
    assignee = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("first_name", "last_name", "username"), required=False,
        label=gettext_lazy("Give it to"), help_text=gettext_lazy("Once, when it is confirmed and nobody has it."),
    )  # fmt: skip

    class Meta:
        model = TriageRule
        fields = ("desk", "name", "enabled", "position", "publisher", "mode", "kinds", "speaker", "words",
                  "score_from", "score_to", "percent", "assignee", "due_hours", "checklist")  # fmt: skip

    def clean(self) -> dict[str, Any] | None:
        """A rule without a condition would fit nothing, and one whose scores are upside down as well."""
        data = super().clean() or {}
        conditions = ("publisher", "mode", "kinds", "speaker", "words", "score_from", "score_to")
        if not any(data.get(name) not in (None, "", []) for name in conditions):
            self.add_error(None, _("Fill in at least one condition: a rule without any fits no claim."))
        low, high = data.get("score_from"), data.get("score_to")
        if low is not None and high is not None and low > high:
            self.add_error("score_to", _("Give a number from the lower one up."))
        return data


@admin.register(TriageRule)
class TriageRuleAdmin(BoundedSearchAdmin[TriageRule]):
    form = TriageRuleForm
    list_display = ("name", "desk", "enabled", "position", "percent", "assignee", "due_hours")
    list_select_related = ("desk", "assignee")
    list_filter = ("enabled",)
    search_fields = ("name",)
    readonly_fields = ("would_fit",)
    fieldsets = (
        (None, {"fields": ("desk", "name", "enabled", "position")}),
        (
            gettext_lazy("If"),
            {"fields": ("publisher", "mode", "kinds", "speaker", "words", "score_from", "score_to")},
        ),
        (gettext_lazy("Then"), {"fields": ("percent", "assignee", "due_hours", "checklist")}),
        (gettext_lazy("Dry run"), {"fields": ("would_fit",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[TriageRule]:
        return super().get_queryset(request).filter(within_walls(request.user, ""))

    @admin.display(description=gettext_lazy("Would have fitted"))
    def would_fit(self, rule: TriageRule) -> str:
        """The dry run of the rule as it is stored, whether it is enabled or not."""
        if rule.pk is None:
            return _("Save the rule, not enabled yet, to see which of the last claims it would have fitted.")
        found, looked_at = dry_run(rule)
        shown = format_html_join(
            "", "<li>{}: {}</li>", ((one.priority, one.statement[:200]) for one in found[:_SHOWN])
        )
        return format_html("<p>{} of the last {} claims of this desk.</p><ul>{}</ul>", len(found), looked_at, shown)

    def save_model(self, request: HttpRequest, obj: TriageRule, form: Any, change: bool) -> None:  # noqa: FBT001
        before = rule_values(TriageRule.objects.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)
        rule_changed(rule=obj, actor=acting_user(request), before=before)

    def delete_model(self, request: HttpRequest, obj: TriageRule) -> None:
        rule_removed(rule=obj, actor=acting_user(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[TriageRule]) -> None:
        for rule in queryset:
            rule_removed(rule=rule, actor=acting_user(request))
