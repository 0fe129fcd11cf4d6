"""The shapes of articles, claims and evidence in the API. They read and check; nothing here decides or writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.choices import Mode, Relation, RunState, Stance, Visibility
from articles.models import Article, Claim, ClaimRelation, Evidence, PrefillRun, Revision
from articles.selectors.alike import same_stories
from articles.workflow import ArticleState, ClaimState

if TYPE_CHECKING:
    from enum import StrEnum

# Ids fit the databases' big integers; anything else cannot be there.
LARGEST_ID = 2**63 - 1


def state_values(states: type[StrEnum]) -> list[tuple[str, str]]:
    """The states of a workflow as the choices of a field."""
    return [(state.value, state.name) for state in states]


# --- articles ------------------------------------------------------------------------------------------
class ArticleIn(serializers.Serializer[Any]):
    """A story as JSON: its text, or its HTML."""

    text = serializers.CharField(required=False, trim_whitespace=False, help_text="Wire text.")
    html = serializers.CharField(required=False, trim_whitespace=False, help_text="The page as it was served.")
    url = serializers.URLField(
        required=False, max_length=600, help_text="Where it stands; another text from there is its next revision."
    )
    name = serializers.CharField(required=False, max_length=300, help_text="A file name, kept with the text.")
    mode = serializers.ChoiceField(choices=Mode.choices, required=False, default=Mode.PUBLISHED)
    desk = serializers.SlugField(
        required=False, max_length=40, help_text="The desk that checks it; else your first one."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("text" in attrs) == ("html" in attrs):
            raise serializers.ValidationError("Give the text or the html, one of the two.")
        return attrs


class ArticleRawQuery(serializers.Serializer[Any]):
    """What stands beside a story that is sent as a file."""

    url = serializers.URLField(required=False, max_length=600)
    name = serializers.CharField(required=False, max_length=300)
    mode = serializers.ChoiceField(choices=Mode.choices, required=False, default=Mode.PUBLISHED)
    desk = serializers.SlugField(required=False, max_length=40)


class ArticleOut(serializers.ModelSerializer[Article]):
    state = serializers.ChoiceField(choices=state_values(ArticleState), read_only=True)
    url = serializers.CharField(read_only=True, help_text="Empty where it has none.")
    authors = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Article
        fields: ClassVar = [
            "id", "state", "version", "mode", "url", "title", "publisher", "authors", "language", "dateline_place",
            "dateline_agency", "published_at", "modified_at", "received_at", "due_at",
        ]  # fmt: skip
        read_only_fields = fields


class BlockOut(serializers.Serializer[Any]):
    """A span of the text in code points, end exclusive."""

    kind = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class DroppedOut(serializers.Serializer[Any]):
    text = serializers.CharField()
    reason = serializers.CharField()


class RevisionOut(serializers.ModelSerializer[Revision]):
    blocks = BlockOut(many=True, read_only=True)
    dropped = DroppedOut(many=True, read_only=True)

    class Meta:
        model = Revision
        fields: ClassVar = [
            "id", "number", "text", "sha256", "raw_sha256", "raw_name", "received_at", "extracted_at", "blocks",
            "dropped",
        ]  # fmt: skip
        read_only_fields = fields


class SameStoryOut(serializers.Serializer[Any]):
    """Another article of the desk that tells the same story; `share` of the shorter text is in both, 0 to 1."""

    article = serializers.IntegerField(source="other_id")
    title = serializers.CharField(source="other.title")
    share = serializers.FloatField()


class ArticleDetail(ArticleOut):
    revisions = RevisionOut(many=True, read_only=True)
    same_story = serializers.SerializerMethodField()

    class Meta(ArticleOut.Meta):
        fields: ClassVar = [*ArticleOut.Meta.fields, "revisions", "same_story"]

    @extend_schema_field(SameStoryOut(many=True))
    def get_same_story(self, article: Article) -> list[dict[str, Any]]:
        return list(SameStoryOut(same_stories(article.pk).select_related("other"), many=True).data)


class IngestedOut(ArticleOut):
    """`created` is false where the desk already had exactly this text."""

    revision = serializers.IntegerField(source="current.number", read_only=True)
    created = serializers.SerializerMethodField()

    class Meta(ArticleOut.Meta):
        fields: ClassVar = [*ArticleOut.Meta.fields, "revision", "created"]

    def get_created(self, _article: Article) -> bool:
        return bool(self.context.get("created"))


# --- claims and evidence -------------------------------------------------------------------------------
_SEARCH = "Words to look for, at most 200 characters; "


class ArticleQuery(serializers.Serializer[Any]):
    q = serializers.CharField(required=False, max_length=200, help_text=f"{_SEARCH}in the title.")
    state = serializers.ChoiceField(choices=state_values(ArticleState), required=False)
    desk = serializers.SlugField(required=False, max_length=60, help_text="A desk by its name in addresses.")


class ClaimQuery(serializers.Serializer[Any]):
    q = serializers.CharField(
        required=False, max_length=200, help_text=f"{_SEARCH}in the claim, the quote, the speaker."
    )
    article = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    state = serializers.ChoiceField(choices=state_values(ClaimState), required=False)
    min_score = serializers.FloatField(required=False, min_value=0, max_value=1)


class ReasonOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    weight = serializers.FloatField()
    words = serializers.CharField(required=False, allow_blank=True)


class ClaimOut(serializers.ModelSerializer[Claim]):
    """`start` and `end` count code points in the text of the revision; `quote` are the words between."""

    state = serializers.ChoiceField(choices=state_values(ClaimState), read_only=True)

    class Meta:
        model = Claim
        fields: ClassVar = [
            "id", "article", "revision", "number", "state", "version", "quote", "start", "end", "statement",
            "needs_context", "speaker", "speech", "stance_of_speaker", "kind", "score", "priority", "merged_into",
            "split_from", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class EvidenceOut(serializers.ModelSerializer[Evidence]):
    """Evidence that is only described comes without its words, title and address."""

    number = serializers.IntegerField(read_only=True, help_text="What a rationale cites it by, as in [2].")
    url = serializers.CharField(read_only=True, help_text="Empty where it has none.")
    stance = serializers.CharField(read_only=True, help_text="Empty until somebody has decided.")
    sha256 = serializers.CharField(source="snapshot.sha256", default="", read_only=True)

    class Meta:
        model = Evidence
        fields: ClassVar = [
            "id", "claim", "number", "version", "state", "kind", "source_name", "title", "publisher", "url",
            "passage", "locator", "licence", "published_at", "retrieved_at", "relevance", "suggested_stance",
            "stance", "visibility", "sha256",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Evidence) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if instance.visibility != Visibility.PUBLIC:
            hidden = ("source_name", "title", "publisher", "url", "passage", "locator", "licence", "sha256")
            shown |= dict.fromkeys(hidden, "")
        return shown


class RunOut(serializers.ModelSerializer[PrefillRun]):
    """One question to one source. `throttled` and `failed` are not "nothing found"."""

    source = serializers.CharField(source="source.name", read_only=True)  # type: ignore[assignment]
    state = serializers.ChoiceField(choices=RunState.choices, read_only=True)

    class Meta:
        model = PrefillRun
        fields: ClassVar = ["id", "source", "state", "tries", "found", "finished_at", "error_code", "error_detail"]
        read_only_fields = fields


class RelationOut(serializers.ModelSerializer[ClaimRelation]):
    kind = serializers.ChoiceField(choices=Relation.choices, read_only=True)

    class Meta:
        model = ClaimRelation
        fields: ClassVar = ["other", "kind"]
        read_only_fields = fields


class VersionIn(serializers.Serializer[Any]):
    """`version` is the one the client has seen; another one held by the desk answers 409."""

    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class KeepIn(VersionIn):
    stance = serializers.ChoiceField(choices=Stance.choices, required=False)
    locator = serializers.CharField(required=False, max_length=200)


class DropIn(VersionIn):
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class VisibilityIn(VersionIn):
    visibility = serializers.ChoiceField(choices=Visibility.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class StanceIn(VersionIn):
    stance = serializers.ChoiceField(choices=Stance.choices)
