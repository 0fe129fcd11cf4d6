"""Receivers of webhooks, and the log of what was sent to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.core.admin import BoundedSearchAdmin, ReadOnlyAdmin, acting_user, each
from factcheck.core.errors import FactcheckError
from reviews.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent
from reviews.services.delivery import delivery_again, endpoint_ping, event_again
from reviews.services.webhook import (
    SUBSCRIBABLE,
    endpoint_check,
    endpoint_rotate,
    endpoint_save,
    endpoint_secret,
    endpoint_switch,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


class EndpointForm(forms.ModelForm[WebhookEndpoint]):
    url = forms.URLField(label=gettext_lazy("Address"), max_length=500, assume_scheme="https")
    events = forms.MultipleChoiceField(
        choices=[(one.value, one.label) for one in SUBSCRIBABLE], widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("None chosen means all."),
    )  # fmt: skip

    class Meta:
        model = WebhookEndpoint
        fields = ("name", "url", "events")

    def clean(self) -> dict[str, Any] | None:
        """Say beside the field what `endpoint_save` would refuse."""
        data = super().clean()
        url = self.cleaned_data.get("url")
        if url:
            try:
                endpoint_check(url=url)
            except FactcheckError as error:
                raise ValidationError({"url": error.detail}) from error
        return data


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(BoundedSearchAdmin[WebhookEndpoint]):
    """A receiver is switched off, not deleted: what it was told is history."""

    form = EndpointForm
    list_display = ("name", "url", "now", "chosen", "last_success_at", "last_error")
    list_filter = ("enabled",)
    search_fields = ("name", "url")
    actions = ("ping", "rotate", "enable", "disable")
    fields = ("name", "url", "events", "now", "last_success_at", "last_error", "rotated_at", "created_at")
    readonly_fields = ("now", "last_success_at", "last_error", "rotated_at", "created_at")
    view_on_site = False
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> Any:
        return self.fields if obj else ("name", "url", "events")

    @admin.display(description="events")
    def chosen(self, endpoint: WebhookEndpoint) -> str:
        return ", ".join(endpoint.events) or "all"

    @admin.display(description="now")
    def now(self, endpoint: WebhookEndpoint) -> str:
        if not endpoint.enabled:
            return (_("Off. %(disabled_reason)s") % {"disabled_reason": endpoint.disabled_reason}).strip()
        if endpoint.paused_until and endpoint.paused_until > timezone.now():
            return _("Asked us to wait until %(paused_until)s") % {
                "paused_until": f"{endpoint.paused_until:%-d %b, %H:%M}"
            }
        if endpoint.failing_since:
            return _("Failing since %(failing_since)s") % {"failing_since": f"{endpoint.failing_since:%-d %b, %H:%M}"}
        return _("Taking what we send") if endpoint.last_success_at else _("Nothing sent yet")

    def save_model(self, request: HttpRequest, obj: WebhookEndpoint, form: Any, change: bool) -> None:  # noqa: FBT001
        endpoint_save(endpoint=obj, actor=acting_user(request))

    def response_add(self, request: HttpRequest, obj: WebhookEndpoint, post_url_continue: Any = None) -> HttpResponse:
        """Show the secret this once; it is in no session, no log and no second page."""
        return self._secret_page(request, obj, endpoint_secret(obj))

    def _secret_page(self, request: HttpRequest, endpoint: WebhookEndpoint, secret: str) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": _("The secret of %(name)s") % {"name": endpoint.name},
            "opts": self.opts,
            "endpoint": endpoint,
            "secret": secret,
        }
        answer = TemplateResponse(request, "admin/desk/webhook_secret.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    @admin.action(description=gettext_lazy("Send a ping"), permissions=["change"])
    def ping(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        actor = acting_user(request)
        each(request, queryset, lambda one: endpoint_ping(endpoint=one, actor=actor), done=_("on the way"))

    @admin.action(description=gettext_lazy("Make a new secret"), permissions=["change"])
    def rotate(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> HttpResponse | None:
        chosen = list(queryset[:2])
        if len(chosen) != 1:
            messages.error(request, _("Choose one receiver: each new secret is shown on a page of its own."))
            return None
        secret = endpoint_rotate(endpoint=chosen[0], actor=acting_user(request))
        return self._secret_page(request, chosen[0], secret)

    @admin.action(description=gettext_lazy("Switch on"), permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        actor = acting_user(request)
        each(request, queryset, lambda one: endpoint_switch(endpoint=one, enabled=True, actor=actor), done="on")

    @admin.action(description=gettext_lazy("Switch off"), permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        actor = acting_user(request)
        each(request, queryset, lambda one: endpoint_switch(endpoint=one, enabled=False, actor=actor), done="off")


class LogAdmin(ReadOnlyAdmin[Any]):
    """Rows of the log: seen by who may see them, sent again by who may change receivers."""

    list_per_page = 50
    ordering = ("-id",)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if request.user.has_perm("reviews.change_webhookendpoint") else {}


@admin.register(WebhookEvent)
class WebhookEventAdmin(LogAdmin):
    list_display = ("uid", "kind", "claim", "created_at")
    list_filter = ("kind",)
    list_select_related = ("claim",)
    search_fields = ("uid", "claim__statement")
    actions = ("send_again",)
    fields = readonly_fields = ("uid", "kind", "claim", "created_at", "body", "sent")

    @admin.display(description="deliveries")
    def sent(self, event: WebhookEvent) -> str:
        where = reverse("admin:reviews_webhookdelivery_changelist")
        return format_html('<a href="{}?event__id__exact={}">{}</a>', where, event.pk, event.deliveries.count())

    @admin.action(description=gettext_lazy("Send to every receiver"))
    def send_again(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> None:
        actor = acting_user(request)
        each(request, queryset.order_by("pk"), lambda one: event_again(event=one, actor=actor), done=_("on the way"))


class AttemptInline(admin.TabularInline[WebhookAttempt, WebhookDelivery]):
    model = WebhookAttempt
    fields = readonly_fields = ("number", "at", "status", "said", "milliseconds")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("reviews.view_webhookdelivery")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(LogAdmin):
    list_display = ("id", "event", "endpoint", "state", "tries", "not_before", "finished_at")
    list_filter = ("state", "endpoint", "event__kind")
    list_select_related = ("event", "endpoint")
    search_fields = ("event__uid", "endpoint__name")
    actions = ("send_again",)
    inlines: ClassVar = [AttemptInline]
    fields = readonly_fields = ("event", "endpoint", "state", "tries", "not_before", "finished_at")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "event__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.action(description=gettext_lazy("Send again"))
    def send_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        actor = acting_user(request)
        rows = queryset.select_related("endpoint", "event").order_by("event")
        each(request, rows, lambda one: delivery_again(delivery=one, actor=actor), done=_("on the way"))
