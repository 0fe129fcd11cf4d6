"""The desks of this instance: people, sources, rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles.models import Desk
from factcheck.core.admin import acting_user
from reviews.models import Membership
from reviews.services.desks import desk_changed, desk_values

if TYPE_CHECKING:
    from django.http import HttpRequest


class MembershipInline(admin.TabularInline[Membership, Desk]):
    model = Membership
    fields = ("person", "role")
    autocomplete_fields = ("person",)
    extra = 1


@admin.register(Desk)
class DeskAdmin(admin.ModelAdmin[Desk]):
    """Walls are built here: who is on a desk, what is asked for it, and whether others see it."""

    list_display = ("name", "slug", "walled", "position", "rules")
    fields = ("name", "slug", "walled", "position", "sources", "rules")
    readonly_fields = ("rules",)
    filter_horizontal = ("sources",)
    prepopulated_fields: ClassVar = {"slug": ("name",)}
    inlines: ClassVar = [MembershipInline]
    view_on_site = False

    @admin.display(description="rules")
    def rules(self, desk: Desk) -> str:
        if desk.pk is None:
            return _("Made with the desk")
        address = reverse("admin:reviews_deskpolicy_change", args=[desk.pk])
        return format_html('<a href="{}">Policy and scale</a>', address)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # its articles and the trail name it

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Desk:  # noqa: FBT001
        """Note how the desk was before Django changes it."""
        held = Desk.objects.filter(pk=form.instance.pk).first() if change else None
        form.desk_before = desk_values(held) if held else {}
        desk: Desk = super().save_form(request, form, change)
        return desk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        desk_changed(desk=form.instance, actor=acting_user(request), before=form.desk_before)
