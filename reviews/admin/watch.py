"""Watched places, with the walls of the desks: nobody sends stories to, or reads of, a desk they do not see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied

from articles.admin.watch import WatchAdmin, WatchItemAdmin, WatchLookAdmin
from articles.models import Desk, Watch, WatchItem, WatchLook
from factcheck.core.admin import acting_user
from reviews.policies import rights_of, within_walls

if TYPE_CHECKING:
    from django.db.models import ForeignKey, QuerySet
    from django.forms import ModelChoiceField
    from django.http import HttpRequest

admin.site.unregister([Watch, WatchLook, WatchItem])


@admin.register(Watch)
class WalledWatchAdmin(WatchAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Watch]:
        return super().get_queryset(request).filter(within_walls(acting_user(request)))

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "desk":
            kwargs["queryset"] = Desk.objects.exclude(pk__in=rights_of(acting_user(request)).hidden())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Watch, form: Any, change: bool) -> None:  # noqa: FBT001
        """The form has no other desks; a desk that was walled meanwhile is refused here."""
        if obj.desk_id in rights_of(acting_user(request)).hidden():
            raise PermissionDenied
        super().save_model(request, obj, form, change)


@admin.register(WatchLook)
class WalledWatchLookAdmin(WatchLookAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[WatchLook]:
        return super().get_queryset(request).filter(within_walls(acting_user(request), "watch__"))


@admin.register(WatchItem)
class WalledWatchItemAdmin(WatchItemAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[WatchItem]:
        return super().get_queryset(request).filter(within_walls(acting_user(request), "watch__"))
