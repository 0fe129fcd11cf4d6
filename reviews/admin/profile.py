"""Who the desk is, for readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from factcheck.core.admin import acting_user
from factcheck.core.errors import FactcheckError
from reviews.models import Colleague, Profile
from reviews.models.profile import ONLY_PROFILE
from reviews.services.profile import logo_read, profile_save

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class ProfileForm(forms.ModelForm[Profile]):
    new_logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPEG, WebP or GIF, at most 512 KB. Empty: the one there is stays."),
    )
    council_url = forms.URLField(label=_("Its address"), required=False, max_length=600, assume_scheme="https")
    no_logo = forms.BooleanField(label=_("Take the logo away"), required=False)

    class Meta:
        model = Profile
        fields = (
            "name", "legal_name", "email", "address", "about", "funding", "method", "corrections", "ethics",
            "complaints", "council_name", "council_url", "complaint_days", "question_days",
        )  # fmt: skip

    def clean_new_logo(self) -> bytes:
        given = self.cleaned_data.get("new_logo")
        if not given:
            return b""
        try:
            return logo_read(given.read())
        except FactcheckError as error:
            raise ValidationError(error.detail) from error


class ColleagueForm(forms.ModelForm[Colleague]):
    url = forms.URLField(label=_("Their page"), required=False, max_length=600, assume_scheme="https")

    class Meta:
        model = Colleague
        fields = ("name", "role", "about", "url", "position")


class ColleagueInline(admin.StackedInline[Colleague, Profile]):
    model = Colleague
    form = ColleagueForm
    extra = 0
    max_num = 100


@admin.register(Profile)
class ProfileAdmin(admin.ModelAdmin[Profile]):
    """One row; its list leads to it."""

    form = ProfileForm
    inlines: ClassVar = [ColleagueInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:reviews_profile_change", args=[ONLY_PROFILE]))

    def save_model(self, request: HttpRequest, obj: Profile, form: Any, change: bool) -> None:  # noqa: FBT001
        """The logo as it was read; all is stored together with the people, below."""
        if form.cleaned_data["new_logo"]:
            obj.logo = form.cleaned_data["new_logo"]
        elif form.cleaned_data["no_logo"]:
            obj.logo = b""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        for formset in formsets:
            people = formset.save(commit=False)
            profile_save(
                profile=form.instance, actor=acting_user(request), people=people, removed=formset.deleted_objects
            )
