"""The shapes of acts on claims, of evidence that is added, of matches and of notes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from rest_framework import serializers

from articles.api.serializers import LARGEST_ID, VersionIn
from articles.choices import AppearanceKind, ClaimantKind, DismissReason, EvidenceState, MoveDecision, Stance
from articles.models import Revision
from articles.origins import MOST_APPEARANCES, MOST_CLAIMANTS
from reviews.choices import Motivation
from reviews.models import Annotation

_PLACE: dict[str, Any] = {"min_value": 0, "max_value": 2**31 - 1}


class RevisionBrief(serializers.ModelSerializer[Revision]):
    class Meta:
        model = Revision
        fields: ClassVar = ["id", "number", "sha256", "raw_sha256", "raw_name", "received_at", "extracted_at"]
        read_only_fields = fields


class MarkIn(serializers.Serializer[Any]):
    """Words of a text in code points, end exclusive."""

    start = serializers.IntegerField(**_PLACE)
    end = serializers.IntegerField(**_PLACE)
    statement = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    speaker = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class DismissIn(VersionIn):
    reason = serializers.ChoiceField(choices=DismissReason.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000, default="")


class RewordIn(VersionIn):
    statement = serializers.CharField(max_length=2000, help_text="A sentence that stands on its own.")
    speaker = serializers.CharField(required=False, allow_blank=True, max_length=200)


class SearchIn(VersionIn):
    words = serializers.CharField(allow_blank=True, max_length=200, help_text="What sources are asked for first.")
    loose = serializers.CharField(
        required=False, allow_blank=True, max_length=100, help_text="Fewer words, for a source that found nothing."
    )


class SearchOut(serializers.Serializer[Any]):
    words = serializers.CharField(help_text="Asked for first.")
    loose = serializers.CharField(help_text="Asked for where those find nothing; empty where there are no fewer.")
    chosen = serializers.BooleanField(help_text="Whether a person chose them; else they are made from the statement.")


class MergeIn(VersionIn):
    into = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="The id of the other claim.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000, default="")


class SplitIn(VersionIn):
    """Each statement becomes a claim, anchored on its words where they stand once in the quote."""

    statements = serializers.ListField(child=serializers.CharField(max_length=2000), min_length=2, max_length=8)


class FollowIn(VersionIn):
    decision = serializers.ChoiceField(
        choices=[MoveDecision.SAME.value, MoveDecision.EDITED.value, MoveDecision.GONE.value]
    )


class ClaimantShape(serializers.Serializer[Any]):
    """Somebody who made the claim; `same_as` is their own page, or that at Wikipedia or Wikidata."""

    name = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=ClaimantKind.choices, required=False, allow_blank=True, default="")
    role = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    same_as = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")


class AppearanceShape(serializers.Serializer[Any]):
    """A place where the claim stood; `starts_at` and `ends_at` are seconds into a recording."""

    url = serializers.CharField(max_length=1000)
    kind = serializers.ChoiceField(choices=AppearanceKind.choices, default=AppearanceKind.ARTICLE)
    title = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    publisher = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    published_on = serializers.RegexField(
        r"^\d{4}-\d{2}-\d{2}", required=False, allow_blank=True, max_length=35, default="",
        help_text="A day, 2027-01-31, or a moment as in ISO 8601.",
    )  # fmt: skip
    archived_url = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")
    first = serializers.BooleanField(default=False, help_text="The first place of all; one at most.")
    starts_at = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=10**6, default=None)
    ends_at = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=10**6, default=None)

    def validate_published_on(self, value: str) -> str:
        try:
            datetime.fromisoformat(value or "2027-01-31")
        except ValueError as error:
            raise serializers.ValidationError("Not a day that exists.") from error
        return value


class OriginsOut(serializers.Serializer[Any]):
    """Who made the claim besides its speaker, and where it stood besides its article."""

    claimants = ClaimantShape(many=True, max_length=MOST_CLAIMANTS)  # type: ignore[call-arg]  # of the list
    appearances = AppearanceShape(many=True, max_length=MOST_APPEARANCES)  # type: ignore[call-arg]  # of the list


class OriginsIn(VersionIn, OriginsOut):
    pass


class AssignIn(VersionIn):
    assignee = serializers.CharField(max_length=150, help_text="User name of somebody who may check.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000, default="")


# --- evidence ------------------------------------------------------------------------------------------
class EvidenceQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=EvidenceState.choices, required=False)


class EvidenceIn(serializers.Serializer[Any]):
    """Evidence a person found. Readers must be able to find the passage: `locator` is page, paragraph or time."""

    title = serializers.CharField(max_length=500)
    passage = serializers.CharField(max_length=20_000, help_text="The words themselves.")
    locator = serializers.CharField(max_length=200, help_text="For example `p. 31`.")
    stance = serializers.ChoiceField(choices=Stance.choices)
    url = serializers.URLField(required=False, allow_blank=True, max_length=1000, default="")
    publisher = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


# --- notes ---------------------------------------------------------------------------------------------
class NoteQuery(serializers.Serializer[Any]):
    article = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    claim = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    evidence = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    open = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="Not resolved yet.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in attrs.items() if value is not None}


class AnnotationIn(serializers.Serializer[Any]):
    """A note on one of `revision`, `claim` and `evidence`; on words of it with `exact`, or `start` and `end`."""

    revision = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    claim = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    evidence = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    body = serializers.CharField(max_length=10_000)
    exact = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    start = serializers.IntegerField(required=False, **_PLACE)
    end = serializers.IntegerField(required=False, **_PLACE)
    motivation = serializers.ChoiceField(choices=Motivation.choices, required=False, default=Motivation.COMMENTING)
    blocking = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in ("revision", "claim", "evidence")) != 1:
            raise serializers.ValidationError("Name one of revision, claim and evidence.")
        if ("start" in attrs) != ("end" in attrs):
            raise serializers.ValidationError("Give start and end, or neither.")
        return attrs


class ReplyIn(serializers.Serializer[Any]):
    body = serializers.CharField(max_length=10_000)


class NoteOut(serializers.ModelSerializer[Annotation]):
    """`start` and `end` count code points in the target's text; `exact` are the words between."""

    motivation = serializers.ChoiceField(choices=Motivation.choices, read_only=True)

    class Meta:
        model = Annotation
        fields: ClassVar = [
            "id", "revision", "claim", "evidence", "parent", "motivation", "body", "start", "end", "exact", "prefix",
            "suffix", "blocking", "created_by_name", "created_at", "resolved_at", "accepted_at", "accepted_by_name",
        ]  # fmt: skip
        read_only_fields = fields
