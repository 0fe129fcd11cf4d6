"""The shapes of reviews, verdicts and publications in the API. They read and check, and decide nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.api.serializers import ClaimOut, EvidenceOut, ReasonOut, RelationOut, RunOut, VersionIn, state_values
from reviews.api.weighing import BlindEvidence, ClaimWeighed
from reviews.choices import CORRECTIONS, MediaCheck, QuoteCheck, WaitKind
from reviews.models import Opinion, Publication, PublicationVersion, Review, Tag, Verdict
from reviews.selectors.published import publication_url
from reviews.selectors.sealed import sealed_from
from reviews.services.tag import LONGEST_TAG, MOST_TAGS
from reviews.workflow import PublicationState, ReviewState

if TYPE_CHECKING:
    from articles.models import Claim


class ReviewBrief(serializers.ModelSerializer[Review]):
    state = serializers.ChoiceField(choices=state_values(ReviewState), read_only=True)

    class Meta:
        model = Review
        fields: ClassVar = ["id", "state", "version", "assignee"]
        read_only_fields = fields


class ClaimDetail(ClaimWeighed):
    reasons = ReasonOut(many=True, read_only=True)
    evidence = EvidenceOut(many=True, read_only=True, source="open_evidence")
    runs = RunOut(many=True, read_only=True)
    relations = RelationOut(many=True, read_only=True)
    review = serializers.SerializerMethodField()

    class Meta(ClaimOut.Meta):
        fields: ClassVar = [
            *ClaimOut.Meta.fields,
            "reasons",
            "evidence",
            "runs",
            "relations",
            "gaps",
            "weighing",
            "review",
        ]

    @extend_schema_field(ReviewBrief(allow_null=True))
    def get_review(self, claim: Claim) -> Any:
        held = claim.active_reviews  # type: ignore[attr-defined]  # prefetched by the view
        return ReviewBrief(held[0]).data if held else None

    def to_representation(self, instance: Claim) -> dict[str, Any]:
        """While a verdict is sealed from who asks, the evidence comes unweighed and in the order it came."""
        shown = super().to_representation(instance)
        held = instance.active_reviews  # type: ignore[attr-defined]  # prefetched by the view
        if held and sealed_from(self.context["request"].user, held[0]):
            came = sorted(instance.open_evidence, key=lambda one: one.pk)  # type: ignore[attr-defined]
            shown |= {"evidence": BlindEvidence(came, many=True).data, "weighing": [], "gaps": []}
        return shown


# --- reviews -------------------------------------------------------------------------------------------
class ReviewQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=state_values(ReviewState), required=False)
    claim = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    assignee = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1, help_text="A person.")


class VerdictOut(serializers.ModelSerializer[Verdict]):
    label = serializers.CharField(source="label.key", read_only=True)  # type: ignore[assignment]
    label_name = serializers.CharField(source="label.name", read_only=True)
    value = serializers.IntegerField(source="label.value", allow_null=True, read_only=True)
    quote_check = serializers.CharField(read_only=True, help_text="Empty where nobody is quoted.")
    media_original = serializers.CharField(read_only=True, help_text="Empty where it is not known.")
    media_check = serializers.CharField(read_only=True, help_text="Empty where no picture is judged.")

    class Meta:
        model = Verdict
        fields: ClassVar = [
            "id", "number", "label", "label_name", "value", "quote_check", "media_check", "media_context",
            "media_original", "summary", "rationale", "gaps", "statement", "proposed_by", "proposed_at",
            "approved_by", "approved_at",
        ]  # fmt: skip
        read_only_fields = fields


class ReviewOut(serializers.ModelSerializer[Review]):
    state = serializers.ChoiceField(choices=state_values(ReviewState), read_only=True)
    verdict = VerdictOut(read_only=True, allow_null=True)
    wait_kind = serializers.CharField(read_only=True, help_text="Empty unless it waits for something.")
    sealed = serializers.BooleanField(
        read_only=True, help_text="A second person judges it blind: its verdict is null for all but who proposed it."
    )

    class Meta:
        model = Review
        fields: ClassVar = [
            "id", "claim", "active", "state", "version", "assignee", "verdict", "sealed", "wait_kind", "wait_note",
            "due_at", "created_at", "changed_at", "closed_at",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Review) -> dict[str, Any]:
        shown = super().to_representation(instance)
        request = self.context.get("request")
        if instance.sealed and (request is None or sealed_from(request.user, instance)):
            shown["verdict"] = None
        return shown


class ProposeIn(VersionIn):
    """A verdict; `label` is the key of a label of the active scale."""

    label = serializers.CharField(max_length=40)  # type: ignore[assignment]
    rationale = serializers.CharField(max_length=50_000)
    quote_check = serializers.ChoiceField(choices=QuoteCheck.choices, required=False, allow_blank=True, default="")
    summary = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")
    gaps = serializers.CharField(required=False, allow_blank=True, max_length=50_000, default="")
    media_check = serializers.ChoiceField(choices=MediaCheck.choices, required=False, allow_blank=True, default="")
    media_context = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    media_original = serializers.URLField(required=False, allow_blank=True, max_length=1000, default="")


class ApproveIn(VersionIn):
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000, default="")
    override_reason = serializers.CharField(required=False, allow_blank=True, max_length=5000, default="")


class OpinionIn(VersionIn):
    """A second or third verdict; `label` is the key of a label of the active scale."""

    label = serializers.CharField(max_length=40)  # type: ignore[assignment]
    rationale = serializers.CharField(max_length=20_000)
    quote_check = serializers.ChoiceField(choices=QuoteCheck.choices, required=False, allow_blank=True, default="")


class OpinionOut(serializers.ModelSerializer[Opinion]):
    label = serializers.CharField(source="label.key", read_only=True)  # type: ignore[assignment]
    quote_check = serializers.ChoiceField(choices=[("", ""), *QuoteCheck.choices], read_only=True)

    class Meta:
        model = Opinion
        fields: ClassVar = ["id", "verdict", "kind", "label", "quote_check", "rationale", "steps", "person", "at"]
        read_only_fields = fields


class NoteIn(VersionIn):
    note = serializers.CharField(max_length=5000)


class BlockIn(VersionIn):
    wait_kind = serializers.ChoiceField(choices=WaitKind.choices)
    note = serializers.CharField(max_length=5000)


class ScheduleIn(VersionIn):
    at = serializers.DateTimeField(help_text="A moment to come, with its time zone.")


class EmbargoIn(VersionIn):
    until = serializers.DateTimeField(
        allow_null=True, help_text="Nothing goes out before this moment; null lifts the embargo."
    )


class RecheckIn(VersionIn):
    at = serializers.DateTimeField(allow_null=True, help_text="When to look at it again; null takes the date back.")


class CorrectIn(VersionIn):
    """The next version of a live page."""

    change = serializers.ChoiceField(choices=[kind.value for kind in CORRECTIONS])
    note = serializers.CharField(
        required=False, allow_blank=True, max_length=5000, default="", help_text="What readers are told."
    )
    verdict = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="A newer approved verdict on the same claim."
    )


class TagsIn(VersionIn):
    tags = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_TAG),
        max_length=MOST_TAGS,
        help_text="All subjects of the page.",
    )


# --- what is published ---------------------------------------------------------------------------------
class PublicationQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=state_values(PublicationState), required=False)
    claim = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    slug = serializers.SlugField(required=False, max_length=120, help_text="Its name in addresses.")
    recheck_due = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Whether it is to be looked at again."
    )


class PublicationOut(serializers.ModelSerializer[Publication]):
    state = serializers.ChoiceField(choices=state_values(PublicationState), read_only=True)
    verdict = VerdictOut(read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Publication
        fields: ClassVar = [
            "id", "slug", "url", "state", "version", "claim", "verdict", "scheduled_for", "embargo_until",
            "recheck_at", "recheck_due", "first_published_at", "last_published_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, publication: Publication) -> str:
        return publication_url(publication)


class VersionOut(serializers.ModelSerializer[PublicationVersion]):
    class Meta:
        model = PublicationVersion
        fields: ClassVar = ["number", "change", "note", "published_at"]
        read_only_fields = fields


class PublicationDetail(PublicationOut):
    versions = VersionOut(many=True, read_only=True)
    tags = serializers.SlugRelatedField[Tag](many=True, read_only=True, slug_field="name")

    class Meta(PublicationOut.Meta):
        fields: ClassVar = [*PublicationOut.Meta.fields, "tags", "versions"]
