"""The shapes of sources, webhooks, keys and the audit trail."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from articles.api.serializers import LARGEST_ID
from articles.models import Source
from factcheck.audit.models import AuditEvent
from factcheck.core.models import ApiKey
from reviews.choices import PUBLIC_EVENT_NAMES, DeliveryState
from reviews.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint


class SourceQuery(serializers.Serializer[Any]):
    kind = serializers.CharField(required=False, max_length=40)


class SourceOut(serializers.ModelSerializer[Source]):
    class Meta:
        model = Source
        fields: ClassVar = [
            "id", "name", "kind", "reliability", "enabled", "version", "paused_until", "failures_in_row",
            "last_answer_at", "last_error_at",
        ]  # fmt: skip
        read_only_fields = fields


# --- webhooks ------------------------------------------------------------------------------------------
class WebhookIn(serializers.Serializer[Any]):
    name = serializers.CharField(
        max_length=120,
        validators=[UniqueValidator(WebhookEndpoint.objects.all(), message="There is a receiver of this name.")],
    )
    url = serializers.CharField(max_length=500, help_text="https://, or an address the operator allows.")
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=PUBLIC_EVENT_NAMES), required=False, default=list,
        max_length=len(PUBLIC_EVENT_NAMES), help_text="None means all.",
    )  # fmt: skip


class WebhookChangeIn(WebhookIn):
    enabled = serializers.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, partial=True, **kwargs)


class WebhookOut(serializers.ModelSerializer[WebhookEndpoint]):
    events = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = WebhookEndpoint
        fields: ClassVar = [
            "id", "name", "url", "events", "enabled", "disabled_reason", "created_at", "rotated_at", "paused_until",
            "last_success_at", "failing_since", "last_error",
        ]  # fmt: skip
        read_only_fields = fields


class WebhookSecretOut(WebhookOut):
    secret = serializers.SerializerMethodField(help_text="Verify messages with it. Shown this once.")

    class Meta(WebhookOut.Meta):
        fields: ClassVar = [*WebhookOut.Meta.fields, "secret"]

    def get_secret(self, _endpoint: WebhookEndpoint) -> str:
        return str(self.context["secret"])


class DeliveryQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=DeliveryState.choices, required=False)


class AttemptOut(serializers.ModelSerializer[WebhookAttempt]):
    class Meta:
        model = WebhookAttempt
        fields: ClassVar = ["number", "at", "milliseconds", "status", "said"]
        read_only_fields = fields


class DeliveryOut(serializers.ModelSerializer[WebhookDelivery]):
    event = serializers.CharField(source="event.uid", read_only=True, help_text="The `webhook-id`.")
    type = serializers.CharField(source="event.kind", read_only=True)
    state = serializers.ChoiceField(choices=DeliveryState.choices, read_only=True)
    attempts = AttemptOut(many=True, read_only=True)

    class Meta:
        model = WebhookDelivery
        fields: ClassVar = ["id", "event", "type", "state", "tries", "not_before", "finished_at", "attempts"]
        read_only_fields = fields


# --- keys ----------------------------------------------------------------------------------------------
class KeyOut(serializers.ModelSerializer[ApiKey]):
    scopes = serializers.ListField(child=serializers.CharField(), read_only=True)
    person = serializers.CharField(source="person.username", read_only=True)

    class Meta:
        model = ApiKey
        fields: ClassVar = ["name", "prefix", "person", "scopes", "created_at", "expires_at", "last_used_at"]
        read_only_fields = fields


class NewKeyOut(KeyOut):
    token = serializers.SerializerMethodField(help_text="Send it as `Authorization: Bearer`. Shown this once.")

    class Meta(KeyOut.Meta):
        fields: ClassVar = [*KeyOut.Meta.fields, "token"]

    def get_token(self, _key: ApiKey) -> str:
        return str(self.context["token"])


# --- the trail -----------------------------------------------------------------------------------------
class AuditQuery(serializers.Serializer[Any]):
    since = serializers.IntegerField(required=False, default=0, min_value=0, max_value=LARGEST_ID)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=200)
    action = serializers.CharField(required=False, max_length=60)
    target_type = serializers.CharField(required=False, max_length=60, help_text="For example `articles.claim`.")
    target_id = serializers.CharField(required=False, max_length=60)


class AuditOut(serializers.ModelSerializer[AuditEvent]):
    before = serializers.DictField(read_only=True)
    after = serializers.DictField(read_only=True)

    class Meta:
        model = AuditEvent
        fields: ClassVar = [
            "sequence", "at", "action", "action_id", "implied", "actor_name", "target_type", "target_id",
            "target_name", "before", "after", "note", "prev_hash", "hash",
        ]  # fmt: skip
        read_only_fields = fields


class AuditPage(serializers.Serializer[Any]):
    results = AuditOut(many=True)
    since = serializers.IntegerField(help_text="What to ask for next.")
    more = serializers.BooleanField()
