"""How the desk is set up, as far as programs may see or change it: sources, webhooks, their own key, the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.response import Response

from factcheck.audit.models import AuditEvent
from factcheck.core.errors import NotAllowed, NotFound
from factcheck.core.models import ApiKey
from reviews import access
from reviews.api import setup_serializers as s
from reviews.api.base import ApiView, ScopedAccess, actor, body, detail, query, refuse_unknown_fields
from reviews.api.paging import page_length
from reviews.models import WebhookDelivery, WebhookEndpoint
from reviews.policies import may
from reviews.services.delivery import delivery_again, endpoint_ping
from reviews.services.desk import key_rotate
from reviews.services.webhook import endpoint_rotate, endpoint_save, endpoint_secret, endpoint_switch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rest_framework.request import Request
    from rest_framework.views import APIView


class SourceList(ApiView):
    @extend_schema(operation_id="sources_list", parameters=[s.SourceQuery], responses=s.SourceOut(many=True))
    def get(self, request: Request) -> Response:
        """Where evidence is asked for, and how it has been answering; settings and their secrets stay here."""
        wanted = query(s.SourceQuery, request)
        return self.page(access.sources(actor(request)).filter(**wanted), s.SourceOut, *s.SourceQuery().fields)


class SourceOne(ApiView):
    @extend_schema(operation_id="sources_read", responses=s.SourceOut)
    def get(self, request: Request, pk: int) -> Response:
        """One source."""
        found = access.sources(actor(request)).filter(pk=pk).first()
        if found is None:
            raise NotFound("not_found", what="source")
        return detail(found, s.SourceOut)


# --- webhooks ------------------------------------------------------------------------------------------
class KeepsReceivers(BasePermission):
    """Who may change receivers in the admin may here."""

    def has_permission(self, request: Request, _view: APIView) -> bool:
        if not actor(request).has_perm("reviews.change_webhookendpoint"):
            raise NotAllowed("workflow.not_allowed", action="keep webhooks", needs="This is for: Administrator.")
        return True


class WebhookView(ApiView):
    scopes: ClassVar = dict.fromkeys(("GET", "POST", "PATCH"), "webhooks")
    permission_classes: Sequence[Any] = (ScopedAccess, KeepsReceivers)

    def endpoint(self, pk: int) -> WebhookEndpoint:
        found = WebhookEndpoint.objects.filter(pk=pk).first()
        if found is None:
            raise NotFound("not_found", what="webhook receiver")
        return found


class WebhookList(WebhookView):
    answers_secret = True

    @extend_schema(operation_id="webhooks_list", responses=s.WebhookOut(many=True))
    def get(self, _request: Request) -> Response:
        """The receivers of this desk."""
        return self.page(WebhookEndpoint.objects.all(), s.WebhookOut)

    @extend_schema(operation_id="webhooks_add", request=s.WebhookIn, responses={201: s.WebhookSecretOut})
    def post(self, request: Request) -> Response:
        """Register a receiver. Its `secret` is in this answer and in no other."""
        made = endpoint_save(endpoint=WebhookEndpoint(**body(s.WebhookIn, request)), actor=actor(request))
        answer = detail(made, s.WebhookSecretOut, status=201, secret=endpoint_secret(made))
        answer["Location"] = reverse("api-webhook", args=[made.pk])
        answer["Cache-Control"] = "no-store"
        return answer


class WebhookOne(WebhookView):
    @extend_schema(operation_id="webhooks_read", responses=s.WebhookOut)
    def get(self, _request: Request, pk: int) -> Response:
        """One receiver and how it has been answering."""
        return detail(self.endpoint(pk), s.WebhookOut)

    @extend_schema(operation_id="webhooks_change", request=s.WebhookChangeIn, responses={200: s.WebhookOut})
    def patch(self, request: Request, pk: int) -> Response:
        """Change name, address, events, or switch it on or off."""
        endpoint, given = self.endpoint(pk), s.WebhookChangeIn(instance=self.endpoint(pk), data=request.data)
        refuse_unknown_fields(request.data, given)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        enabled = values.pop("enabled", None)
        if values:
            for name, value in values.items():
                setattr(endpoint, name, value)
            endpoint_save(endpoint=endpoint, actor=actor(request))
        if enabled is not None:
            endpoint_switch(endpoint=endpoint, enabled=enabled, actor=actor(request))
        return detail(self.endpoint(pk), s.WebhookOut)


class WebhookRotate(WebhookView):
    answers_secret = True

    @extend_schema(operation_id="webhooks_rotate", request=None, responses={200: s.WebhookSecretOut})
    def post(self, request: Request, pk: int) -> Response:
        """Give the receiver a new secret; the old one signs along for 24 hours."""
        endpoint = self.endpoint(pk)
        secret = endpoint_rotate(endpoint=endpoint, actor=actor(request))
        answer = detail(endpoint, s.WebhookSecretOut, secret=secret)
        answer["Cache-Control"] = "no-store"
        return answer


class WebhookPing(WebhookView):
    @extend_schema(operation_id="webhooks_ping", request=None, responses={202: s.DeliveryOut})
    def post(self, request: Request, pk: int) -> Response:
        """Send a harmless event; read the delivery to see how it went."""
        return detail(endpoint_ping(endpoint=self.endpoint(pk), actor=actor(request)), s.DeliveryOut, status=202)


class DeliveryList(WebhookView):
    @extend_schema(operation_id="deliveries_list", parameters=[s.DeliveryQuery], responses=s.DeliveryOut(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """What was sent to one receiver and how it went, newest first."""
        wanted = query(s.DeliveryQuery, request)
        rows = self.endpoint(pk).deliveries.select_related("event").prefetch_related("attempts")
        return self.page(rows.filter(**wanted), s.DeliveryOut, *s.DeliveryQuery().fields)


class DeliveryReplay(WebhookView):
    @extend_schema(operation_id="deliveries_replay", request=None, responses={202: s.DeliveryOut})
    def post(self, request: Request, pk: int) -> Response:
        """Send once more what has ended, with the same `webhook-id`."""
        found = WebhookDelivery.objects.select_related("event", "endpoint").filter(pk=pk).first()
        if found is None:
            raise NotFound("not_found", what="delivery")
        delivery_again(delivery=found, actor=actor(request))
        found.refresh_from_db()
        return detail(found, s.DeliveryOut, status=202)


# --- the key itself ------------------------------------------------------------------------------------
class KeyView(ApiView):
    permission_classes: Sequence[Any] = (ScopedAccess,)

    def scope_for(self, method: str) -> str:
        """Every key may read and renew itself."""
        key = self.request.auth
        return str(key.scopes[0]) if isinstance(key, ApiKey) and key.scopes else "read"

    def key(self, request: Request) -> ApiKey:
        if not isinstance(request.auth, ApiKey):
            raise NotFound("key.none")
        return request.auth


class KeyOne(KeyView):
    @extend_schema(operation_id="key_read", responses=s.KeyOut)
    def get(self, request: Request) -> Response:
        """The key this was asked with: its scopes, and until when it is good."""
        return detail(self.key(request), s.KeyOut)


class KeyRotate(KeyView):
    answers_secret = True

    @extend_schema(operation_id="key_rotate", request=None, responses={201: s.NewKeyOut})
    def post(self, request: Request) -> Response:
        """A new key with the same scopes. This one stays good for 24 hours; the new one is shown this once."""
        made = key_rotate(key=self.key(request), actor=actor(request))
        answer = detail(made.key, s.NewKeyOut, status=201, token=made.token)
        answer["Cache-Control"] = "no-store"
        return answer


# --- the trail -----------------------------------------------------------------------------------------
class ReadsTrail(BasePermission):
    def has_permission(self, request: Request, _view: APIView) -> bool:
        held = may(actor(request), "read_audit")
        if not held.allowed:
            raise NotAllowed(held.code, action="read the audit trail", needs=held.needs)
        return True


class AuditList(ApiView):
    scopes: ClassVar = {"GET": "audit"}
    permission_classes: Sequence[Any] = (ScopedAccess, ReadsTrail)

    @extend_schema(operation_id="audit_list", parameters=[s.AuditQuery], responses=s.AuditPage, filters=False)
    def get(self, request: Request) -> Response:
        """The trail, oldest first, in the order of the commits; follow it with `since`.

        What happened behind walls that the asking person does not look over is left out."""
        given = query(s.AuditQuery, request)
        since, limit = given.pop("since"), page_length(request, 100)
        given.pop("limit", None)
        events = access.events(actor(request), AuditEvent.objects.filter(sequence__gt=since, **given))
        rows = list(events.order_by("sequence")[: limit + 1])
        shown = rows[:limit]
        last = shown[-1].sequence if shown else since
        page = {"results": shown, "since": last, "more": len(rows) > limit}
        return Response(s.AuditPage(page).data)
