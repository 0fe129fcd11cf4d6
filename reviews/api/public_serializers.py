"""The shapes of what everybody may read."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from reviews.choices import PUBLIC_EVENT_NAMES
from reviews.models import Scale, VerdictLabel

LARGEST_ID = 2**63 - 1
_ROW = {
    "slug": "harbour-tram", "url": "https://facts.example/verdicts/harbour-tram/",
    "statement": "The harbour tram carries 30,000 people a day", "speaker": "Oda Wren", "language": "en",
    "retracted": False, "label": "Mixed", "label_key": "mixed", "value": 3,
    "summary": "It does on working days, not on the other days.", "note": "",
    "published_at": "2026-11-20T12:00:00Z", "changed_at": "2026-11-20T12:00:00Z",
}  # fmt: skip


class VerdictQuery(serializers.Serializer[Any]):
    label = serializers.SlugField(  # type: ignore[assignment]
        required=False, max_length=40, help_text="Key of a label, for example `false`."
    )
    speaker = serializers.CharField(required=False, max_length=200, help_text="Who said it, exactly as shown.")
    language = serializers.CharField(required=False, max_length=20)
    state = serializers.ChoiceField(choices=["live", "retracted"], required=False)
    q = serializers.CharField(
        required=False, max_length=200, help_text="Words of the claim, all of them; finds no retracted one."
    )
    tag = serializers.SlugField(required=False, max_length=60, allow_unicode=True, help_text="A subject.")
    desk = serializers.SlugField(required=False, max_length=40, help_text="A desk by its name in addresses.")
    changed_after = serializers.DateTimeField(required=False, help_text="Published or corrected after this moment.")


@extend_schema_serializer(examples=[OpenApiExample("A verdict", value=_ROW, response_only=True)])
class VerdictRow(serializers.Serializer[Any]):
    """One published verdict in a list. Of a retracted one only what it was about is told."""

    slug = serializers.CharField(help_text="Its name in addresses; never changes.")
    url = serializers.URLField(help_text="The public page.")
    statement = serializers.CharField(help_text="The claim as it was judged.")
    speaker = serializers.CharField(help_text="Who said it; empty where nobody is named.")
    language = serializers.CharField(help_text="BCP 47.")
    retracted = serializers.BooleanField()
    label = serializers.CharField(help_text="The verdict in words.")  # type: ignore[assignment]
    label_key = serializers.CharField(help_text="The verdict for programs: a key of the scale.")
    value = serializers.IntegerField(allow_null=True, help_text="Its place on the scale; null beside the scale.")
    summary = serializers.CharField(help_text="Why, in a sentence.")
    note = serializers.CharField(help_text="What changed in the newest version.")
    published_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()


class PublicVerdict(VerdictRow):
    """One published verdict with its ClaimReview (`reviews.selectors.page.verdict_said`)."""

    claimreview = serializers.DictField(help_text="schema.org; empty for a retracted verdict.")


class ChangeQuery(serializers.Serializer[Any]):
    since = serializers.IntegerField(
        required=False, default=0, min_value=0, max_value=LARGEST_ID, help_text="The `since` of the answer before."
    )
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=200, help_text="Changes of one answer; 100 unless given."
    )


class ChangeData(serializers.Serializer[Any]):
    """The same words a webhook carries."""

    claim_id = serializers.IntegerField()
    slug = serializers.CharField()
    url = serializers.URLField()
    revision = serializers.IntegerField(help_text="Version of the page, from 1.")
    change = serializers.CharField()
    verdict = serializers.CharField(required=False, help_text="Key of the label; absent after a retraction.")


class Change(serializers.Serializer[Any]):
    sequence = serializers.IntegerField(help_text="Rises from change to change; numbers may be left out.")
    type = serializers.ChoiceField(choices=PUBLIC_EVENT_NAMES)
    timestamp = serializers.DateTimeField()
    data = ChangeData()  # type: ignore[assignment]


class ChangePage(serializers.Serializer[Any]):
    results = Change(many=True)
    since = serializers.IntegerField(help_text="What to ask for next.")
    more = serializers.BooleanField(help_text="Whether there is more already.")
    next = serializers.URLField()


class LabelOut(serializers.ModelSerializer[VerdictLabel]):
    class Meta:
        model = VerdictLabel
        fields: ClassVar = ["key", "name", "value", "position", "adverse", "meaning"]
        read_only_fields = fields


class ScaleOut(serializers.ModelSerializer[Scale]):
    """`value` of a label lies between `worst` and `best`, or is null beside the scale."""

    labels = LabelOut(many=True, read_only=True)

    class Meta:
        model = Scale
        fields: ClassVar = ["id", "name", "version", "active", "best", "worst", "method", "labels"]
        read_only_fields = fields
