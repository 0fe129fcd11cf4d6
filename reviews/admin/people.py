"""People and the keys of their programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.core.admin import BoundedSearchAdmin, ReadOnlyAdmin, acting_user, each
from factcheck.core.models import ApiKey
from reviews.admin.forms import KeyForm
from reviews.services.desk import (
    group_changed,
    group_rights,
    key_issue,
    key_revoke,
    person_changed,
    person_password_set,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

admin.site.unregister((Group, User))
_ROOT_ONLY = ("is_superuser", "user_permissions")


@admin.register(User)
class PersonAdmin(BoundedSearchAdmin[User], UserAdmin[User]):
    """Django's own, with two rules: only superusers make superusers, and the trail tells who got which role."""

    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        held = tuple(super().get_readonly_fields(request, obj))
        return held if acting_user(request).is_superuser else (*held, *_ROOT_ONLY)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        above = obj is not None and obj.is_superuser and not acting_user(request).is_superuser
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what they did stays theirs: an account is switched off, not deleted

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        person_changed(person=form.instance, actor=acting_user(request), fields=form.changed_data)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """Django's page; the stored hash tells whether it set another password, and the trail that it did."""
        person = self.get_object(request, unquote(id))
        before = person.password if person else ""
        with transaction.atomic():
            answer = super().user_change_password(request, id, form_url)
            if person is not None:
                person.refresh_from_db(fields=["password"])
                if person.password != before:
                    person_password_set(person=person, actor=acting_user(request))
        return answer


@admin.register(Group)
class RoleAdmin(BoundedSearchAdmin[Group], GroupAdmin):
    """Django's own, with the trail: a role's rights are what everything else is decided by."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # the trail names it; one without permissions gives nobody anything

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        before = group_rights(form.instance)
        super().save_related(request, form, formsets, change)
        group_changed(group=form.instance, actor=acting_user(request), before=before)


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin[ApiKey]):
    list_display = ("name", "prefix", "person", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("person",)
    search_fields = ("name", "prefix", "person__username")
    actions = ("revoke",)
    fields = readonly_fields = (
        "name", "prefix", "person", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("core.add_apikey")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Make a key and show it this once; it is in no session, no log and no second page."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(request.POST or None)
        context = self.admin_site.each_context(request) | {
            "title": _("Add an API key"),
            "opts": self.opts,
            "form": form,
        }
        if not form.is_bound or not form.is_valid():
            return TemplateResponse(request, "admin/desk/key.html", context, status=422 if form.is_bound else 200)
        context["made"] = key_issue(actor=acting_user(request), **form.cleaned_data)
        answer = TemplateResponse(request, "admin/desk/key.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if request.user.has_perm("core.change_apikey") else {}

    @admin.action(description=gettext_lazy("Revoke"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        actor = acting_user(request)
        each(request, queryset, lambda key: key_revoke(key=key, actor=actor), done="revoked")
